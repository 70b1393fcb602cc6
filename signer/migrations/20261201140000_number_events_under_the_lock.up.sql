-- The number of an event came before the lock on the head: of two writers at once the second could be first in the chain, and a sound
-- record looked as if it had been changed. Under the lock it is the next one, without a gap.
create or replace function chain_event() returns trigger language plpgsql security definer set search_path = public, pg_catalog as $$
declare
    head record;
begin
    perform pg_advisory_xact_lock(7238190045);
    select seq, row_hash into head from secure_audit_log order by seq desc limit 1;
    new.seq := coalesce(head.seq, 0) + 1;
    new.previous_hash := coalesce(head.row_hash, sha256('jebena secure log'));
    new.row_hash := hash_of_event(new);
    return new;
end
$$;
