drop trigger attached on export_documents;
drop policy definer_update on exports;
revoke update (attached_documents) on exports from jebena_definer;
alter table exports drop attached_documents;

alter policy party_select on exporter_profiles using (
    organization_id = (select app.org()) or (select app.org_kind()) = 'COMMERCIAL_BANK'
    or exists (select from exports e where e.exporter_id = exporter_profiles.exporter_id));
do $$
declare
    relation text;
begin
    foreach relation in array array['coffee_laboratories', 'coffee_tasters', 'competence_certificates', 'export_licenses'] loop
        execute format('alter policy party_select on %I using (
            exists (select from exporter_profiles p where p.exporter_id = %I.exporter_id
                    and (p.organization_id = (select app.org()) %s)))', relation, relation,
            case when relation in ('competence_certificates', 'export_licenses')
                 then 'or (select app.org_kind()) = ''COMMERCIAL_BANK''' else '' end);
    end loop;
end
$$;
alter policy party_select on coffee_lots using (
    (select app.org_kind()) = 'ECX'
    or exists (select from exporter_profiles p where p.exporter_id = purchased_by and p.organization_id = (select app.org()))
    or exists (select from export_lots el where el.lot_id = coffee_lots.lot_id));
alter policy party_select on quality_inspections using (
    exists (select from coffee_lots l where l.lot_id = quality_inspections.lot_id));
alter policy party_select on sales_contracts using (
    exists (select from exporter_profiles p where p.exporter_id = sales_contracts.exporter_id
            and p.organization_id = (select app.org()))
    or exists (select from exports e where e.contract_id = sales_contracts.contract_id));

set role jebena_definer;
drop function gate.owner_of(uuid), gate.trades_with(uuid), gate.sees_lot(uuid), gate.sees_contract(uuid),
    gate.is_qualified(uuid), gate.names(uuid[]), gate.note_attached();
alter function gate.person_name(uuid) called on null input;
revoke usage on schema gate from jebena_owner;
set role jebena_owner;
drop function app.is_party(uuid, uuid, uuid, uuid, text);

do $$
declare
    relation text;
begin
    foreach relation in array array['exporter_profiles', 'coffee_lots', 'sales_contracts', 'exports', 'export_lots',
        'export_documents', 'coffee_laboratories', 'coffee_tasters', 'competence_certificates', 'export_licenses'] loop
        execute format('drop policy definer_select on %I', relation);
        execute format('revoke select on %I from jebena_definer', relation);
    end loop;
end
$$;
revoke select on capital_thresholds, qualified_exporters from jebena_definer;
