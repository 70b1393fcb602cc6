//! The secure audit log: what is about to be done, and what was refused.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// An event of the log.
pub(crate) struct Event<'a> {
    pub event_type: &'a str,
    /// One of the seed's six.
    pub category: &'a str,
    pub severity: &'a str,
    pub resource_type: &'a str,
    pub resource_id: Option<Uuid>,
    pub action: &'a str,
    pub user_id: Option<Uuid>,
    pub data: Value,
    /// None where it was done; else why not.
    pub error: Option<String>,
}

pub(crate) async fn insert(connection: &mut PgConnection, event: Event<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    let result = if event.error.is_none() { "success" } else { "failure" };
    sqlx::query!(
        "insert into secure_audit_log (event_id, event_type, event_category, severity, resource_type, resource_id, action,
             user_id, event_data, result, error_message, event_timestamp, previous_hash, row_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '')",
        Uuid::now_v7(),
        event.event_type,
        event.category,
        event.severity,
        event.resource_type,
        event.resource_id,
        event.action,
        event.user_id,
        event.data,
        result,
        event.error,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A critical line of the log.
pub(crate) struct Alarm {
    pub event_id: Uuid,
    pub event_type: String,
    pub resource_type: String,
    pub resource_id: Option<Uuid>,
    pub event_timestamp: DateTime<Utc>,
}

/// The first critical lines since a moment.
pub(crate) async fn list_alarms(
    connection: &mut PgConnection,
    since: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Alarm>> {
    sqlx::query_as!(
        Alarm,
        "select event_id, event_type, resource_type, resource_id, event_timestamp from secure_audit_log
         where severity = 'critical' and event_timestamp > $1 order by event_timestamp, seq limit $2",
        since,
        most
    )
    .fetch_all(connection)
    .await
}

/// The number of the first row that does not follow from the one before it; none where all do.
pub(crate) async fn find_first_fault(connection: &mut PgConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        r#"select min(seq) from (
               select l.seq, l.previous_hash, l.row_hash, hash_of_event(l) as hash,
                      coalesce(lag(l.row_hash) over (order by l.seq), sha256('jebena secure log')) as before
               from secure_audit_log l) as chain
           where row_hash <> hash or previous_hash <> before"#
    )
    .fetch_one(connection)
    .await
}

/// The last line: its number and hash. Kept elsewhere, it shows whether lines were taken away behind it.
pub(crate) async fn find_head(connection: &mut PgConnection) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    let row = sqlx::query!("select seq, row_hash from secure_audit_log order by seq desc limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| (row.seq, row.row_hash)))
}

/// Whether this line is there, with this hash.
pub(crate) async fn has_line(connection: &mut PgConnection, seq: i64, hash: &[u8]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from secure_audit_log where seq = $1 and row_hash = $2) as "is_there!""#,
        seq,
        hash
    )
    .fetch_one(connection)
    .await
}
