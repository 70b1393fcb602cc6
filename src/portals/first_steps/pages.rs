//! `/account/first-steps`.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::model::{FirstStep, Progress, Step, count};
use super::service;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Unreadable};
use crate::portals::home_of;
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ActionButton, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Routes};

const HOME: &str = "/account/first-steps";
const DONE: &str = "done";
const SKIPPED: &str = "skipped";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get(HOME, Access::SignedIn, show).post("/account/first-steps/{step}", Access::SignedIn, say)
}

#[derive(Template)]
#[template(path = "portals/first_steps.html")]
struct FirstStepsPage {
    chrome: Chrome,
    /// How far one is, in words.
    progress: String,
    /// Of a hundred.
    percent: usize,
    rows: Vec<Row>,
    /// Where work goes on.
    onward: &'static str,
}

struct Row {
    href: &'static str,
    name: String,
    why: String,
    state: Tag,
    buttons: Vec<ActionButton>,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let steps = service::find(&state.db, &actor, state.mailer.is_there(), exchange.now()).await?;
    let (settled, needed) = count(&steps);
    let id = if needed == 0 { "first-steps-progress" } else { "first-steps-progress-needed" };
    let numbers = [("settled", settled), ("all", steps.len()), ("needed", needed)];
    let view = FirstStepsPage {
        chrome: exchange.chrome(lang.t("first-steps-title")),
        progress: lang.fill(id, numbers.map(|(name, number)| (name, number.to_string()))),
        percent: if steps.is_empty() { 100 } else { settled * 100 / steps.len() },
        rows: steps.iter().map(|step| row(*step, &exchange)).collect(),
        onward: home_of(&actor),
    };
    crate::web::answer(&view, StatusCode::OK)
}

fn row(step: FirstStep, exchange: &Exchange) -> Row {
    let lang = exchange.lang();
    let code = step.step.code();
    let name = lang.name_of("first-step", code);
    let (id, tone) = match step.progress {
        Progress::Done => ("first-steps-done", Tone::Good),
        Progress::Skipped => ("first-steps-skipped", Tone::Neutral),
        Progress::Open if step.is_required => ("first-steps-needed", Tone::Warn),
        Progress::Open => ("first-steps-open", Tone::Info),
    };
    let button = |says, label| ActionButton {
        action: format!("{HOME}/{}", code.to_ascii_lowercase().replace('_', "-")),
        token: exchange.form_token(None),
        says: Some(("says", says)),
        label: lang.t(label),
        about: name.clone(),
    };
    let finish = step.may_finish.then(|| button(DONE, "first-steps-say-done"));
    let skip = step.may_skip.then(|| button(SKIPPED, "first-steps-skip"));
    Row {
        href: step.step.href(),
        why: lang.name_of("first-step-why", code),
        state: Tag::new(lang.t(id), tone),
        buttons: finish.into_iter().chain(skip).collect(),
        name,
    }
}

#[derive(Debug, Deserialize)]
struct SayForm {
    says: String,
}

async fn say(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(step): Path<String>,
    submission: Submission<SayForm>,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let step = Step::from_code(&step.to_ascii_uppercase().replace('-', "_")).ok_or(AppError::NotFound)?;
    let steps = service::find(&state.db, &actor, state.mailer.is_there(), now).await?;
    let found = steps.into_iter().find(|found| found.step == step).ok_or(AppError::NotFound)?;
    let is_skipped = match submission.fields.says.as_str() {
        DONE => false,
        SKIPPED => true,
        _ => return Err(AppError::Unreadable(Unreadable::Fields)),
    };
    // Another tab may have said it: then it is as wanted, and nothing is to be said.
    if if is_skipped { found.may_skip } else { found.may_finish } {
        service::say(&state.db, &actor, (step, is_skipped), now).await?;
    }
    let said = exchange.lang().t(if is_skipped { "first-steps-was-skipped" } else { "first-steps-was-done" });
    Ok((Flash::success(said), exchange.htmx().see_other(HOME)).into_response())
}
