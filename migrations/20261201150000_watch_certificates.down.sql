do $$
begin
    -- The walls stand against the owner too, who would see no row of it.
    alter table security_alerts no force row level security;
    if exists (select from security_alerts where subject_kind in ('KEYS', 'CERTIFICATE', 'SIGNER')) then
        raise exception 'there are alerts about keys and certificates';
    end if;
    alter table security_alerts force row level security;
end
$$;

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

delete from parameters where key in ('alert_key_uses', 'alert_key_factor');
delete from parameter_definitions where key in ('alert_key_uses', 'alert_key_factor');

alter table security_alerts drop constraint security_alerts_signer_check,
    drop constraint security_alerts_check8,
    add constraint security_alerts_check8 check ((usual is not null) = (rule = 'UNUSUAL_EXPORTS')),
    drop constraint security_alerts_check7,
    add constraint security_alerts_check7 check (case rule
        when 'FAILED_SIGN_INS' then measure = 'FAILURES' when 'PRIVILEGE_CHANGE' then measure = 'CHANGES'
        else measure in ('ROWS', 'FILES') end),
    drop constraint security_alerts_measure_check,
    add constraint security_alerts_measure_check check (measure in ('FAILURES', 'CHANGES', 'ROWS', 'FILES')),
    drop constraint security_alerts_subject_kind_check,
    add constraint security_alerts_subject_kind_check check (subject_kind in ('USER', 'NETWORK', 'INVITATION')),
    drop constraint security_alerts_rule_check,
    add constraint security_alerts_rule_check check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS',
        'INFECTED_FILES'));
-- Going up again, each matter that is still one is an alert once more.
drop table signer_findings;
