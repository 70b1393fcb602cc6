drop trigger report_update on exports;
drop trigger report_insert on exports;
set role jebena_definer;
drop function gate.note_change_for_reports();
set role jebena_owner;
drop table report_state;
drop table report_turnaround;
drop table report_totals;
drop table report_exports;
drop table report_changes;

create table export_state_counts (
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
