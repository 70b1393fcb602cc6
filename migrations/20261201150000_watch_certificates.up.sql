-- Who can do something about it hears in time that a certificate ends, and that it has ended.

-- That a certificate was spoken of: each rung once, whoever looks, and however often.
create table certificate_notices (
    -- SHA-256 of the certificate, which lies with the signer.
    certificate_sha256 bytea not null check (length(certificate_sha256) = 32),
    -- So many days before its end at most; 0 when it is over.
    rung bigint not null check (rung in (90, 60, 30, 14, 7, 1, 0)),
    noticed_at timestamptz not null,
    primary key (certificate_sha256, rung)
);
call app.make_append_only('certificate_notices');
alter table certificate_notices enable row level security;
alter table certificate_notices force row level security;
create policy class_select on certificate_notices for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy worker_insert on certificate_notices for insert to jebena_worker with check (true);
grant select on certificate_notices to jebena_auditor, jebena_admin, jebena_worker;
grant insert on certificate_notices to jebena_worker;

-- Those who may ask for the next one hear of it, and in the last fortnight those who approve as well.
alter table notifications drop constraint notifications_event_check,
    add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED', 'CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE', 'SECURITY_ALERT')),
    drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST'));
alter table notification_preferences drop constraint notification_preferences_mutable,
    add constraint notification_preferences_mutable check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED', 'CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE'));

-- Who runs the system reads of it in the record.
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive',
        'certificate', 'certificate_request');

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('WATCH_CERTIFICATES', 3600, 'epoch');
alter table job_schedules force row level security;
