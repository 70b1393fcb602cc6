alter table jobs no force row level security;
alter table job_schedules no force row level security;
delete from jobs where kind = 'APPLY_RETENTION';
delete from job_schedules where kind = 'APPLY_RETENTION';
insert into job_schedules (kind, every_seconds, next_run_at) values ('FORGET_TRACES', 600, 'epoch');
alter table jobs force row level security;
alter table job_schedules force row level security;

grant create on schema app to jebena_definer;
set role jebena_definer;
drop function app.apply_retention(text, timestamptz, int);
drop function app.count_retention(text, timestamptz);
drop function app.retention_source(public.retention_policies);
drop function app.retention_condition(public.retention_policies, timestamptz);
create function app.forget_origins(before timestamptz, most int) returns bigint language plpgsql security definer
    set search_path = pg_catalog as $$
declare
    origin constant text[] := '{ip_address,user_agent,session_id}';
    ids uuid[];
begin
    ids := array(select p.event_id from audit.event_private p
                 where p.occurred_at < before and p.payload ?| origin order by p.occurred_at limit most);
    delete from audit.event_private p where p.event_id = any (ids) and p.payload - origin = '{}';
    update audit.event_private p set payload = p.payload - origin where p.event_id = any (ids);
    return cardinality(ids);
end
$$;
revoke all on function app.forget_origins(timestamptz, int) from public;
grant execute on function app.forget_origins(timestamptz, int) to jebena_worker;
set role jebena_owner;
revoke create on schema app from jebena_definer;

drop index outbox_delivered;
drop index invitations_unused;
do $$
declare
    r record;
begin
    for r in select source, bool_or(method = 'DELETE') as deletes, bool_or(method = 'CLEAR') as clears
             from retention_policies
             where method in ('DELETE', 'CLEAR') and source not in ('audit.event_private', 'retention_runs') group by source loop
        execute format('drop policy retention_select on %I', r.source);
        if r.deletes then
            execute format('drop policy retention_delete on %I', r.source);
            if r.source <> 'invitations' then
                execute format('grant delete on %I to jebena_worker', r.source);
            end if;
        end if;
        if r.clears then
            execute format('drop policy retention_update on %I', r.source);
        end if;
    end loop;
end
$$;
revoke update (storage_key) on personal_data_copies from jebena_definer;
revoke update (farewell_to) on erasures from jebena_definer;
revoke select, delete on sign_in_attempts, request_counts, outbox, security_activity, mails from jebena_definer;
revoke delete on jobs, invitations from jebena_definer;
-- What it had of these before; a revocation takes the columns along.
revoke select on erasures, jobs, notifications, known_devices, password_resets, pending_sign_ins, personal_data_copies
    from jebena_definer;
grant select (job_id, requested_by) on jobs to jebena_definer;
grant select (user_id, read_at, in_app) on notifications to jebena_definer;
grant select (user_id) on known_devices, password_resets, pending_sign_ins, personal_data_copies to jebena_definer;

delete from processing_register where source = 'retention_runs';
alter table processing_register drop constraint processing_register_kept_check,
    add constraint processing_register_kept_check
        check (kept in ('WITH_ACCOUNT', 'HOURS_12', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'YEARS_7'));
drop table retention_runs;
drop table retention_policies;
