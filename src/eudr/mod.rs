//! Plots of land, and the data that buyers in the European Union need of them (Regulation (EU) 2023/1115).

pub mod faults;
pub mod geojson;
pub mod geometry;

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
}
