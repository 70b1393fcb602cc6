-- How each contract came to stand where it stands.
create table demo.contract_moves as
select c.contract_id, f.organization_id as owner, step.*
from sales_contracts c
join demo.firms f using (exporter_id)
join demo.staff w on w.organization = 'ECTA' and w.person = 0
join organizations e on e.code = 'ECTA'
cross join lateral (values
    (1, '', 'register', 'REGISTERED', f.owner_id, f.organization_id, null, c.created_at),
    (2, 'REGISTERED', 'approve', 'APPROVED', coalesce(c.approved_by, w.user_id), e.organization_id, null, coalesce(c.approved_at, c.updated_at)),
    (2, 'REGISTERED', 'reject', 'REJECTED', w.user_id, e.organization_id, c.rejection_reason, c.updated_at),
    (3, 'APPROVED', 'expire', 'EXPIRED', null, null, null, (c.shipment_deadline + 1)::timestamptz)
    ) as step (version, from_state, action, to_state, changed_by, organization_id, reason, moment)
where step.version = 1 or step.to_state = c.status or (step.action = 'approve' and c.status = 'EXPIRED');
insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, reason, created_at)
select gen_random_uuid(), 'CONTRACT', contract_id, owner, version, from_state, action, to_state, changed_by, organization_id, reason, moment
from demo.contract_moves;
update sales_contracts c set version = m.version
from (select contract_id, max(version) as version from demo.contract_moves group by contract_id) m
where c.contract_id = m.contract_id;

-- Work for the desks that open the registers: a firm, a laboratory and a taster that have applied, a buyer whom nobody has
-- verified yet, and lots whose inspection is to come.
create table demo.applied as
select n, what, (s.now - n * interval '1 day' - interval '3 hours') as moment, demo.id(n, 95, s.now - n * interval '1 day') as id
from demo.settings s
cross join (values (1, 'FIRM'), (2, 'OWNER'), (3, 'PROFILE'), (4, 'LABORATORY'), (5, 'TASTER'), (6, 'BUYER')) as applied (n, what);

insert into organizations (organization_id, code, kind, name, name_am, contact_email, contact_phone, address, created_at, updated_at)
select id, 'FIRM-ZEGE', 'EXPORTER', 'Zege Lake Coffee PLC', 'ዘጌ ሐይቅ ቡና ኃ/የተ/የግ/ማ', 'desk@firm-zege.example', '+251911000099',
    'Kebele 11, Bahir Dar', moment, moment
from demo.applied where what = 'FIRM';
insert into users (id, username, email, password_hash, organization_id, role, full_name, is_demo)
select p.id, 'firm-zege.owner', 'firm-zege.owner@jebena.example',
    (select password_hash from users where username = 'exporter.owner'), f.id, 'OWNER', 'Tsedale Belete Fenta', true
from demo.applied p join demo.applied f on f.what = 'FIRM' where p.what = 'OWNER';
insert into user_roles (user_id, role_name) select id, 'OWNER' from demo.applied where what = 'OWNER';
insert into exporter_profiles (exporter_id, organization_id, user_id, business_name, tin, registration_number, business_type,
    minimum_capital, office_address, city, region, contact_person, email, phone, submitted_by, state_since, created_at, updated_at)
select p.id, f.id, o.id, 'Zege Lake Coffee PLC', '0000000099', 'ECTA-LLC-' || demo.year(p.moment) || '-000001', 'LLC', 24000000,
    'Kebele 11, Bahir Dar', 'Bahir Dar', 'Amhara', 'Tsedale Belete Fenta', 'desk@firm-zege.example', '+251911000099', o.id,
    p.moment, p.moment, p.moment
from demo.applied p
join demo.applied f on f.what = 'FIRM'
join demo.applied o on o.what = 'OWNER'
where p.what = 'PROFILE';
insert into number_counters (series_key, scope, period, last_value)
select 'EXPORTER_REGISTRATION', 'LLC', demo.year(moment)::text, 1 from demo.applied where what = 'PROFILE'
on conflict (series_key, scope, period) do update set last_value = number_counters.last_value + 1;

insert into coffee_laboratories (laboratory_id, exporter_id, laboratory_name, address, equipment, has_roasting_facility,
    has_cupping_room, has_sample_storage, submitted_by, state_since, created_at, updated_at)
select p.id, f.exporter_id, f.name || ' second laboratory', 'Modjo', '["sample roaster", "grinder", "moisture meter"]', true, true, true,
    f.owner_id, p.moment, p.moment, p.moment
from demo.applied p join demo.firms f on f.firm = 5 where p.what = 'LABORATORY';
insert into coffee_tasters (taster_id, exporter_id, full_name, date_of_birth, national_id, qualification_level,
    proficiency_certificate_number, certificate_issue_date, certificate_expiry_date, employment_start_date, submitted_by,
    state_since, created_at, updated_at)
select p.id, f.exporter_id, 'Kidist Lemma Gudina', '1994-05-11', 'ET-000999331', 'DEGREE', 'CTP-' || demo.year(p.moment) || '-0991',
    demo.day(p.moment) - 40, demo.day(p.moment) + 325, demo.day(p.moment) - 30, f.owner_id, p.moment, p.moment, p.moment
from demo.applied p join demo.firms f on f.firm = 5 where p.what = 'TASTER';
insert into buyers (buyer_id, name, name_key, country_code, address, email, named_by_organization_id, named_by, created_at, updated_at)
select p.id, 'Hafen Rösterei Altona GmbH', current_setting('demo.buyer_key'), 'DE', 'Große Elbstraße 45, 22767 Hamburg',
    'einkauf@hafen-roesterei.example', f.organization_id, f.owner_id, p.moment, p.moment
from demo.applied p join demo.firms f on f.firm = 1 where p.what = 'BUYER';
insert into buyer_exporters (buyer_id, organization_id, since)
select p.id, f.organization_id, p.moment from demo.applied p join demo.firms f on f.firm = 1 where p.what = 'BUYER';

insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, created_at)
select gen_random_uuid(), p.what, p.id, case p.what when 'PROFILE' then zege.id else f.organization_id end, 1, '',
    case p.what when 'BUYER' then 'name' else 'submit' end, case p.what when 'PROFILE' then 'PENDING_APPROVAL' else 'PENDING' end,
    case p.what when 'PROFILE' then person.id else f.owner_id end, case p.what when 'PROFILE' then zege.id else f.organization_id end, p.moment
from demo.applied p
join demo.applied zege on zege.what = 'FIRM'
join demo.applied person on person.what = 'OWNER'
join demo.firms f on f.firm = case when p.what in ('LABORATORY', 'TASTER') then 5 else 1 end
where p.what in ('PROFILE', 'LABORATORY', 'TASTER', 'BUYER');

-- The laboratory's papers raised a question.
update coffee_laboratories l set status = 'RETURNED', version = 2, state_since = a.moment + interval '1 day', updated_at = a.moment + interval '1 day'
from demo.applied a where a.what = 'LABORATORY' and l.laboratory_id = a.id;
insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, reason, created_at)
select gen_random_uuid(), 'LABORATORY', a.id, f.organization_id, 2, 'PENDING', 'return', 'RETURNED', w.user_id, w.organization_id,
    'Is the roaster at Modjo the one of the first laboratory? Please name its serial number.', a.moment + interval '1 day'
from demo.applied a
join demo.firms f on f.firm = 5
join demo.staff w on w.organization = 'ECTA' and w.person = 0
where a.what = 'LABORATORY';

-- Bought and verified, not yet inspected: as a lot of the same firm was before its inspection. The third came back from the
-- exchange.
create table demo.uninspected as
select distinct on (f.firm, n) f.firm * 10 + n as number, n = 2 as is_returned, f.firm, l.*, s.now - (4 + f.firm) * interval '1 day' as verified_at, demo.id(f.firm * 10 + n, 96, s.now - interval '6 days') as new_id,
       f.organization_id, f.owner_id
from demo.firms f
join coffee_lots l on l.purchased_by = f.exporter_id and l.source = 'ECX' and l.status = 'INSPECTED' and l.generation = 0
cross join demo.settings s
cross join (values (1), (2)) as copies (n)
where f.firm = 1 or (f.firm = 2 and n = 1)
order by f.firm, n, l.created_at desc;
insert into coffee_lots (lot_id, ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on, warehouse_location,
    warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags, preliminary_grade, purchase_date,
    purchased_by, purchase_price, ecx_verified_by, ecx_verified_at, ecx_reject_reason, verification, verification_since, submitted_by,
    version, status, created_at, updated_at)
select u.new_id, 'ECX-' || demo.year(u.verified_at) || '-8800' || u.number, 'ECX', 'WR-NEW-8800' || u.number, demo.day(u.verified_at) - 1,
    demo.day(u.verified_at) + 19, u.warehouse_location, u.warehouse_name, u.coffee_type, u.origin_region, u.processing_method,
    u.crop_year, 9600, 160, u.preliminary_grade, demo.day(u.verified_at) - 1, u.purchased_by, u.purchase_price,
    case when not u.is_returned then w.user_id end, case when not u.is_returned then u.verified_at end,
    case when u.is_returned then 'The receipt says 158 bags. Please look at the quantity again.' end,
    case when u.is_returned then 'RETURNED' else 'VERIFIED' end, u.verified_at, u.owner_id, 2, 'IN_WAREHOUSE', u.verified_at - interval '1 day', u.verified_at
from demo.uninspected u
join demo.staff w on w.organization = 'ECX' and w.person = 0;
insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, reason, created_at)
select gen_random_uuid(), 'LOT', u.new_id, u.organization_id, 1, '', 'register', 'PENDING', u.owner_id, u.organization_id, null,
    u.verified_at - interval '1 day'
from demo.uninspected u
union all
select gen_random_uuid(), 'LOT', u.new_id, u.organization_id, 2, 'PENDING', case when u.is_returned then 'return' else 'approve' end,
    case when u.is_returned then 'RETURNED' else 'VERIFIED' end, w.user_id, w.organization_id,
    case when u.is_returned then 'The receipt says 158 bags. Please look at the quantity again.' end, u.verified_at
from demo.uninspected u
join demo.staff w on w.organization = 'ECX' and w.person = 0;
