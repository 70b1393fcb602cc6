//! What happened is told to the outside after the transaction that did it: the outbox.
//!
//! A command writes its event beside its own rows. A worker passes the events on and marks them, in order;
//! several instances may do so at once without telling twice. Never a NOTIFY in the writer's transaction: its
//! lock at commit would make every writer wait for the others.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use crate::database::Db;

/// The channel that live updates listen on.
const LIVE_CHANNEL: &str = "jebena_live";
/// Events passed on in one transaction.
const BATCH: i64 = 200;
/// How long delivered events are kept, for whoever asks what was told.
const KEPT_FOR: Duration = Duration::days(7);

/// Passes waiting events on; the number of them.
///
/// # Errors
/// When the database cannot be reached; the events wait.
pub async fn deliver(db: &Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut tx = db.begin_worker().await?;
    let events = sqlx::query!(
        r#"select o.event_id, o.kind, o.subject_id, o.payload, e.queue_organization_id as "queue?"
           from outbox o
           left join exports e on o.subject = 'export' and e.export_id = o.subject_id
           where o.delivered_at is null
           order by o.event_id
           limit $1
           for update of o skip locked"#,
        BATCH
    )
    .fetch_all(&mut *tx)
    .await?;
    if events.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let payloads: Vec<String> = events
        .iter()
        .map(|event| {
            json!({
                "export_id": event.subject_id,
                "organization_ids": event.payload.get("organizations").cloned().unwrap_or_else(|| json!([])),
                "queue_organization_id": event.queue,
                "by": event.payload.get("by"),
                "version": event.payload.get("version").cloned().unwrap_or_else(|| json!(0)),
            })
            .to_string()
        })
        .collect();
    sqlx::query!("select pg_notify($1, payload) from unnest($2::text[]) as payload", LIVE_CHANNEL, &payloads)
        .fetch_all(&mut *tx)
        .await?;
    let ids: Vec<i64> = events.iter().map(|event| event.event_id).collect();
    sqlx::query!("update outbox set delivered_at = $2 where event_id = any($1)", &ids, now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(ids.len())
}

/// Forgets events that were passed on long ago, and the answers to forms that nobody sends again.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_old(db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_worker().await?;
    sqlx::query!("delete from outbox where delivered_at < $1", now - KEPT_FOR).execute(&mut *tx).await?;
    sqlx::query!("delete from idempotency_keys where created_at < $1", now - KEPT_FOR).execute(&mut *tx).await?;
    tx.commit().await
}
