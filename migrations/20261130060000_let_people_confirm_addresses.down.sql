delete from processing_register where source = 'email_confirmations';
revoke update (email, email_verified_at) on users from jebena_gate;
drop table email_confirmations;
alter table mails no force row level security;
do $$
begin
    if exists (select from mails where kind in ('EMAIL_CONFIRMATION', 'EMAIL_REPLACED') and status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
end
$$;
delete from mails where kind in ('EMAIL_CONFIRMATION', 'EMAIL_REPLACED');
alter table mails force row level security;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'PASSKEY_ADDED', 'PASSKEY_REMOVED', 'DATA_COPY',
        'ROLE_DELEGATED', 'ERASURE_ASKED', 'ERASURE_CONFIRMED', 'ERASURE_REFUSED', 'ERASURE_DONE', 'NOTIFICATION',
        'NOTIFICATION_DIGEST'));
