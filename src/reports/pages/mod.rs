//! stub
use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
}
