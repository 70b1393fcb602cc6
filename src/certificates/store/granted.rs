//! What the papers of a registration and of an inspection are made of, as the rows stand at the moment of issue.
//! Nothing that has not been granted is found: it has no number or no days yet.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::certificates::bilingual::Bilingual;
use crate::ids::{CompetenceId, ExporterId, InspectionId, LaboratoryId, LicenseId, OrganizationId, TasterId};

/// The firm to which a paper is issued.
#[derive(Debug)]
pub(in crate::certificates) struct HolderSource {
    pub organization_id: OrganizationId,
    pub business_name: String,
    pub business_type: String,
    pub tin: String,
    pub registration_number: String,
    pub office_address: String,
    pub city: Option<String>,
    pub region: Option<String>,
    pub contact_person: String,
    pub phone: String,
    pub email: String,
}

pub(in crate::certificates) async fn find_holder(
    connection: &mut PgConnection,
    id: ExporterId,
) -> sqlx::Result<HolderSource> {
    sqlx::query_as!(
        HolderSource,
        r#"select organization_id as "organization_id: OrganizationId", business_name, business_type, tin,
               registration_number, office_address, city, region, contact_person, phone, email
           from exporter_profiles where exporter_id = $1"#,
        id as ExporterId
    )
    .fetch_one(connection)
    .await
}

#[derive(Debug)]
pub(in crate::certificates) struct LaboratorySource {
    pub exporter_id: ExporterId,
    pub number: String,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub name: String,
    pub address: String,
    pub has_roasting: bool,
    pub has_cupping_room: bool,
    pub has_sample_storage: bool,
    pub equipment: Vec<String>,
    pub inspected_on: Option<NaiveDate>,
    pub inspector: Option<String>,
}

pub(in crate::certificates) async fn find_laboratory(
    connection: &mut PgConnection,
    id: LaboratoryId,
) -> sqlx::Result<LaboratorySource> {
    sqlx::query_as!(
        LaboratorySource,
        r#"select exporter_id as "exporter_id: ExporterId", certification_number as "number!",
               certified_date as "valid_from!", expiry_date as "valid_until!", laboratory_name as name, address,
               has_roasting_facility as has_roasting, has_cupping_room, has_sample_storage,
               array(select jsonb_array_elements_text(equipment)) as "equipment!", last_inspection_date as inspected_on,
               gate.person_name(inspected_by) as inspector
           from coffee_laboratories
           where laboratory_id = $1 and certification_number is not null and certified_date is not null
             and expiry_date is not null"#,
        id as LaboratoryId
    )
    .fetch_one(connection)
    .await
}

#[derive(Debug)]
pub(in crate::certificates) struct TasterSource {
    pub exporter_id: ExporterId,
    pub name: String,
    pub born_on: Option<NaiveDate>,
    pub national_id: Option<String>,
    pub qualification: String,
    pub proficiency_number: String,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub employed_since: NaiveDate,
    pub is_exclusive: bool,
}

pub(in crate::certificates) async fn find_taster(
    connection: &mut PgConnection,
    id: TasterId,
) -> sqlx::Result<TasterSource> {
    sqlx::query_as!(
        TasterSource,
        r#"select exporter_id as "exporter_id: ExporterId", full_name as name, date_of_birth as born_on, national_id,
               qualification_level as qualification, proficiency_certificate_number as proficiency_number,
               certificate_issue_date as valid_from, certificate_expiry_date as valid_until,
               employment_start_date as employed_since, is_exclusive_employee as is_exclusive
           from coffee_tasters where taster_id = $1"#,
        id as TasterId
    )
    .fetch_one(connection)
    .await
}

#[derive(Debug)]
pub(in crate::certificates) struct CompetenceSource {
    pub exporter_id: ExporterId,
    pub number: String,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub laboratory_name: Option<String>,
    pub laboratory_number: Option<String>,
    pub laboratory_address: Option<String>,
    pub taster_name: Option<String>,
    pub taster_number: Option<String>,
    pub taster_qualification: Option<String>,
    pub inspected_on: Option<NaiveDate>,
    pub has_quality_management: bool,
    pub storage_kg: Option<Decimal>,
    pub storage_conditions: Option<String>,
}

pub(in crate::certificates) async fn find_competence(
    connection: &mut PgConnection,
    id: CompetenceId,
) -> sqlx::Result<CompetenceSource> {
    sqlx::query_as!(
        CompetenceSource,
        r#"select c.exporter_id as "exporter_id: ExporterId", c.certificate_number as "number!",
               c.issued_date as "valid_from!", c.expiry_date as "valid_until!",
               l.laboratory_name as "laboratory_name?", l.certification_number as laboratory_number,
               l.address as "laboratory_address?", t.full_name as "taster_name?",
               t.proficiency_certificate_number as "taster_number?",
               t.qualification_level as "taster_qualification?", c.facility_inspection_date as inspected_on,
               c.has_quality_management_system as has_quality_management, c.storage_capacity as storage_kg,
               c.storage_conditions
           from competence_certificates c
           left join coffee_laboratories l on l.laboratory_id = c.laboratory_id
           left join coffee_tasters t on t.taster_id = c.taster_id
           where c.certificate_id = $1 and c.certificate_number is not null and c.issued_date is not null
             and c.expiry_date is not null"#,
        id as CompetenceId
    )
    .fetch_one(connection)
    .await
}

#[derive(Debug)]
pub(in crate::certificates) struct LicenseSource {
    pub exporter_id: ExporterId,
    pub number: String,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub eic_number: String,
    pub competence_number: String,
    pub coffee_types: Json<Vec<Bilingual>>,
    pub origins: Json<Vec<Bilingual>>,
    pub annual_quota_kg: Option<Decimal>,
}

pub(in crate::certificates) async fn find_license(
    connection: &mut PgConnection,
    id: LicenseId,
) -> sqlx::Result<LicenseSource> {
    sqlx::query_as!(
        LicenseSource,
        r#"select l.exporter_id as "exporter_id: ExporterId", l.license_number as "number!",
               l.issued_date as "valid_from!", l.expiry_date as "valid_until!",
               l.eic_registration_number as eic_number, k.certificate_number as "competence_number!",
               (select coalesce(jsonb_agg(jsonb_build_object('en', a.name, 'am', coalesce(t.name_am, '')) order by a.n), '[]')
                from jsonb_array_elements_text(l.authorized_coffee_types) with ordinality a (name, n)
                left join coffee_types t on t.coffee_type = a.name) as "coffee_types!: Json<Vec<Bilingual>>",
               (select coalesce(jsonb_agg(jsonb_build_object('en', a.name, 'am', coalesce(r.name_am, '')) order by a.n), '[]')
                from jsonb_array_elements_text(l.authorized_origins) with ordinality a (name, n)
                left join regions r on r.region = a.name) as "origins!: Json<Vec<Bilingual>>",
               l.annual_quota as annual_quota_kg
           from export_licenses l
           join competence_certificates k on k.certificate_id = l.competence_certificate_id
               and k.certificate_number is not null
           where l.license_id = $1 and l.license_number is not null and l.issued_date is not null
             and l.expiry_date is not null"#,
        id as LicenseId
    )
    .fetch_one(connection)
    .await
}

#[derive(Debug)]
pub(in crate::certificates) struct QualitySource {
    pub exporter_id: ExporterId,
    pub number: String,
    pub inspected_on: NaiveDate,
    /// Days for which it is taken as fresh.
    pub fresh_days: i64,
    pub centre: String,
    pub sample_code: Option<String>,
    pub lot_number: String,
    pub receipt: String,
    pub coffee: String,
    pub coffee_am: String,
    pub origin: String,
    pub origin_am: Option<String>,
    pub processing: String,
    pub crop_year: Option<String>,
    pub bags: Option<i32>,
    pub net_kg: Decimal,
    pub raw_score: Decimal,
    pub moisture: Decimal,
    pub primary_defects: i32,
    pub secondary_defects: i32,
    pub defects: Option<i32>,
    pub foreign_matter: Option<Decimal>,
    pub odour: Option<Decimal>,
    pub bean_size: Option<String>,
    pub screen_15: Option<Decimal>,
    /// Screens, and beside them the percent that stay on each.
    pub screens: Vec<i32>,
    pub screen_shares: Vec<Decimal>,
    pub cup_score: Decimal,
    pub clean_cup: Option<Decimal>,
    pub acidity: Option<Decimal>,
    pub body: Option<Decimal>,
    pub flavour: Option<Decimal>,
    pub flavor_profile: Option<String>,
    /// Initials, in the order of the form.
    pub panel: Vec<String>,
    pub panel_spread: Option<Decimal>,
    pub sca_score: Option<Decimal>,
    pub cva_score: Option<Decimal>,
    pub ico_quality: Option<String>,
    pub total_score: Decimal,
    pub grade: String,
    pub passed: bool,
    pub remarks: Option<String>,
}

pub(in crate::certificates) async fn find_quality(
    connection: &mut PgConnection,
    id: InspectionId,
) -> sqlx::Result<QualitySource> {
    sqlx::query_as!(
        QualitySource,
        r#"select i.exporter_id as "exporter_id: ExporterId", i.quality_certificate_number as number,
               i.inspection_date as inspected_on,
               coalesce((select v.value::bigint from parameters v
                         where v.key = 'quality_certificate_warning_days' and v.valid_from <= i.inspection_date
                         order by v.valid_from desc limit 1), 30) as "fresh_days!",
               i.inspection_center as centre, i.sample_code, l.ecx_lot_number as lot_number,
               l.warehouse_receipt_number as receipt, l.coffee_type as coffee, t.name_am as coffee_am,
               l.origin_region as origin, r.name_am as "origin_am?", l.processing_method as processing, l.crop_year,
               l.bags, l.quantity as net_kg, i.raw_score, i.moisture_content as moisture, i.primary_defects,
               i.secondary_defects, i.defect_count as defects, i.foreign_matter, i.odour_score as odour, i.bean_size,
               i.screen_15_pct as screen_15, i.cup_score, i.clean_cup, i.acidity, i.body, i.flavour, i.flavor_profile,
               i.total_score as "total_score!", i.final_grade as grade, i.passed, i.remarks, i.panel_spread, i.sca_score,
               i.cva_score, i.ico_quality_code as ico_quality,
               array(select s.screen from inspection_screens s where s.inspection_id = $1 order by s.screen) as "screens!",
               array(select s.pct from inspection_screens s where s.inspection_id = $1 order by s.screen)
                   as "screen_shares!: Vec<Decimal>",
               array(select t.taster from inspection_panel t where t.inspection_id = $1 and t.form = 'CUP_60'
                     order by t.position) as "panel!"
           from quality_inspections i
           join coffee_lots l on l.lot_id = i.lot_id
           join coffee_types t on t.coffee_type = l.coffee_type
           left join regions r on r.region = l.origin_region
           where i.inspection_id = $1"#,
        id as InspectionId
    )
    .fetch_one(connection)
    .await
}
