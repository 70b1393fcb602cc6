-- What waits for its seal is known by itself: the round that looks each minute reads what it has to seal, and nothing of what is sealed.
-- A row comes with its paper and leaves with the paper's seal, in their transactions, whoever adds them.
create table unsealed_papers (
    paper_id uuid primary key references issued_papers on delete cascade,
    -- As the paper has them.
    issuer_organization_id uuid not null,
    issued_at timestamptz not null
);
create index unsealed_papers_newest on unsealed_papers (issuer_organization_id, issued_at desc, paper_id desc);

alter table issued_papers no force row level security;
alter table paper_seals no force row level security;
insert into unsealed_papers (paper_id, issuer_organization_id, issued_at)
select p.paper_id, p.issuer_organization_id, p.issued_at from issued_papers p
where not exists (select from paper_seals s where s.paper_id = p.paper_id);
alter table paper_seals force row level security;
alter table issued_papers force row level security;

alter table unsealed_papers enable row level security;
alter table unsealed_papers force row level security;
create policy worker_select on unsealed_papers for select to jebena_worker using (true);
create policy definer_all on unsealed_papers for all to jebena_definer using (true) with check (true);
grant select on unsealed_papers to jebena_worker;
grant select, insert, delete on unsealed_papers to jebena_definer;

set role jebena_definer;
create function gate.await_seal() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    insert into public.unsealed_papers (paper_id, issuer_organization_id, issued_at)
    values (new.paper_id, new.issuer_organization_id, new.issued_at);
    return null;
end
$$;
create function gate.note_seal() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    delete from public.unsealed_papers u where u.paper_id = new.paper_id;
    return null;
end
$$;
revoke all on function gate.await_seal(), gate.note_seal() from public;
grant execute on function gate.await_seal(), gate.note_seal() to jebena_owner;
set role jebena_owner;

create trigger seal_awaited after insert on issued_papers for each row execute function gate.await_seal();
create trigger seal_noted after insert on paper_seals for each row execute function gate.note_seal();
alter table issued_papers enable always trigger seal_awaited;
alter table paper_seals enable always trigger seal_noted;

-- The round alone has read it.
drop index issued_papers_issuer;
