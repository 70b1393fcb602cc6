-- Certificates of the chamber or for REX, what was withdrawn and why have no place in the schema before this one, and a
-- record is never thrown away: once there is some, going back means a backup. The walls stand against the owner too, who
-- would see no row of it.
alter table certificates_of_origin no force row level security;
alter table export_permits no force row level security;
alter table export_status_history no force row level security;
do $$
begin
    if exists (select from certificates_of_origin where kind <> 'ICO' or withdrawn_at is not null)
       or exists (select from export_permits where cancelled_by is not null)
       or exists (select from export_status_history where action = 'cancel-permit') then
        raise exception 'there are withdrawn papers, or certificates of others, which the schema before cannot keep';
    end if;
end
$$;
alter table certificates_of_origin force row level security;
alter table export_permits force row level security;
alter table export_status_history force row level security;

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
        select case x.status when 'ISSUED' then 'VALID' else x.status end, y.certificate_number
        into state, replaced_by
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

alter table export_status_history drop constraint export_status_history_permit_cancelled;
delete from legal_moves where subject = 'EXPORT' and action = 'cancel-permit';

drop policy system_update on certificates_of_origin;
revoke update (status, replaced_by, withdrawn_by, withdrawn_at, withdrawal_reason) on certificates_of_origin
    from jebena_system;
drop policy exporter_insert on certificates_of_origin;
revoke insert on certificates_of_origin from jebena_party;
alter policy ecta_insert on certificates_of_origin with check ((select app.org_kind()) = 'ECTA');

drop index certificates_of_origin_live, certificates_of_origin_number, certificates_of_origin_any_number,
    certificates_of_origin_export, certificates_of_origin_organization, certificates_of_origin_withdrawn_by,
    certificates_of_origin_issued, certificates_of_origin_withdrawn, issued_papers_by_number;
alter table certificates_of_origin
    drop constraint certificates_of_origin_ico,
    drop constraint certificates_of_origin_issuer,
    drop constraint certificates_of_origin_withdrawal,
    drop form,
    drop organization_id,
    drop issuer,
    drop withdrawn_by,
    drop withdrawn_at,
    drop withdrawal_reason,
    alter coffee_year set not null,
    alter serial set not null,
    alter customs_signed_by set not null,
    alter customs_signed_at set not null,
    add constraint certificates_of_origin_certificate_number_key unique (certificate_number);
create unique index certificates_of_origin_live on certificates_of_origin (export_id, kind) where status = 'ISSUED';

drop index export_permits_cancelled_by;
alter table export_permits
    drop constraint export_permits_cancellation,
    drop cancelled_by,
    drop cancellation_reason;
