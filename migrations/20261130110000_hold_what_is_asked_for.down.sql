do $$
begin
    alter table legal_holds no force row level security;
    if exists (select from legal_holds) then
        raise exception 'there are legal holds';
    end if;
    alter table erasures no force row level security;
    if exists (select from erasures where refusal = 'LEGAL_HOLD') then
        raise exception 'there are erasures that a hold has stopped';
    end if;
    alter table erasures force row level security;
end
$$;
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job');
alter table erasures drop constraint erasures_refusal_check,
    add constraint erasures_refusal_check check (refusal in ('OPEN_CLAIMS', 'SOLE_ADMINISTRATOR'));
drop trigger held on users;
grant create on schema app to jebena_definer;
set role jebena_definer;
drop function app.refuse_erasing_held();
create or replace function app.erasure_refusal(person uuid) returns text language sql stable security definer
    set search_path = pg_catalog as $$
    select case
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
create or replace function app.retention_condition(p public.retention_policies, moment timestamptz) returns text language sql stable
    set search_path = pg_catalog as $$
    select concat_ws(' and ', format('t.%I <= %L::timestamptz', p.age_column, moment - p.kept),
        case when p.state_column is not null then format('t.%I = %L', p.state_column, p.state) end,
        case when p.unset_column is not null then format('t.%I is null', p.unset_column) end,
        case when p.method = 'CLEAR' and p.source = 'audit.event_private' then format('t.payload ?| %L::text[]', p.clears)
             when p.method = 'CLEAR' then format('t.%I is not null', p.clears[1]) end)
$$;
drop function app.hold_subject_name(text, uuid);
drop function app.find_hold_subject(text, text);
drop function app.is_person_held(uuid);
drop function app.is_event_held(uuid, timestamptz);
drop function app.is_held(uuid, uuid, uuid);
drop function app.active_holds();
set role jebena_owner;
revoke create on schema app from jebena_definer;
revoke select (occurred_at, organization_id, entity_type, details) on audit.events from jebena_definer;
delete from retention_policies where class = 'LEGAL_HOLDS';
alter table retention_policies drop column case_column, drop column organization_column, drop column person_column;
delete from processing_register where source = 'legal_holds';
drop table legal_holds;
drop function app.keep_hold();
