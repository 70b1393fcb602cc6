//! SQL over the preferences in `users`. Runs as the gate.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::service::Preferences;
use crate::calendar::Calendar;
use crate::ids::UserId;
use crate::web::chrome::Density;

pub(super) async fn update(
    connection: &mut PgConnection,
    person: UserId,
    wanted: Preferences,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set language = $2, calendar = $3, density = $4, shortcuts_enabled = $5, preferences_chosen_at = $6,
             updated_at = $6
         where id = $1",
        person.0,
        wanted.lang.code(),
        wanted.lang.calendar as Calendar,
        wanted.density as Density,
        wanted.shortcuts,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Switches the single-key shortcuts.
pub(super) async fn update_shortcuts(
    connection: &mut PgConnection,
    person: UserId,
    enabled: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update users set shortcuts_enabled = $2, updated_at = $3 where id = $1", person.0, enabled, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Since when all of it is as the person wants it.
pub(super) async fn find_chosen_at(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select preferences_chosen_at from users where id = $1", person.0).fetch_one(connection).await
}
