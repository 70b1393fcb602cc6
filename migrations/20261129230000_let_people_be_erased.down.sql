alter table mails no force row level security;
alter table erasures no force row level security;
do $$
begin
    if exists (select from mails where kind like 'ERASURE%' and status = 'WAITING') then
        raise exception 'mails wait to be sent';
    end if;
    -- The ledger is what a restore is replayed from.
    if exists (select from erasures) then
        raise exception 'people have asked to be erased';
    end if;
end
$$;
delete from mails where kind like 'ERASURE%';
alter table mails force row level security;
drop policy own_erasure_insert on mails;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY', 'ROLE_DELEGATED'));
alter table jobs no force row level security;
alter table job_schedules no force row level security;
delete from jobs where kind = 'ERASE_PEOPLE';
delete from job_schedules where kind = 'ERASE_PEOPLE';
alter table jobs force row level security;
alter table job_schedules force row level security;
set role jebena_definer;
drop function app.forget_origins(timestamptz, int);
drop function app.erase_person(uuid, timestamptz);
drop function app.has_address();
drop function app.erasure_refusal(uuid);
set role jebena_owner;
do $$
declare
    r record;
begin
    for r in select source, person_column from processing_register
             where on_erasure = 'DELETE' and source <> 'audit.event_private' loop
        execute format('drop policy erasure_delete on %I', r.source);
        execute format('drop policy erasure_select on %I', r.source);
        execute format('revoke delete on %I from jebena_definer', r.source);
        if r.source not in ('user_roles', 'user_sessions', 'idempotency_keys') then
            execute format('revoke select (%I) on %I from jebena_definer', r.person_column, r.source);
        end if;
    end loop;
end
$$;
drop policy definer_all on caught_mails;
revoke select (mail_id, recipient), delete on caught_mails from jebena_definer;
drop policy definer_update on jobs;
drop policy definer_select on jobs;
revoke select (job_id, requested_by), update (requested_by) on jobs from jebena_definer;
revoke update (full_name, email) on invitations from jebena_definer;
drop policy definer_update on users;
revoke select (email_verified_at), update (username, email, email_verified_at, password_hash, full_name, language,
    shortcuts_enabled, is_active, last_login, updated_at) on users from jebena_definer;
drop policy definer_all on audit.event_private;
revoke select, delete, update (payload) on audit.event_private from jebena_definer;
drop policy definer_select on audit.events;
revoke select (event_id, actor_id, entity_id) on audit.events from jebena_definer;
revoke usage on schema audit from jebena_definer;
revoke select (source, person_column, on_erasure) on processing_register from jebena_definer;
delete from processing_register where source = 'erasures';
drop table erasures;
alter table processing_register drop column on_erasure;
update processing_register set legal_basis = 'SERVICE', kept = 'WITH_ACCOUNT'
where source = 'user_roles' and person_column = 'user_id';
