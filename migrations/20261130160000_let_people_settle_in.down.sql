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
alter type gate.session_view drop attribute calendar, drop attribute density;
set role jebena_owner;
revoke create on schema app from jebena_definer;

delete from processing_register where source in ('user_profiles', 'onboarding_state');
update processing_register set told = array_remove(array_remove(array_remove(told, 'calendar'), 'density'),
    'preferences_chosen_at') where source = 'users';
drop table onboarding_state, onboarding_step_roles, onboarding_steps, user_profiles;
drop function app.are_tags(text[]), app.are_facts(jsonb);
alter table users drop column calendar, drop column density, drop column preferences_chosen_at;
