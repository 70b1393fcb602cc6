-- The exports with their lots, containers and proceeds.
-- The proceeds of what has been paid, in one receipt or in two: in full, or short of a little for some, and of so much that two
-- officers close it for one walk. What is short has something to show for it, so only exports with documents are.
create unlogged table demo.filed as
select n, export_id, place <= 1000 as has_papers
from (select n, export_id, c.is_open, row_number() over (order by c.is_open desc, w.name = 'completed-short' desc, n desc) as place
      from demo.cases c join demo.walks w using (walk)) c
where is_open or place <= 1000;

create unlogged table demo.proceeds as
select c.n, c.export_id, c.value, c.settlement is not null as complete, come.received, come.received < c.value as is_short,
       case when w.name = 'completed-short' then 'QUALITY_CLAIM' when demo.pick(c.n, 98, 2) = 0 then 'BANK_CHARGES' else 'WEIGHT_CLAIM' end as reason
from demo.cases c
join demo.walks w using (walk)
left join demo.filed f on f.n = c.n and f.has_papers
cross join lateral (select case when w.name = 'settlement-instalment' then round(c.value * 0.6, 2) when f.n is null then c.value
    when w.name = 'completed-short' then round(c.value * 0.94, 2)
    when c.settlement is not null and demo.pick(c.n, 96, 14) = 0 then round(c.value * 0.994, 2) else c.value end as received) come
where exists (select from demo.walk_moves m where m.walk = c.walk and m.action = 'receive');
alter table demo.proceeds add primary key (n);

-- The entries, from the moves by which they were recorded.
create unlogged table demo.receipts as
select e.n, e.export_id, e.number, amount.received,
       case when amount.received < 0 then -1 else 1 end * (25 + demo.pick(e.n, 97, 60) * 0.5) as charges,
       e.received_on, demo.rate(e.received_on) as rate, rule.retain_pct,
       'FT' || demo.padded(e.n, 6) || '/' || e.number as reference, case when e.action = 'take-back' then e.number - 1 end as reverses,
       e.recorded_by, e.recorded_at
from (select c.n, c.export_id, p.received, w.name, m.action, c.by[m.version] as recorded_by, c.at[m.version] as recorded_at,
             -- A reversal repeats the day of its receipt, and with it rate and share.
             demo.day(c.at[m.version - (m.action = 'take-back')::int]) - 1 as received_on,
             row_number() over (partition by c.n order by m.version) as number, count(*) over (partition by c.n) as entries
      from demo.proceeds p
      join demo.cases c using (n)
      join demo.walks w using (walk)
      join demo.walk_moves m on m.walk = c.walk and m.action in ('receive', 'take-back')) e
cross join lateral (select case
    when e.name = 'completed-corrected' then case e.number when 1 then round(e.received / 10, 2) when 2 then -round(e.received / 10, 2)
        else e.received end
    when e.entries = 1 then e.received
    when e.number = 1 then round(e.received * 0.6, 2)
    else e.received - round(e.received * 0.6, 2) end as received) amount
cross join lateral (select retain_pct from fx_retention_rules r where r.valid_from <= e.received_on order by r.valid_from desc limit 1) rule;

-- Some wait longer than the ninety days: they ask for thirty more, or were granted them.
create unlogged table demo.extensions as
select c.n, c.export_id, m.action, c.bank_permit_date + 90 as due_from, c.bank_permit_date + 120 as due_to, c.by[m.version] as person,
       c.at[m.version] as at
from demo.cases c
join demo.walk_moves m on m.walk = c.walk and m.action in ('extend', 'ask-extension');
analyze demo.proceeds, demo.receipts, demo.extensions;

insert into exports (export_id, export_number, exporter_id, exporter_organization_id, bank_organization_id, shipping_organization_id,
    exporter_name, contract_id, license_id, coffee_type, origin_region, processing_method, grade, crop_year, quantity, bag_kg, bags,
    destination_country, port_of_loading, port_of_discharge, transport_mode, incoterm, payment_method, currency, price_per_kg,
    estimated_value, buyer_name, buyer_country, buyer_address, buyer_email, notify_address, requested_documents, exporter_reference,
    status, stage, resume_stage, stage_entered_at, queue_organization_id, version, claimed_by, claimed_at, created_by, submitted_by,
    submitted_at, resubmission_count, changed_by, changed_at, bank_reference, bank_permit_number, bank_permit_date, settlement_due_date,
    fx_approved_by, fx_approved_at, fx_reference, fx_rejection_reason, quality_grade, quality_approved_by, quality_approved_at,
    quality_rejection_reason, vessel_name, voyage_number, booking_number, departure_date, arrival_date, shipment_scheduled_by,
    shipment_scheduled_at, customs_declaration_number, customs_clearance_number, customs_cleared_by, customs_cleared_at,
    customs_clearance_date, shipment_confirmed_by, shipment_confirmed_at, bill_of_lading_number, on_board_date, completed_by,
    completed_at, cancelled_by, cancelled_at, cancellation_reason, created_at, updated_at, proceeds)
select c.export_id, c.export_number, c.exporter_id, c.exporter_org, c.bank_org, c.shipping_org, c.exporter_name, c.contract_id, c.license_id,
    c.coffee_type, c.region, c.processing, c.grade, c.crop_year, c.kg, 60, c.bags, c.country, c.port_of_loading, c.port_of_discharge,
    c.transport_mode, c.incoterm, c.payment_method, 'USD', c.price_per_kg, c.value, c.buyer_name, c.country, c.address, c.email,
    c.buyer_name || ', ' || c.address, c.asks_for, 'REF-' || demo.padded(c.n, 5),
    c.status, c.stage, c.resume_stage, c.at[c.entered],
    case c.stage when 'PREPARATION' then c.exporter_org when 'RETURNED' then c.exporter_org when 'BANK_CHECK' then c.bank_org
        when 'SETTLEMENT' then c.bank_org when 'FX' then desk.nbe when 'QUALITY' then desk.ecta when 'PERMIT' then desk.ecta
        when 'ORIGIN' then desk.ecta when 'SCHEDULING' then c.shipping_org when 'LOADING' then c.shipping_org
        when 'CLEARANCE' then desk.customs when 'ORIGIN_SIGNATURE' then desk.customs end,
    c.moves, claim.user_id, case when claim.user_id is not null then c.at[c.moves] + interval '12 minutes' end,
    c.by[1], c.by[c.submitted], c.at[c.submitted], c.resubmissions, c.by[c.moves], c.at[c.moves],
    'BF/' || demo.padded(c.n, 6) || passed.bank, 'BP/' || demo.year(c.at[c.bank_check]) || '/' || demo.padded(c.n, 6) || passed.bank,
    c.bank_permit_date, coalesce(late.due_to, c.bank_permit_date + 90),
    c.by[c.fx], c.at[c.fx], c.fx_reference,
    case when c.fx_rejected is not null then demo.reason('fx:reject', c.n) end,
    case when c.quality is not null then c.grade end, c.by[c.quality], c.at[c.quality],
    case when c.quality_rejected is not null then demo.reason('quality:reject', c.n) end,
    c.vessel_name || passed.shipment, c.voyage_number || passed.shipment, 'BK' || demo.padded(c.n, 7) || passed.shipment,
    c.departure_date, c.departure_date + c.transit_days, c.by[c.shipment], c.at[c.shipment],
    demo.declaration(c.n, c.at[c.customs]), c.customs_number, c.by[c.customs], c.at[c.customs], demo.day(c.at[c.customs]),
    c.by[c.loading], c.at[c.loading], demo.lading(c.n, c.at[c.loading]), demo.day(c.at[c.loading]),
    c.by[c.settlement], c.at[c.settlement], c.by[c.cancelled], c.at[c.cancelled],
    case when c.cancelled is not null then demo.reason('cancel', c.n) end, c.at[1], c.at[c.moves],
    case when p.n is null then 'OUTSTANDING' when not p.is_short then 'RECEIVED' when p.complete then 'SHORT' else 'OUTSTANDING' end
from demo.cases c
left join demo.proceeds p on p.n = c.n
left join demo.extensions late on late.n = c.n and late.action = 'extend'
cross join (select (select organization_id from organizations where kind = 'NATIONAL_BANK') as nbe,
                   (select organization_id from organizations where kind = 'ECTA') as ecta,
                   (select organization_id from organizations where kind = 'CUSTOMS') as customs) desk
-- Null where the step has not been passed, so that what hangs on it is null too.
cross join lateral (select case when c.bank_check is not null then '' end as bank, case when c.shipment is not null then '' end as shipment) passed
-- Now and then a case is in somebody's hands: the person whose turn the open step is.
left join lateral (
    select s.user_id from demo.staff s
    join demo.open_desks d on d.stage = c.stage
    where demo.pick(c.n, 91, 11) = 0
      and s.organization_id = case c.stage when 'FX' then desk.nbe when 'QUALITY' then desk.ecta when 'PERMIT' then desk.ecta
              when 'ORIGIN' then desk.ecta when 'CLEARANCE' then desk.customs when 'ORIGIN_SIGNATURE' then desk.customs
              when 'SCHEDULING' then c.shipping_org when 'LOADING' then c.shipping_org else c.bank_org end
      and s.person = (c.turn + d.turn + (c.moves > c.entered)::int) % 3
) claim on true
order by c.n;

insert into export_lots (export_id, lot_id, quantity_kg)
select s.export_id, l.lot_id, s.kg
from demo.shares s
join demo.lots l using (lot);

-- Twenty-foot containers for what goes by sea, loaded and sealed once they are on board.
create unlogged table demo.boxes as
select c.n, c.export_id, number, demo.container((array['ABYU', 'DJBU', 'RSGU', 'TDJU', 'ETHU'])[1 + demo.pick(c.n, 93, 5)],
           number + demo.pick(c.n, 94, 999990)) as container,
       'SL' || lpad(demo.pick(c.n * 16 + number, 95, 1000000)::text, 6, '0') as seal,
       c.bags / boxes as packages, c.kg / boxes as net, c.kg / boxes + c.bags / boxes * 0.75 as gross, c.loading is not null as loaded
from demo.cases c
cross join lateral (select ceil(c.kg / 19200)::int as boxes) size
cross join lateral generate_series(1, boxes) as number
where c.transport_mode = 'SEA' and c.shipment is not null;
insert into export_containers (export_id, container_number, container_type, seal_number, packages, net_kg, gross_kg)
select export_id, container, '20DRY', case when loaded then seal end, case when loaded then packages end, case when loaded then net end,
    case when loaded then gross end
from demo.boxes;

-- The same as the forms of booking and loading have put them on record.
create unlogged table demo.boxed as
select n, jsonb_agg(jsonb_build_object('number', container, 'container_type', '20DRY') order by container) as booked,
       jsonb_agg(jsonb_build_object('number', container, 'seal_number', seal, 'packages', packages, 'net_kg', net::text, 'gross_kg', gross::text)
                 order by container) as loaded
from demo.boxes
group by n;
alter table demo.boxed add primary key (n);

-- Each entry, split by the rule of the day of receipt; what is taken back is negative.
insert into export_settlements (export_id, receipt_number, currency, received_amount, bank_charges, received_on, etb_per_unit, retain_pct,
    retained_amount, surrendered_amount, etb_credited, bank_reference, reverses, note, recorded_by, recorded_at)
select export_id, number, 'USD', received, charges, received_on, rate, retain_pct, retained, received - retained,
    round((received - retained) * rate, 2), reference, reverses, case when reverses is not null then demo.reason('take-back', n) end,
    recorded_by, recorded_at
from demo.receipts cross join lateral (select round(received * retain_pct / 100, 2) as retained) kept;
insert into settlement_extensions (extension_id, export_id, due_from, due_to, reason, granted_by, organization_id, granted_at)
select demo.id(x.n, 99, x.at), x.export_id, x.due_from, x.due_to, demo.reason(x.action, x.n), x.person, u.organization_id, x.at
from demo.extensions x join users u on u.id = x.person
where x.action = 'extend';
insert into extension_requests (request_id, export_id, asked_until, reason, asked_by, organization_id, asked_at)
select demo.id(x.n, 99, x.at), x.export_id, x.due_to, demo.reason(x.action, x.n), x.person, u.organization_id, x.at
from demo.extensions x join users u on u.id = x.person
where x.action = 'ask-extension';
analyze demo.boxed;
