-- What a person settles in with: how pages are to be for them, what colleagues are to know of them, and the first steps of
-- their role.

-- In which calendar days are shown where they carry no legal force, and how close the rows of tables stand.
alter table users
    add column calendar text not null default 'GREGORIAN' check (calendar in ('GREGORIAN', 'ETHIOPIAN', 'BOTH')),
    add column density text not null default 'COMFORTABLE' check (density in ('COMFORTABLE', 'COMPACT')),
    -- Since when this is as the person wants it.
    add column preferences_chosen_at timestamptz;
grant update (calendar, density, preferences_chosen_at) on users to jebena_gate;
grant select (calendar, density), update (calendar, density, preferences_chosen_at) on users to jebena_definer;
grant select (calendar, density, preferences_chosen_at) on users to jebena_privacy;
update processing_register set told = told || '{calendar,density,preferences_chosen_at}'::text[] where source = 'users';

-- Short words by which colleagues find each other.
create function app.are_tags(tags text[]) returns boolean language sql immutable set search_path = pg_catalog as $$
    select coalesce(bool_and(tag ~ '^[^[:cntrl:]<>,;:]{2,30}$' and tag = btrim(lower(tag))), true)
           and count(*) = count(distinct tag) and count(*) <= 10
    from unnest(tags) tag
$$;
-- What else there is to say of somebody: a label, and a line of text.
create function app.are_facts(facts jsonb) returns boolean language sql immutable set search_path = pg_catalog as $$
    select jsonb_typeof(facts) = 'object'
           and (select coalesce(bool_and(jsonb_typeof(value) = 'string' and length(key) between 2 and 40
                                         and length(value #>> '{}') between 1 and 200), true)
                       and count(*) <= 20
                from jsonb_each(case when jsonb_typeof(facts) = 'object' then facts else '{}' end))
$$;
revoke all on function app.are_tags(text[]), app.are_facts(jsonb) from public;
grant execute on function app.are_tags(text[]), app.are_facts(jsonb)
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;

create table user_profiles (
    user_id uuid primary key references users on delete cascade,
    position text check (length(position) between 2 and 100),
    -- An Ethiopian number, as everywhere.
    phone text check (phone ~ '^([+]251|0)[1-9][0-9]{8}$'),
    tags text[] not null default '{}' constraint user_profiles_tags check (app.are_tags(tags)),
    metadata jsonb not null default '{}' constraint user_profiles_metadata check (app.are_facts(metadata)),
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- The first steps: data, so that a role's can be others without a new version.
create table onboarding_steps (
    step text primary key check (step in ('ADDRESS', 'SECOND_FACTOR', 'PROFILE', 'PREFERENCES', 'NEWS', 'HELP', 'COLLEAGUES',
        'DEPUTY', 'FIRM', 'QUALIFIED', 'LOT', 'CONTRACT', 'EXPORT', 'QUEUE')),
    place smallint not null unique,
    -- Whether the product sees that it is done; otherwise its person says so.
    is_observed boolean not null
);
create table onboarding_step_roles (
    step text not null references onboarding_steps,
    role_name text not null
        check (role_name in ('OWNER', 'CLERK', 'OFFICER', 'SUPERVISOR', 'ORG_ADMIN', 'AUDITOR', 'SYSTEM_ADMIN')),
    is_required boolean not null,
    primary key (step, role_name)
);
insert into onboarding_steps (step, place, is_observed) values
    ('ADDRESS', 1, true), ('SECOND_FACTOR', 2, true), ('PROFILE', 3, true), ('PREFERENCES', 4, true), ('NEWS', 5, true),
    ('HELP', 6, false), ('COLLEAGUES', 7, true), ('DEPUTY', 8, true), ('FIRM', 9, true), ('QUALIFIED', 10, true),
    ('LOT', 11, true), ('CONTRACT', 12, true), ('EXPORT', 13, true), ('QUEUE', 14, false);
insert into onboarding_step_roles (step, role_name, is_required)
select step, role_name, step = 'ADDRESS' or (step = 'SECOND_FACTOR' and role_name <> 'CLERK')
from unnest(array['ADDRESS', 'SECOND_FACTOR', 'PROFILE', 'PREFERENCES', 'NEWS', 'HELP']) step,
     unnest(array['OWNER', 'CLERK', 'OFFICER', 'SUPERVISOR', 'ORG_ADMIN', 'AUDITOR', 'SYSTEM_ADMIN']) role_name;
insert into onboarding_step_roles (step, role_name, is_required) values
    ('COLLEAGUES', 'OWNER', false), ('COLLEAGUES', 'ORG_ADMIN', true), ('COLLEAGUES', 'SYSTEM_ADMIN', true),
    ('DEPUTY', 'OWNER', false), ('DEPUTY', 'ORG_ADMIN', true), ('DEPUTY', 'SYSTEM_ADMIN', true),
    ('FIRM', 'OWNER', true), ('QUALIFIED', 'OWNER', true), ('LOT', 'OWNER', true), ('CONTRACT', 'OWNER', true),
    ('EXPORT', 'OWNER', true), ('LOT', 'CLERK', true), ('CONTRACT', 'CLERK', true), ('EXPORT', 'CLERK', true),
    ('QUEUE', 'OFFICER', true), ('QUEUE', 'SUPERVISOR', true);

-- What a person has said of a step: that it is done, or that they pass it over.
create table onboarding_state (
    user_id uuid not null references users on delete cascade,
    step text not null references onboarding_steps,
    is_skipped boolean not null,
    completed_at timestamptz not null,
    primary key (user_id, step)
);

do $$
declare
    relation text;
begin
    foreach relation in array array['user_profiles', 'onboarding_state'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy own_person_select on %I for select
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (user_id = (select app.person()))', relation);
        execute format('create policy own_person_insert on %I for insert
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin with check (user_id = (select app.person()))', relation);
        execute format('create policy own_person_update on %I for update
            to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
            using (user_id = (select app.person())) with check (user_id = (select app.person()))', relation);
        execute format('create policy own_data_select on %I for select to jebena_privacy using (user_id = (select app.person()))',
            relation);
        execute format('create policy erasure_delete on %I for delete to jebena_definer using (true)', relation);
        execute format('create policy erasure_select on %I for select to jebena_definer using (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_privacy', relation);
        execute format('grant insert on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_admin', relation);
        execute format('grant select (user_id), delete on %I to jebena_definer', relation);
    end loop;
end
$$;
-- Colleagues know each other.
create policy own_organization_select on user_profiles for select
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (exists (select from users u where u.id = user_id and u.organization_id = (select app.org())));
grant update (position, phone, tags, metadata, updated_at) on user_profiles
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant update (is_skipped, completed_at) on onboarding_state to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select on onboarding_steps, onboarding_step_roles to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('user_profiles', 'user_id', 'ACCOUNT', 'SERVICE', 'WITH_ACCOUNT',
        '{position,phone,tags,metadata,created_at,updated_at}', 'DELETE'),
    ('onboarding_state', 'user_id', 'ACCOUNT', 'SERVICE', 'WITH_ACCOUNT', '{step,is_skipped,completed_at}', 'DELETE');

grant create on schema app to jebena_definer;
set role jebena_definer;
alter type gate.session_view add attribute calendar text, add attribute density text;
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
                                  where n.user_id = u.id and n.read_at is null and n.in_app limit 100) waiting),
           u.calendar, u.density
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end
$$;

create or replace function app.erase_person(person uuid, moment timestamptz) returns void language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    address text;
    r record;
begin
    select u.email into strict address from public.users u where u.id = person for update;
    delete from audit.event_private p where p.event_id in (
        select e.event_id from audit.events e where e.actor_id = person
        -- What nobody in particular did to their account, such as failing to sign in.
        union all select e.event_id from audit.events e where e.entity_id = person and e.actor_id is null);
    for r in select source, person_column, on_erasure from public.processing_register
             where on_erasure <> 'KEEP' and source <> 'audit.event_private' loop
        if r.on_erasure = 'DELETE' then
            execute format('delete from public.%I where %I = $1', r.source, r.person_column) using person;
        elsif r.source = 'jobs' then
            update public.jobs set requested_by = null where requested_by = person;
        elsif r.source = 'invitations' then
            update public.invitations i set full_name = 'Erased person', email = null
            where i.accepted_by = person or i.email = address;
        elsif r.source = 'users' then
            -- The id stays, for what must stay. The hash is of no password.
            update public.users u set username = 'erased-' || replace(person::text, '-', ''), email = null,
                email_verified_at = null, full_name = 'Erased person', language = 'en', shortcuts_enabled = true,
                calendar = 'GREGORIAN', density = 'COMFORTABLE', preferences_chosen_at = null,
                is_active = false, last_login = null, updated_at = moment,
                password_hash = '$argon2id$v=19$m=19456,t=2,p=1$ZXJhc2VkZXJhc2VkZXJhcw$'
                    || rtrim(encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'base64'), '=')
            where u.id = person;
        else
            raise exception 'nobody knows how to clear %', r.source;
        end if;
    end loop;
    delete from public.caught_mails m where m.recipient = address;
end
$$;
set role jebena_owner;
revoke create on schema app from jebena_definer;
