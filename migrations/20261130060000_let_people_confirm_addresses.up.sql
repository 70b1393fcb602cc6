-- An address is a person's when a mail that went there has come back: asked for at registration, and whenever somebody wants to
-- be written to elsewhere. Until then nothing is sent there but the question.
create table email_confirmations (
    -- The key of the form that asked: sent twice, it asks once.
    confirmation_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    email text not null check (email = lower(email) and email like '_%@_%._%' and length(email) <= 254),
    -- Where its person was written to until it was confirmed, and is told so.
    replaced_email text check (replaced_email <> email),
    -- Set when the link is mailed.
    token_hash bytea unique check (length(token_hash) = 32),
    asked_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > asked_at),
    used_at timestamptz check (used_at >= asked_at),
    -- The key of the form that confirmed it: sent twice, it has done so.
    used_by_form uuid,
    check (used_at is null or token_hash is not null),
    check ((used_at is null) = (used_by_form is null)),
    check (replaced_email is null or used_at is not null)
);
create index email_confirmations_user on email_confirmations (user_id, asked_at desc);
create index email_confirmations_age on email_confirmations (asked_at);
alter table email_confirmations enable row level security;
alter table email_confirmations force row level security;
create policy gate_all on email_confirmations for all to jebena_gate using (true) with check (true);
create policy worker_select on email_confirmations for select to jebena_worker using (true);
create policy worker_update on email_confirmations for update to jebena_worker using (true) with check (true);
create policy own_data_select on email_confirmations for select to jebena_privacy using (user_id = (select app.person()));
create policy erasure_delete on email_confirmations for delete to jebena_definer using (true);
create policy erasure_select on email_confirmations for select to jebena_definer using (true);
grant select, insert, update (replaced_email, used_at, used_by_form) on email_confirmations to jebena_gate;
grant select, update (token_hash) on email_confirmations to jebena_worker;
grant select (confirmation_id, user_id, email, replaced_email, asked_at, expires_at, used_at) on email_confirmations to jebena_privacy;
grant select (user_id), delete on email_confirmations to jebena_definer;

grant update (email, email_verified_at) on users to jebena_gate;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('email_confirmations', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'DAYS_30',
        '{confirmation_id,email,replaced_email,asked_at,expires_at,used_at}', 'DELETE');

alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'EMAIL_CONFIRMATION',
        'EMAIL_REPLACED', 'SECOND_FACTOR_SET', 'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED',
        'PASSKEY_ADDED', 'PASSKEY_REMOVED', 'DATA_COPY', 'ROLE_DELEGATED', 'ERASURE_ASKED', 'ERASURE_CONFIRMED',
        'ERASURE_REFUSED', 'ERASURE_DONE', 'NOTIFICATION', 'NOTIFICATION_DIGEST'));
