//! What law and market set: minimum prices, exchange rates, thresholds, parameters, each with its day and its history.

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
}
