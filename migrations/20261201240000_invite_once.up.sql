-- One open invitation to an address in an organisation: another would leave two links to one mailbox. Whether one is open depends
-- on the moment, which no index and no check can know.
grant create on schema app to jebena_definer;
set role jebena_definer;
create function app.invite_once() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if new.email is null then
        return new;
    end if;
    -- Two at once wait for each other.
    perform pg_advisory_xact_lock(hashtextextended('invite ' || new.organization_id::text || ' ' || new.email, 0));
    if exists (select from public.invitations i
               where i.organization_id = new.organization_id and i.email = new.email and i.accepted_at is null
                 and i.withdrawn_at is null and i.expires_at > new.invited_at) then
        raise exception 'there is an open invitation to this address'
            using errcode = 'unique_violation', constraint = 'invitations_open_once';
    end if;
    return new;
end
$$;
revoke all on function app.invite_once() from public;
grant execute on function app.invite_once() to jebena_owner;
set role jebena_owner;
revoke create on schema app from jebena_definer;
create trigger invite_once before insert on invitations for each row execute function app.invite_once();
