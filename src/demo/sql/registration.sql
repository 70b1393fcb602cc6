-- Who may export: profiles, laboratories, tasters, competence certificates and licences of the five firms, all
-- in order; and of the firms beside them, each with the one flaw that demo.flaws names (domain 8).
create table demo.firms as
select row_number() over (order by f.flaw is not null, o.code)::int as firm, o.organization_id, o.code, o.name, f.flaw,
       demo.id(hashtext(o.code), 11, (select now from demo.settings) - interval '900 days') as exporter_id,
       (select user_id from demo.staff s where s.organization_id = o.organization_id and s.person = 1) as owner_id,
       (select full_name from demo.staff s where s.organization_id = o.organization_id and s.person = 1) as owner_name,
       (select organization_id from organizations b where b.code = case when o.code in ('EXPORTER3', 'EXPORTER5') then 'BANK2' else 'BANK' end) as bank_id,
       case o.code when 'EXPORTER2' then 'PRIVATE' when 'EXPORTER3' then 'TRADE_ASSOCIATION' when 'EXPORTER4' then 'FARMER'
                   when 'EXPORTER5' then 'JOINT_STOCK' else 'LLC' end as business_type,
       case o.code when 'EXPORTER3' then 'South Ethiopia' when 'EXPORTER4' then 'South West Ethiopia Peoples' else 'Addis Ababa' end as region,
       case o.code when 'EXPORTER3' then 'Dilla' when 'EXPORTER4' then 'Bonga' else 'Addis Ababa' end as city,
       case o.code
            when 'EXPORTER3' then array['Yirgacheffe', 'Guji', 'Sidama', 'Gedeo']
            when 'EXPORTER4' then array['Kaffa', 'Bench Maji']
            when 'EXPORTER2' then array['Limu', 'Jimma', 'Lekempti', 'Harar']
            else array['Yirgacheffe', 'Sidama', 'Guji', 'Limu', 'Jimma', 'Harar', 'Lekempti', 'Kaffa', 'Bench Maji', 'Bale'] end as coffee_types
from organizations o
left join demo.flaws f using (code)
where o.kind = 'EXPORTER';

insert into exporter_profiles (exporter_id, organization_id, user_id, business_name, tin, registration_number, business_type,
    minimum_capital, capital_verified, capital_verification_date, capital_verified_by, capital_proof_document, verified_capital,
    capital_bank, capital_certificate_number, capital_certificate_date, submitted_by, state_since, office_address,
    city, region, contact_person, email, phone, bank_organization_id, bank_account_number, ico_exporter_code, status,
    approved_by, approved_at, created_at, updated_at)
select f.exporter_id, f.organization_id, f.owner_id, f.name, lpad(f.firm::text, 10, '0'),
    'ECTA-' || case f.business_type when 'PRIVATE' then 'PVT' when 'TRADE_ASSOCIATION' then 'ASSN' when 'JOINT_STOCK' then 'JS'
                                    when 'FARMER' then 'FRM' else 'LLC' end
        || '-' || demo.year(moment) || '-' || lpad((row_number() over (partition by f.business_type order by f.firm))::text, 6, '0'),
    f.business_type,
    case f.business_type when 'PRIVATE' then 18000000 when 'FARMER' then 0 else 26500000 end,
    checked, case when checked then moment + interval '6 days' end,
    case when checked then (select user_id from demo.staff where organization = 'ECTA' and person = 1) end,
    case when checked then 'Bank certificate of capital, ' || f.name end,
    case when checked then case f.business_type when 'PRIVATE' then 18000000 else 26500000 end end,
    case when checked then (select b.name from organizations b where b.organization_id = f.bank_id) end,
    case when checked then 'CAP/' || lpad((f.firm * 313)::text, 5, '0') end,
    case when checked then (moment - interval '20 days')::date end, f.owner_id, moment + interval '9 days',
    o.address, f.city, f.region, f.owner_name, o.contact_email, o.contact_phone, f.bank_id, '1000' || lpad((f.firm * 7919)::text, 9, '0'),
    (9000 + f.firm)::text, case when f.flaw = 'SUSPENDED' then 'SUSPENDED' else 'ACTIVE' end,
    (select user_id from demo.staff where organization = 'ECTA' and person = 0), moment + interval '9 days', moment, moment + interval '9 days'
from demo.firms f
join organizations o using (organization_id)
cross join lateral (select s.now - interval '900 days' as moment, f.business_type <> 'FARMER' and f.flaw is distinct from 'NO_CAPITAL' as checked
                    from demo.settings s) terms;

-- Laboratory and taster: a farmer who exports his own coffee needs neither.
insert into coffee_laboratories (laboratory_id, exporter_id, laboratory_name, address, certification_number, certified_date,
    expiry_date, status, equipment, has_roasting_facility, has_cupping_room, has_sample_storage, last_inspection_date, inspected_by,
    created_at, updated_at)
select demo.id(f.firm, 12, s.now - interval '260 days'), f.exporter_id, f.name || ' cupping laboratory', f.city,
    'LAB-' || to_char(certified, 'YYYY') || '-' || lpad((row_number() over (partition by to_char(certified, 'YYYY') order by f.firm))::text, 6, '0'),
    certified, (certified + interval '1 year')::date, 'ACTIVE',
    '["sample roaster", "grinder", "moisture meter", "scales 0.1 g", "screens 12-20", "cupping bowls"]',
    true, true, true, certified - 4, (select user_id from demo.staff where organization = 'ECTA' and person = 0),
    s.now - interval '380 days', s.now - interval '260 days'
from demo.firms f
cross join demo.settings s
cross join lateral (select case when f.flaw = 'LABORATORY_EXPIRED' then s.today - 374 else s.today - 250 end as certified) dates
where f.business_type <> 'FARMER';

insert into coffee_tasters (taster_id, exporter_id, full_name, date_of_birth, national_id, qualification_level,
    proficiency_certificate_number, certificate_issue_date, certificate_expiry_date, employment_start_date, is_exclusive_employee,
    status, verified_by, verified_at, created_at, updated_at)
select demo.id(f.firm, 13, s.now - interval '260 days'), f.exporter_id,
    (array['Abebech Tumsa', 'Kebede Lelisa', 'Senait Mulatu', 'Tariku Bedane', 'Yeshi Alemayehu', 'Girma Wakjira', 'Hanna Desta',
           'Mesfin Obsa', 'Roman Tilahun', 'Desta Guta', 'Zelalem Bogale', 'Ayantu Fekede'])[1 + f.firm % 12],
    date '1988-03-14' + f.firm * 97, 'ET-' || lpad((f.firm * 104729)::text, 9, '0'), (array['DIPLOMA', 'DEGREE', 'MASTER'])[1 + f.firm % 3],
    'CTP-' || to_char(issued, 'YYYY') || '-' || lpad(f.firm::text, 4, '0'), issued, (issued + interval '1 year')::date,
    s.today - 900, true, 'ACTIVE', (select user_id from demo.staff where organization = 'ECTA' and person = 1),
    s.now - interval '255 days', s.now - interval '380 days', s.now - interval '255 days'
from demo.firms f
cross join demo.settings s
cross join lateral (select case when f.flaw = 'TASTER_EXPIRED' then s.today - 390 else s.today - 256 end as issued) dates
where f.business_type <> 'FARMER';

-- A certificate and a licence for each year: what is renewed is superseded. Year 0 is in force.
create table demo.licences as
select f.firm, f.exporter_id, f.flaw, f.coffee_types, year,
       begins, (begins + interval '1 year')::date as ends,
       demo.id(f.firm * 100 + year, 14, begins + interval '9 hours') as certificate_id,
       demo.id(f.firm * 100 + year, 15, begins + interval '10 hours') as license_id
from demo.firms f
cross join demo.settings s
cross join lateral generate_series(0, case when f.flaw is null then s.years else 0 end) as year
cross join lateral (select (case f.flaw when 'COMPETENCE_DUE' then s.today - 345 when 'COMPETENCE_EXPIRED' then s.today - 385
                                        else s.today - 245 end - year * interval '1 year')::date as begins) dates;

insert into competence_certificates (certificate_id, exporter_id, certificate_number, issued_date, expiry_date, status, laboratory_id,
    taster_id, facility_inspection_date, inspected_by, inspection_passed, has_quality_management_system, storage_capacity,
    storage_conditions, approved_by, approved_at, created_at, updated_at)
select l.certificate_id, l.exporter_id,
    'COMP-' || to_char(l.begins, 'YYYY') || '-' || lpad((row_number() over (partition by to_char(l.begins, 'YYYY') order by l.begins, l.firm))::text, 6, '0'),
    l.begins, l.ends, case when year = 0 then 'ACTIVE' else 'EXPIRED' end,
    (select laboratory_id from coffee_laboratories x where x.exporter_id = l.exporter_id),
    (select taster_id from coffee_tasters x where x.exporter_id = l.exporter_id),
    l.begins - 6, (select user_id from demo.staff where organization = 'ECTA' and person = 0), true, l.firm % 3 = 0, 600000,
    'Dry, ventilated, on pallets', (select user_id from demo.staff where organization = 'ECTA' and person = 1),
    l.begins + interval '9 hours', l.begins - interval '10 days', l.begins + interval '9 hours'
from demo.licences l;
update competence_certificates c set superseded_by = newer.certificate_id
from demo.licences l
join demo.licences newer on newer.firm = l.firm and newer.year = l.year - 1
where c.certificate_id = l.certificate_id;

-- The quota is raised to what the firm has asked for once the exports are there.
insert into export_licenses (license_id, exporter_id, license_number, issued_date, expiry_date, status, competence_certificate_id,
    eic_registration_number, authorized_coffee_types, annual_quota, approved_by, approved_at, created_at, updated_at)
select l.license_id, l.exporter_id,
    'LIC-' || to_char(l.begins, 'YYYY') || '-' || lpad((row_number() over (partition by to_char(l.begins, 'YYYY') order by l.begins, l.firm))::text, 6, '0'),
    l.begins, l.ends, case when l.flaw = 'LICENSE_REVOKED' then 'REVOKED' when year = 0 then 'ACTIVE' else 'EXPIRED' end,
    l.certificate_id, 'EIC/' || lpad((l.firm * 613)::text, 5, '0'), to_jsonb(l.coffee_types), 1500000,
    (select user_id from demo.staff where organization = 'ECTA' and person = 1), l.begins + interval '10 hours',
    l.begins - interval '4 days', l.begins + interval '10 hours'
from demo.licences l;
update export_licenses c set superseded_by = newer.license_id
from demo.licences l
join demo.licences newer on newer.firm = l.firm and newer.year = l.year - 1
where c.license_id = l.license_id;
