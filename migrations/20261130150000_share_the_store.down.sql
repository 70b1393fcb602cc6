-- Shares are counted from the rows of files, and can be counted again.
drop trigger share_counted on preregistration_documents;
drop trigger share_counted on export_documents;
set role jebena_definer;
drop function gate.recount_shares();
drop function gate.share_of_store(timestamptz);
drop function gate.count_share();
set role jebena_owner;
drop index preregistration_documents_brought;
drop index export_documents_brought;
revoke select on preregistration_documents from jebena_definer;
drop policy definer_select on preregistration_documents;
drop table store_shares;
