//! What the process does beside answering requests.
//!
//! Every instance runs all of it; where two must not do the same at once, the database says who may.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

use super::AppState;
use crate::audit::seal;
use crate::database::Db;
use crate::documents::reconcile::{Report, reconcile};
use crate::exports::service::{expire_permits, read};
use crate::notifications;
use crate::organizations::sessions;

/// How soon an event is sealed and told after its transaction, when nothing waits.
const TELL: Duration = Duration::from_millis(200);
/// How old the counts of a dashboard may be.
const COUNT: Duration = Duration::from_secs(60);
/// Ended sessions, old answers and expired permits are refused at once; their rows may lie a while.
const TIDY: Duration = Duration::from_secs(10 * 60);
/// The pause after a failure: the database is away, and is not asked five times a second.
const RECOVER: Duration = Duration::from_secs(2);

/// Starts everything; it ends when the set is dropped.
pub(super) fn start(state: &AppState) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(state.modes.clone().follow(state.db.clone()));
    tasks.spawn(state.live.clone().follow(state.db.options()));
    tasks.spawn(seal_events(state.clone()));
    tasks.spawn(tell(state.clone()));
    tasks.spawn(every(COUNT, "counts are not refreshed", state.clone(), count));
    tasks.spawn(every(TIDY, "tidying up failed", state.clone(), tidy));
    tasks.spawn(reconcile_files(state.clone()));
    tasks
}

/// Seals what was recorded; without a pause while there is more.
async fn seal_events(state: AppState) {
    loop {
        let pause = match seal::seal_batch(&state.db, state.clock.now()).await {
            Ok(0) => TELL,
            Ok(_) => Duration::ZERO,
            Err(error) => failed("events are not sealed", &error),
        };
        tokio::time::sleep(pause).await;
    }
}

/// Passes on what happened; without a pause while there is more.
async fn tell(state: AppState) {
    loop {
        let pause = match notifications::deliver(&state.db, state.clock.now()).await {
            Ok(0) => TELL,
            Ok(_) => Duration::ZERO,
            Err(error) => failed("events are not passed on", &error),
        };
        tokio::time::sleep(pause).await;
    }
}

fn failed(what: &'static str, error: &sqlx::Error) -> Duration {
    tracing::warn!(%error, "{what}");
    RECOVER
}

async fn every<F, W>(pause: Duration, complaint: &'static str, state: AppState, work: W)
where
    W: Fn(Db, DateTime<Utc>) -> F,
    F: Future<Output = sqlx::Result<()>>,
{
    let mut ticks = tokio::time::interval(pause);
    loop {
        ticks.tick().await;
        if let Err(error) = work(state.db.clone(), state.clock.now()).await {
            tracing::warn!(%error, "{complaint}");
        }
    }
}

async fn count(db: Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    read::refresh_state_counts(&db, now).await
}

/// Brings files and rows into agreement.
async fn reconcile_files(state: AppState) {
    let mut ticks = tokio::time::interval(TIDY);
    loop {
        ticks.tick().await;
        match reconcile(&state.db, &state.storage, state.clock.now()).await {
            Ok(report) if report == Report::default() => {}
            Ok(report) => tracing::info!(?report, "files and rows of documents are brought into agreement"),
            Err(error) => tracing::warn!(%error, "files and rows of documents are not compared"),
        }
    }
}

async fn tidy(db: Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    let sessions = sessions::delete_ended(&db, now).await?;
    let permits = expire_permits(&db, now).await?;
    notifications::forget_old(&db, now).await?;
    if sessions + permits > 0 {
        tracing::info!(sessions, permits, "ended sessions are swept, permits expired");
    }
    Ok(())
}
