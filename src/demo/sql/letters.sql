-- A letter of credit for each contract that is paid by one and each bank that was advised of it. It covers what draws on it;
-- some were amended to later days, and of those under which coffee has still to be shipped every fourth ends soon.
create unlogged table demo.letters as
select l.*, demo.id(l.contract * 2 + l.which, 131, l.advised_at) as letter_id, s.user_id as officer,
       demo.day(l.advised_at) - 7 as dated_on, greatest(k.contract_value, l.value) as amount, greatest(k.quantity, l.kg) as weight,
       case when l.ends_soon then greatest(today + 6, l.leaves) else greatest(demo.day(l.advised_at) + 60, l.leaves + 3, l.open_until) end as latest,
       not l.ends_soon and demo.pick(l.contract, 132, 3) = 0 and demo.day(l.advised_at) + 9 < today as is_amended
from (
    select c.contract, c.contract_id, c.exporter_org, c.bank_org, min(c.country) as country, min(c.at[c.submitted]) as advised_at,
           sum(c.value) as value, sum(c.kg) as kg, max(greatest(c.departure_date, demo.day(c.at[c.loading]))) as leaves,
           max(case when c.is_open and c.loading is null then s.today + 45 end) as open_until, s.today,
           row_number() over (partition by c.contract order by c.bank_org) - 1 as which,
           bool_or(c.is_open and c.loading is null)
               and row_number() over (partition by bool_or(c.is_open and c.loading is null) order by c.contract, c.bank_org) % 4 = 1 as ends_soon
    from demo.cases c cross join demo.settings s
    where c.payment_method = 'LC' and c.submitted is not null
    group by c.contract, c.contract_id, c.exporter_org, c.bank_org, s.today
) l
join sales_contracts k using (contract_id)
join demo.staff s on s.organization_id = l.bank_org and s.person = 0;

insert into letters_of_credit (letter_id, contract_id, exporter_organization_id, bank_organization_id, lc_number, issuing_bank, currency,
    recorded_by, recorded_at)
select l.letter_id, l.contract_id, l.exporter_org, l.bank_org, 'ILC' || to_char(l.dated_on, 'YY') || '-' || demo.padded(l.contract * 2 + l.which, 9),
    coalesce(b.bank, 'International Trade Bank, London'), 'USD', l.officer, l.advised_at
from demo.letters l
left join (values ('DE', 'Hanseatische Aussenhandelsbank, Hamburg'), ('SA', 'Red Sea Commercial Bank, Jeddah'),
                  ('US', 'Hudson Trade Bank, New York'), ('JP', 'Minato Foreign Trade Bank, Yokohama'),
                  ('KR', 'Haeun Export-Import Bank, Busan'), ('CN', 'Pudong Bank of Commerce, Shanghai')) as b (country, bank) using (country);

-- About the amount (UCP 600 article 30 a), five percent of the weight (30 b), and the 21 days of article 14 c at the end.
insert into letter_terms (letter_id, version, dated_on, amount, amount_tolerance_pct, quantity_kg, quantity_tolerance_pct, latest_shipment_on,
    expires_on, expiry_place, partial_shipments, amendment, recorded_by, recorded_at)
select l.letter_id, v.version, v.dated_on, l.amount, 10, l.weight, 5, v.latest, v.latest + case when l.ends_soon then 10 else 21 end, 'Addis Ababa', true,
    case when v.version = 2 then 'Amendment 1: latest day of shipment and expiry are put off by thirty days.' end, l.officer, v.recorded_at
from demo.letters l
cross join lateral (
    select 1 as version, l.dated_on, l.latest - 30 * l.is_amended::int as latest, l.advised_at as recorded_at
    union all
    select 2, demo.day(l.advised_at) + 8, l.latest, l.advised_at + interval '9 days' where l.is_amended
) v;

insert into letter_uses (use_id, export_id, letter_id, used_by, used_at)
select demo.id(c.n, 133, c.at[c.submitted]), c.export_id, l.letter_id, l.officer, c.at[c.submitted]
from demo.cases c
join demo.letters l using (contract, bank_org)
where c.payment_method = 'LC' and c.submitted is not null;
