-- What held on the day on which an export was first submitted stays on its checklist, however often it comes back and is
-- handed on again: a grant that ends on the way is for the gates at the permit to judge (domain 2.5). What holds today
-- counts as well while the export runs, so that who was asked for a paper may be granted it instead of uploading one.
create policy definer_select on export_status_history for select to jebena_definer using (true);
grant select on export_status_history to jebena_definer;

set role jebena_definer;
create or replace function gate.granted_papers(export uuid) returns table (kind text, paper_id uuid)
-- With the thousand rows that a function is taken to have, every paper there is would be read.
language plpgsql stable strict rows 4 security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
    firm uuid;
    runs boolean;
    submitted_on date;
begin
    select e.exporter_organization_id, e.stage <> 'CLOSED', app.eat_date(e.submitted_at) into firm, runs, submitted_on
    from public.exports e where e.export_id = export;
    -- A part of a divided export was submitted with the whole: it has no submission of its own.
    select coalesce(app.eat_date(min(h.created_at)), submitted_on) into submitted_on
    from public.export_status_history h where h.export_id = export and h.action = 'submit';
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
    cross join lateral (select submitted_on between g.issued_date and g.expiry_date is true as at_first) held
    where held.at_first or (runs and g.status = 'ACTIVE' and g.superseded_by is null)
    order by g.kind, held.at_first desc, g.issued_at desc;
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

-- A grant that comes, ends or comes back counts for what its firm has in hand: what it prepares, and what came back to it.
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
                  where e.exporter_organization_id = firm and e.stage in ('PREPARATION', 'RETURNED')
                  order by e.export_id loop
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
