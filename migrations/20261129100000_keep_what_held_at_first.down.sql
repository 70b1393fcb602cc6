set role jebena_definer;
create or replace function gate.granted_papers(export uuid) returns table (kind text, paper_id uuid)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
    firm uuid;
    submitted_on date;
begin
    select e.exporter_organization_id, app.eat_date(e.submitted_at) into firm, submitted_on
    from public.exports e where e.export_id = export;
    return query
    select distinct on (g.kind) g.kind, g.paper_id
    from (select p.kind, p.paper_id, p.issued_at, c.status, c.superseded_by, c.issued_date, c.expiry_date
          from public.exporter_profiles f
          join public.competence_certificates c on c.exporter_id = f.exporter_id
          join public.issued_papers p on p.competence_id = c.certificate_id
          where f.organization_id = firm
          union all
          select p.kind, p.paper_id, p.issued_at, l.status, l.superseded_by, l.issued_date, l.expiry_date
          from public.exporter_profiles f
          join public.export_licenses l on l.exporter_id = f.exporter_id
          join public.issued_papers p on p.license_id = l.license_id
          where f.organization_id = firm) g
    where case when submitted_on is null then g.status = 'ACTIVE' and g.superseded_by is null
               else submitted_on between g.issued_date and g.expiry_date end
    order by g.kind, g.issued_at desc;
    -- Certificates of quality for a part of the coffee are none for the export.
    return query
    select distinct on (p.inspection_id) p.kind, p.paper_id
    from public.export_lots x
    join public.coffee_lots l on l.lot_id = x.lot_id
    join public.issued_papers p on p.inspection_id = l.inspection_id
    where x.export_id = export
      and not exists (select from public.export_lots y join public.coffee_lots m on m.lot_id = y.lot_id
                      where y.export_id = export
                        and not exists (select from public.issued_papers q where q.inspection_id = m.inspection_id))
    order by p.inspection_id, p.duplicate desc;
end
$$;

create or replace function gate.note_granted() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    about constant jsonb := to_jsonb(new);
    firm uuid := about ->> 'owner_organization_id';
    export uuid;
begin
    if firm is null then
        select p.organization_id into firm from public.exporter_profiles p
        where p.exporter_id = (about ->> 'exporter_id')::uuid;
    end if;
    for export in select e.export_id from public.exports e
                  where e.exporter_organization_id = firm and e.stage = 'PREPARATION' order by e.export_id loop
        perform gate.note_what_is_there(export);
    end loop;
    return null;
end
$$;
do $$
declare
    export uuid;
begin
    for export in select e.export_id from public.exports e where e.stage <> 'CLOSED' loop
        perform gate.note_what_is_there(export);
    end loop;
end
$$;
set role jebena_owner;
revoke select on export_status_history from jebena_definer;
drop policy definer_select on export_status_history;
