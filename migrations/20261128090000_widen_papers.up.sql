-- A paper belongs to the firm that it was issued to: as before to one of its exports, or to its registration, or to the
-- inspection of one of its lots. The firm's own commercial papers of an export stand beside those of the authority.

-- What is stored stays as it was issued; the firm stands in the export that each paper has named so far.
alter table issued_papers add owner_organization_id uuid references organizations on delete restrict;
alter table issued_papers disable trigger append_only_rows;
alter table issued_papers no force row level security;
alter table exports no force row level security;
update issued_papers p set owner_organization_id = e.exporter_organization_id
from exports e where e.export_id = p.export_id;
alter table exports force row level security;
alter table issued_papers force row level security;
alter table issued_papers enable always trigger append_only_rows;

alter table issued_papers
    alter owner_organization_id set not null,
    alter export_id drop not null,
    add laboratory_id uuid references coffee_laboratories on delete restrict,
    add taster_id uuid references coffee_tasters on delete restrict,
    add competence_id uuid references competence_certificates on delete restrict,
    add license_id uuid references export_licenses on delete restrict,
    add inspection_id uuid references quality_inspections on delete restrict,
    -- A sheet that was lost is issued anew: the same number and the same content under another code, counted from 1.
    add duplicate int not null default 0 check (duplicate >= 0),
    add duplicate_of uuid references issued_papers on delete restrict,
    add duplicate_reason text check (length(duplicate_reason) between 10 and 500),
    drop constraint issued_papers_kind_check,
    drop constraint issued_papers_check,
    drop constraint issued_papers_check1,
    drop constraint issued_papers_kind_number_key,
    add constraint issued_papers_kind check (kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE', 'COMPETENCE_CERTIFICATE',
        'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE', 'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE', 'PROFORMA_INVOICE',
        'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE', 'WAY_BILL')),
    -- Each kind is the paper of one kind of row; the commercial papers are those of the export alone.
    add constraint issued_papers_subject check (
        (kind = 'EXPORT_PERMIT') = (permit_id is not null)
        and (kind = 'ICO_CERTIFICATE') = (certificate_id is not null)
        and (kind = 'LABORATORY_CERTIFICATE') = (laboratory_id is not null)
        and (kind = 'TASTER_CERTIFICATE') = (taster_id is not null)
        and (kind = 'COMPETENCE_CERTIFICATE') = (competence_id is not null)
        and (kind = 'EXPORT_LICENSE') = (license_id is not null)
        and (kind = 'QUALITY_CERTIFICATE') = (inspection_id is not null)),
    add constraint issued_papers_export check ((export_id is null) = (kind in ('COMPETENCE_CERTIFICATE',
        'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE', 'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE'))),
    add constraint issued_papers_duplicate check ((duplicate > 0) = (duplicate_of is not null)
        and (duplicate > 0) = (duplicate_reason is not null)),
    -- The authority's numbers are unique in the tables of what they number; an exporter numbers its own papers.
    add constraint issued_papers_number unique (owner_organization_id, kind, number, duplicate),
    -- A sheet is lost once: the next one that is lost is its duplicate.
    add constraint issued_papers_duplicate_of unique (duplicate_of);

drop index issued_papers_permit, issued_papers_certificate;
create unique index issued_papers_permit on issued_papers (permit_id, duplicate) where permit_id is not null;
create unique index issued_papers_certificate on issued_papers (certificate_id, duplicate) where certificate_id is not null;
create unique index issued_papers_laboratory on issued_papers (laboratory_id, duplicate) where laboratory_id is not null;
create unique index issued_papers_taster on issued_papers (taster_id, duplicate) where taster_id is not null;
create unique index issued_papers_competence on issued_papers (competence_id, duplicate) where competence_id is not null;
create unique index issued_papers_license on issued_papers (license_id, duplicate) where license_id is not null;
create unique index issued_papers_inspection on issued_papers (inspection_id, duplicate) where inspection_id is not null;
create index issued_papers_owner on issued_papers (owner_organization_id, issued_at desc, paper_id desc);
create index issued_papers_newest on issued_papers (issued_at desc, paper_id desc);
create index issued_papers_newest_of_kind on issued_papers (kind, issued_at desc, paper_id desc);

-- A commercial paper that no longer holds: taken back, or another stands in its place. What becomes of the authority's
-- papers stands in the rows of what they are papers of.
create table paper_withdrawals (
    paper_id uuid primary key references issued_papers on delete restrict,
    replaced_by uuid unique references issued_papers on delete restrict,
    reason text not null check (length(reason) between 10 and 500),
    organization_id uuid not null references organizations on delete restrict,
    withdrawn_by uuid not null references users on delete restrict,
    withdrawn_at timestamptz not null,
    check (replaced_by <> paper_id)
);
create index paper_withdrawals_organization on paper_withdrawals (organization_id);
create index paper_withdrawals_withdrawn_by on paper_withdrawals (withdrawn_by);
call app.make_append_only('paper_withdrawals');

insert into number_series (series_key, pattern, reset, description) values
    ('TASTER', 'TST-{yyyy}-{n:6}', 'YEAR', 'Taster proficiency certificate');

-- The day of a moment in Addis Ababa.
create function app.eat_date(moment timestamptz) returns date
language sql immutable parallel safe
    return (moment at time zone 'Africa/Addis_Ababa')::date;

-- What a paper of a registration is worth: of `status`, superseded or not, until its last day, its firm being `firm`.
-- An application that was decided anew after it had been granted is in force no more.
create function app.worth(status text, is_superseded boolean, until date, today date, firm text) returns text
language sql immutable parallel safe
    return case when status = 'REVOKED' or firm = 'REVOKED' then 'REVOKED'
                when is_superseded then 'REPLACED'
                when status = 'EXPIRED' or until < today then 'EXPIRED'
                when status = 'SUSPENDED' or firm = 'SUSPENDED' then 'SUSPENDED'
                when status = 'ACTIVE' and firm = 'ACTIVE' then 'VALID'
                else 'REVOKED' end;

create policy definer_select on quality_inspections for select to jebena_definer using (true);
grant select on quality_inspections to jebena_definer;
alter table paper_withdrawals enable row level security;
alter table paper_withdrawals force row level security;
create policy definer_select on paper_withdrawals for select to jebena_definer using (true);
grant select on paper_withdrawals to jebena_definer;

set role jebena_definer;

-- What a paper is worth on a day: the one answer for its people and for a stranger with its code.
create function gate.worth_of_paper(paper uuid, today date,
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

-- Whether a paper is one of an export to which the viewer is party, or of a lot that goes into one.
create function gate.is_paper_of_party(export uuid, inspection uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
    me constant uuid := app.org();
begin
    if export is not null then
        return exists (select from public.exports e where e.export_id = export
            and app.is_party(me, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage));
    end if;
    return inspection is not null and exists (
        select from public.quality_inspections i where i.inspection_id = inspection and gate.sees_lot(i.lot_id));
end
$$;

-- Whether an export is more than its exporter's own affair.
create function gate.is_submitted(export uuid) returns boolean
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return exists (select from public.exports e where e.export_id = export and e.stage <> 'PREPARATION');
end
$$;

drop function gate.find_paper(text, date);
create function gate.find_paper(code text, today date)
returns table (kind text, number text, duplicate int, state text, issued_on date, valid_until date, since date,
               snapshot jsonb, content_sha256 bytea, replaced_by text)
language plpgsql stable security definer set search_path = pg_catalog
as $$
-- The columns of the answer have the names of the tables' columns.
#variable_conflict use_column
begin
    return query
    select p.kind, p.number, p.duplicate, w.state, app.eat_date(p.issued_at), w.valid_until, w.since, p.snapshot,
           p.content_sha256, w.replaced_by
    from public.issued_papers p
    cross join lateral gate.worth_of_paper(p.paper_id, today) w
    where p.verify_code = code;
end
$$;

revoke all on function gate.find_paper(text, date), gate.worth_of_paper(uuid, date), gate.is_paper_of_party(uuid, uuid),
    gate.is_submitted(uuid) from public;
grant execute on function gate.find_paper(text, date) to jebena_public;
grant execute on function gate.worth_of_paper(uuid, date) to jebena_party, jebena_regulator, jebena_auditor;
grant execute on function gate.is_paper_of_party(uuid, uuid) to jebena_party;
grant execute on function gate.is_submitted(uuid) to jebena_regulator, jebena_auditor;
set role jebena_owner;

drop policy party_select on issued_papers;
-- A bank looks into the licences of firms whose money it handles, as it does into their rows.
create policy party_select on issued_papers for select to jebena_party using (
    owner_organization_id = (select app.org())
    or ((select app.org_kind()) = 'COMMERCIAL_BANK' and kind in ('COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE'))
    or gate.is_paper_of_party(export_id, inspection_id));
-- What the authority has issued has been submitted to it; the commercial papers may be of an export in preparation.
create policy regulator_select on issued_papers for select to jebena_regulator, jebena_auditor using (
    kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE', 'COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE',
             'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE')
    or gate.is_submitted(export_id));
alter policy ecta_insert on issued_papers with check ((select app.org_kind()) = 'ECTA'
    and kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE', 'COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE',
                 'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE'));
-- The exporter issues its own papers of its own exports, and none of the authority's.
create policy exporter_insert on issued_papers for insert to jebena_party with check (
    owner_organization_id = (select app.org())
    and kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE',
                 'WAY_BILL')
    and exists (select from exports e where e.export_id = issued_papers.export_id
                and e.exporter_organization_id = (select app.org())));
grant insert on issued_papers to jebena_party;

create policy party_select on paper_withdrawals for select to jebena_party, jebena_regulator, jebena_auditor
    using (exists (select from issued_papers p where p.paper_id = paper_withdrawals.paper_id));
create policy exporter_insert on paper_withdrawals for insert to jebena_party with check (
    organization_id = (select app.org()) and withdrawn_by = (select app.person())
    and exists (select from issued_papers p where p.paper_id = paper_withdrawals.paper_id
                and p.owner_organization_id = (select app.org())
                and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION',
                               'WEIGHT_CERTIFICATE', 'WAY_BILL')));
grant select on paper_withdrawals to jebena_party, jebena_regulator, jebena_auditor;
grant insert on paper_withdrawals to jebena_party;
