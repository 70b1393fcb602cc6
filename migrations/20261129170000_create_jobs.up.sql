-- Work that is done beside requests: each piece once, by whichever instance takes it, again after a failure, and seen by
-- who runs the system. A job is entered in the transaction of the deed that asks for it.
create table jobs (
    job_id uuid primary key,
    -- The code of a `JobKind`.
    kind text not null check (kind ~ '^[A-Z][A-Z_]{2,49}$'),
    -- What it is to work on; ids, never personal data.
    payload jsonb not null default '{}' check (jsonb_typeof(payload) = 'object'),
    -- Of two jobs of a kind with the same key, the second is not entered while the first waits or runs.
    unique_key text check (length(unique_key) between 1 and 200),
    status text not null check (status in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    -- Not before.
    run_at timestamptz not null check (isfinite(run_at)),
    -- How often it was taken. The number of the try is what proves that a worker still holds it.
    attempts int not null default 0,
    attempts_allowed int not null check (attempts_allowed between 1 and 1000),
    -- Until when the worker that runs it has it to itself; a worker that lives puts it off.
    lease_until timestamptz,
    created_at timestamptz not null,
    finished_at timestamptz,
    requested_by uuid references users,
    check (attempts between 0 and attempts_allowed),
    check (status <> 'WAITING' or attempts < attempts_allowed),
    check ((status = 'RUNNING') = (lease_until is not null)),
    check ((status in ('DONE', 'FAILED', 'CANCELLED')) = (finished_at is not null))
);
create unique index jobs_once on jobs (kind, unique_key) where status in ('WAITING', 'RUNNING');
create index jobs_due on jobs (run_at) where status = 'WAITING';
create index jobs_leased on jobs (lease_until) where status = 'RUNNING';
create index jobs_newest on jobs (created_at desc, job_id desc);
create index jobs_by_status on jobs (status, created_at desc, job_id desc);
create index jobs_finished on jobs (finished_at) where finished_at is not null;
create index jobs_requested_by on jobs (requested_by) where requested_by is not null;

-- Each try of a job, and what came of it.
create table job_attempts (
    job_id uuid not null references jobs on delete cascade,
    attempt int not null check (attempt > 0),
    started_at timestamptz not null,
    ended_at timestamptz check (ended_at >= started_at),
    -- LOST: the worker was heard of no more, and somebody else may have taken the job.
    outcome text check (outcome in ('DONE', 'FAILED', 'LOST', 'CANCELLED')),
    -- What was done, by name and number.
    report jsonb,
    error text check (length(error) <= 2000),
    primary key (job_id, attempt),
    check ((ended_at is null) = (outcome is null)),
    check ((report is not null) <= (outcome = 'DONE')),
    check ((error is not null) <= (outcome = 'FAILED'))
);

-- What is done again and again: a job is entered when its moment has come.
create table job_schedules (
    kind text primary key check (kind ~ '^[A-Z][A-Z_]{2,49}$'),
    every_seconds int not null check (every_seconds between 1 and 31 * 86400),
    next_run_at timestamptz not null check (isfinite(next_run_at))
);
insert into job_schedules (kind, every_seconds, next_run_at) values
    ('SWEEP_SESSIONS', 600, 'epoch'),
    ('FORGET_TRACES', 600, 'epoch'),
    ('EXPIRE_GRANTS', 600, 'epoch'),
    ('RECONCILE_FILES', 600, 'epoch'),
    ('FILL_HOLIDAYS', 86400, 'epoch');

alter table jobs enable row level security;
alter table jobs force row level security;
create policy worker_all on jobs for all to jebena_worker using (true) with check (true);
create policy class_select on jobs for select to jebena_admin, jebena_auditor using (true);
create policy admin_update on jobs for update to jebena_admin using (true) with check (true);
create policy class_insert on jobs for insert
    to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (status = 'WAITING' and attempts = 0);
grant select, insert, update, delete on jobs to jebena_worker;
grant select on jobs to jebena_admin, jebena_auditor;
grant update (status, run_at, attempts_allowed, lease_until, finished_at) on jobs to jebena_admin;
grant insert on jobs to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin;

alter table job_attempts enable row level security;
alter table job_attempts force row level security;
create policy worker_all on job_attempts for all to jebena_worker using (true) with check (true);
create policy class_select on job_attempts for select to jebena_admin, jebena_auditor using (true);
create policy admin_update on job_attempts for update to jebena_admin using (true) with check (true);
grant select, insert, update, delete on job_attempts to jebena_worker;
grant select on job_attempts to jebena_admin, jebena_auditor;
grant update (ended_at, outcome) on job_attempts to jebena_admin;

alter table job_schedules enable row level security;
alter table job_schedules force row level security;
create policy worker_all on job_schedules for all to jebena_worker using (true) with check (true);
create policy class_select on job_schedules for select to jebena_admin, jebena_auditor using (true);
create policy admin_update on job_schedules for update to jebena_admin using (true) with check (true);
grant select, update on job_schedules to jebena_worker;
grant select on job_schedules to jebena_admin, jebena_auditor;
grant update (next_run_at) on job_schedules to jebena_admin;

-- Who runs the system reads of jobs in the record.
drop policy administration_select on audit.events;
create policy administration_select on audit.events for select to jebena_admin
    using (entity_id is null or entity_type in ('user', 'organization', 'invitation', 'system', 'alert', 'job'));
