-- Grants that ended, that are for a time, or that stem from another have no place in the schema before, and a record is never
-- thrown away.
alter table user_roles no force row level security;
alter table role_restrictions no force row level security;
alter table mails no force row level security;
do $$
begin
    if exists (select from role_restrictions)
        or exists (select from user_roles where num_nonnulls(valid_from, valid_until, revoked_at, delegated_from, reason) > 0) then
        raise exception 'there are grants for a time, delegations or restrictions';
    end if;
    if exists (select from mails where kind = 'ROLE_DELEGATED' and status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
end
$$;
delete from mails where kind = 'ROLE_DELEGATED';
alter table user_roles force row level security;
alter table mails force row level security;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY'));

revoke select (valid_from, valid_until, revoked_at, revoked_by, reason) on user_roles from jebena_privacy;
alter policy own_data_select on user_roles using (user_id = (select app.person()) or granted_by = (select app.person()));
delete from processing_register
where (source = 'user_roles' and person_column = 'revoked_by') or source = 'role_restrictions';
update processing_register set told = '{role_name,granted_at}' where source = 'user_roles' and person_column = 'user_id';

alter policy administrator_select on user_sessions
    using (exists (select from user_roles r
                   where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN'))
           and exists (select from users u where u.id = user_id and u.organization_id = (select app.org())));
alter policy administrator_select on security_alerts
    using (organization_id = (select app.org())
           and (select exists (select from user_roles r
                               where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
alter policy administrator_update on security_alerts
    using (acknowledged_at is null and organization_id = (select app.org())
           and (select exists (select from user_roles r
                               where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
alter policy administrator_select on security_alert_events
    using (organization_id = (select app.org())
           and (select exists (select from user_roles r
                               where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));
alter policy administrator_select on security_activity
    using (organization_id = (select app.org())
           and (select exists (select from user_roles r
                               where r.user_id = (select app.person()) and r.role_name in ('OWNER', 'ORG_ADMIN'))));

drop policy worker_select on user_roles;
revoke select (id, user_id, role_name, valid_from, valid_until, revoked_at, delegated_from) on user_roles from jebena_worker;
drop policy own_organization_update on user_roles;
drop policy own_organization_insert on user_roles;
drop policy operator_insert on user_roles;
revoke insert, update (revoked_at, revoked_by) on user_roles from jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
create policy admin_insert on user_roles for insert to jebena_admin with check (true);
create policy admin_delete on user_roles for delete to jebena_admin using (true);
grant insert, delete on user_roles to jebena_admin;

drop trigger end_delegations on users;
drop trigger end_delegations on user_roles;
drop trigger keep_grant on user_roles;
drop trigger check_grant on user_roles;
drop table role_restrictions;
set role jebena_definer;
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
alter type gate.session_view drop attribute permission_codes, drop attribute delegations;
drop function gate.administers(), gate.is_own_grant(uuid), gate.check_grant(), gate.keep_grant(),
    gate.end_delegations_of_grant(), gate.end_delegations_of_person();
set role jebena_owner;
drop policy definer_update on user_roles;
revoke update (revoked_at, revoked_by) on user_roles from jebena_definer;
drop function app.permissions_at(uuid, timestamptz);
alter table user_roles drop constraint user_roles_delegated, drop constraint user_roles_others,
    drop constraint user_roles_ended, drop constraint user_roles_period,
    drop column reason, drop column delegated_from, drop column revoked_by, drop column revoked_at,
    drop column valid_until, drop column valid_from,
    add constraint user_roles_user_id_role_name_key unique (user_id, role_name);
drop index user_roles_user;
drop table role_permissions, permissions;
drop function app.holds(timestamptz, timestamptz, timestamptz, timestamptz);
drop function app.moment();
