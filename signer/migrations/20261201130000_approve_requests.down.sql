drop table certificate_request_approvals;
drop function refuse_own_approval();
drop index certificate_requests_one_key;
alter table certificate_requests drop column organization_identifier, drop column organization_name;
