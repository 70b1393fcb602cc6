-- What the five firms keep for their papers: an account at each bank, and their terms. Banks' codes and the
-- correspondent are invented.
insert into seller_accounts (account_id, organization_id, bank_organization_id, branch, holder, account_number, currency,
    swift, correspondent, correspondent_swift, changed_by, created_at, changed_at)
select demo.id(f.firm * 10 + b.place, 61, s.now - interval '300 days'), f.organization_id, b.organization_id,
    case b.code when 'BANK' then 'Ras Desta Branch, Addis Ababa' else 'Arat Kilo Branch, Addis Ababa' end, f.name,
    b.place || '000' || lpad((f.firm * 7919)::text, 9, '0'), 'USD',
    case b.code when 'BANK' then 'GIONETAA' else 'ENTOETAA' end, 'Hudson Correspondent Bank, New York', 'HUDCUS33',
    f.owner_id, s.now - interval '300 days', s.now - interval '300 days'
from demo.firms f
cross join demo.settings s
join (select organization_id, code, row_number() over (order by code) as place from organizations
      where kind = 'COMMERCIAL_BANK') b on true
where f.flaw is null;

insert into seller_terms (organization_id, mark, packing_place, signatory_title, has_liner, changed_by, changed_at)
select f.organization_id, case f.code when 'EXPORTER' then 'Blue Nile Selection' end,
    case f.code when 'EXPORTER3' then 'Dilla' when 'EXPORTER4' then 'Bonga' else 'Kality, Addis Ababa' end, 'Export Manager',
    f.code in ('EXPORTER', 'EXPORTER5'), f.owner_id, s.now - interval '300 days'
from demo.firms f
cross join demo.settings s
where f.flaw is null;

-- The newest few exports of each stage have their set, as far as they have come.
create table demo.sets as
select export_id, exporter_organization_id, stage, moment
from (select e.export_id, e.exporter_organization_id, e.stage, least(s.now, e.changed_at + interval '30 minutes') as moment,
             row_number() over (partition by e.stage order by c.n desc) as place
      from demo.filed f
      join demo.cases c using (n, export_id)
      join exports e using (export_id)
      cross join demo.settings s
      where f.has_papers and e.status <> 'CANCELLED' and e.stage not in ('PREPARATION', 'RETURNED')) newest
where place <= 4;
