//! `/security`: figures, open alerts, the last refusals. `/security/alerts/{alert}`: one alert, and acknowledging it.

mod board;
mod show;
mod words;

use axum::extract::State;
use axum::response::Response;

use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::AppError;
use crate::web::live::Topic;
use crate::web::routes::{Access, Routes};

/// Where the area begins.
const HOME: &str = "/security";

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let view = Access::Needs(Permission::ViewAlerts);
    Routes::new()
        .get(HOME, view, board::show)
        .get("/security/live", view, live)
        .get("/security/alerts/{alert}", view, show::show)
        .post_form(
            "/security/alerts/{alert}/acknowledgement",
            Access::Needs(Permission::AcknowledgeAlerts),
            [show::NOTE],
            show::acknowledge,
        )
}

async fn live(State(state): State<AppState>, actor: Actor) -> Result<Response, AppError> {
    state.live.stream(&actor, Topic::Alerts)
}
