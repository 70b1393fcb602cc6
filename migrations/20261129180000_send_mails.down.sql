-- A mail that waits would never be sent, and whose address is known would be forgotten.
alter table mails no force row level security;
alter table users no force row level security;
do $$
begin
    if exists (select from mails where status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
    if exists (select from users where email_verified_at is not null) then
        raise exception 'addresses were verified, which the schema before cannot keep';
    end if;
end
$$;
alter table users force row level security;
set role jebena_definer;
create or replace function gate.accept_invitation(token bytea, person uuid, chosen_username text, password_hash text, language text,
    moment timestamptz, out outcome text, out organization uuid, out role text)
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    i public.invitations;
begin
    select x.* into i from public.invitations x where x.token_hash = token for update;
    if i.accepted_by is not null and i.accepted_at > moment - interval '1 hour'
        and exists (select from public.users u where u.id = i.accepted_by and u.username = chosen_username) then
        outcome := 'REPLAYED';
        return;
    end if;
    if i.invitation_id is null or i.accepted_at is not null or i.withdrawn_at is not null or i.expires_at <= moment
        or not exists (select from public.organizations o where o.organization_id = i.organization_id and o.is_active
                       and app.has_role(o.kind, i.role_name)) then
        outcome := 'GONE';
        return;
    end if;
    insert into public.users (id, username, password_hash, organization_id, role, full_name, language, created_at, updated_at)
    values (person, chosen_username, password_hash, i.organization_id, i.role_name, i.full_name, language, moment, moment)
    on conflict do nothing;
    if not found then
        outcome := 'USERNAME_TAKEN';
        return;
    end if;
    insert into public.user_roles (user_id, role_name, granted_at, granted_by)
    values (person, i.role_name, moment, i.invited_by);
    update public.invitations x set accepted_by = person, accepted_at = moment where x.invitation_id = i.invitation_id;
    outcome := 'DONE';
    organization := i.organization_id;
    role := i.role_name;
end
$$;
set role jebena_owner;
drop table password_resets;
revoke select, update (token_hash) on invitations from jebena_worker;
drop policy worker_update on invitations;
drop policy worker_select on invitations;
alter table invitations drop email;
revoke select (id, username, email, email_verified_at, full_name, language, is_active, is_demo) on users from jebena_worker;
drop policy worker_select on users;
alter table users drop email_verified_at;
drop table caught_mails;
drop table mails;
