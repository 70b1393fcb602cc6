-- A signed file that the store has lost or damaged is made again from the paper's seal. The row of the one before stays, and with it
-- what is left of the file.
alter table paper_files
    add version integer not null default 1 check (version > 0),
    -- Why it was made again.
    add reason text check (reason in ('LOST', 'DAMAGED')),
    add constraint paper_files_again check ((version > 1) = (reason is not null)),
    drop constraint paper_files_pkey,
    add primary key (paper_id, version);
alter table paper_files alter version drop default;

set role jebena_definer;
drop function gate.find_proof(text);
-- What proves the paper with this code, for anybody who has it: of its files the last.
create function gate.find_proof(code text)
returns table (paper_id uuid, number text, cose bytea, credential text, storage_key text, sha256 bytea)
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    return query
    select p.paper_id, p.number, s.cose, s.credential, f.storage_key, f.sha256
    from public.issued_papers p
    left join public.paper_seals s on s.paper_id = p.paper_id
    left join lateral (select x.storage_key, x.sha256 from public.paper_files x
                       where x.paper_id = p.paper_id order by x.version desc limit 1) f on true
    where p.verify_code = code;
end
$$;
revoke all on function gate.find_proof(text) from public;
grant execute on function gate.find_proof(text) to jebena_public;
set role jebena_owner;

-- Up to which file the store was compared with what its row says; the nil id where it begins anew.
create table file_checks (
    one boolean primary key default true check (one),
    last_id uuid not null
);
insert into file_checks (last_id) values ('00000000-0000-0000-0000-000000000000');
alter table file_checks enable row level security;
alter table file_checks force row level security;
create policy worker_select on file_checks for select to jebena_worker using (true);
create policy worker_update on file_checks for update to jebena_worker using (true) with check (true);
grant select, update on file_checks to jebena_worker;
