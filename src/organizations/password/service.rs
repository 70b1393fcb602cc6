//! The new password and what goes with it, in one transaction.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::database::Db;
use crate::organizations::sessions;

/// The new password, and the end of every session: whoever else is in, by the old one, is out. When the one that acts would
/// have ended by its age.
pub(super) async fn change(
    db: &Db,
    actor: &Actor,
    hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let mut tx = db.begin_gate().await?;
    store::update_password(&mut tx, actor.user_id, hash, now).await?;
    let ended = sessions::end_all(&mut tx, actor.user_id).await?;
    let is_own = |session: &sessions::EndedSession| Some(session.reference) == actor.origin.session;
    let others: Vec<_> = ended.iter().filter(|session| !is_own(session)).map(|session| session.reference).collect();
    let event = Event {
        entity_id: Some(actor.user_id.0),
        ..Event::security("PASSWORD_CHANGED", Severity::High, json!({ "by": "person", "sessions": others }))
    };
    audit::record(&mut tx, Author::from(actor), &event, now).await?;
    tx.commit().await?;
    Ok(ended.iter().find(|session| is_own(session)).map(|session| session.expires_at))
}
