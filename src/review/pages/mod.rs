//! The pages of reviews: sending an act, the case page that all subjects share, messages and papers.

mod case;
mod drafts;
mod messages;
mod papers;

use std::collections::BTreeMap;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

pub use case::{ActFields, CaseParts, DECISION_FIELDS, case_page};
pub use drafts::draft_form;

use super::acts::{Act, Workflow};
use super::files::{ApplicationFile, Checked, FileKinds};
use super::rules::{Refusal, RefusalKind};
use super::service::Refusals;
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::documents::Scan;
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::web::chrome::Flash;
use crate::web::components::{FileCard, FileState, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::form_fields::{FieldNames, FormFields};
use crate::web::routes::{Access, DECISION_FIELD, RouteLimits, Routes};
use crate::web::views::CasePage;
use crate::workflow::{Command, CommandError, Done, FieldProblems, FormKey, execute};

/// The cards of what is asked for and not there.
fn missing_cards(asked: &[Checked<'_>], names: &FileKinds, lang: Lang) -> Vec<FileCard> {
    let missing = asked.iter().filter(|line| line.file.is_none());
    missing
        .map(|line| FileCard { label: names.name(line.kind, lang).to_owned(), ..FileCard::empty(FileState::Missing) })
        .collect()
}

/// What a scanner has said of a paper that is in force; of one that is not, only that it is infected.
fn scan_tag(file: &ApplicationFile, lang: Lang) -> Option<Tag> {
    let tone = match file.scan {
        Scan::NotScanned => Tone::Neutral,
        Scan::Waiting => Tone::Warn,
        Scan::Clean { .. } => Tone::Good,
        Scan::Infected { .. } => Tone::Bad,
    };
    let is_told = file.is_active || file.scan.signature().is_some();
    is_told.then(|| Tag::new(crate::documents::words::scan(&file.scan, lang), tone))
}

/// What is the same for all subjects. Who may see and say what is the area's own door's to tell; which fields the form of a
/// subject has, so that it is kept while it is filled in, `drafted` says.
#[must_use]
pub fn routes(drafted: fn(&str) -> Option<FieldNames>) -> Routes<AppState> {
    let drafted = FormFields::by("subject", drafted);
    // Ten megabytes at 40 kB/s take four minutes; a sender who falls silent is cut off long before.
    let upload = RouteLimits { body_bytes: BODY_LIMIT_BYTES, time: Duration::from_secs(300), ..RouteLimits::default() };
    Routes::new()
        .post_form("/applications/{subject}/draft", Access::SignedIn, drafted.clone(), drafts::save_new)
        .post_form("/applications/{subject}/{id}/draft", Access::SignedIn, drafted, drafts::save_correction)
        .post_form("/applications/{subject}/{id}/messages", Access::SignedIn, [case::MESSAGE], messages::write)
        .get("/applications/{subject}/{id}/papers", Access::SignedIn, papers::show)
        .post_within("/applications/{subject}/{id}/papers", Access::SignedIn, upload, papers::hand_in)
        .get("/applications/{subject}/{id}/papers/{document_id}/removal", Access::SignedIn, papers::ask_removal)
        .post("/applications/{subject}/{id}/papers/{document_id}/removal", Access::SignedIn, papers::take_back)
        .get("/applications/papers/{document_id}", Access::SignedIn, papers::download)
        .get("/applications/papers/{document_id}/preview", Access::SignedIn, papers::preview)
}

/// What was typed and what was wrong with it, when a form is shown again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The fields.
    pub values: BTreeMap<String, String>,
    /// What is wrong with them.
    pub problems: FieldProblems,
    /// Refusals that are not about a field, as sentences.
    pub whole: Vec<String>,
}

impl Typed {
    /// Fields as they were kept or typed, with nothing wrong.
    #[must_use]
    pub fn of(values: BTreeMap<String, String>) -> Self {
        Self { values, ..Self::default() }
    }

    /// What was typed into a field; empty when nothing was.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// The act whose form it was.
    #[must_use]
    pub fn act(&self) -> &str {
        self.values.get(DECISION_FIELD).map_or("", String::as_str)
    }
}

/// The act that a form of decisions names.
///
/// # Errors
/// [`Unreadable::Fields`] when it names none: no page of ours sends that.
pub fn chosen_act(
    workflow: &'static Workflow,
    submission: &Submission<BTreeMap<String, String>>,
) -> Result<&'static Act, AppError> {
    let code = submission.fields.get(DECISION_FIELD).map(String::as_str);
    code.and_then(|code| workflow.act(code)).ok_or(AppError::Unreadable(Unreadable::Fields))
}

/// Carries a form's command out, once: on with a message, or what stands against it for the page to show again (422).
/// `location` is where the present state can be seen.
///
/// # Errors
/// [`AppError`] for what the page cannot show: not found, not yours, somebody was quicker.
pub async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<BTreeMap<String, String>>,
    command: &impl Command<Refusal = Refusals>,
    location: String,
) -> Result<Result<Response, Typed>, AppError> {
    let outcome = execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await;
    match answer(exchange, outcome, location)? {
        Ok(response) => Ok(Ok(response)),
        Err(refusals) => Ok(Err(typed(exchange, submission.fields.clone(), &refusals))),
    }
}

/// The answer to a command's outcome, or the refusals that the form can show.
fn answer(
    exchange: &Exchange,
    outcome: Result<Done, CommandError<Refusals>>,
    location: String,
) -> Result<Result<Response, Vec<Refusal>>, AppError> {
    let refusals = match outcome {
        Ok(done) => return Ok(Ok(self::done(exchange, &done))),
        Err(CommandError::Refused(refusals)) => refusals,
        Err(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => return Err(error.into()),
    };
    let lang = exchange.lang();
    let sentence = || {
        let sentences: Vec<_> =
            refusals.0.iter().map(|refusal| words::refusal(refusal, &FileKinds::default(), lang)).collect();
        sentences.join(" ")
    };
    match refusals.kind() {
        RefusalKind::NotFound => Err(AppError::NotFound),
        RefusalKind::Forbidden => Err(AppError::Forbidden(Forbidden::Step(sentence()))),
        RefusalKind::Conflict => {
            let (who, when) = match refusals.0.first() {
                Some(Refusal::Stale { by, at } | Refusal::WrongState { by, at, .. }) => (Some(by.clone()), Some(*at)),
                _ => (None, None),
            };
            let who = who.filter(|name| !name.is_empty());
            Err(AppError::Conflict(Conflict { who, when, sentence: Some(sentence()), location: Some(location) }))
        }
        RefusalKind::Invalid => Ok(Err(refusals.0)),
    }
}

fn typed(exchange: &Exchange, values: BTreeMap<String, String>, refusals: &[Refusal]) -> Typed {
    let mut typed = Typed::of(values);
    for refusal in refusals {
        match refusal {
            Refusal::Invalid(found) => typed.problems.0.extend(found.0.clone()),
            other => typed.whole.push(words::refusal(other, &FileKinds::default(), exchange.lang())),
        }
    }
    typed
}

/// Where a form that had its effect leads: on with a message.
fn done(exchange: &Exchange, done: &Done) -> Response {
    let flash = Flash::success(words::message(&done.flash, exchange.lang()));
    (flash, exchange.htmx().see_other(&done.location)).into_response()
}

/// The case page as an answer, whole or the part that an htmx form asked for.
///
/// # Errors
/// When it cannot be drawn.
pub fn respond(exchange: &Exchange, page: &CasePage, status: StatusCode) -> Result<Response, AppError> {
    use http::{HeaderValue, header};

    use crate::web::headers::FRAMING_CONTENT_SECURITY_POLICY;

    let mut response = if exchange.htmx().is_fragment() && status != StatusCode::OK {
        crate::web::html(&page.as_panel())?
    } else {
        crate::web::html(page)?
    };
    *response.status_mut() = status;
    // The paper beside the case is shown in a frame.
    let policy = HeaderValue::from_static(FRAMING_CONTENT_SECURITY_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
