revoke update (is_exportable) on private_keys from jebena_signer;
drop table certificate_act_approvals;
drop table certificate_acts;
drop function refuse_own_act_approval();
drop function refuse_unapproved_act();
