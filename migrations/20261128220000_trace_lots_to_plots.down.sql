-- Links that have ended, and origins that were chosen, are a record: once there is some, going back means a backup. The walls
-- stand against the owner too, who would see no row of it.
alter table lot_plots no force row level security;
alter table export_origins no force row level security;
do $$
begin
    if exists (select from lot_plots where unlinked_at is not null) or exists (select from export_origins) then
        raise exception 'there are links that have ended or origins that were chosen, which the schema before cannot keep';
    end if;
end
$$;
delete from parameters where key in ('eudr_large_operators', 'eudr_small_operators', 'eudr_cutoff_year');
delete from parameter_definitions where key in ('eudr_large_operators', 'eudr_small_operators', 'eudr_cutoff_year');

alter policy own_organization_select on due_diligence_statements using (organization_id = (select app.org()));
alter policy regulator_select on due_diligence_statements using (
    (select app.org_kind()) in ('ECTA', 'CUSTOMS')
    and exists (select from exports e where e.export_id = due_diligence_statements.export_id));

drop trigger attached on due_diligence_statements;
set role jebena_definer;
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
                select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                from public.issued_papers p
                where p.export_id = export
                  and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')
                  and not exists (select from public.paper_withdrawals w where w.paper_id = p.paper_id)) t) d
    where e.export_id = export and e.attached_documents <> d.types;
end
$$;
drop function gate.origin_of_export(uuid, timestamptz, boolean);
set role jebena_owner;
drop function app.origin_of(uuid[], timestamptz);
drop table export_origins;

drop policy own_organization_update on lot_plots;
revoke update (unlinked_by, unlinked_at) on lot_plots from jebena_party;
create policy own_organization_delete on lot_plots for delete to jebena_party
    using (organization_id = (select app.org()));
grant delete on lot_plots to jebena_party;
alter policy own_organization_insert on lot_plots with check (
    organization_id = (select app.org())
    and exists (select from plots p where p.plot_id = lot_plots.plot_id and p.organization_id = (select app.org()))
    and exists (select from coffee_lots l where l.lot_id = lot_plots.lot_id
                and gate.owner_of(l.purchased_by) = (select app.org())));
drop index lot_plots_in_force, lot_plots_lot;
alter table lot_plots
    drop constraint lot_plots_pkey,
    drop constraint lot_plots_ended,
    drop column link_id,
    drop column unlinked_by,
    drop column unlinked_at,
    add primary key (lot_id, plot_number);
alter table lot_plots force row level security;
