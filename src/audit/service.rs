//! Events that no other deed carries: each is written in a transaction of its own.

use chrono::{DateTime, Utc};

use super::{Event, record};
use crate::auth::Actor;
use crate::database::Db;

/// Appends `event` by itself, such as that something was read or refused.
///
/// # Errors
/// When the database cannot be reached; the event is not on record then.
pub async fn record_alone(db: &Db, actor: &Actor, event: &Event, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_as(actor).await?;
    record(&mut tx, actor.into(), event, now).await?;
    tx.commit().await
}
