-- Who may export: profile, laboratory, taster, competence certificate, licence (seed migration 001, 002).
-- Renewal is a new row that supersedes the old one, so the uniqueness is of the row in force.

create table exporter_profiles (
    exporter_id uuid primary key,
    organization_id uuid not null unique references organizations on delete restrict,
    -- The owner's account.
    user_id uuid not null unique references users on delete restrict,
    business_name text not null check (length(business_name) between 3 and 255),
    tin text not null unique check (tin ~ '^[0-9]{10}$'),
    registration_number text not null unique,
    business_type text not null
        check (business_type in ('PRIVATE', 'TRADE_ASSOCIATION', 'JOINT_STOCK', 'LLC', 'FARMER')),
    -- Declared by the exporter; verified only from the bank's certificate.
    minimum_capital numeric(15, 2) not null default 0 check (minimum_capital >= 0),
    capital_verified boolean not null default false,
    capital_verification_date timestamptz,
    capital_verified_by uuid references users on delete restrict,
    capital_proof_document text,
    office_address text not null check (length(office_address) >= 5),
    city text,
    region text references regions,
    contact_person text not null check (length(contact_person) >= 3),
    email text not null check (email like '%_@_%'),
    phone text not null check (phone ~ '^(\+251|0)[0-9]{9}$'),
    bank_organization_id uuid references organizations on delete restrict,
    bank_account_number text,
    -- ICO exporter code: four digits, given by the authority (ICC 102-9 box 1).
    ico_exporter_code char(4) unique check (ico_exporter_code ~ '^[0-9]{4}$'),
    nbe_delinquent boolean not null default false,
    status text not null default 'PENDING_APPROVAL'
        check (status in ('PENDING_APPROVAL', 'ACTIVE', 'REJECTED', 'SUSPENDED', 'REVOKED')),
    version int not null default 1 check (version > 0),
    approved_by uuid references users on delete restrict,
    approved_at timestamptz,
    rejected_by uuid references users on delete restrict,
    rejected_at timestamptz,
    rejection_reason text,
    resubmission_count int not null default 0 check (resubmission_count >= 0),
    last_resubmitted_at timestamptz,
    rejection_history jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (capital_verified = (capital_verification_date is not null)),
    check (status not in ('ACTIVE', 'SUSPENDED', 'REVOKED') or approved_at is not null),
    check (status <> 'REJECTED' or rejection_reason is not null)
);
create index exporter_profiles_status on exporter_profiles (status);
create index exporter_profiles_region on exporter_profiles (region);
create index exporter_profiles_bank on exporter_profiles (bank_organization_id);
create index exporter_profiles_capital_verified_by on exporter_profiles (capital_verified_by);
create index exporter_profiles_approved_by on exporter_profiles (approved_by);
create index exporter_profiles_rejected_by on exporter_profiles (rejected_by);

create table coffee_laboratories (
    laboratory_id uuid primary key,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    laboratory_name text not null,
    address text not null,
    certification_number text unique,
    certified_date date,
    expiry_date date,
    status text not null default 'PENDING'
        check (status in ('PENDING', 'ACTIVE', 'REJECTED', 'EXPIRED', 'SUSPENDED', 'REVOKED')),
    equipment jsonb not null default '[]',
    has_roasting_facility boolean not null default false,
    has_cupping_room boolean not null default false,
    has_sample_storage boolean not null default false,
    last_inspection_date date,
    inspection_reports jsonb not null default '[]',
    inspected_by uuid references users on delete restrict,
    rejection_reason text,
    superseded_by uuid references coffee_laboratories on delete restrict,
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (expiry_date > certified_date),
    -- The three facilities that the certificate names.
    check (status <> 'ACTIVE' or (certification_number is not null and expiry_date is not null
        and has_roasting_facility and has_cupping_room and has_sample_storage))
);
create unique index coffee_laboratories_in_force on coffee_laboratories (exporter_id)
    where status = 'ACTIVE' and superseded_by is null;
create index coffee_laboratories_exporter on coffee_laboratories (exporter_id);
create index coffee_laboratories_status on coffee_laboratories (status);
create index coffee_laboratories_superseded_by on coffee_laboratories (superseded_by);
create index coffee_laboratories_inspected_by on coffee_laboratories (inspected_by);

create table coffee_tasters (
    taster_id uuid primary key,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    full_name text not null,
    date_of_birth date,
    national_id text,
    qualification_level text not null check (qualification_level in ('CERTIFICATE', 'DIPLOMA', 'DEGREE', 'MASTER')),
    qualification_document text,
    proficiency_certificate_number text not null,
    certificate_issue_date date not null,
    certificate_expiry_date date not null,
    last_renewal_date date,
    employment_start_date date not null,
    employment_contract text,
    is_exclusive_employee boolean not null default true,
    status text not null default 'PENDING'
        check (status in ('PENDING', 'ACTIVE', 'REJECTED', 'EXPIRED', 'SUSPENDED', 'REVOKED')),
    verified_by uuid references users on delete restrict,
    verified_at timestamptz,
    rejection_reason text,
    superseded_by uuid references coffee_tasters on delete restrict,
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (certificate_expiry_date > certificate_issue_date),
    -- Directive 1106/2025: at least a diploma, employed by this exporter alone, of age.
    check (status <> 'ACTIVE' or (qualification_level <> 'CERTIFICATE' and is_exclusive_employee
        and date_of_birth is not null and date_of_birth <= employment_start_date - interval '18 years'))
);
-- A taster works for one exporter; an exporter may have several tasters.
create unique index coffee_tasters_one_employer on coffee_tasters (national_id)
    where status = 'ACTIVE' and superseded_by is null;
create index coffee_tasters_exporter on coffee_tasters (exporter_id);
create index coffee_tasters_status on coffee_tasters (status);
create index coffee_tasters_verified_by on coffee_tasters (verified_by);
create index coffee_tasters_superseded_by on coffee_tasters (superseded_by);

create table competence_certificates (
    certificate_id uuid primary key,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    -- An application has neither number nor dates yet.
    certificate_number text unique,
    issued_date date,
    expiry_date date,
    status text not null default 'PENDING'
        check (status in ('PENDING', 'ACTIVE', 'REJECTED', 'EXPIRED', 'SUSPENDED', 'REVOKED')),
    laboratory_id uuid references coffee_laboratories on delete restrict,
    taster_id uuid references coffee_tasters on delete restrict,
    facility_inspection_date date,
    inspection_report text,
    inspected_by uuid references users on delete restrict,
    inspection_passed boolean,
    has_quality_management_system boolean not null default false,
    qms_documentation text,
    -- Kilograms; the seed does not say its unit.
    storage_capacity numeric(15, 2) check (storage_capacity > 0),
    storage_conditions text,
    approved_by uuid references users on delete restrict,
    approved_at timestamptz,
    rejection_reason text,
    renewal_history jsonb not null default '[]',
    superseded_by uuid references competence_certificates on delete restrict,
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (expiry_date > issued_date),
    check (status <> 'ACTIVE' or (certificate_number is not null and issued_date is not null
        and expiry_date is not null and inspection_passed and approved_at is not null))
);
create unique index competence_certificates_in_force on competence_certificates (exporter_id)
    where status = 'ACTIVE' and superseded_by is null;
create index competence_certificates_exporter on competence_certificates (exporter_id, status);
create index competence_certificates_status on competence_certificates (status);
create index competence_certificates_laboratory on competence_certificates (laboratory_id);
create index competence_certificates_taster on competence_certificates (taster_id);
create index competence_certificates_inspected_by on competence_certificates (inspected_by);
create index competence_certificates_approved_by on competence_certificates (approved_by);
create index competence_certificates_superseded_by on competence_certificates (superseded_by);

create table export_licenses (
    license_id uuid primary key,
    exporter_id uuid not null references exporter_profiles on delete restrict,
    license_number text unique check (license_number ~ '^[A-Z0-9-]{5,50}$'),
    issued_date date,
    expiry_date date,
    status text not null default 'PENDING'
        check (status in ('PENDING', 'ACTIVE', 'REJECTED', 'EXPIRED', 'SUSPENDED', 'REVOKED')),
    competence_certificate_id uuid not null references competence_certificates on delete restrict,
    eic_registration_number text not null,
    authorized_coffee_types jsonb not null default '[]' check (jsonb_typeof(authorized_coffee_types) = 'array'),
    -- Empty means every region.
    authorized_origins jsonb not null default '[]' check (jsonb_typeof(authorized_origins) = 'array'),
    annual_quota numeric(15, 3) check (annual_quota > 0),
    -- What open and shipped exports take of the quota. A licence runs for one year, so its row is its year.
    quota_reserved_kg numeric(15, 3) not null default 0 check (quota_reserved_kg >= 0),
    approved_by uuid references users on delete restrict,
    approved_at timestamptz,
    rejection_reason text,
    renewal_history jsonb not null default '[]',
    superseded_by uuid references export_licenses on delete restrict,
    version int not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (expiry_date > issued_date),
    constraint export_licenses_quota check (annual_quota is null or quota_reserved_kg <= annual_quota),
    check (status <> 'ACTIVE' or (license_number is not null and issued_date is not null
        and expiry_date is not null and approved_by is not null and approved_at is not null))
);
create unique index export_licenses_in_force on export_licenses (exporter_id)
    where status = 'ACTIVE' and superseded_by is null;
create index export_licenses_exporter on export_licenses (exporter_id);
create index export_licenses_status on export_licenses (status);
create index export_licenses_competence on export_licenses (competence_certificate_id);
create index export_licenses_approved_by on export_licenses (approved_by);
create index export_licenses_superseded_by on export_licenses (superseded_by);

create table preregistration_documents (
    document_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    entity_id uuid not null,
    entity_type text not null check (entity_type in ('exporter_profile', 'laboratory', 'taster',
        'competence_certificate', 'export_license')),
    document_type text not null check (document_type in ('capital_proof', 'business_registration',
        'laboratory_certificate', 'taster_qualification', 'competence_certificate', 'export_license',
        'inspection_report', 'contract_document')),
    file_name text not null check (length(file_name) <= 500),
    storage_key text not null unique,
    file_size bigint not null check (file_size > 0),
    mime_type text not null,
    sha256 bytea not null check (length(sha256) = 32),
    -- The content identifier; not unique, since one paper may serve two applications.
    ipfs_hash text not null,
    ipfs_url text,
    uploaded_by uuid not null references users on delete restrict,
    uploaded_at timestamptz not null,
    is_active boolean not null default true,
    deactivated_by uuid references users on delete restrict,
    deactivated_at timestamptz,
    deactivation_reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (is_active = (deactivated_at is null))
);
create index preregistration_documents_entity on preregistration_documents (entity_type, entity_id);
create index preregistration_documents_type on preregistration_documents (document_type);
create index preregistration_documents_ipfs on preregistration_documents (ipfs_hash);
create index preregistration_documents_organization on preregistration_documents (organization_id);
create index preregistration_documents_uploaded_by on preregistration_documents (uploaded_by);
create index preregistration_documents_deactivated_by on preregistration_documents (deactivated_by);
