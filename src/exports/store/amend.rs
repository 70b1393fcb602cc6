//! The SQL of what is amended: what the export says of its trade, its lots, its vessel, the due date of its proceeds. State,
//! history and approvals are [`revise`](super::revise)'s.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::facts::Voyage;
use crate::ids::{ExportId, LotId, OrganizationId, UserId};

/// What of an export is not part of the rules' view of it.
#[derive(Debug)]
pub(in crate::exports) struct Request {
    pub license_id: Uuid,
    pub buyer_email: Option<String>,
    pub notify_address: Option<String>,
    pub exporter_reference: Option<String>,
    pub crop_year: Option<String>,
}

pub(in crate::exports) async fn find_request(connection: &mut PgConnection, id: ExportId) -> sqlx::Result<Request> {
    sqlx::query_as!(
        Request,
        "select license_id, buyer_email, notify_address, exporter_reference, crop_year
         from exports where export_id = $1",
        id as ExportId
    )
    .fetch_one(connection)
    .await
}

/// The export's lots with its share of each, by id.
pub(in crate::exports) async fn list_shares(
    connection: &mut PgConnection,
    id: ExportId,
) -> sqlx::Result<Vec<(LotId, Decimal)>> {
    let rows = sqlx::query!(
        r#"select lot_id as "lot_id: LotId", quantity_kg from export_lots where export_id = $1 order by lot_id"#,
        id as ExportId
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.lot_id, row.quantity_kg)).collect())
}

/// What an export says of its trade.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::exports) struct Trade {
    pub bank: OrganizationId,
    pub carrier: OrganizationId,
    pub port_of_loading: String,
    pub port_of_discharge: String,
    pub notify_address: Option<String>,
    pub exporter_reference: Option<String>,
    pub quantity: Decimal,
    pub bags: i32,
    pub bag_kg: Decimal,
    pub currency: String,
    pub price_per_kg: Decimal,
    pub estimated_value: Decimal,
    pub origin_region: String,
    pub processing_method: String,
    pub crop_year: Option<String>,
    pub grade: String,
    pub incoterm: String,
    pub payment_method: String,
    pub transport_mode: String,
    pub buyer_name: String,
    /// Also where the coffee goes.
    pub buyer_country: String,
    pub buyer_address: Option<String>,
    pub buyer_email: Option<String>,
    pub requested_documents: Vec<String>,
}

/// Puts this in the place of what the export said. Under its lock; version and history are the revision's.
pub(in crate::exports) async fn write_trade(
    connection: &mut PgConnection,
    id: ExportId,
    trade: &Trade,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update exports set bank_organization_id = $2, shipping_organization_id = $3, port_of_loading = $4,
             port_of_discharge = $5, notify_address = $6, exporter_reference = $7, quantity = $8, bags = $9, bag_kg = $10,
             currency = $11, price_per_kg = $12, estimated_value = $13, origin_region = $14, processing_method = $15,
             crop_year = $16, grade = $17, incoterm = $18, payment_method = $19, transport_mode = $20, buyer_name = $21,
             buyer_country = $22, destination_country = $22, buyer_address = $23, buyer_email = $24,
             requested_documents = $25
         where export_id = $1",
        id as ExportId,
        trade.bank as OrganizationId,
        trade.carrier as OrganizationId,
        trade.port_of_loading,
        trade.port_of_discharge,
        trade.notify_address,
        trade.exporter_reference,
        trade.quantity,
        trade.bags,
        trade.bag_kg,
        trade.currency,
        trade.price_per_kg,
        trade.estimated_value,
        trade.origin_region,
        trade.processing_method,
        trade.crop_year,
        trade.grade,
        trade.incoterm,
        trade.payment_method,
        trade.transport_mode,
        trade.buyer_name,
        trade.buyer_country,
        trade.buyer_address,
        trade.buyer_email,
        &trade.requested_documents,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts the lots of the export in the place of the former ones.
pub(in crate::exports) async fn replace_lots(
    connection: &mut PgConnection,
    id: ExportId,
    shares: &[(LotId, Decimal)],
) -> sqlx::Result<()> {
    sqlx::query!("delete from export_lots where export_id = $1", id as ExportId).execute(&mut *connection).await?;
    let lots: Vec<Uuid> = shares.iter().map(|(lot, _)| lot.0).collect();
    let kg: Vec<Decimal> = shares.iter().map(|(_, kg)| *kg).collect();
    sqlx::query!(
        "insert into export_lots (export_id, lot_id, quantity_kg)
         select $1, lot, share from unnest($2::uuid[], $3::numeric[]) as parts (lot, share)",
        id as ExportId,
        &lots,
        &kg
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts the due date of the proceeds off, from one day to another, and writes down who granted it and why.
pub(in crate::exports) async fn put_off(
    connection: &mut PgConnection,
    id: ExportId,
    (due, new_due): (NaiveDate, NaiveDate),
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with granted as (
             insert into settlement_extensions (extension_id, export_id, due_from, due_to, reason, granted_by,
                 organization_id, granted_at)
             values ($2, $1, $3, $4, $5, $6, $7, $8)
             returning export_id, due_to)
         update exports e set settlement_due_date = g.due_to, updated_at = $8
         from granted g where e.export_id = g.export_id",
        id as ExportId,
        Uuid::now_v7(),
        due,
        new_due,
        reason,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What of a booking is not part of the rules' view of the export.
#[derive(Debug)]
pub(in crate::exports) struct BookingRow {
    pub booking_number: Option<String>,
    pub arrival_date: Option<NaiveDate>,
}

pub(in crate::exports) async fn find_booking(connection: &mut PgConnection, id: ExportId) -> sqlx::Result<BookingRow> {
    sqlx::query_as!(BookingRow, "select booking_number, arrival_date from exports where export_id = $1", id as ExportId)
        .fetch_one(connection)
        .await
}

/// Puts another vessel in the place of the one that was booked.
pub(in crate::exports) async fn write_voyage(
    connection: &mut PgConnection,
    id: ExportId,
    voyage: &Voyage,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update exports set vessel_name = $2, voyage_number = $3, booking_number = $4, departure_date = $5,
             arrival_date = $6
         where export_id = $1",
        id as ExportId,
        voyage.vessel_name,
        voyage.voyage_number,
        voyage.booking_number,
        voyage.departure_date,
        voyage.arrival_date,
    )
    .execute(connection)
    .await?;
    Ok(())
}
