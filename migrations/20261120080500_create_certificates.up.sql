-- Papers: the permit, the certificate of origin, and the snapshot from which each is printed (seed 001).

create table export_permits (
    permit_id uuid primary key,
    permit_number text not null unique,
    export_id uuid not null references exports on delete restrict,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    license_id uuid not null references export_licenses on delete restrict,
    certificate_id uuid not null references competence_certificates on delete restrict,
    inspection_id uuid not null references quality_inspections on delete restrict,
    contract_id uuid not null references sales_contracts on delete restrict,
    -- The main lot; permit_lots has them all.
    lot_id uuid not null references coffee_lots on delete restrict,
    issued_date date not null,
    valid_until date not null,
    coffee_type text not null,
    quantity numeric(14, 3) not null check (quantity > 0),
    grade text not null,
    destination_country char(2) not null references countries,
    status text not null default 'ISSUED' check (status in ('ISSUED', 'USED', 'EXPIRED', 'CANCELLED')),
    used_date date,
    cancelled_at timestamptz,
    issued_by uuid not null references users on delete restrict,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (valid_until > issued_date),
    check ((status = 'USED') = (used_date is not null)),
    check ((status = 'CANCELLED') = (cancelled_at is not null))
);
-- A permit serves one export, once; a cancelled or expired one may be followed by another.
create unique index export_permits_live on export_permits (export_id) where status in ('ISSUED', 'USED');
create index export_permits_export on export_permits (export_id);
create index export_permits_exporter on export_permits (exporter_id);
create index export_permits_status on export_permits (status, valid_until);
create index export_permits_contract on export_permits (contract_id);
create index export_permits_lot on export_permits (lot_id);

create table permit_lots (
    permit_id uuid not null references export_permits on delete restrict,
    lot_id uuid not null references coffee_lots on delete restrict,
    quantity_kg numeric(14, 3) not null check (quantity_kg > 0),
    primary key (permit_id, lot_id)
);
create index permit_lots_lot on permit_lots (lot_id);

create table certificates_of_origin (
    certificate_id uuid primary key,
    certificate_number text not null unique,
    kind text not null default 'ICO' check (kind in ('ICO', 'CHAMBER', 'REX')),
    export_id uuid not null references exports on delete restrict,
    export_permit_id uuid not null references export_permits on delete restrict,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    exporter_name text not null,
    exporter_address text not null,
    buyer_name text not null,
    buyer_country char(2) not null references countries,
    buyer_address text,
    coffee_type text not null,
    origin_region text not null,
    quantity numeric(14, 3) not null check (quantity > 0),
    grade text not null,
    processing_method text not null,
    -- Box 4: country, port, serial; the serial runs from 1 on 1 October in each agency (ICC 102-9).
    ico_country_code char(3) check (ico_country_code ~ '^[0-9]{3}$'),
    ico_port_code char(2) check (ico_port_code ~ '^[0-9]{2}$'),
    coffee_year text not null check (coffee_year ~ '^[0-9]{4}/[0-9]{2}$'),
    serial bigint not null check (serial > 0),
    -- Box 10: unique within its coffee year.
    ico_mark text check (ico_mark ~ '^[0-9]{1,3}/[0-9]{1,4}/[0-9]{1,5}$'),
    -- Box 16, first block: the customs officer.
    customs_signed_by uuid not null references users on delete restrict,
    customs_signed_at timestamptz not null,
    issued_date date not null,
    issued_by uuid not null references users on delete restrict,
    status text not null default 'ISSUED' check (status in ('ISSUED', 'REVOKED', 'REPLACED')),
    replaced_by uuid references certificates_of_origin on delete restrict,
    certificate_document text,
    created_at timestamptz not null,
    unique (kind, coffee_year, serial),
    check (customs_signed_by <> issued_by),
    check ((status = 'REPLACED') = (replaced_by is not null))
);
create unique index certificates_of_origin_mark on certificates_of_origin (coffee_year, ico_mark);
create unique index certificates_of_origin_live on certificates_of_origin (export_id, kind) where status = 'ISSUED';
create index certificates_of_origin_permit on certificates_of_origin (export_permit_id);
create index certificates_of_origin_exporter on certificates_of_origin (exporter_id);
create index certificates_of_origin_replaced_by on certificates_of_origin (replaced_by);

-- What was issued, as it was issued: a reprint reads this row and nothing else.
create table issued_papers (
    paper_id uuid primary key,
    kind text not null check (kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE')),
    number text not null,
    -- 26 characters of base32, 128 random bits: what the QR code carries. Not the number, which can be guessed.
    verify_code text not null unique check (verify_code ~ '^[A-Z2-7]{26}$'),
    export_id uuid not null references exports on delete restrict,
    permit_id uuid references export_permits on delete restrict,
    certificate_id uuid references certificates_of_origin on delete restrict,
    snapshot jsonb not null,
    content_sha256 bytea not null check (length(content_sha256) = 32),
    issued_by uuid not null references users on delete restrict,
    issued_at timestamptz not null,
    unique (kind, number),
    check ((kind = 'EXPORT_PERMIT') = (permit_id is not null)),
    check ((kind = 'ICO_CERTIFICATE') = (certificate_id is not null))
);
create index issued_papers_export on issued_papers (export_id);
create unique index issued_papers_permit on issued_papers (permit_id);
create unique index issued_papers_certificate on issued_papers (certificate_id);
call app.make_append_only('issued_papers');

-- Each print on record: the first is the original, the others are copies.
create table paper_prints (
    paper_id uuid not null references issued_papers on delete restrict,
    copy_number int not null check (copy_number > 0),
    printed_by uuid not null references users on delete restrict,
    printed_at timestamptz not null,
    primary key (paper_id, copy_number)
);
call app.make_append_only('paper_prints');
