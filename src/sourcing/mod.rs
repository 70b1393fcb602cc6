//! Sourcing: the lots of coffee that exports are made of.

pub mod inspections;
pub mod lots;

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of sourcing.
#[must_use]
pub fn routes() -> Routes<AppState> {
    lots::routes().merge(inspections::routes())
}
