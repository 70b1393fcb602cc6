-- The inspection desk: samples drawn blind, what was found in them, the panel's scores, the signed inspection that
-- nothing changes any more (domain 2.7, 3.7, 5.1, 5.2).

create table inspection_centers (
    center text primary key,
    name_am text not null,
    valid_from date not null default '2020-01-01',
    valid_to date
);
insert into inspection_centers (center, name_am) values
    ('Addis Ababa', 'አዲስ አበባ'), ('Jimma', 'ጅማ'), ('Hawassa', 'ሐዋሳ'), ('Dire Dawa', 'ድሬዳዋ'), ('Dilla', 'ዲላ');

-- How raw coffee and cup are scored: the forms with the days on which they are in use. A signed inspection names its own.
create table inspection_forms (
    form_code text primary key check (form_code ~ '^[A-Z0-9_]{3,30}$'),
    section text not null check (section in ('RAW', 'CUP')),
    name text not null,
    valid_from date not null,
    valid_to date,
    legal_basis text not null,
    check (valid_to > valid_from)
);
create table inspection_form_items (
    form_code text not null references inspection_forms on delete restrict,
    item text not null check (item ~ '^[a-z_]{3,20}$'),
    name text not null,
    name_am text not null,
    max_points numeric(4, 1) not null check (max_points > 0),
    sort_order int not null,
    primary key (form_code, item)
);
insert into inspection_forms (form_code, section, name, valid_from, valid_to, legal_basis) values
    ('RAW_SHAPE', 'RAW', 'Raw value: shape and make, colour, odour', '2000-01-01', '2015-09-01', 'The form before the ECX coffee contracts of 2015'),
    ('RAW_DEFECTS', 'RAW', 'Raw value: primary and secondary defects, odour', '2015-09-01', null, 'ECX coffee contracts, September 2015'),
    ('CUP_60', 'CUP', 'Cup value: cleanliness, acidity, body, flavour', '2000-01-01', null, 'ECX coffee contracts, September 2015');
insert into inspection_form_items (form_code, item, name, name_am, max_points, sort_order) values
    ('RAW_SHAPE', 'shape', 'Shape and make', 'ቅርጽና አሠራር', 15, 1),
    ('RAW_SHAPE', 'colour', 'Colour', 'ቀለም', 15, 2),
    ('RAW_SHAPE', 'odour', 'Odour', 'ጠረን', 10, 3),
    ('RAW_DEFECTS', 'primary', 'Primary defects', 'ዋና ጉድለቶች', 15, 1),
    ('RAW_DEFECTS', 'secondary', 'Secondary defects', 'ሁለተኛ ደረጃ ጉድለቶች', 15, 2),
    ('RAW_DEFECTS', 'odour', 'Odour', 'ጠረን', 10, 3),
    ('CUP_60', 'cleanliness', 'Cup cleanliness', 'የሲኒ ንጽህና', 15, 1),
    ('CUP_60', 'acidity', 'Acidity', 'አሲድነት', 15, 2),
    ('CUP_60', 'body', 'Body', 'አካል', 15, 3),
    ('CUP_60', 'flavour', 'Flavour', 'ጣዕም', 15, 4);
grant select on inspection_centers, inspection_forms, inspection_form_items to jebena_party, jebena_regulator,
    jebena_auditor, jebena_admin, jebena_system, jebena_worker;

insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('cup_panel_minimum', 3, 'tasters', '2020-01-01', 'Usual panel; the authority''s own figure was not found', true),
    ('cup_spread_limit', 3, 'points', '2020-01-01', 'A wider spread asks for another cupping', true),
    ('moisture_dry_below', 8, '%', '2020-01-01', 'ICO Resolution 420', false),
    ('moisture_moist_above', 12, '%', '2020-01-01', 'Practice of the trade', true),
    ('moisture_refused_above', 12.5, '%', '2020-01-01', 'ICO Resolution 420', false),
    ('sample_grams', 300, 'g', '2020-01-01', 'ISO 4072; defects are counted in 300 g', false);

-- A sample of a lot. Who cups it knows the code and nothing else.
create table quality_samples (
    sample_id uuid primary key,
    lot_id uuid not null references coffee_lots on delete restrict,
    -- Whose lot it is: row-level security reads this column.
    owner_organization_id uuid not null references organizations on delete restrict,
    -- No letters that are read as others; random, so that it says nothing of the lot.
    sample_code text not null unique check (sample_code ~ '^[A-HJ-KM-NP-Z2-9]{6}$'),
    center text not null references inspection_centers,
    grams numeric(7, 1) not null check (grams between 100 and 10000),
    drawn_on date not null,
    drawn_by uuid not null references users on delete restrict,
    raw_form text not null references inspection_forms,
    cup_form text not null references inspection_forms,
    -- Why it is inspected again, where it was inspected before.
    again_because text check (length(again_because) between 10 and 500),
    status text not null default 'DRAWN' check (status in ('DRAWN', 'SIGNED', 'ABANDONED')),
    version int not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create unique index quality_samples_one_open on quality_samples (lot_id) where status = 'DRAWN';
create index quality_samples_lot on quality_samples (lot_id, created_at);
create index quality_samples_owner on quality_samples (owner_organization_id);
create index quality_samples_waiting on quality_samples (drawn_on, sample_id) where status = 'DRAWN';
create index quality_samples_drawn_by on quality_samples (drawn_by);
create index quality_samples_center on quality_samples (center);
create index quality_samples_raw_form on quality_samples (raw_form);
create index quality_samples_cup_form on quality_samples (cup_form);

alter table quality_inspections
    add column sample_id uuid references quality_samples on delete restrict,
    add column raw_form text references inspection_forms,
    -- The points of the raw form, item by item.
    add column raw_items jsonb,
    -- Between the highest and the lowest taster, and why it was signed all the same when that is wide.
    add column panel_spread numeric(5, 2) check (panel_spread >= 0),
    add column spread_reason text check (length(spread_reason) between 10 and 500),
    -- What the count of defects suggests: a cross-check, never the grade.
    add column defect_grade text check (defect_grade ~ '^([1-9]|UG)$'),
    -- ICO Resolution 420: S meets both targets, XD defects, XM moisture, XDM both.
    add column ico_quality_code text check (ico_quality_code in ('S', 'XD', 'XM', 'XDM')),
    add column sca_score numeric(5, 2) check (sca_score between 0 and 100),
    add column cva_score numeric(5, 2) check (cva_score between 0 and 100),
    add column failed_because text check (length(failed_because) between 10 and 500),
    -- What does not pass says why.
    add constraint quality_inspections_verdict check (sample_id is null or passed or failed_because is not null);
-- Only one inspection of a lot is in force: the former names its successor before that is there.
alter table quality_inspections alter constraint quality_inspections_superseded_by_fkey deferrable initially deferred;
create unique index quality_inspections_sample on quality_inspections (sample_id);
create index quality_inspections_raw_form on quality_inspections (raw_form);

-- Each taster's own scores, by form.
create table inspection_panel (
    inspection_id uuid not null references quality_inspections on delete restrict,
    form text not null check (form in ('CUP_60', 'SCA_2004', 'CVA')),
    position int not null check (position between 1 and 5),
    taster text not null check (length(taster) between 2 and 80),
    scores jsonb not null,
    total numeric(5, 2) not null check (total between 0 and 100),
    primary key (inspection_id, form, position)
);
call app.make_append_only('inspection_panel');

-- Share of the beans on each screen, in 64ths of an inch (ISO 4150).
create table inspection_screens (
    inspection_id uuid not null references quality_inspections on delete restrict,
    screen int not null check (screen between 12 and 20),
    pct numeric(5, 2) not null check (pct between 0 and 100),
    primary key (inspection_id, screen)
);
call app.make_append_only('inspection_screens');

-- A signed inspection stays as it was signed: another takes its place, nothing edits it.
create function app.keep_inspection() returns trigger language plpgsql as $$
declare
    -- The total is made from the others, after this trigger.
    free constant text[] := array['superseded_by', 'updated_at', 'total_score'];
begin
    if to_jsonb(new) - free <> to_jsonb(old) - free
            or old.superseded_by is not null and new.superseded_by is distinct from old.superseded_by then
        raise exception 'a signed inspection is not changed; a new one takes its place' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger signed before update on quality_inspections for each row execute function app.keep_inspection();
create trigger signed_rows before delete on quality_inspections for each row execute function app.refuse_change();
create trigger signed_table before truncate on quality_inspections for each statement execute function app.refuse_change();
alter table quality_inspections enable always trigger signed;
alter table quality_inspections enable always trigger signed_rows;
alter table quality_inspections enable always trigger signed_table;

insert into legal_moves (subject, from_state, action, to_state) values
    ('INSPECTION', '', 'draw', 'DRAWN'),
    ('INSPECTION', 'DRAWN', 'sign', 'SIGNED'),
    ('INSPECTION', 'DRAWN', 'cancel', 'ABANDONED');

-- Walls ------------------------------------------------------------------------------------------------
alter table quality_samples enable row level security;
alter table quality_samples force row level security;
-- The owner sees that a sample was drawn, and not under which code.
create policy party_select on quality_samples for select to jebena_party using (owner_organization_id = (select app.org()));
create policy ecta_select on quality_samples for select to jebena_regulator using ((select app.org_kind()) = 'ECTA');
create policy class_select on quality_samples for select to jebena_auditor, jebena_system using (true);
create policy ecta_insert on quality_samples for insert to jebena_regulator
    with check ((select app.org_kind()) = 'ECTA' and drawn_by = (select app.person()));
create policy ecta_update on quality_samples for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA') with check ((select app.org_kind()) = 'ECTA');
grant select (sample_id, lot_id, owner_organization_id, center, drawn_on, status, created_at) on quality_samples to jebena_party;
grant select on quality_samples to jebena_regulator, jebena_auditor, jebena_system;
grant insert, update (status, version, updated_at) on quality_samples to jebena_regulator;

create policy ecta_insert on quality_inspections for insert to jebena_regulator
    with check ((select app.org_kind()) = 'ECTA' and inspector = (select app.person()));
create policy ecta_update on quality_inspections for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA') with check ((select app.org_kind()) = 'ECTA');
grant insert, update (superseded_by, updated_at) on quality_inspections to jebena_regulator;

do $$
declare
    relation text;
begin
    foreach relation in array array['inspection_panel', 'inspection_screens'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy party_select on %I for select to jebena_party using (
            exists (select from quality_inspections i where i.inspection_id = %I.inspection_id))', relation, relation);
        execute format('create policy class_select on %I for select to jebena_regulator, jebena_auditor, jebena_system using (true)', relation);
        execute format('create policy ecta_insert on %I for insert to jebena_regulator with check ((select app.org_kind()) = ''ECTA'')', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_system', relation);
        execute format('grant insert on %I to jebena_regulator', relation);
    end loop;
end
$$;
