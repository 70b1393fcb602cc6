-- What devices and mailboxes were asked goes in its time, as everything else does.
insert into retention_policies (class, place, source, method, kept, legal_basis, runs, age_column, person_column) values
    ('PASSKEY_QUESTIONS', 35, 'passkey_challenges', 'DELETE', '0', 'LEGITIMATE_INTEREST', 'OFTEN', 'expires_at', 'user_id'),
    ('EMAIL_CONFIRMATIONS', 135, 'email_confirmations', 'DELETE', '30 days', 'LEGITIMATE_INTEREST', 'DAILY', 'asked_at', 'user_id');
grant select, delete on passkey_challenges, email_confirmations to jebena_definer;
create policy retention_select on passkey_challenges for select to jebena_definer using (true);
create policy retention_delete on passkey_challenges for delete to jebena_definer using (true);
create policy retention_select on email_confirmations for select to jebena_definer using (true);
create policy retention_delete on email_confirmations for delete to jebena_definer using (true);
