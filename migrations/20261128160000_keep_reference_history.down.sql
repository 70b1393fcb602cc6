-- Who set what is not thrown away.
do $$
begin
    alter table reference_changes no force row level security;
    if exists (select from reference_changes) then
        raise exception 'the figures have a history';
    end if;
end
$$;
drop view code_list_entries;
drop index minimum_export_prices_latest;
revoke insert, update on countries, ports, coffee_types, regions, incoterms, hs_codes from jebena_admin;
revoke insert, delete on parameters, capital_thresholds, fx_retention_rules, fx_rates, minimum_export_prices
    from jebena_regulator;
do $$
declare
    relation text;
begin
    foreach relation in array array['parameters', 'capital_thresholds', 'fx_retention_rules', 'fx_rates', 'minimum_export_prices'] loop
        execute format('drop policy everybody_select on %I', relation);
        execute format('drop policy regulator_insert on %I', relation);
        execute format('drop policy regulator_delete on %I', relation);
        execute format('alter table %I disable row level security', relation);
    end loop;
end
$$;
alter table incoterms drop column valid_to, drop column valid_from;
delete from parameters where key in ('contract_shipment_months_farmer', 'contract_registration_hours', 'contract_price_warning', 'ecx_receipt_days');
drop table parameter_definitions;
drop table reference_changes;
