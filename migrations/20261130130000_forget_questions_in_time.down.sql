delete from retention_runs where class in ('PASSKEY_QUESTIONS', 'EMAIL_CONFIRMATIONS');
delete from retention_policies where class in ('PASSKEY_QUESTIONS', 'EMAIL_CONFIRMATIONS');
drop policy retention_select on passkey_challenges;
drop policy retention_delete on passkey_challenges;
drop policy retention_select on email_confirmations;
drop policy retention_delete on email_confirmations;
-- What it had of these before; a revocation takes the columns along.
revoke select, delete on passkey_challenges, email_confirmations from jebena_definer;
grant select (user_id), delete on passkey_challenges, email_confirmations to jebena_definer;
