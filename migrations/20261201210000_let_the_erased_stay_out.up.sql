-- Whoever was erased stays out: their roles and what was delegated from them end with them, nobody lets them in again, and
-- pages call them what the reader's language calls them.

alter table users add column erased_at timestamptz;
-- Those of before. `force` keeps the owner from their rows.
alter table users no force row level security;
alter table user_roles no force row level security;
alter table erasures no force row level security;
update users u set is_active = false,
    erased_at = coalesce((select max(e.done_at) from erasures e where e.user_id = u.id), u.updated_at)
where u.username = 'erased-' || replace(u.id::text, '-', '');
update user_roles r set revoked_at = greatest(u.erased_at, r.granted_at)
from users u
where u.id = r.user_id and u.erased_at is not null and r.revoked_at is null
  and coalesce(r.valid_until, 'infinity') > u.erased_at;
alter table users force row level security;
alter table user_roles force row level security;
alter table erasures force row level security;
alter table users
    -- Nobody lets them in again.
    add constraint users_erased_stay_out check (erased_at is null or not is_active);
grant select (erased_at) on users to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant select (erased_at), update (erased_at) on users to jebena_definer;

grant create on schema app to jebena_definer;
set role jebena_definer;
-- What pages call a person who was erased. The texts of the product say the same.
create function app.erased_name(language text) returns text language sql immutable set search_path = pg_catalog as $$
    select case language when 'am' then 'የተሰረዘ ሰው' else 'Erased person' end
$$;
create or replace function gate.person_name(person uuid) returns text
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return (select case when u.erased_at is null then u.full_name
                        else app.erased_name((select v.language from public.users v where v.id = app.person())) end
            from public.users u where u.id = person);
end
$$;

create or replace function gate.names(ids uuid[]) returns table (id uuid, name text, name_am text)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select u.id, case when u.erased_at is null then u.full_name else app.erased_name('en') end,
           case when u.erased_at is null then u.full_name else app.erased_name('am') end
    from public.users u where u.id = any (ids)
    union all
    select o.organization_id, o.name, o.name_am from public.organizations o where o.organization_id = any (ids);
end
$$;

-- Being erased is for good, and nobody grants anything to who is.
create function app.keep_erased() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if old.erased_at is not null and new.erased_at is distinct from old.erased_at then
        raise exception 'who was erased stays erased' using errcode = 'P0001';
    end if;
    return new;
end
$$;
create function gate.refuse_erased() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if exists (select from public.users u where u.id = new.user_id and u.erased_at is not null) then
        raise exception 'the person was erased' using errcode = 'check_violation', constraint = 'user_roles_erased';
    end if;
    return new;
end
$$;

-- Ends what a person holds or will hold, and what others do in their place. Which grants these were.
create function app.end_roles(person uuid, moment timestamptz)
returns table (grant_id uuid, holder uuid, held_as text) language plpgsql security definer set search_path = pg_catalog as $$
declare
    ids uuid[];
begin
    ids := array(select r.id from public.user_roles r
                 where (r.user_id = person
                        or r.delegated_from in (select s.id from public.user_roles s where s.user_id = person))
                   and r.revoked_at is null and coalesce(r.valid_until, 'infinity') > moment
                 order by r.id);
    update public.user_roles r set revoked_at = moment where r.id = any (ids);
    return query select r.id, r.user_id, r.role_name from public.user_roles r where r.id = any (ids) order by r.id;
end
$$;

create or replace function app.erase_person(person uuid, moment timestamptz) returns void language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    address text;
    r record;
begin
    select u.email into strict address from public.users u where u.id = person for update;
    -- Whoever erases, nothing of what they might do is left.
    perform app.end_roles(person, moment);
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
                is_active = false, last_login = null, updated_at = moment, erased_at = coalesce(u.erased_at, moment),
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
revoke all on function app.erased_name(text), app.keep_erased(), gate.refuse_erased(), app.end_roles(uuid, timestamptz)
    from public;
grant execute on function app.end_roles(uuid, timestamptz) to jebena_worker;
grant execute on function app.keep_erased(), gate.refuse_erased() to jebena_owner;
set role jebena_owner;
revoke create on schema app from jebena_definer;

create trigger keep_erased before update of erased_at on users for each row execute function app.keep_erased();
create trigger refuse_erased before insert on user_roles for each row execute function gate.refuse_erased();
