-- What is exported: lots, their inspections, and the contracts under which they are sold (seed 001).

create table coffee_lots (
    lot_id uuid primary key,
    -- The exchange's number, or an internal one where the coffee did not come through the exchange.
    ecx_lot_number text not null unique,
    source text not null default 'ECX' check (source in ('ECX', 'VERTICAL', 'OWN_FARM', 'UNION')),
    warehouse_receipt_number text not null,
    receipt_expires_on date,
    warehouse_location text not null,
    warehouse_name text,
    coffee_type text not null references coffee_types,
    origin_region text not null,
    processing_method text not null check (processing_method in ('WASHED', 'NATURAL', 'HONEY')),
    crop_year text check (crop_year ~ '^[0-9]{4}/[0-9]{2}$'),
    -- Kilograms of green coffee.
    quantity numeric(14, 3) not null check (quantity > 0),
    bags int check (bags > 0),
    -- What open and shipped exports take of it. The sum can never pass the lot.
    reserved_kg numeric(14, 3) not null default 0 check (reserved_kg >= 0),
    exported_kg numeric(14, 3) not null default 0 check (exported_kg >= 0),
    preliminary_grade text,
    purchase_date date not null,
    purchased_by uuid not null references exporter_profiles on delete restrict,
    -- Birr per kilogram; the seed does not say whether its price is one or a total.
    purchase_price numeric(12, 2) check (purchase_price > 0),
    ecx_verified_by uuid references users on delete restrict,
    ecx_verified_at timestamptz,
    ecx_reject_reason text,
    status text not null default 'IN_WAREHOUSE'
        check (status in ('IN_WAREHOUSE', 'INSPECTED', 'RESERVED_FOR_EXPORT', 'EXPORTED')),
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint coffee_lots_balance check (reserved_kg <= quantity and exported_kg <= reserved_kg),
    check (purchase_date <= (created_at at time zone 'Africa/Addis_Ababa')::date),
    check (status <> 'EXPORTED' or exported_kg = quantity),
    check (status <> 'RESERVED_FOR_EXPORT' or reserved_kg > 0)
);
create index coffee_lots_purchased_by on coffee_lots (purchased_by, created_at desc);
create index coffee_lots_status on coffee_lots (status);
create index coffee_lots_type on coffee_lots (coffee_type);
create index coffee_lots_verified_by on coffee_lots (ecx_verified_by);
create index coffee_lots_unverified on coffee_lots (created_at) where ecx_verified_at is null;

create table quality_inspections (
    inspection_id uuid primary key,
    lot_id uuid not null references coffee_lots on delete restrict,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    inspection_date date not null,
    inspection_center text not null,
    inspector uuid not null references users on delete restrict,
    sample_code text,
    bean_size text,
    screen_15_pct numeric(5, 2) check (screen_15_pct between 0 and 100),
    moisture_content numeric(5, 2) not null check (moisture_content between 0 and 100),
    defect_count int check (defect_count >= 0),
    primary_defects int not null check (primary_defects >= 0),
    secondary_defects int not null check (secondary_defects >= 0),
    foreign_matter numeric(6, 2) check (foreign_matter >= 0),
    odour_score numeric(4, 2) check (odour_score between 0 and 10),
    -- Raw 40 + cup 60 = 100 (ECX coffee contracts 2015).
    raw_score numeric(5, 2) not null check (raw_score between 0 and 40),
    cup_score numeric(5, 2) not null check (cup_score between 0 and 60),
    cupping_score numeric(5, 2) check (cupping_score between 0 and 100),
    total_score numeric(5, 2) generated always as (raw_score + cup_score) stored,
    flavor_profile text,
    aroma numeric(4, 2), acidity numeric(4, 2), body numeric(4, 2), balance numeric(4, 2),
    clean_cup numeric(4, 2), sweetness numeric(4, 2), uniformity numeric(4, 2),
    flavour numeric(4, 2), aftertaste numeric(4, 2), overall numeric(4, 2),
    final_grade text not null check (final_grade ~ '^([1-9]|UG)$'),
    quality_certificate_number text not null unique,
    passed boolean not null,
    remarks text,
    inspection_report text,
    cupping_form text,
    superseded_by uuid references quality_inspections on delete restrict,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create unique index quality_inspections_in_force on quality_inspections (lot_id) where superseded_by is null;
create index quality_inspections_lot on quality_inspections (lot_id);
create index quality_inspections_exporter on quality_inspections (exporter_id);
create index quality_inspections_inspector on quality_inspections (inspector);
create index quality_inspections_superseded_by on quality_inspections (superseded_by);

create table sales_contracts (
    contract_id uuid primary key,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    contract_number text not null unique,
    buyer_name text not null check (length(buyer_name) between 2 and 255),
    buyer_country char(2) not null references countries,
    buyer_address text,
    buyer_email text,
    buyer_phone text,
    coffee_type text not null references coffee_types,
    origin_region text,
    processing_method text check (processing_method in ('WASHED', 'NATURAL', 'HONEY')),
    grade text not null check (grade ~ '^([1-9]|UG)$'),
    crop_year text,
    quantity numeric(14, 3) not null check (quantity > 0),
    -- Percent by which the shipped weight may differ, as the contract says.
    tolerance_pct numeric(4, 2) not null default 0 check (tolerance_pct between 0 and 10),
    reserved_kg numeric(14, 3) not null default 0 check (reserved_kg >= 0),
    currency char(3) not null default 'USD' references currencies,
    contract_value numeric(15, 2) not null check (contract_value > 0),
    price_per_kg numeric(12, 6) not null check (price_per_kg > 0),
    payment_method text not null references payment_methods,
    payment_terms text,
    incoterms char(3) not null references incoterms,
    transport_mode text not null default 'SEA' check (transport_mode in ('SEA', 'AIR')),
    delivery_date date,
    shipment_month date,
    port_of_loading char(5) references ports,
    port_of_discharge char(5) references ports,
    -- Documents that the buyer asks for beyond the rule: weight, fumigation, phytosanitary.
    requested_documents text[] not null default '{}',
    deal_date date,
    registration_date date not null,
    approved_by uuid references users on delete restrict,
    approved_at timestamptz,
    status text not null default 'REGISTERED'
        check (status in ('DRAFT', 'REGISTERED', 'APPROVED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
    rejection_reason text,
    contract_document text,
    buyer_proof_of_business text,
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sales_contracts_balance check (reserved_kg <= quantity * (1 + tolerance_pct / 100)),
    constraint sales_contracts_value
        check (abs(price_per_kg * quantity - contract_value) <= contract_value * 0.01),
    check (delivery_date is null or delivery_date >= registration_date),
    check (status <> 'APPROVED' or approved_at is not null)
);
create index sales_contracts_exporter on sales_contracts (exporter_id, created_at desc);
create index sales_contracts_status on sales_contracts (status);
create index sales_contracts_buyer_country on sales_contracts (buyer_country);
create index sales_contracts_coffee_type on sales_contracts (coffee_type);
create index sales_contracts_currency on sales_contracts (currency);
create index sales_contracts_payment_method on sales_contracts (payment_method);
create index sales_contracts_incoterms on sales_contracts (incoterms);
create index sales_contracts_port_of_loading on sales_contracts (port_of_loading);
create index sales_contracts_port_of_discharge on sales_contracts (port_of_discharge);
create index sales_contracts_approved_by on sales_contracts (approved_by);
