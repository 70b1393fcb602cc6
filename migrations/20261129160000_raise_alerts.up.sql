-- Alerts: what the record shows that somebody should look at. Whoever watches follows the seals of the record, raises an
-- alert or adds to the one that is open, and counts what happens by the hour; its place and what it found commit together.

create table security_alerts (
    alert_id uuid primary key,
    rule text not null check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS')),
    subject_kind text not null check (subject_kind in ('USER', 'NETWORK', 'INVITATION')),
    -- A person or an invitation. Of a network the event whose erasable part tells its address: none stands here.
    subject_id uuid not null,
    -- Whose people it is about; nobody's where names were tried that no account has.
    organization_id uuid references organizations on delete restrict,
    severity text not null check (severity in ('HIGH', 'CRITICAL')),
    -- What was counted, how much of it, from how much on it is an alert, and what the person's usual day has.
    measure text not null check (measure in ('FAILURES', 'CHANGES', 'ROWS', 'FILES')),
    figure bigint not null,
    threshold bigint not null check (threshold > 0),
    usual bigint check (usual >= 0),
    -- The time over which it was counted.
    window_from timestamptz not null,
    window_until timestamptz not null,
    opened_at timestamptz not null,
    acknowledged_at timestamptz,
    acknowledged_by uuid references users on delete restrict,
    note text check (length(note) between 10 and 500),
    check (figure >= threshold),
    check (window_from <= window_until),
    check (num_nulls(acknowledged_at, acknowledged_by, note) in (0, 3)),
    -- Nobody acknowledges an alert about themselves.
    check (acknowledged_by <> subject_id),
    check (acknowledged_at >= opened_at),
    check (subject_kind <> 'NETWORK' or (rule = 'FAILED_SIGN_INS' and organization_id is null)),
    check (subject_kind <> 'INVITATION' or rule = 'PRIVILEGE_CHANGE'),
    check (case rule when 'FAILED_SIGN_INS' then measure = 'FAILURES' when 'PRIVILEGE_CHANGE' then measure = 'CHANGES'
                     else measure in ('ROWS', 'FILES') end),
    check ((usual is not null) = (rule = 'UNUSUAL_EXPORTS'))
);
-- What happens again is added to the alert that is open.
create unique index security_alerts_open on security_alerts (rule, subject_kind, subject_id) where acknowledged_at is null;
create index security_alerts_waiting on security_alerts (window_until desc, alert_id desc) where acknowledged_at is null;
create index security_alerts_done on security_alerts (acknowledged_at desc, alert_id desc) where acknowledged_at is not null;
create index security_alerts_subject on security_alerts (subject_id, window_until desc);
create index security_alerts_organization on security_alerts (organization_id);
create index security_alerts_acknowledged_by on security_alerts (acknowledged_by);

-- The events that an alert was raised for, and who did what they say.
create table security_alert_events (
    alert_id uuid not null references security_alerts on delete restrict,
    event_id uuid not null,
    occurred_at timestamptz not null,
    event_type text not null,
    actor_id uuid,
    organization_id uuid,
    primary key (alert_id, event_id)
);
-- What was acknowledged is not counted again.
create index security_alert_events_event on security_alert_events (event_id);
call app.make_append_only('security_alert_events');

-- Up to which seal of the record was watched. Seals are appended one after the other, so that nothing comes in before it later.
create table alert_watch (
    one boolean primary key default true check (one),
    seal_number bigint not null default 0 check (seal_number >= 0)
);
-- What lies before is history: nobody is woken for it.
insert into alert_watch (seal_number) select coalesce(max(seal_number), 0) from audit.seals;

-- How much happened in an hour at an organisation; the nil id stands for nobody's.
create table security_activity (
    hour timestamptz not null,
    organization_id uuid not null,
    events bigint not null check (events > 0),
    sign_ins bigint not null check (sign_ins >= 0),
    failures bigint not null check (failures >= 0),
    denials bigint not null check (denials >= 0),
    exports bigint not null check (exports >= 0),
    check (sign_ins + failures + denials + exports <= events),
    primary key (hour, organization_id)
);
create index security_activity_organization on security_activity (organization_id, hour);

-- Who runs the system and who audits it see all, an organisation's administrators what concerns their own people, nobody else
-- anything.
alter table security_alerts enable row level security;
alter table security_alerts force row level security;
create policy class_select on security_alerts for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy administrator_select on security_alerts for select to jebena_party, jebena_regulator using (
    organization_id = (select app.org())
    and (select exists (select from user_roles r
                        where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
create policy worker_insert on security_alerts for insert to jebena_worker with check (acknowledged_at is null);
create policy worker_update on security_alerts for update to jebena_worker
    using (acknowledged_at is null) with check (acknowledged_at is null);
-- Acknowledged once, by somebody whom it is not about and who has done nothing of it.
create policy administrator_update on security_alerts for update to jebena_party, jebena_regulator
    using (acknowledged_at is null and organization_id = (select app.org())
           and (select exists (select from user_roles r
                               where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))))
    with check (acknowledged_by = (select app.person())
                and not exists (select from security_alert_events e
                                where e.alert_id = security_alerts.alert_id and e.actor_id = (select app.person())));
create policy administration_update on security_alerts for update to jebena_admin
    using (acknowledged_at is null)
    with check (acknowledged_by = (select app.person())
                and not exists (select from security_alert_events e
                                where e.alert_id = security_alerts.alert_id and e.actor_id = (select app.person())));
grant select on security_alerts to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant update (acknowledged_at, acknowledged_by, note) on security_alerts to jebena_party, jebena_regulator, jebena_admin;
grant insert, update (severity, measure, figure, threshold, usual, window_from, window_until) on security_alerts to jebena_worker;

alter table security_alert_events enable row level security;
alter table security_alert_events force row level security;
create policy class_select on security_alert_events for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy administrator_select on security_alert_events for select to jebena_party, jebena_regulator using (
    organization_id = (select app.org())
    and (select exists (select from user_roles r
                        where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
create policy worker_insert on security_alert_events for insert to jebena_worker with check (true);
grant select on security_alert_events to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant insert on security_alert_events to jebena_worker;

alter table security_activity enable row level security;
alter table security_activity force row level security;
create policy class_select on security_activity for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy administrator_select on security_activity for select to jebena_party, jebena_regulator using (
    organization_id = (select app.org())
    and (select exists (select from user_roles r
                        where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
create policy worker_insert on security_activity for insert to jebena_worker with check (true);
create policy worker_update on security_activity for update to jebena_worker using (true) with check (true);
create policy worker_delete on security_activity for delete to jebena_worker using (true);
grant select on security_activity to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant insert, update, delete on security_activity to jebena_worker;

grant select, update on alert_watch to jebena_worker;
-- An alert is told by who raises it.
grant insert on outbox to jebena_worker;

-- Who runs the system reads of alerts in the record.
drop policy administration_select on audit.events;
create policy administration_select on audit.events for select to jebena_admin
    using (entity_id is null or entity_type in ('user', 'organization', 'invitation', 'system', 'alert'));

-- From how much on it is an alert, each from a day on, as other figures. Who runs the system sets them, within bounds that leave
-- an alert an alert.
alter table parameter_definitions drop constraint parameter_definitions_set_by_check;
alter table parameter_definitions add constraint parameter_definitions_set_by_check
    check (set_by in ('ECTA', 'NATIONAL_BANK', 'ADMINISTRATION'));
create policy administration_insert on parameters for insert to jebena_admin with check (
    valid_from >= (select app.today())
    and exists (select from parameter_definitions d where d.key = parameters.key and d.set_by = (select app.org_kind())));
create policy administration_delete on parameters for delete to jebena_admin using (
    valid_from >= (select app.today())
    and exists (select from parameter_definitions d where d.key = parameters.key and d.set_by = (select app.org_kind())));
grant insert, delete on parameters to jebena_admin;
insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('alert_failures', 'An alert is raised by failed sign-ins, from', 'ያልተሳኩ መግቢያዎች ማስጠንቀቂያ የሚያስነሱት ከዚህ ቁጥር ጀምሮ', 'ADMINISTRATION', 3, 20, 0),
    ('alert_failure_minutes', 'Failed sign-ins count together within', 'ያልተሳኩ መግቢያዎች በአንድነት የሚቆጠሩበት ጊዜ', 'ADMINISTRATION', 1, 60, 0),
    ('alert_export_factor', 'Downloads of a day are unusual above so many times the usual', 'የአንድ ቀን ማውረድ ያልተለመደ የሚሆነው ከተለመደው በላይ በዚህ እጥፍ', 'ADMINISTRATION', 2, 20, 1),
    ('alert_export_rows', 'Downloaded rows of a day are looked at, from', 'በአንድ ቀን የወረዱ ረድፎች የሚታዩት ከዚህ ቁጥር ጀምሮ', 'ADMINISTRATION', 100, 50000, 0),
    ('alert_export_files', 'Downloaded files of a day are looked at, from', 'በአንድ ቀን የወረዱ ፋይሎች የሚታዩት ከዚህ ቁጥር ጀምሮ', 'ADMINISTRATION', 10, 2000, 0);
insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('alert_failures', 5, 'failures', '2020-01-01', 'Security policy: five failures in five minutes', false),
    ('alert_failure_minutes', 5, 'minutes', '2020-01-01', 'Security policy: five failures in five minutes', false),
    ('alert_export_factor', 5, 'times', '2020-01-01', 'No source settles what is unusual', true),
    ('alert_export_rows', 1000, 'rows', '2020-01-01', 'No source settles what is unusual', true),
    ('alert_export_files', 50, 'files', '2020-01-01', 'No source settles what is unusual', true);

-- How many sessions are alive: all of them for who runs or audits the system, else those of the own organisation. The number
-- alone; where somebody is signed in stays with them and their administrator.
set role jebena_definer;
create function gate.open_sessions(moment timestamptz, silent_since timestamptz) returns bigint
language sql stable strict security definer set search_path = pg_catalog
begin atomic
    select count(*)
    from public.user_sessions s
    join public.users u on u.id = s.user_id
    where s.expires_at > moment and s.last_activity > silent_since
      and ((select app.org_kind()) in ('ADMINISTRATION', 'AUDITOR') or u.organization_id = (select app.org()));
end;
revoke all on function gate.open_sessions(timestamptz, timestamptz) from public;
grant execute on function gate.open_sessions(timestamptz, timestamptz)
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
set role jebena_owner;
