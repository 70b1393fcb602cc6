-- Registration as a desk decides it: what the forms ask, what was verified by whom, what waits since when, which row
-- renews which; who may write what; the gates by date; and the moves.

-- The policies hold against the owner too, who sees no row while they are in force.
alter table exporter_profiles no force row level security;
alter table coffee_laboratories no force row level security;
alter table coffee_tasters no force row level security;
alter table competence_certificates no force row level security;
alter table export_licenses no force row level security;

alter table exporter_profiles
    drop constraint exporter_profiles_status_check,
    add constraint exporter_profiles_status_check
        check (status in ('PENDING_APPROVAL', 'RETURNED', 'ACTIVE', 'REJECTED', 'SUSPENDED', 'REVOKED')),
    -- Who handed it in, for four eyes (nobody where it was taken over from a list); since when it stands where it stands, for its age.
    add submitted_by uuid references users on delete restrict,
    add state_since timestamptz not null default now(),
    -- What the bank certifies, which is what counts: the declared figure is in minimum_capital (domain 2.1a).
    add verified_capital numeric(15, 2) check (verified_capital >= 0),
    add capital_bank text check (length(capital_bank) between 3 and 200),
    add capital_certificate_number text check (length(capital_certificate_number) between 1 and 60),
    add capital_certificate_date date,
    -- What the authority's real form asks beside.
    add trade_license_number text check (length(trade_license_number) <= 60),
    add trade_license_expires_on date,
    add vat_number text check (length(vat_number) <= 60),
    add investment_registration text check (length(investment_registration) <= 60),
    add tax_clearance_number text check (length(tax_clearance_number) <= 60),
    add chamber_membership text check (length(chamber_membership) <= 60),
    add sub_city text check (length(sub_city) <= 100),
    add woreda text check (length(woreda) <= 100),
    add zone text check (length(zone) <= 100),
    add house_number text check (length(house_number) <= 60),
    add bank_branch text check (length(bank_branch) <= 100),
    add bank_swift_code text check (bank_swift_code ~ '^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$');
-- What was verified before is what was declared: no other figure was kept.
update exporter_profiles set submitted_by = user_id, state_since = updated_at,
    verified_capital = case when capital_verified then minimum_capital end;
alter table exporter_profiles
    add constraint exporter_profiles_capital check (capital_verified = (verified_capital is not null)),
    add constraint exporter_profiles_trade_license check (trade_license_number is not null or trade_license_expires_on is null);
create index exporter_profiles_submitted_by on exporter_profiles (submitted_by);
create index exporter_profiles_queue on exporter_profiles (status, state_since, exporter_id);

do $$
declare
    relation text;
    key text;
begin
    for relation, key in values ('coffee_laboratories', 'laboratory_id'), ('coffee_tasters', 'taster_id'),
            ('competence_certificates', 'certificate_id'), ('export_licenses', 'license_id') loop
        execute format('alter table %1$I
            drop constraint %1$s_status_check,
            add constraint %1$s_status_check check (status in (''PENDING'', ''RETURNED'', ''ACTIVE'', ''REJECTED'',
                ''EXPIRED'', ''SUSPENDED'', ''REVOKED'')),
            add submitted_by uuid references users on delete restrict,
            add state_since timestamptz not null default now(),
            add resubmission_count int not null default 0 check (resubmission_count >= 0),
            -- The row that this one is to supersede once it is granted.
            add renews uuid references %1$I on delete restrict,
            add constraint %1$s_renews check (renews <> %2$I)', relation, key);
        execute format('update %I t set state_since = t.updated_at, submitted_by = p.user_id
            from exporter_profiles p where p.exporter_id = t.exporter_id', relation);
        execute format('create index %1$s_submitted_by on %1$I (submitted_by)', relation);
        execute format('create index %1$s_renews on %1$I (renews)', relation);
        execute format('create index %1$s_queue on %1$I (status, state_since, %2$I)', relation, key);
    end loop;
end
$$;
-- One application of a kind at a time; a firm may have several tasters, and each renewal is of another.
create unique index coffee_laboratories_one_open on coffee_laboratories (exporter_id) where status in ('PENDING', 'RETURNED');
create unique index competence_certificates_one_open on competence_certificates (exporter_id) where status in ('PENDING', 'RETURNED');
create unique index export_licenses_one_open on export_licenses (exporter_id) where status in ('PENDING', 'RETURNED');
create unique index coffee_tasters_one_open on coffee_tasters (exporter_id, national_id) where status in ('PENDING', 'RETURNED');

alter table exporter_profiles force row level security;
alter table coffee_laboratories force row level security;
alter table coffee_tasters force row level security;
alter table competence_certificates force row level security;
alter table export_licenses force row level security;

-- Figures that the grants go by.
insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('laboratory_validity_months', 'Registration of a laboratory holds for', 'የቤተ ሙከራ ምዝገባ የሚጸናበት ጊዜ', 'ECTA', 1, 60, 0),
    ('competence_validity_months', 'A certificate of competence holds for', 'የብቃት ማረጋገጫ የሚጸናበት ጊዜ', 'ECTA', 1, 60, 0),
    ('license_validity_months', 'An export licence holds for', 'የወጪ ንግድ ፈቃድ የሚጸናበት ጊዜ', 'ECTA', 1, 60, 0),
    ('renewal_window_days', 'Renewal may be asked for before expiry, from', 'እድሳት የሚጠየቅበት ጊዜ ከማብቂያው በፊት', 'ECTA', 1, 366, 0);
insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('laboratory_validity_months', 12, 'months', '2020-01-01', 'One year; practice of the authority', true),
    ('competence_validity_months', 12, 'months', '2020-01-01', 'One year; practice of the authority', true),
    ('license_validity_months', 12, 'months', '2020-01-01', 'One year; another source says three', true),
    ('renewal_window_days', 90, 'days', '2020-01-01', 'Renewal is asked for within 90 days before expiry', true);

-- Walls ------------------------------------------------------------------------------------------------
-- An applicant writes what the form asks and hands it in; what the authority gives is not among the columns.
create policy party_insert on exporter_profiles for insert to jebena_party with check (
    organization_id = (select app.org()) and (select app.org_kind()) = 'EXPORTER' and user_id = (select app.person())
    and status = 'PENDING_APPROVAL' and not capital_verified and approved_at is null and ico_exporter_code is null);
create policy party_update on exporter_profiles for update to jebena_party
    using (organization_id = (select app.org()))
    with check (organization_id = (select app.org()) and status = 'PENDING_APPROVAL');
create policy regulator_update on exporter_profiles for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA') with check ((select app.org_kind()) = 'ECTA');
create policy system_update on exporter_profiles for update to jebena_system using (true) with check (true);
grant insert on exporter_profiles to jebena_party;
grant update (business_name, tin, business_type, minimum_capital, office_address, city, region, contact_person, email, phone,
    bank_organization_id, bank_account_number, trade_license_number, trade_license_expires_on, vat_number,
    investment_registration, tax_clearance_number, chamber_membership, sub_city, woreda, zone, house_number, bank_branch,
    bank_swift_code, status, version, submitted_by, state_since, resubmission_count, last_resubmitted_at, updated_at)
    on exporter_profiles to jebena_party;
grant update (status, version, state_since, updated_at, approved_by, approved_at, rejected_by, rejected_at, rejection_reason,
    rejection_history, capital_verified, capital_verification_date, capital_verified_by, capital_proof_document,
    verified_capital, capital_bank, capital_certificate_number, capital_certificate_date, ico_exporter_code)
    on exporter_profiles to jebena_regulator;
-- A capital that is declared anew is to be verified anew.
grant update (capital_verified, capital_verification_date, capital_verified_by, capital_proof_document, verified_capital,
    capital_bank, capital_certificate_number, capital_certificate_date) on exporter_profiles to jebena_system;

do $$
declare
    relation text;
    written text;
    granted text;
begin
    for relation, written, granted in values
        ('coffee_laboratories', 'laboratory_name, address, equipment, has_roasting_facility, has_cupping_room, has_sample_storage',
         'certification_number, certified_date, expiry_date, last_inspection_date, inspected_by'),
        ('coffee_tasters', 'full_name, date_of_birth, national_id, qualification_level, proficiency_certificate_number,
             certificate_issue_date, certificate_expiry_date, employment_start_date, is_exclusive_employee',
         'verified_by, verified_at, last_renewal_date'),
        ('competence_certificates', 'laboratory_id, taster_id, has_quality_management_system, storage_capacity, storage_conditions',
         'certificate_number, issued_date, expiry_date, facility_inspection_date, inspected_by, inspection_passed, approved_by,
             approved_at, renewal_history'),
        ('export_licenses', 'competence_certificate_id, eic_registration_number, authorized_coffee_types, authorized_origins,
             annual_quota',
         'license_number, issued_date, expiry_date, authorized_coffee_types, authorized_origins, annual_quota,
             competence_certificate_id, approved_by, approved_at, renewal_history')
    loop
        execute format('create policy party_insert on %I for insert to jebena_party with check (
            status = ''PENDING'' and submitted_by = (select app.person()) and gate.owner_of(exporter_id) = (select app.org()))', relation);
        execute format('create policy party_update on %I for update to jebena_party
            using (gate.owner_of(exporter_id) = (select app.org()))
            with check (status = ''PENDING'' and gate.owner_of(exporter_id) = (select app.org()))', relation);
        execute format('create policy regulator_update on %I for update to jebena_regulator
            using ((select app.org_kind()) = ''ECTA'') with check ((select app.org_kind()) = ''ECTA'')', relation);
        execute format('grant insert on %I to jebena_party', relation);
        execute format('grant update (%s, status, version, submitted_by, state_since, resubmission_count, updated_at)
            on %I to jebena_party', written, relation);
        execute format('grant update (%s, rejection_reason, superseded_by, status, version, state_since, updated_at)
            on %I to jebena_regulator', granted, relation);
        -- Time ends a grant.
        if relation <> 'export_licenses' then
            execute format('create policy system_update on %I for update to jebena_system using (true) with check (true)', relation);
        end if;
        execute format('grant update (status, version, state_since, updated_at) on %I to jebena_system', relation);
    end loop;
end
$$;
-- The firm's name where others read it is the one that the authority has approved.
create policy system_update on organizations for update to jebena_system using (kind = 'EXPORTER') with check (kind = 'EXPORTER');
grant update (name, name_am, contact_email, contact_phone, address, updated_at) on organizations to jebena_system;

-- The gates -------------------------------------------------------------------------------------------
-- Each gate of each firm today: six, or three for a farmer, by date and not by a nightly job, and by the row in force.
-- The same rule stands in Rust, in registration::gates; a test compares the two over the days around each expiry.
create view registration_gates with (security_invoker = true) as
select p.exporter_id, p.organization_id, p.business_name, p.tin, p.registration_number, p.business_type,
       p.status = 'ACTIVE' as profile_active,
       -- What the bank has certified, against the threshold of the day (domain 2.1a).
       p.business_type = 'FARMER' or coalesce(p.verified_capital >= (
           select t.amount from capital_thresholds t
           where t.business_type = p.business_type and t.valid_from <= (select app.today())
           order by t.valid_from desc limit 1), false) as capital_ok,
       p.business_type = 'FARMER' or exists (select from coffee_laboratories l
           where l.exporter_id = p.exporter_id and l.status = 'ACTIVE' and l.superseded_by is null
             and l.expiry_date >= (select app.today())) as laboratory_ok,
       p.business_type = 'FARMER' or exists (select from coffee_tasters t
           where t.exporter_id = p.exporter_id and t.status = 'ACTIVE' and t.superseded_by is null and t.is_exclusive_employee
             and t.certificate_expiry_date >= (select app.today())) as taster_ok,
       exists (select from competence_certificates c
           where c.exporter_id = p.exporter_id and c.status = 'ACTIVE' and c.superseded_by is null
             and c.expiry_date >= (select app.today())) as competence_ok,
       -- A licence stands on the certificate of competence with which it was given, also when that has been renewed since.
       exists (select from export_licenses l
           join competence_certificates c on c.certificate_id = l.competence_certificate_id
           where l.exporter_id = p.exporter_id and l.status = 'ACTIVE' and l.superseded_by is null
             and l.expiry_date >= (select app.today())
             and c.status = 'ACTIVE' and c.expiry_date >= (select app.today())) as license_ok,
       p.business_type = 'FARMER' as is_farmer
from exporter_profiles p;

create or replace view qualified_exporters with (security_invoker = true) as
select g.exporter_id, g.organization_id, g.business_name, g.tin, g.registration_number, g.business_type,
       g.profile_active, g.capital_ok, g.laboratory_ok, g.taster_ok, g.competence_ok, g.license_ok, g.is_farmer
from registration_gates g
where g.profile_active and g.capital_ok and g.laboratory_ok and g.taster_ok and g.competence_ok and g.license_ok;

-- Every application of every kind in one shape, for the desk's lists and for who looks one up.
create view registration_cases with (security_invoker = true) as
select 'PROFILE'::text as subject, p.exporter_id as case_id, p.exporter_id, p.organization_id, p.business_name, p.region,
       p.registration_number as number, p.business_name as title, p.status, p.version, p.submitted_by, p.state_since,
       null::date as expires_on, p.resubmission_count, false as is_superseded, null::uuid as renews
from exporter_profiles p
union all
select 'LABORATORY', l.laboratory_id, l.exporter_id, p.organization_id, p.business_name, p.region, l.certification_number,
       l.laboratory_name, l.status, l.version, l.submitted_by, l.state_since, l.expiry_date, l.resubmission_count,
       l.superseded_by is not null, l.renews
from coffee_laboratories l join exporter_profiles p using (exporter_id)
union all
select 'TASTER', t.taster_id, t.exporter_id, p.organization_id, p.business_name, p.region, t.proficiency_certificate_number,
       t.full_name, t.status, t.version, t.submitted_by, t.state_since, t.certificate_expiry_date, t.resubmission_count,
       t.superseded_by is not null, t.renews
from coffee_tasters t join exporter_profiles p using (exporter_id)
union all
select 'COMPETENCE', c.certificate_id, c.exporter_id, p.organization_id, p.business_name, p.region, c.certificate_number,
       p.business_name, c.status, c.version, c.submitted_by, c.state_since, c.expiry_date, c.resubmission_count,
       c.superseded_by is not null, c.renews
from competence_certificates c join exporter_profiles p using (exporter_id)
union all
select 'LICENSE', l.license_id, l.exporter_id, p.organization_id, p.business_name, p.region, l.license_number,
       p.business_name, l.status, l.version, l.submitted_by, l.state_since, l.expiry_date, l.resubmission_count,
       l.superseded_by is not null, l.renews
from export_licenses l join exporter_profiles p using (exporter_id);
grant select on registration_gates, registration_cases to jebena_party, jebena_regulator, jebena_auditor, jebena_system,
    jebena_worker;
grant select on registration_gates to jebena_definer;

-- What waits at the authority's desk of registration counts among what waits.
create or replace view pending_approvals_by_org with (security_invoker = true) as
select o.code as organization, e.queue_organization_id as organization_id, e.stage as approval_type,
       count(*) as pending_count, min(e.stage_entered_at) as oldest_since
from exports e
join organizations o on o.organization_id = e.queue_organization_id
where e.queue_organization_id is not null
group by o.code, e.queue_organization_id, e.stage
union all
select o.code, o.organization_id, c.subject, count(*), min(c.state_since)
from registration_cases c
join organizations o on o.kind = 'ECTA'
where c.status in ('PENDING', 'PENDING_APPROVAL')
group by o.code, o.organization_id, c.subject;

insert into legal_moves (subject, from_state, action, to_state) values
    ('PROFILE', '', 'submit', 'PENDING_APPROVAL'),
    ('PROFILE', 'REJECTED', 'resubmit', 'PENDING_APPROVAL'),
    ('PROFILE', 'RETURNED', 'resubmit', 'PENDING_APPROVAL'),
    ('PROFILE', 'PENDING_APPROVAL', 'verify-capital', 'PENDING_APPROVAL'),
    ('PROFILE', 'ACTIVE', 'verify-capital', 'ACTIVE'),
    ('PROFILE', 'PENDING_APPROVAL', 'approve', 'ACTIVE'),
    ('PROFILE', 'PENDING_APPROVAL', 'reject', 'REJECTED'),
    ('PROFILE', 'PENDING_APPROVAL', 'return', 'RETURNED'),
    ('PROFILE', 'ACTIVE', 'give-code', 'ACTIVE'),
    ('PROFILE', 'ACTIVE', 'suspend', 'SUSPENDED'),
    ('PROFILE', 'SUSPENDED', 'reinstate', 'ACTIVE'),
    ('PROFILE', 'ACTIVE', 'revoke', 'REVOKED'),
    ('PROFILE', 'SUSPENDED', 'revoke', 'REVOKED');
insert into legal_moves (subject, from_state, action, to_state)
select subject, from_state, action, to_state
from (values ('LABORATORY'), ('TASTER'), ('COMPETENCE'), ('LICENSE')) kinds (subject)
cross join (values ('', 'submit', 'PENDING'),
    ('REJECTED', 'resubmit', 'PENDING'), ('RETURNED', 'resubmit', 'PENDING'),
    ('PENDING', 'approve', 'ACTIVE'), ('PENDING', 'reject', 'REJECTED'), ('PENDING', 'return', 'RETURNED'),
    ('ACTIVE', 'suspend', 'SUSPENDED'), ('SUSPENDED', 'reinstate', 'ACTIVE'),
    ('ACTIVE', 'revoke', 'REVOKED'), ('SUSPENDED', 'revoke', 'REVOKED'),
    ('ACTIVE', 'expire', 'EXPIRED'), ('SUSPENDED', 'expire', 'EXPIRED')) moves (from_state, action, to_state);
