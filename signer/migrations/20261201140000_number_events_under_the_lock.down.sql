create or replace function chain_event() returns trigger language plpgsql security definer set search_path = public, pg_catalog as $$
begin
    perform pg_advisory_xact_lock(7238190045);
    new.previous_hash := coalesce((select row_hash from secure_audit_log order by seq desc limit 1), sha256('jebena secure log'));
    new.row_hash := hash_of_event(new);
    return new;
end
$$;
