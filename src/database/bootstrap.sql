-- Roles and schemas that the migrations rest on. Run by `jebena migrate` on every start, as a superuser or,
-- as on a managed server, as the owner of the database who may create roles; everything here can be run again.
--
-- The server signs in as jebena_app, which owns nothing, inherits nothing and sees nothing. Each
-- transaction takes exactly one of the classes below; row-level security speaks of the classes.
do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'jebena_owner',      -- owns every table; member of nothing, so that no policy widens its view
        'jebena_definer',    -- owns the few SECURITY DEFINER functions of schema gate
        'jebena_gate',       -- sign-in and sessions
        'jebena_party',      -- exporters, banks, shipping lines, ECX: their own cases
        'jebena_regulator',  -- NBE, ECTA, customs: every case, writes only in their own queue
        'jebena_auditor',    -- reads everything, writes nothing but the record of having read
        'jebena_admin',      -- people, announcements, parameters; no business case
        'jebena_worker',     -- background work: outbox, sealing, expiry, reconciliation
        'jebena_system',     -- effects of a decision beyond the decider's own rows (balances, numbers)
        'jebena_public',     -- a stranger with a code: the verification page
        'jebena_privacy'     -- a person's own data, column by column, for the copy that they ask for
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin nosuperuser nocreatedb nocreaterole nobypassrls', role_name);
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'jebena_app') then
        create role jebena_app login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
    end if;
exception
    -- Two databases of one cluster may be set up at the same moment; the roles are theirs in common.
    when duplicate_object or unique_violation then null;
end
$$;

do $$
declare
    role_name text;
begin
    foreach role_name in array array['jebena_gate', 'jebena_party', 'jebena_regulator', 'jebena_auditor',
            'jebena_admin', 'jebena_worker', 'jebena_system', 'jebena_public', 'jebena_privacy'] loop
        -- Asked first: who did not create the roles may run this again and not grant them.
        if not pg_has_role('jebena_app', role_name, 'member') then
            execute format('grant %I to jebena_app', role_name);
        end if;
    end loop;
    -- Who gives a schema away has to be a member of its new owner, and a superuser is of every role. Since
    -- PostgreSQL 16 membership alone is not enough: a creator has ADMIN OPTION at first, and grants itself the rest.
    foreach role_name in array array['jebena_owner', 'jebena_definer'] loop
        if current_setting('server_version_num')::int < 160000 then
            if not pg_has_role(role_name, 'member') then
                execute format('grant %I to current_user', role_name);
            end if;
        elsif not (pg_has_role(role_name, 'usage') and pg_has_role(role_name, 'set')) then
            execute format('grant %I to current_user with inherit true, set true', role_name);
        end if;
    end loop;
end
$$;

do $$
begin
    execute format('grant connect, temporary on database %I to jebena_app', current_database());
    -- Schemas can only be given to who may create them.
    execute format('grant create on database %I to jebena_owner, jebena_definer', current_database());
    execute format('revoke all on database %I from public', current_database());
end
$$;

create schema if not exists app authorization jebena_owner;
create schema if not exists audit authorization jebena_owner;
create schema if not exists gate authorization jebena_definer;
alter schema public owner to jebena_owner;
-- As its owner, whose rights a login that inherits nothing does not have.
set role jebena_owner;
revoke all on schema public from public;
grant usage on schema public to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system, jebena_definer, jebena_app;
reset role;
