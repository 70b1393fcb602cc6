-- Roles that the migrations of the secure database rest on; everything here can be run again.
do $$
begin
    if not exists (select from pg_roles where rolname = 'jebena_secure_owner') then
        create role jebena_secure_owner nologin nosuperuser nocreatedb nocreaterole nobypassrls;
    end if;
    if not exists (select from pg_roles where rolname = 'jebena_signer') then
        create role jebena_signer login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
    end if;
exception
    -- Two databases of one cluster may be set up at the same moment; the roles are theirs in common.
    when duplicate_object or unique_violation then null;
end
$$;

do $$
begin
    if current_setting('server_version_num')::int < 160000 then
        if not pg_has_role('jebena_secure_owner', 'member') then
            grant jebena_secure_owner to current_user;
        end if;
    elsif not (pg_has_role('jebena_secure_owner', 'usage') and pg_has_role('jebena_secure_owner', 'set')) then
        -- PostgreSQL 15 does not read this statement, so it is text.
        execute 'grant jebena_secure_owner to current_user with inherit true, set true';
    end if;
    -- The product's own login stays outside: it cannot even connect.
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to jebena_signer', current_database());
    execute format('grant create on database %I to jebena_secure_owner', current_database());
end
$$;

alter schema public owner to jebena_secure_owner;
set role jebena_secure_owner;
revoke all on schema public from public;
reset role;
