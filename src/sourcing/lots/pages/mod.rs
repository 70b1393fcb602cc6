//! The pages of lots: the list with the desks' queues, the form, the lot.

mod descend;
mod form;
mod import;
mod list;
mod show;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::AppState;
use crate::auth::Permission;
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::error::AppError;
use crate::ids::LotId;
use crate::sourcing::lots::form::FIELDS;
use crate::web::answer;
use crate::web::form_fields::NO_FIELDS;
use crate::web::routes::{Access, RouteLimits, Routes};

/// What a form sends, by field.
type Fields = BTreeMap<String, String>;

/// The routes of lots. Who meets a lot on an export sees it without seeing the list.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let register = Access::Needs(Permission::RegisterLots);
    // Eight megabytes at 40 kB/s take more than three minutes; reading them takes seconds.
    let upload = RouteLimits { body_bytes: BODY_LIMIT_BYTES, time: Duration::from_secs(300), ..RouteLimits::default() };
    Routes::new()
        .get("/lots", Access::Needs(Permission::ViewLots), list::show)
        .get("/lots/new", register, form::show_new)
        .post_form("/lots/new", register, FIELDS, form::check_new)
        .get("/lots/new/check", register, form::show_answers)
        .post_form("/lots", register, NO_FIELDS, form::register)
        .get("/lots/import", register, import::ask)
        .get("/lots/import/template", register, import::show_template)
        .post_within("/lots/import", register, upload, import::read)
        .get("/lots/imports/{id}", register, import::show)
        .post_form("/lots/imports/{id}", register, NO_FIELDS, import::import)
        .get("/lots/combination", register, descend::ask_combination)
        .post_form("/lots/combination", register, descend::COMBINATION_FIELDS, descend::combine)
        .get("/lots/{id}/division", register, descend::ask_split)
        .post_form("/lots/{id}/division", register, descend::DIVISION_FIELDS, descend::split)
        .get("/lots/{id}/genealogy", Access::SignedIn, descend::show_genealogy)
        .get("/lots/{id}", Access::SignedIn, show::show)
        .post_form("/lots/{id}/decisions", Access::SignedIn, show::decision_fields(), show::decide)
        .get("/lots/{id}/correction", register, form::show_correction)
        .post_form("/lots/{id}/correction", register, FIELDS, form::check_correction)
        .get("/lots/{id}/correction/check", register, form::show_corrected)
        .post_form("/lots/{id}/resubmission", register, NO_FIELDS, form::resubmit)
}

fn lot_id(text: &str) -> Result<LotId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
