-- The export and everything that happens to it (seed migration 004).

create table exports (
    export_id uuid primary key,
    export_number text not null unique,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    -- The parties. Row-level security reads these three columns: a scalar comparison, no join.
    exporter_organization_id uuid not null references organizations on delete restrict,
    bank_organization_id uuid not null references organizations on delete restrict,
    shipping_organization_id uuid not null references organizations on delete restrict,
    -- As stated in the request; the profile may change its name later.
    exporter_name text not null,
    contract_id uuid not null references sales_contracts on delete restrict,
    license_id uuid not null references export_licenses on delete restrict,
    coffee_type text not null references coffee_types,
    origin_region text not null,
    processing_method text not null check (processing_method in ('WASHED', 'NATURAL', 'HONEY')),
    grade text not null check (grade ~ '^([1-9]|UG)$'),
    crop_year text,
    -- Kilograms net of green coffee, always; bags and tons are ways to show it.
    quantity numeric(14, 3) not null check (quantity > 0 and quantity <= 1000000),
    unit_of_measure text not null default 'KG' check (unit_of_measure in ('KG', 'BAGS', 'TONS')),
    bag_kg numeric(6, 2) not null default 60 check (bag_kg between 1 and 100),
    bags int not null check (bags > 0),
    destination_country char(2) not null references countries,
    port_of_loading char(5) not null references ports,
    port_of_discharge char(5) not null references ports,
    transport_mode text not null check (transport_mode in ('SEA', 'AIR')),
    incoterm char(3) not null references incoterms,
    payment_method text not null references payment_methods,
    currency char(3) not null references currencies,
    price_per_kg numeric(12, 6) not null check (price_per_kg > 0),
    estimated_value numeric(15, 2) not null check (estimated_value > 0),
    buyer_name text not null,
    buyer_country char(2) not null references countries,
    buyer_address text,
    buyer_email text,
    notify_address text,
    requested_documents text[] not null default '{}',
    exporter_reference text check (length(exporter_reference) <= 20),

    status text not null check (status in ('PENDING', 'FX_APPROVED', 'FX_REJECTED', 'QUALITY_CERTIFIED',
        'QUALITY_REJECTED', 'SHIPMENT_SCHEDULED', 'SHIPPED', 'COMPLETED', 'CANCELLED')),
    stage text not null check (stage in ('PREPARATION', 'BANK_CHECK', 'FX', 'QUALITY', 'PERMIT', 'SCHEDULING',
        'CLEARANCE', 'LOADING', 'ORIGIN_SIGNATURE', 'ORIGIN', 'SETTLEMENT', 'RETURNED', 'CLOSED')),
    -- Where a returned export goes on when it is resubmitted.
    resume_stage text check (resume_stage in ('BANK_CHECK', 'FX', 'QUALITY', 'PERMIT', 'SCHEDULING',
        'CLEARANCE', 'LOADING', 'ORIGIN_SIGNATURE', 'ORIGIN', 'SETTLEMENT')),
    stage_entered_at timestamptz not null,
    -- In whose queue it stands: exactly one organisation while it is open, none when it is closed.
    queue_organization_id uuid references organizations on delete restrict,
    version int not null default 1 check (version > 0),
    claimed_by uuid references users on delete restrict,
    claimed_at timestamptz,
    created_by uuid not null references users on delete restrict,
    submitted_by uuid references users on delete restrict,
    submitted_at timestamptz,
    resubmission_count int not null default 0 check (resubmission_count >= 0),
    -- Who changed it last and when: what a stale form is told.
    changed_by uuid not null references users on delete restrict,
    changed_at timestamptz not null,

    bank_reference text,
    bank_permit_number text,
    bank_permit_date date,
    settlement_due_date date,
    fx_approved_by uuid references users on delete restrict,
    fx_approved_at timestamptz,
    fx_reference text unique,
    fx_rejection_reason text,
    quality_grade text,
    quality_approved_by uuid references users on delete restrict,
    quality_approved_at timestamptz,
    quality_rejection_reason text,
    vessel_name text,
    voyage_number text,
    booking_number text,
    departure_date date,
    arrival_date date,
    shipment_scheduled_by uuid references users on delete restrict,
    shipment_scheduled_at timestamptz,
    customs_declaration_number text,
    customs_clearance_number text unique,
    customs_cleared_by uuid references users on delete restrict,
    customs_cleared_at timestamptz,
    customs_clearance_date date,
    shipment_confirmed_by uuid references users on delete restrict,
    shipment_confirmed_at timestamptz,
    bill_of_lading_number text,
    on_board_date date,
    completed_by uuid references users on delete restrict,
    completed_at timestamptz,
    cancelled_by uuid references users on delete restrict,
    cancelled_at timestamptz,
    cancellation_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,

    -- Which stages each status has. A half-moved row cannot be stored.
    constraint exports_status_stage check (case status
        when 'PENDING' then stage in ('PREPARATION', 'BANK_CHECK', 'FX', 'RETURNED')
        when 'FX_REJECTED' then stage = 'RETURNED'
        when 'FX_APPROVED' then stage in ('QUALITY', 'RETURNED')
        when 'QUALITY_REJECTED' then stage = 'RETURNED'
        when 'QUALITY_CERTIFIED' then stage in ('PERMIT', 'SCHEDULING', 'RETURNED')
        when 'SHIPMENT_SCHEDULED' then stage in ('CLEARANCE', 'LOADING', 'RETURNED')
        when 'SHIPPED' then stage in ('ORIGIN_SIGNATURE', 'ORIGIN', 'SETTLEMENT', 'RETURNED')
        when 'COMPLETED' then stage = 'CLOSED'
        when 'CANCELLED' then stage = 'CLOSED'
        else false end),
    constraint exports_resume check ((stage = 'RETURNED') = (resume_stage is not null)),
    constraint exports_in_one_queue check ((stage = 'CLOSED') = (queue_organization_id is null)),
    constraint exports_claim check ((claimed_by is null) = (claimed_at is null)),
    constraint exports_submitted check (stage in ('PREPARATION', 'CLOSED') or submitted_at is not null),
    -- What each status has on record.
    constraint exports_fx_facts check (status not in ('FX_APPROVED', 'QUALITY_CERTIFIED', 'QUALITY_REJECTED',
        'SHIPMENT_SCHEDULED', 'SHIPPED', 'COMPLETED')
        or (fx_approved_by is not null and fx_approved_at is not null and fx_reference is not null
            and bank_permit_date is not null and settlement_due_date is not null)),
    constraint exports_fx_rejected check (status <> 'FX_REJECTED' or fx_rejection_reason is not null),
    constraint exports_quality_facts check (status not in ('QUALITY_CERTIFIED', 'SHIPMENT_SCHEDULED', 'SHIPPED',
        'COMPLETED') or (quality_approved_by is not null and quality_approved_at is not null
            and quality_grade is not null)),
    constraint exports_quality_rejected check (status <> 'QUALITY_REJECTED' or quality_rejection_reason is not null),
    constraint exports_shipment_facts check (status not in ('SHIPMENT_SCHEDULED', 'SHIPPED', 'COMPLETED')
        or (vessel_name is not null and departure_date is not null and arrival_date > departure_date)),
    constraint exports_shipped_facts check (status not in ('SHIPPED', 'COMPLETED')
        or (customs_cleared_at is not null and customs_clearance_number is not null
            and shipment_confirmed_at is not null and bill_of_lading_number is not null
            and on_board_date >= customs_clearance_date)),
    constraint exports_completed check ((status = 'COMPLETED') = (completed_at is not null and completed_by is not null)),
    constraint exports_cancelled check ((status = 'CANCELLED')
        = (cancelled_at is not null and cancelled_by is not null and cancellation_reason is not null))
);
-- The queue, oldest first; and each party's list, newest first. uuid, text and timestamptz comparisons are
-- leakproof, so these serve under row-level security.
create index exports_queue on exports (queue_organization_id, stage_entered_at, export_id)
    where queue_organization_id is not null;
create index exports_queue_claims on exports (claimed_by) where claimed_by is not null;
create index exports_exporter_list on exports (exporter_organization_id, created_at desc, export_id desc);
create index exports_bank_list on exports (bank_organization_id, created_at desc, export_id desc);
create index exports_shipping_list on exports (shipping_organization_id, created_at desc, export_id desc);
create index exports_list on exports (created_at desc, export_id desc);
create index exports_exporter on exports (exporter_id);
create index exports_status on exports (status, created_at desc, export_id desc);
create index exports_destination on exports (destination_country);
create index exports_contract on exports (contract_id);
create index exports_license on exports (license_id);
create index exports_settlement_due on exports (bank_organization_id, settlement_due_date)
    where status not in ('COMPLETED', 'CANCELLED');

create table export_lots (
    export_id uuid not null references exports on delete restrict,
    lot_id uuid not null references coffee_lots on delete restrict,
    quantity_kg numeric(14, 3) not null check (quantity_kg > 0),
    primary key (export_id, lot_id)
);
create index export_lots_lot on export_lots (lot_id);

create table export_containers (
    export_id uuid not null references exports on delete restrict,
    container_number text not null check (container_number ~ '^[A-Z]{3}[UJZ][0-9]{7}$'),
    container_type text not null check (container_type in ('20DRY', '40DRY', '40HC', '20REEF', '40REF')),
    seal_number text,
    packages int check (packages > 0),
    net_kg numeric(14, 3) check (net_kg > 0),
    gross_kg numeric(14, 3) check (gross_kg >= net_kg),
    primary key (export_id, container_number)
);

create table export_status_history (
    history_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    -- The version that this move made; 1 is the request itself.
    version int not null check (version > 0),
    old_status text,
    new_status text not null,
    old_stage text,
    new_stage text not null,
    -- What was done, such as fx:approve; with the states it is a row of legal_moves.
    action text not null,
    subject text not null default 'EXPORT' check (subject = 'EXPORT'),
    from_state text not null generated always as
        (coalesce(old_status || ':' || old_stage, '')) stored,
    to_state text not null generated always as (new_status || ':' || new_stage) stored,
    changed_by uuid not null references users on delete restrict,
    organization text not null,
    organization_id uuid not null references organizations on delete restrict,
    reason text check (length(reason) between 10 and 500),
    created_at timestamptz not null,
    unique (export_id, version),
    constraint export_status_history_legal_move foreign key (subject, from_state, action, to_state)
        references legal_moves (subject, from_state, action, to_state) on update restrict on delete restrict,
    constraint export_status_history_reason check (reason is not null
        or not (action like '%:reject' or action like '%:return' or action = 'cancel')),
    check ((version = 1) = (old_status is null)),
    check ((old_status is null) = (old_stage is null))
);
create index export_status_history_created on export_status_history (created_at);
call app.make_append_only('export_status_history');

create table export_documents (
    document_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    document_type text not null references document_types,
    document_name text not null check (length(document_name) between 1 and 255),
    -- The number that the paper itself bears, such as the chamber's certificate number.
    reference_number text check (length(reference_number) <= 60),
    -- The generated name under which the bytes are stored.
    document_path text not null unique,
    file_size bigint not null check (file_size > 0),
    mime_type text not null check (mime_type in ('application/pdf', 'image/jpeg', 'image/png')),
    sha256 bytea not null check (length(sha256) = 32),
    ipfs_hash text not null,
    version int not null default 1 check (version > 0),
    uploaded_by uuid not null references users on delete restrict,
    uploaded_at timestamptz not null,
    is_active boolean not null default true,
    deactivated_by uuid references users on delete restrict,
    deactivated_at timestamptz,
    deactivation_reason text,
    -- No virus scanner is configured by default; the page says so rather than claim a clean file.
    scan_status text not null default 'NOT_SCANNED' check (scan_status in ('NOT_SCANNED', 'CLEAN', 'INFECTED')),
    created_at timestamptz not null,
    unique (export_id, document_type, version),
    check (is_active = (deactivated_at is null and deactivated_by is null))
);
create index export_documents_export on export_documents (export_id);
create index export_documents_type on export_documents (document_type);
create index export_documents_organization on export_documents (organization_id);

create table export_approvals (
    approval_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    approval_type text not null check (approval_type in ('BANK_DOCUMENT_VERIFICATION', 'FX_APPROVAL',
        'QUALITY_CERTIFICATION', 'EXPORT_PERMIT', 'SHIPMENT_SCHEDULING', 'CUSTOMS_CLEARANCE',
        'LOADING_CONFIRMATION', 'ORIGIN_SIGNATURE', 'ORIGIN_ISSUE', 'EXPORT_COMPLETION')),
    organization text not null,
    organization_id uuid not null references organizations on delete restrict,
    -- PENDING: a first officer approved a value that needs a second.
    status text not null check (status in ('PENDING', 'APPROVED', 'REJECTED', 'RETURNED')),
    first_approved_by uuid references users on delete restrict,
    first_approved_at timestamptz,
    approved_by uuid references users on delete restrict,
    approval_date timestamptz,
    rejection_reason text check (length(rejection_reason) between 10 and 500),
    -- The facts that the step's form asked for.
    approval_data jsonb not null default '{}',
    -- A later decision of the same step, after a resubmission, takes this one's place.
    superseded_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((status = 'PENDING') = (approved_by is null)),
    check (status <> 'PENDING' or first_approved_by is not null),
    check (status not in ('REJECTED', 'RETURNED') or rejection_reason is not null),
    -- The second officer is another officer.
    constraint export_approvals_four_eyes check (status <> 'APPROVED' or first_approved_by is distinct from approved_by)
);
-- One decision in force for each step of an export: a second one cannot be stored.
create unique index export_approvals_in_force on export_approvals (export_id, approval_type)
    where superseded_at is null;
-- Nobody approves two steps of one export.
create unique index export_approvals_one_step_each on export_approvals (export_id, approved_by)
    where superseded_at is null and status = 'APPROVED';
create index export_approvals_export on export_approvals (export_id, created_at);
create index export_approvals_status on export_approvals (status);

create table export_messages (
    message_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    author_id uuid not null references users on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    body text not null check (length(body) between 1 and 2000),
    created_at timestamptz not null
);
create index export_messages_export on export_messages (export_id, created_at);
call app.make_append_only('export_messages');

create table export_settlements (
    export_id uuid primary key references exports on delete restrict,
    currency char(3) not null references currencies,
    received_amount numeric(15, 2) not null check (received_amount > 0),
    bank_charges numeric(15, 2) not null default 0 check (bank_charges >= 0),
    received_on date not null,
    etb_per_unit numeric(12, 4) not null check (etb_per_unit > 0),
    retain_pct numeric(5, 2) not null check (retain_pct between 0 and 100),
    retained_amount numeric(15, 2) not null check (retained_amount >= 0),
    surrendered_amount numeric(15, 2) not null check (surrendered_amount >= 0),
    etb_credited numeric(17, 2) not null check (etb_credited >= 0),
    shortfall_reason text,
    recorded_by uuid not null references users on delete restrict,
    recorded_at timestamptz not null,
    constraint export_settlements_sum check (retained_amount + surrendered_amount = received_amount)
);
call app.make_append_only('export_settlements');
