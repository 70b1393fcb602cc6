//! What the process does beside answering requests.

use std::time::Duration;

use tokio::task::JoinSet;

use super::AppState;
use crate::organizations::sessions;

/// Ended sessions are refused at once; their rows may lie a while.
const SWEEP_SESSIONS: Duration = Duration::from_secs(10 * 60);

/// Starts everything; it ends when the set is dropped.
pub(super) fn start(state: &AppState) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(state.modes.clone().follow(state.db.clone()));
    tasks.spawn(state.live.clone().follow(state.db.options()));
    tasks.spawn(sweep_sessions(state.clone()));
    tasks
}

async fn sweep_sessions(state: AppState) {
    let mut ticks = tokio::time::interval(SWEEP_SESSIONS);
    loop {
        ticks.tick().await;
        match sessions::delete_ended(&state.db, state.clock.now()).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "ended sessions are swept"),
            Err(error) => tracing::warn!(%error, "ended sessions are not swept"),
        }
    }
}
