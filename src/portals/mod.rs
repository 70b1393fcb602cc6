//! Portals: what each organisation meets first, and what everybody may read.

mod dashboard;
pub mod first_steps;
mod front;

pub use dashboard::home_of;

use crate::app::AppState;
use crate::auth::Permission;
use crate::web::routes::{Access, RouteLimits, Routes};

/// The routes of the portals.
#[must_use]
pub fn routes() -> Routes<AppState> {
    // A preference is no business of the record; it stays open while nothing else may be changed.
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new()
        .get("/", Access::Public, front::landing)
        .get("/tour", Access::Public, front::tour)
        .get("/help", Access::Public, front::help)
        .post_within("/help/shortcuts", Access::SignedIn, always, front::choose_shortcuts)
        .merge(first_steps::routes())
        .get("/dashboard", Access::Needs(Permission::ViewExports), dashboard::show)
}
