//! The SQL of the outbox, and of what people are told.

pub(super) mod filling;
pub(super) mod inbox;
pub(super) mod mailing;
pub(super) mod personal;
pub(super) mod settings;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// An event that was not passed on yet.
pub(super) struct Waiting {
    pub event_id: i64,
    pub subject: String,
    pub subject_id: Uuid,
    pub payload: Value,
    /// In whose queue its export stands now.
    pub queue: Option<Uuid>,
}

/// The first `limit` of the waiting events; those that another instance is passing on are left to it.
pub(super) async fn lock_waiting(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"select o.event_id, o.subject, o.subject_id, o.payload, e.queue_organization_id as "queue?"
           from outbox o
           left join exports e on o.subject = 'export' and e.export_id = o.subject_id
           where o.delivered_at is null
           order by o.event_id
           limit $1
           for update of o skip locked"#,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Tells `payloads` to whoever listens, once this transaction commits.
pub(super) async fn notify(connection: &mut PgConnection, channel: &str, payloads: &[String]) -> sqlx::Result<()> {
    sqlx::query!("select pg_notify($1, payload) from unnest($2::text[]) as payload", channel, payloads)
        .fetch_all(connection)
        .await?;
    Ok(())
}

pub(super) async fn set_delivered(
    connection: &mut PgConnection,
    events: &[i64],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update outbox set delivered_at = $2 where event_id = any($1)", events, now)
        .execute(connection)
        .await?;
    Ok(())
}
