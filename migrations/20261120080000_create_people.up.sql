-- Who takes part: organisations, people, roles, sessions; and the context that row-level security reads.

-- The context of a transaction. `set_config(.., true)` leaves '' behind, not null, once it has been used on
-- a connection: only these functions may know that. They are written to be wrapped as `(select app.org())`,
-- which makes them an init-plan, evaluated once per statement.
create function app.org() returns uuid language sql stable parallel safe
    return nullif(current_setting('app.org_id', true), '')::uuid;
create function app.person() returns uuid language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;
create function app.org_kind() returns text language sql stable parallel safe
    return coalesce(current_setting('app.org_kind', true), '');
-- The day in Addis Ababa. The server passes it with the context, from its clock; a bare session has today.
create function app.today() returns date language sql stable parallel safe
    return coalesce(nullif(current_setting('app.today', true), '')::date,
                    (now() at time zone 'Africa/Addis_Ababa')::date);

-- Append-only tables carry these two triggers. ENABLE ALWAYS, so that a replication role cannot switch
-- them off; they hold against the owner too, who has to drop them in a migration that everybody sees.
create function app.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% on %.% is refused: the record is append-only', tg_op, tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

create procedure app.make_append_only(relation regclass) language plpgsql as $$
begin
    execute format('create trigger append_only_rows before update or delete on %s
                    for each row execute function app.refuse_change()', relation);
    execute format('create trigger append_only_table before truncate on %s
                    for each statement execute function app.refuse_change()', relation);
    execute format('alter table %s enable always trigger append_only_rows', relation);
    execute format('alter table %s enable always trigger append_only_table', relation);
end
$$;

create table organizations (
    organization_id uuid primary key,
    code text not null unique check (code ~ '^[A-Z0-9-]{2,20}$'),
    kind text not null check (kind in ('EXPORTER', 'COMMERCIAL_BANK', 'NATIONAL_BANK', 'ECTA', 'ECX',
        'SHIPPING_LINE', 'CUSTOMS', 'AUDITOR', 'ADMINISTRATION')),
    name text not null check (length(name) between 3 and 255),
    name_am text not null,
    -- How a colleague elsewhere reaches the desk; shown on the help page and on cases.
    contact_email text,
    contact_phone text,
    address text,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
-- One National Bank, one authority, one exchange, one customs commission: their queues have no other owner.
create unique index organizations_single_authority on organizations (kind)
    where kind in ('NATIONAL_BANK', 'ECTA', 'ECX', 'CUSTOMS', 'ADMINISTRATION', 'AUDITOR');
create index organizations_kind on organizations (kind, name);

create table users (
    id uuid primary key,
    -- Kept in lower case: lower() is not leakproof and would keep the index from being used under a policy.
    username text not null unique check (username = lower(username) and username ~ '^[a-z0-9._-]{3,80}$'),
    email text unique check (email = lower(email)),
    password_hash text not null check (password_hash like '$argon2id$%'),
    organization_id uuid not null references organizations on delete restrict,
    -- The seed's single role; user_roles is what counts.
    role text not null,
    full_name text not null check (length(full_name) between 2 and 255),
    language text not null default 'en' check (language in ('en', 'am')),
    shortcuts_enabled boolean not null default true,
    is_active boolean not null default true,
    -- A demo account is refused outside the demo mode, whatever its password.
    is_demo boolean not null default false,
    last_login timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index users_organization on users (organization_id, full_name);
create index users_active on users (is_active) where is_active;

create table user_roles (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users on delete restrict,
    role_name text not null check (role_name in ('OWNER', 'CLERK', 'OFFICER', 'SUPERVISOR', 'ORG_ADMIN',
        'AUDITOR', 'SYSTEM_ADMIN')),
    granted_at timestamptz not null default now(),
    granted_by uuid references users on delete restrict,
    unique (user_id, role_name)
);
create index user_roles_role on user_roles (role_name);
create index user_roles_granted_by on user_roles (granted_by);

create table user_sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid references users on delete cascade,
    -- SHA-256 of the cookie's token: who reads this table cannot take a session over.
    token_hash bytea not null unique check (length(token_hash) = 32),
    ip_address inet,
    user_agent text check (length(user_agent) <= 400),
    data jsonb not null default '{}',
    created_at timestamptz not null,
    last_activity timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at)
);
create index user_sessions_user on user_sessions (user_id);
create index user_sessions_expiry on user_sessions (expires_at);

-- One row: what an administrator can switch while the product runs.
create table system_state (
    one boolean primary key default true check (one),
    read_only boolean not null default false,
    banner_en text check (length(banner_en) <= 500),
    banner_am text check (length(banner_am) <= 500),
    banner_until timestamptz,
    changed_by uuid references users on delete restrict,
    changed_at timestamptz not null default now()
);
insert into system_state default values;
create index system_state_changed_by on system_state (changed_by);

-- One effect per form: the key that a form carries, and the answer that was given to it.
create table idempotency_keys (
    idempotency_key uuid primary key,
    user_id uuid not null references users on delete restrict,
    request_hash bytea not null check (length(request_hash) = 32),
    location text not null,
    flash text not null,
    created_at timestamptz not null
);
create index idempotency_keys_age on idempotency_keys (created_at);
create index idempotency_keys_user on idempotency_keys (user_id);

-- What is to be told to the outside of a transaction once it is committed.
create table outbox (
    event_id bigint generated always as identity primary key,
    kind text not null,
    subject text not null,
    subject_id uuid not null,
    payload jsonb not null default '{}',
    created_at timestamptz not null,
    delivered_at timestamptz
);
create index outbox_waiting on outbox (event_id) where delivered_at is null;

-- The two things that sign-in and every request need before a context exists.
set role jebena_definer;
create type gate.session_view as (
    data jsonb, created_at timestamptz, last_activity timestamptz, expires_at timestamptz,
    user_id uuid, username text, full_name text, language text, shortcuts_enabled boolean, is_demo boolean,
    organization_id uuid, organization_kind text, organization_code text,
    organization_name text, organization_name_am text, role_names text[]);
reset role;
set role jebena_owner;
