-- A record is never thrown away: once something was applied for, going back means a backup. The walls stand against the
-- owner too, who would see no row of it.
alter table review_history no force row level security;
alter table preregistration_documents no force row level security;
do $$
begin
    if exists (select from review_history) or exists (select from preregistration_documents
            where entity_type not in ('exporter_profile', 'laboratory', 'taster', 'competence_certificate', 'export_license')
               or document_type not in ('capital_proof', 'business_registration', 'laboratory_certificate',
                   'taster_qualification', 'competence_certificate', 'export_license', 'inspection_report', 'contract_document')) then
        raise exception 'there are applications and papers, which the schema before cannot keep';
    end if;
end
$$;
alter table preregistration_documents force row level security;
revoke select on preregistration_documents from jebena_admin;
revoke insert on preregistration_documents from jebena_party, jebena_regulator;
revoke update (is_active, deactivated_by, deactivated_at, deactivation_reason, updated_at) on preregistration_documents
    from jebena_party, jebena_regulator;
drop policy own_update on preregistration_documents;
drop policy party_insert on preregistration_documents;
drop policy regulator_insert on preregistration_documents;
alter policy own_organization_select on preregistration_documents using (organization_id = (select app.org()));
drop index preregistration_documents_in_force;
alter table preregistration_documents
    drop column scan_status,
    drop column version,
    drop column reference_number,
    drop column provided_by_organization_id,
    drop constraint preregistration_documents_document_type_fkey,
    drop constraint preregistration_documents_entity_type_check;
alter table preregistration_documents
    add constraint preregistration_documents_entity_type_check check (entity_type in ('exporter_profile', 'laboratory',
        'taster', 'competence_certificate', 'export_license')),
    add constraint preregistration_documents_document_type_check check (document_type in ('capital_proof',
        'business_registration', 'laboratory_certificate', 'taster_qualification', 'competence_certificate',
        'export_license', 'inspection_report', 'contract_document'));
drop table application_document_types, drafts, review_messages, review_history, review_subjects;
