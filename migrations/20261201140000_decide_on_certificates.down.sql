do $$
begin
    alter table certificate_approvals no force row level security;
    -- Who has approved a certificate stands nowhere else with a reason.
    if exists (select from certificate_approvals) then
        raise exception 'there are decisions about certificates';
    end if;
end
$$;
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive');

alter table notification_preferences no force row level security;
delete from notification_preferences where event in ('CERTIFICATE_ASKED', 'CERTIFICATE_DECIDED');
alter table notification_preferences drop constraint notification_preferences_mutable,
    add constraint notification_preferences_mutable check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING'));
alter table notification_preferences force row level security;
alter table notifications no force row level security;
delete from notifications where event in ('CERTIFICATE_ASKED', 'CERTIFICATE_DECIDED');
alter table notifications drop constraint notifications_event_check,
    add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'SECURITY_ALERT')),
    drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER'));
alter table notifications force row level security;

alter table jobs no force row level security;
delete from jobs where kind = 'FINISH_CERTIFICATE_REQUEST';
alter table jobs force row level security;

set role jebena_definer;
drop function app.count_sealed(bytea);
set role jebena_owner;

delete from processing_register where source = 'certificate_approvals';
drop table certificate_approvals;

alter table role_restrictions no force row level security;
delete from role_restrictions where permission like 'pki:%';
alter table role_restrictions force row level security;
delete from role_permissions where permission like 'pki:%';
delete from permissions where area = 'pki';
