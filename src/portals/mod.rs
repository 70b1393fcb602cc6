//! Portals: what each organisation meets first.

mod dashboard;

pub use dashboard::home_of;

use crate::app::AppState;
use crate::auth::Permission;
use crate::web::routes::{Access, Routes};

/// The routes of the portals.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get("/dashboard", Access::Needs(Permission::ViewExports), dashboard::show)
}
