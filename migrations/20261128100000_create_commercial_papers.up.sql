-- The commercial set: what a seller keeps for all its papers, what was typed for each, and the numbers that an exporter
-- gives its own. The papers themselves are rows of issued_papers; one that no longer holds has a row of paper_withdrawals.

-- Positions of the customs tariff (domain 5.7). Six digits are the Harmonized System's; the last two are the national
-- subdivision, which the sources name for the first position alone and which is assumed for the others.
create table hs_codes (
    hs_code char(8) primary key check (hs_code ~ '^[0-9]{8}$'),
    coffee_form text not null check (coffee_form in ('GREEN', 'ROASTED', 'HUSKS', 'EXTRACT')),
    decaffeinated boolean not null,
    name text not null,
    name_am text not null,
    valid_from date not null default '2020-01-01',
    valid_to date
);
insert into hs_codes (hs_code, coffee_form, decaffeinated, name, name_am) values
    ('09011100', 'GREEN', false, 'Coffee, not roasted, not decaffeinated', 'ያልተቆላ፣ ካፌይን ያልወጣለት ቡና'),
    ('09011200', 'GREEN', true, 'Coffee, not roasted, decaffeinated', 'ያልተቆላ፣ ካፌይን የወጣለት ቡና'),
    ('09012100', 'ROASTED', false, 'Coffee, roasted, not decaffeinated', 'የተቆላ፣ ካፌይን ያልወጣለት ቡና'),
    ('09012200', 'ROASTED', true, 'Coffee, roasted, decaffeinated', 'የተቆላ፣ ካፌይን የወጣለት ቡና'),
    ('09019000', 'HUSKS', false, 'Coffee husks and skins; substitutes containing coffee', 'የቡና ገለባና ቅርፊት'),
    ('21011100', 'EXTRACT', false, 'Extracts, essences and concentrates of coffee', 'የቡና ጭማቂና ውህድ');
grant select on hs_codes to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker,
    jebena_system;

insert into number_series (series_key, pattern, reset, description) values
    ('INVOICE', 'INV-{scope}-{yyyy}-{n:4}', 'YEAR', 'Proforma and commercial invoice, per exporter'),
    ('PACKING_LIST', 'PL-{scope}-{yyyy}-{n:4}', 'YEAR', 'Packing list, per exporter'),
    ('SHIPPING_INSTRUCTION', 'SI-{scope}-{yyyy}-{n:4}', 'YEAR', 'Shipping instruction, per exporter'),
    ('WEIGHT_CERTIFICATE', 'WC-{scope}-{yyyy}-{n:4}', 'YEAR', 'Certificate of weight, per exporter'),
    ('WAY_BILL', 'WB-{scope}-{yyyy}-{n:4}', 'YEAR', 'Truck way bill, per exporter');

-- An account to which buyers pay. It is at a bank of the consortium, since the proceeds of an export come in through the
-- bank that has granted its permit. One that is closed stays: papers have named it.
create table seller_accounts (
    account_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    bank_organization_id uuid not null references organizations on delete restrict,
    branch text not null check (length(branch) between 2 and 100),
    holder text not null check (length(holder) between 3 and 120),
    account_number text not null check (account_number ~ '^[0-9A-Z /-]{5,34}$'),
    currency char(3) not null references currencies,
    -- ISO 9362: bank, country, place, and a branch where it has one.
    swift text not null check (swift ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
    correspondent text check (length(correspondent) between 2 and 120),
    correspondent_swift text check (correspondent_swift ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
    is_open boolean not null default true,
    version int not null default 1 check (version > 0),
    changed_by uuid not null references users on delete restrict,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint seller_accounts_once unique (organization_id, bank_organization_id, account_number, currency),
    check (correspondent_swift is null or correspondent is not null)
);
create index seller_accounts_bank on seller_accounts (bank_organization_id);
create index seller_accounts_currency on seller_accounts (currency);
create index seller_accounts_changed_by on seller_accounts (changed_by);

-- What a seller says on every paper in the same way.
create table seller_terms (
    organization_id uuid primary key references organizations on delete restrict,
    mark text check (length(mark) <= 60),
    packing_place text check (length(packing_place) <= 60),
    signatory_title text check (length(signatory_title) <= 60),
    has_liner boolean not null default false,
    liner_kg numeric(6, 3) check (liner_kg > 0),
    version int not null default 1 check (version > 0),
    changed_by uuid not null references users on delete restrict,
    changed_at timestamptz not null,
    check (liner_kg is null or has_liner)
);
create index seller_terms_changed_by on seller_terms (changed_by);

-- What was typed for a paper, from which its correction starts; and its number without the revision, which the
-- corrections of one paper share, as the proforma and the invoice do.
create table commercial_papers (
    paper_id uuid primary key references issued_papers on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    export_id uuid not null references exports on delete restrict,
    kind text not null check (kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION',
        'WEIGHT_CERTIFICATE', 'WAY_BILL')),
    series_number text not null,
    revision int not null check (revision > 0),
    asked jsonb not null,
    constraint commercial_papers_number unique (organization_id, kind, series_number, revision)
);
create index commercial_papers_export on commercial_papers (export_id);
call app.make_append_only('commercial_papers');

do $$
declare
    relation text;
begin
    foreach relation in array array['seller_accounts', 'seller_terms', 'commercial_papers'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy own_organization_select on %I for select to jebena_party
            using (organization_id = (select app.org()))', relation);
        execute format('create policy class_select on %I for select to jebena_auditor using (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_auditor', relation);
    end loop;
    foreach relation in array array['seller_accounts', 'seller_terms'] loop
        execute format('create policy exporter_insert on %I for insert to jebena_party
            with check (organization_id = (select app.org()) and (select app.org_kind()) = ''EXPORTER'')', relation);
        execute format('create policy exporter_update on %I for update to jebena_party
            using (organization_id = (select app.org())) with check (organization_id = (select app.org()))', relation);
    end loop;
end
$$;
grant insert on seller_accounts, seller_terms, commercial_papers to jebena_party;
grant update (bank_organization_id, branch, holder, account_number, currency, swift, correspondent, correspondent_swift,
    is_open, version, changed_by, changed_at) on seller_accounts to jebena_party;
grant update (mark, packing_place, signatory_title, has_liner, liner_kg, version, changed_by, changed_at) on seller_terms
    to jebena_party;
create policy exporter_insert on commercial_papers for insert to jebena_party with check (
    organization_id = (select app.org())
    and exists (select from issued_papers p where p.paper_id = commercial_papers.paper_id
                and p.owner_organization_id = (select app.org()) and p.export_id = commercial_papers.export_id
                and p.kind = commercial_papers.kind));

-- What the exporter has issued here counts on the checklist of its export beside what was uploaded: nobody prints, scans
-- and uploads what the product itself has made. The proforma keeps a name of its own, since it does for the invoice only
-- until the goods are cleared (exports::rules::checklist).
set role jebena_definer;

create function gate.note_what_is_there(export uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(t.document_type order by t.document_type), '{}') as types
          from (select x.document_type from public.export_documents x where x.export_id = export and x.is_active
                union all
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
end
$$;

create or replace function gate.note_attached() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    perform gate.note_what_is_there(new.export_id);
    return null;
end
$$;

create function gate.note_withdrawn() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    perform gate.note_what_is_there((select p.export_id from public.issued_papers p where p.paper_id = new.paper_id));
    return null;
end
$$;

revoke all on function gate.note_what_is_there(uuid), gate.note_withdrawn() from public;
grant execute on function gate.note_withdrawn() to jebena_owner;
set role jebena_owner;

create constraint trigger attached after insert on issued_papers deferrable initially deferred for each row
    when (new.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE'))
    execute function gate.note_attached();
create constraint trigger attached after insert on paper_withdrawals deferrable initially deferred for each row
    execute function gate.note_withdrawn();
