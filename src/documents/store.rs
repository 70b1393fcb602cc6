//! The SQL of documents. Row-level security keeps each to the exports that the viewer may see; nothing is
//! decided here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::inspection::FileKind;
use super::intake::KeptFile;
use super::model::{Check, Document, Ended, Verdict, Waiver};
use super::scan::Scan;
use crate::auth::Actor;
use crate::ids::{DocumentId, ExportId, OrganizationId, UserId};

pub(super) mod scans;
pub(super) mod shares;

/// A document to be attached.
#[derive(Debug)]
pub struct NewDocument<'a> {
    /// Its id.
    pub id: DocumentId,
    /// To which export.
    pub export_id: ExportId,
    /// Its kind.
    pub document_type: &'a str,
    /// The number that the paper bears.
    pub reference_number: Option<&'a str>,
    /// Which of its kind it is.
    pub version: i32,
    /// Its file.
    pub file: &'a KeptFile,
}

struct Row {
    document_id: DocumentId,
    export_id: ExportId,
    organization_id: OrganizationId,
    document_type: String,
    document_name: String,
    reference_number: Option<String>,
    document_path: String,
    file_size: i64,
    mime_type: String,
    sha256: Vec<u8>,
    version: i32,
    uploaded_by: UserId,
    by_name: Option<String>,
    uploaded_at: DateTime<Utc>,
    verdict: Option<Verdict>,
    check_reason: Option<String>,
    checked_by_name: Option<String>,
    checked_at: Option<DateTime<Utc>>,
    deactivated_by_name: Option<String>,
    deactivated_at: Option<DateTime<Utc>>,
    deactivation_reason: Option<String>,
    scan: Json<Scan>,
}

impl TryFrom<Row> for Document {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        // The table's CHECKs hold these; a row of somebody else's making is an error, not a guess.
        let broken = |what: &str| sqlx::Error::Decode(format!("document {}: {what}", row.document_id).into());
        Ok(Self {
            key: row.document_path.parse().map_err(|_| broken("its path is no key"))?,
            size_bytes: u64::try_from(row.file_size).map_err(|_| broken("its size"))?,
            kind: FileKind::from_media_type(&row.mime_type).ok_or_else(|| broken("its media type"))?,
            sha256: hex::encode(&row.sha256),
            ended: row.deactivated_at.map(|at| Ended {
                by_name: row.deactivated_by_name.unwrap_or_default(),
                at,
                reason: row.deactivation_reason,
            }),
            check: match (row.verdict, row.checked_at) {
                (Some(verdict), Some(at)) => Some(Check {
                    verdict,
                    reason: row.check_reason,
                    by_name: row.checked_by_name.unwrap_or_default(),
                    at,
                }),
                _ => None,
            },
            id: row.document_id,
            export_id: row.export_id,
            organization_id: row.organization_id,
            document_type: row.document_type,
            name: row.document_name,
            reference_number: row.reference_number,
            version: row.version,
            uploaded_by: row.uploaded_by,
            by_name: row.by_name.unwrap_or_default(),
            uploaded_at: row.uploaded_at,
            scan: row.scan.0,
        })
    }
}

/// The one list of columns.
macro_rules! select_documents {
    ($tail:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select d.document_id as "document_id: DocumentId", d.export_id as "export_id: ExportId",
                   d.organization_id as "organization_id: OrganizationId", d.document_type, d.document_name,
                   d.reference_number, d.document_path, d.file_size, d.mime_type, d.sha256, d.version,
                   d.uploaded_by as "uploaded_by: UserId", gate.person_name(d.uploaded_by) as by_name, d.uploaded_at,
                   c.verdict as "verdict?: Verdict", c.reason as "check_reason?",
                   gate.person_name(c.checked_by) as checked_by_name, c.checked_at as "checked_at?",
                   gate.person_name(d.deactivated_by) as deactivated_by_name, d.deactivated_at,
                   d.deactivation_reason,
                   json_build_object('status', d.scan_status, 'at', d.scanned_at, 'engine', d.scan_engine,
                                     'signature', d.scan_signature) as "scan!: Json<Scan>"
               from export_documents d
               join document_types t on t.document_type = d.document_type
               left join lateral (select k.verdict, k.reason, k.checked_by, k.checked_at from document_checks k
                                  where k.document_id = d.document_id
                                  order by k.checked_at desc, k.check_id desc limit 1) c on true
               where "# + $tail,
            $($argument),+
        )
    };
}

/// One document, whatever became of it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(connection: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<Document>> {
    let row = select_documents!("d.document_id = $1", id as DocumentId).fetch_optional(connection).await?;
    row.map(Document::try_from).transpose()
}

/// The documents of an export, in the order of the checklist, newest version first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(connection: &mut PgConnection, export: ExportId) -> sqlx::Result<Vec<Document>> {
    let rows = select_documents!("d.export_id = $1 order by t.sort_order, d.version desc", export as ExportId)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Document::try_from).collect()
}

/// The name of a person whom one has met on a case.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_person_name(connection: &mut PgConnection, person: UserId) -> sqlx::Result<String> {
    let name = sqlx::query_scalar!("select gate.person_name($1)", person as UserId).fetch_one(connection).await?;
    Ok(name.unwrap_or_default())
}

/// Who normally brings documents of this kind; `None` when there is no such kind.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_provider(connection: &mut PgConnection, document_type: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select provided_by from document_types where document_type = $1", document_type)
        .fetch_optional(connection)
        .await
}

/// The newest version of a kind in an export, 0 when there is none. Until the transaction ends nobody else
/// can ask, so that two uploads at once become two versions.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lock_newest_version(
    connection: &mut PgConnection,
    export: ExportId,
    document_type: &str,
) -> sqlx::Result<i32> {
    // Not the export's row: row-level security lets a bank lock that only while the export is in its queue.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("{export} {document_type}"))
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar!(
        r#"select coalesce(max(version), 0) as "version!" from export_documents
           where export_id = $1 and document_type = $2"#,
        export as ExportId,
        document_type
    )
    .fetch_one(connection)
    .await
}

/// Makes the viewer's own document of a kind step back for a newer one; which, if there was one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn set_replaced(
    connection: &mut PgConnection,
    export: ExportId,
    document_type: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DocumentId>> {
    sqlx::query_scalar!(
        r#"update export_documents set is_active = false, deactivated_by = $4, deactivated_at = $5
           where export_id = $1 and document_type = $2 and organization_id = $3 and is_active
           returning document_id as "document_id: DocumentId""#,
        export as ExportId,
        document_type,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now
    )
    .fetch_optional(connection)
    .await
}

/// Takes an active document of the viewer's organisation back; false when it is none (any more).
///
/// # Errors
/// When the database cannot be reached.
pub async fn set_removed(
    connection: &mut PgConnection,
    id: DocumentId,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update export_documents
         set is_active = false, deactivated_by = $3, deactivated_at = $4, deactivation_reason = $5
         where document_id = $1 and organization_id = $2 and is_active",
        id as DocumentId,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
        reason
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Adds the row of a document.
///
/// # Errors
/// When the database refuses it or cannot be reached.
pub async fn insert(
    connection: &mut PgConnection,
    document: &NewDocument<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (file, digest) = (document.file, &document.file.digest);
    sqlx::query!(
        "insert into export_documents (document_id, export_id, organization_id, document_type, document_name,
             reference_number, document_path, file_size, mime_type, sha256, ipfs_hash, version, uploaded_by,
             uploaded_at, created_at, scan_status, scanned_at, scan_engine)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, $16, $17)",
        document.id as DocumentId,
        document.export_id as ExportId,
        actor.organization.id as OrganizationId,
        document.document_type,
        file.name,
        document.reference_number,
        file.key.path(),
        i64::try_from(digest.size_bytes).unwrap_or(i64::MAX),
        file.kind.media_type(),
        digest.sha256.as_slice(),
        digest.cid,
        document.version,
        actor.user_id as UserId,
        now,
        file.scan.code(),
        file.scan.at(),
        file.scan.engine(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down what was found about a document.
///
/// # Errors
/// When the database refuses it or cannot be reached.
pub async fn insert_check(
    connection: &mut PgConnection,
    document: &Document,
    verdict: Verdict,
    reason: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into document_checks (check_id, document_id, export_id, organization_id, verdict, reason, checked_by,
             checked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        document.id as DocumentId,
        document.export_id as ExportId,
        actor.organization.id as OrganizationId,
        verdict.code(),
        reason,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an export does without, in force.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_waivers(connection: &mut PgConnection, export: ExportId) -> sqlx::Result<Vec<Waiver>> {
    sqlx::query_as!(
        Waiver,
        r#"select document_type, reason, coalesce(gate.person_name(waived_by), '') as "by_name!", waived_at as at
           from document_waivers where export_id = $1 and revoked_at is null order by document_type"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await
}

/// Lets an export do without a kind of document; false when it does already.
///
/// # Errors
/// When the database refuses it or cannot be reached.
pub async fn insert_waiver(
    connection: &mut PgConnection,
    export: ExportId,
    document_type: &str,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let added = sqlx::query!(
        "insert into document_waivers (waiver_id, export_id, document_type, organization_id, reason, waived_by, waived_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (export_id, document_type) where revoked_at is null do nothing",
        Uuid::now_v7(),
        export as ExportId,
        document_type,
        actor.organization.id as OrganizationId,
        reason,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Takes a waiver of the viewer's organisation back; false when there is none (any more).
///
/// # Errors
/// When the database cannot be reached.
pub async fn set_waiver_revoked(
    connection: &mut PgConnection,
    export: ExportId,
    document_type: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update document_waivers set revoked_by = $4, revoked_at = $5
         where export_id = $1 and document_type = $2 and organization_id = $3 and revoked_at is null",
        export as ExportId,
        document_type,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Which of these paths a row names.
pub(super) async fn list_named(connection: &mut PgConnection, paths: &[String]) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select document_path as "path!" from export_documents where document_path = any($1)
           union all
           select storage_key from preregistration_documents where storage_key = any($1)
           union all
           select storage_key from personal_data_copies where storage_key = any($1)
           union all
           select storage_key from audit.archive_manifests where storage_key = any($1)
           union all
           select storage_key from paper_files where storage_key = any($1)"#,
        paths
    )
    .fetch_all(connection)
    .await
}

/// A row and where its file should lie.
#[derive(Debug)]
pub(super) struct FileRow {
    pub id: Uuid,
    /// Whether it is the signed file of a paper, and no document.
    pub is_of_paper: bool,
    pub path: String,
    pub sha256: Vec<u8>,
}

impl FileRow {
    /// What the record calls that whose file it is.
    pub const fn kind(&self) -> &'static str {
        if self.is_of_paper { "paper" } else { "document" }
    }
}

/// Rows with ids from `from` on and below `until`, at most `limit`. Of the files of a paper the last one comes first.
pub(super) async fn list_between(
    connection: &mut PgConnection,
    from: Uuid,
    until: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<FileRow>> {
    sqlx::query_as!(
        FileRow,
        r#"select id as "id!", is_of_paper as "is_of_paper!", path as "path!", sha256 as "sha256!" from (
               select document_id, false, document_path, sha256, 1 from export_documents
               union all
               select document_id, false, storage_key, sha256, 1 from preregistration_documents
               union all
               select paper_id, true, storage_key, sha256, version from paper_files) d (id, is_of_paper, path, sha256, version)
           where id >= $1 and id < $2 order by id, version desc limit $3"#,
        from,
        until,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Whether it is on record what became of a file.
pub(super) async fn is_fault_on_record(
    connection: &mut PgConnection,
    row: &FileRow,
    event_type: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from audit.events where entity_type = $1 and entity_id = $2 and event_type = $3
                          and details ->> 'path' = $4) as "known!""#,
        row.kind(),
        row.id,
        event_type,
        row.path
    )
    .fetch_one(connection)
    .await
}

/// The last file that was compared with what its row says; the nil id where that begins anew.
pub(super) async fn find_checked(connection: &mut PgConnection) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!("select last_id from file_checks").fetch_one(connection).await
}

/// Notes up to which file was compared.
pub(super) async fn update_checked(connection: &mut PgConnection, last: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update file_checks set last_id = $1", last).execute(connection).await?;
    Ok(())
}
