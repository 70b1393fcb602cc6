-- Plots of land, and which lots of coffee grew on them (Regulation (EU) 2023/1115; domain 4.7).

insert into number_series (series_key, pattern, reset, description) values
    ('PLOT', 'PLOT-{n:6}', 'NEVER', 'Plot of land, per exporter');

create table plots (
    plot_id uuid primary key,
    -- Whose plot it is: the exporter who maps it.
    organization_id uuid not null references organizations on delete restrict,
    -- The exporter's own number, or the next of the series. It stays through all revisions.
    plot_number text not null check (length(plot_number) between 1 and 40),
    revision int not null default 1 check (revision > 0),
    producer_name text not null check (length(producer_name) between 1 and 200),
    producer_country char(2) not null references countries,
    production_place text not null check (length(production_place) between 1 and 200),
    -- Hectares: measured of an outline, stated of points.
    area_ha numeric(12, 4) not null check (area_ha > 0),
    geometry_kind text not null check (geometry_kind in ('Point', 'MultiPoint', 'Polygon', 'MultiPolygon')),
    -- GeoJSON, each coordinate with six decimals, as it goes to the buyer. A text: jsonb would be another one.
    geometry text not null,
    geometry_sha256 bytea not null check (length(geometry_sha256) = 32),
    positions int not null check (positions > 0),
    -- The rectangle around it, in millionths of a degree.
    west int not null check (west between -180000000 and 180000000),
    south int not null check (south between -90000000 and 90000000),
    east int not null check (east between west and 180000000),
    north int not null check (north between south and 90000000),
    -- That the land was not deforested after 31 December 2020, with what shows it. Never taken for granted.
    cutoff_evidence_kind text
        check (cutoff_evidence_kind in ('SATELLITE', 'FIELD_VISIT', 'LAND_REGISTER', 'COOPERATIVE', 'OTHER')),
    cutoff_evidence text check (length(cutoff_evidence) between 10 and 500),
    cutoff_stated_by uuid references users on delete restrict,
    cutoff_stated_at timestamptz,
    -- The file from which it came, if it came from one.
    file_name text check (length(file_name) between 1 and 255),
    file_sha256 bytea check (length(file_sha256) = 32),
    status text not null default 'ACTIVE' check (status in ('ACTIVE', 'RETIRED')),
    retired_by uuid references users on delete restrict,
    retired_at timestamptz,
    retirement_reason text check (length(retirement_reason) between 10 and 500),
    -- The next revision. Written before that one is, so that one of a number is in force at every moment.
    superseded_by uuid references plots on delete restrict deferrable initially deferred,
    version int not null default 1 check (version > 0),
    created_by uuid not null references users on delete restrict,
    created_at timestamptz not null,
    -- Above four hectares an outline is needed (article 2(28)).
    constraint plots_by_point check (geometry_kind in ('Polygon', 'MultiPolygon') or area_ha <= 4),
    check (num_nulls(cutoff_evidence_kind, cutoff_evidence, cutoff_stated_by, cutoff_stated_at) in (0, 4)),
    check (num_nulls(file_name, file_sha256) in (0, 2)),
    check (num_nulls(retired_by, retired_at, retirement_reason) = case status when 'RETIRED' then 0 else 3 end)
);
create unique index plots_in_force on plots (organization_id, plot_number) where superseded_by is null;
create unique index plots_revision on plots (organization_id, plot_number, revision);
-- No two plots in use lie in the same place.
create unique index plots_place on plots (organization_id, geometry_sha256)
    where superseded_by is null and status = 'ACTIVE';
create index plots_of_exporter on plots (organization_id, created_at desc, plot_id desc) where superseded_by is null;
create index plots_newest on plots (created_at desc, plot_id desc) where superseded_by is null;
create index plots_number on plots (plot_number) where superseded_by is null;
create index plots_producer on plots (lower(producer_name)) where superseded_by is null;
create index plots_country on plots (producer_country);
create index plots_superseded_by on plots (superseded_by);
create index plots_cutoff_stated_by on plots (cutoff_stated_by);
create index plots_retired_by on plots (retired_by);
create index plots_created_by on plots (created_by);

-- A file that was looked at and waits for a yes. Nothing of it is a plot yet.
create table plot_imports (
    import_id uuid primary key,
    organization_id uuid not null references organizations on delete restrict,
    uploaded_by uuid not null references users on delete restrict,
    uploaded_at timestamptz not null,
    file_name text not null check (length(file_name) between 1 and 255),
    file_sha256 bytea not null check (length(file_sha256) = 32),
    features int not null check (features > 0),
    -- The file as it came; let go once it is settled, since the plots hold what was in it.
    content bytea check (length(content) <= 10485760),
    status text not null default 'PENDING' check (status in ('PENDING', 'STORED', 'DISCARDED')),
    settled_at timestamptz,
    check ((status = 'PENDING') = (content is not null)),
    check ((status = 'PENDING') = (settled_at is null))
);
create index plot_imports_organization on plot_imports (organization_id, uploaded_at desc);
-- One at a time for a person: the next takes the place of the one before.
create unique index plot_imports_pending on plot_imports (uploaded_by) where status = 'PENDING';
create index plot_imports_uploaded_by on plot_imports (uploaded_by);

-- Which plots a lot comes from.
create table lot_plots (
    lot_id uuid not null references coffee_lots on delete restrict,
    -- The revision that was in force when the lot was linked; the number leads to the one in force now.
    plot_id uuid not null references plots on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    plot_number text not null,
    -- How much of the lot came from there, where that is known.
    kg numeric(14, 3) check (kg > 0),
    linked_by uuid not null references users on delete restrict,
    linked_at timestamptz not null,
    primary key (lot_id, plot_number)
);
create index lot_plots_plot on lot_plots (plot_id);
create index lot_plots_number on lot_plots (organization_id, plot_number);
create index lot_plots_linked_by on lot_plots (linked_by);

-- What the buyer has told of the due diligence statement that covers an export. It is the buyer's statement; only what
-- was told is kept, and nothing is concluded from its absence.
create table due_diligence_statements (
    statement_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    -- Such as 26FRYUI34JTQKB: two digits of the year, the country of the operator, ten or eleven letters and digits.
    reference_number text not null check (reference_number ~ '^[0-9]{2}[A-Z]{2}[A-Z0-9]{10,11}$'),
    verification_number text not null check (verification_number ~ '^[A-Z0-9]{8}$'),
    -- Its state in the EU's information system, as the buyer has told it, and when.
    told_state text check (told_state in ('SUBMITTED', 'AVAILABLE', 'REJECTED', 'WITHDRAWN', 'ARCHIVED', 'SUSPENDED',
        'UPDATED', 'GROUPED', 'OBSOLETE')),
    told_on date,
    recorded_by uuid not null references users on delete restrict,
    recorded_at timestamptz not null,
    superseded_by uuid references due_diligence_statements on delete restrict deferrable initially deferred,
    check ((told_state is null) = (told_on is null))
);
create unique index due_diligence_statements_in_force on due_diligence_statements (export_id)
    where superseded_by is null;
create index due_diligence_statements_export on due_diligence_statements (export_id);
create index due_diligence_statements_organization on due_diligence_statements (organization_id);
create index due_diligence_statements_recorded_by on due_diligence_statements (recorded_by);
create index due_diligence_statements_superseded_by on due_diligence_statements (superseded_by);

-- The exporter's own; the authority, customs and the auditor look at them. A bank, a carrier and the exchange do not.
do $$
declare
    relation text;
begin
    foreach relation in array array['plots', 'lot_plots', 'due_diligence_statements'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy own_organization_select on %I for select to jebena_party
            using (organization_id = (select app.org()))', relation);
        execute format('create policy regulator_select on %I for select to jebena_regulator
            using ((select app.org_kind()) in (''ECTA'', ''CUSTOMS''))', relation);
        execute format('create policy class_select on %I for select to jebena_auditor, jebena_system, jebena_definer
            using (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_system,
            jebena_definer', relation);
    end loop;
end
$$;
-- What is still being prepared is the exporter's own affair.
alter policy regulator_select on due_diligence_statements using (
    (select app.org_kind()) in ('ECTA', 'CUSTOMS')
    and exists (select from exports e where e.export_id = due_diligence_statements.export_id));

create policy own_organization_insert on plots for insert to jebena_party
    with check (organization_id = (select app.org()));
create policy own_organization_update on plots for update to jebena_party
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant insert on plots to jebena_party;
-- What a plot is changes by another revision only.
grant update (cutoff_evidence_kind, cutoff_evidence, cutoff_stated_by, cutoff_stated_at, status, retired_by, retired_at,
    retirement_reason, superseded_by, version) on plots to jebena_party;

alter table plot_imports enable row level security;
alter table plot_imports force row level security;
create policy own_organization_select on plot_imports for select to jebena_party
    using (organization_id = (select app.org()));
create policy own_organization_insert on plot_imports for insert to jebena_party
    with check (organization_id = (select app.org()) and uploaded_by = (select app.person()));
create policy own_organization_update on plot_imports for update to jebena_party
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant select, insert on plot_imports to jebena_party;
grant update (content, status, settled_at) on plot_imports to jebena_party;

-- A lot of one's own with a plot of one's own.
create policy own_organization_insert on lot_plots for insert to jebena_party with check (
    organization_id = (select app.org())
    and exists (select from plots p where p.plot_id = lot_plots.plot_id and p.organization_id = (select app.org()))
    and exists (select from coffee_lots l where l.lot_id = lot_plots.lot_id
                and gate.owner_of(l.purchased_by) = (select app.org())));
create policy own_organization_delete on lot_plots for delete to jebena_party
    using (organization_id = (select app.org()));
grant insert, delete on lot_plots to jebena_party;

create policy own_organization_insert on due_diligence_statements for insert to jebena_party with check (
    organization_id = (select app.org())
    and exists (select from exports e where e.export_id = due_diligence_statements.export_id
                and e.exporter_organization_id = (select app.org())));
create policy own_organization_update on due_diligence_statements for update to jebena_party
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant insert on due_diligence_statements to jebena_party;
grant update (superseded_by) on due_diligence_statements to jebena_party;
