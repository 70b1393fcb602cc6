//! The SQL of changes that do not move an export: corrections of a request, an extension of its due date.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::model::Export;
use crate::ids::{ExportId, LotId, OrganizationId, UserId};

/// One value that was changed, as the history keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The id of the field's label.
    pub label: String,
    /// What it said.
    pub old: String,
    /// What it says.
    pub new: String,
}

/// What a line of the history tells beside its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryDetails {
    /// What was changed.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
}

/// What of a request is not part of the rules' view of it.
#[derive(Debug)]
pub(in crate::exports) struct Request {
    pub license_id: Uuid,
    pub notify_address: Option<String>,
    pub exporter_reference: Option<String>,
    pub crop_year: Option<String>,
}

pub(in crate::exports) async fn find_request(connection: &mut PgConnection, id: ExportId) -> sqlx::Result<Request> {
    sqlx::query_as!(
        Request,
        "select license_id, notify_address, exporter_reference, crop_year from exports where export_id = $1",
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

/// The request as it reads after a correction.
#[derive(Debug)]
pub(in crate::exports) struct Corrected {
    pub bank: OrganizationId,
    pub carrier: OrganizationId,
    pub port_of_loading: String,
    pub port_of_discharge: String,
    pub notify_address: Option<String>,
    pub exporter_reference: Option<String>,
    pub quantity: Decimal,
    pub bags: i32,
    pub bag_kg: Decimal,
    pub estimated_value: Decimal,
    pub origin_region: String,
    pub processing_method: String,
    pub crop_year: Option<String>,
}

/// Writes a correction and its line of the history. `false` when somebody else was quicker.
pub(in crate::exports) async fn correct(
    connection: &mut PgConnection,
    export: &Export,
    to: &Corrected,
    details: &HistoryDetails,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "with corrected as (
             update exports set bank_organization_id = $3, shipping_organization_id = $4, port_of_loading = $5,
                 port_of_discharge = $6, notify_address = $7, exporter_reference = $8, quantity = $9, bags = $10,
                 bag_kg = $11, estimated_value = $12, origin_region = $13, processing_method = $14, crop_year = $15,
                 version = version + 1, changed_by = $16, changed_at = $17, updated_at = $17
             where export_id = $1 and version = $2
             returning export_id, version, status, stage)
         insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status,
             new_stage, action, changed_by, organization, organization_id, details, created_at)
         select $18, export_id, version, status, stage, status, stage, 'correct', $16, $19, $20, $21, $17
         from corrected",
        export.id as ExportId,
        export.version,
        to.bank as OrganizationId,
        to.carrier as OrganizationId,
        to.port_of_loading,
        to.port_of_discharge,
        to.notify_address,
        to.exporter_reference,
        to.quantity,
        to.bags,
        to.bag_kg,
        to.estimated_value,
        to.origin_region,
        to.processing_method,
        to.crop_year,
        actor.user_id as UserId,
        now,
        Uuid::now_v7(),
        actor.organization.code,
        actor.organization.id as OrganizationId,
        Json(details) as _,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// Puts the lots of the request in the place of the former ones.
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

/// What a former bank or carrier has decided counts no more: the one that takes its place decides for itself. Runs
/// as the system, because the rows are the other's.
pub(in crate::exports) async fn supersede_decisions(
    connection: &mut PgConnection,
    id: ExportId,
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_approvals set superseded_at = $3, updated_at = $3
         where export_id = $1 and organization_id = $2 and superseded_at is null",
        id as ExportId,
        organization as OrganizationId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts the due date off, with its line of the history. Who has the case in hand keeps it. `false` when somebody
/// else was quicker.
pub(in crate::exports) async fn extend(
    connection: &mut PgConnection,
    export: &Export,
    due: NaiveDate,
    reason: &str,
    details: &HistoryDetails,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "with extended as (
             update exports set settlement_due_date = $3, version = version + 1, changed_by = $4, changed_at = $5,
                 updated_at = $5
             where export_id = $1 and version = $2
             returning export_id, version, status, stage)
         insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status,
             new_stage, action, changed_by, organization, organization_id, reason, details, created_at)
         select $6, export_id, version, status, stage, status, stage, 'extend', $4, $7, $8, $9, $10, $5
         from extended",
        export.id as ExportId,
        export.version,
        due,
        actor.user_id as UserId,
        now,
        Uuid::now_v7(),
        actor.organization.code,
        actor.organization.id as OrganizationId,
        reason,
        Json(details) as _,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}
