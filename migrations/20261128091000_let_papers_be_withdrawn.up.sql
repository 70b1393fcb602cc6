-- Permits and certificates of origin that were issued and no longer hold: by whom and why, and by what they were
-- replaced. Beside the ICO's certificate stand the chamber's and the exporter's own statement for the EU (REX): they
-- are recorded with their own numbers by the exporter or the authority, who did not issue them.

alter table export_permits
    add cancelled_by uuid references users on delete restrict,
    add cancellation_reason text check (length(cancellation_reason) between 10 and 500),
    -- A permit that goes with its export or with what it named has its reason in the export's history.
    add constraint export_permits_cancellation check ((cancelled_by is null) = (cancellation_reason is null)
        and (cancelled_by is null or status = 'CANCELLED'));
create index export_permits_cancelled_by on export_permits (cancelled_by) where cancelled_by is not null;
grant update (cancelled_by, cancellation_reason) on export_permits to jebena_system;

alter table certificates_of_origin
    -- Box 14: each form of coffee has a certificate of its own.
    add form text not null default 'GREEN_ARABICA'
        check (form in ('GREEN_ARABICA', 'GREEN_ROBUSTA', 'ROASTED', 'SOLUBLE', 'LIQUID', 'OTHER')),
    -- Who recorded it, and for a chamber's certificate which chamber issued it.
    add organization_id uuid references organizations on delete restrict,
    add issuer text check (length(issuer) between 2 and 120),
    add withdrawn_by uuid references users on delete restrict,
    add withdrawn_at timestamptz,
    add withdrawal_reason text check (length(withdrawal_reason) between 10 and 500),
    alter coffee_year drop not null,
    alter serial drop not null,
    alter customs_signed_by drop not null,
    alter customs_signed_at drop not null,
    drop constraint certificates_of_origin_certificate_number_key;

-- The policies hold against the owner too.
alter table certificates_of_origin no force row level security;
alter table users no force row level security;
update certificates_of_origin c set organization_id = u.organization_id from users u where u.id = c.issued_by;
alter table users force row level security;
alter table certificates_of_origin force row level security;

alter table certificates_of_origin
    alter organization_id set not null,
    -- Both signatories and all of boxes 4 and 10 are there before an ICO certificate is; the others have none of them.
    add constraint certificates_of_origin_ico check (case when kind = 'ICO'
        then num_nulls(ico_country_code, ico_port_code, coffee_year, serial, ico_mark, customs_signed_by,
                       customs_signed_at) = 0 and issuer is null
        else num_nonnulls(ico_country_code, ico_port_code, coffee_year, serial, ico_mark, customs_signed_by,
                          customs_signed_at) = 0 end),
    add constraint certificates_of_origin_issuer check ((kind = 'CHAMBER') = (issuer is not null)),
    add constraint certificates_of_origin_withdrawal check (
        (status = 'ISSUED') = (withdrawn_at is null)
        and (withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawal_reason is null));
-- An exporter's REX number stands on every statement that it makes.
create unique index certificates_of_origin_number on certificates_of_origin (certificate_number, kind) where kind <> 'REX';
create index certificates_of_origin_any_number on certificates_of_origin (certificate_number);
drop index certificates_of_origin_live;
create unique index certificates_of_origin_live on certificates_of_origin (export_id, kind, form) where status = 'ISSUED';
create index issued_papers_by_number on issued_papers (number);
create index certificates_of_origin_export on certificates_of_origin (export_id);
create index certificates_of_origin_organization on certificates_of_origin (organization_id);
create index certificates_of_origin_withdrawn_by on certificates_of_origin (withdrawn_by) where withdrawn_by is not null;
-- The ICO's monthly return: what was issued in a month, and what was withdrawn in it.
create index certificates_of_origin_issued on certificates_of_origin (issued_date, serial) where kind = 'ICO';
create index certificates_of_origin_withdrawn on certificates_of_origin (withdrawn_at)
    where kind = 'ICO' and withdrawn_at is not null;

alter policy ecta_insert on certificates_of_origin with check (
    (select app.org_kind()) = 'ECTA' and organization_id = (select app.org()));
create policy exporter_insert on certificates_of_origin for insert to jebena_party with check (
    kind in ('CHAMBER', 'REX') and organization_id = (select app.org())
    and exists (select from exports e where e.export_id = certificates_of_origin.export_id
                and e.exporter_organization_id = (select app.org())));
grant insert on certificates_of_origin to jebena_party;
create policy system_update on certificates_of_origin for update to jebena_system using (true) with check (true);
grant update (status, replaced_by, withdrawn_by, withdrawn_at, withdrawal_reason) on certificates_of_origin
    to jebena_system;

-- A supervisor of the authority cancels an unused permit: an export that still needs it goes back to its exporter, and
-- asks for another one; one that has not come to it yet stays where it is.
insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', 'QUALITY_CERTIFIED:SCHEDULING', 'cancel-permit', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'cancel-permit', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'cancel-permit', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'cancel-permit', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:RETURNED', 'cancel-permit', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:PERMIT', 'cancel-permit', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'FX_APPROVED:QUALITY', 'cancel-permit', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'FX_APPROVED:RETURNED', 'cancel-permit', 'FX_APPROVED:RETURNED'),
    ('EXPORT', 'QUALITY_REJECTED:RETURNED', 'cancel-permit', 'QUALITY_REJECTED:RETURNED'),
    ('EXPORT', 'PENDING:FX', 'cancel-permit', 'PENDING:FX'),
    ('EXPORT', 'FX_REJECTED:RETURNED', 'cancel-permit', 'FX_REJECTED:RETURNED'),
    ('EXPORT', 'PENDING:BANK_CHECK', 'cancel-permit', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'PENDING:RETURNED', 'cancel-permit', 'PENDING:RETURNED');
alter table export_status_history
    add constraint export_status_history_permit_cancelled check (action <> 'cancel-permit' or reason is not null);

-- As before, and since when a certificate of origin is withdrawn.
set role jebena_definer;
create or replace function gate.worth_of_paper(paper uuid, today date,
    out state text, out valid_until date, out since date, out replaced_by text)
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
declare
    p public.issued_papers;
    firm text;
    firm_since date;
    lost_on date;
begin
    select x.* into p from public.issued_papers x where x.paper_id = paper;
    if not found then
        return;
    end if;
    if p.permit_id is not null then
        select case when x.status = 'CANCELLED' then 'REVOKED'
                    when x.status = 'ISSUED' and x.valid_until < today then 'EXPIRED'
                    when x.status = 'ISSUED' then 'VALID' else x.status end,
               x.valid_until, coalesce(x.used_date, app.eat_date(x.cancelled_at))
        into state, valid_until, since
        from public.export_permits x where x.permit_id = p.permit_id;
    elsif p.certificate_id is not null then
        select case x.status when 'ISSUED' then 'VALID' else x.status end, app.eat_date(x.withdrawn_at), y.certificate_number
        into state, since, replaced_by
        from public.certificates_of_origin x
        left join public.certificates_of_origin y on y.certificate_id = x.replaced_by
        where x.certificate_id = p.certificate_id;
    elsif p.inspection_id is not null then
        select case when x.superseded_by is null then 'VALID' else 'REPLACED' end, y.quality_certificate_number
        into state, replaced_by
        from public.quality_inspections x
        left join public.quality_inspections y on y.inspection_id = x.superseded_by
        where x.inspection_id = p.inspection_id;
    elsif p.export_id is not null then
        select case when w.paper_id is null then 'VALID' when w.replaced_by is null then 'REVOKED' else 'REPLACED' end,
               app.eat_date(w.withdrawn_at), y.number
        into state, since, replaced_by
        from (select 1) one
        left join public.paper_withdrawals w on w.paper_id = paper
        left join public.issued_papers y on y.paper_id = w.replaced_by;
    else
        select f.status, app.eat_date(f.updated_at) into firm, firm_since
        from public.exporter_profiles f where f.organization_id = p.owner_organization_id;
        if p.laboratory_id is not null then
            select app.worth(x.status, x.superseded_by is not null, x.expiry_date, today, firm), x.expiry_date,
                   app.eat_date(x.updated_at), y.certification_number
            into state, valid_until, since, replaced_by
            from public.coffee_laboratories x
            left join public.coffee_laboratories y on y.laboratory_id = x.superseded_by
            where x.laboratory_id = p.laboratory_id;
        elsif p.taster_id is not null then
            -- The authority's number of a taster stands on the paper alone.
            select app.worth(x.status, x.superseded_by is not null, x.certificate_expiry_date, today, firm),
                   x.certificate_expiry_date, app.eat_date(x.updated_at), y.number
            into state, valid_until, since, replaced_by
            from public.coffee_tasters x
            left join public.issued_papers y on y.taster_id = x.superseded_by and y.duplicate = 0
            where x.taster_id = p.taster_id;
        elsif p.competence_id is not null then
            select app.worth(x.status, x.superseded_by is not null, x.expiry_date, today, firm), x.expiry_date,
                   app.eat_date(x.updated_at), y.certificate_number
            into state, valid_until, since, replaced_by
            from public.competence_certificates x
            left join public.competence_certificates y on y.certificate_id = x.superseded_by
            where x.certificate_id = p.competence_id;
        elsif p.license_id is not null then
            select app.worth(x.status, x.superseded_by is not null, x.expiry_date, today, firm), x.expiry_date,
                   app.eat_date(x.updated_at), y.license_number
            into state, valid_until, since, replaced_by
            from public.export_licenses x
            left join public.export_licenses y on y.license_id = x.superseded_by
            where x.license_id = p.license_id;
        end if;
        -- Since when is on record where somebody has taken it away; its last day and its successor say the rest.
        if state not in ('REVOKED', 'SUSPENDED') then
            since := null;
        elsif firm = state then
            since := firm_since;
        end if;
        if state <> 'REPLACED' then
            replaced_by := null;
        end if;
    end if;
    -- A sheet that was declared lost holds no more, whatever the thing itself is worth.
    if state in ('VALID', 'USED') then
        select app.eat_date(d.issued_at) into lost_on from public.issued_papers d where d.duplicate_of = paper;
        if found then
            state := 'LOST';
            since := lost_on;
        end if;
    end if;
end
$$;
set role jebena_owner;
