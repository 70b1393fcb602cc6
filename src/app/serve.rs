//! The life of the server: listening, and stopping in order.

use anyhow::Context;
use tokio::net::TcpListener;

use super::{AppState, Metrics, background, router};
use crate::web::serve::{self as accepting, ConnectionLimits};

/// Where the server listens.
#[derive(Debug)]
pub struct Listeners {
    /// For visitors.
    pub site: TcpListener,
    /// For the operator's monitoring, where wanted.
    pub metrics: Option<(TcpListener, Metrics)>,
}

/// Serves until [`super::AppParts::stop`] is cancelled, then lets open requests finish. From that moment
/// `/readyz` says no; visitors are taken for [`ConnectionLimits::farewell`] more.
///
/// The caller cancels it at [`accepting::stop_signal`], or whenever it wants the server to end.
///
/// # Errors
/// When the configuration cannot be served at all.
pub async fn serve(listeners: Listeners, state: AppState, limits: ConnectionLimits) -> anyhow::Result<()> {
    let app = router(state.clone()).context("the public address is of no use as an origin")?;
    // A server that starts while the database is away serves its pages of errors and recovers.
    if let Err(error) = state.modes.refresh(&state.db).await {
        tracing::warn!(%error, "started without the database");
    }
    let mut tasks = background::start(&state);
    if let Some((listener, metrics)) = listeners.metrics {
        tasks.spawn(metrics.clone().keep_up());
        let serving = accepting::serve(listener, metrics.router(state.clone()), limits, state.stop.clone());
        tasks.spawn(async move {
            let _ = serving.await;
        });
    }
    let is_drained = accepting::serve(listeners.site, app, limits, state.stop.clone()).await;
    if !is_drained {
        tracing::warn!(seconds = limits.drain.as_secs(), "some requests did not finish in time");
    }
    tasks.shutdown().await;
    state.db.close();
    Ok(())
}
