-- The documents that the exports have by the stage that they have reached, as the checklist asks for them today.
-- Of a very large demo only some exports have files: those that wait, because a step is not approved without its
-- documents, and of the others the newest. The first thousand have papers as well.
-- They are in demo.filed.
create table demo.stages (stage text primary key, place int);
insert into demo.stages values ('PREPARATION', 1), ('BANK_CHECK', 1), ('FX', 1), ('QUALITY', 1), ('PERMIT', 1), ('SCHEDULING', 2), ('CLEARANCE', 3),
    ('LOADING', 4), ('ORIGIN_SIGNATURE', 5), ('ORIGIN', 5), ('SETTLEMENT', 6);

create table demo.files as
select c.n, c.export_id, c.export_number, c.exporter_name, c.buyer_name, c.kg, c.coffee_type, c.value, t.document_type, t.name as title, t.sort_order,
       moment.at + t.sort_order * interval '1 second' as uploaded_at, who.user_id as uploaded_by, who.organization_id
from demo.filed
join demo.cases c using (n, export_id)
join countries d on d.country_code = c.country
join demo.stages reached on reached.stage = c.documents_stage
cross join lateral (
    (select distinct on (r.document_type) r.document_type, needed.place
    from document_requirements r
    join demo.stages needed on needed.stage = r.needed_for_stage
    where r.valid_from <= (select today from demo.settings) and (r.valid_to is null or r.valid_to >= (select today from demo.settings))
      and needed.place <= reached.place
      and case r.condition when 'ALWAYS' then true when 'PAYMENT_METHOD' then r.condition_value = c.payment_method
              when 'INCOTERM' then r.condition_value = c.incoterm when 'DESTINATION' then r.condition_value = c.country
              when 'DESTINATION_EU' then d.is_eu when 'TRANSPORT_MODE' then r.condition_value = c.transport_mode
              when 'REQUESTED' then r.document_type = any (c.asks_for) end
    order by r.document_type, needed.place)
    union all
    -- What the buyer claims, where less was paid.
    select 'OTHER', 6 from demo.proceeds p where p.n = c.n and p.is_short and p.complete
) needed
join document_types t on t.document_type = needed.document_type
cross join lateral (select coalesce(case
    when needed.place = 1 and t.provided_by = 'EXPORTER' then c.at[1] when needed.place = 1 then c.at[2]
    when needed.place = 2 then c.at[c.permit] when needed.place = 3 then c.at[c.shipment] else c.at[c.loading] end, c.at[c.moves]) as at) moment
join demo.staff who on who.person = 0
    and who.organization_id = case t.provided_by when 'COMMERCIAL_BANK' then c.bank_org when 'SHIPPING_LINE' then c.shipping_org else c.exporter_org end
where c.documents_stage <> 'PREPARATION' or (t.provided_by = 'EXPORTER' and (c.n % 2 = 0 or t.sort_order < 4));
