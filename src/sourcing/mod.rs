//! Sourcing: the lots of coffee that exports are made of. For now they can be seen; registering, verifying and
//! inspecting them comes with the pages of pre-registration.

pub mod inspections;
mod pages;
mod service;
mod store;

use crate::app::AppState;
use crate::auth::Permission;
use crate::web::routes::{Access, Routes};

/// The routes of sourcing.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get("/lots", Access::Needs(Permission::ViewLots), pages::show).merge(inspections::routes())
}
