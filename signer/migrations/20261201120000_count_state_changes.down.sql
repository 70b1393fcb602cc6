drop trigger count_state_change on certificate_revocations;
drop trigger count_state_change on certificates;
drop function count_state_change();
drop table certificate_state;
