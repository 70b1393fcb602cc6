-- How much of the store each organisation has taken: every file that it has brought and that is kept, whether it still counts for
-- its case or not. The row is the lock under which two uploads at once are counted one after the other; how much is allowed is
-- the configuration's to say.
create table store_shares (
    organization_id uuid primary key references organizations on delete restrict,
    files bigint not null check (files >= 0),
    bytes bigint not null check (bytes >= 0)
);
create index store_shares_largest on store_shares (bytes desc, organization_id);

alter table store_shares enable row level security;
alter table store_shares force row level security;
create policy own_organization_select on store_shares for select to jebena_party, jebena_regulator
    using (organization_id = (select app.org()));
create policy class_select on store_shares for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy definer_all on store_shares for all to jebena_definer using (true) with check (true);
grant select on store_shares to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant select, insert, update, delete on store_shares to jebena_definer;

-- What a person has brought today is counted by it.
create index export_documents_brought on export_documents (uploaded_by, uploaded_at);
create index preregistration_documents_brought on preregistration_documents (uploaded_by, uploaded_at);

create policy definer_select on preregistration_documents for select to jebena_definer using (true);
grant select on preregistration_documents to jebena_definer;

set role jebena_definer;

-- Whose share a row of either table takes: that of the organisation that has brought the file.
create function gate.count_share() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    row_before constant jsonb := to_jsonb(old);
    row_now constant jsonb := to_jsonb(new);
begin
    if tg_op <> 'INSERT' then
        update public.store_shares s set files = s.files - 1, bytes = s.bytes - old.file_size
        where s.organization_id = coalesce(row_before ->> 'provided_by_organization_id', row_before ->> 'organization_id')::uuid;
    end if;
    if tg_op <> 'DELETE' then
        insert into public.store_shares as s (organization_id, files, bytes)
        values (coalesce(row_now ->> 'provided_by_organization_id', row_now ->> 'organization_id')::uuid, 1, new.file_size)
        on conflict (organization_id) do update set files = s.files + 1, bytes = s.bytes + excluded.bytes;
    end if;
    return null;
end
$$;

-- What the organisation in the context has taken, and how many files the person in it has brought since a moment.
create function gate.share_of_store(since timestamptz) returns table (files bigint, bytes bigint, files_since bigint)
language sql stable security definer set search_path = pg_catalog
as $$
    select coalesce(s.files, 0), coalesce(s.bytes, 0),
        (select count(*) from public.export_documents d where d.uploaded_by = app.person() and d.uploaded_at >= since)
        + (select count(*) from public.preregistration_documents d
           where d.uploaded_by = app.person() and d.uploaded_at >= since)
    from (select app.org() as organization) mine
    left join public.store_shares s on s.organization_id = mine.organization
$$;

-- Counts every share anew, and puts right what does not agree; how many did not. Uploads wait meanwhile.
create function gate.recount_shares() returns bigint
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    put_right bigint;
    emptied bigint;
begin
    lock table public.store_shares in share row exclusive mode;
    with counted as (
        select d.organization, count(*) as files, sum(d.file_size) as bytes
        from (select organization_id as organization, file_size from public.export_documents
              union all
              select coalesce(provided_by_organization_id, organization_id), file_size
              from public.preregistration_documents) d
        group by d.organization)
    insert into public.store_shares as s (organization_id, files, bytes)
    select c.organization, c.files, c.bytes from counted c
    on conflict (organization_id) do update set files = excluded.files, bytes = excluded.bytes
    where s.files <> excluded.files or s.bytes <> excluded.bytes;
    get diagnostics put_right = row_count;
    update public.store_shares s set files = 0, bytes = 0
    where (s.files <> 0 or s.bytes <> 0)
      and not exists (select from public.export_documents d where d.organization_id = s.organization_id)
      and not exists (select from public.preregistration_documents d
                      where coalesce(d.provided_by_organization_id, d.organization_id) = s.organization_id);
    get diagnostics emptied = row_count;
    return put_right + emptied;
end
$$;

revoke all on function gate.count_share(), gate.share_of_store(timestamptz), gate.recount_shares() from public;
grant execute on function gate.count_share(), gate.recount_shares() to jebena_owner;
grant execute on function gate.share_of_store(timestamptz) to jebena_party, jebena_regulator;
grant execute on function gate.recount_shares() to jebena_worker;
select gate.recount_shares();
set role jebena_owner;

create trigger share_counted after insert or delete or update of organization_id, file_size on export_documents
    for each row execute function gate.count_share();
create trigger share_counted
    after insert or delete or update of organization_id, provided_by_organization_id, file_size on preregistration_documents
    for each row execute function gate.count_share();
