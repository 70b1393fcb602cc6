set role jebena_definer;
-- What was given out of the paper with this code, for anybody who has something that looks like it: its seal, its credential, and
-- every file there ever was, also one that the store has lost since.
create function gate.find_given_out(code text)
returns table (cose bytea, credential text, file_sizes bigint[], file_hashes bytea[])
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select s.cose, s.credential,
           coalesce(array_agg(f.size_bytes order by f.version) filter (where f.version is not null), '{}'),
           coalesce(array_agg(f.sha256 order by f.version) filter (where f.version is not null), '{}')
    from public.issued_papers p
    join public.paper_seals s on s.paper_id = p.paper_id
    left join public.paper_files f on f.paper_id = p.paper_id
    where p.verify_code = code
    group by s.paper_id, s.cose, s.credential;
end
$$;
revoke all on function gate.find_given_out(text) from public;
grant execute on function gate.find_given_out(text) to jebena_public;
set role jebena_owner;
