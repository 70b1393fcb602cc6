-- Each document of an export's checklist stands as missing, uploaded, checked, rejected or waived (domain 4.8). The
-- organisation whose step asks for it looks at it; what it found stays on record, also when a newer file or another look
-- takes its place.

create table document_checks (
    check_id uuid primary key,
    document_id uuid not null references export_documents on delete restrict,
    export_id uuid not null references exports on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    verdict text not null check (verdict in ('CHECKED', 'REJECTED')),
    -- Why it is rejected; who brings another has to know.
    reason text check (length(reason) between 10 and 500),
    checked_by uuid not null references users on delete restrict,
    checked_at timestamptz not null,
    check ((verdict = 'REJECTED') = (reason is not null))
);
-- The newest says how the document stands.
create index document_checks_document on document_checks (document_id, checked_at desc, check_id desc);
create index document_checks_export on document_checks (export_id);
create index document_checks_organization on document_checks (organization_id);
create index document_checks_checked_by on document_checks (checked_by);
call app.make_append_only('document_checks');

-- A supervisor of the organisation whose step asks for a document does without it, for one export, with a reason.
create table document_waivers (
    waiver_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    document_type text not null references document_types,
    organization_id uuid not null references organizations on delete restrict,
    reason text not null check (length(reason) between 10 and 500),
    waived_by uuid not null references users on delete restrict,
    waived_at timestamptz not null,
    revoked_by uuid references users on delete restrict,
    revoked_at timestamptz,
    check (num_nulls(revoked_by, revoked_at) in (0, 2))
);
create unique index document_waivers_in_force on document_waivers (export_id, document_type) where revoked_at is null;
create index document_waivers_export on document_waivers (export_id);
create index document_waivers_type on document_waivers (document_type);
create index document_waivers_organization on document_waivers (organization_id);
create index document_waivers_waived_by on document_waivers (waived_by);
create index document_waivers_revoked_by on document_waivers (revoked_by);

do $$
declare
    relation text;
begin
    foreach relation in array array['document_checks', 'document_waivers'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy party_select on %I for select to jebena_party, jebena_regulator, jebena_auditor
            using (exists (select from exports e where e.export_id = %I.export_id))', relation, relation);
        execute format('create policy class_select on %I for select to jebena_system, jebena_worker, jebena_definer
            using (true)', relation);
        execute format('create policy own_organization_insert on %I for insert to jebena_party, jebena_regulator
            with check (organization_id = (select app.org())
                and exists (select from exports e where e.export_id = %I.export_id))', relation, relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_system,
            jebena_worker, jebena_definer', relation);
        execute format('grant insert on %I to jebena_party, jebena_regulator', relation);
    end loop;
end
$$;
create policy own_organization_update on document_waivers for update to jebena_party, jebena_regulator
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant update (revoked_by, revoked_at) on document_waivers to jebena_party, jebena_regulator;

-- What is there for the checklist: files that nobody has rejected, papers issued here, and what was waived.
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
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
end
$$;
set role jebena_owner;

create constraint trigger attached after insert on document_checks deferrable initially deferred for each row
    execute function gate.note_attached();
create constraint trigger attached after insert or update on document_waivers deferrable initially deferred for each row
    execute function gate.note_attached();
