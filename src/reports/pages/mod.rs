//! `/reports`: the index, and one page a report. Page, chart and file are made of the same tables.

mod index;
mod query;
mod show;
mod tables;

use crate::app::AppState;
use crate::auth::Permission;
use crate::web::routes::{Access, Routes};

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let view = Access::Needs(Permission::ViewReports);
    Routes::new().get("/reports", view, index::show).get("/reports/{report}", view, show::show)
}
