//! The SQL that writes contracts: registered, written anew, decided on, ended.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::ids::{BuyerId, ContractId, ExporterId, UserId};
use crate::sourcing::contracts::model::{Contract, Terms};
use crate::sourcing::contracts::price::PriceVerdict;

/// A contract about to be registered.
pub(in crate::sourcing::contracts) struct NewContract<'a> {
    pub id: ContractId,
    pub number: &'a str,
    pub exporter: ExporterId,
    pub terms: &'a Terms,
    pub registration_date: NaiveDate,
    pub registered_late: bool,
    pub shipment_deadline: NaiveDate,
    pub price_date: NaiveDate,
}

pub(in crate::sourcing::contracts) async fn insert(
    connection: &mut PgConnection,
    new: &NewContract<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let terms = new.terms;
    sqlx::query!(
        "insert into sales_contracts (contract_id, exporter_id, contract_number, buyer_id, buyer_name, buyer_country,
             buyer_address, buyer_email, buyer_phone, coffee_type, origin_region, processing_method, grade, crop_year,
             quantity, tolerance_pct, currency, contract_value, price_per_kg, price_unit, price_quoted, price_basis,
             differential, basis_month, payment_method, payment_terms, incoterms, named_place, transport_mode,
             delivery_date, shipment_month, port_of_loading, port_of_discharge, requested_documents, deal_date,
             registration_date, packaging, quality_standard, ico_mark_requested, governing_rules, arbitration,
             commission_pct, registered_by, registered_late, shipment_deadline, price_date, status, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
             $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45,
             $46, 'REGISTERED', $47, $47)",
        new.id as ContractId,
        new.exporter as ExporterId,
        new.number,
        terms.buyer.id as Option<BuyerId>,
        terms.buyer.name,
        terms.buyer.country,
        terms.buyer.address,
        terms.buyer.email,
        terms.buyer.phone,
        terms.coffee_type,
        terms.origin_region,
        terms.processing_method,
        terms.grade,
        terms.crop_year,
        terms.quantity,
        terms.tolerance_pct,
        terms.currency,
        terms.contract_value,
        terms.price_per_kg,
        terms.price_unit.code(),
        terms.price_quoted,
        terms.price_basis.code(),
        terms.differential,
        terms.basis_month,
        terms.payment_method,
        terms.payment_terms,
        terms.incoterm,
        terms.named_place,
        terms.transport_mode,
        terms.delivery_date,
        terms.shipment_month,
        terms.port_of_loading,
        terms.port_of_discharge,
        &terms.requested_documents,
        terms.deal_date,
        new.registration_date,
        terms.packaging,
        terms.quality_standard,
        terms.ico_mark_requested,
        terms.governing_rules,
        terms.arbitration,
        terms.commission_pct,
        actor.user_id as UserId,
        new.registered_late,
        new.shipment_deadline,
        new.price_date,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a new version of a contract is, beside its terms.
pub(in crate::sourcing::contracts) struct Version<'a> {
    pub status: &'a str,
    pub price_date: NaiveDate,
    pub amendment: i32,
    /// Whether it has to be agreed to again.
    pub is_agreed_again: bool,
}

/// Writes a contract anew; whether it still stood as it was read. Runs as the system where the approval stays or goes,
/// which is in no exporter's hand.
pub(in crate::sourcing::contracts) async fn rewrite(
    connection: &mut PgConnection,
    contract: &Contract,
    terms: &Terms,
    version: &Version<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update sales_contracts
         set buyer_id = $3, buyer_name = $4, buyer_country = $5, buyer_address = $6, buyer_email = $7, buyer_phone = $8,
             coffee_type = $9, origin_region = $10, processing_method = $11, grade = $12, crop_year = $13, quantity = $14,
             tolerance_pct = $15, currency = $16, contract_value = $17, price_per_kg = $18, price_unit = $19,
             price_quoted = $20, price_basis = $21, differential = $22, basis_month = $23, payment_method = $24,
             payment_terms = $25, incoterms = $26, named_place = $27, transport_mode = $28, delivery_date = $29,
             shipment_month = $30, port_of_loading = $31, port_of_discharge = $32, requested_documents = $33,
             deal_date = $34, packaging = $35, quality_standard = $36, ico_mark_requested = $37, governing_rules = $38,
             arbitration = $39, commission_pct = $40, status = $41, price_date = $42, amendment = $43,
             registered_by = $44, version = version + 1, updated_at = $45
         where contract_id = $1 and version = $2",
        contract.id as ContractId,
        contract.standing.version,
        terms.buyer.id as Option<BuyerId>,
        terms.buyer.name,
        terms.buyer.country,
        terms.buyer.address,
        terms.buyer.email,
        terms.buyer.phone,
        terms.coffee_type,
        terms.origin_region,
        terms.processing_method,
        terms.grade,
        terms.crop_year,
        terms.quantity,
        terms.tolerance_pct,
        terms.currency,
        terms.contract_value,
        terms.price_per_kg,
        terms.price_unit.code(),
        terms.price_quoted,
        terms.price_basis.code(),
        terms.differential,
        terms.basis_month,
        terms.payment_method,
        terms.payment_terms,
        terms.incoterm,
        terms.named_place,
        terms.transport_mode,
        terms.delivery_date,
        terms.shipment_month,
        terms.port_of_loading,
        terms.port_of_discharge,
        &terms.requested_documents,
        terms.deal_date,
        terms.packaging,
        terms.quality_standard,
        terms.ico_mark_requested,
        terms.governing_rules,
        terms.arbitration,
        terms.commission_pct,
        version.status,
        version.price_date,
        version.amendment,
        actor.user_id as UserId,
        now,
    )
    .execute(&mut *connection)
    .await?;
    if version.is_agreed_again {
        sqlx::query!(
            "update sales_contracts set approved_by = null, approved_at = null where contract_id = $1",
            contract.id as ContractId
        )
        .execute(connection)
        .await?;
    }
    Ok(written.rows_affected() == 1)
}

/// Notes a decision that grants the contract, with what its price was held against.
pub(in crate::sourcing::contracts) async fn approve(
    connection: &mut PgConnection,
    contract: &Contract,
    is_override: bool,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let held: Option<(&str, Decimal, Decimal)> = match &contract.verdict {
        PriceVerdict::Held { minimum, check, .. } => {
            Some((&minimum.price.number, minimum.price.usd_per_kg, check.gap_percent))
        }
        PriceVerdict::NoRate | PriceVerdict::NoMinimum(_) => None,
    };
    let approved = sqlx::query!(
        "update sales_contracts
         set status = 'APPROVED', approved_by = $3, approved_at = $4, rejection_reason = null, price_usd_per_kg = $5,
             minimum_price_number = $6, minimum_usd_per_kg = $7, price_gap_pct = $8, minimum_overridden = $9,
             version = version + 1, updated_at = $4
         where contract_id = $1 and version = $2",
        contract.id as ContractId,
        contract.standing.version,
        actor.user_id as UserId,
        now,
        contract.verdict.usd_per_kg(),
        held.map(|(number, _, _)| number),
        held.map(|(_, minimum, _)| minimum),
        held.map(|(_, _, gap)| gap),
        is_override,
    )
    .execute(connection)
    .await?;
    Ok(approved.rows_affected() == 1)
}

/// Notes that the desk refuses the contract or asks about it.
pub(in crate::sourcing::contracts) async fn turn_back(
    connection: &mut PgConnection,
    contract: &Contract,
    status: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let turned = sqlx::query!(
        "update sales_contracts
         set status = $3, rejection_reason = $4, version = version + 1, updated_at = $5
         where contract_id = $1 and version = $2",
        contract.id as ContractId,
        contract.standing.version,
        status,
        reason,
        now,
    )
    .execute(connection)
    .await?;
    Ok(turned.rows_affected() == 1)
}

/// Notes that the contract has ended: cancelled, or its time is over.
pub(in crate::sourcing::contracts) async fn end(
    connection: &mut PgConnection,
    (id, version): (ContractId, i32),
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update sales_contracts set status = $3, version = version + 1, updated_at = $4
         where contract_id = $1 and version = $2",
        id as ContractId,
        version,
        status,
        now,
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}
