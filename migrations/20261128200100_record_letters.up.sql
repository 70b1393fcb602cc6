-- A letter of credit: a bank's promise to pay against documents (UCP 600). It serves a contract, and the exports that draw
-- on it; an amendment is another version of its terms, so that what was promised when can always be read.
create table letters_of_credit (
    letter_id uuid primary key,
    contract_id uuid not null references sales_contracts on delete restrict,
    exporter_organization_id uuid not null references organizations on delete restrict,
    -- The exporter's bank: it was advised of the letter, checks the documents against it, and puts it on record.
    bank_organization_id uuid not null references organizations on delete restrict,
    lc_number text not null check (length(lc_number) between 3 and 35),
    issuing_bank text not null check (length(issuing_bank) between 2 and 140),
    currency char(3) not null references currencies on delete restrict,
    recorded_by uuid not null references users on delete restrict,
    recorded_at timestamptz not null,
    -- Once for each contract: the same letter may serve another contract of the buyer too.
    constraint letters_of_credit_once unique (contract_id, bank_organization_id, lc_number)
);
create index letters_of_credit_exporter on letters_of_credit (exporter_organization_id);
create index letters_of_credit_bank on letters_of_credit (bank_organization_id);
create index letters_of_credit_currency on letters_of_credit (currency);
create index letters_of_credit_recorded_by on letters_of_credit (recorded_by);

create table letter_terms (
    letter_id uuid not null references letters_of_credit on delete restrict,
    -- The first is the letter as issued, each later one an amendment.
    version integer not null check (version >= 1),
    -- Day of the issue, or of the amendment.
    dated_on date not null,
    amount numeric(18, 2) not null check (amount > 0),
    -- 10 where the letter says "about" (UCP 600 article 30 a).
    amount_tolerance_pct numeric(5, 2) not null check (amount_tolerance_pct between 0 and 50),
    -- Null where the letter names no weight.
    quantity_kg numeric(14, 3) check (quantity_kg > 0),
    -- 5 where it says nothing (article 30 b).
    quantity_tolerance_pct numeric(5, 2) not null check (quantity_tolerance_pct between 0 and 50),
    -- Null where only the expiry limits the shipment.
    latest_shipment_on date,
    -- Last day on which documents may be presented (article 6 d), and where.
    expires_on date not null,
    expiry_place text not null check (length(expiry_place) between 2 and 100),
    -- Allowed unless the letter prohibits it (article 31 a).
    partial_shipments boolean not null,
    -- What the amendment says.
    amendment text check (length(amendment) between 10 and 2000),
    recorded_by uuid not null references users on delete restrict,
    recorded_at timestamptz not null,
    primary key (letter_id, version),
    constraint letter_terms_in_time check (dated_on <= expires_on and latest_shipment_on between dated_on and expires_on),
    constraint letter_terms_amended check ((version = 1) = (amendment is null))
);
create index letter_terms_recorded_by on letter_terms (recorded_by);

-- On which letter an export draws; the newest counts, when another letter has taken the place of an expired one.
create table letter_uses (
    use_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    letter_id uuid not null references letters_of_credit on delete restrict,
    used_by uuid not null references users on delete restrict,
    used_at timestamptz not null
);
create index letter_uses_export on letter_uses (export_id, used_at desc, use_id desc);
create index letter_uses_letter on letter_uses (letter_id);
create index letter_uses_used_by on letter_uses (used_by);

call app.make_append_only('letters_of_credit');
call app.make_append_only('letter_terms');
call app.make_append_only('letter_uses');

-- What was promised is between the exporter, its bank and the regulators; the carrier does not see it.
alter table letters_of_credit enable row level security;
alter table letters_of_credit force row level security;
create policy party_select on letters_of_credit for select to jebena_party using (
    (select app.org()) in (exporter_organization_id, bank_organization_id));
create policy class_select on letters_of_credit for select to jebena_regulator, jebena_auditor using (true);
create policy bank_insert on letters_of_credit for insert to jebena_party with check (
    bank_organization_id = (select app.org()));

alter table letter_terms enable row level security;
alter table letter_terms force row level security;
create policy party_select on letter_terms for select to jebena_party using (
    exists (select from letters_of_credit l where l.letter_id = letter_terms.letter_id));
create policy class_select on letter_terms for select to jebena_regulator, jebena_auditor using (true);
create policy bank_insert on letter_terms for insert to jebena_party with check (
    exists (select from letters_of_credit l where l.letter_id = letter_terms.letter_id
            and l.bank_organization_id = (select app.org())));

alter table letter_uses enable row level security;
alter table letter_uses force row level security;
create policy party_select on letter_uses for select to jebena_party using (
    exists (select from letters_of_credit l where l.letter_id = letter_uses.letter_id));
-- What stays behind at a loading draws on the same letter.
create policy class_select on letter_uses for select to jebena_regulator, jebena_auditor, jebena_system using (true);
create policy bank_insert on letter_uses for insert to jebena_party with check (
    exists (select from letters_of_credit l
            join exports e on e.contract_id = l.contract_id and e.bank_organization_id = l.bank_organization_id
            where l.letter_id = letter_uses.letter_id and e.export_id = letter_uses.export_id
              and l.bank_organization_id = (select app.org())));
create policy system_insert on letter_uses for insert to jebena_system with check (true);

grant select on letters_of_credit, letter_terms, letter_uses to jebena_party, jebena_regulator, jebena_auditor;
grant insert on letters_of_credit, letter_terms, letter_uses to jebena_party;
grant select, insert on letter_uses to jebena_system;
