-- Each extension stands in the history of its export as well.
drop table settlement_extensions;
