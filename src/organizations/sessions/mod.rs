//! Sessions in `user_sessions`: the store behind the cookie, and what is done with sessions besides.
//!
//! The cookie holds 128 random bits; the table holds their SHA-256. A session ends after half an hour
//! without a request, after twelve hours in any case, when its person signs out or is disabled, when they or an administrator
//! end it, and when the same person has signed in at too many places since. Nobody who has not signed in has a row.

mod backend;
mod device;
mod pages;
mod renewal;
mod service;
mod store;

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use http::{StatusCode, header::CONTENT_TYPE};
use sqlx::PgConnection;
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite, session::Id};

pub use backend::DatabaseSessions;
pub(super) use backend::{ORIGIN_KEY, SessionOrigin};
pub use pages::routes;
pub(super) use renewal::{Renewed, forget_proof, renew};
pub(super) use store::{end_all, end_others};

use crate::{
    auth::session::token_hash,
    clock::Clock,
    database::Db,
    error::AppError,
    web::{htmx::HX_SOURCE, site::Site},
};

/// A session ends after so long in any case.
pub const LIFETIME: Duration = Duration::hours(12);
/// How exact "without a request" is: the row is touched at most so often.
const TOUCH_EVERY: Duration = Duration::minutes(1);
/// How long the session layer, which stands outside of every route's limit, waits for the database.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
/// The cookie's name, before the prefix that TLS allows.
const COOKIE: &str = "jebena";

/// The parts of open pages that ask by themselves, as htmx names them: the inbox's queue, the case page's news, the security
/// page's figures.
const UNATTENDED_SOURCES: [&str; 3] = ["div#queue", "div#news", "div#figures"];
/// The streams of changes: a browser opens them again by itself.
const STREAM_PATHS: [&str; 2] = ["/live", "/security/live"];

tokio::task_local! {
    /// Whether nobody has done anything for this request to come.
    static UNATTENDED: bool;
}

/// A page that asks for news by itself keeps nobody signed in: around the session layer, so that its store knows.
pub async fn notice_unattended(request: Request, next: Next) -> Response {
    let source = request.headers().get(HX_SOURCE).and_then(|value| value.to_str().ok());
    let unattended = source.is_some_and(|source| UNATTENDED_SOURCES.contains(&source))
        || STREAM_PATHS.contains(&request.uri().path());
    UNATTENDED.scope(unattended, next.run(request)).await
}

/// Whether this request counts as somebody's doing.
fn is_attended() -> bool {
    !UNATTENDED.try_with(|unattended| *unattended).unwrap_or(false)
}

/// The layer that finds the session behind a request's cookie; of one person there are at most `most`.
#[must_use]
pub fn layer(db: Db, site: &Site, clock: Arc<dyn Clock>, most: u32) -> SessionManagerLayer<DatabaseSessions> {
    SessionManagerLayer::new(DatabaseSessions::new(db, clock, site.is_demo(), most))
        .with_name(site.cookie_name(COOKIE))
        .with_secure(site.is_https())
        .with_http_only(true)
        // Not strict: a link in a mail should lead to the case and not to the sign-in page.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The table knows when a session ends; the browser forgets it when it is closed.
        .with_expiry(Expiry::OnSessionEnd)
}

/// Says why, when the session layer could not store a session: it answers an empty 500, and its store fails only
/// when the database does.
pub async fn name_failure(response: Response) -> Response {
    let is_bare = !response.headers().contains_key(CONTENT_TYPE) && response.extensions().get::<AppError>().is_none();
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && is_bare {
        AppError::unavailable(anyhow::anyhow!("a session could not be stored")).into_response()
    } else {
        response
    }
}

/// Ends a session in the gate's transaction given; false when it has ended before.
pub(super) async fn end(connection: &mut PgConnection, id: Id) -> sqlx::Result<bool> {
    store::delete(connection, &token_hash(id.0)).await
}
