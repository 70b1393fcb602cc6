//! The SQL of verdicts that come after the upload.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::documents::scan::Scan;
use crate::ids::{DocumentId, ExportId, OrganizationId, UserId};

/// A file without a verdict, with what the record tells of it.
#[derive(Debug)]
pub(in crate::documents) struct UnscannedFile {
    pub path: String,
    pub name: String,
    pub document_type: String,
    pub sha256: Vec<u8>,
    pub size_bytes: i64,
    /// Who has brought it, and for whom.
    pub uploaded_by: UserId,
    pub organization: OrganizationId,
    /// To which export it belongs, or to what else.
    pub export: Option<ExportId>,
    pub subject: Option<Uuid>,
}

/// The file of a document, unless it has a verdict already.
pub(in crate::documents) async fn find_unscanned(
    connection: &mut PgConnection,
    id: DocumentId,
) -> sqlx::Result<Option<UnscannedFile>> {
    sqlx::query_as!(
        UnscannedFile,
        r#"select document_path as "path!", document_name as "name!", document_type as "document_type!",
               sha256 as "sha256!", file_size as "size_bytes!", uploaded_by as "uploaded_by!: UserId",
               organization_id as "organization!: OrganizationId", export_id as "export: ExportId",
               null::uuid as subject
           from export_documents where document_id = $1 and scan_status in ('NOT_SCANNED', 'WAITING')
           union all
           select storage_key, file_name, document_type, sha256, file_size, uploaded_by,
               coalesce(provided_by_organization_id, organization_id), null, entity_id
           from preregistration_documents where document_id = $1 and scan_status in ('NOT_SCANNED', 'WAITING')"#,
        id as DocumentId
    )
    .fetch_optional(connection)
    .await
}

/// Writes a verdict down; false when there is one already.
pub(in crate::documents) async fn set_verdict(
    connection: &mut PgConnection,
    id: DocumentId,
    scan: &Scan,
) -> sqlx::Result<bool> {
    let (status, at, engine, signature) = (scan.code(), scan.at(), scan.engine(), scan.signature());
    let of_export = sqlx::query!(
        "update export_documents set scan_status = $2, scanned_at = $3, scan_engine = $4, scan_signature = $5
         where document_id = $1 and scan_status in ('NOT_SCANNED', 'WAITING')",
        id as DocumentId,
        status,
        at,
        engine,
        signature
    )
    .execute(&mut *connection)
    .await?;
    let of_application = sqlx::query!(
        "update preregistration_documents set scan_status = $2, scanned_at = $3, scan_engine = $4, scan_signature = $5
         where document_id = $1 and scan_status in ('NOT_SCANNED', 'WAITING')",
        id as DocumentId,
        status,
        at,
        engine,
        signature
    )
    .execute(connection)
    .await?;
    Ok(of_export.rows_affected() + of_application.rows_affected() == 1)
}

/// Tells the open pages of an export's parties that something has changed on it.
pub(in crate::documents) async fn insert_outbox(
    connection: &mut PgConnection,
    export: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at)
         select 'export.changed', 'export', export_id, jsonb_build_object('version', version + 1, 'organizations',
             jsonb_build_array(exporter_organization_id, bank_organization_id, shipping_organization_id)), $2
         from exports where export_id = $1",
        export as ExportId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Has whoever has brought a document told that it is infected.
pub(in crate::documents) async fn insert_warning(
    connection: &mut PgConnection,
    id: DocumentId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at)
         select 'document.infected', 'document', $1, jsonb_build_object('brought_by', d.brought_by, 'subject_kind', d.subject_kind,
             'subject', d.subject, 'name', d.name, 'name_am', d.name_am), $2
         from (select x.document_id, x.uploaded_by, 'EXPORT', x.export_id, t.name, t.name_am
               from export_documents x join document_types t on t.document_type = x.document_type
               union all
               -- What its area calls it, by what the record calls it.
               select x.document_id, x.uploaded_by,
                   case x.entity_type when 'exporter_profile' then 'PROFILE' when 'laboratory' then 'LABORATORY'
                       when 'taster' then 'TASTER' when 'competence_certificate' then 'COMPETENCE' when 'export_license' then 'LICENSE'
                       when 'coffee_lot' then 'LOT' when 'quality_inspection' then 'INSPECTION'
                       when 'sales_contract' then 'CONTRACT' when 'buyer' then 'BUYER' end,
                   x.entity_id, t.name, t.name_am
               from preregistration_documents x join application_document_types t on t.document_type = x.document_type)
             d (document_id, brought_by, subject_kind, subject, name, name_am)
         where d.document_id = $1",
        id as DocumentId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Documents without a verdict with ids above `after`, at most `limit`.
pub(in crate::documents) async fn list_unscanned(
    connection: &mut PgConnection,
    after: DocumentId,
    limit: i64,
) -> sqlx::Result<Vec<DocumentId>> {
    sqlx::query_scalar!(
        r#"select document_id as "id!: DocumentId" from (
               select document_id from export_documents where scan_status in ('NOT_SCANNED', 'WAITING')
               union all
               select document_id from preregistration_documents where scan_status in ('NOT_SCANNED', 'WAITING')) d
           where document_id > $1 order by document_id limit $2"#,
        after as DocumentId,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many documents wait for their scan, and since when.
pub(in crate::documents) async fn count_waiting(
    connection: &mut PgConnection,
) -> sqlx::Result<(i64, Option<DateTime<Utc>>)> {
    let waiting = sqlx::query!(
        r#"select count(*) as "count!", min(uploaded_at) as since from (
               select uploaded_at from export_documents where scan_status = 'WAITING'
               union all
               select uploaded_at from preregistration_documents where scan_status = 'WAITING') d"#
    )
    .fetch_one(connection)
    .await?;
    Ok((waiting.count, waiting.since))
}
