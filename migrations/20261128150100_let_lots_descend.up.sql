-- Lots are split, merged and blended. What a lot passes on to others is no longer its own, and a lot that was made from
-- others weighs exactly what they passed on (domain 2.6, 3.6, 10 nr 21).

-- A blend may be of several coffees, regions and sources. These stand in the lists for what is made here alone.
insert into coffee_types (coffee_type, name_am) values ('Blend', 'ድብልቅ');
insert into regions (region, name_am) values ('Several regions', 'የተለያዩ ክልሎች');

alter table coffee_lots
    add column passed_on_kg numeric(14, 3) not null default 0 check (passed_on_kg >= 0),
    -- 0 for what was bought or grown; one more than the highest of its parents for what was made. Nobody is their own
    -- ancestor because it only rises, and no genealogy is deeper than its bound.
    add column generation smallint not null default 0 check (generation between 0 and 20),
    add column derivation text check (derivation in ('SPLIT', 'MERGE', 'BLEND')),
    -- The inspection that holds for this coffee: its own, or for a part that was split off the one that was made of the whole.
    add column inspection_id uuid references quality_inspections on delete restrict deferrable initially deferred,
    add constraint coffee_lots_generation unique (lot_id, generation),
    add constraint coffee_lots_derivation check ((generation = 0) = (derivation is null)),
    drop constraint coffee_lots_source_check,
    add constraint coffee_lots_source_check check (source in ('ECX', 'VERTICAL', 'OWN_FARM', 'UNION')
        or source = 'MIXED' and derivation = 'BLEND'),
    drop constraint coffee_lots_balance,
    add constraint coffee_lots_balance check (reserved_kg + passed_on_kg <= quantity and exported_kg <= reserved_kg),
    drop constraint coffee_lots_check1,
    add constraint coffee_lots_gone check (status <> 'EXPORTED' or exported_kg + passed_on_kg = quantity and exported_kg > 0);
-- One definition of what is left, for every list and rule.
alter table coffee_lots
    add column free_kg numeric(14, 3) not null generated always as (quantity - reserved_kg - passed_on_kg) stored;
create index coffee_lots_inspection on coffee_lots (inspection_id);

create table lot_parents (
    child_id uuid not null,
    child_generation smallint not null,
    parent_id uuid not null,
    parent_generation smallint not null,
    -- Whose they are: row-level security reads this column.
    owner_organization_id uuid not null references organizations on delete restrict,
    quantity_kg numeric(14, 3) not null check (quantity_kg > 0),
    primary key (child_id, parent_id),
    foreign key (child_id, child_generation) references coffee_lots (lot_id, generation) on delete restrict,
    foreign key (parent_id, parent_generation) references coffee_lots (lot_id, generation) on delete restrict,
    constraint lot_parents_rise check (parent_generation < child_generation)
);
create index lot_parents_child on lot_parents (child_id, child_generation);
create index lot_parents_parent on lot_parents (parent_id, parent_generation);
create index lot_parents_owner on lot_parents (owner_organization_id);
call app.make_append_only('lot_parents');

insert into legal_moves (subject, from_state, action, to_state) values
    ('LOT', '', 'split', 'VERIFIED'),
    ('LOT', '', 'merge', 'VERIFIED'),
    ('LOT', '', 'blend', 'VERIFIED');

alter table coffee_lots no force row level security;
alter table quality_inspections no force row level security;
update coffee_lots l set inspection_id = i.inspection_id
from quality_inspections i where i.lot_id = l.lot_id and i.superseded_by is null;
-- The new key is asked now: no table with questions outstanding can be altered.
set constraints all immediate;
alter table coffee_lots force row level security;
alter table quality_inspections force row level security;

create or replace view export_ready_lots with (security_invoker = true) as
select l.lot_id, l.ecx_lot_number, l.purchased_by as exporter_id, l.coffee_type, l.origin_region,
       l.processing_method, i.final_grade, l.quantity, l.free_kg::numeric as free_kg,
       i.inspection_id, i.quality_certificate_number,
       c.contract_id, c.contract_number, c.buyer_name, c.buyer_country,
       c.quantity - c.reserved_kg as contract_free_kg
from coffee_lots l
join quality_inspections i on i.inspection_id = l.inspection_id and i.passed
join sales_contracts c on c.exporter_id = l.purchased_by and c.status = 'APPROVED'
    and c.coffee_type = l.coffee_type and c.quantity > c.reserved_kg
    and (c.processing_method is null or c.processing_method = l.processing_method)
    and (case i.final_grade when 'UG' then 99 else i.final_grade::int end)
        <= (case c.grade when 'UG' then 99 else c.grade::int end)
where l.status in ('INSPECTED', 'RESERVED_FOR_EXPORT') and l.free_kg > 0;

-- Walls ------------------------------------------------------------------------------------------------
alter table lot_parents enable row level security;
alter table lot_parents force row level security;
create policy party_select on lot_parents for select to jebena_party using (
    owner_organization_id = (select app.org()) or (select app.org_kind()) = 'ECX' or gate.sees_lot(child_id));
create policy class_select on lot_parents for select
    to jebena_regulator, jebena_auditor, jebena_system, jebena_worker, jebena_definer using (true);
create policy system_insert on lot_parents for insert to jebena_system with check (true);
grant select on lot_parents to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker, jebena_definer;
grant insert on lot_parents to jebena_system;
create policy system_insert on coffee_lots for insert to jebena_system with check (generation > 0);
grant insert, update (passed_on_kg) on coffee_lots to jebena_system;
create policy definer_update on coffee_lots for update to jebena_definer using (true) with check (true);
grant update (inspection_id, status, version, updated_at) on coffee_lots to jebena_definer;

set role jebena_definer;
-- Weight is neither made nor lost: a lot has passed on what others have of it, and what was made of others weighs what
-- they passed on. Asked at the end of the transaction, when both sides are written.
create function gate.weigh_lot(lot uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    l record;
begin
    select quantity, passed_on_kg, generation into l from public.coffee_lots where lot_id = lot;
    if l.passed_on_kg <> (select coalesce(sum(quantity_kg), 0) from public.lot_parents where parent_id = lot)
            or l.generation > 0
               and l.quantity <> (select coalesce(sum(quantity_kg), 0) from public.lot_parents where child_id = lot) then
        raise exception 'weight of lot % is not conserved', lot using errcode = 'check_violation', constraint = 'coffee_lots_conserved';
    end if;
end
$$;
create function gate.weigh_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    perform gate.weigh_lot(new.lot_id);
    return null;
end
$$;
create function gate.weigh_linked() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    perform gate.weigh_lot(new.child_id);
    perform gate.weigh_lot(new.parent_id);
    return null;
end
$$;

-- The inspection in force is its lot's. Parts that were split off before keep the one that they were split off with; when
-- that is superseded they have none, since nobody has looked at them by themselves.
create function gate.note_inspection() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    if tg_op = 'INSERT' then
        if new.superseded_by is null then
            update public.coffee_lots set inspection_id = new.inspection_id
            where lot_id = new.lot_id and inspection_id is distinct from new.inspection_id;
        end if;
        return null;
    end if;
    update public.coffee_lots
    set inspection_id = null, version = version + 1, updated_at = new.updated_at,
        status = case when status = 'INSPECTED' then 'IN_WAREHOUSE' else status end
    where inspection_id = new.inspection_id and lot_id <> new.lot_id;
    return null;
end
$$;
-- Whether the inspection holds for a lot that the viewer sees: a part shows that of the whole, which may be another's to see.
create function gate.sees_inspection(inspection uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return exists (select from public.coffee_lots l where l.inspection_id = inspection and gate.sees_lot(l.lot_id));
end
$$;
revoke all on function gate.sees_inspection(uuid) from public;
grant execute on function gate.sees_inspection(uuid) to jebena_party;
-- Whether a paper is one of an export to which the viewer is party, or of a lot that goes into one, or of the whole of which a
-- part does.
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
    return inspection is not null and (
        exists (select from public.quality_inspections i where i.inspection_id = inspection and gate.sees_lot(i.lot_id))
        or gate.sees_inspection(inspection));
end
$$;
revoke all on function gate.weigh_lot(uuid), gate.weigh_changed(), gate.weigh_linked(), gate.note_inspection() from public;
grant execute on function gate.weigh_changed(), gate.weigh_linked(), gate.note_inspection() to jebena_owner;
set role jebena_owner;

alter policy party_select on quality_inspections using (
    (select app.org_kind()) = 'ECX' or gate.sees_lot(lot_id) or gate.sees_inspection(inspection_id));

create constraint trigger conserved_made after insert on coffee_lots deferrable initially deferred
    for each row when (new.generation > 0) execute function gate.weigh_changed();
create constraint trigger conserved after update on coffee_lots deferrable initially deferred
    for each row when (new.passed_on_kg <> old.passed_on_kg or new.quantity <> old.quantity)
    execute function gate.weigh_changed();
create constraint trigger conserved after insert on lot_parents deferrable initially deferred
    for each row execute function gate.weigh_linked();
create trigger inspected after insert on quality_inspections
    for each row execute function gate.note_inspection();
create trigger superseded after update of superseded_by on quality_inspections
    for each row when (old.superseded_by is null and new.superseded_by is not null) execute function gate.note_inspection();
