-- What reports and dashboards show: sums over the exports, kept by the worker from what has changed. Counting half a
-- million rows takes a tenth of a second and more, and a report is opened all day. The page says as of when it counts.
--
-- Each row of the sums belongs to one organisation's view, so that the wall in front of them is one comparison.

-- Which exports have changed since they were counted. A trigger writes, the worker takes away; an export may stand here
-- several times, and counting it twice changes nothing.
create table report_changes (
    change_id bigint generated always as identity primary key,
    export_id uuid not null
);

-- Each export as it was last counted. What is taken out of the sums when it changes is what was put in.
create table report_exports (
    export_id uuid primary key references exports on delete restrict,
    -- The decisions up to this version are counted.
    version int not null,
    exporter_organization_id uuid not null,
    bank_organization_id uuid not null,
    shipping_organization_id uuid not null,
    status text not null,
    stage text not null,
    -- The first day of the month in Addis Ababa.
    requested_month date not null,
    -- That of the day on board; null until it is loaded.
    shipped_month date,
    origin_region text not null,
    destination_country char(2) not null,
    currency char(3) not null,
    quantity_kg numeric(14, 3) not null,
    value numeric(15, 2) not null
-- A move changes no indexed column, so that its new version fits beside the old one.
) with (fillfactor = 90);
-- Reports that are narrowed by two of origin, destination and exporter read these rows; one of the two is an equality.
create index report_exports_exporter on report_exports (exporter_organization_id, requested_month);
create index report_exports_destination on report_exports (destination_country, requested_month);
create index report_exports_origin on report_exports (origin_region, requested_month);

create table report_totals (
    -- Whose view it is: an exporter, a bank or a shipping line, which see the exports to which they are party. The nil
    -- UUID is that of the authorities and the auditor, who see all that were submitted.
    viewer_id uuid not null,
    -- By which month an export counts: that of its request, that of its loading, or none.
    basis text not null check (basis in ('EVER', 'REQUESTED', 'SHIPPED')),
    -- What the member is.
    grain text not null check (grain in ('ALL', 'ORIGIN', 'DESTINATION', 'EXPORTER')),
    month date check (extract(day from month) = 1),
    -- A region, a country's code, an organisation's id; empty for all.
    member text not null,
    status text not null,
    stage text not null,
    currency char(3) not null,
    -- No check that they are not below zero: what is added to a row is checked before it meets that row, and it may be
    -- less than nothing. A test counts over the exports instead.
    export_count bigint not null,
    quantity_kg numeric(18, 3) not null,
    value numeric(20, 2) not null,
    check ((basis = 'EVER') = (month is null)),
    check ((grain = 'ALL') = (member = '')),
    constraint report_totals_cell
        unique nulls not distinct (viewer_id, basis, grain, month, member, status, stage, currency)
);
-- What has become nothing is swept away in the same transaction.
create index report_totals_empty on report_totals (viewer_id) where export_count = 0;

-- How long steps took, as a histogram: so many decisions after so many working days. Median and percentiles of whole
-- days are exact from it, over any months.
create table report_turnaround (
    viewer_id uuid not null,
    -- The month of the decision.
    month date not null check (extract(day from month) = 1),
    -- The stage in which the export waited for it.
    stage text not null,
    -- Who decided.
    organization_id uuid not null,
    working_days int not null check (working_days >= 0),
    is_late boolean not null,
    decision_count bigint not null,
    primary key (viewer_id, month, stage, organization_id, working_days, is_late)
);
create index report_turnaround_empty on report_turnaround (viewer_id) where decision_count = 0;

-- One row: as of when everything is counted. Null before the first time.
create table report_state (
    one boolean primary key default true check (one),
    as_of timestamptz,
    -- The holidays up to that day. When one of the past is entered late, what was counted without it is counted anew.
    holidays date[] not null default '{}'
);
insert into report_state default values;

alter table report_changes enable row level security;
alter table report_changes force row level security;
create policy definer_insert on report_changes for insert to jebena_definer with check (true);
create policy worker_all on report_changes for all to jebena_worker using (true) with check (true);
grant insert on report_changes to jebena_definer;
grant select, insert, delete on report_changes to jebena_worker;

alter table report_exports enable row level security;
alter table report_exports force row level security;
-- As the exports themselves.
create policy party_select on report_exports for select to jebena_party using (
    exporter_organization_id = (select app.org())
    or (stage <> 'PREPARATION' and (select app.org()) in (bank_organization_id, shipping_organization_id)));
create policy regulator_select on report_exports for select to jebena_regulator, jebena_auditor
    using (stage <> 'PREPARATION');
create policy worker_all on report_exports for all to jebena_worker using (true) with check (true);
grant select on report_exports to jebena_party, jebena_regulator, jebena_auditor;
grant select, insert, update, delete on report_exports to jebena_worker;

do $$
declare
    relation text;
begin
    foreach relation in array array['report_totals', 'report_turnaround'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy party_select on %I for select to jebena_party
            using (viewer_id = (select app.org()))', relation);
        execute format('create policy class_select on %I for select to jebena_regulator, jebena_auditor
            using (viewer_id = ''00000000-0000-0000-0000-000000000000'')', relation);
        execute format('create policy worker_all on %I for all to jebena_worker using (true) with check (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor', relation);
        execute format('grant select, insert, update, delete on %I to jebena_worker', relation);
    end loop;
end
$$;
-- A moment and the calendar: nobody's.
grant select on report_state to jebena_party, jebena_regulator, jebena_auditor, jebena_worker;
grant update on report_state to jebena_worker;

set role jebena_definer;
create function gate.note_change_for_reports() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    insert into public.report_changes (export_id) values (new.export_id);
    return null;
end
$$;
revoke all on function gate.note_change_for_reports() from public;
grant execute on function gate.note_change_for_reports() to jebena_owner;
set role jebena_owner;

create trigger report_insert after insert on exports
    for each row execute function gate.note_change_for_reports();
create trigger report_update after update on exports for each row
    when ((old.status, old.stage, old.exporter_organization_id, old.bank_organization_id, old.shipping_organization_id,
           old.created_at, old.on_board_date, old.origin_region, old.destination_country, old.currency, old.quantity,
           old.estimated_value)
          is distinct from
          (new.status, new.stage, new.exporter_organization_id, new.bank_organization_id, new.shipping_organization_id,
           new.created_at, new.on_board_date, new.origin_region, new.destination_country, new.currency, new.quantity,
           new.estimated_value))
    execute function gate.note_change_for_reports();

-- How many exports stand where: the same sums answer it.
drop table export_state_counts;
