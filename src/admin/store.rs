//! SQL over the one row of `system_state`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::UserId;

/// Switches the read-only mode.
pub(super) async fn update_read_only(
    connection: &mut PgConnection,
    read_only: bool,
    changed_by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update system_state set read_only = $1, changed_by = $2, changed_at = $3",
        read_only,
        changed_by.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Announcement {
    pub en: Option<String>,
    pub am: Option<String>,
    pub until: Option<DateTime<Utc>>,
}

/// Replaces the announcement.
pub(super) async fn update_announcement(
    connection: &mut PgConnection,
    announcement: &Announcement,
    changed_by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update system_state
         set banner_en = $1, banner_am = $2, banner_until = $3, changed_by = $4, changed_at = $5",
        announcement.en.as_deref(),
        announcement.am.as_deref(),
        announcement.until,
        changed_by.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
