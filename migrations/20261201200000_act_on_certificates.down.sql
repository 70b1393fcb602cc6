do $$
begin
    alter table certificate_acts no force row level security;
    -- Who has had a certificate revoked, and why, stands nowhere else.
    if exists (select from certificate_acts) then
        raise exception 'there are acts on certificates';
    end if;
end
$$;
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive',
        'certificate', 'certificate_request', 'signer');

alter table notifications no force row level security;
delete from notifications where subject_kind = 'CERTIFICATE_ACT';
alter table notifications drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST'));
alter table notifications force row level security;
alter table certificate_approvals drop constraint certificate_approvals_of_others,
    add constraint certificate_approvals_of_others check (case verdict when 'WITHDRAWN'
        then approver_id = requested_by and organization_id = subject_organization_id
        else approver_id <> requested_by and organization_id <> subject_organization_id end);
alter table jobs no force row level security;
delete from jobs where kind = 'FINISH_CERTIFICATE_ACT';
alter table jobs force row level security;
delete from processing_register where source = 'certificate_acts';
drop table certificate_acts;
drop function app.keep_act();
