-- Passkeys: keys that a person's device holds, and that answer where a code would be typed (Web Authentication, Level 3). They
-- stand beside the digits of a phone, never in their place: who has a passkey has a confirmed second factor too.
create table passkeys (
    passkey_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- As the device names it; unique in the world, so that no two people show the same one.
    credential_id bytea not null unique check (length(credential_id) between 16 and 1023),
    -- The public key with its counter, as the library keeps it. Nothing of it is secret.
    credential jsonb not null check (jsonb_typeof(credential) = 'object'),
    name text not null check (length(btrim(name)) between 1 and 60),
    made_at timestamptz not null,
    last_used_at timestamptz check (last_used_at >= made_at),
    constraint passkeys_name unique (user_id, name)
);

-- What a device was asked to sign. Each is answered once, within five minutes.
create table passkey_challenges (
    challenge_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    -- To make a passkey, or to prove with one.
    purpose text not null check (purpose in ('MAKE', 'PROVE')),
    state jsonb not null check (jsonb_typeof(state) = 'object'),
    asked_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > asked_at)
);
create index passkey_challenges_user on passkey_challenges (user_id, asked_at);
create index passkey_challenges_expiry on passkey_challenges (expires_at);

do $$
declare
    relation text;
begin
    foreach relation in array array['passkeys', 'passkey_challenges'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy gate_all on %I for all to jebena_gate using (true) with check (true)', relation);
        execute format('create policy own_data_select on %I for select to jebena_privacy using (user_id = (select app.person()))',
            relation);
        -- Whoever leaves takes them along.
        execute format('create policy erasure_delete on %I for delete to jebena_definer using (true)', relation);
        execute format('create policy erasure_select on %I for select to jebena_definer using (true)', relation);
        execute format('grant select (user_id), delete on %I to jebena_definer', relation);
    end loop;
end
$$;
grant select, insert, update (credential, last_used_at), delete on passkeys to jebena_gate;
grant select (passkey_id, user_id, name, made_at, last_used_at) on passkeys to jebena_privacy;
grant select, insert, delete on passkey_challenges to jebena_gate;
grant select (user_id, purpose, asked_at, expires_at) on passkey_challenges to jebena_privacy;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('passkeys', 'user_id', 'SECURITY', 'SERVICE', 'WITH_ACCOUNT', '{passkey_id,name,made_at,last_used_at}', 'DELETE'),
    ('passkey_challenges', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'HOURS_12', '{purpose,asked_at,expires_at}', 'DELETE');

alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'PASSKEY_ADDED', 'PASSKEY_REMOVED', 'DATA_COPY',
        'ROLE_DELEGATED', 'ERASURE_ASKED', 'ERASURE_CONFIRMED', 'ERASURE_REFUSED', 'ERASURE_DONE', 'NOTIFICATION',
        'NOTIFICATION_DIGEST'));
