//! The job that looks every five minutes whether the signer answers. What it finds is a row; that somebody is told, and that it is over, are on
//! record in one transaction with it.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::app::AppState;
use crate::audit::{self, Author, Event, Severity};
use crate::database::Tx;
use crate::jobs::{Finished, JobError, Run};
use crate::pki::asking::{self, Silence};
use crate::pki::rules::{Outage, Turn, turn_of};
use crate::pki::store;

/// Has an alert raised about a signer that has been away for long, once, and says when it is back.
///
/// # Errors
/// [`JobError`] when the database is away.
pub async fn watch_signer(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    if state.signer.is_none() {
        return Ok(Finished::Done(Vec::new()));
    }
    // One that has no authority yet answers as well.
    let is_there = !matches!(asking::lists_until(state).await, Err(Silence::Away));
    let mut tx = run.begin(&state.db).await?;
    let open = store::lock_outage(&mut tx).await?;
    match (turn_of(open.as_ref(), is_there, now), &open) {
        (Turn::Begins, _) => store::insert_outage(&mut tx, now).await?,
        (Turn::Raise, Some(outage)) => {
            store::update_outage(&mut tx, outage.id, Some(now), None).await?;
            record(&mut tx, ("SIGNER_AWAY", Severity::High), outage, now).await?;
        }
        (Turn::Ends, Some(outage)) => {
            store::update_outage(&mut tx, outage.id, outage.raised_at, Some(now)).await?;
            if outage.raised_at.is_some() {
                record(&mut tx, ("SIGNER_BACK", Severity::Medium), outage, now).await?;
            }
        }
        (Turn::Nothing | Turn::Raise | Turn::Ends, _) => {}
    }
    run.finish(tx, &Vec::new(), now).await
}

async fn record(
    tx: &mut Tx,
    (event_type, severity): (&'static str, Severity),
    outage: &Outage,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let author = Author::product(None);
    let event = Event {
        entity_type: "signer",
        entity_id: Some(outage.id),
        ..Event::security(event_type, severity, json!({ "since": outage.began_at }))
    };
    audit::record(tx, author, &event, now).await
}
