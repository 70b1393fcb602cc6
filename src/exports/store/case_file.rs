//! The SQL of a case page: everything on record about one export, in one round trip.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::extensions::ExtensionLine;
use super::revise::HistoryDetails;
use crate::auth::{Actor, Permissions};
use crate::documents::{Check, Filed, Scan, Shut, Waiver};
use crate::exports::model::ApprovalKind;
use crate::ids::{DocumentId, ExportId, MessageId, OrganizationId, PaperId, UserId};

/// One line of the history.
#[derive(Debug, Clone, Deserialize)]
pub struct HistoryLine {
    /// Such as `fx:approve`.
    pub action: String,
    /// Code of the organisation that did it.
    pub organization: String,
    /// Its id.
    pub organization_id: OrganizationId,
    /// Who did it.
    pub changed_by: UserId,
    /// The status after it.
    pub new_status: String,
    /// The stage after it.
    pub new_stage: String,
    /// Why.
    pub reason: Option<String>,
    /// What it changed, where it moved nothing.
    pub details: HistoryDetails,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A document that is attached.
#[derive(Debug, Clone, Deserialize)]
pub struct DocumentLine {
    /// Its id.
    pub document_id: DocumentId,
    /// Its kind.
    pub document_type: String,
    /// The file's name.
    pub document_name: String,
    /// The number on the paper.
    pub reference_number: Option<String>,
    /// Bytes.
    pub file_size: i64,
    /// application/pdf, image/jpeg or image/png.
    pub mime_type: String,
    /// How many came before it.
    pub version: i32,
    /// When it came.
    pub uploaded_at: DateTime<Utc>,
    /// Who brought it.
    pub uploaded_by: UserId,
    /// For whom.
    pub organization_id: OrganizationId,
    /// What was found about it.
    pub check: Option<Check>,
    /// What a scanner has said of it.
    pub scan: Scan,
}

impl DocumentLine {
    /// Why `viewer`, who sees it, does not open it.
    #[must_use]
    pub fn against_opening(&self, viewer: &Actor) -> Option<Shut> {
        self.scan.against_opening(self.organization_id, viewer)
    }
}

impl Filed for DocumentLine {
    fn document_type(&self) -> &str {
        &self.document_type
    }

    fn check(&self) -> Option<&Check> {
        self.check.as_ref()
    }

    fn scan(&self) -> &Scan {
        &self.scan
    }
}

/// A message on the case.
#[derive(Debug, Clone, Deserialize)]
pub struct MessageLine {
    /// Its id.
    pub message_id: MessageId,
    /// Who wrote it.
    pub author_id: UserId,
    /// For whom they act.
    pub organization_id: OrganizationId,
    /// What it says.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A lot of the export.
#[derive(Debug, Clone, Deserialize)]
pub struct LotLine {
    /// Its number.
    pub ecx_lot_number: String,
    /// The warehouse receipt.
    pub warehouse_receipt_number: String,
    /// Where it lies.
    pub warehouse_location: String,
    /// Kilograms of it in this export.
    pub quantity_kg: Decimal,
    /// Number of the quality certificate.
    pub quality_certificate_number: Option<String>,
    /// Day of the inspection.
    pub inspection_date: Option<NaiveDate>,
    /// The grade found.
    pub final_grade: Option<String>,
    /// Points of 100.
    pub total_score: Option<Decimal>,
    /// Percent.
    pub moisture_content: Option<Decimal>,
}

/// A container.
#[derive(Debug, Clone, Deserialize)]
pub struct ContainerLine {
    /// Its number.
    pub container_number: String,
    /// Such as 20DRY.
    pub container_type: String,
    /// Its seal.
    pub seal_number: Option<String>,
    /// Kilograms of coffee in it.
    pub net_kg: Option<Decimal>,
}

/// A paper that was issued.
#[derive(Debug, Clone, Deserialize)]
pub struct PaperLine {
    /// Its id.
    pub paper_id: PaperId,
    /// EXPORT_PERMIT, ICO_CERTIFICATE, ...
    pub kind: String,
    /// Its number.
    pub number: String,
    /// VALID, USED, REVOKED, ...: what it is worth today.
    pub state: String,
}

/// Another part of what was one export, as far as the viewer may see it.
#[derive(Debug, Clone, Deserialize)]
pub struct PartLine {
    /// Its id.
    pub export_id: ExportId,
    /// Its number.
    pub export_number: String,
    /// Its net kilograms.
    pub quantity: Decimal,
    /// Whether it is the one that this one was parted from.
    pub is_origin: bool,
}

/// What has come of the proceeds, for those who may see it; amounts in the export's currency.
#[derive(Debug, Clone, Deserialize)]
pub struct SettlementLine {
    /// What the receipts that stand add up to.
    pub received_amount: Decimal,
    /// What banks on the way charged.
    pub bank_charges: Decimal,
    /// What the exporter keeps.
    pub retained_amount: Decimal,
    /// What was sold to the bank.
    pub surrendered_amount: Decimal,
    /// What the exporter was credited, in birr.
    pub etb_credited: Decimal,
    /// How many receipts stand.
    pub receipts: i64,
    /// Date value of the last.
    pub last_on: NaiveDate,
}

/// What the approvals in force ask of the parties, beside what they have put on the export's row. The proceeds
/// are not among it: they are between the exporter, its bank and the regulators.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Terms {
    /// The National Bank's.
    #[serde(default, rename = "FX_APPROVAL")]
    pub fx: Term,
    /// The authority's, of the quality.
    #[serde(default, rename = "QUALITY_CERTIFICATION")]
    pub quality: Term,
    /// The authority's, of the permit.
    #[serde(default, rename = "EXPORT_PERMIT")]
    pub permit: Term,
}

/// What one approval asks.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Term {
    /// Birr for one unit of the currency.
    pub etb_per_unit: Option<Decimal>,
    /// What has to be kept to.
    pub conditions: Option<String>,
    /// What was noticed.
    pub remarks: Option<String>,
}

/// What else the row of the export says.
#[derive(Debug, Clone, Deserialize)]
pub struct RowFacts {
    /// The bank's file.
    pub bank_reference: Option<String>,
    /// The bank permit.
    pub bank_permit_number: Option<String>,
    /// Approval of foreign exchange.
    pub fx_reference: Option<String>,
    /// The grade confirmed.
    pub quality_grade: Option<String>,
    /// The carrier's booking.
    pub booking_number: Option<String>,
    /// Estimated arrival.
    pub arrival_date: Option<NaiveDate>,
    /// The declaration.
    pub customs_declaration_number: Option<String>,
    /// The clearance.
    pub customs_clearance_number: Option<String>,
    /// The bill of lading.
    pub bill_of_lading_number: Option<String>,
    /// On board.
    pub on_board_date: Option<NaiveDate>,
    /// Why it was given up.
    pub cancellation_reason: Option<String>,
    /// Box 2 of the ICO form.
    pub notify_address: Option<String>,
    /// The exporter's own reference.
    pub exporter_reference: Option<String>,
}

/// Somebody of the viewer's own organisation.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Their id.
    pub id: UserId,
    /// What they may do at this moment.
    pub permissions: Permissions,
    /// By name.
    pub name: String,
}

/// Everything on record about one export.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// What else the row says.
    pub row: RowFacts,
    /// Newest first.
    pub history: Vec<HistoryLine>,
    /// The newest of a kind first; kinds by code.
    pub documents: Vec<DocumentLine>,
    /// What it does without.
    pub waivers: Vec<Waiver>,
    /// Oldest first.
    pub messages: Vec<MessageLine>,
    /// Its lots.
    pub lots: Vec<LotLine>,
    /// Its containers.
    pub containers: Vec<ContainerLine>,
    /// Its papers.
    pub papers: Vec<PaperLine>,
    /// What the approvals in force ask.
    pub terms: Terms,
    /// What the organisation in whose queue it stands had recorded at this step, before that was undone.
    pub former: Option<serde_json::Value>,
    /// What it was parted from, and what stayed behind of it.
    pub parts: Vec<PartLine>,
    /// What has come of the proceeds.
    pub settlement: Option<SettlementLine>,
    /// The National Bank's extensions, the first one first.
    pub extensions: Vec<ExtensionLine>,
    /// Number of the contract.
    pub contract_number: String,
    /// The exporter's tax number.
    pub tin: Option<String>,
    /// The licence.
    pub license_number: Option<String>,
    /// Until when it runs.
    pub license_expiry: Option<NaiveDate>,
}

impl CaseFile {
    /// Whom it names.
    pub fn named(&self) -> impl Iterator<Item = Uuid> {
        let history = self.history.iter().flat_map(|line| [line.changed_by.0, line.organization_id.0]);
        let messages = self.messages.iter().flat_map(|line| [line.author_id.0, line.organization_id.0]);
        let extensions = self.extensions.iter().map(|line| line.granted_by.0);
        history.chain(messages).chain(self.documents.iter().map(|line| line.uploaded_by.0)).chain(extensions)
    }
}

/// The file of an export that was found before and waits for `step`; its parts are kept to what the viewer may see by
/// row-level security.
pub(in crate::exports) async fn read(
    connection: &mut PgConnection,
    id: ExportId,
    step: Option<ApprovalKind>,
) -> sqlx::Result<CaseFile> {
    let row = sqlx::query!(
        // Only what is shown: a whole row as JSON costs more than everything else here together.
        r#"select json_build_object('bank_reference', e.bank_reference, 'bank_permit_number', e.bank_permit_number,
                'fx_reference', e.fx_reference, 'quality_grade', e.quality_grade, 'booking_number', e.booking_number,
                'arrival_date', e.arrival_date, 'customs_declaration_number', e.customs_declaration_number,
                'customs_clearance_number', e.customs_clearance_number,
                'bill_of_lading_number', e.bill_of_lading_number, 'on_board_date', e.on_board_date,
                'cancellation_reason', e.cancellation_reason, 'notify_address', e.notify_address,
                'exporter_reference', e.exporter_reference) as "row!: Json<RowFacts>",
            (select coalesce(json_agg(json_build_object('action', h.action, 'organization', h.organization,
                        'organization_id', h.organization_id,
                        'changed_by', h.changed_by, 'new_status', h.new_status, 'new_stage', h.new_stage, 'reason', h.reason, 'details', h.details, 'created_at', h.created_at)
                        order by h.version desc), '[]')
             from export_status_history h
             where h.export_id = e.export_id) as "history!: Json<Vec<HistoryLine>>",
            (select coalesce(json_agg(json_build_object('document_id', d.document_id, 'document_type', d.document_type,
                        'document_name', d.document_name, 'reference_number', d.reference_number,
                        'file_size', d.file_size, 'mime_type', d.mime_type, 'version', d.version,
                        'uploaded_at', d.uploaded_at, 'uploaded_by', d.uploaded_by,
                        'organization_id', d.organization_id,
                        'scan', json_build_object('status', d.scan_status, 'at', d.scanned_at, 'engine', d.scan_engine,
                                                  'signature', d.scan_signature),
                        'check', (select json_build_object('verdict', k.verdict, 'reason', k.reason,
                                      'by_name', coalesce(gate.person_name(k.checked_by), ''), 'at', k.checked_at)
                                  from document_checks k where k.document_id = d.document_id
                                  order by k.checked_at desc, k.check_id desc limit 1))
                        order by d.document_type, d.version desc), '[]')
             from export_documents d
             where d.export_id = e.export_id and d.is_active)
                as "documents!: Json<Vec<DocumentLine>>",
            (select coalesce(json_agg(json_build_object('document_type', w.document_type, 'reason', w.reason,
                        'by_name', coalesce(gate.person_name(w.waived_by), ''), 'at', w.waived_at)
                        order by w.document_type), '[]')
             from document_waivers w
             where w.export_id = e.export_id and w.revoked_at is null) as "waivers!: Json<Vec<Waiver>>",
            (select coalesce(json_agg(json_build_object('message_id', m.message_id, 'author_id', m.author_id,
                        'organization_id', m.organization_id, 'body', m.body, 'created_at', m.created_at)
                        order by m.created_at), '[]')
             from export_messages m
             where m.export_id = e.export_id) as "messages!: Json<Vec<MessageLine>>",
            (select coalesce(json_agg(json_build_object('ecx_lot_number', l.ecx_lot_number,
                        'warehouse_receipt_number', l.warehouse_receipt_number,
                        'warehouse_location', l.warehouse_location, 'quantity_kg', x.quantity_kg::text,
                        'quality_certificate_number', i.quality_certificate_number,
                        'inspection_date', i.inspection_date, 'final_grade', i.final_grade,
                        'total_score', i.total_score::text, 'moisture_content', i.moisture_content::text)
                        order by l.ecx_lot_number), '[]')
             from export_lots x join coffee_lots l on l.lot_id = x.lot_id
             left join quality_inspections i on i.inspection_id = l.inspection_id
             where x.export_id = e.export_id) as "lots!: Json<Vec<LotLine>>",
            (select coalesce(json_agg(json_build_object('container_number', k.container_number,
                        'container_type', k.container_type, 'seal_number', k.seal_number, 'net_kg', k.net_kg::text)
                        order by k.container_number), '[]')
             from export_containers k where k.export_id = e.export_id) as "containers!: Json<Vec<ContainerLine>>",
            (select coalesce(json_agg(json_build_object('paper_id', p.paper_id, 'kind', p.kind, 'number', p.number,
                        'state', w.state) order by p.issued_at, p.paper_id), '[]')
             from (select x.paper_id from issued_papers x where x.export_id = e.export_id
                   union all select g.paper_id from gate.granted_papers(e.export_id) g) here
             join issued_papers p on p.paper_id = here.paper_id
             cross join lateral gate.worth_of_paper(p.paper_id, app.today()) w) as "papers!: Json<Vec<PaperLine>>",
            (select coalesce(json_object_agg(a.approval_type, a.approval_data), '{}')
             from export_approvals a
             where a.export_id = e.export_id and a.status = 'APPROVED' and a.superseded_at is null
               and a.approval_type in ('FX_APPROVAL', 'QUALITY_CERTIFICATION', 'EXPORT_PERMIT')) as "terms!: Json<Terms>",
            (select coalesce(json_agg(json_build_object('export_id', o.export_id, 'export_number', o.export_number,
                        'quantity', o.quantity::text, 'is_origin', o.export_id is not distinct from e.split_from)
                        order by o.created_at, o.export_id), '[]')
             from exports o
             where o.export_id = e.split_from or o.split_from = e.export_id) as "parts!: Json<Vec<PartLine>>",
            (select a.approval_data from export_approvals a
             where a.export_id = e.export_id and a.approval_type = $2 and a.status = 'APPROVED'
               and a.superseded_at is not null and a.organization_id = e.queue_organization_id
             order by a.created_at desc limit 1) as former,
            (select json_build_object('received_amount', sum(s.received_amount)::text,
                        'bank_charges', sum(s.bank_charges)::text, 'retained_amount', sum(s.retained_amount)::text,
                        'surrendered_amount', sum(s.surrendered_amount)::text, 'etb_credited', sum(s.etb_credited)::text,
                        'receipts', count(*) filter (where s.reverses is null) - count(s.reverses),
                        'last_on', max(s.received_on))
             from export_settlements s where s.export_id = e.export_id
             having count(*) > 0) as "settlement?: Json<SettlementLine>",
            (select coalesce(json_agg(json_build_object('due_from', x.due_from, 'due_to', x.due_to, 'reason', x.reason,
                        'granted_by', x.granted_by, 'granted_at', x.granted_at) order by x.granted_at, x.extension_id), '[]')
             from settlement_extensions x
             where x.export_id = e.export_id) as "extensions!: Json<Vec<ExtensionLine>>",
            c.contract_number as "contract_number?", p.tin as "tin?", l.license_number as "license_number?",
            l.expiry_date as "license_expiry?"
           from exports e
           left join sales_contracts c on c.contract_id = e.contract_id
           left join exporter_profiles p on p.exporter_id = e.exporter_id
           left join export_licenses l on l.license_id = e.license_id
           where e.export_id = $1"#,
        id as ExportId,
        step.map(ApprovalKind::approval_type)
    )
    .fetch_one(connection)
    .await?;
    Ok(CaseFile {
        row: row.row.0,
        history: row.history.0,
        documents: row.documents.0,
        waivers: row.waivers.0,
        messages: row.messages.0,
        lots: row.lots.0,
        containers: row.containers.0,
        papers: row.papers.0,
        terms: row.terms.0,
        former: row.former,
        parts: row.parts.0,
        settlement: row.settlement.map(|settlement| settlement.0),
        extensions: row.extensions.0,
        contract_number: row.contract_number.unwrap_or_default(),
        tin: row.tin,
        license_number: row.license_number,
        license_expiry: row.license_expiry,
    })
}

/// The papers of an export and those that the authority has granted for its checklist, the oldest first.
pub(in crate::exports) async fn list_papers(
    connection: &mut PgConnection,
    id: ExportId,
) -> sqlx::Result<Vec<PaperLine>> {
    sqlx::query_as!(
        PaperLine,
        r#"select p.paper_id as "paper_id: PaperId", p.kind, p.number, w.state as "state!"
           from (select x.paper_id from issued_papers x where x.export_id = $1
                 union all select g.paper_id from gate.granted_papers($1) g) here
           join issued_papers p on p.paper_id = here.paper_id
           cross join lateral gate.worth_of_paper(p.paper_id, app.today()) w
           order by p.issued_at, p.paper_id"#,
        id as ExportId,
    )
    .fetch_all(connection)
    .await
}

/// The active people of an organisation to which the viewer belongs.
pub(in crate::exports) async fn list_colleagues(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> sqlx::Result<Vec<Colleague>> {
    let rows = sqlx::query!(
        r#"select u.id as "id: UserId", u.full_name,
                  app.permissions_at(u.id, app.moment()) as "permissions!"
           from users u
           where u.organization_id = $1 and u.is_active
           order by u.full_name"#,
        organization as OrganizationId
    )
    .fetch_all(connection)
    .await?;
    let colleague = |id, name, codes: &[String]| Colleague { id, name, permissions: Permissions::from_codes(codes) };
    Ok(rows.into_iter().map(|row| colleague(row.id, row.full_name, &row.permissions)).collect())
}
