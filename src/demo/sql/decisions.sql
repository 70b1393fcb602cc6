-- Every decision with the facts that its form asked for, shaped as `exports::facts::Facts` is stored.
insert into export_approvals (approval_id, export_id, approval_type, organization, organization_id, status, first_approved_by,
    first_approved_at, approved_by, approval_date, rejection_reason, approval_data, superseded_at, created_at, updated_at)
select demo.id(c.n * 64 + m.version, 101, c.at[m.version]), c.export_id, m.approval_type, s.organization, s.organization_id, m.approval_status,
    case when m.approval_status = 'PENDING' then c.by[m.version] else c.by[m.first_version] end,
    case when m.approval_status = 'PENDING' then c.at[m.version] else c.at[m.first_version] end,
    case when m.approval_status <> 'PENDING' then c.by[m.version] end, case when m.approval_status <> 'PENDING' then c.at[m.version] end,
    case when m.has_reason then demo.reason(m.action, c.n) end,
    case when m.approval_status in ('REJECTED', 'RETURNED') then '{}'::jsonb else
    case m.approval_type
        when 'BANK_DOCUMENT_VERIFICATION' then jsonb_build_object('step', 'bank-check',
            'bank_reference', 'BF/' || demo.padded(c.n, 6),
            'bank_permit_number', 'BP/' || demo.year(c.at[c.bank_check]) || '/' || demo.padded(c.n, 6), 'bank_permit_date', c.bank_permit_date)
        when 'FX_APPROVAL' then jsonb_build_object('step', 'fx', 'etb_per_unit', demo.rate(demo.day(c.at[coalesce(m.first_version, m.version)]))::text,
            'conditions', null)
            || case when m.approval_status = 'APPROVED' then jsonb_build_object('fx_reference', c.fx_reference,
                'amount', c.value::text, 'currency', 'USD', 'payment_method', c.payment_method) else '{}' end
        when 'QUALITY_CERTIFICATION' then jsonb_build_object('step', 'quality', 'quality_grade', c.grade, 'remarks', null)
        when 'EXPORT_PERMIT' then jsonb_build_object('step', 'permit', 'valid_until', c.permit_valid_until, 'conditions', null,
            'permit_number', c.permit_number)
        when 'SHIPMENT_SCHEDULING' then jsonb_build_object('step', 'shipment', 'vessel_name', c.vessel_name, 'voyage_number', c.voyage_number,
            'booking_number', 'BK' || demo.padded(c.n, 7), 'departure_date', c.departure_date, 'arrival_date', c.departure_date + c.transit_days,
            'containers', coalesce(b.booked, '[]'))
        when 'CUSTOMS_CLEARANCE' then jsonb_build_object('step', 'customs', 'declaration_number', demo.declaration(c.n, c.at[c.customs]),
            'clearance_date', demo.day(c.at[c.customs]), 'inspection', case when demo.pick(c.n, 102, 4) = 0 then 'PHYSICAL' else 'DOCUMENTS' end,
            'customs_clearance_number', c.customs_number)
        when 'LOADING_CONFIRMATION' then jsonb_build_object('step', 'loading', 'bill_of_lading_number', demo.lading(c.n, c.at[c.loading]),
            'on_board_date', demo.day(c.at[c.loading]),
            'containers', coalesce(b.loaded, '[]'))
        when 'ORIGIN_SIGNATURE' then jsonb_build_object('step', 'origin-signature', 'place', 'Addis Ababa')
        when 'ORIGIN_ISSUE' then jsonb_build_object('step', 'origin', 'notify_address', c.buyer_name || ', ' || c.address, 'ico_port_code', '01',
            'transshipment', case when c.transport_mode = 'SEA' then 'Djibouti' else 'Direct' end,
            'shipped_in', case when c.transport_mode = 'SEA' then '["BAGS", "CONTAINERS"]'::jsonb else '["BAGS"]' end,
            'green_processing', case when c.processing = 'WASHED' then 'WET' else 'DRY' end, 'decaffeinated', false, 'organic', false,
            'other_information', null, 'place', 'Addis Ababa', 'certificate_number', c.ico_number, 'ico_mark', c.ico_mark)
        when 'EXPORT_COMPLETION' then jsonb_build_object('step', 'settlement', 'due', p.value::text, 'received', p.received::text,
            'shortfall', case when p.is_short then jsonb_build_object('shortfall_reason', p.reason, 'remark', demo.reason('shortfall:' || p.reason, c.n)) end)
    end end,
    c.at[m.superseded_by], c.at[m.version], coalesce(c.at[m.superseded_by], c.at[m.version])
from demo.cases c
join demo.walk_moves m using (walk)
join demo.staff s on s.user_id = c.by[m.version]
left join demo.boxed b on b.n = c.n and m.approval_type in ('SHIPMENT_SCHEDULING', 'LOADING_CONFIRMATION')
left join demo.proceeds p on p.n = c.n and m.approval_type = 'EXPORT_COMPLETION'
where m.approval_type is not null;

-- Permits: used once shipped, cancelled with their export; one that nobody used in time has expired.
create unlogged table demo.permits as
select c.n, demo.id(c.n, 103, c.at[c.permit]) as permit_id, main.lot, i.inspection_id, l.lot_id
from demo.cases c
join (select n, min(lot) as lot from demo.shares group by n) main using (n)
join demo.inspected i on i.lot = main.lot
join demo.lots l on l.lot = main.lot
where c.permit is not null;
alter table demo.permits add primary key (n);

insert into export_permits (permit_id, permit_number, export_id, exporter_id, license_id, certificate_id, inspection_id, contract_id, lot_id,
    issued_date, valid_until, coffee_type, quantity, grade, destination_country, status, used_date, cancelled_at, issued_by, created_at, updated_at)
select p.permit_id, c.permit_number, c.export_id, c.exporter_id, c.license_id, c.competence_id, p.inspection_id, c.contract_id, p.lot_id,
    demo.day(c.at[c.permit]), c.permit_valid_until, c.coffee_type, c.kg, c.grade, c.country,
    case when c.cancelled is not null then 'CANCELLED' when c.loading is not null then 'USED'
         when c.permit_valid_until < s.today then 'EXPIRED' else 'ISSUED' end,
    demo.day(c.at[c.loading]), c.at[c.cancelled], c.by[c.permit], c.at[c.permit], c.at[coalesce(c.loading, c.cancelled, c.permit)]
from demo.cases c
join demo.permits p using (n)
cross join demo.settings s;

insert into permit_lots (permit_id, lot_id, quantity_kg)
select p.permit_id, l.lot_id, s.kg
from demo.permits p
join demo.shares s using (n)
join demo.lots l on l.lot = s.lot;

-- Certificates of origin: serials from 1 on 1 October, marks by exporter (ICC 102-9).
insert into certificates_of_origin (certificate_id, certificate_number, kind, export_id, export_permit_id, exporter_id, exporter_name,
    exporter_address, buyer_name, buyer_country, buyer_address, coffee_type, origin_region, quantity, grade, processing_method,
    ico_country_code, ico_port_code, coffee_year, serial, ico_mark, customs_signed_by, customs_signed_at, issued_date, issued_by, organization_id, created_at)
select demo.id(c.n, 104, c.at[c.origin]), c.ico_number, 'ICO', c.export_id, p.permit_id,
    c.exporter_id, c.exporter_name, e.office_address, c.buyer_name, c.country, c.address, c.coffee_type, c.region, c.kg, c.grade, c.processing,
    '010', '01', demo.coffee_year(c.at[c.origin]), c.ico_no, c.ico_mark, c.by[c.signature], c.at[c.signature], demo.day(c.at[c.origin]),
    c.by[c.origin], (select organization_id from organizations where kind = 'ECTA'), c.at[c.origin]
from demo.cases c
join demo.permits p using (n)
join exporter_profiles e on e.exporter_id = c.exporter_id
where c.origin is not null;
