//! `/registration`: the desk's lists, and a firm's own way to its first export.

mod desk;
mod firm;
mod model;
mod service;

use axum::extract::State;
use axum::response::Response;

use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::error::AppError;
use crate::web::exchange::Exchange;
use crate::web::query::Query;
use crate::web::routes::{Access, Routes};

/// The routes of the lists.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get("/registration", Access::Needs(Permission::ViewRegistrations), show)
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<desk::DeskQuery>,
) -> Result<Response, AppError> {
    if actor.organization.kind == OrganizationKind::Exporter {
        firm::show(&state, &exchange, &actor).await
    } else {
        desk::show(&state, &exchange, &actor, &query).await
    }
}
