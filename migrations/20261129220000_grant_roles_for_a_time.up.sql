-- Roles and permissions as data: what there is to be allowed, what each role may do at most in each kind of organisation, what an
-- organisation takes away from a role, and who holds which role from when until when and by whom.

-- The moment by the product's clock. The server passes it with the context; a bare session has the present one.
create function app.moment() returns timestamptz language sql stable parallel safe
    return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

-- Whether something that begins, may end by itself and may be ended early holds at a moment: from its first moment on, and not
-- at that of its end.
create function app.holds(begins timestamptz, ends timestamptz, ended_at timestamptz, moment timestamptz) returns boolean
language sql immutable parallel safe
    return (begins is null or begins <= moment) and (ends is null or ends > moment) and (ended_at is null or ended_at > moment);

-- The catalogue. It is the code's: a test holds both equal, in both directions.
create table permissions (
    code text primary key check (code ~ '^[a-z-]+:[a-z-]+:[a-z-]+$'),
    area text not null check (code like area || ':%'),
    -- Whether who holds it decides business acts or administers; both together are never one person's.
    weight text not null check (weight in ('LIGHT', 'DECIDES', 'ADMINISTERS'))
);
create table role_permissions (
    kind text not null,
    role_name text not null,
    permission text not null references permissions on delete restrict,
    check (app.has_role(kind, role_name)),
    primary key (kind, role_name, permission)
);
create index role_permissions_permission on role_permissions (permission);
grant select on permissions, role_permissions
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker, jebena_definer;

insert into permissions (code, area, weight) values
    ('exports:export:view', 'exports', 'LIGHT'),
    ('exports:export:request', 'exports', 'LIGHT'),
    ('exports:export:cancel-own', 'exports', 'LIGHT'),
    ('exports:export:cancel-any', 'exports', 'DECIDES'),
    ('documents:document:attach', 'documents', 'LIGHT'),
    ('exports:message:write', 'exports', 'LIGHT'),
    ('exports:bank-check:decide', 'exports', 'DECIDES'),
    ('exports:fx:decide', 'exports', 'DECIDES'),
    ('exports:settlement:extend', 'exports', 'DECIDES'),
    ('exports:quality:decide', 'exports', 'DECIDES'),
    ('certificates:permit:issue', 'certificates', 'DECIDES'),
    ('exports:shipment:decide', 'exports', 'DECIDES'),
    ('exports:customs:decide', 'exports', 'DECIDES'),
    ('exports:loading:decide', 'exports', 'DECIDES'),
    ('certificates:origin:sign', 'certificates', 'DECIDES'),
    ('certificates:origin:issue', 'certificates', 'DECIDES'),
    ('exports:settlement:decide', 'exports', 'DECIDES'),
    ('workflow:claim:reassign', 'workflow', 'DECIDES'),
    ('sourcing:lot:view', 'sourcing', 'LIGHT'),
    ('sourcing:contract:view', 'sourcing', 'LIGHT'),
    ('registration:application:submit', 'registration', 'LIGHT'),
    ('registration:application:view', 'registration', 'LIGHT'),
    ('registration:profile:decide', 'registration', 'DECIDES'),
    ('registration:capital:verify', 'registration', 'DECIDES'),
    ('registration:laboratory:decide', 'registration', 'DECIDES'),
    ('registration:taster:decide', 'registration', 'DECIDES'),
    ('registration:competence:decide', 'registration', 'DECIDES'),
    ('registration:license:decide', 'registration', 'DECIDES'),
    ('registration:registration:suspend', 'registration', 'DECIDES'),
    ('sourcing:lot:register', 'sourcing', 'LIGHT'),
    ('sourcing:lot:verify', 'sourcing', 'DECIDES'),
    ('sourcing:inspection:sign', 'sourcing', 'DECIDES'),
    ('sourcing:contract:register', 'sourcing', 'LIGHT'),
    ('sourcing:contract:decide', 'sourcing', 'DECIDES'),
    ('sourcing:minimum-price:override', 'sourcing', 'DECIDES'),
    ('reference:value:view', 'reference', 'LIGHT'),
    ('reference:authority:set', 'reference', 'DECIDES'),
    ('reference:rate:set', 'reference', 'DECIDES'),
    ('reference:code-list:maintain', 'reference', 'ADMINISTERS'),
    ('eudr:plot:manage', 'eudr', 'LIGHT'),
    ('eudr:plot:view', 'eudr', 'LIGHT'),
    ('documents:document:check', 'documents', 'DECIDES'),
    ('documents:document:waive', 'documents', 'DECIDES'),
    ('certificates:paper:withdraw', 'certificates', 'DECIDES'),
    ('certificates:paper:reissue', 'certificates', 'DECIDES'),
    ('certificates:commercial:prepare', 'certificates', 'LIGHT'),
    ('certificates:ico-return:file', 'certificates', 'LIGHT'),
    ('reports:report:view', 'reports', 'LIGHT'),
    ('certificates:paper:print', 'certificates', 'LIGHT'),
    ('organizations:staff:view', 'organizations', 'LIGHT'),
    ('organizations:staff:manage', 'organizations', 'ADMINISTERS'),
    ('organizations:role:view', 'organizations', 'LIGHT'),
    ('organizations:role:manage', 'organizations', 'ADMINISTERS'),
    ('audit:event:view', 'audit', 'LIGHT'),
    ('admin:system:view', 'admin', 'LIGHT'),
    ('alerts:alert:view', 'alerts', 'LIGHT'),
    ('alerts:alert:acknowledge', 'alerts', 'ADMINISTERS'),
    ('admin:system:manage', 'admin', 'ADMINISTERS');
insert into role_permissions (kind, role_name, permission)
select x.kind, x.role_name, unnest(string_to_array(x.permissions, ' ')) from (values
    ('EXPORTER', 'OWNER', 'exports:export:view exports:export:request exports:export:cancel-own documents:document:attach'
        ' exports:message:write sourcing:lot:view sourcing:contract:view registration:application:submit'
        ' registration:application:view sourcing:lot:register sourcing:contract:register reference:value:view'
        ' eudr:plot:manage eudr:plot:view certificates:commercial:prepare reports:report:view certificates:paper:print'
        ' organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('EXPORTER', 'CLERK', 'exports:export:view exports:export:request exports:export:cancel-own documents:document:attach'
        ' exports:message:write sourcing:lot:view sourcing:contract:view registration:application:submit'
        ' registration:application:view sourcing:lot:register sourcing:contract:register reference:value:view'
        ' eudr:plot:manage eudr:plot:view certificates:commercial:prepare reports:report:view certificates:paper:print'),
    ('EXPORTER', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('COMMERCIAL_BANK', 'OFFICER', 'exports:export:view documents:document:attach exports:message:write exports:bank-check:decide'
        ' exports:settlement:decide sourcing:contract:view registration:application:view reference:value:view'
        ' documents:document:check reports:report:view certificates:paper:print'),
    ('COMMERCIAL_BANK', 'SUPERVISOR', 'exports:export:view documents:document:attach exports:message:write exports:bank-check:decide'
        ' exports:settlement:decide workflow:claim:reassign sourcing:contract:view registration:application:view'
        ' reference:value:view documents:document:check documents:document:waive reports:report:view'
        ' certificates:paper:print organizations:staff:view organizations:role:view'),
    ('COMMERCIAL_BANK', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('NATIONAL_BANK', 'OFFICER', 'exports:export:view exports:message:write exports:fx:decide exports:settlement:extend sourcing:contract:view'
        ' registration:application:view reference:value:view reference:rate:set documents:document:check'
        ' reports:report:view certificates:paper:print'),
    ('NATIONAL_BANK', 'SUPERVISOR', 'exports:export:view exports:message:write exports:fx:decide exports:settlement:extend workflow:claim:reassign'
        ' sourcing:contract:view registration:application:view reference:value:view reference:rate:set'
        ' documents:document:check documents:document:waive reports:report:view certificates:paper:print'
        ' organizations:staff:view organizations:role:view'),
    ('NATIONAL_BANK', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('ECTA', 'OFFICER', 'exports:export:view exports:message:write exports:quality:decide certificates:permit:issue'
        ' certificates:origin:issue sourcing:lot:view sourcing:contract:view registration:application:view'
        ' registration:profile:decide registration:capital:verify registration:laboratory:decide'
        ' registration:taster:decide registration:competence:decide registration:license:decide sourcing:lot:verify'
        ' sourcing:inspection:sign sourcing:contract:decide reference:value:view eudr:plot:view documents:document:check'
        ' certificates:paper:reissue certificates:ico-return:file reports:report:view certificates:paper:print'),
    ('ECTA', 'SUPERVISOR', 'exports:export:view exports:export:cancel-any exports:message:write exports:quality:decide'
        ' certificates:permit:issue certificates:origin:issue workflow:claim:reassign sourcing:lot:view'
        ' sourcing:contract:view registration:application:view registration:profile:decide registration:capital:verify'
        ' registration:laboratory:decide registration:taster:decide registration:competence:decide'
        ' registration:license:decide registration:registration:suspend sourcing:lot:verify sourcing:inspection:sign'
        ' sourcing:contract:decide sourcing:minimum-price:override reference:value:view reference:authority:set'
        ' eudr:plot:view documents:document:check documents:document:waive certificates:paper:withdraw'
        ' certificates:paper:reissue certificates:ico-return:file reports:report:view certificates:paper:print'
        ' organizations:staff:view organizations:role:view'),
    ('ECTA', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('ECX', 'OFFICER', 'sourcing:lot:view sourcing:lot:verify reference:value:view reports:report:view'),
    ('ECX', 'SUPERVISOR', 'workflow:claim:reassign sourcing:lot:view sourcing:lot:verify reference:value:view reports:report:view'
        ' organizations:staff:view organizations:role:view'),
    ('ECX', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('SHIPPING_LINE', 'OFFICER', 'exports:export:view documents:document:attach exports:message:write exports:shipment:decide'
        ' exports:loading:decide documents:document:check reports:report:view certificates:paper:print'),
    ('SHIPPING_LINE', 'SUPERVISOR', 'exports:export:view documents:document:attach exports:message:write exports:shipment:decide'
        ' exports:loading:decide workflow:claim:reassign documents:document:check documents:document:waive'
        ' reports:report:view certificates:paper:print organizations:staff:view organizations:role:view'),
    ('SHIPPING_LINE', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('CUSTOMS', 'OFFICER', 'exports:export:view documents:document:attach exports:message:write exports:customs:decide'
        ' certificates:origin:sign sourcing:contract:view registration:application:view eudr:plot:view'
        ' documents:document:check reports:report:view certificates:paper:print'),
    ('CUSTOMS', 'SUPERVISOR', 'exports:export:view documents:document:attach exports:message:write exports:customs:decide'
        ' certificates:origin:sign workflow:claim:reassign sourcing:contract:view registration:application:view'
        ' eudr:plot:view documents:document:check documents:document:waive reports:report:view certificates:paper:print'
        ' organizations:staff:view organizations:role:view'),
    ('CUSTOMS', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view alerts:alert:acknowledge'),
    ('AUDITOR', 'AUDITOR', 'exports:export:view sourcing:lot:view sourcing:contract:view registration:application:view reference:value:view'
        ' eudr:plot:view reports:report:view certificates:paper:print organizations:role:view audit:event:view'
        ' admin:system:view alerts:alert:view'),
    ('AUDITOR', 'ORG_ADMIN', 'organizations:staff:view organizations:staff:manage organizations:role:view organizations:role:manage'
        ' alerts:alert:view'),
    ('ADMINISTRATION', 'SYSTEM_ADMIN', 'reference:value:view reference:code-list:maintain organizations:staff:view organizations:staff:manage'
        ' organizations:role:view organizations:role:manage audit:event:view admin:system:view alerts:alert:view'
        ' alerts:alert:acknowledge admin:system:manage')
) x (kind, role_name, permissions);

-- Grants. One that has ended is a row with an end, for the record; valid_from is null where it began when it was granted.
alter table user_roles drop constraint user_roles_user_id_role_name_key,
    add valid_from timestamptz,
    add valid_until timestamptz,
    add revoked_at timestamptz,
    add revoked_by uuid references users on delete restrict,
    -- A delegation: for a while, somebody else does what the holder of this grant may do.
    add delegated_from uuid references user_roles on delete restrict,
    add reason text check (length(reason) between 5 and 500),
    add constraint user_roles_period check (valid_until > valid_from or (valid_until > granted_at and valid_from is null)),
    add constraint user_roles_ended check (revoked_by is null or revoked_at is not null),
    -- Nobody grants or takes away what is their own.
    add constraint user_roles_others check (granted_by <> user_id and revoked_by <> user_id),
    add constraint user_roles_delegated check (delegated_from is null or (granted_by is not null and reason is not null
        and valid_from is not null and valid_until is not null and valid_until <= valid_from + interval '90 days'));
create index user_roles_user on user_roles (user_id, role_name);
create index user_roles_revoked_by on user_roles (revoked_by);
create index user_roles_delegated_from on user_roles (delegated_from);

-- What an organisation takes away from a role, for a time or until it gives it back. It never adds: the ceiling is law.
create table role_restrictions (
    restriction_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    role_name text not null,
    permission text not null references permissions on delete restrict,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until > valid_from),
    reason text not null check (length(reason) between 5 and 500),
    set_by uuid not null references users on delete restrict,
    set_at timestamptz not null check (set_at <= valid_from),
    lifted_by uuid references users on delete restrict,
    lifted_at timestamptz check (lifted_at >= set_at),
    check ((lifted_by is null) = (lifted_at is null))
);
create index role_restrictions_organization on role_restrictions (organization_id, role_name);
create index role_restrictions_permission on role_restrictions (permission);
create index role_restrictions_set_by on role_restrictions (set_by);
create index role_restrictions_lifted_by on role_restrictions (lifted_by);

-- What a person may do at a moment: what their roles of that moment may, without what their organisation has taken away.
create function app.permissions_at(person uuid, moment timestamptz) returns text[]
language plpgsql stable set search_path = pg_catalog
as $$
begin
    return (select coalesce(array_agg(distinct p.permission), '{}')
            from public.user_roles r
            join public.users u on u.id = r.user_id
            join public.organizations o on o.organization_id = u.organization_id
            join public.role_permissions p on p.kind = o.kind and p.role_name = r.role_name
            where r.user_id = person and app.holds(r.valid_from, r.valid_until, r.revoked_at, moment)
              and not exists (select from public.role_restrictions x
                              where x.organization_id = o.organization_id and x.role_name = p.role_name
                                and x.permission = p.permission
                                and app.holds(x.valid_from, x.valid_until, x.lifted_at, moment)));
end
$$;

grant select on role_restrictions to jebena_definer;
grant update (revoked_at, revoked_by) on user_roles to jebena_definer;
create policy definer_update on user_roles for update to jebena_definer using (true) with check (true);

set role jebena_definer;

-- The walls of user_roles that need other rows of it. A policy cannot ask its own table; these do.
create function gate.administers() returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
    return exists (select from public.user_roles r
                   where r.user_id = app.person() and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                     and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment()));
end
$$;
create function gate.is_own_grant(grant_id uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return exists (select from public.user_roles r where r.id = grant_id and r.user_id = app.person());
end
$$;

-- Before a role is granted: that the organisation has such a role, that the person does not hold it then already, that nobody
-- decides and administers, and that who delegates hands on what they hold themselves, to a colleague, while they hold it.
-- A grant is never changed: it ends once, and what was delegated from it ends with it.
create function gate.check_grant() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    house uuid;
    org_kind text;
    source public.user_roles;
    begins constant timestamptz := coalesce(new.valid_from, new.granted_at);
    ends constant timestamptz := coalesce(new.valid_until, 'infinity');
begin
    -- Two grants to one person wait for each other: each sees the other's row.
    perform pg_advisory_xact_lock(hashtextextended('role ' || new.user_id::text, 0));
    select o.organization_id, o.kind into house, org_kind
    from public.users u join public.organizations o on o.organization_id = u.organization_id
    where u.id = new.user_id;
    if not app.has_role(org_kind, new.role_name) then
        raise exception '% is no role of this organisation', new.role_name
            using errcode = 'check_violation', constraint = 'user_roles_fits';
    end if;
    -- Of an open grant that was never limited it does not matter when it began.
    if exists (select from public.user_roles r
               where r.user_id = new.user_id and r.role_name = new.role_name
                 and coalesce(r.valid_from, '-infinity') < ends
                 and least(r.valid_until, r.revoked_at, 'infinity') > greatest(begins, r.valid_from)) then
        raise exception 'the person holds that role then'
            using errcode = 'unique_violation', constraint = 'user_roles_held_once';
    end if;
    if exists (select from public.user_roles r
               where r.user_id = new.user_id and coalesce(r.valid_from, '-infinity') < ends
                 and least(r.valid_until, r.revoked_at, 'infinity') > greatest(begins, r.valid_from)
                 and (select count(distinct p.weight)
                      from public.role_permissions rp join public.permissions p on p.code = rp.permission
                      where rp.kind = org_kind and rp.role_name in (r.role_name, new.role_name)
                        and p.weight in ('DECIDES', 'ADMINISTERS')) = 2) then
        raise exception 'who administers decides no business act'
            using errcode = 'check_violation', constraint = 'user_roles_kept_apart';
    end if;
    if new.delegated_from is null then
        return new;
    end if;
    select r.* into source from public.user_roles r where r.id = new.delegated_from for update;
    if source.delegated_from is not null or source.role_name <> new.role_name or source.user_id = new.user_id
        or coalesce(source.valid_from, '-infinity') > begins
        or least(source.valid_until, source.revoked_at, 'infinity') < ends
        or not exists (select from public.users u where u.id = source.user_id and u.organization_id = house)
        or not exists (select from public.role_permissions rp join public.permissions p on p.code = rp.permission
                       where rp.kind = org_kind and rp.role_name = new.role_name and p.weight = 'DECIDES') then
        raise exception 'that cannot be delegated' using errcode = 'check_violation', constraint = 'user_roles_delegable';
    end if;
    return new;
end
$$;
create function gate.keep_grant() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    if old.revoked_at is not null
        or to_jsonb(new) - '{revoked_at,revoked_by}'::text[] <> to_jsonb(old) - '{revoked_at,revoked_by}'::text[] then
        raise exception 'a grant ends once, and is not changed otherwise' using errcode = 'P0001';
    end if;
    return new;
end
$$;
create function gate.end_delegations_of_grant() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.user_roles d set revoked_at = new.revoked_at, revoked_by = nullif(new.revoked_by, d.user_id)
    where d.delegated_from = new.id and d.revoked_at is null and d.valid_until > new.revoked_at;
    return null;
end
$$;
create function gate.end_delegations_of_person() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.user_roles d set revoked_at = new.updated_at, revoked_by = nullif(app.person(), d.user_id)
    from public.user_roles s
    where s.user_id = new.id and d.delegated_from = s.id and d.revoked_at is null and d.valid_until > new.updated_at;
    return null;
end
$$;

-- As before, with the roles of this moment, what they allow now, and by which delegations.
alter type gate.session_view add attribute permission_codes text[], add attribute delegations uuid[];
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
                 order by r.id)
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end
$$;

revoke all on function gate.administers(), gate.is_own_grant(uuid), gate.check_grant(), gate.keep_grant(),
    gate.end_delegations_of_grant(), gate.end_delegations_of_person() from public;
grant execute on function gate.administers(), gate.is_own_grant(uuid)
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant execute on function gate.check_grant(), gate.keep_grant(), gate.end_delegations_of_grant(),
    gate.end_delegations_of_person() to jebena_owner;
set role jebena_owner;

create trigger check_grant before insert on user_roles for each row execute function gate.check_grant();
create trigger keep_grant before update on user_roles for each row execute function gate.keep_grant();
create trigger end_delegations after update of revoked_at on user_roles for each row
    when (new.delegated_from is null) execute function gate.end_delegations_of_grant();
create trigger end_delegations after update of is_active on users for each row
    when (old.is_active and not new.is_active) execute function gate.end_delegations_of_person();

-- Nobody deletes a grant. An operator at the command line, who is nobody here, grants to everybody; everybody else within their
-- own organisation: who administers it, and who delegates what is their own.
drop policy admin_delete on user_roles;
drop policy admin_insert on user_roles;
revoke delete on user_roles from jebena_admin;
create policy operator_insert on user_roles for insert to jebena_admin with check ((select app.person()) is null);
create policy own_organization_insert on user_roles for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (granted_by = (select app.person())
        and exists (select from users u where u.id = user_id and u.organization_id = (select app.org()))
        and ((select gate.administers()) or gate.is_own_grant(delegated_from)));
create policy own_organization_update on user_roles for update
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (revoked_at is null
        and exists (select from users u where u.id = user_id and u.organization_id = (select app.org()))
        and ((select gate.administers()) or gate.is_own_grant(delegated_from)))
    with check (revoked_by = (select app.person()));
grant insert, update (revoked_at, revoked_by) on user_roles
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
-- Who writes a mail to somebody who does another's work for a while.
create policy worker_select on user_roles for select to jebena_worker using (true);
grant select (id, user_id, role_name, valid_from, valid_until, revoked_at, delegated_from) on user_roles to jebena_worker;

alter table role_restrictions enable row level security;
alter table role_restrictions force row level security;
create policy own_organization_select on role_restrictions for select to jebena_party, jebena_regulator
    using (organization_id = (select app.org()));
create policy class_select on role_restrictions for select to jebena_auditor, jebena_admin, jebena_definer using (true);
-- What administers is not taken away from a role: nobody could give it back.
create policy administrator_insert on role_restrictions for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (organization_id = (select app.org()) and set_by = (select app.person()) and lifted_by is null
        and (select gate.administers())
        and exists (select from role_permissions rp join permissions p on p.code = rp.permission
                    where rp.kind = (select app.org_kind()) and rp.role_name = role_restrictions.role_name
                      and rp.permission = role_restrictions.permission and p.weight <> 'ADMINISTERS'));
create policy administrator_update on role_restrictions for update
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (organization_id = (select app.org()) and lifted_at is null and (select gate.administers()))
    with check (lifted_by = (select app.person()));
grant select, insert, update (lifted_by, lifted_at) on role_restrictions
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;

-- Who administers does so while they hold the role.
alter policy administrator_select on user_sessions
    using ((select gate.administers())
           and exists (select from users u where u.id = user_id and u.organization_id = (select app.org())));
alter policy administrator_select on security_alerts
    using (organization_id = (select app.org()) and (select gate.administers()));
alter policy administrator_update on security_alerts
    using (acknowledged_at is null and organization_id = (select app.org()) and (select gate.administers()));
alter policy administrator_select on security_alert_events
    using (organization_id = (select app.org()) and (select gate.administers()));
alter policy administrator_select on security_activity
    using (organization_id = (select app.org()) and (select gate.administers()));

-- What a person is told of it.
update processing_register
set told = '{role_name,granted_at,valid_from,valid_until,revoked_at,reason}'
where source = 'user_roles' and person_column = 'user_id';
insert into processing_register (source, person_column, purpose, legal_basis, kept, told) values
    ('user_roles', 'revoked_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT', '{role_name,revoked_at}'),
    ('role_restrictions', 'set_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT',
        '{restriction_id,role_name,permission,set_at}'),
    ('role_restrictions', 'lifted_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT',
        '{restriction_id,role_name,permission,lifted_at}');
alter policy own_data_select on user_roles using (user_id = (select app.person()) or granted_by = (select app.person())
    or revoked_by = (select app.person()));
create policy own_data_select on role_restrictions for select to jebena_privacy
    using (set_by = (select app.person()) or lifted_by = (select app.person()));
grant select (valid_from, valid_until, revoked_at, revoked_by, reason) on user_roles to jebena_privacy;
grant select (restriction_id, role_name, permission, set_by, set_at, lifted_by, lifted_at) on role_restrictions to jebena_privacy;

-- Who is to do another's work learns of it.
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY', 'ROLE_DELEGATED'));
