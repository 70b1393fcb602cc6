-- Verdicts of a scanner are what keeps a file shut: once there are some, going back means a backup.
-- The walls stand against the owner too, who would see no row of it.
alter table export_documents no force row level security;
alter table preregistration_documents no force row level security;
alter table security_alerts no force row level security;
do $$
declare
    relation text;
begin
    if exists (select from export_documents where scan_status in ('WAITING', 'INFECTED'))
        or exists (select from preregistration_documents where scan_status in ('WAITING', 'INFECTED'))
        or exists (select from security_alerts where rule = 'INFECTED_FILES') then
        raise exception 'there are files that a scanner keeps shut, which the schema before would open';
    end if;
    foreach relation in array array['export_documents', 'preregistration_documents'] loop
        execute format('revoke select (scan_status) on %I from jebena_privacy', relation);
        execute format('drop policy only_sound_insert on %I', relation);
        execute format('revoke update (scan_status, scanned_at, scan_engine, scan_signature) on %I from jebena_worker', relation);
        execute format('drop policy worker_update on %I', relation);
        execute format('drop index %I', relation || '_waiting_for_scan');
        execute format('alter table %I drop column scanned_at, drop column scan_engine, drop column scan_signature,
            drop constraint %I, add constraint %I check (scan_status in (''NOT_SCANNED'', ''CLEAN'', ''INFECTED''))',
            relation, relation || '_scan_status_check', relation || '_scan_status_check');
    end loop;
end
$$;
alter table export_documents force row level security;
alter table preregistration_documents force row level security;
alter table security_alerts force row level security;

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
set role jebena_owner;

alter table security_alerts drop constraint security_alerts_infected_check;
alter table security_alerts drop constraint security_alerts_rule_check;
alter table security_alerts add constraint security_alerts_rule_check
    check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS'));
