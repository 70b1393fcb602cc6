//! The log: one line a request and one a cause, on standard error, as text or JSON.

use tracing_subscriber::{EnvFilter, fmt, util::TryInitError};

use crate::config::{LogFormat, LogLevel};

/// What others say too often. The session layer reports a database that is away at every step on its way
/// out; the request's own line says it once.
const QUIETER: &str = "sqlx=warn,hyper=warn,tower_sessions=error,tower_sessions_core=off";

/// Starts the log; once a process.
///
/// # Errors
/// When a log was started before.
pub fn start_logging(format: LogFormat, level: LogLevel) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let filter = EnvFilter::new(format!("{},{QUIETER}", level.code()));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => log.finish().try_init(),
        LogFormat::Json => {
            log.json().flatten_event(true).with_current_span(true).with_span_list(false).finish().try_init()
        }
    }
}
