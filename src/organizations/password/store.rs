//! SQL for a new password. Runs in the gate's context.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::UserId;

/// Writes a new password down. Whose sessions end with it is the caller's to do.
pub(in crate::organizations) async fn update_password(
    connection: &mut PgConnection,
    id: UserId,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update users set password_hash = $2, updated_at = $3 where id = $1", id.0, password_hash, now)
        .execute(connection)
        .await?;
    Ok(())
}
