//! The SQL of a change of a running export: its state with the line of its history, and the approvals that no longer
//! hold, with what they had put on record.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::auth::{Actor, OrganizationKind};
use crate::exports::model::{ApprovalKind, Export, Stage, State};
use crate::ids::{ExportId, OrganizationId, UserId};

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
    /// The steps whose approval no longer holds by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undone: Vec<String>,
}

/// A change, as the row and the history take it.
#[derive(Debug)]
pub(in crate::exports) struct Revised<'a> {
    pub to: State,
    pub resume: Option<Stage>,
    /// Whose queue it enters anew; `None` where it stays and whoever has it in hand keeps it.
    pub enters: Option<OrganizationKind>,
    /// As in the table of legal moves.
    pub action: &'a str,
    pub reason: Option<&'a str>,
    pub details: &'a HistoryDetails,
}

/// Writes the state after a change and its line of the history, in one statement. `false` when somebody else was
/// quicker.
pub(in crate::exports) async fn revise(
    connection: &mut PgConnection,
    export: &Export,
    revised: &Revised<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "with revised as (
             update exports set status = $3, stage = $4, resume_stage = $5, version = version + 1,
                 stage_entered_at = case when $6::text is null then stage_entered_at else $7 end,
                 queue_organization_id = case $6::text
                     when 'EXPORTER' then exporter_organization_id
                     when 'COMMERCIAL_BANK' then bank_organization_id
                     when 'SHIPPING_LINE' then shipping_organization_id
                     else coalesce((select o.organization_id from organizations o where o.kind = $6),
                                   queue_organization_id) end,
                 claimed_by = case when $6::text is null then claimed_by end,
                 claimed_at = case when $6::text is null then claimed_at end,
                 changed_by = $8, changed_at = $7, updated_at = $7
             where export_id = $1 and version = $2
             returning export_id, version)
         insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status,
             new_stage, action, changed_by, organization, organization_id, reason, details, created_at)
         select $9, export_id, version, $10, $11, $3, $4, $12, $8, $13, $14, $15, $16, $7
         from revised",
        export.id as ExportId,
        export.version,
        revised.to.status.code(),
        revised.to.stage.code(),
        revised.resume.map(Stage::code),
        revised.enters.map(OrganizationKind::code),
        now,
        actor.user_id as UserId,
        Uuid::now_v7(),
        export.state.status.code(),
        export.state.stage.code(),
        revised.action,
        actor.organization.code,
        actor.organization.id as OrganizationId,
        revised.reason,
        Json(revised.details) as _,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// Takes off the export's row what the approvals of `kinds` had put on it. They keep it themselves, with what else
/// was recorded.
pub(in crate::exports) async fn clear_facts(
    connection: &mut PgConnection,
    id: ExportId,
    kinds: &[ApprovalKind],
) -> sqlx::Result<()> {
    let has = |kind| kinds.contains(&kind);
    sqlx::query!(
        "update exports set
             bank_reference = case when not $2 then bank_reference end,
             bank_permit_number = case when not $2 then bank_permit_number end,
             bank_permit_date = case when not $2 then bank_permit_date end,
             settlement_due_date = case when not $2 then settlement_due_date end,
             fx_approved_by = case when not $3 then fx_approved_by end,
             fx_approved_at = case when not $3 then fx_approved_at end,
             fx_reference = case when not $3 then fx_reference end,
             quality_grade = case when not $4 then quality_grade end,
             quality_approved_by = case when not $4 then quality_approved_by end,
             quality_approved_at = case when not $4 then quality_approved_at end,
             vessel_name = case when not $5 then vessel_name end,
             voyage_number = case when not $5 then voyage_number end,
             booking_number = case when not $5 then booking_number end,
             departure_date = case when not $5 then departure_date end,
             arrival_date = case when not $5 then arrival_date end,
             shipment_scheduled_by = case when not $5 then shipment_scheduled_by end,
             shipment_scheduled_at = case when not $5 then shipment_scheduled_at end,
             customs_declaration_number = case when not $6 then customs_declaration_number end,
             customs_clearance_number = case when not $6 then customs_clearance_number end,
             customs_clearance_date = case when not $6 then customs_clearance_date end,
             customs_cleared_by = case when not $6 then customs_cleared_by end,
             customs_cleared_at = case when not $6 then customs_cleared_at end
         where export_id = $1",
        id as ExportId,
        has(ApprovalKind::BankCheck),
        has(ApprovalKind::Fx),
        has(ApprovalKind::Quality),
        has(ApprovalKind::Shipment),
        has(ApprovalKind::Customs),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes every decision on the steps `kinds` out of force. Runs as the system, because the rows are others'.
pub(in crate::exports) async fn supersede(
    connection: &mut PgConnection,
    id: ExportId,
    kinds: &[ApprovalKind],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let types: Vec<String> = kinds.iter().map(|kind| kind.approval_type().to_owned()).collect();
    sqlx::query!(
        "update export_approvals set superseded_at = $3, updated_at = $3
         where export_id = $1 and approval_type = any($2) and superseded_at is null",
        id as ExportId,
        &types,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Cancels the export's unused permit. Runs as the system.
pub(in crate::exports) async fn cancel_permit(
    connection: &mut PgConnection,
    id: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_permits set status = 'CANCELLED', cancelled_at = $2, updated_at = $2
         where export_id = $1 and status = 'ISSUED'",
        id as ExportId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives the booked containers up; the approval that booked them keeps their numbers. Runs as the system.
pub(in crate::exports) async fn forget_containers(connection: &mut PgConnection, id: ExportId) -> sqlx::Result<()> {
    sqlx::query!("delete from export_containers where export_id = $1", id as ExportId).execute(connection).await?;
    Ok(())
}
