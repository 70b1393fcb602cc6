//! The SQL of exports. Nothing is decided here.

pub(in crate::exports) mod accounts;
pub(in crate::exports) mod amend;
pub(in crate::exports) mod balances;
pub(in crate::exports) mod case_file;
pub(in crate::exports) mod containers;
mod context;
pub(in crate::exports) mod extensions;
pub(in crate::exports) mod filters;
pub(in crate::exports) mod flags;
pub(in crate::exports) mod letters;
pub(in crate::exports) mod lists;
pub(in crate::exports) mod messages;
pub(in crate::exports) mod news;
pub(in crate::exports) mod part;
pub(in crate::exports) mod permits;
pub(in crate::exports) mod request;
pub(in crate::exports) mod revise;
pub(in crate::exports) mod settlement;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{ApprovalKind, Export, ExportStatus, Proceeds, Stage, State};
use crate::auth::{Actor, OrganizationKind, Permissions};
use crate::ids::{ContractId, ExportId, ExporterId, OrganizationId, UserId};

use revise::HistoryDetails;

pub(in crate::exports) use context::{list_requirements, read_context};

struct ExportRow {
    export_id: ExportId,
    export_number: String,
    exporter_id: ExporterId,
    exporter_organization_id: OrganizationId,
    bank_organization_id: OrganizationId,
    shipping_organization_id: OrganizationId,
    exporter_name: String,
    contract_id: ContractId,
    status: ExportStatus,
    stage: Stage,
    resume_stage: Option<Stage>,
    stage_entered_at: DateTime<Utc>,
    queue_organization_id: Option<OrganizationId>,
    version: i32,
    claimed_by: Option<UserId>,
    claimed_at: Option<DateTime<Utc>>,
    created_by: UserId,
    submitted_by: Option<UserId>,
    resubmission_count: i32,
    changed_by: UserId,
    changed_at: DateTime<Utc>,
    quantity: Decimal,
    bag_kg: Decimal,
    bags: i32,
    coffee_type: String,
    origin_region: String,
    processing_method: String,
    grade: String,
    destination_country: String,
    port_of_loading: String,
    port_of_discharge: String,
    transport_mode: String,
    incoterm: String,
    payment_method: String,
    currency: String,
    price_per_kg: Decimal,
    estimated_value: Decimal,
    buyer_name: String,
    buyer_country: String,
    buyer_address: Option<String>,
    requested_documents: Vec<String>,
    attached_documents: Vec<String>,
    bank_permit_date: Option<NaiveDate>,
    settlement_due_date: Option<NaiveDate>,
    proceeds: Proceeds,
    customs_clearance_date: Option<NaiveDate>,
    departure_date: Option<NaiveDate>,
    vessel_name: Option<String>,
    voyage_number: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<ExportRow> for Export {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.export_id,
            number: row.export_number,
            exporter_id: row.exporter_id,
            exporter_organization_id: row.exporter_organization_id,
            bank_organization_id: row.bank_organization_id,
            shipping_organization_id: row.shipping_organization_id,
            exporter_name: row.exporter_name,
            contract_id: row.contract_id,
            state: State::new(row.status, row.stage),
            resume_stage: row.resume_stage,
            stage_entered_at: row.stage_entered_at,
            queue_organization_id: row.queue_organization_id,
            version: row.version,
            claimed_by: row.claimed_by,
            claimed_at: row.claimed_at,
            created_by: row.created_by,
            submitted_by: row.submitted_by,
            resubmission_count: row.resubmission_count,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
            quantity: row.quantity,
            bag_kg: row.bag_kg,
            bags: row.bags,
            coffee_type: row.coffee_type,
            origin_region: row.origin_region,
            processing_method: row.processing_method,
            grade: row.grade,
            destination_country: row.destination_country,
            port_of_loading: row.port_of_loading,
            port_of_discharge: row.port_of_discharge,
            transport_mode: row.transport_mode,
            incoterm: row.incoterm,
            payment_method: row.payment_method,
            currency: row.currency,
            price_per_kg: row.price_per_kg,
            estimated_value: row.estimated_value,
            buyer_name: row.buyer_name,
            buyer_country: row.buyer_country,
            buyer_address: row.buyer_address,
            requested_documents: row.requested_documents,
            attached_documents: row.attached_documents,
            bank_permit_date: row.bank_permit_date,
            settlement_due_date: row.settlement_due_date,
            proceeds: row.proceeds,
            customs_clearance_date: row.customs_clearance_date,
            departure_date: row.departure_date,
            vessel_name: row.vessel_name,
            voyage_number: row.voyage_number,
            created_at: row.created_at,
        }
    }
}

/// The one list of columns; `$tail` is what comes after the condition on the id.
macro_rules! select_export {
    ($tail:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            ExportRow,
            r#"select export_id as "export_id: ExportId", export_number, exporter_id as "exporter_id: ExporterId",
                   exporter_organization_id as "exporter_organization_id: OrganizationId",
                   bank_organization_id as "bank_organization_id: OrganizationId",
                   shipping_organization_id as "shipping_organization_id: OrganizationId", exporter_name,
                   contract_id as "contract_id: ContractId", status as "status: ExportStatus",
                   stage as "stage: Stage", resume_stage as "resume_stage: Stage", stage_entered_at,
                   queue_organization_id as "queue_organization_id: OrganizationId", version,
                   claimed_by as "claimed_by: UserId", claimed_at, created_by as "created_by: UserId",
                   submitted_by as "submitted_by: UserId", resubmission_count, changed_by as "changed_by: UserId",
                   changed_at, quantity, bag_kg, bags, coffee_type, origin_region, processing_method, grade,
                   destination_country, port_of_loading, port_of_discharge, transport_mode, incoterm, payment_method,
                   currency, price_per_kg, estimated_value, buyer_name, buyer_country, buyer_address,
                   requested_documents, attached_documents, bank_permit_date, settlement_due_date,
                   proceeds as "proceeds: Proceeds", customs_clearance_date, departure_date, vessel_name, voyage_number, created_at
               from exports where export_id = $1 and (exporter_organization_id = $2 or stage <> 'PREPARATION')
                   and ($3 or $2 in (exporter_organization_id, bank_organization_id, shipping_organization_id))"#
                + $tail,
            $($argument),+
        )
    };
}

/// Whether the viewer's organisation sees every export, or those to which it is a party.
const fn sees_all(viewer: &Actor) -> bool {
    viewer.organization.kind.sees_every_export()
}

/// Whether the viewer's class may write exports at all.
const fn writes_exports(viewer: &Actor) -> bool {
    match viewer.organization.kind {
        OrganizationKind::Auditor | OrganizationKind::Administration | OrganizationKind::Ecx => false,
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs => true,
    }
}

/// The export, if `viewer` may see it.
pub(in crate::exports) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: ExportId,
) -> sqlx::Result<Option<Export>> {
    let row = select_export!("", id as ExportId, viewer.organization.id as OrganizationId, sees_all(viewer))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Export::from))
}

/// As [`find_visible`], and nobody else may change it until the transaction ends. Row-level security lets only
/// the organisation lock it that may write it; for the others it is read, and the rules refuse them.
pub(in crate::exports) async fn lock_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: ExportId,
) -> sqlx::Result<Option<Export>> {
    // Who only reads has no right to lock either; the rules refuse them with words instead of an error.
    if !writes_exports(viewer) {
        return find_visible(connection, viewer, id).await;
    }
    let row = select_export!(" for update", id as ExportId, viewer.organization.id as OrganizationId, sees_all(viewer))
        .fetch_optional(&mut *connection)
        .await?;
    match row {
        Some(row) => Ok(Some(row.into())),
        None => find_visible(connection, viewer, id).await,
    }
}

/// What a move puts on the export's row, beside its state. Empty fields stay as they are.
#[derive(Debug, Default)]
pub(in crate::exports) struct Changes {
    pub submitted: bool,
    pub resubmitted: bool,
    pub bank_reference: Option<String>,
    pub bank_permit_number: Option<String>,
    pub bank_permit_date: Option<NaiveDate>,
    pub settlement_due_date: Option<NaiveDate>,
    pub fx_approved: bool,
    pub fx_reference: Option<String>,
    pub fx_rejection_reason: Option<String>,
    pub quality_grade: Option<String>,
    pub quality_rejection_reason: Option<String>,
    pub vessel_name: Option<String>,
    pub voyage_number: Option<String>,
    pub booking_number: Option<String>,
    pub departure_date: Option<NaiveDate>,
    pub arrival_date: Option<NaiveDate>,
    pub customs_declaration_number: Option<String>,
    pub customs_clearance_number: Option<String>,
    pub customs_clearance_date: Option<NaiveDate>,
    pub bill_of_lading_number: Option<String>,
    pub on_board_date: Option<NaiveDate>,
    pub completed: bool,
    pub proceeds: Option<Proceeds>,
    pub cancellation_reason: Option<String>,
    /// What is on board, where that is less than was asked.
    pub on_board: Option<OnBoard>,
    /// What the history tells beside the reason.
    pub details: HistoryDetails,
}

/// What an export is after a short loading.
#[derive(Debug)]
pub(in crate::exports) struct OnBoard {
    pub kg: Decimal,
    pub bags: i32,
    /// In the export's currency.
    pub value: Decimal,
    /// The export that the rest became.
    pub remainder_id: ExportId,
    /// Its number.
    pub remainder: String,
    /// Why the rest stayed behind.
    pub reason: String,
}

/// One move of an export.
#[derive(Debug)]
pub(in crate::exports) struct Move<'a> {
    pub to: State,
    pub resume: Option<Stage>,
    /// Whose queue it goes to.
    pub queue: Option<OrganizationKind>,
    /// As in the table of legal moves.
    pub action: String,
    pub reason: Option<&'a str>,
    pub changes: Changes,
}

/// Moves the export and writes the history row, in one statement. `false` when somebody else was quicker.
pub(in crate::exports) async fn move_state(
    connection: &mut PgConnection,
    export: &Export,
    moved: &Move<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let c = &moved.changes;
    let rows = sqlx::query!(
        r#"with moved as (
            update exports set
                status = $3, stage = $4, resume_stage = $5, version = version + 1,
                stage_entered_at = case when stage = $4 then stage_entered_at else $6 end,
                queue_organization_id = case $7::text
                    when 'EXPORTER' then exporter_organization_id
                    when 'COMMERCIAL_BANK' then bank_organization_id
                    when 'SHIPPING_LINE' then shipping_organization_id
                    else (select o.organization_id from organizations o where o.kind = $7) end,
                claimed_by = null, claimed_at = null,
                changed_by = $8, changed_at = $6, updated_at = $6,
                submitted_by = case when $9 then $8 else submitted_by end,
                submitted_at = case when $9 then $6 else submitted_at end,
                resubmission_count = resubmission_count + case when $10 then 1 else 0 end,
                bank_reference = coalesce($11, bank_reference),
                bank_permit_number = coalesce($12, bank_permit_number),
                bank_permit_date = coalesce($13, bank_permit_date),
                settlement_due_date = coalesce($14, settlement_due_date),
                fx_approved_by = case when $15 then $8 else fx_approved_by end,
                fx_approved_at = case when $15 then $6 else fx_approved_at end,
                fx_reference = coalesce($16, fx_reference),
                fx_rejection_reason = coalesce($17, fx_rejection_reason),
                quality_grade = coalesce($18, quality_grade),
                quality_approved_by = case when $18::text is not null then $8 else quality_approved_by end,
                quality_approved_at = case when $18::text is not null then $6 else quality_approved_at end,
                quality_rejection_reason = coalesce($19, quality_rejection_reason),
                vessel_name = coalesce($20, vessel_name),
                voyage_number = coalesce($21, voyage_number),
                booking_number = coalesce($22, booking_number),
                departure_date = coalesce($23, departure_date),
                arrival_date = coalesce($24, arrival_date),
                shipment_scheduled_by = case when $20::text is not null then $8 else shipment_scheduled_by end,
                shipment_scheduled_at = case when $20::text is not null then $6 else shipment_scheduled_at end,
                customs_declaration_number = coalesce($25, customs_declaration_number),
                customs_clearance_number = coalesce($26, customs_clearance_number),
                customs_clearance_date = coalesce($27, customs_clearance_date),
                customs_cleared_by = case when $26::text is not null then $8 else customs_cleared_by end,
                customs_cleared_at = case when $26::text is not null then $6 else customs_cleared_at end,
                bill_of_lading_number = coalesce($28, bill_of_lading_number),
                on_board_date = coalesce($29, on_board_date),
                shipment_confirmed_by = case when $28::text is not null then $8 else shipment_confirmed_by end,
                shipment_confirmed_at = case when $28::text is not null then $6 else shipment_confirmed_at end,
                completed_by = case when $30 then $8 else completed_by end,
                completed_at = case when $30 then $6 else completed_at end,
                proceeds = coalesce($43, proceeds),
                cancellation_reason = coalesce($31, cancellation_reason),
                cancelled_by = case when $31::text is not null then $8 else cancelled_by end,
                cancelled_at = case when $31::text is not null then $6 else cancelled_at end,
                quantity = coalesce($39, quantity),
                bags = coalesce($40, bags),
                estimated_value = coalesce($41, estimated_value)
            where export_id = $1 and version = $2
            returning export_id, version)
        insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status,
            new_stage, action, changed_by, organization, organization_id, reason, details, created_at)
        select $32, export_id, version, $33, $34, $3, $4, $35, $8, $36, $37, $38, $42, $6 from moved"#,
        export.id as ExportId,
        export.version,
        moved.to.status.code(),
        moved.to.stage.code(),
        moved.resume.map(Stage::code),
        now,
        moved.queue.map(OrganizationKind::code),
        actor.user_id as UserId,
        c.submitted,
        c.resubmitted,
        c.bank_reference,
        c.bank_permit_number,
        c.bank_permit_date,
        c.settlement_due_date,
        c.fx_approved,
        c.fx_reference,
        c.fx_rejection_reason,
        c.quality_grade,
        c.quality_rejection_reason,
        c.vessel_name,
        c.voyage_number,
        c.booking_number,
        c.departure_date,
        c.arrival_date,
        c.customs_declaration_number,
        c.customs_clearance_number,
        c.customs_clearance_date,
        c.bill_of_lading_number,
        c.on_board_date,
        c.completed,
        c.cancellation_reason,
        Uuid::now_v7(),
        export.state.status.code(),
        export.state.stage.code(),
        moved.action,
        actor.organization.code,
        actor.organization.id as OrganizationId,
        moved.reason,
        c.on_board.as_ref().map(|on_board| on_board.kg),
        c.on_board.as_ref().map(|on_board| on_board.bags),
        c.on_board.as_ref().map(|on_board| on_board.value),
        Json(&c.details) as _,
        c.proceeds.map(Proceeds::code),
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// A decision, as the table of approvals keeps it.
#[derive(Debug)]
pub(in crate::exports) struct ApprovalRow<'a> {
    pub kind: ApprovalKind,
    /// PENDING, APPROVED, REJECTED or RETURNED.
    pub status: &'static str,
    pub first: Option<(UserId, DateTime<Utc>)>,
    pub reason: Option<&'a str>,
    pub data: serde_json::Value,
}

/// Writes the decision; an earlier one of the same step, before a resubmission or of the first of two
/// officers, is superseded by it.
pub(in crate::exports) async fn insert_approval(
    connection: &mut PgConnection,
    export: &Export,
    row: &ApprovalRow<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        // The insert reads the CTE, so that the old row has left the unique index before the new one enters.
        r#"with superseded as (
            update export_approvals set superseded_at = $12, updated_at = $12
            where export_id = $2 and approval_type = $3 and superseded_at is null
            returning 1 as one)
        insert into export_approvals (approval_id, export_id, approval_type, organization, organization_id, status,
            first_approved_by, first_approved_at, approved_by, approval_date, rejection_reason, approval_data,
            created_at, updated_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, case when $9::uuid is not null then $12::timestamptz end, $10, $11,
               $12, $12
        from (select count(*) from superseded) done"#,
        Uuid::now_v7(),
        export.id as ExportId,
        row.kind.approval_type(),
        actor.organization.code,
        actor.organization.id as OrganizationId,
        row.status,
        row.first.map(|(by, _)| by.0),
        row.first.map(|(_, at)| at),
        if row.status == "PENDING" { None } else { Some(actor.user_id.0) },
        row.reason,
        row.data,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes, gives back or hands over a claim. `false` when somebody else was quicker.
pub(in crate::exports) async fn set_claim(
    connection: &mut PgConnection,
    export: &Export,
    claimed_by: Option<UserId>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "update exports set claimed_by = $3, claimed_at = case when $3::uuid is null then null else $4::timestamptz end,
             updated_at = $4
         where export_id = $1 and version = $2 and claimed_by is not distinct from $5",
        export.id as ExportId,
        export.version,
        claimed_by as Option<UserId>,
        now,
        export.claimed_by as Option<UserId>,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// What an active person of the viewer's own organisation may do at this moment; nothing of anybody else.
pub(in crate::exports) async fn find_permissions(
    connection: &mut PgConnection,
    user: UserId,
) -> sqlx::Result<Permissions> {
    let codes = sqlx::query_scalar!(
        r#"select app.permissions_at(u.id, app.moment()) as "codes!" from users u
           where u.id = $1 and u.is_active and u.organization_id = (select app.org())"#,
        user as UserId
    )
    .fetch_optional(connection)
    .await?;
    Ok(codes.map_or(Permissions::NONE, |codes| Permissions::from_codes(&codes)))
}
