//! Numbers for an operator's monitoring, in Prometheus' text format, on a listener of their own: they are
//! nobody's business who can reach the site.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State, routing::get};
use http::header;
use metrics::gauge;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::AppState;

/// From a tenth of the usual page to the handler's limit, in seconds.
const BUCKETS: &[f64] = &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often histograms are folded, so that they do not grow while nobody asks.
const UPKEEP: Duration = Duration::from_secs(10);

/// The recorder that the whole process writes to.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder; once a process, before the first request.
    ///
    /// # Errors
    /// When there is one already.
    pub fn install() -> Result<Self, BuildError> {
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)?;
        Ok(Self(builder.install_recorder()?))
    }

    /// Keeps the recorder small until the process ends.
    pub(super) async fn keep_up(self) {
        let mut ticks = tokio::time::interval(UPKEEP);
        loop {
            ticks.tick().await;
            self.0.run_upkeep();
        }
    }

    /// `/metrics`, to be served on a listener of its own.
    pub(super) fn router(self, state: AppState) -> Router {
        Router::new().route("/metrics", get(show)).with_state(Arc::new((self, state)))
    }
}

async fn show(State(parts): State<Arc<(Metrics, AppState)>>) -> ([(header::HeaderName, &'static str); 1], String) {
    let (metrics, state) = parts.as_ref();
    let pool = state.db.statistics();
    gauge!("db_pool_connections", "state" => "open").set(pool.total);
    gauge!("db_pool_connections", "state" => "idle").set(pool.idle);
    gauge!("db_pool_waiting").set(pool.waiting);
    gauge!("db_pool_connections_max").set(pool.max);
    let uptime = (state.clock.now() - state.started).num_seconds().max(0);
    gauge!("process_uptime_seconds").set(f64::from(u32::try_from(uptime).unwrap_or(u32::MAX)));
    gauge!("live_streams").set(f64::from(u32::try_from(state.live.open_streams()).unwrap_or(u32::MAX)));
    gauge!("read_only_mode").set(if state.modes.current().read_only { 1.0 } else { 0.0 });
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.0.render())
}
