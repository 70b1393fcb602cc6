-- How many exports stand where, for each organisation: written by a job once a minute, because counting a
-- million rows takes 200 ms and a dashboard is opened all day. The page says as of when.
create table export_state_counts (
    -- Null: all exports, for those who see all.
    organization_id uuid references organizations on delete restrict,
    status text not null,
    stage text not null,
    export_count bigint not null check (export_count > 0),
    quantity_kg numeric(18, 3) not null,
    oldest_since timestamptz not null,
    as_of timestamptz not null,
    unique nulls not distinct (organization_id, status, stage)
);
alter table export_state_counts enable row level security;
alter table export_state_counts force row level security;
create policy party_select on export_state_counts for select to jebena_party
    using (organization_id = (select app.org()));
create policy class_select on export_state_counts for select to jebena_regulator, jebena_auditor
    using (organization_id is null);
create policy worker_all on export_state_counts for all to jebena_worker using (true) with check (true);
grant select on export_state_counts to jebena_party, jebena_regulator, jebena_auditor;
grant select, insert, delete on export_state_counts to jebena_worker;
