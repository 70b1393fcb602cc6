//! Passing events on, telling people of them, and forgetting both.

mod filling;
mod inbox;
mod mailing;
mod settings;

use chrono::{DateTime, Utc};
use serde_json::json;

pub(super) use inbox::{list, mark_all_read, open};
pub use mailing::{send_digests, write_digest, write_news};
pub(super) use settings::{Refusal, SETTINGS, Save, Settings, find as find_settings};

use super::store;
use crate::database::Db;

/// The channel that live updates listen on.
const LIVE_CHANNEL: &str = "jebena_live";
/// Events passed on in one transaction.
const BATCH: i64 = 200;

/// Passes waiting events on, and writes down who is told of them; the number of events.
///
/// # Errors
/// When the database cannot be reached; the events wait.
pub async fn deliver(db: &Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut tx = db.begin_worker().await?;
    let events = store::lock_waiting(&mut tx, BATCH).await?;
    if events.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let payloads: Vec<String> = events
        .iter()
        .map(|event| {
            json!({
                "export_id": event.subject_id,
                "is_alert": event.subject == "alert",
                "organization_ids": event.payload.get("organizations").cloned().unwrap_or_else(|| json!([])),
                "queue_organization_id": event.queue,
                "by": event.payload.get("by"),
                "version": event.payload.get("version").cloned().unwrap_or_else(|| json!(0)),
            })
            .to_string()
        })
        .collect();
    store::notify(&mut tx, LIVE_CHANNEL, &payloads).await?;
    let ids: Vec<i64> = events.iter().map(|event| event.event_id).collect();
    filling::tell(&mut tx, &ids, now).await?;
    store::set_delivered(&mut tx, &ids, now).await?;
    tx.commit().await?;
    Ok(ids.len())
}
