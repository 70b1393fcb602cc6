alter table job_schedules no force row level security;
delete from job_schedules where kind = 'WATCH_CERTIFICATES';
alter table job_schedules force row level security;
alter table jobs no force row level security;
delete from jobs where kind = 'WATCH_CERTIFICATES';
alter table jobs force row level security;

create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive',
        'certificate_request');

alter table notification_preferences no force row level security;
delete from notification_preferences where event in ('CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE');
alter table notification_preferences drop constraint notification_preferences_mutable,
    add constraint notification_preferences_mutable check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED'));
alter table notification_preferences force row level security;
alter table notifications no force row level security;
delete from notifications where event in ('CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE');
alter table notifications drop constraint notifications_event_check,
    add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED', 'SECURITY_ALERT')),
    drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE_REQUEST'));
alter table notifications force row level security;

-- That somebody was told stands in the record; going up again, each rung that stands now is told once more.
drop table certificate_notices;
