//! The SQL of seals and signed files: rows that are added and never changed.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::given_out::GivenOut;
use super::rules::Span;
use crate::certificates::VerifyCode;
use crate::certificates::model::PaperKind;
#[cfg(feature = "pdf")]
use crate::documents::wholeness::Fault;
use crate::ids::{ExportId, OrganizationId, PaperId};

/// A paper with all that is needed to seal and to sign it.
#[cfg_attr(not(feature = "pdf"), allow(dead_code, reason = "only a file takes all of it"))]
#[derive(Debug)]
pub(super) struct PaperToSeal {
    pub id: PaperId,
    pub kind: PaperKind,
    pub number: String,
    pub duplicate: i32,
    pub verify_code: String,
    pub issued_at: DateTime<Utc>,
    pub issued_by: String,
    pub content_sha256: Vec<u8>,
    pub snapshot: Value,
    pub owner: OrganizationId,
    pub export_id: Option<ExportId>,
    pub issuer: OrganizationId,
    pub issuer_code: String,
    pub issuer_name: String,
    /// Of a certificate of origin: for whom its customs officer signed.
    pub customs: Option<OrganizationId>,
    pub customs_name: Option<String>,
    pub cose: Option<Vec<u8>>,
    /// Its signed file; the last of them.
    pub file: Option<Json<StoredFile>>,
}

/// The signed file of a paper, as its row has it.
#[cfg_attr(not(feature = "pdf"), allow(dead_code, reason = "nobody makes one"))]
#[derive(Debug, Clone, Deserialize)]
pub(super) struct StoredFile {
    pub version: i32,
    pub storage_key: String,
    /// In hexadecimal digits.
    pub sha256: String,
}

pub(super) async fn find_to_seal(connection: &mut PgConnection, id: PaperId) -> sqlx::Result<Option<PaperToSeal>> {
    sqlx::query_as!(
        PaperToSeal,
        r#"select p.paper_id as "id: PaperId", p.kind as "kind: PaperKind", p.number, p.duplicate, p.verify_code, p.issued_at,
               u.full_name as issued_by, p.content_sha256, p.snapshot, p.owner_organization_id as "owner: OrganizationId",
               p.export_id as "export_id: ExportId", p.issuer_organization_id as "issuer: OrganizationId",
               o.code as issuer_code, o.name as issuer_name,
               co.organization_id as "customs?: OrganizationId", co.name as "customs_name?",
               s.cose as "cose?",
               (select json_build_object('version', f.version, 'storage_key', f.storage_key, 'sha256', encode(f.sha256, 'hex'))
                from paper_files f where f.paper_id = p.paper_id order by f.version desc limit 1) as "file: Json<StoredFile>"
           from issued_papers p
           join organizations o on o.organization_id = p.issuer_organization_id
           join users u on u.id = p.issued_by
           left join certificates_of_origin c on c.certificate_id = p.certificate_id
           left join users cu on cu.id = c.customs_signed_by
           left join organizations co on co.organization_id = cu.organization_id
           left join paper_seals s on s.paper_id = p.paper_id
           where p.paper_id = $1"#,
        id as PaperId
    )
    .fetch_optional(connection)
    .await
}

/// The newest papers of these times that have no seal and whose own job has had its time.
pub(super) async fn list_unsealed(
    connection: &mut PgConnection,
    spans: &[Span],
    before: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<PaperId>> {
    let issuers: Vec<Uuid> = spans.iter().map(|span| span.issuer).collect();
    let since: Vec<DateTime<Utc>> = spans.iter().map(|span| span.from).collect();
    let until: Vec<DateTime<Utc>> = spans.iter().map(|span| span.until).collect();
    sqlx::query_scalar!(
        r#"select u.paper_id as "id!: PaperId"
           from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as h (issuer, since, until)
           cross join lateral (
               select w.paper_id, w.issued_at from unsealed_papers w
               where w.issuer_organization_id = h.issuer and w.issued_at >= h.since and w.issued_at < least(h.until, $4)
               order by w.issued_at desc, w.paper_id desc
               limit $5) u
           order by u.issued_at desc, u.paper_id desc
           limit $5"#,
        &issuers,
        &since,
        &until,
        before,
        limit
    )
    .fetch_all(connection)
    .await
}

/// A seal about to be stored.
#[derive(Debug)]
pub(super) struct NewSeal<'a> {
    pub paper: PaperId,
    pub organization: OrganizationId,
    pub certificate_sha256: &'a [u8; 32],
    pub cose: &'a [u8],
    pub credential: Option<&'a str>,
}

/// Stores the seal; false when the paper has one already, which stays.
pub(super) async fn insert_seal(
    connection: &mut PgConnection,
    seal: &NewSeal<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "insert into paper_seals (paper_id, organization_id, certificate_sha256, cose, credential, sealed_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (paper_id) do nothing",
        seal.paper as PaperId,
        seal.organization as OrganizationId,
        seal.certificate_sha256.as_slice(),
        seal.cose,
        seal.credential,
        now
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// A signed file about to be stored.
#[cfg(feature = "pdf")]
#[derive(Debug)]
pub(super) struct NewFile<'a> {
    pub paper: PaperId,
    pub version: i32,
    /// What became of the one before.
    pub reason: Option<Fault>,
    pub storage_key: &'a str,
    pub sha256: &'a [u8; 32],
    pub size_bytes: i64,
    pub level: &'static str,
}

/// Stores the file; false when the paper has one of this version already, which stays.
#[cfg(feature = "pdf")]
pub(super) async fn insert_file(
    connection: &mut PgConnection,
    file: &NewFile<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "insert into paper_files (paper_id, version, reason, storage_key, sha256, size_bytes, level, signed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (paper_id, version) do nothing",
        file.paper as PaperId,
        file.version,
        file.reason.map(Fault::code),
        file.storage_key,
        file.sha256.as_slice(),
        file.size_bytes,
        file.level,
        now
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// What proves a paper, for whoever has its code.
#[derive(Debug)]
pub(super) struct Proof {
    pub paper: PaperId,
    pub number: String,
    pub cose: Option<Vec<u8>>,
    pub credential: Option<String>,
    pub storage_key: Option<String>,
    /// Of its file.
    pub sha256: Option<Vec<u8>>,
}

pub(super) async fn find_proof(connection: &mut PgConnection, code: &VerifyCode) -> sqlx::Result<Option<Proof>> {
    sqlx::query_as!(
        Proof,
        r#"select paper_id as "paper!: PaperId", number as "number!", cose, credential, storage_key, sha256
           from gate.find_proof($1)"#,
        code.as_str()
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn find_given_out(connection: &mut PgConnection, code: &VerifyCode) -> sqlx::Result<Option<GivenOut>> {
    let found = sqlx::query!(
        r#"select cose as "cose!", credential, file_sizes as "sizes!", file_hashes as "hashes!" from gate.find_given_out($1)"#,
        code.as_str()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| {
        let sizes = found.sizes.into_iter().map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        GivenOut { cose: found.cose, credential: found.credential, files: sizes.zip(found.hashes).collect() }
    }))
}

/// The seal of a paper, if the viewer may see that.
pub(in crate::certificates) async fn find_seal(
    connection: &mut PgConnection,
    id: PaperId,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select cose from paper_seals where paper_id = $1", id as PaperId)
        .fetch_optional(connection)
        .await
}

/// When the paper was sealed, if it was.
pub(in crate::certificates) async fn find_sealed_at(
    connection: &mut PgConnection,
    id: PaperId,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select sealed_at from paper_seals where paper_id = $1", id as PaperId)
        .fetch_optional(connection)
        .await
}
