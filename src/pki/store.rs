//! The SQL of decisions about requests and acts, of what was said of the ends of certificates, of what was found of the signer, and of the
//! times in which it was away.

mod acts;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub(super) use self::acts::{find_act, has_open_act, insert_act, insert_act_news, list_acts, mark_done, mark_refused};
use super::model::{Decision, Verdict};
use super::rules::{Ballot, Finding, Outage};
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};

/// Lets nobody else decide about the request or act until the transaction ends: each sees the decisions before theirs.
pub(super) async fn lock_request(connection: &mut PgConnection, request: Uuid) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("certificate request {request}"))
        .execute(connection)
        .await?;
    Ok(())
}

/// The decisions about these requests, as the viewer may see them, in their order.
pub(super) async fn list_decisions(connection: &mut PgConnection, requests: &[Uuid]) -> sqlx::Result<Vec<Decision>> {
    sqlx::query_as!(
        Decision,
        r#"select approval_id as id, request_id as request, digest, verdict as "verdict: Verdict",
               approver_id as "approver: UserId", organization_id as "organization: OrganizationId", reason, decided_at
           from certificate_approvals where request_id = any($1) order by decided_at, approval_id"#,
        requests
    )
    .fetch_all(connection)
    .await
}

/// Stores what `actor` has decided about `digest`.
pub(super) async fn insert_decision(
    connection: &mut PgConnection,
    actor: &Actor,
    (ballot, digest): (&Ballot, &[u8]),
    (id, verdict, reason): (Uuid, Verdict, Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_approvals (approval_id, request_id, digest, subject_organization_id, requested_by, approver_id,
             organization_id, verdict, reason, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        ballot.id,
        digest,
        ballot.organization as OrganizationId,
        ballot.requester as UserId,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        verdict.code(),
        reason,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many papers the certificate with this SHA-256 has sealed.
pub(super) async fn count_sealed(connection: &mut PgConnection, certificate: &[u8]) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select app.count_sealed($1) as "count!""#, certificate).fetch_one(connection).await
}

/// The codes of those of `organizations` that are still here.
pub(super) async fn list_codes(
    connection: &mut PgConnection,
    organizations: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!(
        "select organization_id, code from organizations where is_active and organization_id = any($1)",
        organizations
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.organization_id, row.code)).collect())
}

/// Notes that a certificate is spoken of; false where this rung was noted before, or one after it.
pub(super) async fn insert_notice(
    connection: &mut PgConnection,
    certificate: &[u8],
    rung: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into certificate_notices (certificate_sha256, rung, noticed_at)
         select $1, $2, $3
         where not exists (select from certificate_notices where certificate_sha256 = $1 and rung <= $2)
         on conflict (certificate_sha256, rung) do nothing",
        certificate,
        rung,
        now
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Has people told that a certificate ends.
pub(super) async fn insert_outbox(
    connection: &mut PgConnection,
    certificate: Uuid,
    payload: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at)
         values ('certificate.ends', 'certificate', $1, $2, $3)",
        certificate,
        payload,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that something was found; false where it was noted before.
pub(super) async fn insert_finding(
    connection: &mut PgConnection,
    finding: &Finding,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into signer_findings (event_type, matter, happened_at, noted_at) values ($1, $2, $3, $4)
         on conflict (event_type, matter) do nothing",
        finding.event_type,
        finding.matter,
        finding.happened_at,
        now
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// When the newest alarm of the signer was that is noted.
pub(super) async fn find_newest_alarm(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select max(happened_at) from signer_findings where event_type = 'SIGNER_ALARM'")
        .fetch_one(connection)
        .await
}

/// The time in which the signer is away as far as is known, which nobody else ends until the transaction does.
pub(super) async fn lock_outage(connection: &mut PgConnection) -> sqlx::Result<Option<Outage>> {
    sqlx::query_as!(
        Outage,
        "select outage_id as id, began_at, raised_at from signer_outages where ended_at is null for update"
    )
    .fetch_optional(connection)
    .await
}

/// Notes that the signer is away; nothing where that is noted already.
pub(super) async fn insert_outage(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into signer_outages (outage_id, began_at) values ($1, $2) on conflict do nothing",
        Uuid::now_v7(),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes when somebody was told that the signer is away, and when it was back.
pub(super) async fn update_outage(
    connection: &mut PgConnection,
    id: Uuid,
    raised: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!("update signer_outages set raised_at = $2, ended_at = $3 where outage_id = $1", id, raised, ended)
        .execute(connection)
        .await?;
    Ok(())
}
