drop trigger attached_with on exports;
drop trigger attached on export_lots;
drop trigger taken_out on export_lots;
drop trigger granted on issued_papers;
drop trigger graded on issued_papers;
drop trigger graded on coffee_lots;
drop trigger granted on competence_certificates;
drop trigger granted on export_licenses;
set role jebena_definer;
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
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
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
drop function gate.granted_papers(uuid), gate.note_granted(), gate.note_graded(), gate.note_taken_out();
set role jebena_owner;
