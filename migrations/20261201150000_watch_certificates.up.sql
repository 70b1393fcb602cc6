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

-- What of the signer's keys, lists and record somebody should look at: each matter once, with an event of the record that raises an alert.
create table signer_findings (
    event_type text not null check (event_type in ('KEY_ROTATION_OVERDUE', 'KEY_USE_UNUSUAL', 'REVOCATION_LIST_OVERDUE',
        'SIGNER_ALARM')),
    -- Which key in which version, and on which day; which list; which line of the signer's record.
    matter text not null check (length(matter) between 1 and 200),
    happened_at timestamptz not null,
    noted_at timestamptz not null,
    primary key (event_type, matter)
);
-- Up to where the signer's record was read.
create index signer_findings_newest on signer_findings (event_type, happened_at desc);
call app.make_append_only('signer_findings');
alter table signer_findings enable row level security;
alter table signer_findings force row level security;
create policy class_select on signer_findings for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy worker_insert on signer_findings for insert to jebena_worker with check (true);
grant select on signer_findings to jebena_auditor, jebena_admin, jebena_worker;
grant insert on signer_findings to jebena_worker;

-- Of keys the subject is whose they are, nil for the consortium; of the signer a key, or nil.
alter table security_alerts drop constraint security_alerts_rule_check,
    add constraint security_alerts_rule_check check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS',
        'INFECTED_FILES', 'CERTIFICATE_ENDED', 'ROTATION_OVERDUE', 'UNUSUAL_KEY_USE', 'LIST_OVERDUE', 'SIGNER_ALARM')),
    drop constraint security_alerts_subject_kind_check,
    add constraint security_alerts_subject_kind_check check (subject_kind in ('USER', 'NETWORK', 'INVITATION', 'KEYS',
        'CERTIFICATE', 'SIGNER')),
    drop constraint security_alerts_measure_check,
    add constraint security_alerts_measure_check check (measure in ('FAILURES', 'CHANGES', 'ROWS', 'FILES', 'USES', 'FINDINGS')),
    drop constraint security_alerts_check7,
    add constraint security_alerts_check7 check (case rule
        when 'FAILED_SIGN_INS' then measure = 'FAILURES' when 'PRIVILEGE_CHANGE' then measure = 'CHANGES'
        when 'UNUSUAL_EXPORTS' then measure in ('ROWS', 'FILES') when 'INFECTED_FILES' then measure = 'FILES'
        when 'UNUSUAL_KEY_USE' then measure = 'USES' else measure = 'FINDINGS' end),
    drop constraint security_alerts_check8,
    add constraint security_alerts_check8 check ((usual is not null) = (rule in ('UNUSUAL_EXPORTS', 'UNUSUAL_KEY_USE'))),
    add constraint security_alerts_signer_check check (case
        when rule in ('ROTATION_OVERDUE', 'UNUSUAL_KEY_USE') then subject_kind = 'KEYS'
        when rule = 'CERTIFICATE_ENDED' then subject_kind = 'CERTIFICATE'
        when rule in ('LIST_OVERDUE', 'SIGNER_ALARM') then subject_kind = 'SIGNER'
        else subject_kind in ('USER', 'NETWORK', 'INVITATION') end);

insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('alert_key_uses', 'Uses of an organisation’s keys on a day are looked at, from', 'በአንድ ቀን የአንድ ድርጅት ቁልፎች አጠቃቀም የሚታየው ከዚህ ቁጥር ጀምሮ', 'ADMINISTRATION', 50, 50000, 0),
    ('alert_key_factor', 'And above so many times the most of a day before', 'እንዲሁም ከዚህ በፊት ከነበረው የአንድ ቀን ከፍተኛ በላይ በዚህ እጥፍ', 'ADMINISTRATION', 2, 20, 1);
insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('alert_key_uses', 200, 'uses', '2020-01-01', 'No source settles what is unusual', true),
    ('alert_key_factor', 5, 'times', '2020-01-01', 'No source settles what is unusual', true);

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
        'certificate', 'certificate_request', 'signer');

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('WATCH_CERTIFICATES', 3600, 'epoch');
alter table job_schedules force row level security;
