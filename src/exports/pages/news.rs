//! `GET /exports/{id}/news`: what an open case page asks every minute, where its stream does not reach it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::case::export_id;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::exports::service::read;
use crate::web::htmx::HX_TRIGGER;
use crate::web::query::Query;

/// Since when the page stands open.
#[derive(Debug, Deserialize)]
pub(super) struct NewsQuery {
    since: DateTime<Utc>,
}

/// Nothing to show; when there is news, the event that the stream would have told of.
pub(super) async fn show(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<NewsQuery>,
) -> Result<Response, AppError> {
    let happened = read::happened_since(&state.db, &actor, export_id(&id)?, query.since).await?;
    Ok(if happened.ok_or(AppError::NotFound)? {
        (StatusCode::NO_CONTENT, [(HX_TRIGGER, "changed")]).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}
