-- A year of the record whose time is over: checked, exported to a file with its fingerprint, guarded, taken off, and dropped after a
-- second administrator has agreed. What is left says what was there, and that the file is the same.

create table audit.archive_manifests (
    manifest_id uuid primary key,
    partition text not null unique check (partition ~ '^events_[0-9]{4}$'),
    from_at timestamptz not null,
    until_at timestamptz not null check (until_at > from_at),
    -- EXPORTED: the file is there. DETACHED: the partition is taken off and guarded. DROP_ASKED: one administrator wants it
    -- dropped. DROP_APPROVED: another agrees, and a job does it. DROPPED: the file alone has it.
    state text not null check (state in ('EXPORTED', 'DETACHED', 'DROP_ASKED', 'DROP_APPROVED', 'DROPPED')),
    event_count bigint not null check (event_count >= 0),
    first_seq bigint,
    last_seq bigint check (last_seq >= first_seq),
    first_hash bytea check (length(first_hash) = 32),
    last_hash bytea check (length(last_hash) = 32),
    -- SHA-256 over the hashes of all events, in the order of seq.
    hashes_sha256 bytea not null check (length(hashes_sha256) = 32),
    -- The head of the chain of seals when the file was written.
    chain_head bytea not null check (length(chain_head) = 32),
    storage_key text not null unique,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 bytea not null check (length(sha256) = 32),
    -- Jobs are forgotten sooner.
    created_by_job uuid not null,
    created_at timestamptz not null,
    detached_at timestamptz check (detached_at >= created_at),
    drop_asked_by uuid references users,
    drop_asked_at timestamptz check (drop_asked_at >= detached_at),
    drop_reason text check (length(btrim(drop_reason)) between 10 and 500),
    approved_by uuid references users,
    approved_at timestamptz check (approved_at >= drop_asked_at),
    dropped_at timestamptz check (dropped_at >= approved_at),
    check ((event_count = 0) = (first_seq is null)),
    check (num_nulls(first_seq, last_seq, first_hash, last_hash) in (0, 4)),
    check ((detached_at is null) = (state = 'EXPORTED')),
    check (num_nulls(drop_asked_by, drop_asked_at, drop_reason) in (0, 3)),
    check (num_nulls(approved_by, approved_at) in (0, 2)),
    check ((drop_asked_at is not null) = (state in ('DROP_ASKED', 'DROP_APPROVED', 'DROPPED'))),
    check ((approved_at is not null) = (state in ('DROP_APPROVED', 'DROPPED'))),
    check ((dropped_at is not null) = (state = 'DROPPED')),
    -- Two people.
    constraint archive_manifests_second_person check (approved_by <> drop_asked_by)
);
create index archive_manifests_asked_by on audit.archive_manifests (drop_asked_by) where drop_asked_by is not null;
create index archive_manifests_approved_by on audit.archive_manifests (approved_by) where approved_by is not null;

-- Of seals that cover events of two years: the hashes of those that are archived, so that the root of the seal can still be computed.
create table audit.archived_hashes (
    seq bigint primary key,
    occurred_at timestamptz not null,
    seal_number bigint not null references audit.seals,
    row_hash bytea not null check (length(row_hash) = 32)
);
create index archived_hashes_seal on audit.archived_hashes (seal_number);
call app.make_append_only('audit.archived_hashes');
grant select on audit.archived_hashes to jebena_worker, jebena_auditor, jebena_admin;

-- What a manifest says of the file and what is in it stays as it was written, and its state takes its steps only.
create function audit.keep_manifest() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a manifest stays' using errcode = 'insufficient_privilege';
    end if;
    if (new.manifest_id, new.partition, new.from_at, new.until_at, new.event_count, new.first_seq, new.last_seq, new.first_hash,
            new.last_hash, new.hashes_sha256, new.chain_head, new.storage_key, new.size_bytes, new.sha256, new.created_by_job,
            new.created_at)
        is distinct from (old.manifest_id, old.partition, old.from_at, old.until_at, old.event_count, old.first_seq, old.last_seq,
            old.first_hash, old.last_hash, old.hashes_sha256, old.chain_head, old.storage_key, old.size_bytes, old.sha256,
            old.created_by_job, old.created_at)
        or (old.detached_at is not null and new.detached_at is distinct from old.detached_at)
        or (old.state, new.state) not in (('EXPORTED', 'DETACHED'), ('DETACHED', 'DROP_ASKED'), ('DROP_ASKED', 'DETACHED'),
            ('DROP_ASKED', 'DROP_APPROVED'), ('DROP_APPROVED', 'DETACHED'), ('DROP_APPROVED', 'DROPPED')) then
        raise exception 'a manifest stays as it was written' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger kept before update or delete on audit.archive_manifests for each row execute function audit.keep_manifest();
alter table audit.archive_manifests enable always trigger kept;

alter table audit.archive_manifests enable row level security;
alter table audit.archive_manifests force row level security;
create policy class_select on audit.archive_manifests for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy worker_insert on audit.archive_manifests for insert to jebena_worker with check (state = 'EXPORTED');
create policy worker_update on audit.archive_manifests for update to jebena_worker
    using (state in ('EXPORTED', 'DROP_APPROVED')) with check (state in ('DETACHED', 'DROPPED'));
-- One asks, as themselves; another agrees, as themselves; either takes it back.
create policy admin_update on audit.archive_manifests for update to jebena_admin
    using (state in ('DETACHED', 'DROP_ASKED'))
    with check (state = 'DETACHED' or (state = 'DROP_ASKED' and drop_asked_by = (select app.person()))
                or (state = 'DROP_APPROVED' and approved_by = (select app.person())));
-- The functions below, which alone may take off and drop, look at it as the owner of the partitions.
create policy owner_select on audit.archive_manifests for select to jebena_owner using (true);
grant select on audit.archive_manifests to jebena_auditor, jebena_admin, jebena_worker;
grant insert, update (state, detached_at, drop_asked_by, drop_asked_at, drop_reason, approved_by, approved_at, dropped_at)
    on audit.archive_manifests to jebena_worker;
grant update (state, drop_asked_by, drop_asked_at, drop_reason, approved_by, approved_at) on audit.archive_manifests to jebena_admin;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('audit.archive_manifests', 'drop_asked_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{partition,drop_asked_at,drop_reason}', 'KEEP'),
    ('audit.archive_manifests', 'approved_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7', '{partition,approved_at}', 'KEEP');
create policy own_data_select on audit.archive_manifests for select to jebena_privacy
    using (drop_asked_by = (select app.person()) or approved_by = (select app.person()));
grant select (partition, drop_asked_by, drop_asked_at, drop_reason, approved_by, approved_at)
    on audit.archive_manifests to jebena_privacy;

-- The canonical text of an event: what its hash is of. Whoever has the text and SHA-256 can check it.
create function audit.text_of(event audit.events) returns text language sql stable
    return jsonb_build_array(
        event.seq, event.event_id, (extract(epoch from event.occurred_at) * 1000000)::bigint, event.actor_id,
        event.organization_id, event.event_type, event.entity_type, event.entity_id, event.severity,
        event.compliance_relevant, event.details, event.request_id,
        encode(event.private_commitment, 'hex'))::text;
revoke all on function audit.text_of(audit.events) from public;
grant execute on function audit.text_of(audit.events) to jebena_worker;

-- Whether events that somebody has asked to keep stand in a year, attached or not.
create function audit.is_held(name text) returns boolean language plpgsql stable security definer set search_path = pg_catalog as $$
declare
    h record;
    found_one boolean;
begin
    if to_regclass(format('audit.%I', name)) is null then
        return false;
    end if;
    for h in select * from app.active_holds() loop
        execute format('select exists (select from audit.%I e where e.entity_id = $1 or e.actor_id = $1 or e.organization_id = $1
                                       or $2 = ''EXPORT'' and e.details ->> ''export_id'' = $1::text)', name)
            into found_one using h.subject_id, h.subject_kind;
        if found_one then
            return true;
        end if;
    end loop;
    return false;
end
$$;

-- The guard first, then the partition is taken off. A partition loses the parent's triggers with its parent.
create function audit.detach_archived(name text) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare
    m audit.archive_manifests;
    counted bigint;
    first bigint;
    last bigint;
begin
    select * into strict m from audit.archive_manifests x where x.partition = name and x.state = 'EXPORTED';
    if audit.is_held(name) then
        raise exception 'events of % are held', name using errcode = 'object_in_use';
    end if;
    execute format('select count(*), min(seq), max(seq) from audit.%I', name) into counted, first, last;
    if (counted, first, last) is distinct from (m.event_count, m.first_seq, m.last_seq) then
        raise exception 'the file of % has not its events', name using errcode = 'data_exception';
    end if;
    execute format('create trigger archived_rows before insert or update or delete on audit.%I
                    for each row execute function app.refuse_change()', name);
    execute format('alter table audit.%I enable always trigger archived_rows', name);
    execute format('insert into audit.archived_hashes (seq, occurred_at, seal_number, row_hash)
                    select e.seq, e.occurred_at, s.seal_number, e.row_hash
                    from audit.%1$I e join audit.sealed s on s.seq = e.seq
                    where s.seal_number in (
                        select x.seal_number from audit.%1$I y join audit.sealed x on x.seq = y.seq
                        join audit.seals z on z.seal_number = x.seal_number
                        group by x.seal_number, z.event_count having count(*) < z.event_count)', name);
    execute format('alter table audit.events detach partition audit.%I', name);
    -- It is nobody's to read: the file is.
    execute format('alter table audit.%I enable row level security', name);
    execute format('alter table audit.%I force row level security', name);
    execute format('create policy owner_select on audit.%I for select to jebena_owner using (true)', name);
end
$$;

-- Drops what was taken off, when two people have agreed and the file was read a moment ago and has this fingerprint.
create function audit.drop_archived(name text, file_sha256 bytea) returns void language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    m audit.archive_manifests;
    counted bigint;
begin
    select * into strict m from audit.archive_manifests x where x.partition = name;
    if m.state <> 'DROP_APPROVED' or m.approved_by = m.drop_asked_by then
        raise exception 'nobody has agreed that % is dropped', name using errcode = 'insufficient_privilege';
    end if;
    if m.sha256 <> file_sha256 then
        raise exception 'the file of % is not the one that was written', name using errcode = 'data_exception';
    end if;
    if audit.is_held(name) then
        raise exception 'events of % are held', name using errcode = 'object_in_use';
    end if;
    execute format('select count(*) from audit.%I', name) into counted;
    if counted <> m.event_count then
        raise exception '% has not the events of its file', name using errcode = 'data_exception';
    end if;
    execute format('drop table audit.%I', name);
end
$$;

-- Partitions are made before their year begins; one without a partition would refuse every act.
create function audit.prepare_years(until int) returns int language plpgsql security definer set search_path = pg_catalog as $$
declare
    made int := 0;
    last int;
begin
    select max(right(c.relname, 4)::int) into last from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit.events'::regclass;
    for year in last + 1 .. least(until, last + 10) loop
        call audit.add_year(year);
        made := made + 1;
    end loop;
    return made;
end
$$;
revoke all on function audit.keep_manifest(), audit.is_held(text), audit.detach_archived(text), audit.drop_archived(text, bytea),
    audit.prepare_years(int) from public;
grant execute on function audit.is_held(text) to jebena_worker, jebena_admin, jebena_auditor;
grant execute on function audit.detach_archived(text), audit.drop_archived(text, bytea), audit.prepare_years(int) to jebena_worker;

alter table job_schedules no force row level security;
insert into job_schedules (kind, every_seconds, next_run_at) values ('ARCHIVE_AUDIT', 86400, 'epoch');
alter table job_schedules force row level security;

-- Who runs the system reads of archives in the record.
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive');
