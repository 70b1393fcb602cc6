//! The SQL of a new request: what it may be made of, and its rows.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::transitions::REQUESTED;
use crate::ids::{ContractId, ExportId, ExporterId, LotId, OrganizationId, UserId};

/// The exporter who asks, with the licence in force.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// The profile.
    pub exporter_id: ExporterId,
    /// As registered.
    pub business_name: String,
    /// Whether every gate is passed today.
    pub qualified: bool,
    /// The licence in force.
    pub license_id: Option<Uuid>,
    /// Coffee types that it covers.
    pub coffee_types: Vec<String>,
    /// Origins that it covers; empty for all.
    pub origins: Vec<String>,
    /// The bank of the profile.
    pub bank: Option<OrganizationId>,
    /// Kilograms left of the licence's annual quota, if it has one.
    pub quota_left_kg: Option<Decimal>,
}

/// A contract that may be shipped against.
#[derive(Debug, Clone)]
pub struct ContractChoice {
    /// Its id.
    pub contract_id: ContractId,
    /// Its number.
    pub contract_number: String,
    /// APPROVED, ...
    pub status: String,
    /// The buyer.
    pub buyer_name: String,
    /// ISO 3166 code.
    pub buyer_country: String,
    /// Where the buyer stands.
    pub buyer_address: Option<String>,
    /// Mail address.
    pub buyer_email: Option<String>,
    /// Coffee type.
    pub coffee_type: String,
    /// WASHED, NATURAL, HONEY, or any.
    pub processing_method: Option<String>,
    /// The grade asked.
    pub grade: String,
    /// Kilograms left, without the tolerance.
    pub free_kg: Decimal,
    /// Kilograms left with the tolerance that the contract grants.
    pub limit_kg: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// In that currency.
    pub price_per_kg: Decimal,
    /// LC, CAD, ...
    pub payment_method: String,
    /// Incoterms 2020.
    pub incoterm: String,
    /// SEA or AIR.
    pub transport_mode: String,
    /// UN/LOCODE.
    pub port_of_loading: Option<String>,
    /// UN/LOCODE.
    pub port_of_discharge: Option<String>,
    /// What the buyer asks for.
    pub requested_documents: Vec<String>,
}

/// A lot that may be exported.
#[derive(Debug, Clone)]
pub struct LotChoice {
    /// Its id.
    pub lot_id: LotId,
    /// The exchange's or the internal number.
    pub lot_number: String,
    /// IN_WAREHOUSE, INSPECTED, ...
    pub status: String,
    /// Coffee type.
    pub coffee_type: String,
    /// Region.
    pub origin_region: String,
    /// WASHED, NATURAL or HONEY.
    pub processing_method: String,
    /// Harvest.
    pub crop_year: Option<String>,
    /// The grade found, when it passed its inspection.
    pub final_grade: Option<String>,
    /// Kilograms left.
    pub free_kg: Decimal,
}

/// An organisation or a port to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What a person reads.
    pub label: String,
}

/// The exporter for whom `viewer` acts.
pub(in crate::exports) async fn find_applicant(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Option<Applicant>> {
    sqlx::query_as!(
        Applicant,
        r#"select p.exporter_id as "exporter_id: ExporterId", p.business_name,
                  exists (select from qualified_exporters q where q.exporter_id = p.exporter_id) as "qualified!",
                  l.license_id as "license_id?",
                  array(select jsonb_array_elements_text(l.authorized_coffee_types)) as "coffee_types!",
                  array(select jsonb_array_elements_text(l.authorized_origins)) as "origins!",
                  p.bank_organization_id as "bank: OrganizationId",
                  l.annual_quota - l.quota_reserved_kg as quota_left_kg
           from exporter_profiles p
           left join export_licenses l on l.exporter_id = p.exporter_id and l.status = 'ACTIVE'
                and l.superseded_by is null and l.expiry_date >= (select app.today())
           where p.organization_id = $1"#,
        viewer.organization.id as OrganizationId
    )
    .fetch_optional(connection)
    .await
}

/// The exporter's contracts that have something left, oldest first; or one of them.
pub(in crate::exports) async fn list_contracts(
    connection: &mut PgConnection,
    exporter: ExporterId,
    only: Option<ContractId>,
) -> sqlx::Result<Vec<ContractChoice>> {
    sqlx::query_as!(
        ContractChoice,
        r#"select contract_id as "contract_id: ContractId", contract_number,
                  case when status = 'APPROVED' and shipment_deadline < (select app.today()) then 'EXPIRED'
                       else status end as "status!",
                  buyer_name, buyer_country, buyer_address, buyer_email, coffee_type, processing_method, grade,
                  greatest(quantity - reserved_kg, 0) as "free_kg!",
                  quantity * (1 + tolerance_pct / 100) - reserved_kg as "limit_kg!", currency, price_per_kg, payment_method,
                  incoterms as incoterm, transport_mode, port_of_loading, port_of_discharge, requested_documents
           from sales_contracts
           where exporter_id = $1 and (contract_id = $2
                                     or $2 is null and status = 'APPROVED' and reserved_kg < quantity
                                        and (shipment_deadline is null or shipment_deadline >= (select app.today())))
           order by registration_date, contract_id
           limit 200"#,
        exporter as ExporterId,
        only as Option<ContractId>
    )
    .fetch_all(connection)
    .await
}

/// The exporter's lots that have something left, oldest first; or those with the ids given.
pub(in crate::exports) async fn list_lots(
    connection: &mut PgConnection,
    exporter: ExporterId,
    only: Option<&[Uuid]>,
) -> sqlx::Result<Vec<LotChoice>> {
    sqlx::query_as!(
        LotChoice,
        r#"select l.lot_id as "lot_id: LotId", l.ecx_lot_number as lot_number, l.status, l.coffee_type, l.origin_region,
                  l.processing_method, l.crop_year,
                  case when i.passed then i.final_grade end as final_grade, l.free_kg as "free_kg!"
           from coffee_lots l
           left join quality_inspections i on i.inspection_id = l.inspection_id
           where l.purchased_by = $1
             and (l.lot_id = any($2) or $2 is null and l.status in ('INSPECTED', 'RESERVED_FOR_EXPORT')
                                                   and l.free_kg > 0 and i.passed)
           order by l.purchase_date, l.lot_id
           limit 200"#,
        exporter as ExporterId,
        only
    )
    .fetch_all(connection)
    .await
}

/// Active organisations of a kind, by name.
pub(in crate::exports) async fn list_organizations(
    connection: &mut PgConnection,
    kind: &str,
) -> sqlx::Result<Vec<Choice>> {
    sqlx::query_as!(
        Choice,
        r#"select organization_id::text as "value!", name as label from organizations
           where kind = $1 and is_active order by name, organization_id"#,
        kind
    )
    .fetch_all(connection)
    .await
}

/// Ports in force, by name.
pub(in crate::exports) async fn list_ports(connection: &mut PgConnection) -> sqlx::Result<Vec<Choice>> {
    sqlx::query_as!(
        Choice,
        r#"select port_code as "value!", name || ', ' || country_code as "label!" from ports
           where valid_to is null or valid_to >= (select app.today()) order by name, port_code"#
    )
    .fetch_all(connection)
    .await
}

/// A request that has passed the rules.
#[derive(Debug)]
pub(in crate::exports) struct NewExport<'a> {
    pub id: ExportId,
    pub number: &'a str,
    pub applicant: &'a Applicant,
    pub license_id: Uuid,
    pub contract: &'a ContractChoice,
    pub lots: &'a [(LotId, Decimal)],
    pub origin_region: &'a str,
    pub processing_method: &'a str,
    pub crop_year: Option<&'a str>,
    pub quantity: Decimal,
    pub bag_kg: Decimal,
    pub bags: i32,
    pub bank: OrganizationId,
    pub carrier: OrganizationId,
    pub port_of_loading: &'a str,
    pub port_of_discharge: &'a str,
    pub estimated_value: Decimal,
    pub notify_address: Option<&'a str>,
    pub exporter_reference: Option<&'a str>,
}

/// Writes the request, its lots and the first row of its history.
pub(in crate::exports) async fn insert(
    connection: &mut PgConnection,
    new: &NewExport<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exports (export_id, export_number, exporter_id, exporter_organization_id, bank_organization_id,
             shipping_organization_id, exporter_name, contract_id, license_id, coffee_type, origin_region,
             processing_method, grade, crop_year, quantity, bag_kg, bags, destination_country, port_of_loading,
             port_of_discharge, transport_mode, incoterm, payment_method, currency, price_per_kg, estimated_value,
             buyer_name, buyer_country, buyer_address, buyer_email, notify_address, requested_documents,
             exporter_reference, status, stage, stage_entered_at, queue_organization_id, created_by, changed_by,
             changed_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25, $26, $27, $18, $28, $29, $30, $31, $32, $33, $34, $35, $4, $36, $36, $35, $35, $35)",
        new.id as ExportId,
        new.number,
        new.applicant.exporter_id as ExporterId,
        actor.organization.id as OrganizationId,
        new.bank as OrganizationId,
        new.carrier as OrganizationId,
        new.applicant.business_name,
        new.contract.contract_id as ContractId,
        new.license_id,
        new.contract.coffee_type,
        new.origin_region,
        new.processing_method,
        new.contract.grade,
        new.crop_year,
        new.quantity,
        new.bag_kg,
        new.bags,
        new.contract.buyer_country,
        new.port_of_loading,
        new.port_of_discharge,
        new.contract.transport_mode,
        new.contract.incoterm,
        new.contract.payment_method,
        new.contract.currency,
        new.contract.price_per_kg,
        new.estimated_value,
        new.contract.buyer_name,
        new.contract.buyer_address,
        new.contract.buyer_email,
        new.notify_address,
        &new.contract.requested_documents,
        new.exporter_reference,
        REQUESTED.status.code(),
        REQUESTED.stage.code(),
        now,
        actor.user_id as UserId,
    )
    .execute(&mut *connection)
    .await?;
    let ids: Vec<Uuid> = new.lots.iter().map(|(lot, _)| lot.0).collect();
    let shares: Vec<Decimal> = new.lots.iter().map(|(_, share)| *share).collect();
    sqlx::query!(
        "insert into export_lots (export_id, lot_id, quantity_kg)
         select $1, lot, share from unnest($2::uuid[], $3::numeric[]) as parts (lot, share)",
        new.id as ExportId,
        &ids,
        &shares
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into export_status_history (history_id, export_id, version, new_status, new_stage, action, changed_by,
             organization, organization_id, created_at)
         values ($1, $2, 1, $3, $4, 'request', $5, $6, $7, $8)",
        Uuid::now_v7(),
        new.id as ExportId,
        REQUESTED.status.code(),
        REQUESTED.stage.code(),
        actor.user_id as UserId,
        actor.organization.code,
        actor.organization.id as OrganizationId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
