-- A person sees their sessions, an administrator those of the organisation; what ends one is the gate's. The name under which
-- the record knows a session (the first half of its hash) tells which of them is meant, and opens nothing.
alter table user_sessions add column reference uuid not null
    generated always as (encode(substr(token_hash, 1, 16), 'hex')::uuid) stored;
grant select (reference) on user_sessions to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
create policy administrator_select on user_sessions
    for select to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (exists (select from user_roles r
                   where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN'))
           and exists (select from users u where u.id = user_id and u.organization_id = (select app.org())));

-- Whatever ends a session, its open streams hear of it on every instance.
create function app.tell_session_end() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    perform pg_notify('jebena_session_end', old.reference::text);
    return null;
end
$$;
create trigger ended after delete on user_sessions for each row execute function app.tell_session_end();
