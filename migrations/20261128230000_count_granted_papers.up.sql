-- What the authority grants here is on record here: nobody prints, scans and uploads its paper for the checklist. Until an
-- export is submitted, what holds counts; from then on, what held on the day on which it was submitted. What becomes of a
-- grant after that is for the gates to judge, which are asked once more at the permit (domain 2.5), and not for the checklist.
set role jebena_definer;

create function gate.granted_papers(export uuid) returns table (kind text, paper_id uuid)
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

create or replace function gate.note_what_is_there(export uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(t.document_type order by t.document_type), '{}') as types
          from (select x.document_type from public.export_documents x
                where x.export_id = export and x.is_active and x.scan_status <> 'INFECTED'
                  and 'REJECTED' is distinct from (select c.verdict from public.document_checks c
                      where c.document_id = x.document_id order by c.checked_at desc, c.check_id desc limit 1)
                union all
                select w.document_type from public.document_waivers w
                where w.export_id = export and w.revoked_at is null
                union all
                select 'EUDR_STATEMENT' from public.due_diligence_statements s
                where s.export_id = export and s.superseded_by is null
                  and (s.told_state is null or s.told_state not in ('REJECTED', 'WITHDRAWN', 'SUSPENDED', 'OBSOLETE'))
                union all
                select g.kind from gate.granted_papers(export) g
                union all
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
end
$$;

-- A grant that comes, ends or comes back counts for what its firm prepares; what was submitted keeps what it had.
create function gate.note_granted() returns trigger
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

-- A lot that is inspected, or inspected again, is so for every export that it goes into.
create function gate.note_graded() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    about constant jsonb := to_jsonb(new);
    export uuid;
begin
    for export in select x.export_id from public.export_lots x
                  join public.coffee_lots l on l.lot_id = x.lot_id
                  join public.exports e on e.export_id = x.export_id
                  where l.inspection_id = (about ->> 'inspection_id')::uuid and e.stage <> 'CLOSED' order by x.export_id loop
        perform gate.note_what_is_there(export);
    end loop;
    return null;
end
$$;

create function gate.note_taken_out() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    perform gate.note_what_is_there(old.export_id);
    return null;
end
$$;

revoke all on function gate.granted_papers(uuid), gate.note_granted(), gate.note_graded(), gate.note_taken_out() from public;
grant execute on function gate.granted_papers(uuid) to jebena_party, jebena_regulator, jebena_auditor;
grant execute on function gate.note_granted(), gate.note_graded(), gate.note_taken_out() to jebena_owner;
set role jebena_owner;

create constraint trigger attached_with after insert on exports deferrable initially deferred for each row
    execute function gate.note_attached();
create constraint trigger attached after insert on export_lots deferrable initially deferred for each row
    execute function gate.note_attached();
create constraint trigger taken_out after delete on export_lots deferrable initially deferred for each row
    execute function gate.note_taken_out();
create constraint trigger granted after insert on issued_papers deferrable initially deferred for each row
    when (new.kind in ('COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE')) execute function gate.note_granted();
create constraint trigger graded after insert on issued_papers deferrable initially deferred for each row
    when (new.kind = 'QUALITY_CERTIFICATE') execute function gate.note_graded();
create constraint trigger graded after update of inspection_id on coffee_lots deferrable initially deferred for each row
    when (new.inspection_id is distinct from old.inspection_id) execute function gate.note_graded();
create constraint trigger granted after update of status, superseded_by on competence_certificates
    deferrable initially deferred for each row
    when (new.status <> old.status or new.superseded_by is distinct from old.superseded_by)
    execute function gate.note_granted();
create constraint trigger granted after update of status, superseded_by on export_licenses
    deferrable initially deferred for each row
    when (new.status <> old.status or new.superseded_by is distinct from old.superseded_by)
    execute function gate.note_granted();

set role jebena_definer;
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
