-- What people are told of: in the product, by mail at once, or in the mail of the day. The worker that passes the outbox on
-- writes it down, in the transaction that marks the event; a person reads their own and says how they want to hear of what.

-- How a person wants to hear of an event, where that is not as it is for everybody. Of what cannot be muted there is no row.
create table notification_preferences (
    user_id uuid not null references users on delete cascade,
    event text not null constraint notification_preferences_mutable check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED',
        'CASE_CANCELLED', 'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING')),
    in_app boolean not null,
    mail text not null check (mail in ('IMMEDIATE', 'DIGEST', 'OFF')),
    primary key (user_id, event)
);

-- When a person is left alone, and when the mail of the day comes; hours of Addis Ababa.
create table notification_times (
    user_id uuid primary key references users on delete cascade,
    quiet_from smallint check (quiet_from between 0 and 23),
    quiet_until smallint check (quiet_until between 0 and 23 and quiet_until <> quiet_from),
    digest_hour smallint not null check (digest_hour between 0 and 23),
    check ((quiet_from is null) = (quiet_until is null)),
    -- The mail of the day does not come while nothing may; the quiet hours may go over midnight.
    constraint notification_times_digest check (quiet_from is null or not case when quiet_from < quiet_until
        then digest_hour >= quiet_from and digest_hour < quiet_until
        else digest_hour >= quiet_from or digest_hour < quiet_until end)
);

create table notifications (
    notification_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    event text not null check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED', 'CASE_COMPLETED',
        'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'SECURITY_ALERT')),
    subject_kind text not null check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER', 'COMPETENCE',
        'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER')),
    subject_id uuid not null,
    -- What its line says: numbers and codes, nothing of people.
    facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object'),
    is_critical boolean not null,
    -- Whether the person's list shows it, and how they wanted the mail when it happened.
    in_app boolean not null,
    mail text not null check (mail in ('IMMEDIATE', 'DIGEST', 'OFF')),
    -- The event of the outbox, which is forgotten sooner.
    outbox_event_id bigint not null,
    -- The mail that tells of it, whose state is its delivery's.
    mail_id uuid references mails on delete set null,
    created_at timestamptz not null,
    read_at timestamptz,
    -- Nobody is told twice of one event, by however many workers.
    constraint notifications_once unique (outbox_event_id, user_id),
    constraint notifications_critical check (is_critical = (event in ('CASE_REJECTED', 'SECURITY_ALERT'))
        and (not is_critical or (in_app and mail = 'IMMEDIATE'))),
    check (in_app or mail <> 'OFF'),
    check (mail_id is null or mail <> 'OFF')
);
create index notifications_list on notifications (user_id, (read_at is null) desc, created_at desc, notification_id desc)
    where in_app;
-- What the head of every page counts.
create index notifications_unread on notifications (user_id) where read_at is null and in_app;
-- What waits for the mail of the day.
create index notifications_unmailed on notifications (user_id, created_at)
    where read_at is null and mail_id is null and mail <> 'OFF';
create index notifications_mail on notifications (mail_id) where mail_id is not null;
create index notifications_age on notifications (created_at);

-- Read once is read: nothing else of a row is a person's to change, and a mail is told of once.
create function app.keep_notification() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    if (new.notification_id, new.user_id, new.event, new.subject_kind, new.subject_id, new.facts, new.is_critical, new.in_app,
            new.mail, new.outbox_event_id, new.created_at)
        is distinct from (old.notification_id, old.user_id, old.event, old.subject_kind, old.subject_id, old.facts,
            old.is_critical, old.in_app, old.mail, old.outbox_event_id, old.created_at)
        or (old.read_at is not null and new.read_at is distinct from old.read_at)
        or (old.mail_id is not null and new.mail_id is not null and new.mail_id <> old.mail_id) then
        raise exception 'what was told stays as it was told' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger told before update on notifications for each row execute function app.keep_notification();

do $$
declare
    relation text;
begin
    foreach relation in array array['notifications', 'notification_preferences', 'notification_times'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy own_person_select on %I for select
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (user_id = (select app.person()))', relation);
        execute format('create policy own_person_update on %I for update
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
            using (user_id = (select app.person())) with check (user_id = (select app.person()))', relation);
        execute format('create policy worker_select on %I for select to jebena_worker using (true)', relation);
        execute format('create policy own_data_select on %I for select to jebena_privacy using (user_id = (select app.person()))',
            relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker', relation);
    end loop;
    foreach relation in array array['notification_preferences', 'notification_times'] loop
        execute format('create policy own_person_insert on %I for insert
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin with check (user_id = (select app.person()))', relation);
        execute format('create policy own_person_delete on %I for delete
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (user_id = (select app.person()))', relation);
        execute format('grant insert, update, delete on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_admin', relation);
    end loop;
end
$$;
grant update (read_at) on notifications to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
create policy worker_insert on notifications for insert to jebena_worker with check (read_at is null and mail_id is null);
create policy worker_update on notifications for update to jebena_worker using (true) with check (true);
create policy worker_delete on notifications for delete to jebena_worker using (true);
grant insert, update (mail_id), delete on notifications to jebena_worker;

-- A person may know what became of the mails that told them.
create policy own_notification_select on mails for select to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (kind in ('NOTIFICATION', 'NOTIFICATION_DIGEST')
           and exists (select from notifications n where n.mail_id = mails.mail_id and n.user_id = (select app.person())));
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY', 'ROLE_DELEGATED',
        'ERASURE_ASKED', 'ERASURE_CONFIRMED', 'ERASURE_REFUSED', 'ERASURE_DONE', 'NOTIFICATION', 'NOTIFICATION_DIGEST'));

-- Who hears of an event follows from organisation and role.
grant select (organization_id) on users to jebena_worker;
create policy worker_select on role_restrictions for select to jebena_worker using (true);
grant select on role_restrictions to jebena_worker;

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('SEND_DIGESTS', 600, 'epoch');
alter table job_schedules force row level security;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('notifications', 'user_id', 'OPERATION', 'SERVICE', 'DAYS_90',
        '{notification_id,event,subject_kind,subject_id,facts,in_app,mail,created_at,read_at}', 'DELETE'),
    ('notification_preferences', 'user_id', 'OPERATION', 'SERVICE', 'WITH_ACCOUNT', '{event,in_app,mail}', 'DELETE'),
    ('notification_times', 'user_id', 'OPERATION', 'SERVICE', 'WITH_ACCOUNT', '{quiet_from,quiet_until,digest_hour}', 'DELETE');
grant select (notification_id, user_id, event, subject_kind, subject_id, facts, in_app, mail, created_at, read_at)
    on notifications to jebena_privacy;
grant select (user_id, event, in_app, mail) on notification_preferences to jebena_privacy;
grant select (user_id, quiet_from, quiet_until, digest_hour) on notification_times to jebena_privacy;

-- The count of the head comes with the session, in the one statement that every request makes anyway.
create policy class_read on notifications for select to jebena_definer using (true);
grant select (user_id, read_at, in_app) on notifications to jebena_definer;
-- And whoever leaves takes all of it along.
create policy erasure_delete on notifications for delete to jebena_definer using (true);
create policy erasure_delete on notification_preferences for delete to jebena_definer using (true);
create policy erasure_select on notification_preferences for select to jebena_definer using (true);
create policy erasure_delete on notification_times for delete to jebena_definer using (true);
create policy erasure_select on notification_times for select to jebena_definer using (true);
grant delete on notifications, notification_preferences, notification_times to jebena_definer;
grant select (user_id) on notification_preferences, notification_times to jebena_definer;
set role jebena_definer;
alter type gate.session_view add attribute unread bigint;
create or replace function gate.find_session(wanted bytea, moment timestamptz, idle interval)
returns setof gate.session_view language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
    return query
    select s.data, s.created_at, s.last_activity, s.expires_at,
           u.id, u.username, u.full_name, u.language, u.shortcuts_enabled, u.is_demo,
           o.organization_id, o.kind, o.code, o.name, o.name_am,
           array(select distinct r.role_name from public.user_roles r
                 where r.user_id = u.id and app.holds(r.valid_from, r.valid_until, r.revoked_at, moment)
                 order by r.role_name),
           s.id, s.form_shift, s.proved_at,
           app.permissions_at(u.id, moment),
           array(select r.id from public.user_roles r
                 where r.user_id = u.id and r.delegated_from is not null
                   and app.holds(r.valid_from, r.valid_until, r.revoked_at, moment)
                 order by r.id),
           -- More than a hundred nobody reads as a number.
           (select count(*) from (select from public.notifications n
                                  where n.user_id = u.id and n.read_at is null and n.in_app limit 100) waiting)
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end
$$;
set role jebena_owner;
