//! What a signed-in person was not let do goes on record, wherever the refusal was made.

use std::time::Duration;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::Method;
use serde_json::json;

use super::AppState;
use crate::{
    audit::{self, Event, Severity},
    error::{AppError, Forbidden},
    ids::UserId,
    web::exchange::Exchange,
};

/// The answer waits no longer than this for its place on record.
const PATIENCE: Duration = Duration::from_secs(1);
/// No address of ours is longer.
const MAX_PATH: usize = 200;

/// What was tried.
struct Attempt {
    method: Method,
    route: String,
    path: String,
}

/// The layer around every route: passes the answer on as it is, whatever becomes of the record.
pub(super) async fn record(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(exchange) = Exchange::of(request.extensions()).cloned() else { return next.run(request).await };
    let attempt = Attempt {
        method: request.method().clone(),
        route: request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned(),
        path: request.uri().path().chars().take(MAX_PATH).collect(),
    };
    let response = next.run(request).await;
    if let Some(AppError::Forbidden(why)) = response.extensions().get::<AppError>()
        && let Some(signed_in) = exchange.signed_in()
    {
        let event = event(signed_in.actor.user_id, &attempt, why);
        let writing = audit::record_alone(&state.db, &signed_in.actor, &event, exchange.now());
        match tokio::time::timeout(PATIENCE, writing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a refusal is not on record"),
            Err(_) => tracing::warn!("a refusal is not on record: the database does not answer"),
        }
    }
    response
}

fn event(person: UserId, attempt: &Attempt, why: &Forbidden) -> Event {
    let details = json!({ "why": code(why), "method": attempt.method.as_str(), "route": attempt.route });
    Event {
        entity_id: Some(person.0),
        // What was typed into an address can be anything: it goes into the part that can be erased.
        private: Some(json!({ "path": attempt.path })),
        ..Event::security("UNAUTHORIZED_ACCESS", Severity::Critical, details)
    }
}

const fn code(why: &Forbidden) -> &'static str {
    match why {
        Forbidden::Permission => "PERMISSION",
        Forbidden::Step(_) => "STEP",
        Forbidden::FormToken => "FORM_TOKEN",
        Forbidden::ForeignSite => "FOREIGN_SITE",
    }
}
