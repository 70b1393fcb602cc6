-- For how long what is kept: one table that says it and one pair of functions that carries it out, in the place of a dozen
-- statements about the source, each with a period of its own.

create table retention_policies (
    class text primary key check (class ~ '^[A-Z][A-Z0-9_]{2,49}$'),
    -- Its place in the list that people read.
    place int not null unique,
    -- The table, and what becomes of its rows: they go, they lose what is named in `clears`, their partition is exported and
    -- taken off, or they stay.
    source text not null check (source ~ '^(audit\.)?[a-z_]{3,60}$'),
    method text not null check (method in ('DELETE', 'CLEAR', 'DETACH', 'KEEP')),
    -- From the moment in `age_column` on; without one as long as there is what they belong to.
    kept interval check (kept >= interval '0'),
    legal_basis text not null check (legal_basis in ('LEGAL_OBLIGATION', 'LEGITIMATE_INTEREST', 'SERVICE')),
    -- What is kept for hours is looked at every ten minutes, the rest once a day.
    runs text check (runs in ('OFTEN', 'DAILY')),
    age_column text check (age_column ~ '^[a-z_]{2,60}$'),
    -- Only rows in this state, and only rows in which this was never set.
    state_column text check (state_column ~ '^[a-z_]{2,60}$'),
    state text check (state ~ '^[A-Z_]{2,60}$'),
    unset_column text check (unset_column ~ '^[a-z_]{2,60}$'),
    -- A column that becomes null; of what lies beside events, keys of its payload.
    clears text[] check (cardinality(clears) > 0),
    -- Whether what is cleared is the name of a file, which goes too.
    has_file boolean not null default false,
    check ((state_column is null) = (state is null)),
    check ((method in ('DELETE', 'CLEAR')) = (runs is not null)),
    check ((runs is null) = (age_column is null)),
    check ((method = 'CLEAR') = (clears is not null)),
    check (method = 'KEEP' or kept is not null),
    check (not has_file or method = 'CLEAR')
);
-- Periods are law: they come with a migration, and nobody sets them by hand.
grant select on retention_policies to jebena_auditor, jebena_admin, jebena_worker, jebena_definer;

insert into retention_policies (class, place, source, method, kept, legal_basis, runs, age_column, state_column, state,
    unset_column, clears, has_file) values
    -- Of hours. A session ends by age or by silence, and is refused from that moment on.
    ('ENDED_SESSIONS', 10, 'user_sessions', 'DELETE', '0', 'LEGITIMATE_INTEREST', 'OFTEN', 'expires_at', null, null, null, null, false),
    ('SILENT_SESSIONS', 20, 'user_sessions', 'DELETE', '30 minutes', 'LEGITIMATE_INTEREST', 'OFTEN', 'last_activity', null, null, null, null, false),
    ('UNFINISHED_SIGN_INS', 30, 'pending_sign_ins', 'DELETE', '0', 'LEGITIMATE_INTEREST', 'OFTEN', 'expires_at', null, null, null, null, false),
    ('SIGN_IN_ATTEMPTS', 40, 'sign_in_attempts', 'DELETE', '2 hours', 'LEGITIMATE_INTEREST', 'OFTEN', 'attempted_at', null, null, null, null, false),
    -- Two of the longest windows that can be configured.
    ('REQUEST_COUNTS', 50, 'request_counts', 'DELETE', '48 hours', 'LEGITIMATE_INTEREST', 'OFTEN', 'window_start', null, null, null, null, false),
    -- A copy that is being handed over is left alone for two hours.
    ('TAKEN_COPIES', 60, 'personal_data_copies', 'CLEAR', '2 hours', 'SERVICE', 'OFTEN', 'taken_at', null, null, null, '{storage_key}', true),
    ('EXPIRED_COPIES', 70, 'personal_data_copies', 'CLEAR', '2 hours', 'SERVICE', 'OFTEN', 'expires_at', null, null, null, '{storage_key}', true),
    -- Of days.
    ('LAST_ADDRESSES', 80, 'erasures', 'CLEAR', '2 days', 'SERVICE', 'OFTEN', 'done_at', null, null, null, '{farewell_to}', false),
    ('OUTBOX', 90, 'outbox', 'DELETE', '7 days', 'SERVICE', 'DAILY', 'delivered_at', null, null, null, null, false),
    ('FORM_ANSWERS', 100, 'idempotency_keys', 'DELETE', '7 days', 'SERVICE', 'DAILY', 'created_at', null, null, null, null, false),
    ('DONE_JOBS', 110, 'jobs', 'DELETE', '7 days', 'SERVICE', 'DAILY', 'finished_at', 'status', 'DONE', null, null, false),
    ('SECURITY_ACTIVITY', 120, 'security_activity', 'DELETE', '8 days', 'LEGITIMATE_INTEREST', 'DAILY', 'hour', null, null, null, null, false),
    ('PASSWORD_RESETS', 130, 'password_resets', 'DELETE', '30 days', 'LEGITIMATE_INTEREST', 'DAILY', 'asked_at', null, null, null, null, false),
    ('ORIGINS', 140, 'audit.event_private', 'CLEAR', '90 days', 'LEGITIMATE_INTEREST', 'DAILY', 'occurred_at', null, null, null,
        '{ip_address,user_agent,session_id}', false),
    ('KNOWN_DEVICES', 150, 'known_devices', 'DELETE', '90 days', 'LEGITIMATE_INTEREST', 'DAILY', 'last_used_at', null, null, null, null, false),
    ('NOTIFICATIONS', 160, 'notifications', 'DELETE', '90 days', 'SERVICE', 'DAILY', 'created_at', null, null, null, null, false),
    ('MAILS', 170, 'mails', 'DELETE', '90 days', 'SERVICE', 'DAILY', 'ended_at', null, null, null, null, false),
    ('ENDED_JOBS', 180, 'jobs', 'DELETE', '90 days', 'SERVICE', 'DAILY', 'finished_at', null, null, null, null, false),
    ('DATA_COPIES', 190, 'personal_data_copies', 'DELETE', '90 days', 'LEGAL_OBLIGATION', 'DAILY', 'asked_at', null, null, null, null, false),
    -- Name and address of somebody who never came.
    ('UNUSED_INVITATIONS', 200, 'invitations', 'DELETE', '90 days', 'LEGITIMATE_INTEREST', 'DAILY', 'expires_at', null, null, 'accepted_at', null, false),
    ('RETENTION_RUNS', 210, 'retention_runs', 'DELETE', '365 days', 'LEGITIMATE_INTEREST', 'DAILY', 'started_at', null, null, null, null, false),
    -- Of years: R7 and R10. A year of the record goes as a whole, when the longest period of what is in it is over.
    ('EVENT_DETAILS', 220, 'audit.event_private', 'DELETE', '2555 days', 'LEGAL_OBLIGATION', 'DAILY', 'occurred_at', null, null, null, null, false),
    ('SECURITY_EVENTS', 230, 'audit.events', 'DETACH', '2555 days', 'LEGAL_OBLIGATION', null, null, null, null, null, null, false),
    ('BUSINESS_EVENTS', 240, 'audit.events', 'DETACH', '3653 days', 'LEGAL_OBLIGATION', null, null, null, null, null, null, false),
    ('SECURITY_ALERTS', 250, 'security_alerts', 'KEEP', '2555 days', 'LEGAL_OBLIGATION', null, null, null, null, null, null, false),
    ('TRADE', 260, 'exports', 'KEEP', '3653 days', 'LEGAL_OBLIGATION', null, null, null, null, null, null, false),
    ('ACCOUNTS', 270, 'users', 'KEEP', null, 'SERVICE', null, null, null, null, null, null, false);

-- What was counted and what went, class by class. Of what runs every ten minutes only where there was something.
create table retention_runs (
    run_id uuid primary key,
    class text not null references retention_policies,
    -- A dry run counts and removes nothing.
    is_dry boolean not null,
    cause text not null check (cause in ('SCHEDULE', 'PERSON', 'COMMAND')),
    requested_by uuid references users,
    started_at timestamptz not null,
    ended_at timestamptz check (ended_at >= started_at),
    rows_counted bigint not null check (rows_counted >= 0),
    rows_removed bigint not null default 0 check (rows_removed >= 0),
    check (not is_dry or rows_removed = 0),
    check (requested_by is null or cause = 'PERSON')
);
create index retention_runs_class on retention_runs (class, is_dry, started_at desc);
create index retention_runs_newest on retention_runs (started_at desc, run_id desc);
create index retention_runs_requested_by on retention_runs (requested_by) where requested_by is not null;
alter table retention_runs enable row level security;
alter table retention_runs force row level security;
create policy class_select on retention_runs for select to jebena_auditor, jebena_admin using (true);
create policy worker_all on retention_runs for all to jebena_worker using (true) with check (true);
grant select on retention_runs to jebena_auditor, jebena_admin;
grant select, insert, update (ended_at, rows_removed) on retention_runs to jebena_worker;

alter table processing_register drop constraint processing_register_kept_check,
    add constraint processing_register_kept_check
        check (kept in ('WITH_ACCOUNT', 'HOURS_12', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'YEAR_1', 'YEARS_7'));
insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('retention_runs', 'requested_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'YEAR_1', '{class,is_dry,started_at,rows_counted}',
        'KEEP');
create policy own_data_select on retention_runs for select to jebena_privacy using (requested_by = (select app.person()));
grant select (requested_by, class, is_dry, started_at, rows_counted) on retention_runs to jebena_privacy;

-- Who carries it out sees and touches the tables of the policies and no others; nobody else deletes there because time has passed.
do $$
declare
    r record;
begin
    for r in select source, bool_or(method = 'DELETE') as deletes, array_agg(distinct c.name) filter (where method = 'CLEAR') as clears
             from retention_policies left join unnest(clears) c (name) on true
             where method in ('DELETE', 'CLEAR') and source <> 'audit.event_private' group by source loop
        execute format('grant select on %I to jebena_definer', r.source);
        execute format('create policy retention_select on %I for select to jebena_definer using (true)', r.source);
        if r.deletes then
            execute format('grant delete on %I to jebena_definer', r.source);
            execute format('create policy retention_delete on %I for delete to jebena_definer using (true)', r.source);
            execute format('revoke delete on %I from jebena_worker', r.source);
        end if;
        if r.clears is not null then
            execute format('grant update (%s) on %I to jebena_definer',
                (select string_agg(quote_ident(c), ', ') from unnest(r.clears) c), r.source);
            execute format('create policy retention_update on %I for update to jebena_definer using (true) with check (true)', r.source);
        end if;
    end loop;
end
$$;
create index invitations_unused on invitations (expires_at) where accepted_at is null;
create index outbox_delivered on outbox (delivered_at) where delivered_at is not null;

grant create on schema app to jebena_definer;
set role jebena_definer;
drop function app.forget_origins(timestamptz, int);

-- Which rows `t` of its source a policy means at a moment. Names and periods are those of the policies, which come with migrations.
create function app.retention_condition(p public.retention_policies, moment timestamptz) returns text language sql stable
    set search_path = pg_catalog as $$
    select concat_ws(' and ', format('t.%I <= %L::timestamptz', p.age_column, moment - p.kept),
        case when p.state_column is not null then format('t.%I = %L', p.state_column, p.state) end,
        case when p.unset_column is not null then format('t.%I is null', p.unset_column) end,
        case when p.method = 'CLEAR' and p.source = 'audit.event_private' then format('t.payload ?| %L::text[]', p.clears)
             when p.method = 'CLEAR' then format('t.%I is not null', p.clears[1]) end)
$$;

create function app.retention_source(p public.retention_policies) returns text language sql stable
    set search_path = pg_catalog as $$
    select case when p.source like 'audit.%' then p.source else format('public.%I', p.source) end
$$;

-- How many rows of a class would go at a moment.
create function app.count_retention(wanted text, moment timestamptz) returns bigint language plpgsql stable security definer
    set search_path = pg_catalog as $$
declare
    p public.retention_policies;
    counted bigint;
begin
    select * into strict p from public.retention_policies x where x.class = wanted and x.runs is not null;
    execute format('select count(*) from %s t where %s', app.retention_source(p), app.retention_condition(p, moment)) into counted;
    return counted;
end
$$;

-- Carries a class out on as many rows as are given; how many there were, and the files that nothing names any more.
create function app.apply_retention(wanted text, moment timestamptz, most int, out affected bigint, out files text[])
    language plpgsql security definer set search_path = pg_catalog as $$
declare
    p public.retention_policies;
    source text;
    condition text;
    ids uuid[];
begin
    select * into strict p from public.retention_policies x where x.class = wanted and x.runs is not null;
    source := app.retention_source(p);
    condition := app.retention_condition(p, moment);
    files := '{}';
    if p.method = 'DELETE' then
        -- What has changed meanwhile lies elsewhere, and is left to the next time.
        execute format('with gone as (delete from %1$s t where t.ctid = any (array(select t.ctid from %1$s t where %2$s limit %3$s))
                            and %2$s returning 1)
                        select count(*) from gone', source, condition, most) into affected;
    elsif p.source = 'audit.event_private' then
        -- Rows with nothing else go.
        execute format('select array(select t.event_id from %s t where %s order by t.occurred_at limit %s)', source, condition, most)
            into ids;
        delete from audit.event_private t where t.event_id = any (ids) and t.payload - p.clears = '{}';
        update audit.event_private t set payload = t.payload - p.clears where t.event_id = any (ids);
        affected := cardinality(ids);
    else
        execute format('with old as (select t.ctid as place, t.%1$I as was from %2$s t where %3$s limit %4$s for update),
                            gone as (update %2$s t set %1$I = null from old where t.ctid = old.place returning old.was)
                        select count(*), coalesce(array_agg(was::text) filter (where %5$L), ''{}'') from gone',
            p.clears[1], source, condition, most, p.has_file) into affected, files;
    end if;
end
$$;
revoke all on function app.retention_condition(public.retention_policies, timestamptz),
    app.retention_source(public.retention_policies), app.count_retention(text, timestamptz),
    app.apply_retention(text, timestamptz, int) from public;
grant execute on function app.count_retention(text, timestamptz), app.apply_retention(text, timestamptz, int) to jebena_worker;
set role jebena_owner;
revoke create on schema app from jebena_definer;

-- One job in the place of another.
alter table jobs no force row level security;
alter table job_schedules no force row level security;
delete from jobs where kind = 'FORGET_TRACES';
delete from job_schedules where kind = 'FORGET_TRACES';
insert into job_schedules (kind, every_seconds, next_run_at) values ('APPLY_RETENTION', 86400, 'epoch');
alter table jobs force row level security;
alter table job_schedules force row level security;
