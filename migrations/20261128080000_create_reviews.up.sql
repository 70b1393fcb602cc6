-- What one desk decides about what somebody applied for: profiles, laboratories, tasters, certificates, licences, lots,
-- contracts. Each keeps its row with the seed's status; what happened to it, what was asked and answered, the papers
-- handed in and the forms that are still being filled in stand here, in one shape for all of them.

create table review_subjects (
    subject text primary key check (subject ~ '^[A-Z_]{3,30}$'),
    note text not null
);
insert into review_subjects (subject, note) values
    ('PROFILE', 'An exporter''s profile'),
    ('LABORATORY', 'A coffee laboratory'),
    ('TASTER', 'A coffee taster'),
    ('COMPETENCE', 'A certificate of competence'),
    ('LICENSE', 'An export licence'),
    ('LOT', 'A lot of coffee'),
    ('INSPECTION', 'A quality inspection'),
    ('CONTRACT', 'A sales contract'),
    ('BUYER', 'A buyer abroad');
grant select on review_subjects to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker, jebena_system;

-- Every move of every subject. A move that is no row of legal_moves cannot be recorded, so it cannot be made.
create table review_history (
    history_id uuid primary key,
    subject text not null references review_subjects,
    subject_id uuid not null,
    -- Whose application it is: row-level security reads this column, a scalar comparison.
    owner_organization_id uuid not null references organizations on delete restrict,
    -- The version that this move made; 1 is the application itself.
    version int not null check (version > 0),
    -- Empty before the first move.
    from_state text not null,
    action text not null,
    to_state text not null,
    -- Nobody where time did it: an expiry.
    changed_by uuid references users on delete restrict,
    organization_id uuid references organizations on delete restrict,
    reason text check (length(reason) between 10 and 500),
    -- What it changed, and facts that the deciding form asked for.
    details jsonb not null default '{}',
    created_at timestamptz not null,
    unique (subject, subject_id, version),
    constraint review_history_legal_move foreign key (subject, from_state, action, to_state)
        references legal_moves (subject, from_state, action, to_state) on update restrict on delete restrict,
    constraint review_history_reason check (reason is not null
        or action not in ('reject', 'return', 'suspend', 'revoke', 'cancel')),
    check ((version = 1) = (from_state = '')),
    check ((changed_by is null) = (organization_id is null))
);
create index review_history_owner on review_history (owner_organization_id, created_at desc);
create index review_history_changed_by on review_history (changed_by);
create index review_history_organization on review_history (organization_id);
create index review_history_move on review_history (subject, from_state, action, to_state);
call app.make_append_only('review_history');

-- Questions and answers between the applicant and the desk.
create table review_messages (
    message_id uuid primary key,
    subject text not null references review_subjects,
    subject_id uuid not null,
    owner_organization_id uuid not null references organizations on delete restrict,
    author_id uuid not null references users on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    body text not null check (length(body) between 1 and 2000),
    created_at timestamptz not null
);
create index review_messages_subject on review_messages (subject, subject_id, created_at);
create index review_messages_owner on review_messages (owner_organization_id);
create index review_messages_author on review_messages (author_id);
create index review_messages_organization on review_messages (organization_id);
call app.make_append_only('review_messages');

-- Forms that are being filled in, exactly as typed: nothing in them has been checked. One for each thing that an
-- organisation is working on; a colleague goes on where the other stopped.
create table drafts (
    draft_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    subject text not null references review_subjects,
    -- What is being corrected; none where something new is being written.
    subject_id uuid,
    fields jsonb not null check (jsonb_typeof(fields) = 'object' and length(fields::text) <= 65536),
    saved_by uuid not null references users on delete restrict,
    saved_at timestamptz not null
);
create unique index drafts_one_each on drafts (organization_id, subject, subject_id) nulls not distinct;
create index drafts_saved_by on drafts (saved_by);

-- Papers handed in with an application: now also with a lot, an inspection, a contract, a buyer. What they are is a
-- code list.
create table application_document_types (
    document_type text primary key check (document_type ~ '^[a-z_]{3,40}$'),
    name text not null,
    name_am text not null,
    sort_order int not null unique
);
insert into application_document_types (document_type, name, name_am, sort_order) values
    ('business_registration', 'Business registration', 'የንግድ ምዝገባ', 1),
    ('trade_license', 'Trade licence', 'የንግድ ፈቃድ', 2),
    ('tin_certificate', 'TIN certificate', 'የግብር ከፋይ መለያ ቁጥር ማረጋገጫ', 3),
    ('vat_certificate', 'VAT certificate', 'የተጨማሪ እሴት ታክስ ማረጋገጫ', 4),
    ('investment_registration', 'Investment registration', 'የኢንቨስትመንት ምዝገባ', 5),
    ('tax_clearance', 'Tax clearance', 'የግብር ክሊራንስ', 6),
    ('capital_proof', 'Bank certificate of capital and of one year of activity', 'የካፒታልና የአንድ ዓመት እንቅስቃሴ የባንክ ማረጋገጫ', 7),
    ('shareholder_evidence', 'Evidence of two major shareholders', 'የሁለት ዋና ባለአክሲዮኖች ማስረጃ', 8),
    ('identity_document', 'Identity document', 'መታወቂያ', 9),
    ('farm_evidence', 'Evidence of one''s own coffee farm', 'የራስ ቡና እርሻ ማስረጃ', 10),
    ('laboratory_certificate', 'Laboratory certificate', 'የላቦራቶሪ ምስክር ወረቀት', 11),
    ('equipment_list', 'List of equipment', 'የመሣሪያዎች ዝርዝር', 12),
    ('taster_qualification', 'Qualification of the taster', 'የቀማሹ የትምህርት ማስረጃ', 13),
    ('proficiency_certificate', 'Proficiency certificate of the taster', 'የቀማሹ የብቃት ምስክር ወረቀት', 14),
    ('employment_contract', 'Employment contract', 'የሥራ ውል', 15),
    ('competence_certificate', 'Certificate of competence', 'የብቃት ማረጋገጫ ምስክር ወረቀት', 16),
    ('qms_documentation', 'Documentation of the quality management system', 'የጥራት ሥራ አመራር ሰነድ', 17),
    ('storage_evidence', 'Evidence of storage', 'የመጋዘን ማስረጃ', 18),
    ('export_license', 'Export licence', 'የወጪ ንግድ ፈቃድ', 19),
    ('inspection_report', 'Inspection report', 'የምርመራ ሪፖርት', 20),
    ('warehouse_receipt', 'Warehouse receipt', 'የመጋዘን ደረሰኝ', 21),
    ('cupping_form', 'Cupping form', 'የቅምሻ ቅጽ', 22),
    ('contract_document', 'Sales contract', 'የሽያጭ ውል', 23),
    ('buyer_proof_of_business', 'Buyer''s proof of business', 'የገዢ የንግድ ማስረጃ', 24),
    ('other', 'Other document', 'ሌላ ሰነድ', 25);
grant select on application_document_types to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker,
    jebena_system;

alter table preregistration_documents drop constraint preregistration_documents_entity_type_check;
alter table preregistration_documents drop constraint preregistration_documents_document_type_check;
alter table preregistration_documents
    add constraint preregistration_documents_entity_type_check check (entity_type in ('exporter_profile', 'laboratory',
        'taster', 'competence_certificate', 'export_license', 'coffee_lot', 'quality_inspection', 'sales_contract', 'buyer')),
    add constraint preregistration_documents_document_type_fkey foreign key (document_type)
        references application_document_types on delete restrict,
    -- Who handed it in, where that is not whose application it is: an inspector's report belongs to the applicant's file.
    add column provided_by_organization_id uuid references organizations on delete restrict,
    add column reference_number text check (length(reference_number) <= 60),
    add column version int not null default 1 check (version > 0),
    add column scan_status text not null default 'NOT_SCANNED' check (scan_status in ('NOT_SCANNED', 'CLEAN', 'INFECTED'));
create index preregistration_documents_provided_by on preregistration_documents (provided_by_organization_id);
-- One paper of each kind from each side counts at a time; others as many as there are.
create unique index preregistration_documents_in_force on preregistration_documents
    (entity_type, entity_id, document_type, coalesce(provided_by_organization_id, organization_id))
    where is_active and document_type <> 'other';

-- Walls ------------------------------------------------------------------------------------------------
alter table review_history enable row level security;
alter table review_history force row level security;
-- The exchange decides on lots, and on nothing else here.
create policy party_select on review_history for select to jebena_party using (
    owner_organization_id = (select app.org()) or ((select app.org_kind()) = 'ECX' and subject = 'LOT'));
create policy class_select on review_history for select to jebena_regulator, jebena_auditor, jebena_system, jebena_worker
    using (true);
create policy party_insert on review_history for insert to jebena_party with check (
    organization_id = (select app.org()) and changed_by = (select app.person())
    and (owner_organization_id = (select app.org()) or ((select app.org_kind()) = 'ECX' and subject = 'LOT')));
create policy regulator_insert on review_history for insert to jebena_regulator
    with check (organization_id = (select app.org()) and changed_by = (select app.person()));
-- What follows from a decision (a licence goes with its profile), and what time does.
create policy class_insert on review_history for insert to jebena_system, jebena_worker with check (true);
grant select on review_history to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;
grant insert on review_history to jebena_party, jebena_regulator, jebena_system, jebena_worker;

alter table review_messages enable row level security;
alter table review_messages force row level security;
create policy party_select on review_messages for select to jebena_party using (
    owner_organization_id = (select app.org()) or ((select app.org_kind()) = 'ECX' and subject = 'LOT'));
create policy class_select on review_messages for select to jebena_regulator, jebena_auditor using (true);
create policy party_insert on review_messages for insert to jebena_party with check (
    organization_id = (select app.org()) and author_id = (select app.person())
    and (owner_organization_id = (select app.org()) or ((select app.org_kind()) = 'ECX' and subject = 'LOT')));
create policy regulator_insert on review_messages for insert to jebena_regulator
    with check (organization_id = (select app.org()) and author_id = (select app.person()));
grant select on review_messages to jebena_party, jebena_regulator, jebena_auditor;
grant insert on review_messages to jebena_party, jebena_regulator;

alter table drafts enable row level security;
alter table drafts force row level security;
-- What is not handed in is nobody else's affair, not even the auditor's.
create policy own_organization_all on drafts for all to jebena_party, jebena_regulator
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant select, insert, update, delete on drafts to jebena_party, jebena_regulator;

alter policy own_organization_select on preregistration_documents using (
    organization_id = (select app.org())
    or ((select app.org_kind()) = 'ECX' and entity_type = 'coffee_lot'));
create policy party_insert on preregistration_documents for insert to jebena_party with check (
    uploaded_by = (select app.person()) and coalesce(provided_by_organization_id, organization_id) = (select app.org())
    and (organization_id = (select app.org()) or ((select app.org_kind()) = 'ECX' and entity_type = 'coffee_lot')));
create policy regulator_insert on preregistration_documents for insert to jebena_regulator with check (
    uploaded_by = (select app.person()) and provided_by_organization_id = (select app.org()));
create policy own_update on preregistration_documents for update to jebena_party, jebena_regulator
    using (coalesce(provided_by_organization_id, organization_id) = (select app.org()))
    with check (coalesce(provided_by_organization_id, organization_id) = (select app.org()));
grant insert on preregistration_documents to jebena_party, jebena_regulator;
grant update (is_active, deactivated_by, deactivated_at, deactivation_reason, updated_at) on preregistration_documents
    to jebena_party, jebena_regulator;
-- Without a policy it sees no row: what it asks for by id is not found, as for everybody else.
grant select on preregistration_documents to jebena_admin;
