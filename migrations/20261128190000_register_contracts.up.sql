-- Contracts and buyers: what a contract says in full (domain 3.8), the register of buyers abroad, and the walls for whoever
-- writes them.

-- One register for all: whoever sells to a buyer for the first time names it, whoever sells to it next finds it there.
create table buyers (
    buyer_id uuid primary key,
    name text not null check (length(name) between 2 and 255),
    -- The name without its legal form, spaces and signs: how two spellings of one firm are found.
    name_key text not null check (length(name_key) between 1 and 255),
    country_code char(2) not null references countries,
    address text not null check (length(address) between 5 and 500),
    email text check (length(email) <= 255),
    phone text check (length(phone) <= 40),
    registration_number text check (length(registration_number) <= 60),
    -- Who named it: whose application it is.
    named_by_organization_id uuid not null references organizations on delete restrict,
    named_by uuid not null references users on delete restrict,
    status text not null default 'PENDING' check (status in ('PENDING', 'VERIFIED', 'REJECTED', 'SUSPENDED')),
    version int not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index buyers_name_key on buyers (name_key, country_code);
create index buyers_country on buyers (country_code);
create index buyers_status on buyers (status, created_at, buyer_id);
create index buyers_organization on buyers (named_by_organization_id);
create index buyers_named_by on buyers (named_by);
create index buyers_created on buyers (created_at desc, buyer_id desc);

-- Who sells to whom: an exporter sees the buyers that it deals with.
create table buyer_exporters (
    buyer_id uuid not null references buyers on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    since timestamptz not null,
    primary key (buyer_id, organization_id)
);
create index buyer_exporters_organization on buyer_exporters (organization_id);

alter table buyers enable row level security;
alter table buyers force row level security;
alter table buyer_exporters enable row level security;
alter table buyer_exporters force row level security;
create policy own_organization_select on buyer_exporters for select to jebena_party
    using (organization_id = (select app.org()));
create policy class_select on buyer_exporters for select to jebena_regulator, jebena_auditor, jebena_system using (true);
create policy system_insert on buyer_exporters for insert to jebena_system with check (true);
grant select on buyer_exporters to jebena_party, jebena_regulator, jebena_auditor, jebena_system;
grant insert on buyer_exporters to jebena_system;
create policy party_select on buyers for select to jebena_party using (
    exists (select from buyer_exporters x where x.buyer_id = buyers.buyer_id and x.organization_id = (select app.org())));
create policy class_select on buyers for select to jebena_regulator, jebena_auditor, jebena_system using (true);
-- Naming asks the whole register whether the buyer is there already, so it is the system's; so is the link to it.
create policy system_insert on buyers for insert to jebena_system with check (true);
-- Who named it corrects it while it is not verified; the authority decides.
create policy party_update on buyers for update to jebena_party
    using (named_by_organization_id = (select app.org()))
    with check (named_by_organization_id = (select app.org()) and status = 'PENDING');
create policy regulator_update on buyers for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA') with check ((select app.org_kind()) = 'ECTA');
grant select on buyers to jebena_party, jebena_regulator, jebena_auditor, jebena_system;
grant insert on buyers to jebena_system;
grant update (name, name_key, country_code, address, email, phone, registration_number, status, version, updated_at)
    on buyers to jebena_party;
grant update (status, version, updated_at) on buyers to jebena_regulator;

-- What a contract says beyond the seed's columns.
alter table sales_contracts
    drop constraint sales_contracts_status_check,
    add constraint sales_contracts_status_check
        check (status in ('DRAFT', 'REGISTERED', 'RETURNED', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
    add column buyer_id uuid references buyers on delete restrict,
    -- The price as it was agreed; price_per_kg is the same in the contract's currency for a kilogram.
    add column price_unit text not null default 'KG' check (price_unit in ('KG', 'CENTS_LB')),
    add column price_quoted numeric(12, 6) check (price_quoted > 0),
    add column price_basis text not null default 'OUTRIGHT' check (price_basis in ('OUTRIGHT', 'DIFFERENTIAL')),
    -- US cents a pound above or below the exchange's month.
    add column differential numeric(8, 2),
    add column basis_month text check (length(basis_month) <= 20),
    add column named_place text check (length(named_place) between 2 and 80),
    add column packaging text check (length(packaging) <= 80),
    add column quality_standard text check (length(quality_standard) <= 300),
    add column ico_mark_requested boolean not null default false,
    add column governing_rules text check (length(governing_rules) <= 80),
    add column arbitration text check (length(arbitration) <= 120),
    add column commission_pct numeric(5, 2) check (commission_pct between 0 and 20),
    add column registered_by uuid references users on delete restrict,
    -- It came later than the directive allows: it stays on record.
    add column registered_late boolean not null default false,
    -- The last day of shipment, by registration and parameter; by date it has expired from the day after.
    add column shipment_deadline date,
    -- The day of whose week the minimum price counts: that of the deal, or of the amendment that changed the price.
    add column price_date date,
    -- What the price was held against when it was approved.
    add column price_usd_per_kg numeric(12, 4),
    add column minimum_price_number text,
    add column minimum_usd_per_kg numeric(10, 4),
    add column price_gap_pct numeric(8, 2),
    add column minimum_overridden boolean not null default false,
    -- How often it was amended.
    add column amendment int not null default 0 check (amendment >= 0),
    add constraint sales_contracts_differential check ((price_basis = 'DIFFERENTIAL') = (differential is not null)),
    add constraint sales_contracts_cents check (price_unit = 'KG' or currency = 'USD'),
    add constraint sales_contracts_override check (not minimum_overridden or minimum_usd_per_kg is not null);
-- FAS, FOB, CFR and CIF are for sea and inland water; the service says so at the field.
create index sales_contracts_buyer on sales_contracts (buyer_id);
create index sales_contracts_registered_by on sales_contracts (registered_by);
create index sales_contracts_waiting on sales_contracts (created_at, contract_id) where status = 'REGISTERED';
create index sales_contracts_ending on sales_contracts (shipment_deadline) where status = 'APPROVED';
create index sales_contracts_created on sales_contracts (created_at desc, contract_id desc);

-- Contracts that were there get the last day that they would have had; the walls hold against the owner too.
alter table sales_contracts no force row level security;
alter table exporter_profiles no force row level security;
update sales_contracts c
set shipment_deadline = (case p.business_type
        when 'FARMER' then c.registration_date + make_interval(months => months.value::int)
        else c.registration_date + make_interval(days => days.value::int) end)::date,
    price_date = coalesce(c.deal_date, c.registration_date), price_quoted = c.price_per_kg
from exporter_profiles p,
    (select value from parameters where key = 'contract_shipment_days' order by valid_from desc limit 1) days,
    (select value from parameters where key = 'contract_shipment_months_farmer' order by valid_from desc limit 1) months
where p.exporter_id = c.exporter_id;
alter table exporter_profiles force row level security;
alter table sales_contracts force row level security;

create policy party_insert on sales_contracts for insert to jebena_party with check (
    gate.owner_of(exporter_id) = (select app.org()) and status = 'REGISTERED');
-- Whoever registers does not approve: an exporter's hand never leaves a contract approved.
create policy party_update on sales_contracts for update to jebena_party
    using (gate.owner_of(exporter_id) = (select app.org()))
    with check (gate.owner_of(exporter_id) = (select app.org()) and status in ('REGISTERED', 'CANCELLED'));
create policy regulator_update on sales_contracts for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA') with check ((select app.org_kind()) = 'ECTA');
grant insert on sales_contracts to jebena_party;
do $$
declare
    terms constant text := 'buyer_id, buyer_name, buyer_country, buyer_address, buyer_email, buyer_phone, coffee_type, origin_region,
        processing_method, grade, crop_year, quantity, tolerance_pct, currency, contract_value, price_per_kg, price_unit,
        price_quoted, price_basis, differential, basis_month, payment_method, payment_terms, incoterms, named_place,
        transport_mode, delivery_date, shipment_month, port_of_loading, port_of_discharge, requested_documents, deal_date,
        packaging, quality_standard, ico_mark_requested, governing_rules, arbitration, commission_pct, price_date, amendment,
        registered_by, status, version, updated_at';
begin
    execute format('grant update (%s) on sales_contracts to jebena_party', terms);
    -- A correction that leaves the approval standing, and what time ends.
    execute format('grant update (%s, approved_by, approved_at) on sales_contracts to jebena_system', terms);
end
$$;
grant update (status, version, updated_at, approved_by, approved_at, rejection_reason, price_usd_per_kg,
    minimum_price_number, minimum_usd_per_kg, price_gap_pct, minimum_overridden) on sales_contracts to jebena_regulator;

insert into legal_moves (subject, from_state, action, to_state) values
    ('CONTRACT', '', 'register', 'REGISTERED'),
    ('CONTRACT', 'RETURNED', 'resubmit', 'REGISTERED'),
    ('CONTRACT', 'REJECTED', 'resubmit', 'REGISTERED'),
    ('CONTRACT', 'REGISTERED', 'amend', 'REGISTERED'),
    ('CONTRACT', 'APPROVED', 'amend', 'REGISTERED'),
    ('CONTRACT', 'REGISTERED', 'correct', 'REGISTERED'),
    ('CONTRACT', 'APPROVED', 'correct', 'APPROVED'),
    ('CONTRACT', 'REGISTERED', 'approve', 'APPROVED'),
    ('CONTRACT', 'REGISTERED', 'approve-below', 'APPROVED'),
    ('CONTRACT', 'REGISTERED', 'reject', 'REJECTED'),
    ('CONTRACT', 'REGISTERED', 'return', 'RETURNED'),
    ('CONTRACT', 'REGISTERED', 'cancel', 'CANCELLED'),
    ('CONTRACT', 'RETURNED', 'cancel', 'CANCELLED'),
    ('CONTRACT', 'APPROVED', 'cancel', 'CANCELLED'),
    ('CONTRACT', 'REGISTERED', 'revoke', 'CANCELLED'),
    ('CONTRACT', 'APPROVED', 'revoke', 'CANCELLED'),
    ('CONTRACT', 'APPROVED', 'expire', 'EXPIRED'),
    ('BUYER', '', 'name', 'PENDING'),
    ('BUYER', 'PENDING', 'correct', 'PENDING'),
    ('BUYER', 'REJECTED', 'correct', 'PENDING'),
    ('BUYER', 'PENDING', 'verify', 'VERIFIED'),
    ('BUYER', 'PENDING', 'reject', 'REJECTED'),
    ('BUYER', 'VERIFIED', 'suspend', 'SUSPENDED'),
    ('BUYER', 'SUSPENDED', 'reinstate', 'VERIFIED');

-- A lot is ready with a contract that is in force by date, whether the nightly job has run or not.
create or replace view export_ready_lots with (security_invoker = true) as
select l.lot_id, l.ecx_lot_number, l.purchased_by as exporter_id, l.coffee_type, l.origin_region,
       l.processing_method, i.final_grade, l.quantity, l.free_kg::numeric as free_kg,
       i.inspection_id, i.quality_certificate_number,
       c.contract_id, c.contract_number, c.buyer_name, c.buyer_country,
       c.quantity - c.reserved_kg as contract_free_kg
from coffee_lots l
join quality_inspections i on i.inspection_id = l.inspection_id and i.passed
join sales_contracts c on c.exporter_id = l.purchased_by and c.status = 'APPROVED'
    and (c.shipment_deadline is null or c.shipment_deadline >= (select app.today()))
    and c.coffee_type = l.coffee_type and c.quantity > c.reserved_kg
    and (c.processing_method is null or c.processing_method = l.processing_method)
    and (case i.final_grade when 'UG' then 99 else i.final_grade::int end)
        <= (case c.grade when 'UG' then 99 else c.grade::int end)
where l.status in ('INSPECTED', 'RESERVED_FOR_EXPORT') and l.free_kg > 0;
