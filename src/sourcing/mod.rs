//! Sourcing: the lots of coffee that exports are made of, and the contracts under which they are sold.

pub mod buyers;
pub mod contracts;
pub mod inspections;
pub mod lots;

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of sourcing.
#[must_use]
pub fn routes() -> Routes<AppState> {
    lots::routes().merge(inspections::routes()).merge(contracts::routes()).merge(buyers::routes())
}
