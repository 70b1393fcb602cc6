//! What an operator's machinery asks: is the process alive, may it get visitors, which version is it.

use std::time::Duration;

use axum::{Json, extract::State, response::IntoResponse};
use bytes::Bytes;
use futures::stream;
use http::StatusCode;
use serde::Serialize;
use tokio::{sync::Mutex, time::Instant};

use super::{AppParts, AppState};
use crate::{
    database::migrate,
    web::routes::{Access, Routes},
};

/// Probes come from everywhere and often; the database is asked once in this time.
const REMEMBERED: Duration = Duration::from_secs(1);
/// A probe that waits longer has its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The routes of this part.
#[must_use]
pub(super) fn routes() -> Routes<AppState> {
    Routes::new().get("/healthz", Access::Public, healthz).get("/readyz", Access::Public, readyz).get(
        "/version",
        Access::Public,
        version,
    )
}

/// What was found last.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    last: Mutex<Option<(Instant, Report)>>,
}

/// What was found, part by part. A scanner that does not answer makes nobody turn away: files wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Report {
    ready: bool,
    database: bool,
    migrations: bool,
    storage: bool,
    /// Whether the scanner answers; nothing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    scanner: Option<bool>,
    stopping: bool,
}

#[derive(Debug, Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
}

async fn healthz() -> &'static str {
    "ok"
}

async fn version() -> Json<Version> {
    Json(Version { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") })
}

async fn readyz(State(state): State<AppState>) -> impl IntoResponse {
    let report = report(&state).await;
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}

async fn report(state: &AppParts) -> Report {
    let readiness = &state.readiness;
    // Held while asking: of a hundred probes at once, one asks.
    let mut last = readiness.last.lock().await;
    let found = match *last {
        Some((when, found)) if when.elapsed() < REMEMBERED => found,
        Some(_) | None => look(state).await,
    };
    *last = match *last {
        Some((when, _)) if when.elapsed() < REMEMBERED => *last,
        Some(_) | None => Some((Instant::now(), found)),
    };
    let stopping = state.stop.is_cancelled();
    Report { ready: found.ready && !stopping, stopping, ..found }
}

async fn look(state: &AppParts) -> Report {
    let (schema, storage, scanner) = tokio::join!(
        tokio::time::timeout(PATIENCE, find_schema_version(state)),
        tokio::time::timeout(PATIENCE, is_storage_writable(state)),
        does_scanner_answer(state),
    );
    let schema = schema.ok().and_then(|found| {
        found.inspect_err(|error| tracing::warn!(%error, "not ready: the database does not answer")).ok()
    });
    let database = schema.is_some();
    // While a newer version is rolled out, the schema is ahead of this one, which still fits.
    let migrations = schema.flatten().is_some_and(|version| version >= migrate::newest_version());
    let storage = storage.unwrap_or(false);
    Report { ready: database && migrations && storage, database, migrations, storage, scanner, stopping: false }
}

async fn find_schema_version(state: &AppParts) -> sqlx::Result<Option<i64>> {
    let mut tx = state.db.begin_gate().await?;
    // The migrator's own table; the schema against which queries are checked at build time has none.
    let version = sqlx::query_scalar("select max(version) from _sqlx_migrations where success");
    let version = version.fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(version)
}

/// Whether the scanner answers, where there is one.
async fn does_scanner_answer(state: &AppParts) -> Option<bool> {
    let answer = tokio::time::timeout(PATIENCE, state.scanner.as_ref()?.version()).await;
    Some(matches!(answer, Ok(Ok(_))))
}

/// Whether a file could be taken in right now; it is dropped, and so removed, at once.
async fn is_storage_writable(state: &AppParts) -> bool {
    let bytes = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"ready?")) });
    let staged = state.storage.stage(Box::pin(bytes), 16).await;
    staged.inspect_err(|error| tracing::warn!(%error, "not ready: the storage takes no file")).is_ok()
}
