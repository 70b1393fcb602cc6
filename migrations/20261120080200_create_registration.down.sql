drop table preregistration_documents, export_licenses, competence_certificates, coffee_tasters,
    coffee_laboratories, exporter_profiles;
