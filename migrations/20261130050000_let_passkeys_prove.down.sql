delete from processing_register where source in ('passkeys', 'passkey_challenges');
drop table passkeys, passkey_challenges;
alter table mails no force row level security;
do $$
begin
    if exists (select from mails where kind in ('PASSKEY_ADDED', 'PASSKEY_REMOVED') and status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
end
$$;
delete from mails where kind in ('PASSKEY_ADDED', 'PASSKEY_REMOVED');
alter table mails force row level security;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY', 'ROLE_DELEGATED',
        'ERASURE_ASKED', 'ERASURE_CONFIRMED', 'ERASURE_REFUSED', 'ERASURE_DONE', 'NOTIFICATION', 'NOTIFICATION_DIGEST'));
