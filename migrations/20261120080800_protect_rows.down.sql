set role jebena_definer;
drop function gate.find_paper(text, date);
drop function gate.person_name(uuid);
drop function gate.find_session(bytea, timestamptz, interval);
set role jebena_owner;
do $$
declare
    policy record;
begin
    for policy in select schemaname, tablename, policyname from pg_policies where schemaname in ('public', 'audit') loop
        execute format('drop policy %I on %I.%I', policy.policyname, policy.schemaname, policy.tablename);
    end loop;
    for policy in select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where n.nspname in ('public', 'audit') and c.relrowsecurity loop
        execute format('alter table %I.%I disable row level security', policy.nspname, policy.relname);
        execute format('alter table %I.%I no force row level security', policy.nspname, policy.relname);
    end loop;
end
$$;
revoke all on all tables in schema public, audit from jebena_app, jebena_gate, jebena_party, jebena_regulator,
    jebena_auditor, jebena_admin, jebena_worker, jebena_system, jebena_definer, jebena_public;
