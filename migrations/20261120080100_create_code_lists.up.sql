-- Code lists: what the trade calls things. Rows, not enums: an authority changes them without a release.
-- Each has valid_from / valid_to, so that a document of last year still finds the name it was issued with.

create table countries (
    country_code char(2) primary key,
    name text not null,
    name_am text not null,
    -- Three digits of ICC 102-9 Annex III where known; the list itself was not found, so most are empty.
    ico_code char(3) check (ico_code ~ '^[0-9]{3}$'),
    is_eu boolean not null default false,
    valid_from date not null default '2020-01-01',
    valid_to date
);

create table ports (
    port_code char(5) primary key,
    name text not null,
    country_code char(2) not null references countries,
    -- The two digits of box 4b of the ICO form. The Ethiopian codes were not found: shown as assumed.
    ico_port_code char(2) check (ico_port_code ~ '^[0-9]{2}$'),
    valid_from date not null default '2020-01-01',
    valid_to date
);
create index ports_country on ports (country_code);

create table coffee_types (
    coffee_type text primary key,
    name_am text not null,
    valid_from date not null default '2020-01-01',
    valid_to date
);

create table regions (
    region text primary key,
    name_am text not null,
    valid_from date not null default '2020-01-01',
    valid_to date
);

create table currencies (
    currency char(3) primary key,
    name text not null
);

create table incoterms (
    incoterm char(3) primary key,
    name text not null,
    -- FAS, FOB, CFR and CIF are for sea and inland water only (Incoterms 2020).
    sea_only boolean not null,
    -- The seller carries the insurance: an insurance policy joins the checklist.
    seller_insures boolean not null
);

create table payment_methods (
    payment_method text primary key,
    name text not null,
    name_am text not null
);

create table document_types (
    document_type text primary key,
    name text not null,
    name_am text not null,
    -- Who normally brings it.
    provided_by text not null check (provided_by in ('EXPORTER', 'COMMERCIAL_BANK', 'SHIPPING_LINE', 'CUSTOMS')),
    sort_order int not null unique
);

-- Which documents an export needs, and the stage that asks for them (domain 4.8).
create table document_requirements (
    document_type text not null references document_types,
    condition text not null check (condition in ('ALWAYS', 'PAYMENT_METHOD', 'INCOTERM', 'DESTINATION',
        'DESTINATION_EU', 'TRANSPORT_MODE', 'REQUESTED')),
    condition_value text not null default '',
    needed_for_stage text not null check (needed_for_stage in ('BANK_CHECK', 'SCHEDULING', 'CLEARANCE',
        'LOADING', 'ORIGIN_SIGNATURE', 'SETTLEMENT')),
    valid_from date not null default '2020-01-01',
    valid_to date,
    note text,
    primary key (document_type, condition, condition_value, valid_from),
    check ((condition in ('ALWAYS', 'DESTINATION_EU', 'REQUESTED')) = (condition_value = ''))
);

-- Figures that law or practice sets, each with its date and its basis. An assumption says so on the page.
create table parameters (
    key text not null,
    value numeric not null,
    unit text not null,
    valid_from date not null,
    legal_basis text not null,
    is_assumption boolean not null default false,
    primary key (key, valid_from)
);

create table capital_thresholds (
    business_type text not null,
    amount numeric(15, 2) not null check (amount >= 0),
    currency char(3) not null default 'ETB' references currencies,
    valid_from date not null,
    legal_basis text not null,
    primary key (business_type, valid_from)
);
create index capital_thresholds_currency on capital_thresholds (currency);

create table fx_retention_rules (
    valid_from date primary key,
    retain_pct numeric(5, 2) not null check (retain_pct between 0 and 100),
    note text not null
);

create table fx_rates (
    currency char(3) not null references currencies,
    rate_date date not null,
    -- Birr for one unit of the currency.
    etb_per_unit numeric(12, 4) not null check (etb_per_unit > 0),
    primary key (currency, rate_date)
);

create table minimum_export_prices (
    price_number text primary key,
    coffee_type text not null references coffee_types,
    grade text not null,
    usd_per_kg numeric(10, 4) not null check (usd_per_kg > 0),
    iso_year int not null,
    iso_week int not null check (iso_week between 1 and 53),
    unique (coffee_type, grade, iso_year, iso_week)
);

create table holidays (
    holiday date primary key,
    name text not null,
    name_am text not null
);

-- How a number looks and when it starts again at one. The counters are rows, advanced under their lock in
-- the transaction that issues: a rollback gives the number back, so a series has no gaps.
create table number_series (
    series_key text primary key,
    pattern text not null,
    reset text not null check (reset in ('DAY', 'YEAR', 'COFFEE_YEAR', 'NEVER')),
    description text not null
);

create table number_counters (
    series_key text not null references number_series,
    -- Whose counter: an agency, an exporter; '' where there is one for all.
    scope text not null default '',
    period text not null,
    last_value bigint not null check (last_value > 0),
    primary key (series_key, scope, period)
);

-- The moves that each workflow allows. History rows refer to them: a move that is not here cannot be
-- recorded, so it cannot be made.
create table legal_moves (
    subject text not null,
    from_state text not null,
    action text not null,
    to_state text not null,
    primary key (subject, from_state, action, to_state)
);
