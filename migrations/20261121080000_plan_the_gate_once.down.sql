set role jebena_definer;
-- The session behind a cookie with its person, organisation and roles: one statement a request. No row when
-- it has expired, when the person or the organisation is disabled, or when it was idle too long.
create or replace function gate.find_session(wanted bytea, moment timestamptz, idle interval)
returns setof gate.session_view language sql stable security definer set search_path = pg_catalog
begin atomic
    select s.data, s.created_at, s.last_activity, s.expires_at,
           u.id, u.username, u.full_name, u.language, u.shortcuts_enabled, u.is_demo,
           o.organization_id, o.kind, o.code, o.name, o.name_am,
           array(select r.role_name from public.user_roles r where r.user_id = u.id order by r.role_name)
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end;

-- The name of a person whose id one has met on a case. No list can be had of it.
create or replace function gate.person_name(person uuid) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
    select u.full_name from public.users u where u.id = person;
end;

-- What a stranger with a code may know of a paper.
create or replace function gate.find_paper(code text, today date)
returns table (kind text, number text, state text, issued_on date, valid_until date, since date,
               snapshot jsonb, content_sha256 bytea, replaced_by text)
language sql stable security definer set search_path = pg_catalog
begin atomic
    select p.kind, p.number,
           case when p.kind = 'EXPORT_PERMIT' then
                    case when pe.status = 'ISSUED' and pe.valid_until < today then 'EXPIRED'
                         when pe.status = 'ISSUED' then 'VALID'
                         when pe.status = 'CANCELLED' then 'REVOKED'
                         else pe.status end
                else case c.status when 'ISSUED' then 'VALID' else c.status end end,
           (p.issued_at at time zone 'Africa/Addis_Ababa')::date,
           pe.valid_until,
           coalesce(pe.used_date, (pe.cancelled_at at time zone 'Africa/Addis_Ababa')::date),
           p.snapshot, p.content_sha256, r.certificate_number
    from public.issued_papers p
    left join public.export_permits pe on pe.permit_id = p.permit_id
    left join public.certificates_of_origin c on c.certificate_id = p.certificate_id
    left join public.certificates_of_origin r on r.certificate_id = c.replaced_by
    where p.verify_code = code;
end;
set role jebena_owner;
