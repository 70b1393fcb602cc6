-- Mails that the product sends. Neither address nor text nor the secret of a link is kept here: each mail is written at the
-- moment it is sent, from what it is about.
create table mails (
    mail_id uuid primary key,
    kind text not null check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED')),
    language text not null check (language in ('en', 'am')),
    -- What it is about: the invitation, the request for a new password, the person.
    subject_id uuid not null,
    -- Whose administrators may know what came of it.
    organization_id uuid references organizations,
    -- NEEDLESS: there was nobody to write to, or nothing to say any more. REFUSED: the mail server does not take it.
    status text not null check (status in ('WAITING', 'SENT', 'NEEDLESS', 'REFUSED')),
    asked_at timestamptz not null,
    ended_at timestamptz,
    check ((status = 'WAITING') = (ended_at is null))
);
create index mails_subject on mails (subject_id, asked_at desc);
create index mails_organization on mails (organization_id);
create index mails_ended on mails (ended_at) where ended_at is not null;
alter table mails enable row level security;
alter table mails force row level security;
create policy worker_all on mails for all to jebena_worker using (true) with check (true);
create policy own_organization_select on mails for select
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (organization_id = (select app.org()));
create policy own_organization_insert on mails for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (organization_id = (select app.org()) and status = 'WAITING');
create policy gate_insert on mails for insert to jebena_gate with check (status = 'WAITING');
grant select, update, delete on mails to jebena_worker;
grant select, insert on mails to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant insert on mails to jebena_gate;

-- Where no mail leaves the house, as in a demonstration: what would have been sent, for everybody to read.
create table caught_mails (
    mail_id uuid primary key references mails on delete cascade,
    recipient text not null check (length(recipient) between 3 and 254),
    subject text not null check (length(subject) between 1 and 500),
    body text not null check (length(body) between 1 and 20000),
    caught_at timestamptz not null
);
create index caught_mails_newest on caught_mails (caught_at desc, mail_id desc);
alter table caught_mails enable row level security;
alter table caught_mails force row level security;
create policy worker_all on caught_mails for all to jebena_worker using (true) with check (true);
create policy gate_select on caught_mails for select to jebena_gate using (true);
grant select, insert, delete on caught_mails to jebena_worker;
grant select on caught_mails to jebena_gate;

-- Where a person can be written to, and since when it is known that the address is theirs.
alter table users add email_verified_at timestamptz,
    add constraint users_verified_email check (email_verified_at is null or email is not null);
create policy worker_select on users for select to jebena_worker using (true);
grant select (id, username, email, email_verified_at, full_name, language, is_active, is_demo) on users to jebena_worker;

-- An invitation can be sent to an address; its link is known to who reads mail there, and to nobody else.
alter table invitations add email text check (email = lower(email) and email like '_%@_%._%' and length(email) <= 254);
create policy worker_select on invitations for select to jebena_worker using (true);
create policy worker_update on invitations for update to jebena_worker using (true) with check (true);
grant select, update (token_hash) on invitations to jebena_worker;

-- Requests for a new password by who has forgotten the old one. A name that is nobody's makes a row as well, so that both
-- take as long; it gets no mail.
create table password_resets (
    -- The key of the form that asked: sent twice, it asks once.
    reset_id uuid primary key,
    user_id uuid references users on delete cascade,
    -- Set when the link is mailed.
    token_hash bytea unique check (length(token_hash) = 32),
    asked_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > asked_at),
    used_at timestamptz,
    -- The key of the form that set the password: sent twice, it has done so. Null where another link was used.
    used_by_form uuid,
    check (token_hash is null or user_id is not null),
    check (used_at is null or token_hash is not null),
    check (used_by_form is null or used_at is not null)
);
create index password_resets_user on password_resets (user_id, asked_at desc);
create index password_resets_age on password_resets (asked_at);
alter table password_resets enable row level security;
alter table password_resets force row level security;
create policy gate_all on password_resets for all to jebena_gate using (true) with check (true);
create policy worker_all on password_resets for all to jebena_worker using (true) with check (true);
grant select, insert, update (used_at, used_by_form) on password_resets to jebena_gate;
grant select, update (token_hash), delete on password_resets to jebena_worker;

set role jebena_definer;
-- As before; the address to which the link went becomes the person's, unless somebody has it already.
create or replace function gate.accept_invitation(token bytea, person uuid, chosen_username text, password_hash text,
    language text, moment timestamptz, out outcome text, out organization uuid, out role text)
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    i public.invitations;
    address text;
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
    select i.email into address where not exists (select from public.users u where u.email = i.email);
    insert into public.users (id, username, email, email_verified_at, password_hash, organization_id, role, full_name, language,
        created_at, updated_at)
    values (person, chosen_username, address, case when address is not null then moment end, password_hash, i.organization_id,
        i.role_name, i.full_name, language, moment, moment)
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
