//! Registering, correcting and deciding. Each runs in the class of who does it: the policies say whose row it may be.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::ids::{ExporterId, LotId, UserId};
use crate::sourcing::lots::form::LotForm;
use crate::sourcing::lots::model::{Lot, Verification};

/// A lot about to be registered.
pub(in crate::sourcing::lots) struct NewLot<'a> {
    pub id: LotId,
    pub number: &'a str,
    pub exporter: ExporterId,
    pub form: &'a LotForm,
}

pub(in crate::sourcing::lots) async fn insert(
    connection: &mut PgConnection,
    new: &NewLot<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let form = new.form;
    sqlx::query!(
        "insert into coffee_lots (lot_id, ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on,
             warehouse_location, warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags,
             preliminary_grade, coffee_contract_symbol, purchase_date, purchased_by, purchase_price, purchase_total,
             submitted_by, verification_since, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22, $22)",
        new.id as LotId,
        new.number,
        form.source.code(),
        form.receipt_number,
        form.receipt_date,
        form.receipt_expires_on,
        form.warehouse_location,
        form.warehouse_name,
        form.coffee_type,
        form.origin_region,
        form.processing.code(),
        form.crop_year,
        form.quantity,
        form.bags,
        form.preliminary_grade,
        form.contract_symbol,
        form.purchase_date,
        new.exporter as ExporterId,
        form.purchase_price,
        form.purchase_total,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes what was corrected and hands it in again; whether nobody was quicker.
pub(in crate::sourcing::lots) async fn correct(
    connection: &mut PgConnection,
    lot: &Lot,
    number: &str,
    form: &LotForm,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update coffee_lots
         set ecx_lot_number = $3, source = $4, warehouse_receipt_number = $5, receipt_date = $6, receipt_expires_on = $7,
             warehouse_location = $8, warehouse_name = $9, coffee_type = $10, origin_region = $11, processing_method = $12,
             crop_year = $13, quantity = $14, bags = $15, preliminary_grade = $16, coffee_contract_symbol = $17,
             purchase_date = $18, purchase_price = $19, purchase_total = $20, submitted_by = $21, verification = 'PENDING',
             verification_since = $22, ecx_reject_reason = null, version = version + 1, updated_at = $22
         where lot_id = $1 and version = $2",
        lot.id as LotId,
        lot.version,
        number,
        form.source.code(),
        form.receipt_number,
        form.receipt_date,
        form.receipt_expires_on,
        form.warehouse_location,
        form.warehouse_name,
        form.coffee_type,
        form.origin_region,
        form.processing.code(),
        form.crop_year,
        form.quantity,
        form.bags,
        form.preliminary_grade,
        form.contract_symbol,
        form.purchase_date,
        form.purchase_price,
        form.purchase_total,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Writes what the desk has decided; whether nobody was quicker.
pub(in crate::sourcing::lots) async fn decide(
    connection: &mut PgConnection,
    lot: &Lot,
    to: Verification,
    reason: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let is_verified = to == Verification::Verified;
    let written = sqlx::query!(
        "update coffee_lots
         set verification = $3, verification_since = $6, ecx_verified_by = $4, ecx_verified_at = $5, ecx_reject_reason = $7,
             version = version + 1, updated_at = $6
         where lot_id = $1 and version = $2",
        lot.id as LotId,
        lot.version,
        to.code(),
        is_verified.then_some(actor.user_id) as Option<UserId>,
        is_verified.then_some(now),
        now,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}
