-- A person can have themselves erased. What becomes of each place where they are named stands in the register of processing;
-- `erasures` is the ledger of who asked, who was erased and what stayed, and is replayed after a restore.

-- Who might decide what and when belongs to what was decided: a person who leaves takes no grant along.
update processing_register set legal_basis = 'LEGAL_OBLIGATION', kept = 'YEARS_7'
where source = 'user_roles' and person_column = 'user_id';

alter table processing_register add column on_erasure text;
update processing_register set on_erasure = case
    when source = 'users' or (source, person_column) in (('invitations', 'accepted_by'), ('jobs', 'requested_by')) then 'CLEAR'
    -- What is a person's own and no law's.
    when kept <> 'YEARS_7' and person_column = 'user_id' or source in ('drafts', 'audit.event_private') then 'DELETE'
    else 'KEEP' end;
alter table processing_register
    alter column on_erasure set not null,
    -- Rows go, rows lose what names the person, or rows stay with the person's id, which then names nobody.
    add constraint processing_register_on_erasure_check check (on_erasure in ('DELETE', 'CLEAR', 'KEEP')),
    add constraint processing_register_kept_with_reason check (on_erasure <> 'KEEP' or legal_basis <> 'SERVICE');

create table erasures (
    erasure_id uuid primary key,
    user_id uuid not null references users on delete restrict,
    language text not null check (language in ('en', 'am')),
    asked_at timestamptz not null,
    -- Until then the link that was mailed confirms it.
    expires_at timestamptz not null check (expires_at > asked_at),
    token_hash bytea unique check (length(token_hash) = 32),
    confirmed_at timestamptz check (confirmed_at >= asked_at),
    due_at timestamptz check (due_at >= confirmed_at),
    withdrawn_at timestamptz check (withdrawn_at >= asked_at),
    refused_at timestamptz check (refused_at >= due_at),
    refusal text check (refusal in ('OPEN_CLAIMS', 'SOLE_ADMINISTRATOR')),
    done_at timestamptz check (done_at >= due_at),
    -- Of each place: what was done with how many rows. No personal data.
    counts jsonb check (jsonb_typeof(counts) = 'array'),
    -- Where the last mail goes; forgotten as soon as it is written to.
    farewell_to text check (length(farewell_to) between 3 and 254),
    certificate_hash bytea unique check (length(certificate_hash) = 32),
    check ((confirmed_at is null) = (due_at is null)),
    check ((refused_at is null) = (refusal is null)),
    check ((done_at is null) = (counts is null)),
    check (num_nonnulls(withdrawn_at, refused_at, done_at) <= 1),
    check (done_at is not null or num_nonnulls(farewell_to, certificate_hash) = 0)
);
create unique index erasures_open on erasures (user_id)
    where withdrawn_at is null and refused_at is null and done_at is null;
create index erasures_user on erasures (user_id, asked_at desc);
create index erasures_due on erasures (due_at)
    where withdrawn_at is null and refused_at is null and done_at is null;
create index erasures_newest on erasures (asked_at desc, erasure_id desc);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy own_select on erasures for select to jebena_party, jebena_regulator using (user_id = (select app.person()));
-- That somebody was erased, and with what result, is for who runs and who audits the system.
create policy class_select on erasures for select to jebena_auditor, jebena_admin using (true);
create policy own_insert on erasures for insert to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (user_id = (select app.person()) and confirmed_at is null and withdrawn_at is null);
create policy own_update on erasures for update to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (user_id = (select app.person()) and done_at is null and refused_at is null)
    with check (user_id = (select app.person()));
create policy gate_select on erasures for select to jebena_gate using (true);
create policy gate_update on erasures for update to jebena_gate
    using (withdrawn_at is null and refused_at is null and done_at is null)
    with check (withdrawn_at is null and refused_at is null and done_at is null);
create policy worker_all on erasures for all to jebena_worker using (true) with check (true);
grant select (erasure_id, user_id, language, asked_at, expires_at, confirmed_at, due_at, withdrawn_at, refused_at, refusal,
    done_at, counts) on erasures to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant insert (erasure_id, user_id, language, asked_at, expires_at), update (withdrawn_at)
    on erasures to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select, update (confirmed_at, due_at) on erasures to jebena_gate;
grant select, insert, update on erasures to jebena_worker;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('erasures', 'user_id', 'ACCOUNT', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{erasure_id,asked_at,confirmed_at,due_at,withdrawn_at,refused_at,refusal,done_at}', 'KEEP');
create policy own_data_select on erasures for select to jebena_privacy using (user_id = (select app.person()));
grant select (erasure_id, user_id, asked_at, confirmed_at, due_at, withdrawn_at, refused_at, refusal, done_at)
    on erasures to jebena_privacy;

-- What erasing may touch, and no more. Whoever calls the functions below has none of it themselves.
grant usage on schema audit to jebena_definer;
grant select (source, person_column, on_erasure) on processing_register to jebena_definer;
grant select (event_id, actor_id, entity_id) on audit.events to jebena_definer;
create policy definer_select on audit.events for select to jebena_definer using (true);
grant select, delete, update (payload) on audit.event_private to jebena_definer;
create policy definer_all on audit.event_private for all to jebena_definer using (true) with check (true);
grant select (email_verified_at), update (username, email, email_verified_at, password_hash, full_name, language,
    shortcuts_enabled, is_active, last_login, updated_at) on users to jebena_definer;
create policy definer_update on users for update to jebena_definer using (true) with check (true);
grant update (full_name, email) on invitations to jebena_definer;
grant select (job_id, requested_by), update (requested_by) on jobs to jebena_definer;
create policy definer_select on jobs for select to jebena_definer using (true);
create policy definer_update on jobs for update to jebena_definer using (true) with check (true);
grant select (mail_id, recipient), delete on caught_mails to jebena_definer;
create policy definer_all on caught_mails for all to jebena_definer using (true) with check (true);
do $$
declare
    r record;
begin
    for r in select source, person_column from processing_register
             where on_erasure = 'DELETE' and source <> 'audit.event_private' loop
        execute format('grant select (%I), delete on %I to jebena_definer', r.person_column, r.source);
        execute format('create policy erasure_delete on %I for delete to jebena_definer using (true)', r.source);
        execute format('create policy erasure_select on %I for select to jebena_definer using (true)', r.source);
    end loop;
end
$$;

grant create on schema app to jebena_definer;
set role jebena_definer;
-- Why the person cannot go now; nothing when they can. A person asks for themselves, background work for anybody.
create function app.erasure_refusal(person uuid) returns text language sql stable security definer
    set search_path = pg_catalog as $$
    select case
        when exists (select from public.exports e
                     where e.claimed_by = person and e.status not in ('COMPLETED', 'CANCELLED')) then 'OPEN_CLAIMS'
        when exists (select from public.users u
                     join public.organizations o on o.organization_id = u.organization_id and o.is_active
                     join public.user_roles r on r.user_id = u.id and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                         and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())
                     where u.id = person and u.is_active
                       and not exists (select from public.users x join public.user_roles y on y.user_id = x.id
                                       where x.organization_id = u.organization_id and x.is_active and x.id <> u.id
                                         and y.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                                         and app.holds(y.valid_from, y.valid_until, y.revoked_at, app.moment())))
            then 'SOLE_ADMINISTRATOR'
    end
    where coalesce(app.person(), person) = person
$$;

-- Whether mails reach the person of the transaction.
create function app.has_address() returns boolean language sql stable security definer set search_path = pg_catalog as $$
    select exists (select from public.users u
                   where u.id = app.person() and u.email is not null and u.email_verified_at is not null)
$$;

-- Does what the register says. Done again, it changes nothing.
create function app.erase_person(person uuid, moment timestamptz) returns void language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    address text;
    r record;
begin
    select u.email into strict address from public.users u where u.id = person for update;
    delete from audit.event_private p where p.event_id in (
        select e.event_id from audit.events e where e.actor_id = person
        -- What nobody in particular did to their account, such as failing to sign in.
        union all select e.event_id from audit.events e where e.entity_id = person and e.actor_id is null);
    for r in select source, person_column, on_erasure from public.processing_register
             where on_erasure <> 'KEEP' and source <> 'audit.event_private' loop
        if r.on_erasure = 'DELETE' then
            execute format('delete from public.%I where %I = $1', r.source, r.person_column) using person;
        elsif r.source = 'jobs' then
            update public.jobs set requested_by = null where requested_by = person;
        elsif r.source = 'invitations' then
            update public.invitations i set full_name = 'Erased person', email = null
            where i.accepted_by = person or i.email = address;
        elsif r.source = 'users' then
            -- The id stays, for what must stay. The hash is of no password.
            update public.users u set username = 'erased-' || replace(person::text, '-', ''), email = null,
                email_verified_at = null, full_name = 'Erased person', language = 'en', shortcuts_enabled = true,
                is_active = false, last_login = null, updated_at = moment,
                password_hash = '$argon2id$v=19$m=19456,t=2,p=1$ZXJhc2VkZXJhc2VkZXJhcw$'
                    || rtrim(encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'base64'), '=')
            where u.id = person;
        else
            raise exception 'nobody knows how to clear %', r.source;
        end if;
    end loop;
    delete from public.caught_mails m where m.recipient = address;
end
$$;

-- Takes addresses, browsers and sessions from what lies beside old events; rows with nothing else go. How many.
create function app.forget_origins(before timestamptz, most int) returns bigint language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    origin constant text[] := '{ip_address,user_agent,session_id}';
    ids uuid[];
begin
    ids := array(select p.event_id from audit.event_private p
                 where p.occurred_at < before and p.payload ?| origin order by p.occurred_at limit most);
    delete from audit.event_private p where p.event_id = any (ids) and p.payload - origin = '{}';
    update audit.event_private p set payload = p.payload - origin where p.event_id = any (ids);
    return cardinality(ids);
end
$$;
revoke all on function app.erasure_refusal(uuid), app.has_address(), app.erase_person(uuid, timestamptz),
    app.forget_origins(timestamptz, int) from public;
grant execute on function app.erasure_refusal(uuid) to jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker;
grant execute on function app.has_address() to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant execute on function app.erase_person(uuid, timestamptz), app.forget_origins(timestamptz, int) to jebena_worker;
set role jebena_owner;
revoke create on schema app from jebena_definer;

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('ERASE_PEOPLE', 600, 'epoch');
alter table job_schedules force row level security;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY', 'ROLE_DELEGATED', 'ERASURE_ASKED',
        'ERASURE_CONFIRMED', 'ERASURE_REFUSED', 'ERASURE_DONE'));
-- Who asks to be erased asks for the mail with the link; no administrator sees that they did.
create policy own_erasure_insert on mails for insert to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (kind = 'ERASURE_ASKED' and organization_id is null and status = 'WAITING'
                and exists (select from erasures e where e.erasure_id = subject_id and e.user_id = (select app.person())));
