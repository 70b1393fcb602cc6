//! The SQL of what is to become of certificates.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};
use crate::pki::model::{ActKind, AskedAct, RevocationReason};
use crate::pki::rules::Standing;

/// Enters what `actor` asks for.
pub(in crate::pki) async fn insert_act(
    connection: &mut PgConnection,
    actor: &Actor,
    act: &AskedAct,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_acts (act_id, certificate_id, subject_organization_id, kind, revocation_reason, invalid_from, why,
             requested_by, organization_id, approval_rule, approvals_needed, approvers, requested_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        act.id,
        act.certificate,
        act.organization as OrganizationId,
        act.kind.code(),
        act.reason.map(RevocationReason::code),
        act.invalid_from,
        act.why,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        act.rule,
        act.needed,
        &act.approvers,
        act.asked_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An act, if the viewer may see it.
pub(in crate::pki) async fn find_act(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<AskedAct>> {
    sqlx::query_as!(
        AskedAct,
        r#"select act_id as id, certificate_id as certificate, subject_organization_id as "organization: OrganizationId",
               kind as "kind: ActKind", revocation_reason as "reason: RevocationReason", invalid_from, why,
               requested_by as "requester: UserId", organization_id as "asking: OrganizationId", approval_rule as rule,
               approvals_needed as needed, approvers, requested_at as asked_at, done_at, refused_at
           from certificate_acts where act_id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// The newest acts that the viewer may see, the newest first; of one certificate, where one is named.
pub(in crate::pki) async fn list_acts(
    connection: &mut PgConnection,
    certificate: Option<Uuid>,
    most: i64,
) -> sqlx::Result<Vec<AskedAct>> {
    sqlx::query_as!(
        AskedAct,
        r#"select act_id as id, certificate_id as certificate, subject_organization_id as "organization: OrganizationId",
               kind as "kind: ActKind", revocation_reason as "reason: RevocationReason", invalid_from, why,
               requested_by as "requester: UserId", organization_id as "asking: OrganizationId", approval_rule as rule,
               approvals_needed as needed, approvers, requested_at as asked_at, done_at, refused_at
           from certificate_acts where certificate_id = $1 or $1 is null
           order by requested_at desc, act_id limit $2"#,
        certificate,
        most
    )
    .fetch_all(connection)
    .await
}

/// An act of this kind with this certificate that somebody still has to decide about, or that is being done.
pub(in crate::pki) async fn has_open_act(
    connection: &mut PgConnection,
    (certificate, kind): (Uuid, ActKind),
    since: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select act_id from certificate_acts a
         where certificate_id = $1 and kind = $2 and done_at is null and refused_at is null and requested_at > $3
           and not exists (select from certificate_approvals d where d.request_id = a.act_id and d.verdict <> 'APPROVED')
         order by requested_at desc limit 1",
        certificate,
        kind.code(),
        since
    )
    .fetch_optional(connection)
    .await
}

/// Has the organisation told whose certificate it is, and who asked: that it is done, or came to another end.
pub(in crate::pki) async fn insert_act_news(
    connection: &mut PgConnection,
    act: &AskedAct,
    end: Option<Standing>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at)
         select 'certificate.act_decided', 'certificate_act', $1,
                jsonb_strip_nulls(jsonb_build_object('kind', $3::text, 'organization', o.id, 'verdict', $6::text)), $4
         from (select distinct unnest(array[$2, $5]::uuid[]) as id) o",
        act.id,
        act.organization as OrganizationId,
        act.kind.code(),
        now,
        act.asking as OrganizationId,
        end.map(Standing::code)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that it is done; false where that was noted before.
pub(in crate::pki) async fn mark_done(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update certificate_acts set done_at = greatest($2, requested_at) where act_id = $1 and num_nonnulls(done_at, refused_at) = 0",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the signer refuses it for good; false where it had ended before.
pub(in crate::pki) async fn mark_refused(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let refused = sqlx::query!(
        "update certificate_acts set refused_at = greatest($2, requested_at)
         where act_id = $1 and num_nonnulls(done_at, refused_at) = 0",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(refused.rows_affected() == 1)
}
