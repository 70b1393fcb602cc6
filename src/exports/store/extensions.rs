//! The SQL of the National Bank's extensions, and of what exporters ask for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::model::ExtensionAnswer;
use crate::ids::{ExportId, OrganizationId, UserId};

/// A due date that was put off.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtensionLine {
    /// When the proceeds were due before.
    pub due_from: NaiveDate,
    /// When they are due by it.
    pub due_to: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: DateTime<Utc>,
}

/// The extensions of an export, the first one first.
pub(in crate::exports) async fn list(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Vec<ExtensionLine>> {
    sqlx::query_as!(
        ExtensionLine,
        r#"select due_from, due_to, reason, granted_by as "granted_by: UserId", granted_at
           from settlement_extensions where export_id = $1 order by granted_at, extension_id"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await
}

/// What an exporter asked for, and the answer.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// Until when.
    pub asked_until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What was answered, once it is.
    pub answer: Option<ExtensionAnswer>,
    /// Why it is refused.
    pub answer_reason: Option<String>,
    /// Who answered.
    pub answered_by: Option<UserId>,
}

/// The requests about an export, the first one first.
pub(in crate::exports) async fn list_requests(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Vec<RequestLine>> {
    sqlx::query_as!(
        RequestLine,
        r#"select asked_until, reason, asked_by as "asked_by: UserId", asked_at, answer as "answer: ExtensionAnswer", answer_reason,
                  answered_by as "answered_by: UserId"
           from extension_requests where export_id = $1 order by asked_at, request_id"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await
}

/// Writes down what is asked for.
pub(in crate::exports) async fn ask(
    connection: &mut PgConnection,
    export: ExportId,
    (until, reason): (NaiveDate, &str),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into extension_requests (request_id, export_id, asked_until, reason, asked_by, organization_id, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        export as ExportId,
        until,
        reason,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Answers the request that waits, if one does: refused with a reason, granted without.
pub(in crate::exports) async fn answer(
    connection: &mut PgConnection,
    export: ExportId,
    refusal: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update extension_requests set answer = case when $2::text is null then 'GRANTED' else 'REFUSED' end,
             answer_reason = $2, answered_by = $3, answered_at = $4
         where export_id = $1 and answer is null",
        export as ExportId,
        refusal,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
