-- The second factor of a person: a secret that their phone shares with us, of which both make the same six digits every thirty
-- seconds. It is kept sealed (AES-256-GCM) under a key that is not in the database.
create table second_factors (
    factor_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- A nonce of 12 bytes, the secret of 20, a tag of 16. The tag also covers whose it is: moved to another row, it opens nothing.
    sealed_secret bytea not null check (length(sealed_secret) = 48),
    -- The session that began it, which alone is shown the secret; see user_sessions.reference.
    begun_in uuid not null,
    begun_at timestamptz not null,
    confirmed_at timestamptz check (confirmed_at >= begun_at),
    -- The thirty seconds of the last code that was taken: none of them and none before is taken again.
    last_used_step bigint check (last_used_step >= 0),
    check ((confirmed_at is null) = (last_used_step is null))
);
create unique index second_factors_confirmed on second_factors (user_id) where confirmed_at is not null;
create unique index second_factors_begun on second_factors (user_id) where confirmed_at is null;

-- For the day on which the phone is lost. They hold 66 random bits each, so that a fast hash keeps them: nobody tries out so many.
create table recovery_codes (
    factor_id uuid not null references second_factors on delete cascade,
    code_hash bytea not null check (length(code_hash) = 32),
    made_at timestamptz not null,
    used_at timestamptz check (used_at >= made_at),
    primary key (factor_id, code_hash)
);

-- Who has given the right password and not yet a code: no session, and no way to anything but the page that asks for the code.
create table pending_sign_ins (
    token_hash bytea primary key check (length(token_hash) = 32),
    user_id uuid not null references users on delete cascade,
    device_hash bytea not null check (length(device_hash) = 32),
    device_is_known boolean not null,
    -- Of codes; with the third it is thrown away.
    failures smallint not null default 0 check (failures between 0 and 2),
    begun_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > begun_at)
);
create index pending_sign_ins_user on pending_sign_ins (user_id);
create index pending_sign_ins_expiry on pending_sign_ins (expires_at);

-- What was used stays used, whoever writes.
create function app.keep_codes_used() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    if old.last_used_step is not null and (new.last_used_step is null or new.last_used_step <= old.last_used_step) then
        raise exception 'a code works once' using errcode = 'P0001';
    end if;
    return new;
end
$$;
create trigger once before update on second_factors for each row execute function app.keep_codes_used();
create function app.keep_recovery_codes_used() returns trigger language plpgsql set search_path = pg_catalog
as $$
begin
    if old.used_at is not null then
        raise exception 'a recovery code works once' using errcode = 'P0001';
    end if;
    return new;
end
$$;
create trigger once before update on recovery_codes for each row execute function app.keep_recovery_codes_used();

alter table second_factors enable row level security;
alter table second_factors force row level security;
create policy gate_all on second_factors for all to jebena_gate using (true) with check (true);
create policy worker_select on second_factors for select to jebena_worker using (true);
grant select, insert, update (confirmed_at, last_used_step), delete on second_factors to jebena_gate;
grant select (factor_id, user_id, confirmed_at) on second_factors to jebena_worker;

alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy gate_all on recovery_codes for all to jebena_gate using (true) with check (true);
create policy worker_select on recovery_codes for select to jebena_worker using (true);
grant select, insert, update (used_at), delete on recovery_codes to jebena_gate;
grant select (factor_id, used_at) on recovery_codes to jebena_worker;

alter table pending_sign_ins enable row level security;
alter table pending_sign_ins force row level security;
create policy gate_all on pending_sign_ins for all to jebena_gate using (true) with check (true);
create policy worker_select on pending_sign_ins for select to jebena_worker using (true);
create policy worker_delete on pending_sign_ins for delete to jebena_worker using (true);
grant select, insert, update (failures), delete on pending_sign_ins to jebena_gate;
grant select (expires_at), delete on pending_sign_ins to jebena_worker;

-- Whoever has not done it learns that the second factor is another, or that a recovery code was used.
alter table mails drop constraint mails_kind_check, add constraint mails_kind_check check (kind in ('INVITATION',
    'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET', 'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED'));
