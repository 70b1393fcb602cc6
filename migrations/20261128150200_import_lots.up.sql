-- Lots come in tables: a file is looked at row by row, and what it says is kept until it is imported whole or thrown away.
-- The file itself is not kept; its fingerprint stays on record.
create table lot_imports (
    import_id uuid primary key,
    owner_organization_id uuid not null references organizations on delete restrict,
    file_format text not null check (file_format in ('CSV', 'XLSX')),
    sha256 bytea not null check (length(sha256) = 32),
    row_count int not null check (row_count between 1 and 10000),
    ignored_columns text[] not null default '{}',
    rows jsonb,
    status text not null default 'CHECKED' check (status in ('CHECKED', 'IMPORTED')),
    version int not null default 1 check (version > 0),
    checked_by uuid not null references users on delete restrict,
    checked_at timestamptz not null,
    imported_by uuid references users on delete restrict,
    imported_at timestamptz,
    check ((status = 'CHECKED') = (rows is not null)),
    check ((status = 'IMPORTED') = (imported_at is not null)),
    check ((imported_by is null) = (imported_at is null))
);
-- Another file takes the place of one that was only looked at.
create unique index lot_imports_one_open on lot_imports (owner_organization_id) where status = 'CHECKED';
create index lot_imports_owner on lot_imports (owner_organization_id, checked_at desc);
create index lot_imports_checked_by on lot_imports (checked_by);
create index lot_imports_imported_by on lot_imports (imported_by);

alter table coffee_lots add column import_id uuid references lot_imports on delete restrict;
create index coffee_lots_import on coffee_lots (import_id);

insert into legal_moves (subject, from_state, action, to_state) values ('LOT', '', 'import', 'PENDING');

alter table lot_imports enable row level security;
alter table lot_imports force row level security;
create policy own_organization_select on lot_imports for select to jebena_party using (owner_organization_id = (select app.org()));
-- What is only looked at is nobody else's affair.
create policy class_select on lot_imports for select to jebena_auditor using (status = 'IMPORTED');
create policy own_organization_insert on lot_imports for insert to jebena_party with check (
    owner_organization_id = (select app.org()) and checked_by = (select app.person()) and status = 'CHECKED');
create policy own_organization_update on lot_imports for update to jebena_party
    using (owner_organization_id = (select app.org()) and status = 'CHECKED')
    with check (owner_organization_id = (select app.org()) and status = 'IMPORTED' and imported_by = (select app.person()));
create policy own_organization_delete on lot_imports for delete to jebena_party
    using (owner_organization_id = (select app.org()) and status = 'CHECKED');
grant select, insert, delete, update (status, rows, version, imported_by, imported_at) on lot_imports to jebena_party;
grant select on lot_imports to jebena_auditor;
