-- Which plots a lot comes from, for every moment: links end, they are not deleted. A lot that was made of others comes from
-- where they come from; nothing is copied. What an export's file says is the origin of its lots at the moment of its request,
-- or at a later one that its exporter chose (domain 4.7).

alter table lot_plots no force row level security;
alter table lot_plots
    add column link_id uuid,
    add column unlinked_by uuid references users on delete restrict,
    add column unlinked_at timestamptz;
update lot_plots set link_id = gen_random_uuid();
alter table lot_plots
    alter column link_id set not null,
    drop constraint lot_plots_pkey,
    add primary key (link_id),
    add constraint lot_plots_ended check (num_nulls(unlinked_by, unlinked_at) in (0, 2) and unlinked_at >= linked_at);
create unique index lot_plots_in_force on lot_plots (lot_id, plot_number) where unlinked_at is null;
create index lot_plots_lot on lot_plots (lot_id);
create index lot_plots_unlinked_by on lot_plots (unlinked_by);
alter table lot_plots force row level security;

-- Only what was bought or grown grew somewhere.
alter policy own_organization_insert on lot_plots with check (
    organization_id = (select app.org())
    and exists (select from plots p where p.plot_id = lot_plots.plot_id and p.organization_id = (select app.org()))
    and exists (select from coffee_lots l where l.lot_id = lot_plots.lot_id and l.generation = 0
                and gate.owner_of(l.purchased_by) = (select app.org())));
drop policy own_organization_delete on lot_plots;
revoke delete on lot_plots from jebena_party;
create policy own_organization_update on lot_plots for update to jebena_party
    using (organization_id = (select app.org()) and unlinked_at is null)
    with check (organization_id = (select app.org()));
grant update (unlinked_by, unlinked_at) on lot_plots to jebena_party;

-- The moments, after its request, whose origin an exporter has chosen for an export.
create table export_origins (
    origin_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    taken_by uuid not null references users on delete restrict,
    taken_at timestamptz not null
);
create index export_origins_export on export_origins (export_id, taken_at desc);
create index export_origins_organization on export_origins (organization_id);
create index export_origins_taken_by on export_origins (taken_by);
call app.make_append_only('export_origins');
alter table export_origins enable row level security;
alter table export_origins force row level security;
create policy party_select on export_origins for select to jebena_party, jebena_regulator, jebena_auditor
    using (exists (select from exports e where e.export_id = export_origins.export_id));
create policy class_select on export_origins for select to jebena_system, jebena_definer using (true);
create policy own_organization_insert on export_origins for insert to jebena_party with check (
    organization_id = (select app.org())
    and exists (select from exports e where e.export_id = export_origins.export_id
                and e.exporter_organization_id = (select app.org())));
grant select on export_origins to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_definer;
grant insert on export_origins to jebena_party;

-- Where the coffee of `lots` grew, as it was linked at `moment`: every lot from which they descend and that was bought or
-- grown, with its plots in the revisions of that moment. A lot without a plot is there, without a plot. Row-level security
-- is that of who asks; generations only rise, so the way up ends.
create function app.origin_of(lots uuid[], moment timestamptz)
returns table (lot_id uuid, link_id uuid, plot_id uuid, kg numeric)
language sql stable
begin atomic
    with recursive up as (
        select l.lot_id as id, l.generation as generation from public.coffee_lots l where l.lot_id = any (lots)
        union
        select p.parent_id, p.parent_generation from up join public.lot_parents p on p.child_id = up.id
    )
    select up.id, k.link_id, r.plot_id, k.kg
    from up
    left join public.lot_plots k on k.lot_id = up.id and k.linked_at <= moment
        and (k.unlinked_at is null or k.unlinked_at > moment)
    left join lateral (select p.plot_id from public.plots p
                       where p.organization_id = k.organization_id and p.plot_number = k.plot_number
                         and p.created_at <= moment
                       order by p.revision desc limit 1) r on true
    where up.generation = 0;
end;
revoke all on function app.origin_of(uuid[], timestamptz) from public;
grant execute on function app.origin_of(uuid[], timestamptz) to jebena_party, jebena_regulator, jebena_auditor,
    jebena_definer;

set role jebena_definer;
-- The same for an export: who sees the export sees where its coffee grew, also a bank or a carrier, who see no plot
-- otherwise.
create function gate.origin_of_export(export uuid, moment timestamptz, with_geometry boolean)
returns table (lot_id uuid, lot_number text, lot_source text, lot_kg numeric, plot_id uuid, plot_number text, kg numeric,
               is_stated boolean, producer_name text, producer_country text, production_place text, area_ha numeric,
               geometry text)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
    if not exists (select from public.exports e
                   where e.export_id = export
                     and case when app.org_kind() in ('NATIONAL_BANK', 'ECTA', 'CUSTOMS', 'AUDITOR') then e.stage <> 'PREPARATION'
                              else app.is_party(app.org(), e.exporter_organization_id, e.bank_organization_id,
                                                e.shipping_organization_id, e.stage) end) then
        return;
    end if;
    return query
    select l.lot_id, l.ecx_lot_number, l.source, l.quantity, p.plot_id, p.plot_number, o.kg,
           p.cutoff_stated_at is not null, p.producer_name, p.producer_country::text, p.production_place, p.area_ha,
           case when with_geometry then p.geometry end
    from app.origin_of(array(select x.lot_id from public.export_lots x where x.export_id = export), moment) o
    join public.coffee_lots l on l.lot_id = o.lot_id
    left join public.plots p on p.plot_id = o.plot_id
    order by l.ecx_lot_number, p.plot_number;
end
$$;
revoke all on function gate.origin_of_export(uuid, timestamptz, boolean) from public;
grant execute on function gate.origin_of_export(uuid, timestamptz, boolean) to jebena_party, jebena_regulator, jebena_auditor;

-- The reference of a due diligence statement is on the checklist like a paper: what was told stands for the document, unless
-- it was told to be worth nothing.
create or replace function gate.note_what_is_there(export uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(t.document_type order by t.document_type), '{}') as types
          from (select x.document_type from public.export_documents x
                where x.export_id = export and x.is_active and x.scan_status <> 'INFECTED'
                  and 'REJECTED' is distinct from (select c.verdict from public.document_checks c
                      where c.document_id = x.document_id order by c.checked_at desc, c.check_id desc limit 1)
                union all
                select w.document_type from public.document_waivers w
                where w.export_id = export and w.revoked_at is null
                union all
                select 'EUDR_STATEMENT' from public.due_diligence_statements s
                where s.export_id = export and s.superseded_by is null
                  and (s.told_state is null or s.told_state not in ('REJECTED', 'WITHDRAWN', 'SUSPENDED', 'OBSOLETE'))
                union all
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
end
$$;
set role jebena_owner;
create constraint trigger attached after insert or update on due_diligence_statements deferrable initially deferred
    for each row execute function gate.note_attached();

-- Whoever sees an export sees what its buyer has told of the statement: bank, carrier and regulators rely on it.
alter policy own_organization_select on due_diligence_statements using (
    exists (select from exports e where e.export_id = due_diligence_statements.export_id));
alter policy regulator_select on due_diligence_statements using (
    exists (select from exports e where e.export_id = due_diligence_statements.export_id));

-- From when the Union asks whom, and from when on land must not have been deforested. The days were put off twice.
insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('eudr_large_operators', 'The EU asks large and medium operators for plots (1 yes, 0 no)', 'የአውሮፓ ኅብረት ትላልቅና መካከለኛ ገዢዎችን የማሳ መረጃ ይጠይቃል (1 አዎ፣ 0 አይ)', 'ECTA', 0, 1, 0),
    ('eudr_small_operators', 'The EU asks micro and small operators for plots (1 yes, 0 no)', 'የአውሮፓ ኅብረት ጥቃቅንና አነስተኛ ገዢዎችን የማሳ መረጃ ይጠይቃል (1 አዎ፣ 0 አይ)', 'ECTA', 0, 1, 0),
    ('eudr_cutoff_year', 'Not deforested after 31 December of the year', 'ከዚህ ዓመት ዲሴምበር 31 በኋላ ደኑ ያልተመነጠረ', 'ECTA', 2000, 2100, 0);
insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('eudr_large_operators', 0, 'yes = 1', '2020-01-01', 'Regulation (EU) 2023/1115 did not apply yet', true),
    ('eudr_large_operators', 1, 'yes = 1', '2026-12-30', 'Regulation (EU) 2025/2650: 30 December 2026', true),
    ('eudr_small_operators', 0, 'yes = 1', '2020-01-01', 'Regulation (EU) 2023/1115 did not apply yet', true),
    ('eudr_small_operators', 1, 'yes = 1', '2027-06-30', 'Regulation (EU) 2025/2650: 30 June 2027', true),
    ('eudr_cutoff_year', 2020, 'year', '2020-01-01', 'Regulation (EU) 2023/1115, article 2(13): 31 December 2020', true);
