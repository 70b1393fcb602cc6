alter table mails no force row level security;
do $$
begin
    if exists (select from mails where kind = 'DATA_COPY' and status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
end
$$;
delete from mails where kind = 'DATA_COPY';
alter table mails force row level security;
revoke insert on mails from jebena_worker;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED'));
drop function app.own_rows(text, text);
do $$
declare
    r record;
begin
    for r in select distinct source from processing_register loop
        execute format('drop policy own_data_select on %s', r.source);
        execute format('revoke select on %s from jebena_privacy', r.source);
    end loop;
    for r in select source, told || person_column as columns from processing_register loop
        execute format('revoke select (%s) on %s from jebena_privacy',
            (select string_agg(distinct quote_ident(c), ', ') from unnest(r.columns) c), r.source);
    end loop;
end
$$;
revoke select (document_path) on export_documents from jebena_privacy;
revoke select (storage_key) on preregistration_documents from jebena_privacy;
revoke usage on schema public, audit from jebena_privacy;
drop table personal_data_copies;
drop table processing_register;
