-- Whoever has a second factor would be let in by the password alone.
alter table second_factors no force row level security;
alter table mails no force row level security;
do $$
begin
    if exists (select from second_factors where confirmed_at is not null) then
        raise exception 'people have second factors';
    end if;
end
$$;
delete from mails where kind in ('SECOND_FACTOR_SET', 'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED');
alter table mails force row level security;
alter table mails drop constraint mails_kind_check, add constraint mails_kind_check
    check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED'));
drop table pending_sign_ins, recovery_codes, second_factors;
drop function app.keep_codes_used(), app.keep_recovery_codes_used();
