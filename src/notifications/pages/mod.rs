//! `/notifications`: what one was told. `/account/notifications`: how one wants to hear of what.

mod inbox;
mod settings;

use crate::app::AppState;
use crate::web::routes::{Access, Routes};

/// The list.
pub(super) const HOME: &str = "/notifications";
pub(super) use super::service::SETTINGS;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
        .get(HOME, Access::SignedIn, inbox::show)
        .post("/notifications/open", Access::SignedIn, inbox::open)
        .post("/notifications/read", Access::SignedIn, inbox::mark_all_read)
        .get(SETTINGS, Access::SignedIn, settings::show)
        .post_form(SETTINGS, Access::SignedIn, settings::FIELDS, settings::save)
}
