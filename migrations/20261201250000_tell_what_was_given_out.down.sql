set role jebena_definer;
drop function gate.find_given_out(text);
set role jebena_owner;
