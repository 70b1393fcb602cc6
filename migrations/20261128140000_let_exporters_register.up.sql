-- Who comes in without an operator: an exporter registers itself, and a colleague follows an administrator's invitation.
-- Nobody chooses what they become: a stranger becomes the owner of a firm that exports, and an invited person what the
-- invitation says.

-- One-time links. What is stored is the hash: who reads this table cannot follow one.
create table invitations (
    invitation_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    token_hash bytea not null unique check (length(token_hash) = 32),
    full_name text not null check (length(full_name) between 2 and 255),
    role_name text not null check (role_name in ('OWNER', 'CLERK', 'OFFICER', 'SUPERVISOR', 'ORG_ADMIN', 'AUDITOR', 'SYSTEM_ADMIN')),
    invited_by uuid not null references users on delete restrict,
    invited_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > invited_at),
    -- Followed, or withdrawn; at most one of both.
    accepted_by uuid unique references users on delete restrict,
    accepted_at timestamptz,
    withdrawn_by uuid references users on delete restrict,
    withdrawn_at timestamptz,
    check ((accepted_by is null) = (accepted_at is null)),
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check (accepted_at is null or withdrawn_at is null)
);
create index invitations_organization on invitations (organization_id, invited_at desc);
create index invitations_invited_by on invitations (invited_by);
create index invitations_withdrawn_by on invitations (withdrawn_by);

-- Which roles an organisation of a kind has; the same table stands in Rust, in organizations::staff.
create function app.has_role(kind text, role text) returns boolean
language sql immutable parallel safe
    return case kind when 'EXPORTER' then role in ('OWNER', 'CLERK', 'ORG_ADMIN')
                     when 'AUDITOR' then role in ('AUDITOR', 'ORG_ADMIN')
                     when 'ADMINISTRATION' then role = 'SYSTEM_ADMIN'
                     else role in ('OFFICER', 'SUPERVISOR', 'ORG_ADMIN') end;

alter table invitations enable row level security;
alter table invitations force row level security;
create policy own_organization_select on invitations for select
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (organization_id = (select app.org()));
create policy own_organization_insert on invitations for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (organization_id = (select app.org()) and invited_by = (select app.person())
        and accepted_by is null and app.has_role((select app.org_kind()), role_name));
create policy own_organization_update on invitations for update
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
create policy definer_all on invitations for all to jebena_definer using (true) with check (true);
grant select, insert, update (withdrawn_by, withdrawn_at) on invitations
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select, update (accepted_by, accepted_at) on invitations to jebena_definer;

-- The walls of what the two functions below may write, beside what they say.
create policy definer_insert on organizations for insert to jebena_definer with check (kind = 'EXPORTER');
create policy definer_insert on users for insert to jebena_definer with check (not is_demo);
create policy definer_insert on user_roles for insert to jebena_definer with check (true);
create policy definer_select on idempotency_keys for select to jebena_definer using (true);
create policy definer_insert on idempotency_keys for insert to jebena_definer with check (true);
create policy definer_insert on drafts for insert to jebena_definer with check (subject = 'PROFILE' and subject_id is null);
grant insert on organizations, users, user_roles, idempotency_keys, drafts to jebena_definer;
grant select on idempotency_keys to jebena_definer;

-- An administrator sees and switches the accounts of the own organisation, whatever it is.
alter policy own_organization_update on users to jebena_party, jebena_regulator, jebena_auditor;
grant update (is_active, updated_at) on users to jebena_auditor;

set role jebena_definer;

-- A firm with its owner, and what they said of it as the beginning of their profile. The form's key makes it count
-- once. The answer is DONE, KEY_REUSED (the key of another form), USERNAME_TAKEN or EMAIL_TAKEN; then nothing is kept.
create function gate.register_exporter(form_key uuid, form_hash bytea, location text, organization uuid, code text,
    firm text, business_type text, person uuid, username text, email text, password_hash text, full_name text,
    language text, moment timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    stored bytea;
    refused text;
begin
    -- The same form, sent twice at once, is judged one after the other.
    perform pg_advisory_xact_lock(hashtextextended(form_key::text, 0));
    select k.request_hash into stored from public.idempotency_keys k where k.idempotency_key = form_key;
    if found then
        return case when stored = form_hash then 'REPLAYED' else 'KEY_REUSED' end;
    end if;
    insert into public.organizations (organization_id, code, kind, name, name_am, contact_email, created_at, updated_at)
    values (organization, code, 'EXPORTER', firm, firm, email, moment, moment);
    insert into public.users (id, username, email, password_hash, organization_id, role, full_name, language, created_at, updated_at)
    values (person, username, email, password_hash, organization, 'OWNER', full_name, language, moment, moment);
    insert into public.user_roles (user_id, role_name, granted_at) values (person, 'OWNER', moment);
    insert into public.drafts (draft_id, organization_id, subject, fields, saved_by, saved_at)
    values (gen_random_uuid(), organization, 'PROFILE', jsonb_build_object('business_name', firm, 'business_type', business_type,
        'contact_person', full_name, 'email', email), person, moment);
    insert into public.idempotency_keys (idempotency_key, user_id, request_hash, location, flash, created_at)
    values (form_key, person, form_hash, location, '', moment);
    return 'DONE';
exception when unique_violation then
    get stacked diagnostics refused = constraint_name;
    case refused
        when 'users_username_key' then return 'USERNAME_TAKEN';
        when 'users_email_key' then return 'EMAIL_TAKEN';
        else raise;
    end case;
end
$$;

-- What a stranger with the link may know of an invitation: who invites whom as what. None that is over.
create function gate.find_invitation(token bytea, moment timestamptz)
returns table (organization_name text, organization_name_am text, organization_kind text, full_name text, role_name text,
               expires_at timestamptz)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select o.name, o.name_am, o.kind, i.full_name, i.role_name, i.expires_at
    from public.invitations i
    join public.organizations o on o.organization_id = i.organization_id
    where i.token_hash = token and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > moment and o.is_active;
end
$$;

-- Makes the account that an invitation promises. The answer is DONE, REPLAYED (the same name followed it before), GONE
-- or USERNAME_TAKEN; but for DONE nothing is kept.
create function gate.accept_invitation(token bytea, person uuid, chosen_username text, password_hash text, language text,
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

revoke all on function
    gate.register_exporter(uuid, bytea, text, uuid, text, text, text, uuid, text, text, text, text, text, timestamptz),
    gate.find_invitation(bytea, timestamptz),
    gate.accept_invitation(bytea, uuid, text, text, text, timestamptz) from public;
grant execute on function
    gate.register_exporter(uuid, bytea, text, uuid, text, text, text, uuid, text, text, text, text, text, timestamptz),
    gate.find_invitation(bytea, timestamptz),
    gate.accept_invitation(bytea, uuid, text, text, text, timestamptz) to jebena_gate;
set role jebena_owner;
