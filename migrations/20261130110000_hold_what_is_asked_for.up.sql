-- A legal hold: somebody with a right to it has asked that what concerns a case, an organisation or a person is kept. What is held is
-- passed over by retention, by erasing and by the archive, until another administrator than the one who placed the hold lifts it.

create table legal_holds (
    hold_id uuid primary key,
    subject_kind text not null check (subject_kind in ('EXPORT', 'ORGANIZATION', 'PERSON')),
    subject_id uuid not null,
    reason text not null check (length(btrim(reason)) between 10 and 500),
    placed_by uuid not null references users,
    placed_at timestamptz not null,
    lifted_by uuid references users,
    lifted_at timestamptz check (lifted_at >= placed_at),
    lift_reason text check (length(btrim(lift_reason)) between 10 and 500),
    check (num_nulls(lifted_by, lifted_at, lift_reason) in (0, 3)),
    -- Two people.
    constraint legal_holds_second_person check (lifted_by <> placed_by)
);
create unique index legal_holds_active on legal_holds (subject_kind, subject_id) where lifted_at is null;
create index legal_holds_newest on legal_holds (placed_at desc, hold_id desc);
create index legal_holds_placed_by on legal_holds (placed_by);
create index legal_holds_lifted_by on legal_holds (lifted_by) where lifted_by is not null;

-- A hold is placed, and lifted once; it is never taken out of the list.
create function app.keep_hold() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'DELETE' or old.lifted_at is not null or new.lifted_at is null
        or (new.hold_id, new.subject_kind, new.subject_id, new.reason, new.placed_by, new.placed_at)
            is distinct from (old.hold_id, old.subject_kind, old.subject_id, old.reason, old.placed_by, old.placed_at) then
        raise exception 'a hold stays as it was placed' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger kept before update or delete on legal_holds for each row execute function app.keep_hold();
alter table legal_holds enable always trigger kept;

alter table legal_holds enable row level security;
alter table legal_holds force row level security;
create policy class_select on legal_holds for select to jebena_auditor, jebena_admin, jebena_definer using (true);
create policy admin_insert on legal_holds for insert to jebena_admin
    with check (placed_by = (select app.person()) and lifted_at is null);
create policy admin_update on legal_holds for update to jebena_admin
    using (lifted_at is null and placed_by <> (select app.person())) with check (lifted_by = (select app.person()));
grant select on legal_holds to jebena_auditor, jebena_admin, jebena_definer;
grant insert on legal_holds to jebena_admin;
grant update (lifted_by, lifted_at, lift_reason) on legal_holds to jebena_admin;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('legal_holds', 'placed_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7', '{hold_id,subject_kind,reason,placed_at}', 'KEEP'),
    ('legal_holds', 'lifted_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7', '{hold_id,subject_kind,lift_reason,lifted_at}', 'KEEP');
create policy own_data_select on legal_holds for select to jebena_privacy
    using (placed_by = (select app.person()) or lifted_by = (select app.person()));
grant select (hold_id, subject_kind, reason, placed_by, placed_at, lift_reason, lifted_by, lifted_at) on legal_holds to jebena_privacy;

-- Whom and what the rows of a class concern, where they can be held.
alter table retention_policies
    add person_column text check (person_column ~ '^[a-z_]{2,60}$'),
    add organization_column text check (organization_column ~ '^[a-z_]{2,60}$'),
    add case_column text check (case_column ~ '^[a-z_]{2,60}$');
update retention_policies p set person_column = x.person, organization_column = x.organization, case_column = x.of_case
from (values
    ('ENDED_SESSIONS', 'user_id', null, null),
    ('SILENT_SESSIONS', 'user_id', null, null),
    ('PASSWORD_RESETS', 'user_id', null, null),
    ('KNOWN_DEVICES', 'user_id', null, null),
    ('NOTIFICATIONS', 'user_id', null, 'subject_id'),
    ('MAILS', null, 'organization_id', null),
    ('DONE_JOBS', 'requested_by', null, null),
    ('ENDED_JOBS', 'requested_by', null, null),
    ('DATA_COPIES', 'user_id', null, null),
    ('UNUSED_INVITATIONS', 'invited_by', 'organization_id', null)
) x (class, person, organization, of_case)
where p.class = x.class;
insert into retention_policies (class, place, source, method, kept, legal_basis) values
    ('LEGAL_HOLDS', 255, 'legal_holds', 'KEEP', '3653 days', 'LEGAL_OBLIGATION');

grant select (occurred_at, organization_id, entity_type, details) on audit.events to jebena_definer;
grant create on schema app to jebena_definer;
set role jebena_definer;

-- Holds that stand.
create function app.active_holds() returns table (subject_kind text, subject_id uuid) language sql stable security definer
    set search_path = pg_catalog as $$
    select h.subject_kind, h.subject_id from public.legal_holds h where h.lifted_at is null
$$;

-- Whether what concerns these is held; a person also with their organisation. Anything of it may be unknown.
create function app.is_held(person uuid, organization uuid, of_case uuid) returns boolean language sql stable security definer
    set search_path = pg_catalog as $$
    select exists (
        select from public.legal_holds h
        where h.lifted_at is null
          and (h.subject_kind = 'PERSON' and h.subject_id = person
               or h.subject_kind = 'EXPORT' and h.subject_id = of_case
               or h.subject_kind = 'ORGANIZATION'
                  and (h.subject_id = organization
                       or h.subject_id = (select u.organization_id from public.users u where u.id = person))))
$$;

-- The same of an event of the record, by who did it and what it is about.
create function app.is_event_held(event uuid, moment timestamptz) returns boolean language sql stable security definer
    set search_path = pg_catalog as $$
    select exists (
        select from audit.events e
        join public.legal_holds h on h.lifted_at is null and (
            h.subject_id in (e.entity_id, e.actor_id, e.organization_id)
            or h.subject_kind = 'EXPORT' and e.details ->> 'export_id' = h.subject_id::text)
        where e.event_id = event and e.occurred_at = moment)
$$;

-- Whether nobody may make this person unrecognisable: they or their organisation are held, or a case in which they have acted.
create function app.is_person_held(person uuid) returns boolean language sql stable security definer
    set search_path = pg_catalog as $$
    select app.is_held(person, null, null)
        or exists (select from public.legal_holds h
                   join public.export_status_history s on s.export_id = h.subject_id and s.changed_by = person
                   where h.lifted_at is null and h.subject_kind = 'EXPORT')
        or exists (select from public.legal_holds h
                   join audit.events e on e.entity_id = h.subject_id and e.actor_id = person
                   where h.lifted_at is null and h.subject_kind = 'EXPORT')
$$;

-- What somebody means by a number, a code or a name. Who runs the system sees no case, and learns of it only that it is there.
create function app.find_hold_subject(kind text, named text) returns uuid language sql stable security definer
    set search_path = pg_catalog as $$
    select case kind
        when 'EXPORT' then (select e.export_id from public.exports e where e.export_number = named)
        when 'ORGANIZATION' then (select o.organization_id from public.organizations o where o.code = named)
        when 'PERSON' then (select u.id from public.users u where u.username = named) end
$$;

-- The number, the code or the name of what is held.
create function app.hold_subject_name(kind text, subject uuid) returns text language sql stable security definer
    set search_path = pg_catalog as $$
    select case kind
        when 'EXPORT' then (select e.export_number from public.exports e where e.export_id = subject)
        when 'ORGANIZATION' then (select o.code from public.organizations o where o.organization_id = subject)
        when 'PERSON' then (select u.username from public.users u where u.id = subject) end
$$;
revoke all on function app.active_holds(), app.is_held(uuid, uuid, uuid), app.is_event_held(uuid, timestamptz),
    app.is_person_held(uuid), app.find_hold_subject(text, text), app.hold_subject_name(text, uuid) from public;
grant execute on function app.active_holds() to jebena_owner;
grant execute on function app.is_person_held(uuid) to jebena_worker;
grant execute on function app.find_hold_subject(text, text) to jebena_admin;
grant execute on function app.hold_subject_name(text, uuid) to jebena_admin, jebena_auditor;

-- As before, and nothing that is held.
create or replace function app.retention_condition(p public.retention_policies, moment timestamptz) returns text language sql stable
    set search_path = pg_catalog as $$
    select concat_ws(' and ', format('t.%I <= %L::timestamptz', p.age_column, moment - p.kept),
        case when p.state_column is not null then format('t.%I = %L', p.state_column, p.state) end,
        case when p.unset_column is not null then format('t.%I is null', p.unset_column) end,
        case when p.method = 'CLEAR' and p.source = 'audit.event_private' then format('t.payload ?| %L::text[]', p.clears)
             when p.method = 'CLEAR' then format('t.%I is not null', p.clears[1]) end,
        -- Most of the time nothing is, and no row is asked.
        case when not exists (select from app.active_holds()) then null
             when p.source = 'audit.event_private' then 'not app.is_event_held(t.event_id, t.occurred_at)'
             when num_nonnulls(p.person_column, p.organization_column, p.case_column) > 0 then
                 format('not app.is_held(%s, %s, %s)', coalesce('t.' || quote_ident(p.person_column), 'null'),
                     coalesce('t.' || quote_ident(p.organization_column), 'null'),
                     coalesce('t.' || quote_ident(p.case_column), 'null')) end)
$$;

create or replace function app.erasure_refusal(person uuid) returns text language sql stable security definer
    set search_path = pg_catalog as $$
    select case
        when app.is_person_held(person) then 'LEGAL_HOLD'
        when exists (select from public.exports e
                     where e.claimed_by = person and e.status not in ('COMPLETED', 'CANCELLED')) then 'OPEN_CLAIMS'
        when exists (select from public.users u
                     join public.organizations o on o.organization_id = u.organization_id and o.is_active
                     join public.user_roles r on r.user_id = u.id and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                         and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())
                     where u.id = person and u.is_active
                       and not exists (select from public.users x join public.user_roles y on y.user_id = x.id
                                       where x.organization_id = u.organization_id and x.is_active and x.id <> u.id
                                         and y.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                                         and app.holds(y.valid_from, y.valid_until, y.revoked_at, app.moment())))
            then 'SOLE_ADMINISTRATOR'
    end
    where coalesce(app.person(), person) = person
$$;

-- Behind the rule: whoever is held stays recognisable.
create function app.refuse_erasing_held() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if new.username ~ '^erased-' and old.username !~ '^erased-' and app.is_person_held(old.id) then
        raise exception 'a legal hold stands on this person' using errcode = 'object_in_use';
    end if;
    return new;
end
$$;
revoke all on function app.refuse_erasing_held() from public;
grant execute on function app.refuse_erasing_held() to jebena_owner;
set role jebena_owner;
revoke create on schema app from jebena_definer;
create trigger held before update of username on users for each row execute function app.refuse_erasing_held();
alter table users enable always trigger held;

alter table erasures drop constraint erasures_refusal_check,
    add constraint erasures_refusal_check check (refusal in ('OPEN_CLAIMS', 'SOLE_ADMINISTRATOR', 'LEGAL_HOLD'));

-- Who runs the system reads of holds in the record.
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold');
