//! The SQL of permits, as far as time ends them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

/// Marks unused permits as expired whose last day is before `today`; how many. Runs as the system.
pub(in crate::exports) async fn expire(
    connection: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let expired = sqlx::query!(
        "update export_permits set status = 'EXPIRED', updated_at = $2 where status = 'ISSUED' and valid_until < $1",
        today,
        now
    )
    .execute(connection)
    .await?;
    Ok(expired.rows_affected())
}
