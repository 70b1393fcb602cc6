-- Lots that were made of others have no place in the schema before.
alter table lot_parents no force row level security;
do $$
begin
    if exists (select from lot_parents) then
        raise exception 'there are lots made of others, which the schema before cannot keep';
    end if;
end
$$;
drop trigger superseded on quality_inspections;
drop trigger inspected on quality_inspections;
drop trigger conserved on coffee_lots;
drop trigger conserved_made on coffee_lots;
drop table lot_parents;
alter policy party_select on quality_inspections using ((select app.org_kind()) = 'ECX' or gate.sees_lot(lot_id));
set role jebena_definer;
create or replace function gate.is_paper_of_party(export uuid, inspection uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
    me constant uuid := app.org();
begin
    if export is not null then
        return exists (select from public.exports e where e.export_id = export
            and app.is_party(me, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage));
    end if;
    return inspection is not null and exists (
        select from public.quality_inspections i where i.inspection_id = inspection and gate.sees_lot(i.lot_id));
end
$$;
drop function gate.sees_inspection(uuid), gate.weigh_changed(), gate.weigh_linked(), gate.weigh_lot(uuid), gate.note_inspection();
set role jebena_owner;
drop policy definer_update on coffee_lots;
revoke update (inspection_id, status, version, updated_at) on coffee_lots from jebena_definer;
drop policy system_insert on coffee_lots;
revoke insert, update (passed_on_kg) on coffee_lots from jebena_system;
create or replace view export_ready_lots with (security_invoker = true) as
select l.lot_id, l.ecx_lot_number, l.purchased_by as exporter_id, l.coffee_type, l.origin_region,
       l.processing_method, i.final_grade, l.quantity, l.quantity - l.reserved_kg as free_kg,
       i.inspection_id, i.quality_certificate_number,
       c.contract_id, c.contract_number, c.buyer_name, c.buyer_country,
       c.quantity - c.reserved_kg as contract_free_kg
from coffee_lots l
join quality_inspections i on i.lot_id = l.lot_id and i.superseded_by is null and i.passed
join sales_contracts c on c.exporter_id = l.purchased_by and c.status = 'APPROVED'
    and c.coffee_type = l.coffee_type and c.quantity > c.reserved_kg
    and (c.processing_method is null or c.processing_method = l.processing_method)
    and (case i.final_grade when 'UG' then 99 else i.final_grade::int end)
        <= (case c.grade when 'UG' then 99 else c.grade::int end)
where l.status in ('INSPECTED', 'RESERVED_FOR_EXPORT') and l.quantity > l.reserved_kg;
alter table coffee_lots
    drop column free_kg;
alter table coffee_lots
    drop constraint coffee_lots_gone,
    add constraint coffee_lots_check1 check (status <> 'EXPORTED' or exported_kg = quantity),
    drop constraint coffee_lots_balance,
    add constraint coffee_lots_balance check (reserved_kg <= quantity and exported_kg <= reserved_kg),
    drop constraint coffee_lots_source_check,
    add constraint coffee_lots_source_check check (source in ('ECX', 'VERTICAL', 'OWN_FARM', 'UNION')),
    drop constraint coffee_lots_derivation,
    drop constraint coffee_lots_generation,
    drop column inspection_id,
    drop column derivation,
    drop column generation,
    drop column passed_on_kg;
delete from legal_moves where subject = 'LOT' and action in ('split', 'merge', 'blend');
delete from coffee_types where coffee_type = 'Blend';
delete from regions where region = 'Several regions';
