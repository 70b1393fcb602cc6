//! What a paper is made of, read under the export's lock at the moment of issue.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{ExportId, ExporterId, InspectionId, LotId, PermitId, UserId};

/// What a permit takes from other rows than the export's own. All of them are the exporter's.
#[derive(Debug)]
pub(in crate::certificates) struct PermitSource {
    pub business_name: String,
    pub office_address: String,
    pub city: Option<String>,
    pub region: Option<String>,
    pub tin: String,
    pub registration_number: String,
    pub license_id: Uuid,
    pub license_number: String,
    pub license_expires_on: NaiveDate,
    pub competence_id: Uuid,
    pub competence_number: String,
    pub competence_expires_on: NaiveDate,
    pub contract_number: String,
    pub contract_registered_on: NaiveDate,
    pub crop_year: Option<String>,
    pub coffee_am: String,
    pub origin_am: Option<String>,
    pub destination_en: String,
    pub destination_am: String,
    pub buyer_country_en: String,
    pub buyer_country_am: String,
    pub payment_en: String,
    pub payment_am: String,
    pub loading_name: String,
    pub loading_country: String,
    pub loading_country_en: String,
    pub loading_country_am: String,
    pub discharge_name: String,
    pub discharge_country: String,
    pub discharge_country_en: String,
    pub discharge_country_am: String,
}

/// Nothing when the exporter's licence or certificate of competence is not in force on `today`.
pub(in crate::certificates) async fn find_permit_source(
    connection: &mut PgConnection,
    export: ExportId,
    today: NaiveDate,
) -> sqlx::Result<Option<PermitSource>> {
    sqlx::query_as!(
        PermitSource,
        r#"select p.business_name, p.office_address, p.city, p.region, p.tin, p.registration_number,
               l.license_id, l.license_number as "license_number!", l.expiry_date as "license_expires_on!",
               k.certificate_id as competence_id, k.certificate_number as "competence_number!",
               k.expiry_date as "competence_expires_on!",
               c.contract_number, c.registration_date as contract_registered_on,
               coalesce(e.crop_year, c.crop_year) as crop_year, t.name_am as coffee_am, r.name_am as "origin_am?",
               d.name as destination_en, d.name_am as destination_am,
               b.name as buyer_country_en, b.name_am as buyer_country_am,
               m.name as payment_en, m.name_am as payment_am,
               pl.name as loading_name, cl.country_code as "loading_country", cl.name as loading_country_en,
               cl.name_am as loading_country_am,
               pd.name as discharge_name, cd.country_code as "discharge_country", cd.name as discharge_country_en,
               cd.name_am as discharge_country_am
           from exports e
           join exporter_profiles p on p.exporter_id = e.exporter_id
           -- The licence may have been renewed since the request: the one in force counts.
           join export_licenses l on l.exporter_id = e.exporter_id and l.status = 'ACTIVE'
               and l.superseded_by is null and l.expiry_date >= $2
           join competence_certificates k on k.exporter_id = e.exporter_id and k.status = 'ACTIVE'
               and k.superseded_by is null and k.expiry_date >= $2
           join sales_contracts c on c.contract_id = e.contract_id and c.exporter_id = e.exporter_id
           join coffee_types t on t.coffee_type = e.coffee_type
           left join regions r on r.region = e.origin_region
           join countries d on d.country_code = e.destination_country
           join countries b on b.country_code = e.buyer_country
           join payment_methods m on m.payment_method = e.payment_method
           join ports pl on pl.port_code = e.port_of_loading
           join countries cl on cl.country_code = pl.country_code
           join ports pd on pd.port_code = e.port_of_discharge
           join countries cd on cd.country_code = pd.country_code
           where e.export_id = $1"#,
        export as ExportId,
        today,
    )
    .fetch_optional(connection)
    .await
}

/// A lot's share of an export, with the inspection that passed it.
#[derive(Debug)]
pub(in crate::certificates) struct PermitLot {
    pub lot_id: LotId,
    pub lot_number: String,
    pub receipt: String,
    pub warehouse_location: String,
    pub warehouse_name: Option<String>,
    pub crop_year: Option<String>,
    pub quantity_kg: Decimal,
    pub inspection_id: InspectionId,
    pub quality_certificate: String,
    pub inspected_on: NaiveDate,
    pub score: Decimal,
    pub final_grade: String,
}

/// The lots of an export that are the exporter's own and passed, the largest share first.
pub(in crate::certificates) async fn list_permit_lots(
    connection: &mut PgConnection,
    export: ExportId,
    exporter: ExporterId,
) -> sqlx::Result<Vec<PermitLot>> {
    sqlx::query_as!(
        PermitLot,
        r#"select l.lot_id as "lot_id: LotId", l.ecx_lot_number as lot_number,
               l.warehouse_receipt_number as receipt, l.warehouse_location, l.warehouse_name, l.crop_year,
               x.quantity_kg, i.inspection_id as "inspection_id: InspectionId",
               i.quality_certificate_number as quality_certificate, i.inspection_date as inspected_on,
               i.total_score as "score!", i.final_grade
           from export_lots x
           join coffee_lots l on l.lot_id = x.lot_id and l.purchased_by = $2
           join quality_inspections i on i.inspection_id = l.inspection_id and i.exporter_id = $2 and i.passed
           where x.export_id = $1
           order by x.quantity_kg desc, x.lot_id"#,
        export as ExportId,
        exporter as ExporterId,
    )
    .fetch_all(connection)
    .await
}

/// What a certificate of origin takes from other rows than the export's own.
#[derive(Debug)]
pub(in crate::certificates) struct OriginSource {
    pub permit_id: PermitId,
    pub permit_number: String,
    pub permit_grade: String,
    pub business_name: String,
    pub office_address: String,
    pub city: Option<String>,
    pub ico_exporter_code: Option<String>,
    pub exporter_reference: Option<String>,
    pub crop_year: Option<String>,
    pub on_board_date: NaiveDate,
    pub bill_of_lading: String,
    pub coffee_am: String,
    pub producing_en: String,
    pub producing_am: String,
    pub producing_ico: String,
    pub destination_en: String,
    pub destination_am: String,
    pub destination_ico: Option<String>,
    pub buyer_country_en: String,
    pub buyer_country_am: String,
    pub moisture: Option<Decimal>,
    pub defects: Option<i32>,
    pub customs_officer_id: UserId,
    pub customs_officer: String,
    pub customs_signed_at: DateTime<Utc>,
    pub customs_place: String,
    pub customs_en: String,
    pub customs_am: String,
}

/// Nothing when there is no permit in force or used, or no customs officer has signed.
pub(in crate::certificates) async fn find_origin_source(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Option<OriginSource>> {
    sqlx::query_as!(
        OriginSource,
        r#"select q.permit_id as "permit_id: PermitId", q.permit_number, q.grade as permit_grade,
               p.business_name, p.office_address, p.city, p.ico_exporter_code as "ico_exporter_code: String",
               e.exporter_reference, coalesce(e.crop_year, c.crop_year, x.crop_year) as crop_year,
               e.on_board_date as "on_board_date!", e.bill_of_lading_number as "bill_of_lading!",
               t.name_am as coffee_am,
               o.name as producing_en, o.name_am as producing_am, o.ico_code as "producing_ico!: String",
               d.name as destination_en, d.name_am as destination_am, d.ico_code as "destination_ico: String",
               b.name as buyer_country_en, b.name_am as buyer_country_am,
               x.moisture, x.defects,
               s.approved_by as "customs_officer_id!: UserId",
               coalesce(gate.person_name(s.approved_by), '') as "customs_officer!",
               s.approval_date as "customs_signed_at!",
               coalesce(s.approval_data ->> 'place', '') as "customs_place!",
               g.name as customs_en, g.name_am as customs_am
           from exports e
           join export_permits q on q.export_id = e.export_id and q.status in ('ISSUED', 'USED')
               and q.exporter_id = e.exporter_id
           join export_approvals s on s.export_id = e.export_id and s.approval_type = 'ORIGIN_SIGNATURE'
               and s.status = 'APPROVED' and s.superseded_at is null
           join organizations g on g.organization_id = s.organization_id
           join exporter_profiles p on p.exporter_id = e.exporter_id
           join sales_contracts c on c.contract_id = e.contract_id
           join coffee_types t on t.coffee_type = e.coffee_type
           join countries o on o.country_code = 'ET'
           join countries d on d.country_code = e.destination_country
           join countries b on b.country_code = e.buyer_country
           -- Of several lots the worst counts: the certificate speaks for all of them.
           left join lateral (
               select max(i.moisture_content) as moisture, max(l.crop_year) as crop_year,
                      case when count(*) = count(i.defect_count) then max(i.defect_count) end as defects
               from export_lots h
               join coffee_lots l on l.lot_id = h.lot_id
               join quality_inspections i on i.inspection_id = l.inspection_id
               where h.export_id = e.export_id) x on true
           where e.export_id = $1"#,
        export as ExportId,
    )
    .fetch_optional(connection)
    .await
}
