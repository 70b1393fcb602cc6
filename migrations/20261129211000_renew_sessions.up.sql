-- A session outlives its token. Who proves a second factor or changes the password goes on under a token that nobody has seen, and
-- it stays the same session: to its open pages, in the list of sessions and on record. So its name there is its own id and no
-- longer a part of the token's hash.
create or replace function app.tell_session_end() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    perform pg_notify('jebena_session_end', old.id::text);
    return null;
end
$$;
alter table user_sessions
    drop column reference,
    -- What its forms prove to know is made from the token and this, which changes with the token so that the sum stays: what is
    -- being typed elsewhere is not lost. Without the token it says nothing.
    add column form_shift bytea not null default decode(repeat('00', 32), 'hex') check (length(form_shift) = 32),
    -- When its person has last proved the second factor; never, by who has none.
    add column proved_at timestamptz;
-- Rewriting the column reads every row, whatever the policies of the table.
alter table user_sessions alter column proved_at type timestamptz using (data ->> 'proved_at')::timestamptz;

set role jebena_definer;
alter type gate.session_view add attribute session_id uuid, add attribute form_shift bytea, add attribute proved_at timestamptz;
create or replace function gate.find_session(wanted bytea, moment timestamptz, idle interval)
returns setof gate.session_view language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
    return query
    select s.data, s.created_at, s.last_activity, s.expires_at,
           u.id, u.username, u.full_name, u.language, u.shortcuts_enabled, u.is_demo,
           o.organization_id, o.kind, o.code, o.name, o.name_am,
           array(select r.role_name from public.user_roles r where r.user_id = u.id order by r.role_name),
           s.id, s.form_shift, s.proved_at
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end
$$;
set role jebena_owner;
