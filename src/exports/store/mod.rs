//! The SQL of exports. Nothing is decided here.

pub(in crate::exports) mod balances;
pub(in crate::exports) mod case_file;
pub(in crate::exports) mod lists;
pub(in crate::exports) mod news;
pub(in crate::exports) mod request;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{ApprovalKind, Export, ExportStatus, Stage, State};
use super::rules::{Context, FirstApproval, InspectionFacts, PermitFacts, PriorDecision};
use crate::auth::{Actor, OrganizationKind};
use crate::documents::checklist::{Requirement, Terms, required};
use crate::ids::{ContractId, ExportId, ExporterId, OrganizationId, UserId};

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
    bank_permit_date: Option<NaiveDate>,
    settlement_due_date: Option<NaiveDate>,
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
            bank_permit_date: row.bank_permit_date,
            settlement_due_date: row.settlement_due_date,
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
                   requested_documents, bank_permit_date, settlement_due_date, customs_clearance_date, departure_date,
                   vessel_name, voyage_number, created_at
               from exports where export_id = $1 and (exporter_organization_id = $2 or stage <> 'PREPARATION')
                   and ($3 or $2 in (exporter_organization_id, bank_organization_id, shipping_organization_id))"#
                + $tail,
            $($argument),+
        )
    };
}

/// Whether the viewer's organisation sees every export, or those to which it is a party.
const fn sees_all(viewer: &Actor) -> bool {
    match viewer.organization.kind {
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Customs
        | OrganizationKind::Auditor => true,
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::Ecx
        | OrganizationKind::ShippingLine
        | OrganizationKind::Administration => false,
    }
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

/// What the rules need beside the export. One round trip, and one more where the stage asks for documents.
pub(in crate::exports) async fn read_context(
    connection: &mut PgConnection,
    export: &Export,
    today: NaiveDate,
) -> sqlx::Result<Context> {
    let row = sqlx::query!(
        r#"select
            array(select a.approval_type || '|' || a.approved_by from export_approvals a
                  where a.export_id = $1 and a.status = 'APPROVED' and a.superseded_at is null) as "prior!",
            p.nbe_delinquent as "delinquent?",
            exists (select from qualified_exporters q where q.exporter_id = $2) as "qualified!",
            coalesce(c.status, '') as "contract_status!",
            array(select concat_ws('|', i.quality_certificate_number, i.inspection_date, i.final_grade, i.passed,
                                   i.total_score, i.moisture_content)
                  from export_lots l
                  join quality_inspections i on i.lot_id = l.lot_id and i.superseded_by is null
                  where l.export_id = $1) as "inspections!",
            (select count(*) from export_lots l where l.export_id = $1) as "lot_count!",
            array(select k.container_number from export_containers k
                  where k.export_id = $1 order by k.container_number) as "containers!",
            gate.person_name($3) as claimed_by_name,
            coalesce(gate.person_name($4), '') as "changed_by_name!",
            f.first_approved_by as "first_by?: UserId", f.first_approved_at as "first_at?",
            gate.person_name(f.first_approved_by) as first_by_name, f.approval_data as "first_facts?",
            e.permit_number as "permit_number?", e.status as "permit_status?", e.valid_until as "permit_valid_until?",
            (select value from parameters where key = 'second_officer_above' and valid_from <= $5
             order by valid_from desc limit 1) as second_officer_above,
            (select value from parameters where key = 'settlement_days' and valid_from <= $5
             order by valid_from desc limit 1) as settlement_days,
            (select value from parameters where key = 'permit_validity_days' and valid_from <= $5
             order by valid_from desc limit 1) as permit_validity_days,
            array(select r.valid_from || '|' || r.retain_pct from fx_retention_rules r
                  order by r.valid_from desc) as "retention!"
           from (select 1) one
           left join exporter_profiles p on p.exporter_id = $2
           left join sales_contracts c on c.contract_id = $6
           left join export_approvals f
                on f.export_id = $1 and f.status = 'PENDING' and f.superseded_at is null
           left join lateral (select * from export_permits x where x.export_id = $1
                              order by x.created_at desc limit 1) e on true"#,
        export.id as ExportId,
        export.exporter_id as ExporterId,
        export.claimed_by as Option<UserId>,
        export.changed_by as UserId,
        today,
        export.contract_id as ContractId,
    )
    .fetch_one(&mut *connection)
    .await?;
    let missing_documents = missing_documents(connection, export, today).await?;
    let number =
        |value: Option<Decimal>, default: i64| value.and_then(|value| i64::try_from(value).ok()).unwrap_or(default);
    Ok(Context {
        today,
        missing_documents,
        prior: row.prior.iter().filter_map(|text| parse_prior(text)).collect(),
        first_approval: match (row.first_by, row.first_at, row.first_facts) {
            (Some(by), Some(at), Some(facts)) => {
                Some(FirstApproval { by, by_name: row.first_by_name.unwrap_or_default(), at, facts })
            }
            _ => None,
        },
        delinquent: row.delinquent.unwrap_or(false),
        qualified: row.qualified,
        contract_status: row.contract_status,
        inspections: row.inspections.iter().filter_map(|text| parse_inspection(text)).collect(),
        lot_count: row.lot_count,
        permit: match (row.permit_number, row.permit_status, row.permit_valid_until) {
            (Some(number), Some(status), Some(valid_until)) => Some(PermitFacts { number, status, valid_until }),
            _ => None,
        },
        containers: row.containers,
        claimed_by_name: row.claimed_by_name,
        changed_by_name: row.changed_by_name,
        second_officer_above: row.second_officer_above.unwrap_or(Decimal::MAX),
        settlement_days: number(row.settlement_days, 90),
        permit_validity_days: number(row.permit_validity_days, 90),
        retention: row.retention.iter().filter_map(|text| parse_retention(text)).collect(),
    })
}

fn parse_prior(text: &str) -> Option<PriorDecision> {
    let (kind, by) = text.split_once('|')?;
    let kind = ApprovalKind::ALL.iter().copied().find(|candidate| candidate.approval_type() == kind)?;
    Some(PriorDecision { kind, by: by.parse().ok()? })
}

fn parse_inspection(text: &str) -> Option<InspectionFacts> {
    let mut parts = text.split('|');
    Some(InspectionFacts {
        certificate_number: parts.next()?.to_owned(),
        inspected_on: parts.next()?.parse().ok()?,
        final_grade: parts.next()?.to_owned(),
        passed: parts.next()? == "t",
        total_score: parts.next()?.parse().ok()?,
        moisture: parts.next()?.parse().ok()?,
    })
}

fn parse_retention(text: &str) -> Option<(NaiveDate, Decimal)> {
    let (from, percent) = text.split_once('|')?;
    Some((from.parse().ok()?, percent.parse().ok()?))
}

/// The stages at which documents are looked at, in their order; earlier ones are looked at again.
const DOCUMENT_STAGES: &[Stage] =
    &[Stage::BankCheck, Stage::Scheduling, Stage::Clearance, Stage::Loading, Stage::OriginSignature, Stage::Settlement];

async fn missing_documents(
    connection: &mut PgConnection,
    export: &Export,
    today: NaiveDate,
) -> sqlx::Result<Vec<String>> {
    let preparing = export.state.stage == Stage::Preparation;
    let stage = if preparing { Stage::BankCheck } else { export.state.stage };
    let Some(position) = DOCUMENT_STAGES.iter().position(|candidate| *candidate == stage) else {
        return Ok(Vec::new());
    };
    let present = sqlx::query_scalar!(
        r#"select distinct document_type from export_documents where export_id = $1 and is_active"#,
        export.id as ExportId
    )
    .fetch_all(&mut *connection)
    .await?;
    let rules = list_requirements(&mut *connection, today).await?;
    let is_eu = is_eu(connection, &export.destination_country).await?;
    let terms = terms_of(export, is_eu);
    Ok(required(&rules, &terms)
        .into_iter()
        .filter(|rule| DOCUMENT_STAGES[..=position].iter().any(|stage| stage.code() == rule.needed_for_stage))
        // The bank brings its own papers at its own step; they do not hold a submission up.
        .filter(|rule| !preparing || rule.provided_by == "EXPORTER")
        .filter(|rule| !present.contains(&rule.document_type))
        .map(|rule| rule.document_type.clone())
        .collect())
}

/// The terms by which the checklist is drawn up.
pub fn terms_of(export: &Export, destination_is_eu: bool) -> Terms<'_> {
    Terms {
        payment_method: &export.payment_method,
        incoterm: &export.incoterm,
        destination: &export.destination_country,
        destination_is_eu,
        transport_mode: &export.transport_mode,
        requested: &export.requested_documents,
    }
}

/// The rules of the checklist in force on `today`, in the order of the list.
pub(in crate::exports) async fn list_requirements(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Vec<Requirement>> {
    sqlx::query_as!(
        Requirement,
        r#"select r.document_type, r.condition, r.condition_value, r.needed_for_stage, t.provided_by
           from document_requirements r
           join document_types t on t.document_type = r.document_type
           where r.valid_from <= $1 and (r.valid_to is null or r.valid_to >= $1)
           order by t.sort_order, r.condition, r.condition_value"#,
        today
    )
    .fetch_all(connection)
    .await
}

/// Whether a country is a member of the European Union.
pub(in crate::exports) async fn is_eu(connection: &mut PgConnection, country: &str) -> sqlx::Result<bool> {
    let is_eu = sqlx::query_scalar!("select is_eu from countries where country_code = $1", country)
        .fetch_optional(connection)
        .await?;
    Ok(is_eu.unwrap_or(false))
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
    pub cancellation_reason: Option<String>,
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
                cancellation_reason = coalesce($31, cancellation_reason),
                cancelled_by = case when $31::text is not null then $8 else cancelled_by end,
                cancelled_at = case when $31::text is not null then $6 else cancelled_at end
            where export_id = $1 and version = $2
            returning export_id, version)
        insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status,
            new_stage, action, changed_by, organization, organization_id, reason, created_at)
        select $32, export_id, version, $33, $34, $3, $4, $35, $8, $36, $37, $38, $6 from moved"#,
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
