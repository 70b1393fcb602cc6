//! The pages of origins: the plots of a lot, where a consignment stands, what its buyer has told.

mod consignment;
mod lot;
mod statement;
pub mod words;

use std::collections::BTreeMap;

use super::rules::OriginRefusal;
use super::statement::FIELDS;
use crate::app::AppState;
use crate::auth::Permission;
use crate::error::{AppError, Conflict, Forbidden};
use crate::i18n::Lang;
use crate::ids::{ExportId, LotId};
use crate::web::form_fields::NO_FIELDS;
use crate::web::routes::{Access, Routes};

/// The fields of a form as they were typed.
type Fields = BTreeMap<String, String>;

/// The routes of this area. Plots are shown one by one to who may see plots; where a consignment stands, and the file that
/// its buyer gets, to everybody who sees the export.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let (plots, manage) = (Access::Needs(Permission::ViewPlots), Access::Needs(Permission::ManagePlots));
    let exports = Access::Needs(Permission::ViewExports);
    Routes::new()
        .get("/lots/{id}/plots", plots, lot::show)
        .post_form("/lots/{id}/plots", manage, [lot::PLOTS], lot::link)
        .get("/lots/{id}/plots/file", plots, lot::file)
        .post_form("/lots/{id}/plots/{link_id}/removal", manage, NO_FIELDS, lot::unlink)
        .get("/exports/{id}/eudr", exports, consignment::show)
        .get("/exports/{id}/eudr/file", exports, consignment::file)
        .get("/exports/{id}/eudr/sheet", exports, consignment::sheet_file)
        .post_form("/exports/{id}/eudr/origin", manage, NO_FIELDS, consignment::take)
        .get("/exports/{id}/eudr/statement", manage, statement::ask)
        .post_form("/exports/{id}/eudr/statement", manage, FIELDS, statement::record)
}

fn lot_id(text: &str) -> Result<LotId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn export_id(text: &str) -> Result<ExportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// The page for a refusal that is not about what was typed.
fn answer_of(refusal: &OriginRefusal, location: &str, lang: Lang) -> AppError {
    let by = match refusal {
        OriginRefusal::NotFound => return AppError::NotFound,
        OriginRefusal::NotYours => return AppError::Forbidden(Forbidden::Step(words::refusal(refusal, lang))),
        OriginRefusal::Unlinked(by) => Some(by),
        OriginRefusal::MadeOfOthers
        | OriginRefusal::LotGone
        | OriginRefusal::LotRejected
        | OriginRefusal::Lines(_)
        | OriginRefusal::TooHeavy { .. }
        | OriginRefusal::Cancelled
        | OriginRefusal::Preparing
        | OriginRefusal::Closed
        | OriginRefusal::Unchanged
        | OriginRefusal::Declared
        | OriginRefusal::Stale
        | OriginRefusal::Invalid(_) => None,
    };
    AppError::Conflict(Conflict {
        who: by.map(|by| by.name.clone()),
        when: by.map(|by| by.at),
        sentence: Some(words::refusal(refusal, lang)),
        location: Some(location.to_owned()),
    })
}
