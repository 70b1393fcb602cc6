set role jebena_definer;
alter type gate.session_view drop attribute session_id, drop attribute form_shift, drop attribute proved_at;
create or replace function gate.find_session(wanted bytea, moment timestamptz, idle interval)
returns setof gate.session_view language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
    return query
    select s.data, s.created_at, s.last_activity, s.expires_at,
           u.id, u.username, u.full_name, u.language, u.shortcuts_enabled, u.is_demo,
           o.organization_id, o.kind, o.code, o.name, o.name_am,
           array(select r.role_name from public.user_roles r where r.user_id = u.id order by r.role_name)
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end
$$;
set role jebena_owner;

alter table user_sessions
    drop column form_shift,
    drop column proved_at,
    add column reference uuid not null generated always as (encode(substr(token_hash, 1, 16), 'hex')::uuid) stored;
grant select (reference) on user_sessions to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
create or replace function app.tell_session_end() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    perform pg_notify('jebena_session_end', old.reference::text);
    return null;
end
$$;
