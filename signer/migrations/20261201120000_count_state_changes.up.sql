-- A number that grows with whatever changes what a certificate is worth: answers about certificates are kept as long as it
-- stands still. Who reads the number before the state never keeps an older state under it.
create table certificate_state (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into certificate_state (version) values (0);

create function count_state_change() returns trigger language plpgsql security definer set search_path = public, pg_catalog as $$
begin
    update certificate_state set version = version + 1;
    return null;
end
$$;
create trigger count_state_change after insert on certificates for each statement execute function count_state_change();
create trigger count_state_change after insert or update on certificate_revocations
    for each statement execute function count_state_change();

grant select on certificate_state to jebena_signer;
