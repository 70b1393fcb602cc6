drop trigger keep_erased on users;
drop trigger refuse_erased on user_roles;
grant create on schema app to jebena_definer;
set role jebena_definer;
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

create or replace function gate.person_name(person uuid) returns text
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return (select u.full_name from public.users u where u.id = person);
end
$$;
create or replace function gate.names(ids uuid[]) returns table (id uuid, name text, name_am text)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select u.id, u.full_name, u.full_name from public.users u where u.id = any (ids)
    union all
    select o.organization_id, o.name, o.name_am from public.organizations o where o.organization_id = any (ids);
end
$$;
drop function app.end_roles(uuid, timestamptz);
drop function app.keep_erased();
drop function gate.refuse_erased();
drop function app.erased_name(text);
set role jebena_owner;
revoke create on schema app from jebena_definer;
alter table users drop constraint users_erased_stay_out, drop column erased_at;
