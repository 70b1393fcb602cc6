//! Who may export: the firm that registers itself, its profile and capital, laboratory, taster, certificate of
//! competence, export licence.

pub mod profiles;
mod sign_up;

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    sign_up::routes()
}
