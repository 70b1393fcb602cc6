//! The log: one line a request and one a cause, on standard error, as text or JSON.

use tracing_subscriber::{EnvFilter, fmt, util::TryInitError};

/// What is worth a line unless the operator says otherwise. The session layer reports a database that is
/// away at every step on its way out; the request's own line says it once.
const DEFAULT_FILTER: &str = "info,sqlx=warn,tower_sessions=error,tower_sessions_core=off";

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// Starts the log; once a process. `filter` is in the syntax of `RUST_LOG`.
///
/// # Errors
/// When a log was started before.
pub fn start_logging(format: LogFormat, filter: Option<&str>) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let filter =
        filter.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new(DEFAULT_FILTER));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => log.finish().try_init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).finish().try_init()
        }
    }
}
