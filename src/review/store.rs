//! The SQL of reviews: history, questions and answers, drafts, papers handed in.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::files::ApplicationFile;
use super::model::{HistoryLine, MessageLine, Standing, SubjectKind};
use super::service::Draft;
use crate::auth::Actor;
use crate::documents::Scan;
use crate::documents::inspection::FileKind;
use crate::documents::intake::KeptFile;
use crate::ids::{DocumentId, DraftId, MessageId, OrganizationId, UserId};

/// A move about to be recorded.
pub(super) struct NewMove<'a> {
    pub subject: SubjectKind,
    pub subject_id: Uuid,
    pub owner: OrganizationId,
    pub version: i32,
    pub from: &'a str,
    pub action: &'a str,
    pub to: &'a str,
    pub by: Option<(UserId, OrganizationId)>,
    pub reason: Option<&'a str>,
    pub details: &'a Value,
}

pub(super) async fn insert_move(
    connection: &mut PgConnection,
    new: &NewMove<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action,
             to_state, changed_by, organization_id, reason, details, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        Uuid::now_v7(),
        new.subject.code(),
        new.subject_id,
        new.owner as OrganizationId,
        new.version,
        new.from,
        new.action,
        new.to,
        new.by.map(|(person, _)| person) as Option<UserId>,
        new.by.map(|(_, organization)| organization) as Option<OrganizationId>,
        new.reason,
        new.details,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What happened, newest first.
pub(super) async fn list_history(
    connection: &mut PgConnection,
    subject: SubjectKind,
    id: Uuid,
) -> sqlx::Result<Vec<HistoryLine>> {
    sqlx::query_as!(
        HistoryLine,
        r#"select action, from_state, to_state, changed_by as "changed_by: UserId",
                  organization_id as "organization_id: OrganizationId", reason, details, created_at
           from review_history
           where subject = $1 and subject_id = $2
           order by version desc"#,
        subject.code(),
        id,
    )
    .fetch_all(connection)
    .await
}

/// What was said, oldest first.
pub(super) async fn list_messages(
    connection: &mut PgConnection,
    subject: SubjectKind,
    id: Uuid,
) -> sqlx::Result<Vec<MessageLine>> {
    sqlx::query_as!(
        MessageLine,
        r#"select message_id as "message_id: MessageId", author_id as "author_id: UserId",
                  organization_id as "organization_id: OrganizationId", body, created_at
           from review_messages
           where subject = $1 and subject_id = $2
           order by created_at, message_id"#,
        subject.code(),
        id,
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn insert_message(
    connection: &mut PgConnection,
    id: MessageId,
    (subject, standing): (SubjectKind, &Standing),
    actor: &Actor,
    body: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into review_messages (message_id, subject, subject_id, owner_organization_id, author_id, organization_id,
             body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as MessageId,
        subject.code(),
        standing.id,
        standing.owner as OrganizationId,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        body,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The viewer's organisation's draft.
pub(super) async fn find_draft(
    connection: &mut PgConnection,
    viewer: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
) -> sqlx::Result<Option<Draft>> {
    sqlx::query_as!(
        Draft,
        r#"select draft_id as "id: DraftId", fields, saved_by as "saved_by: UserId", saved_at
           from drafts
           where organization_id = $1 and subject = $2 and subject_id is not distinct from $3"#,
        viewer.organization.id as OrganizationId,
        subject.code(),
        id,
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn upsert_draft(
    connection: &mut PgConnection,
    actor: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
    fields: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into drafts (draft_id, organization_id, subject, subject_id, fields, saved_by, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (organization_id, subject, subject_id)
         do update set fields = excluded.fields, saved_by = excluded.saved_by, saved_at = excluded.saved_at",
        DraftId::new() as DraftId,
        actor.organization.id as OrganizationId,
        subject.code(),
        id,
        fields,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes the draft; whether there was one.
pub(super) async fn delete_draft(
    connection: &mut PgConnection,
    actor: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "delete from drafts where organization_id = $1 and subject = $2 and subject_id is not distinct from $3",
        actor.organization.id as OrganizationId,
        subject.code(),
        id,
    )
    .execute(connection)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

struct FileRow {
    document_id: DocumentId,
    entity_type: String,
    entity_id: Uuid,
    organization_id: OrganizationId,
    provider: OrganizationId,
    document_type: String,
    file_name: String,
    reference_number: Option<String>,
    storage_key: String,
    file_size: i64,
    mime_type: String,
    sha256: Vec<u8>,
    version: i32,
    by_name: Option<String>,
    uploaded_at: DateTime<Utc>,
    is_active: bool,
    scan: Json<Scan>,
}

impl TryFrom<FileRow> for ApplicationFile {
    type Error = sqlx::Error;

    fn try_from(row: FileRow) -> sqlx::Result<Self> {
        let broken = |what: &str| sqlx::Error::Decode(format!("document {}: {what}", row.document_id).into());
        Ok(Self {
            subject: SubjectKind::ALL
                .iter()
                .copied()
                .find(|kind| kind.entity_type() == row.entity_type)
                .ok_or_else(|| broken("its entity"))?,
            key: row.storage_key.parse().map_err(|_| broken("its path is no key"))?,
            size_bytes: u64::try_from(row.file_size).map_err(|_| broken("its size"))?,
            kind: FileKind::from_media_type(&row.mime_type).ok_or_else(|| broken("its media type"))?,
            sha256: hex::encode(&row.sha256),
            id: row.document_id,
            subject_id: row.entity_id,
            owner: row.organization_id,
            provider: row.provider,
            document_type: row.document_type,
            name: row.file_name,
            reference_number: row.reference_number,
            version: row.version,
            by_name: row.by_name.unwrap_or_default(),
            uploaded_at: row.uploaded_at,
            is_active: row.is_active,
            scan: row.scan.0,
        })
    }
}

macro_rules! select_files {
    ($tail:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            FileRow,
            r#"select d.document_id as "document_id: DocumentId", d.entity_type, d.entity_id,
                   d.organization_id as "organization_id: OrganizationId",
                   coalesce(d.provided_by_organization_id, d.organization_id) as "provider!: OrganizationId",
                   d.document_type, d.file_name, d.reference_number, d.storage_key, d.file_size, d.mime_type, d.sha256,
                   d.version, gate.person_name(d.uploaded_by) as by_name, d.uploaded_at, d.is_active,
                   json_build_object('status', d.scan_status, 'at', d.scanned_at, 'engine', d.scan_engine,
                                     'signature', d.scan_signature) as "scan!: Json<Scan>"
               from preregistration_documents d
               join application_document_types t on t.document_type = d.document_type
               where "# + $tail,
            $($argument),+
        )
    };
}

/// One paper; row-level security keeps it to who may see it.
pub(super) async fn find_file(connection: &mut PgConnection, id: DocumentId) -> sqlx::Result<Option<ApplicationFile>> {
    let row = select_files!("d.document_id = $1", id as DocumentId).fetch_optional(connection).await?;
    row.map(ApplicationFile::try_from).transpose()
}

/// The papers of a subject in the order of the list, newest first, those that were replaced last.
pub(super) async fn list_files(
    connection: &mut PgConnection,
    subject: SubjectKind,
    id: Uuid,
) -> sqlx::Result<Vec<ApplicationFile>> {
    let rows = select_files!(
        "d.entity_type = $1 and d.entity_id = $2 order by d.is_active desc, t.sort_order, d.version desc, d.document_id",
        subject.entity_type(),
        id
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(ApplicationFile::try_from).collect()
}

/// The kinds of papers with their names: code, English, Amharic.
pub(super) async fn list_file_kinds(connection: &mut PgConnection) -> sqlx::Result<Vec<(String, String, String)>> {
    let rows = sqlx::query!("select document_type, name, name_am from application_document_types order by sort_order")
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.document_type, row.name, row.name_am)).collect())
}

/// Ends the paper of this kind that counted until now; the newest version there was.
pub(super) async fn replace_file(
    connection: &mut PgConnection,
    standing: &Standing,
    subject: SubjectKind,
    document_type: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<i32> {
    sqlx::query!(
        "update preregistration_documents
         set is_active = false, deactivated_by = $4, deactivated_at = $5, updated_at = $5
         where entity_type = $1 and entity_id = $2 and document_type = $3 and is_active and document_type <> 'other'",
        subject.entity_type(),
        standing.id,
        document_type,
        actor.user_id as UserId,
        now,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar!(
        r#"select coalesce(max(version), 0) as "version!" from preregistration_documents
           where entity_type = $1 and entity_id = $2 and document_type = $3"#,
        subject.entity_type(),
        standing.id,
        document_type,
    )
    .fetch_one(connection)
    .await
}

/// A paper about to be handed in.
pub(super) struct NewFile<'a> {
    pub id: DocumentId,
    pub subject: SubjectKind,
    pub document_type: &'a str,
    pub reference_number: Option<&'a str>,
    pub version: i32,
    pub file: &'a KeptFile,
}

pub(super) async fn insert_file(
    connection: &mut PgConnection,
    standing: &Standing,
    new: &NewFile<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let digest = &new.file.digest;
    sqlx::query!(
        "insert into preregistration_documents (document_id, organization_id, provided_by_organization_id, entity_id,
             entity_type, document_type, reference_number, file_name, storage_key, file_size, mime_type, sha256, ipfs_hash,
             version, uploaded_by, uploaded_at, created_at, updated_at, scan_status, scanned_at, scan_engine)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $16, $17, $18, $19)",
        new.id as DocumentId,
        standing.owner as OrganizationId,
        (standing.owner != actor.organization.id).then_some(actor.organization.id) as Option<OrganizationId>,
        standing.id,
        new.subject.entity_type(),
        new.document_type,
        new.reference_number,
        new.file.name,
        new.file.key.path(),
        i64::try_from(digest.size_bytes).unwrap_or(i64::MAX),
        new.file.kind.media_type(),
        digest.sha256.as_slice(),
        digest.cid,
        new.version,
        actor.user_id as UserId,
        now,
        new.file.scan.code(),
        new.file.scan.at(),
        new.file.scan.engine(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a paper back; whether it counted until now.
pub(super) async fn end_file(
    connection: &mut PgConnection,
    id: DocumentId,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update preregistration_documents
         set is_active = false, deactivated_by = $3, deactivated_at = $4, deactivation_reason = $2, updated_at = $4
         where document_id = $1 and is_active",
        id as DocumentId,
        reason,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}
