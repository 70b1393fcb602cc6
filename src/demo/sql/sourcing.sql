-- Contracts, lots and inspections: those that the exports use, and free ones with which a newcomer can open
-- requests.

-- What lies free, and the odd cases that the lists of later issues show.
create table demo.spare as
select f.firm, f.exporter_id, number, 900000 + f.firm * 100 + number as lot, 200000000 + f.firm::bigint * 100 + number as contract, y.*,
       s.now - (16 + number * 3) * interval '1 day' as bought_at,
       case when number <= 6 then 'FREE' when number = 7 then 'UNVERIFIED' when number = 8 then 'FAILED' else 'LOW_PRICE' end as kind
from demo.firms f
cross join demo.settings s
cross join lateral generate_series(1, case f.firm when 1 then 9 when 5 then 8 else 7 end) as number
join demo.coffees y on y.coffee = case f.firm when 2 then 4 + (number - 1) % 4 when 3 then 1 + (number - 1) % 3
                                       when 4 then 8 + (number - 1) % 2 else 1 + (number + f.firm - 2) % 10 end
where f.flaw is null;

-- The last day of shipment of a contract that was registered on a day (domain 2.8).
create function demo.last_day(business_type text, registered date) returns date language sql stable
    return registered + case business_type
        when 'FARMER' then make_interval(months => (select value::int from parameters where key = 'contract_shipment_months_farmer'))
        else make_interval(days => (select value::int from parameters where key = 'contract_shipment_days')) end;

create table demo.signed as
select c.contract, c.contract_id, c.exporter_id, c.coffee_type, c.processing, c.grade::text as grade, c.region, c.buyer_name, c.country, c.address,
       c.email, c.payment_method, c.incoterm, c.by_air, c.port_of_loading, c.port_of_discharge, c.asks_for, c.price_per_kg, c.registered_at,
       coalesce(taken.kg, 0) as reserved, taken.asked + case when demo.pick(c.contract, 71, 3) = 0 then c.kg else 0 end as quantity,
       -- Shipment within so many days of registration. A contract whose time is over has expired, whatever waits under it.
       t.last_day as deliver_by, t.last_day,
       case when t.last_day >= s.today then 'APPROVED' else 'EXPIRED' end as status, null::text as reason
from demo.contracts c
cross join demo.settings s
join exporter_profiles p using (exporter_id)
cross join lateral (select demo.last_day(p.business_type, demo.day(c.registered_at)) as last_day) t
join (select contract, sum(kg) as asked, sum(kg) filter (where status <> 'CANCELLED') as kg
      from demo.cases group by contract) taken using (contract)
union all
select p.contract, demo.id(p.contract, 41, p.bought_at - interval '2 days'), p.exporter_id, p.coffee_type, p.processing, p.grade::text, p.region, b.name,
       b.country, b.address, b.email, b.payment_methods[1], b.incoterms[1], false, 'DJJIB', b.port, '{}',
       case when p.kind = 'LOW_PRICE' then (select m.usd_per_kg - 0.40 from minimum_export_prices m
                where m.coffee_type = p.coffee_type order by m.iso_year desc, m.iso_week desc limit 1)
            else round(p.cents_lb * 2.2046226218 / 100, 6) end,
       p.bought_at - interval '2 days', 0, p.kg * 2, s.today + 60, demo.last_day(o.business_type, demo.day(p.bought_at - interval '2 days')),
       case p.kind when 'FREE' then 'APPROVED' when 'FAILED' then 'REJECTED' else 'REGISTERED' end,
       case p.kind when 'FAILED' then 'The buyer''s proof of business is not legible. Please register again with a clear copy.' end
from demo.spare p
cross join demo.settings s
join exporter_profiles o using (exporter_id)
join demo.buyers b on b.buyer = (p.firm * 3 + p.number) % 14;

insert into sales_contracts (contract_id, exporter_id, contract_number, buyer_name, buyer_country, buyer_address, buyer_email,
    coffee_type, origin_region, processing_method, grade, crop_year, quantity, tolerance_pct, reserved_kg, currency, contract_value,
    price_per_kg, payment_method, incoterms, transport_mode, delivery_date, shipment_month, port_of_loading, port_of_discharge,
    requested_documents, deal_date, registration_date, approved_by, approved_at, status, rejection_reason, shipment_deadline, created_at, updated_at)
select c.contract_id, c.exporter_id,
    'SC-' || demo.year(c.registered_at) || '-'
        || lpad((row_number() over (partition by demo.year(c.registered_at) order by c.registered_at, c.contract))::text, 6, '0'),
    c.buyer_name, c.country, c.address, c.email, c.coffee_type, c.region, c.processing, c.grade, demo.crop_year(c.registered_at), c.quantity, 3,
    c.reserved, 'USD', round(c.price_per_kg * c.quantity, 2), c.price_per_kg, c.payment_method, c.incoterm,
    case when c.by_air then 'AIR' else 'SEA' end, c.deliver_by, date_trunc('month', c.deliver_by)::date, c.port_of_loading, c.port_of_discharge,
    c.asks_for, demo.day(c.registered_at), demo.day(c.registered_at),
    case when c.status in ('APPROVED', 'EXPIRED') then (select user_id from demo.staff where organization = 'ECTA' and person = 1) end,
    case when c.status in ('APPROVED', 'EXPIRED') then c.registered_at + interval '20 hours' end, c.status, c.reason, c.last_day, c.registered_at,
    c.registered_at + case when c.status = 'REGISTERED' then interval '0' else interval '20 hours' end
from demo.signed c;

create unlogged table demo.lots as
select s.lot, demo.id(s.lot, 72, min(c.at[1]) - interval '30 days') as lot_id, min(c.n) as n, min(c.firm) as firm, min(c.exporter_id::text)::uuid as exporter_id,
       min(c.coffee_type) as coffee_type,
       min(c.at[1]) - (24 + demo.pick(s.lot, 73, 20)) * interval '1 day' as bought_at,
       sum(s.kg) + case when demo.pick(s.lot, 74, 7) = 0 then round(max(s.kg) / 2) else 0 end as quantity,
       coalesce(sum(s.kg) filter (where c.status <> 'CANCELLED'), 0) as reserved,
       coalesce(sum(s.kg) filter (where c.loading is not null), 0) as exported, 'FREE' as kind
from demo.shares s
join demo.cases c using (n)
group by s.lot
union all
select p.lot, demo.id(p.lot, 72, p.bought_at), null, p.firm, p.exporter_id, p.coffee_type, p.bought_at, p.kg, 0, 0, p.kind
from demo.spare p;
alter table demo.lots add primary key (lot);
analyze demo.lots;

insert into coffee_lots (lot_id, ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on, warehouse_location, warehouse_name,
    coffee_type, origin_region, processing_method, crop_year, quantity, bags, reserved_kg, exported_kg, preliminary_grade, purchase_date,
    purchased_by, purchase_price, ecx_verified_by, ecx_verified_at, verification, verification_since, submitted_by, version, inspection_id, status, created_at, updated_at)
select l.lot_id,
    -- Coffee that did not come through the exchange has an internal number; the authority verifies it.
    case l.firm when 4 then 'FARM-' when 3 then 'UNION-' else 'ECX-' end || demo.year(l.bought_at) || '-'
        || lpad((row_number() over (partition by demo.year(l.bought_at) order by l.bought_at, l.lot))::text, 6, '0'),
    case l.firm when 4 then 'OWN_FARM' when 3 then 'UNION' else 'ECX' end,
    'WR-' || upper(left(y.warehouse, 3)) || '-' || lpad(demo.pick(l.lot, 75, 1000000)::text, 6, '0'), demo.day(l.bought_at),
    case when l.firm not in (3, 4) then demo.day(l.bought_at) + 20 end,
    y.warehouse, y.warehouse || ' warehouse ' || 1 + demo.pick(l.lot, 76, 4), y.coffee_type, y.region, y.processing, demo.crop_year(l.bought_at),
    l.quantity, ceil(l.quantity / 60)::int, l.reserved, l.exported, y.grade::text, demo.day(l.bought_at), l.exporter_id,
    round(y.cents_lb * 2.2046226218 / 100 * 148 * 0.72, 2),
    case when l.kind <> 'UNVERIFIED' then (select user_id from demo.staff
        where organization = case when l.firm in (3, 4) then 'ECTA' else 'ECX' end and person = 0) end,
    case when l.kind <> 'UNVERIFIED' then l.bought_at + interval '1 day' end,
    case when l.kind <> 'UNVERIFIED' then 'VERIFIED' else 'PENDING' end,
    case when l.kind <> 'UNVERIFIED' then l.bought_at + interval '1 day' else l.bought_at end,
    (select w.user_id from demo.staff w join demo.firms f on f.organization_id = w.organization_id where f.firm = l.firm and w.person = 0),
    case when l.kind <> 'UNVERIFIED' then 2 else 1 end,
    case when l.kind <> 'UNVERIFIED' then demo.id(l.lot, 77, l.bought_at + interval '5 days') end,
    case when l.kind in ('UNVERIFIED', 'FAILED') then 'IN_WAREHOUSE' when l.exported = l.quantity then 'EXPORTED'
         when l.reserved > 0 then 'RESERVED_FOR_EXPORT' else 'INSPECTED' end,
    l.bought_at, l.bought_at + interval '1 day'
from demo.lots l
join demo.coffees y using (coffee_type);

-- How each lot came here: for the small demo, which people look at lot by lot.
insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, details, created_at)
select demo.id(l.lot, 83 + step.version, step.at), 'LOT', l.lot_id, f.organization_id, step.version, step.from_state, step.action, step.to_state,
    w.user_id, w.organization_id, '{}', step.at
from demo.lots l
join demo.firms f using (firm)
cross join lateral (values
    (1, '', 'register', 'PENDING', f.organization_id, l.bought_at),
    (2, 'PENDING', 'approve', 'VERIFIED',
     (select organization_id from organizations where code = case when l.firm in (3, 4) then 'ECTA' else 'ECX' end), l.bought_at + interval '1 day')
    ) as step (version, from_state, action, to_state, organization_id, at)
join demo.staff w on w.organization_id = step.organization_id and w.person = 0
where (select years from demo.settings) = 1 and (step.version = 1 or l.kind <> 'UNVERIFIED');

create unlogged table demo.inspected as
select l.lot, demo.id(l.lot, 77, l.bought_at + interval '5 days') as inspection_id, l.bought_at + interval '5 days' as inspected_at
from demo.lots l
where l.kind <> 'UNVERIFIED';
alter table demo.inspected add primary key (lot);
analyze demo.inspected;

insert into quality_inspections (inspection_id, lot_id, exporter_id, inspection_date, inspection_center, inspector, sample_code, bean_size,
    screen_15_pct, moisture_content, defect_count, primary_defects, secondary_defects, foreign_matter, odour_score, raw_score, cup_score,
    acidity, body, clean_cup, flavour, flavor_profile, final_grade, quality_certificate_number, passed, remarks, created_at, updated_at)
select i.inspection_id, l.lot_id, l.exporter_id, demo.day(i.inspected_at), y.center, (select user_id from demo.staff where organization = 'ECTA' and person = 0),
    'S' || lpad(demo.pick(l.lot, 78, 100000)::text, 5, '0'), 'Screen 14 and above', 84 + demo.pick(l.lot, 79, 12),
    case when l.kind = 'FAILED' then 13.4 else 10.6 + demo.pick(l.lot, 80, 13) * 0.1 end, y.primary_defects + y.secondary_defects, y.primary_defects,
    y.secondary_defects, 0.1, 9, y.raw_score + wobble, y.cup_score - wobble, round(y.cup_score / 4, 2), round(y.cup_score / 4, 2),
    y.cup_score - wobble - 3 * round(y.cup_score / 4, 2), round(y.cup_score / 4, 2),
    (array['floral, citrus', 'berry, winey', 'spicy, chocolate', 'herbal, sweet', 'nutty, mild'])[1 + demo.pick(l.lot, 81, 5)], y.grade::text,
    'QC-' || demo.year(i.inspected_at) || '-' || lpad((row_number() over (partition by demo.year(i.inspected_at) order by i.inspected_at, l.lot))::text, 6, '0'),
    l.kind <> 'FAILED', case when l.kind = 'FAILED' then 'Moisture above 12.5 percent: to be dried and inspected again.' end,
    i.inspected_at, i.inspected_at
from demo.lots l
join demo.inspected i using (lot)
join demo.coffees y using (coffee_type)
cross join lateral (select 0.25 * demo.pick(l.lot, 82, 4) as wobble) points;

-- Two parts that were split off a lot of the first firm, with its verification and its inspection.
create table demo.parts as
select l.lot_id, part.number, part.kg, demo.id(l.lot * 4 + part.number, 87, l.bought_at + interval '6 days') as child_id,
       l.bought_at + interval '6 days' as split_at
from demo.lots l
join demo.spare p using (lot)
cross join (values (1, 3000::numeric), (2, 1800)) as part (number, kg)
where p.firm = 1 and p.number = 6;

insert into coffee_lots (lot_id, ecx_lot_number, generation, derivation, source, warehouse_receipt_number, receipt_date, receipt_expires_on,
    warehouse_location, warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags, preliminary_grade, purchase_date,
    purchased_by, purchase_price, ecx_verified_by, ecx_verified_at, verification, verification_since, submitted_by, inspection_id, status,
    created_at, updated_at)
select p.child_id, 'LOT-' || to_char(p.split_at, 'YYYY') || '-' || lpad(p.number::text, 6, '0'), 1, 'SPLIT', l.source, l.warehouse_receipt_number,
    l.receipt_date, l.receipt_expires_on, l.warehouse_location, l.warehouse_name, l.coffee_type, l.origin_region, l.processing_method, l.crop_year,
    p.kg, ceil(p.kg * l.bags / l.quantity)::int, l.preliminary_grade, l.purchase_date, l.purchased_by, l.purchase_price, l.ecx_verified_by,
    l.ecx_verified_at, 'VERIFIED', p.split_at, l.submitted_by, l.inspection_id, 'INSPECTED', p.split_at, p.split_at
from demo.parts p
join coffee_lots l using (lot_id);
insert into lot_parents (child_id, child_generation, parent_id, parent_generation, owner_organization_id, quantity_kg)
select p.child_id, 1, p.lot_id, 0, f.organization_id, p.kg
from demo.parts p
join demo.firms f on f.firm = 1;
update coffee_lots l
set passed_on_kg = given.kg, version = l.version + 1, updated_at = given.split_at
from (select lot_id, split_at, sum(kg) as kg from demo.parts group by lot_id, split_at) given
where l.lot_id = given.lot_id;
insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
    changed_by, organization_id, details, created_at)
select demo.id(p.number, 88, p.split_at), 'LOT', p.child_id, f.organization_id, 1, '', 'split', 'VERIFIED', w.user_id, w.organization_id, '{}', p.split_at
from demo.parts p
join demo.firms f on f.firm = 1
join demo.staff w on w.organization_id = f.organization_id and w.person = 0;

update export_licenses l
set quota_reserved_kg = taken.kg, annual_quota = greatest(l.annual_quota, ceil(taken.kg * 1.4 / 100000) * 100000)
from (select license_id, sum(kg) filter (where status <> 'CANCELLED') as kg from demo.cases group by license_id) taken
where l.license_id = taken.license_id and taken.kg is not null;
