set role jebena_definer;
drop function gate.permitted_kg(uuid);
set role jebena_owner;
drop index export_permits_license;
