//! The SQL of contracts.

pub(super) mod list;
pub(super) mod options;
pub(super) mod write;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::model::{BuyerTerms, PriceBasis, PriceUnit, Terms};
use super::rules::Applicant;
use crate::auth::{Actor, OrganizationKind};
use crate::ids::{BuyerId, ContractId, ExporterId, OrganizationId, UserId};
use crate::review::Standing;

/// A contract's row, with what stands beside it.
pub(super) struct Row {
    pub standing: Standing,
    pub id: ContractId,
    pub exporter_name: String,
    pub terms: Terms,
    pub reserved_kg: Decimal,
    pub registration_date: NaiveDate,
    pub registered_late: bool,
    pub shipment_deadline: Option<NaiveDate>,
    pub price_date: NaiveDate,
    pub amendment: i32,
    pub rejection_reason: Option<String>,
    pub minimum_overridden: bool,
    pub buyer_status: Option<String>,
    pub sees_buyer: bool,
    pub running_exports: i64,
    pub has_live_permit: bool,
}

/// The exporter for whom `viewer` registers contracts.
pub(super) async fn find_applicant(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Option<Applicant>> {
    sqlx::query_as!(
        Applicant,
        r#"select p.exporter_id as "exporter_id: ExporterId", p.business_name, p.business_type,
                  gate.is_qualified(p.exporter_id) as "is_qualified!",
                  array(select distinct t.coffee
                        from export_licenses l, jsonb_array_elements_text(l.authorized_coffee_types) t (coffee)
                        where l.exporter_id = p.exporter_id and l.status = 'ACTIVE' and l.superseded_by is null
                          and l.expiry_date >= (select app.today())) as "coffee_types!"
           from exporter_profiles p
           where p.organization_id = $1"#,
        viewer.organization.id as OrganizationId
    )
    .fetch_optional(connection)
    .await
}

/// Lets nobody else change the contract until the transaction ends; the exporter's own and the authority alone change any,
/// all others are told by the rules that it is not theirs.
pub(super) async fn lock(connection: &mut PgConnection, viewer: &Actor, id: ContractId) -> sqlx::Result<()> {
    if matches!(viewer.organization.kind, OrganizationKind::Exporter | OrganizationKind::Ecta) {
        sqlx::query!("select contract_id from sales_contracts where contract_id = $1 for update", id as ContractId)
            .fetch_optional(connection)
            .await?;
    }
    Ok(())
}

/// A contract that the viewer may see: an exporter its own.
pub(super) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: ContractId,
) -> sqlx::Result<Option<Row>> {
    let own = (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id);
    let row = sqlx::query!(
        r#"select p.business_name, p.organization_id as "owner: OrganizationId", c.contract_number, c.buyer_id as "buyer_id: BuyerId",
                  c.buyer_name, c.buyer_country, c.buyer_address, c.buyer_email, c.buyer_phone, c.coffee_type,
                  c.origin_region, c.processing_method, c.grade, c.crop_year, c.quantity, c.tolerance_pct, c.reserved_kg,
                  c.currency, c.contract_value, c.price_per_kg, c.price_unit as "price_unit: PriceUnit",
                  coalesce(c.price_quoted, c.price_per_kg) as "price_quoted!",
                  c.price_basis as "price_basis: PriceBasis", c.differential, c.basis_month, c.payment_method,
                  c.payment_terms, c.incoterms, c.named_place, c.transport_mode, c.delivery_date, c.shipment_month,
                  c.port_of_loading, c.port_of_discharge, c.requested_documents, c.deal_date, c.registration_date,
                  c.packaging, c.quality_standard, c.ico_mark_requested, c.governing_rules, c.arbitration,
                  c.commission_pct, c.registered_by as "registered_by: UserId", c.registered_late, c.shipment_deadline,
                  coalesce(c.price_date, c.deal_date, c.registration_date) as "price_date!", c.amendment,
                  c.rejection_reason, c.minimum_overridden, c.status, c.version, gate.buyer_status(c.buyer_id) as buyer_status,
                  b.buyer_id is not null as "sees_buyer!",
                  gate.person_name(h.changed_by) as changed_by, coalesce(h.created_at, c.updated_at) as "changed_at!",
                  (select count(*) from exports e where e.contract_id = c.contract_id
                       and e.status not in ('COMPLETED', 'CANCELLED')) as "running_exports!",
                  exists (select from export_permits x join exports e on e.export_id = x.export_id
                          where e.contract_id = c.contract_id and x.status = 'ISSUED'
                            and x.valid_until >= (select app.today())) as "has_live_permit!"
           from sales_contracts c
           join exporter_profiles p on p.exporter_id = c.exporter_id
           left join buyers b on b.buyer_id = c.buyer_id
           left join lateral (select r.changed_by, r.created_at from review_history r
                              where r.subject = 'CONTRACT' and r.subject_id = c.contract_id
                              order by r.version desc limit 1) h on true
           where c.contract_id = $1 and ($2::uuid is null or p.organization_id = $2)"#,
        id as ContractId,
        own as Option<OrganizationId>,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Row {
        standing: Standing {
            id: id.0,
            reference: row.contract_number,
            state: row.status,
            version: row.version,
            owner: row.owner,
            submitted_by: row.registered_by,
            changed_by: row.changed_by.unwrap_or_default(),
            changed_at: row.changed_at,
        },
        id,
        exporter_name: row.business_name,
        terms: Terms {
            buyer: BuyerTerms {
                id: row.buyer_id,
                name: row.buyer_name,
                country: row.buyer_country,
                address: row.buyer_address,
                email: row.buyer_email,
                phone: row.buyer_phone,
            },
            deal_date: row.deal_date,
            coffee_type: row.coffee_type,
            origin_region: row.origin_region,
            processing_method: row.processing_method,
            grade: row.grade,
            crop_year: row.crop_year,
            quantity: row.quantity,
            tolerance_pct: row.tolerance_pct,
            currency: row.currency,
            price_unit: row.price_unit,
            price_quoted: row.price_quoted,
            price_per_kg: row.price_per_kg,
            price_basis: row.price_basis,
            differential: row.differential,
            basis_month: row.basis_month,
            contract_value: row.contract_value,
            payment_method: row.payment_method,
            payment_terms: row.payment_terms,
            incoterm: row.incoterms,
            named_place: row.named_place,
            transport_mode: row.transport_mode,
            port_of_loading: row.port_of_loading,
            port_of_discharge: row.port_of_discharge,
            shipment_month: row.shipment_month,
            delivery_date: row.delivery_date,
            packaging: row.packaging,
            quality_standard: row.quality_standard,
            requested_documents: row.requested_documents,
            ico_mark_requested: row.ico_mark_requested,
            governing_rules: row.governing_rules,
            arbitration: row.arbitration,
            commission_pct: row.commission_pct,
        },
        reserved_kg: row.reserved_kg,
        registration_date: row.registration_date,
        registered_late: row.registered_late,
        shipment_deadline: row.shipment_deadline,
        price_date: row.price_date,
        amendment: row.amendment,
        rejection_reason: row.rejection_reason,
        minimum_overridden: row.minimum_overridden,
        buyer_status: row.buyer_status,
        sees_buyer: row.sees_buyer,
        running_exports: row.running_exports,
        has_live_permit: row.has_live_permit,
    }))
}

/// An approved contract whose time is over.
pub(super) struct Ended {
    pub id: ContractId,
    pub number: String,
    pub version: i32,
    pub owner: OrganizationId,
    pub updated_at: DateTime<Utc>,
}

/// Approved contracts whose last day of shipment is before `today`, under their locks; those that somebody is changing come
/// the next time.
pub(super) async fn lock_ended(connection: &mut PgConnection, today: NaiveDate) -> sqlx::Result<Vec<Ended>> {
    sqlx::query_as!(
        Ended,
        r#"select c.contract_id as "id: ContractId", c.contract_number as number, c.version,
                  p.organization_id as "owner: OrganizationId", c.updated_at
           from sales_contracts c
           join exporter_profiles p on p.exporter_id = c.exporter_id
           where c.status = 'APPROVED' and c.shipment_deadline < $1
           order by c.contract_id
           limit 500
           for update of c skip locked"#,
        today
    )
    .fetch_all(connection)
    .await
}
