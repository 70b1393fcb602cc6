//! The SQL of a short shipment: the export becomes what is on board, and what stayed behind an export of its own. Runs
//! as the system: lots and the new request are the exporter's, and it is the carrier who loads.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::model::Export;
use crate::exports::transitions::REQUESTED;
use crate::ids::{ExportId, LotId, OrganizationId, UserId};

/// What stayed behind.
#[derive(Debug)]
pub(in crate::exports) struct Remainder<'a> {
    pub id: ExportId,
    pub number: &'a str,
    /// Each lot with its share; not empty.
    pub lots: &'a [(LotId, Decimal)],
    pub quantity: Decimal,
    pub bags: i32,
    pub estimated_value: Decimal,
    /// Why it stayed behind.
    pub reason: &'a str,
}

/// Opens the request of what stayed behind: the exporter's own, under the same contract and licence, whose balances it
/// keeps. Its lots are written with the export's.
pub(in crate::exports) async fn open_remainder(
    connection: &mut PgConnection,
    from: &Export,
    remainder: &Remainder<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exports (export_id, export_number, split_from, exporter_id, exporter_organization_id,
             bank_organization_id, shipping_organization_id, exporter_name, contract_id, license_id, coffee_type,
             origin_region, processing_method, grade, crop_year, quantity, bag_kg, bags, destination_country,
             port_of_loading, port_of_discharge, transport_mode, incoterm, payment_method, currency, price_per_kg,
             estimated_value, buyer_name, buyer_country, buyer_address, buyer_email, notify_address,
             requested_documents, exporter_reference, status, stage, stage_entered_at, queue_organization_id, created_by,
             changed_by, changed_at, created_at, updated_at)
         select $2, $3, e.export_id, e.exporter_id, e.exporter_organization_id, e.bank_organization_id,
             e.shipping_organization_id, e.exporter_name, e.contract_id, e.license_id, e.coffee_type, l.origin_region,
             e.processing_method, e.grade, l.crop_year, $5, e.bag_kg, $6, e.destination_country, e.port_of_loading,
             e.port_of_discharge, e.transport_mode, e.incoterm, e.payment_method, e.currency, e.price_per_kg, $7,
             e.buyer_name, e.buyer_country, e.buyer_address, e.buyer_email, e.notify_address, e.requested_documents,
             e.exporter_reference, $8, $9, $10, e.exporter_organization_id, e.created_by, $11, $10, $10, $10
         from exports e
         join coffee_lots l on l.lot_id = $4
         where e.export_id = $1",
        from.id as ExportId,
        remainder.id as ExportId,
        remainder.number,
        remainder.lots.first().map(|(lot, _)| lot.0),
        remainder.quantity,
        remainder.bags,
        remainder.estimated_value,
        REQUESTED.status.code(),
        REQUESTED.stage.code(),
        now,
        actor.user_id as UserId,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into export_status_history (history_id, export_id, version, new_status, new_stage, action, changed_by,
             organization, organization_id, reason, created_at)
         values ($1, $2, 1, $3, $4, 'split', $5, $6, $7, $8, $9)",
        Uuid::now_v7(),
        remainder.id as ExportId,
        REQUESTED.status.code(),
        REQUESTED.stage.code(),
        actor.user_id as UserId,
        actor.organization.code,
        actor.organization.id as OrganizationId,
        remainder.reason,
        now
    )
    .execute(&mut *connection)
    .await?;
    // It is paid by the same letter of credit, if by one.
    sqlx::query!(
        "insert into letter_uses (use_id, export_id, letter_id, used_by, used_at)
         select $1, $2, u.letter_id, u.used_by, $3 from letter_uses u
         where u.export_id = $4 order by u.used_at desc, u.use_id desc limit 1",
        Uuid::now_v7(),
        remainder.id as ExportId,
        now,
        from.id as ExportId
    )
    .execute(connection)
    .await?;
    Ok(())
}
