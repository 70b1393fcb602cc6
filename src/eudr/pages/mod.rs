//! The pages of plots.

mod change;
mod form;
mod import;
mod list;
mod new;
mod show;
pub(super) mod words;

pub(super) use show::geojson_file;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::response::{IntoResponse, Response};

use super::model::{CUTOFF_FIELDS, EVIDENCE_FIELDS};
use super::rules::PlotRefusal;
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::ids::PlotId;
use crate::web::chrome::Flash;
use crate::web::exchange::Exchange;
use crate::web::form_fields::NO_FIELDS;
use crate::web::routes::{Access, RouteLimits, Routes};
use crate::workflow::{Command, CommandError, Done, FormKey, execute};

/// The fields of a form as they were typed.
type Fields = BTreeMap<String, String>;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let (view, manage) = (Access::Needs(Permission::ViewPlots), Access::Needs(Permission::ManagePlots));
    // As for papers: a slow line takes minutes, a sender who falls silent is cut off long before.
    let upload = RouteLimits { body_bytes: BODY_LIMIT_BYTES, time: Duration::from_secs(300), ..RouteLimits::default() };
    // An outline that is pasted may have fifty thousand corners.
    let outline = RouteLimits { body_bytes: 4 << 20, ..RouteLimits::default() };
    Routes::new()
        .get("/plots", view, list::show)
        .get("/plots/new", manage, new::show)
        .post_form("/plots", manage, form::point_names(), new::create)
        .get("/plots/import", manage, import::ask)
        .post_within("/plots/import", manage, upload, import::send)
        .get("/plots/imports/{import_id}", manage, import::show)
        .post_form("/plots/imports/{import_id}/storing", manage, CUTOFF_FIELDS, import::store)
        .post_form("/plots/imports/{import_id}/removal", manage, NO_FIELDS, import::discard)
        .get("/plots/{plot_id}", view, show::show)
        .get("/plots/{plot_id}/file", view, show::file)
        .get("/plots/{plot_id}/revision", manage, change::ask_revision)
        .post_form_within("/plots/{plot_id}/revision", manage, outline, form::revision_names(), change::revise)
        .get("/plots/{plot_id}/retirement", manage, change::ask_retirement)
        .post_form("/plots/{plot_id}/retirement", manage, [change::REASON], change::retire)
        .get("/plots/{plot_id}/cut-off", manage, change::ask_cutoff)
        .post_form("/plots/{plot_id}/cut-off", manage, EVIDENCE_FIELDS, change::state_cutoff)
}

fn plot_id(text: &str) -> Result<PlotId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Carries a command out, once: on with a message, or what stands against it.
pub(super) async fn carry_out<C: Command>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    form: FormKey,
    command: &C,
) -> Result<Result<Response, C::Refusal>, AppError> {
    match execute(&state.db, actor, form, command, exchange.now()).await {
        Ok(done) => Ok(Ok(on(exchange, &done))),
        Err(CommandError::Refused(refusal)) => Ok(Err(refusal)),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

fn on(exchange: &Exchange, done: &Done) -> Response {
    let flash = Flash::success(done.flash.in_words(exchange.lang()));
    (flash, exchange.htmx().see_other(&done.location)).into_response()
}

/// The page for a refusal that is not about what was typed.
fn answer_of(refusal: &PlotRefusal, location: &str, lang: Lang) -> AppError {
    let sentence = lang.t(refusal.text_id());
    let conflict = |who: Option<&super::model::By>| {
        AppError::Conflict(Conflict {
            who: who.map(|by| by.name.clone()),
            when: who.map(|by| by.at),
            sentence: Some(sentence.clone()),
            location: Some(location.to_owned()),
        })
    };
    match refusal {
        PlotRefusal::NotFound => AppError::NotFound,
        PlotRefusal::NotYours => AppError::Forbidden(Forbidden::Step(sentence)),
        PlotRefusal::Retired(by) | PlotRefusal::Stated(by) => conflict(Some(by)),
        PlotRefusal::Superseded
        | PlotRefusal::Stale
        | PlotRefusal::Settled
        | PlotRefusal::Faulty(_)
        | PlotRefusal::Invalid(_) => conflict(None),
    }
}
