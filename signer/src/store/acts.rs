//! What became of certificates and keys, and who approved it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::requests::NewApproval;

/// An act to be written down.
pub(crate) struct NewAct<'a> {
    pub act_id: Uuid,
    pub certificate_id: Uuid,
    pub kind: &'a str,
    pub revocation_reason: Option<&'a str>,
    pub invalid_from: Option<DateTime<Utc>>,
    pub requester: Uuid,
    pub organization: Uuid,
    pub rule: i32,
    pub digest: &'a [u8],
    pub requested_at: DateTime<Utc>,
}

pub(crate) async fn insert_act(
    connection: &mut PgConnection,
    act: &NewAct<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_acts (act_id, certificate_id, kind, revocation_reason, invalidity_date, requester_user_id,
             requester_organization_id, approval_rule, digest, requested_at, approved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        act.act_id,
        act.certificate_id,
        act.kind,
        act.revocation_reason,
        act.invalid_from,
        act.requester,
        act.organization,
        act.rule,
        act.digest,
        act.requested_at,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An act as it was counted.
pub(crate) struct StoredAct {
    pub digest: Vec<u8>,
    pub is_done: bool,
}

/// An act under a lock of this transaction; also where there is none yet, nobody else enters it until the transaction ends.
pub(crate) async fn find_act(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<StoredAct>> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('act ' || $1::uuid::text, 0))", id)
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query_as!(
        StoredAct,
        r#"select digest, done_at is not null as "is_done!" from certificate_acts where act_id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// Counts the approval of an act.
pub(crate) async fn insert_approval(
    connection: &mut PgConnection,
    approval: NewApproval<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_act_approvals (approval_id, act_id, approver_user_id, approver_organization_id, digest, approved_at)
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

/// Ends an act; false where it was ended before.
pub(crate) async fn mark_done(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update certificate_acts set done_at = greatest($2, approved_at) where act_id = $1 and done_at is null",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a key leaves.
pub(crate) async fn mark_exportable(connection: &mut PgConnection, key: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update private_keys set is_exportable = true, updated_at = $2 where private_key_id = $1", key, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// When the key of a certificate left, each time.
pub(crate) async fn list_exports(
    connection: &mut PgConnection,
    certificate: Uuid,
) -> sqlx::Result<Vec<(DateTime<Utc>, Uuid)>> {
    let rows = sqlx::query!(
        r#"select done_at as "done_at!", requester_user_id from certificate_acts
           where certificate_id = $1 and kind = 'export_key' and done_at is not null order by done_at"#,
        certificate
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.done_at, row.requester_user_id)).collect())
}
