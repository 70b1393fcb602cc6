-- What a scanner says of a file. A file that came while the scanner did not answer waits for its scan: it is kept, its own
-- organisation sees it, nobody else opens it, and it does not count. One that is found infected stays locked away for good.
-- What came while no scanner was configured says so, and stays usable.

-- The policies hold against the owner too, who sees no row while they are in force.
alter table export_documents no force row level security;
alter table preregistration_documents no force row level security;
do $$
declare
    relation text;
begin
    -- A table with work left to its triggers is not altered.
    set constraints all immediate;
    foreach relation in array array['export_documents', 'preregistration_documents'] loop
        execute format('alter table %I drop constraint %I, add column scanned_at timestamptz check (isfinite(scanned_at)),
            add column scan_engine text, add column scan_signature text', relation, relation || '_scan_status_check');
        -- No scanner has given a verdict so far. Should somebody have set one by hand, it is taken for what it says.
        execute format('update %I set scanned_at = uploaded_at, scan_engine = ''unknown'',
            scan_signature = case scan_status when ''INFECTED'' then ''unknown'' end
            where scan_status <> ''NOT_SCANNED''', relation);
        execute format('alter table %I
            add constraint %I check (scan_status in (''NOT_SCANNED'', ''WAITING'', ''CLEAN'', ''INFECTED'')),
            -- A verdict has its moment and its scanner, as that calls itself; what has none has neither.
            add constraint %I check ((scan_status in (''CLEAN'', ''INFECTED'')) = (scanned_at is not null)
                and (scanned_at is null) = (scan_engine is null)),
            add constraint %I check (length(scan_engine) between 1 and 200),
            -- What was found has a name.
            add constraint %I check ((scan_status = ''INFECTED'') = (scan_signature is not null)),
            add constraint %I check (length(scan_signature) between 1 and 200)',
            relation, relation || '_scan_status_check', relation || '_scan_verdict_check',
            relation || '_scan_engine_check', relation || '_scan_infected_check', relation || '_scan_signature_check');
        execute format('create index %I on %I (uploaded_at) where scan_status = ''WAITING''',
            relation || '_waiting_for_scan', relation);
        -- The scan comes after the upload, as work of its own; a verdict is given once.
        execute format('create policy worker_update on %I for update to jebena_worker
            using (scan_status in (''NOT_SCANNED'', ''WAITING'')) with check (scan_status in (''CLEAN'', ''INFECTED''))', relation);
        execute format('grant update (scan_status, scanned_at, scan_engine, scan_signature) on %I to jebena_worker', relation);
        -- What is found infected before it is kept is not kept.
        execute format('create policy only_sound_insert on %I as restrictive for insert to jebena_party, jebena_regulator
            with check (scan_status <> ''INFECTED'')', relation);
        -- A copy of a person's data leaves out what is locked away.
        execute format('grant select (scan_status) on %I to jebena_privacy', relation);
    end loop;
end
$$;
alter table export_documents force row level security;
alter table preregistration_documents force row level security;

-- What waits for its scan, or is infected, is not there for the checklist.
set role jebena_definer;
create or replace function gate.note_what_is_there(export uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(t.document_type order by t.document_type), '{}') as types
          from (select x.document_type from public.export_documents x
                where x.export_id = export and x.is_active and x.scan_status in ('NOT_SCANNED', 'CLEAN')
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

-- What is infected is an alert about who brought it.
alter table security_alerts drop constraint security_alerts_rule_check;
alter table security_alerts add constraint security_alerts_rule_check
    check (rule in ('FAILED_SIGN_INS', 'PRIVILEGE_CHANGE', 'UNUSUAL_EXPORTS', 'INFECTED_FILES'));
alter table security_alerts add constraint security_alerts_infected_check
    check (rule <> 'INFECTED_FILES' or (subject_kind = 'USER' and measure = 'FILES'));
