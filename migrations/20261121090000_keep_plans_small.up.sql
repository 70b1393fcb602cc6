-- A policy is a part of every plan that touches its table, also where it has nothing to decide, and a policy that asks
-- another table brings that table's policies along. What a party may see of lots, contracts and firms was such a chain.
-- A function keeps its own plan, once for a connection, and is asked only about rows that are found.

-- Who is party to an export, as its own policy has it. One that is still being prepared is the exporter's own affair.
create function app.is_party(viewer uuid, exporter uuid, bank uuid, carrier uuid, stage text) returns boolean
language sql immutable parallel safe
    return exporter = viewer or (stage <> 'PREPARATION' and viewer in (bank, carrier));

set role jebena_definer;

-- Whose firm it is.
create function gate.owner_of(exporter uuid) returns uuid
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return (select p.organization_id from public.exporter_profiles p where p.exporter_id = exporter);
end
$$;

-- Whether the viewer's organisation is party to an export of the firm.
create function gate.trades_with(exporter uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
declare
    me constant uuid := app.org();
begin
    return exists (select from public.exports e where e.exporter_id = exporter
        and app.is_party(me, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage));
end
$$;

-- Whether the lot is the viewer's, or goes into an export to which the viewer is party.
create function gate.sees_lot(lot uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
declare
    me constant uuid := app.org();
begin
    return exists (select from public.coffee_lots l
                   join public.exporter_profiles p on p.exporter_id = l.purchased_by
                   where l.lot_id = lot and p.organization_id = me)
        or exists (select from public.export_lots x
                   join public.exports e on e.export_id = x.export_id
                   where x.lot_id = lot
                     and app.is_party(me, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage));
end
$$;

-- Whether the contract is the viewer's, or that of an export to which the viewer is party.
create function gate.sees_contract(contract uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
declare
    me constant uuid := app.org();
begin
    return exists (select from public.sales_contracts c
                   join public.exporter_profiles p on p.exporter_id = c.exporter_id
                   where c.contract_id = contract and p.organization_id = me)
        or exists (select from public.exports e
                   where e.contract_id = contract
                     and app.is_party(me, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage));
end
$$;

-- Whether the firm passes all its gates today. A yes or no; why not is for those to read who may.
create function gate.is_qualified(exporter uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return exists (select from public.qualified_exporters q where q.exporter_id = exporter);
end
$$;

-- The names of people and organisations whose ids one has met on a case. No list can be had of it.
create function gate.names(ids uuid[]) returns table (id uuid, name text, name_am text)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select u.id, u.full_name, u.full_name from public.users u where u.id = any (ids)
    union all
    select o.organization_id, o.name, o.name_am from public.organizations o where o.organization_id = any (ids);
end
$$;

-- Nobody's name is nobody.
alter function gate.person_name(uuid) strict;

-- Who writes policies names these functions in them.
grant usage on schema gate to jebena_owner;
revoke all on function gate.owner_of(uuid), gate.trades_with(uuid), gate.sees_lot(uuid), gate.sees_contract(uuid),
    gate.is_qualified(uuid), gate.names(uuid[]) from public;
grant execute on function gate.names(uuid[]) to jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_system;
grant execute on function gate.owner_of(uuid), gate.trades_with(uuid), gate.sees_lot(uuid), gate.sees_contract(uuid)
    to jebena_party;
grant execute on function gate.is_qualified(uuid) to jebena_party, jebena_regulator, jebena_auditor, jebena_system;
set role jebena_owner;

do $$
declare
    relation text;
begin
    foreach relation in array array['exporter_profiles', 'coffee_lots', 'sales_contracts', 'exports', 'export_lots',
        'export_documents', 'coffee_laboratories', 'coffee_tasters', 'competence_certificates', 'export_licenses'] loop
        execute format('create policy definer_select on %I for select to jebena_definer using (true)', relation);
        execute format('grant select on %I to jebena_definer', relation);
    end loop;
end
$$;
grant select on capital_thresholds, qualified_exporters to jebena_definer;

alter policy party_select on exporter_profiles using (
    organization_id = (select app.org()) or (select app.org_kind()) = 'COMMERCIAL_BANK'
    or gate.trades_with(exporter_id));
alter policy party_select on coffee_laboratories using (gate.owner_of(exporter_id) = (select app.org()));
alter policy party_select on coffee_tasters using (gate.owner_of(exporter_id) = (select app.org()));
alter policy party_select on competence_certificates using (
    (select app.org_kind()) = 'COMMERCIAL_BANK' or gate.owner_of(exporter_id) = (select app.org()));
alter policy party_select on export_licenses using (
    (select app.org_kind()) = 'COMMERCIAL_BANK' or gate.owner_of(exporter_id) = (select app.org()));
alter policy party_select on coffee_lots using ((select app.org_kind()) = 'ECX' or gate.sees_lot(lot_id));
alter policy party_select on quality_inspections using ((select app.org_kind()) = 'ECX' or gate.sees_lot(lot_id));
alter policy party_select on sales_contracts using (gate.sees_contract(contract_id));

-- The kinds of the documents that are there, one entry for each, kept beside what a queue shows: to ask for them took
-- longer than everything else of its page, since each document asks whether its export is visible.
alter table exports add attached_documents text[] not null default '{}';
-- The policies hold against the owner too, who sees no row while they are in force.
alter table exports no force row level security;
alter table export_documents no force row level security;
update exports e set attached_documents = d.types
from (select export_id, array_agg(document_type order by document_type) as types
      from export_documents where is_active group by export_id) d
where d.export_id = e.export_id;
alter table exports force row level security;
alter table export_documents force row level security;

create policy definer_update on exports for update to jebena_definer using (true) with check (true);
grant update (attached_documents) on exports to jebena_definer;

set role jebena_definer;
create function gate.note_attached() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(x.document_type order by x.document_type), '{}') as types
          from public.export_documents x where x.export_id = new.export_id and x.is_active) d
    where e.export_id = new.export_id and e.attached_documents <> d.types;
    return null;
end
$$;
revoke all on function gate.note_attached() from public;
grant execute on function gate.note_attached() to jebena_owner;
set role jebena_owner;

-- At the end of the transaction, so that a paper that takes the place of another changes nothing here.
create constraint trigger attached after insert or update on export_documents
    deferrable initially deferred for each row execute function gate.note_attached();
