-- One row for each export: which walk it has gone, when each of its moves was made and by whom, under which
-- contract, from which lots. Everything after this only writes down what is settled here.

create unlogged table demo.draft as
select k, w.walk, w.large, w.is_open, w.special,
       -- The farmer has no contract so large that it takes two officers.
       case when w.large then (array[1, 3, 5])[1 + demo.pick(k, 21, 3)] else 1 + (k % 5)::int end as firm,
       demo.pick(k, 22, 10) < 4 as other_carrier, demo.pick(k, 23, 10) < 2 as other_bank,
       -- Half of the open ones wait for the officer rather than for a colleague.
       case when w.turn is not null and demo.pick(k, 24, 10) < 7 then w.turn else demo.pick(k, 25, 3) end as turn,
       case when w.is_open
            then (select max(number) from demo.workdays)
                 - w.age_min - floor((w.age_max - w.age_min + 1) * power(demo.pick(k, 26, 1000) / 1000.0, 1.7))::int
            else (select max(number) from demo.workdays) - 1 - demo.pick(k, 27, (select spread_days from demo.settings)) end as last_day
from demo.walks w
cross join lateral generate_series(w.first_k, w.last_k) as k;
analyze demo.draft;

create unlogged table demo.walked as
select d.*, f.exporter_id, f.organization_id as exporter_org, f.name as exporter_name, f.code as exporter_code, parties.bank_org, parties.shipping_org,
       way.at, way.by
from demo.draft d
join demo.firms f using (firm)
cross join lateral (
    select case when d.other_bank then (select organization_id from organizations b where b.kind = 'COMMERCIAL_BANK' and b.organization_id <> f.bank_id)
                else f.bank_id end as bank_org,
           (select organization_id from organizations b where b.code = case when d.other_carrier then 'SHIPPING2' else 'SHIPPING' end) as shipping_org
) parties
cross join lateral (
    select array_agg(w.begins + m.version * w.spacing + demo.pick(d.k, 30 + m.version, 20) * w.unit order by m.version) as at,
           array_agg(s.user_id order by m.version) as by
    from (select m.*, d.last_day - coalesce(sum(m.days_min + demo.pick(d.k, 60 + m.version, m.days_max - m.days_min + 1)) over later, 0)::int as day
          from demo.walk_moves m
          where m.walk = d.walk
          -- A move's own days lie before it: what follows it pushes it back.
          window later as (order by m.version desc rows between unbounded preceding and 1 preceding)) m
    join demo.workdays w on w.number = greatest(m.day, 1)
    join demo.staff s on s.organization_id = case m.organization when 'EXPORTER' then f.organization_id
             when 'COMMERCIAL_BANK' then parties.bank_org when 'SHIPPING_LINE' then parties.shipping_org else m.organization_id end
         and s.person = case when m.person is not null then m.person
             when m.organization = 'EXPORTER' then d.turn % 2 else (d.turn + m.turn) % 3 end
) way;
drop table demo.draft;

-- Three exports to a contract, in the order of time; a contract has one coffee, one buyer and one price.
create unlogged table demo.ranked as
select w.*, row_number() over (order by at[1], k) as n,
       -- The contract's number: firm, size, and its place among them.
       (firm::bigint * 2 + large::int) * 10000000 + (row_number() over (partition by firm, large order by at[1], k) - 1) / 3 as contract,
       (row_number() over (partition by firm, large order by at[1], k) - 1) % 3 as place
from demo.walked w;
drop table demo.walked;

create unlogged table demo.contracts as
select c.*, demo.id(c.contract, 41, c.registered_at) as contract_id, y.coffee_type, y.region, y.processing, y.grade,
       -- By air go the small ones of the best coffees.
       case when c.large then 57600 when c.by_air then 600 else y.kg end as kg,
       b.name as buyer_name, b.country, b.address, b.email, b.transit_days,
       b.payment_methods[1 + demo.pick(c.contract, 42, cardinality(b.payment_methods))] as payment_method,
       case when c.by_air then 'FCA' else b.incoterms[1 + demo.pick(c.contract, 43, cardinality(b.incoterms))] end::char(3) as incoterm,
       case when demo.pick(c.contract, 44, 3) = 0 then b.asks_for else '{}' end as asks_for,
       case when c.by_air then 'ETADD' else 'DJJIB' end::char(5) as port_of_loading, b.port as port_of_discharge,
       -- One in thirty sells below the minimum price of any week; the lists flag it.
       round(round(y.cents_lb * case when not c.large and demo.pick(c.contract, 49, 30) = 0 then 0.9
                                     else 0.985 + 0.01 * demo.pick(c.contract, 45, 5) end * 4) / 4 * 2.2046226218 / 100, 6) as price_per_kg
from (
    select contract, firm, exporter_id, large, min(at[1]) as first_at, max(at[1]) as last_at, count(*) as exports,
           bool_or(is_open) as is_open,
           min(at[1]) - (3 + demo.pick(contract, 46, 18)) * interval '1 day' as registered_at,
           not large and firm in (1, 3, 5) and demo.pick(contract, 47, 14) = 0 as by_air
    from demo.ranked
    group by contract, firm, exporter_id, large
) c
cross join lateral (select case
    when c.large then (array[1, 2])[1 + demo.pick(c.contract, 48, 2)]
    when c.by_air then (array[1, 3])[1 + demo.pick(c.contract, 48, 2)]
    when c.firm = 2 then (array[4, 5, 6, 7])[1 + demo.pick(c.contract, 48, 4)]
    when c.firm = 3 then (array[1, 2, 3])[1 + demo.pick(c.contract, 48, 3)]
    when c.firm = 4 then (array[8, 9])[1 + demo.pick(c.contract, 48, 2)]
    else 1 + demo.pick(c.contract, 48, 10) end as coffee) chosen
join demo.coffees y on y.coffee = chosen.coffee
join demo.buyers b on b.buyer = case when c.by_air then (array[2, 3, 13])[1 + demo.pick(c.contract, 49, 3)] else demo.pick(c.contract, 50, 14) end;
alter table demo.contracts add primary key (contract);
analyze demo.contracts, demo.ranked;

-- Every number of every series, in the order in which the product would have given it.
create unlogged table demo.numbers as
select r.n,
       row_number() over (partition by demo.day(at[1]) order by r.n) as export_no,
       row_number() over (partition by demo.year(at[v.fx]) order by at[v.fx], r.n) as fx_no,
       row_number() over (partition by demo.year(at[v.permit]) order by at[v.permit], r.n) as permit_no,
       row_number() over (partition by demo.year(at[v.customs]) order by at[v.customs], r.n) as customs_no,
       row_number() over (partition by demo.coffee_year(at[v.origin]) order by at[v.origin], r.n) as ico_no,
       row_number() over (partition by r.firm, demo.coffee_year(at[v.origin]) order by at[v.origin], r.n) as mark_no
from demo.ranked r
join demo.walks v using (walk);
alter table demo.numbers add primary key (n);
analyze demo.numbers;

-- The exports as they will stand.
create unlogged table demo.cases as
select r.n, r.walk, r.firm, r.is_open, r.special, r.exporter_id, r.exporter_org, r.exporter_name, r.bank_org, r.shipping_org, r.turn, r.at, r.by,
       r.contract, c.contract_id, r.place,
       demo.id(r.n, 51, r.at[1]) as export_id,
       'EXP-' || to_char(demo.day(r.at[1]), 'YYYYMMDD') || '-' || demo.padded(x.export_no, 6) as export_number,
       l.license_id, l.certificate_id as competence_id,
       c.coffee_type, c.region, c.processing, c.grade::text as grade, demo.crop_year(r.at[1]) as crop_year,
       size.kg, (size.kg / 60)::int as bags, c.country, c.port_of_loading, c.port_of_discharge,
       case when c.by_air then 'AIR' else 'SEA' end as transport_mode, c.incoterm, c.payment_method, c.price_per_kg,
       round(c.price_per_kg * size.kg, 2) as value, c.buyer_name, c.address, c.email, c.transit_days, c.asks_for,
       w.status, w.stage, w.resume_stage, w.documents_stage, w.moves, w.entered, w.submitted, w.resubmissions, w.bank_check, w.fx, w.quality,
       w.permit, w.shipment, w.customs, w.loading, w.signature, w.origin, w.settlement, w.fx_rejected, w.quality_rejected, w.cancelled,
       demo.day(r.at[w.bank_check]) - case when r.special = 'OVERDUE' then demo.day(r.at[w.bank_check]) - s.today + 95 else 0 end as bank_permit_date,
       'FX-' || demo.year(r.at[w.fx]) || '-' || demo.padded(x.fx_no, 6) as fx_reference,
       'EP-' || demo.year(r.at[w.permit]) || '-' || demo.padded(x.permit_no, 6) as permit_number,
       'CUS-' || demo.year(r.at[w.customs]) || '-' || demo.padded(x.customs_no, 6) as customs_number,
       case when w.origin is not null then x.ico_no end as ico_no,
       '010/01/' || x.ico_no || ' (' || demo.coffee_year(r.at[w.origin]) || ')' as ico_number,
       '010/' || (9000 + r.firm) || '/' || demo.padded(x.mark_no, 4) as ico_mark,
       demo.day(r.at[w.permit]) + case when r.special = 'EXPIRED_PERMIT' then 15 else 90 end as permit_valid_until,
       case when c.by_air then 'ETHIO CARGO 37' || demo.pick(r.n, 52, 90) + 10 else v.name end as vessel_name,
       case when c.by_air then 'EC' || demo.pick(r.n, 53, 900) + 100 else lpad((1 + demo.pick(r.n, 53, 98))::text, 3, '0') || 'W' end as voyage_number,
       demo.day(r.at[w.shipment]) + 5 + demo.pick(r.n, 54, 8) as departure_date
from demo.ranked r
join demo.walks w using (walk)
join demo.contracts c using (contract)
join demo.numbers x using (n)
join demo.vessels v on v.vessel = demo.pick(r.n, 55, 7)
cross join demo.settings s
cross join lateral (select case when c.large or c.by_air then c.kg else c.kg * (1 + (demo.pick(r.n, 56, 5) = 0)::int) end as kg) size
join lateral (select license_id, certificate_id from demo.licences l where l.firm = r.firm and l.begins <= demo.day(r.at[1])
              order by l.begins desc limit 1) l on true;
drop table demo.ranked, demo.numbers;
alter table demo.cases add primary key (n);
analyze demo.cases;

-- Which lots, and how much of each: own lots mostly; a lot that serves two exports of the contract; a blend of two.
create unlogged table demo.shares as
select c.n, c.export_id, c.contract * 10 + case when c.place = 2 and demo.pick(c.contract, 57, 4) = 0 then 1 else c.place end * 2 + part as lot,
       case when blended then c.kg / 2 else c.kg end as kg
from demo.cases c
cross join lateral (select demo.pick(c.n, 58, 9) = 0 and c.kg % 120 = 0 as blended) how
cross join lateral generate_series(0, blended::int) as part;
analyze demo.shares;
