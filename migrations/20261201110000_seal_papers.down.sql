alter table job_schedules no force row level security;
delete from job_schedules where kind = 'SEAL_PAPERS';
alter table job_schedules force row level security;
alter table jobs no force row level security;
delete from jobs where kind in ('SEAL_PAPER', 'SEAL_PAPERS');
alter table jobs force row level security;

set role jebena_definer;
drop function gate.find_proof(text);
set role jebena_owner;

drop table paper_files;
drop table paper_seals;

alter policy exporter_insert on issued_papers with check (
    owner_organization_id = (select app.org())
    and kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE',
                 'WAY_BILL')
    and exists (select from exports e where e.export_id = issued_papers.export_id
                and e.exporter_organization_id = (select app.org())));
alter policy ecta_insert on issued_papers with check ((select app.org_kind()) = 'ECTA'
    and kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE', 'COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE', 'LABORATORY_CERTIFICATE',
                 'TASTER_CERTIFICATE', 'QUALITY_CERTIFICATE'));
drop index issued_papers_issuer;
alter table issued_papers drop issuer_organization_id;
