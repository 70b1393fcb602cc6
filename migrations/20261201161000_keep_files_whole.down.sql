do $$
begin
    alter table paper_files no force row level security;
    if exists (select from paper_files where version > 1) then
        raise exception 'there are files that were made again';
    end if;
    alter table paper_files force row level security;
end
$$;

drop table file_checks;

set role jebena_definer;
drop function gate.find_proof(text);
create function gate.find_proof(code text)
returns table (paper_id uuid, number text, cose bytea, credential text, storage_key text)
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select p.paper_id, p.number, s.cose, s.credential, f.storage_key
    from public.issued_papers p
    left join public.paper_seals s on s.paper_id = p.paper_id
    left join public.paper_files f on f.paper_id = p.paper_id
    where p.verify_code = code;
end
$$;
revoke all on function gate.find_proof(text) from public;
grant execute on function gate.find_proof(text) to jebena_public;
set role jebena_owner;

alter table paper_files drop constraint paper_files_pkey, drop constraint paper_files_again, drop reason, drop version,
    add primary key (paper_id);
