//! Requests for certificates and who approved them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::authority::ApprovalRule;

/// A request to be stored.
pub(crate) struct NewRequest<'a> {
    pub request_id: Uuid,
    pub organization_id: Uuid,
    pub owner_user_id: Option<Uuid>,
    pub profile: &'a str,
    pub private_key_id: Option<Uuid>,
    pub der: &'a [u8],
    pub common_name: &'a str,
    pub organization_name: &'a str,
    pub organization_identifier: Option<&'a str>,
    pub subject_dn: &'a str,
    pub public_key_sha256: &'a [u8],
    pub validity_days: i32,
    pub requester: Uuid,
}

/// Whether a key is another one's already: made here for something else, or asked for elsewhere.
pub(crate) async fn is_known_key(
    connection: &mut PgConnection,
    public_key_sha256: &[u8],
    own: Option<Uuid>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from private_keys where public_key_sha256 = $1 and private_key_id is distinct from $2)
               or exists (select from certificate_requests
                          where public_key_sha256 = $1 and status in ('pending', 'approved', 'fulfilled')) as "is_known!""#,
        public_key_sha256,
        own
    )
    .fetch_one(connection)
    .await
}

pub(crate) async fn insert_request(
    connection: &mut PgConnection,
    request: &NewRequest<'_>,
    rule: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_requests (request_id, organization_id, owner_user_id, profile, private_key_id, der_encoded_csr,
             common_name, organization_name, organization_identifier, subject_dn, public_key_sha256, requested_validity_days,
             status, requester_user_id, approval_rule, requested_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $15, $14, $14)",
        request.request_id,
        request.organization_id,
        request.owner_user_id,
        request.profile,
        request.private_key_id,
        request.der,
        request.common_name,
        request.organization_name,
        request.organization_identifier,
        request.subject_dn,
        request.public_key_sha256,
        request.validity_days,
        request.requester,
        now,
        rule
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A request as it is read.
#[derive(Debug, Clone)]
pub(crate) struct StoredRequest {
    pub request_id: Uuid,
    pub organization_id: Option<Uuid>,
    pub owner_user_id: Option<Uuid>,
    pub profile: String,
    pub private_key_id: Option<Uuid>,
    pub der_encoded_csr: Vec<u8>,
    pub organization_name: String,
    pub organization_identifier: Option<String>,
    pub subject_dn: String,
    pub public_key_sha256: Vec<u8>,
    pub requested_validity_days: i32,
    pub status: String,
    pub rejection_reason: Option<String>,
    pub issued_certificate_id: Option<Uuid>,
    pub requester_user_id: Option<Uuid>,
    pub approval_rule: i32,
    pub requested_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A request under a lock of this transaction.
pub(crate) async fn find_request(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<StoredRequest>> {
    sqlx::query_as!(
        StoredRequest,
        "select request_id, organization_id, owner_user_id, profile, private_key_id, der_encoded_csr, organization_name,
             organization_identifier, subject_dn, public_key_sha256, requested_validity_days, status, rejection_reason,
             issued_certificate_id, requester_user_id, approval_rule, requested_at, updated_at
         from certificate_requests where request_id = $1 for update",
        id
    )
    .fetch_optional(connection)
    .await
}

/// The newest requests first.
pub(crate) async fn list_requests(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<StoredRequest>> {
    sqlx::query_as!(
        StoredRequest,
        "select request_id, organization_id, owner_user_id, profile, private_key_id, der_encoded_csr, organization_name,
             organization_identifier, subject_dn, public_key_sha256, requested_validity_days, status, rejection_reason,
             issued_certificate_id, requester_user_id, approval_rule, requested_at, updated_at
         from certificate_requests order by requested_at desc, request_id desc limit $1",
        most
    )
    .fetch_all(connection)
    .await
}

/// A rule as it is stored.
struct RuleRow {
    version: i32,
    approvals_needed: i16,
    approver_organizations: Vec<Uuid>,
}

impl From<RuleRow> for ApprovalRule {
    fn from(row: RuleRow) -> Self {
        let RuleRow { version, approvals_needed, approver_organizations } = row;
        Self { version, approvals_needed: approvals_needed.unsigned_abs(), approvers: approver_organizations }
    }
}

/// The rule under which requests come now; the first came with the database.
pub(crate) async fn find_newest_rule(connection: &mut PgConnection) -> sqlx::Result<ApprovalRule> {
    let row = sqlx::query_as!(
        RuleRow,
        "select version, approvals_needed, approver_organizations from approval_rules order by version desc limit 1"
    );
    Ok(row.fetch_one(connection).await?.into())
}

/// One version of the rule.
pub(crate) async fn find_rule(connection: &mut PgConnection, version: i32) -> sqlx::Result<Option<ApprovalRule>> {
    let row = sqlx::query_as!(
        RuleRow,
        "select version, approvals_needed, approver_organizations from approval_rules where version = $1",
        version
    );
    Ok(row.fetch_optional(connection).await?.map(Into::into))
}

/// All versions of the rule.
pub(crate) async fn list_rules(connection: &mut PgConnection) -> sqlx::Result<Vec<ApprovalRule>> {
    let rows = sqlx::query_as!(RuleRow, "select version, approvals_needed, approver_organizations from approval_rules");
    Ok(rows.fetch_all(connection).await?.into_iter().map(Into::into).collect())
}

/// Enters the next version of the rule.
pub(crate) async fn insert_rule(
    connection: &mut PgConnection,
    rule: &ApprovalRule,
    plan_sha256: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into approval_rules (version, approvals_needed, approver_organizations, plan_sha256, decided_at)
         values ($1, $2, $3, $4, $5)",
        rule.version,
        i16::try_from(rule.approvals_needed).unwrap_or(i16::MAX),
        &rule.approvers,
        plan_sha256,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether one of these decisions has been counted before, for whatever request or act.
pub(crate) async fn is_counted(connection: &mut PgConnection, approvals: &[Uuid]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from certificate_request_approvals where approval_id = any($1))
               or exists (select from certificate_act_approvals where approval_id = any($1)) as "is_counted!""#,
        approvals
    )
    .fetch_one(connection)
    .await
}

/// An approval to be counted.
pub(crate) struct NewApproval<'a> {
    pub approval_id: Uuid,
    /// The request or act.
    pub about: Uuid,
    pub approver: Uuid,
    pub organization: Uuid,
    pub digest: &'a [u8],
}

pub(crate) async fn insert_approval(
    connection: &mut PgConnection,
    approval: NewApproval<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_request_approvals (approval_id, request_id, approver_user_id, approver_organization_id, digest,
             approved_at)
         values ($1, $2, $3, $4, $5, $6)",
        approval.approval_id,
        approval.about,
        approval.approver,
        approval.organization,
        approval.digest,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The digests that were approved of a request; all are the same.
pub(crate) async fn list_approved_digests(connection: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!("select digest from certificate_request_approvals where request_id = $1", request)
        .fetch_all(connection)
        .await
}

pub(crate) async fn mark_approved(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update certificate_requests set status = 'approved', approved_at = $2, updated_at = $2 where request_id = $1",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a request with its certificate; false where it is not approved, or has one.
pub(crate) async fn mark_fulfilled(
    connection: &mut PgConnection,
    id: Uuid,
    certificate: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update certificate_requests set status = 'fulfilled', issued_certificate_id = $2, fulfilled_at = $3, updated_at = $3
         where request_id = $1 and status = 'approved'",
        id,
        certificate,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a request without a certificate.
pub(crate) async fn close_request(
    connection: &mut PgConnection,
    id: Uuid,
    (status, reason): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update certificate_requests set status = $2, rejection_reason = $3, updated_at = $4 where request_id = $1",
        id,
        status,
        reason,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends what nobody decided since `before`; how many there were.
pub(crate) async fn expire_requests(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update certificate_requests set status = 'expired', updated_at = $2 where status = 'pending' and requested_at < $1",
        before,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
