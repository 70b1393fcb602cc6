-- Figures of law and market get their history: who set which value from which day on, and what stood there before.
-- A value is never overwritten. A new one is a row from a day on; one that was set by mistake, and that no day has gone
-- by yet, leaves its table and stays here. What stands is in the tables, what ever was set is in this one.

create table reference_changes (
    change_id uuid primary key,
    subject text not null check (subject in ('PARAMETER', 'CAPITAL', 'RETENTION', 'RATE', 'PRICE', 'COUNTRY', 'PORT',
        'COFFEE_TYPE', 'REGION', 'INCOTERM', 'HS_CODE')),
    -- Which: a parameter's key, a business type, a currency, a price number, a code.
    key text not null,
    -- The day from which the value holds, or held.
    valid_from date not null,
    -- Nothing where there was none; nothing where it was withdrawn.
    old_value jsonb,
    new_value jsonb,
    reason text check (length(reason) between 10 and 500),
    changed_by uuid not null references users on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    created_at timestamptz not null,
    check (old_value is not null or new_value is not null),
    -- What takes a value away or puts another in its place says why.
    check (old_value is null or reason is not null)
);
create index reference_changes_key on reference_changes (subject, key, created_at desc);
create index reference_changes_changed_by on reference_changes (changed_by);
create index reference_changes_organization on reference_changes (organization_id);
call app.make_append_only('reference_changes');

alter table reference_changes enable row level security;
alter table reference_changes force row level security;
-- Law is public: whoever sees a figure sees where it comes from.
create policy class_select on reference_changes for select
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system using (true);
create policy own_insert on reference_changes for insert to jebena_regulator, jebena_admin
    with check (organization_id = (select app.org()) and changed_by = (select app.person()));
grant select on reference_changes to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system;
grant insert on reference_changes to jebena_regulator, jebena_admin;

-- What each parameter is called, within which bounds it makes sense, and who sets it.
create table parameter_definitions (
    key text primary key check (key ~ '^[a-z][a-z0-9_]{2,59}$'),
    name text not null,
    name_am text not null,
    set_by text not null check (set_by in ('ECTA', 'NATIONAL_BANK')),
    least numeric not null default 0,
    most numeric not null,
    decimals int not null default 0 check (decimals between 0 and 4),
    check (least <= most)
);
insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('permit_validity_days', 'Validity of an export permit', 'የወጪ ንግድ ፈቃድ የሚጸናበት ጊዜ', 'ECTA', 1, 366, 0),
    ('settlement_days', 'Proceeds come in within, after the bank''s permit', 'ከባንክ ፈቃድ በኋላ ገቢው የሚገባበት ጊዜ', 'NATIONAL_BANK', 1, 366, 0),
    ('second_officer_above', 'A second officer confirms above', 'ሁለተኛ ባለሙያ የሚያረጋግጠው ከዚህ በላይ ሲሆን', 'NATIONAL_BANK', 0, 100000000, 2),
    ('quality_certificate_warning_days', 'A certificate of quality counts as fresh for', 'የጥራት ምስክር ወረቀት እንደ አዲስ የሚቆጠርበት ጊዜ', 'ECTA', 1, 366, 0),
    ('claim_takeover_minutes', 'An absent officer''s case may be taken over after', 'የሌለ ባለሙያ ጉዳይ የሚወሰድበት ጊዜ', 'ECTA', 5, 1440, 0),
    ('contract_shipment_days', 'Shipment after registration of the contract, within', 'ውሉ ከተመዘገበ በኋላ ጭነት የሚፈጸምበት ጊዜ', 'ECTA', 1, 366, 0),
    ('contract_shipment_months_farmer', 'The same for a farmer who sells the own crop', 'የራሱን ምርት ለሚሸጥ አርሶ አደር', 'ECTA', 1, 24, 0),
    ('contract_registration_hours', 'Registration of a contract after the deal, within', 'ስምምነቱ ከተደረገ በኋላ ውሉ የሚመዘገብበት ጊዜ', 'ECTA', 1, 720, 0),
    ('contract_price_warning', 'A contract''s price is looked at twice above', 'የውል ዋጋ በድጋሚ የሚታየው ከዚህ በላይ ሲሆን', 'ECTA', 1, 1000, 2),
    ('ecx_receipt_days', 'Life of a warehouse receipt of the exchange', 'የምርት ገበያ መጋዘን ደረሰኝ የሚጸናበት ጊዜ', 'ECTA', 1, 366, 0),
    ('cup_panel_minimum', 'Tasters of a panel, at least', 'የቀማሾች ቡድን ቢያንስ', 'ECTA', 1, 12, 0),
    ('cup_spread_limit', 'A panel''s scores lie apart by at most', 'የቀማሾች ነጥቦች ልዩነት ቢበዛ', 'ECTA', 0, 20, 2),
    ('moisture_dry_below', 'Coffee counts as dry below a moisture of', 'ቡና እንደ ደረቅ የሚቆጠርበት እርጥበት ከዚህ በታች', 'ECTA', 0, 20, 2),
    ('moisture_moist_above', 'Coffee counts as moist above a moisture of', 'ቡና እንደ እርጥብ የሚቆጠርበት እርጥበት ከዚህ በላይ', 'ECTA', 0, 20, 2),
    ('moisture_refused_above', 'Coffee is refused above a moisture of', 'ቡና የማይፈቀድበት እርጥበት ከዚህ በላይ', 'ECTA', 0, 20, 2),
    ('sample_grams', 'A sample weighs', 'የናሙና ክብደት', 'ECTA', 100, 10000, 1);
grant select on parameter_definitions to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;

insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('contract_shipment_months_farmer', 9, 'months', '2020-01-01', 'Directive 433/2011 E.C.: producers up to nine months', false),
    ('contract_registration_hours', 24, 'hours', '2020-01-01', 'Directive of January 2020: within 24 hours of the deal', false),
    ('contract_price_warning', 50, 'USD/kg', '2020-01-01', 'No coffee is sold for more in ordinary trade', true),
    ('ecx_receipt_days', 20, 'days', '2020-01-01', 'ECX rule of 9 May 2013; not verified for today', true)
on conflict do nothing;

-- Incoterms come and go as other lists do.
alter table incoterms add column valid_from date not null default '2020-01-01', add column valid_to date;

-- Who may write what. The tables have no owner, so that everybody reads them; not forced, so that a migration may add.
-- A day that is over keeps its value: what was decided on it stands on that.
alter table parameters enable row level security;
create policy everybody_select on parameters for select using (true);
create policy regulator_insert on parameters for insert to jebena_regulator with check (
    valid_from >= (select app.today())
    and exists (select from parameter_definitions d where d.key = parameters.key and d.set_by = (select app.org_kind())));
create policy regulator_delete on parameters for delete to jebena_regulator using (
    valid_from >= (select app.today())
    and exists (select from parameter_definitions d where d.key = parameters.key and d.set_by = (select app.org_kind())));

alter table capital_thresholds enable row level security;
create policy everybody_select on capital_thresholds for select using (true);
create policy regulator_insert on capital_thresholds for insert to jebena_regulator
    with check ((select app.org_kind()) = 'ECTA' and valid_from >= (select app.today()));
create policy regulator_delete on capital_thresholds for delete to jebena_regulator
    using ((select app.org_kind()) = 'ECTA' and valid_from >= (select app.today()));

alter table fx_retention_rules enable row level security;
create policy everybody_select on fx_retention_rules for select using (true);
create policy regulator_insert on fx_retention_rules for insert to jebena_regulator
    with check ((select app.org_kind()) = 'NATIONAL_BANK' and valid_from >= (select app.today()));
create policy regulator_delete on fx_retention_rules for delete to jebena_regulator
    using ((select app.org_kind()) = 'NATIONAL_BANK' and valid_from >= (select app.today()));

-- A rate or a price that was forgotten may be entered late: whatever was decided meanwhile keeps what it went by.
alter table fx_rates enable row level security;
create policy everybody_select on fx_rates for select using (true);
create policy regulator_insert on fx_rates for insert to jebena_regulator
    with check ((select app.org_kind()) = 'NATIONAL_BANK');
create policy regulator_delete on fx_rates for delete to jebena_regulator
    using ((select app.org_kind()) = 'NATIONAL_BANK' and rate_date >= (select app.today()));

alter table minimum_export_prices enable row level security;
create policy everybody_select on minimum_export_prices for select using (true);
create policy regulator_insert on minimum_export_prices for insert to jebena_regulator
    with check ((select app.org_kind()) = 'ECTA');
create policy regulator_delete on minimum_export_prices for delete to jebena_regulator using (
    (select app.org_kind()) = 'ECTA'
    and (iso_year, iso_week) >= (extract(isoyear from (select app.today()))::int, extract(week from (select app.today()))::int));

grant insert, delete on parameters, capital_thresholds, fx_retention_rules, fx_rates, minimum_export_prices
    to jebena_regulator;
-- Code lists are the administrator's. A code is never taken away: it ends.
grant insert, update on countries, ports, coffee_types, regions, incoterms, hs_codes to jebena_admin;

-- The weeks of a coffee, newest first: the last known price.
create index minimum_export_prices_latest on minimum_export_prices (coffee_type, grade, iso_year desc, iso_week desc);

-- Every entry of every list that is kept alike.
create view code_list_entries with (security_invoker = true) as
select 'COUNTRY' as list, country_code::text as code, name, name_am,
       jsonb_build_object('ico_code', coalesce(ico_code, ''), 'is_eu', is_eu) as particulars, valid_from, valid_to from countries
union all
select 'PORT', port_code::text, name, name,
       jsonb_build_object('country_code', country_code, 'ico_port_code', coalesce(ico_port_code, '')), valid_from, valid_to from ports
union all
select 'COFFEE_TYPE', coffee_type, coffee_type, name_am, '{}', valid_from, valid_to from coffee_types
union all
select 'REGION', region, region, name_am, '{}', valid_from, valid_to from regions
union all
select 'INCOTERM', incoterm::text, name, name,
       jsonb_build_object('sea_only', sea_only, 'seller_insures', seller_insures), valid_from, valid_to from incoterms
union all
select 'HS_CODE', hs_code::text, name, name_am,
       jsonb_build_object('coffee_form', coffee_form, 'decaffeinated', decaffeinated), valid_from, valid_to from hs_codes;
grant select on code_list_entries to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
