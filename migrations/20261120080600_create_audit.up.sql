-- The record: who did what, when, to what. Appended in the transaction of the deed; hashed by the
-- database; sealed in batches by a sequencer, so that no writer waits for a common head.

create table audit.events (
    seq bigint generated always as identity,
    event_id uuid not null,
    occurred_at timestamptz not null,
    actor_id uuid,
    organization_id uuid,
    -- Such as FX_APPROVED (domain 5.9).
    event_type text not null check (event_type ~ '^[A-Z][A-Z_]{2,49}$'),
    entity_type text not null,
    entity_id uuid,
    severity text not null check (severity in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    compliance_relevant boolean not null,
    -- No personal data here: that stands in audit.event_private, bound by the commitment, and can be erased.
    details jsonb not null default '{}',
    request_id uuid,
    private_commitment bytea check (length(private_commitment) = 32),
    row_hash bytea not null check (length(row_hash) = 32),
    primary key (seq, occurred_at)
) partition by range (occurred_at);
create index events_entity on audit.events (entity_id, occurred_at desc);
create index events_actor on audit.events (actor_id, occurred_at desc);
create index events_time on audit.events (occurred_at desc);
create index events_critical on audit.events (occurred_at desc) where severity = 'CRITICAL';

create table audit.event_private (
    event_id uuid primary key,
    occurred_at timestamptz not null,
    salt bytea not null check (length(salt) = 16),
    -- ip_address, user_agent, free text: what a person may ask to have erased.
    payload jsonb not null
);
create index event_private_age on audit.event_private (occurred_at);

-- Rows that no seal covers yet.
create table audit.unsealed (
    seq bigint primary key,
    occurred_at timestamptz not null
);

create table audit.seals (
    seal_number bigint primary key check (seal_number > 0),
    event_count int not null check (event_count > 0),
    -- SHA-256 over the row hashes of the batch, in the order of seq.
    root bytea not null check (length(root) = 32),
    previous bytea not null check (length(previous) = 32),
    -- SHA-256 over number, count, root and previous: the head of the chain.
    head bytea not null unique check (length(head) = 32),
    sealed_at timestamptz not null
);
call app.make_append_only('audit.seals');

create table audit.sealed (
    seq bigint primary key,
    occurred_at timestamptz not null,
    seal_number bigint not null references audit.seals
);
create index sealed_by_seal on audit.sealed (seal_number, seq);
call app.make_append_only('audit.sealed');

-- The canonical bytes of a row and their hash. jsonb has one text form; the time is microseconds, so that
-- no setting of a session changes it.
create function audit.hash_of(event audit.events) returns bytea language sql stable
    return sha256(convert_to(jsonb_build_array(
        event.seq, event.event_id, (extract(epoch from event.occurred_at) * 1000000)::bigint, event.actor_id,
        event.organization_id, event.event_type, event.entity_type, event.entity_id, event.severity,
        event.compliance_relevant, event.details, event.request_id,
        encode(event.private_commitment, 'hex'))::text, 'UTF8'));

create function audit.hash_new_event() returns trigger language plpgsql security definer
    set search_path = pg_catalog as $$
begin
    new.row_hash := audit.hash_of(new);
    insert into audit.unsealed (seq, occurred_at) values (new.seq, new.occurred_at);
    return new;
end
$$;

create procedure audit.add_year(year int) language plpgsql as $$
declare
    name text := format('audit.events_%s', year);
begin
    execute format('create table %s partition of audit.events for values from (%L) to (%L)', name,
        make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC'), make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC'));
    -- The row trigger is inherited from the parent; a TRUNCATE trigger is not.
    execute format('create trigger append_only_table before truncate on %s
                    for each statement execute function app.refuse_change()', name);
    execute format('alter table %s enable always trigger append_only_table', name);
end
$$;

create trigger append_only_rows before update or delete on audit.events
    for each row execute function app.refuse_change();
create trigger append_only_table before truncate on audit.events
    for each statement execute function app.refuse_change();
alter table audit.events enable always trigger append_only_rows;
alter table audit.events enable always trigger append_only_table;
create trigger hash_new_event before insert on audit.events
    for each row execute function audit.hash_new_event();
alter table audit.events enable always trigger hash_new_event;

do $$
begin
    -- No default partition: an event outside these years is a fault to be seen, not to be filed away.
    for year in 2024..2036 loop
        call audit.add_year(year);
    end loop;
end
$$;
