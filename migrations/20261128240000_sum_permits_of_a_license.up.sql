-- What a licence's permits take of its quota is asked whenever a permit is looked at. Under the walls each of its permits
-- asked whether its export is the viewer's to see, by reading all exports; the sum alone needs no wall: who sees the
-- licence may know what is left of it.
create index export_permits_license on export_permits (license_id) include (quantity)
    where status in ('ISSUED', 'USED');
set role jebena_definer;
create function gate.permitted_kg(license uuid) returns numeric
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return (select coalesce(sum(p.quantity), 0) from public.export_permits p
            where p.license_id = license and p.status in ('ISSUED', 'USED'));
end
$$;
revoke all on function gate.permitted_kg(uuid) from public;
grant execute on function gate.permitted_kg(uuid) to jebena_party, jebena_regulator, jebena_auditor;
set role jebena_owner;
