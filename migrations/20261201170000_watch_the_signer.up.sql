-- A signer that does not answer, a record that is not sound and an archive that is not what was written are looked at by somebody.

-- Times in which the signer did not answer, as far as it was asked.
create table signer_outages (
    outage_id uuid primary key,
    -- When it was first found away.
    began_at timestamptz not null,
    -- When it was away for so long that somebody was told.
    raised_at timestamptz check (raised_at >= began_at),
    -- When it was first found back.
    ended_at timestamptz check (ended_at >= coalesce(raised_at, began_at))
);
-- One at a time.
create unique index signer_outages_open on signer_outages ((ended_at is null)) where ended_at is null;
alter table signer_outages enable row level security;
alter table signer_outages force row level security;
create policy class_select on signer_outages for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy worker_insert on signer_outages for insert to jebena_worker with check (true);
create policy worker_update on signer_outages for update to jebena_worker using (ended_at is null) with check (true);
grant select on signer_outages to jebena_auditor, jebena_admin, jebena_worker;
grant insert, update (raised_at, ended_at) on signer_outages to jebena_worker;

-- Of the record the subject is an archive of it, or nil for the whole; of a signer that is away which time it was.
alter table security_alerts drop constraint security_alerts_rule_check,
    add constraint security_alerts_rule_check check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS',
        'INFECTED_FILES', 'CERTIFICATE_ENDED', 'ROTATION_OVERDUE', 'UNUSUAL_KEY_USE', 'LIST_OVERDUE', 'SIGNER_ALARM', 'SIGNER_AWAY',
        'AUDIT_NOT_SOUND', 'ARCHIVE_FAULTY')),
    drop constraint security_alerts_subject_kind_check,
    add constraint security_alerts_subject_kind_check check (subject_kind in ('USER', 'NETWORK', 'INVITATION', 'KEYS',
        'CERTIFICATE', 'SIGNER', 'RECORD')),
    drop constraint security_alerts_signer_check,
    add constraint security_alerts_signer_check check (case
        when rule in ('ROTATION_OVERDUE', 'UNUSUAL_KEY_USE') then subject_kind = 'KEYS'
        when rule = 'CERTIFICATE_ENDED' then subject_kind = 'CERTIFICATE'
        when rule in ('LIST_OVERDUE', 'SIGNER_ALARM', 'SIGNER_AWAY') then subject_kind = 'SIGNER'
        when rule in ('AUDIT_NOT_SOUND', 'ARCHIVE_FAULTY') then subject_kind = 'RECORD'
        else subject_kind in ('USER', 'NETWORK', 'INVITATION') end);

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('WATCH_SIGNER', 300, 'epoch');
alter table job_schedules force row level security;
