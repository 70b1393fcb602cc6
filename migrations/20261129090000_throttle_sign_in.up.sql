-- Attempts to sign in that have failed or are being judged: what closes the door for a while (reliability 2.3). They are kept
-- here, so that every instance counts the same and a restart forgets nothing. They name nobody: the name that was typed
-- may be a password in the wrong field, and is kept as its hash, as is the device; an address is kept as its network.
create table sign_in_attempts (
    attempt_id uuid primary key,
    name_hash bytea not null check (length(name_hash) = 32),
    -- Null unless somebody has signed in with this very account on this device before.
    device_hash bytea check (length(device_hash) = 32),
    network cidr not null,
    attempted_at timestamptz not null
);
create index sign_in_attempts_name on sign_in_attempts (name_hash, attempted_at);
create index sign_in_attempts_network on sign_in_attempts (network, attempted_at);

-- Devices on which an account has signed in: what strangers get wrong elsewhere does not lock its owner out on them.
create table known_devices (
    user_id uuid not null references users on delete cascade,
    device_hash bytea not null check (length(device_hash) = 32),
    first_used_at timestamptz not null,
    last_used_at timestamptz not null check (last_used_at >= first_used_at),
    primary key (user_id, device_hash)
);

alter table sign_in_attempts enable row level security;
alter table sign_in_attempts force row level security;
create policy gate_all on sign_in_attempts for all to jebena_gate using (true) with check (true);
create policy worker_select on sign_in_attempts for select to jebena_worker using (true);
create policy worker_delete on sign_in_attempts for delete to jebena_worker using (true);
grant select, insert, delete on sign_in_attempts to jebena_gate;
grant select, delete on sign_in_attempts to jebena_worker;

alter table known_devices enable row level security;
alter table known_devices force row level security;
create policy gate_all on known_devices for all to jebena_gate using (true) with check (true);
create policy worker_select on known_devices for select to jebena_worker using (true);
create policy worker_delete on known_devices for delete to jebena_worker using (true);
grant select, insert, update, delete on known_devices to jebena_gate;
grant select, delete on known_devices to jebena_worker;
