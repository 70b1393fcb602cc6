-- A paper proves itself: its seal, which a stranger checks without asking, and the signed file. Both are made after the
-- transaction that issues the paper, by a job that it enters: a signature cannot be rolled back. A paper without a row here
-- is one that is still to be sealed.

-- Who issues is on record with the paper: people change their organisation, papers do not.
alter table issued_papers add issuer_organization_id uuid references organizations on delete restrict;
alter table issued_papers disable trigger append_only_rows;
alter table issued_papers no force row level security;
alter table users no force row level security;
update issued_papers p set issuer_organization_id = u.organization_id from users u where u.id = p.issued_by;
alter table users force row level security;
alter table issued_papers force row level security;
alter table issued_papers enable always trigger append_only_rows;
alter table issued_papers alter issuer_organization_id set not null;
create index issued_papers_issuer on issued_papers (issuer_organization_id, issued_at desc);

alter policy ecta_insert on issued_papers with check ((select app.org_kind()) = 'ECTA'
    and issuer_organization_id = (select app.org())
    and kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE', 'COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE',
                 'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE'));
alter policy exporter_insert on issued_papers with check (
    owner_organization_id = (select app.org())
    and issuer_organization_id = (select app.org())
    and kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE',
                 'WAY_BILL')
    and exists (select from exports e where e.export_id = issued_papers.export_id
                and e.exporter_organization_id = (select app.org())));

-- The seal of a paper: claims and signature (COSE_Sign1), as the QR code carries them.
create table paper_seals (
    paper_id uuid primary key references issued_papers on delete restrict,
    -- Whose seal it is: that of who issued the paper.
    organization_id uuid not null references organizations on delete restrict,
    -- SHA-256 of the certificate whose key has signed.
    certificate_sha256 bytea not null check (length(certificate_sha256) = 32),
    cose bytea not null check (length(cose) between 64 and 2048),
    -- The same as a credential for machines (VC as a JWT), of the kinds that are one.
    credential text check (length(credential) <= 16384
        and credential ~ '^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$'),
    sealed_at timestamptz not null
);
create index paper_seals_certificate on paper_seals (certificate_sha256);
create index paper_seals_organization on paper_seals (organization_id);

-- The paper as a signed file (PDF/A-3 with PAdES). The seal stands in it, so that there is none before.
create table paper_files (
    paper_id uuid primary key references paper_seals on delete restrict,
    storage_key text not null unique,
    sha256 bytea not null check (length(sha256) = 32),
    size_bytes bigint not null check (size_bytes > 0),
    -- How long it can be checked: B-LT brings a time stamp and the lists of what was revoked.
    level text not null check (level in ('B-B', 'B-T', 'B-LT')),
    signed_at timestamptz not null
);

do $$
declare
    name text;
begin
    foreach name in array array['paper_seals', 'paper_files'] loop
        execute format('create trigger append_only_rows before update or delete on %I
            for each row execute function app.refuse_change()', name);
        execute format('create trigger append_only_table before truncate on %I
            for each statement execute function app.refuse_change()', name);
        execute format('alter table %I enable always trigger append_only_rows', name);
        execute format('alter table %I enable always trigger append_only_table', name);
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        -- Whoever sees the paper sees what proves it.
        execute format('create policy party_select on %I for select to jebena_party, jebena_regulator, jebena_auditor
            using (exists (select from issued_papers p where p.paper_id = %1$I.paper_id))', name);
        execute format('create policy definer_select on %I for select to jebena_definer using (true)', name);
        execute format('create policy worker_select on %I for select to jebena_worker using (true)', name);
        execute format('create policy worker_insert on %I for insert to jebena_worker with check (true)', name);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_definer', name);
        execute format('grant select, insert on %I to jebena_worker', name);
    end loop;
end
$$;

set role jebena_definer;
-- What proves the paper with this code, for anybody who has it.
create function gate.find_proof(code text)
returns table (paper_id uuid, number text, cose bytea, credential text, storage_key text)
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select p.paper_id, p.number, s.cose, s.credential, f.storage_key
    from public.issued_papers p
    left join public.paper_seals s on s.paper_id = p.paper_id
    left join public.paper_files f on f.paper_id = p.paper_id
    where p.verify_code = code;
end
$$;
revoke all on function gate.find_proof(text) from public;
grant execute on function gate.find_proof(text) to jebena_public;
set role jebena_owner;

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('SEAL_PAPERS', 60, 'epoch');
alter table job_schedules force row level security;
