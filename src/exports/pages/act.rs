//! The forms of a case: decide, submit, cancel, claim, write. Each ends in a command, and each refusal in the
//! page that says why.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::case::{export_id, page};
use super::panel::{CANCEL_REASON, Typed};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::exports::model::ApprovalKind;
use crate::exports::rules::{Refusal, RefusalKind};
use crate::exports::service::{Cancel, Claim, ClaimAct, Decide, PostMessage, Refusals, Submit};
use crate::ids::{ExportId, UserId};
use crate::web::chrome::Flash;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::DECISION_FIELD;
use crate::workflow::{Command, CommandError, Decision, Done, FieldProblems, FieldReader, FormKey, Reason, execute};

type Fields = BTreeMap<String, String>;

/// Who is to go on with a case.
pub(super) const COLLEAGUE: &str = "user_id";
/// That nobody in particular is.
pub(super) const RELEASE: &str = "release";
/// What is written to the others of a case.
pub(super) const MESSAGE: &str = "text";

/// The version for which a form was shown.
pub(super) fn version(submission: &Submission<Fields>) -> Result<i32, AppError> {
    submission.require_version()
}

/// Carries the form's command out, once: on with a message, or what stands against it.
pub(super) async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusals>,
) -> Result<Result<Response, Vec<Refusal>>, AppError> {
    match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(answer) => Ok(Ok(done(exchange, &answer))),
        Err(CommandError::Refused(Refusals(refusals))) => Ok(Err(refusals)),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

/// What came of a form that has a page of its own.
pub(super) enum Sent {
    /// It is carried out, and leads on.
    Done(Response),
    /// It is to be shown again, as it was typed.
    Again(Typed, Vec<Refusal>),
}

/// As [`send`], for a form with a page of its own: what stands against it and is not about what was typed is answered with
/// a page that leads to `location`.
pub(super) async fn send_or_ask_again(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusals>,
    location: String,
) -> Result<Sent, AppError> {
    match send(state, exchange, actor, submission, command).await? {
        Ok(done) => Ok(Sent::Done(done)),
        Err(refusals) => sort_out(state, exchange, submission, refusals, location).await,
    }
}

/// The same for what stands against a form that was not carried out at all.
pub(super) async fn sort_out(
    state: &AppState,
    exchange: &Exchange,
    submission: &Submission<Fields>,
    refusals: Vec<Refusal>,
    location: String,
) -> Result<Sent, AppError> {
    if refusals.first().map(Refusal::kind) != Some(RefusalKind::Invalid) {
        return Err(answer_of(state, exchange, &refusals, location).await?);
    }
    Ok(Sent::Again(typed(state, exchange, &submission.fields, &refusals).await?, refusals))
}

/// As [`send`], for a form on the page of a case, which shows what stands against it.
pub(super) async fn send_on_case(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusals>,
) -> Result<Response, AppError> {
    match send(state, exchange, actor, submission, command).await? {
        Ok(done) => Ok(done),
        Err(refusals) => refused(state, exchange, actor, export, &submission.fields, &refusals).await,
    }
}

/// Where a form that had its effect leads: on with a message.
pub(super) fn done(exchange: &Exchange, done: &Done) -> Response {
    let flash = Flash::success(super::words::message(&done.flash, exchange.lang()));
    (flash, exchange.htmx().see_other(&done.location)).into_response()
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let kind = ApprovalKind::from_code(&kind).ok_or(AppError::NotFound)?;
    let decision = submission
        .fields
        .get(DECISION_FIELD)
        .and_then(|code| Decision::from_code(code))
        .ok_or(AppError::Unreadable(Unreadable::Fields))?;
    let command = Decide {
        export,
        kind,
        decision,
        version: version(&submission)?,
        fields: &submission.fields,
        effects: &*state.effects,
    };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn submit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Submit { export, version: version(&submission)? };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn cancel(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let typed = submission.fields.get(CANCEL_REASON).map_or("", String::as_str);
    let reason = match Reason::parse(typed) {
        Ok(reason) => reason,
        Err(problem) => {
            let mut problems = FieldProblems::default();
            problems.add(CANCEL_REASON, problem);
            let invalid = [Refusal::Invalid(problems)];
            return refused(&state, &exchange, &actor, export, &submission.fields, &invalid).await;
        }
    };
    let command = Cancel { export, version: version(&submission)?, reason };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn claim(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let act = match (submission.fields.get(COLLEAGUE), submission.fields.get(RELEASE)) {
        (Some(colleague), _) => {
            let colleague = colleague.parse::<UserId>().map_err(|_| AppError::Unreadable(Unreadable::Fields))?;
            ClaimAct::HandOver(colleague)
        }
        (None, Some(_)) => ClaimAct::Release,
        (None, None) => ClaimAct::Take,
    };
    let command = Claim { export, version: version(&submission)?, act, location: format!("/exports/{export}") };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn write(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let mut reader = FieldReader::new(&submission.fields);
    let body = reader.text(MESSAGE, 1..=2_000);
    let body = match reader.finish(body) {
        Ok(body) => body,
        Err(problems) => {
            let invalid = [Refusal::Invalid(problems)];
            return refused(&state, &exchange, &actor, export, &submission.fields, &invalid).await;
        }
    };
    let command = PostMessage { export, body };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

/// The answer to a refused command: the form again, or a page that says who was quicker or whose step it is.
async fn refused(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    values: &Fields,
    refusals: &[Refusal],
) -> Result<Response, AppError> {
    match refusals.first().map_or(RefusalKind::Conflict, Refusal::kind) {
        RefusalKind::Invalid => {
            let typed = typed(state, exchange, values, refusals).await?;
            page(state, exchange, actor, export, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        RefusalKind::NotFound | RefusalKind::Forbidden | RefusalKind::Conflict => {
            Err(answer_of(state, exchange, refusals, format!("/exports/{export}")).await?)
        }
    }
}

/// What was typed, with the problems of its fields and the sentences about the form as a whole.
pub(super) async fn typed(
    state: &AppState,
    exchange: &Exchange,
    values: &Fields,
    refusals: &[Refusal],
) -> Result<Typed, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let mut typed = Typed { values: values.clone(), ..Typed::default() };
    for refusal in refusals {
        match refusal {
            Refusal::Invalid(found) => typed.problems.0.extend(found.0.clone()),
            other => typed.whole.push(words::refusal(other, &catalog, exchange.lang())),
        }
    }
    Ok(typed)
}

/// The page for a refusal that is not about the form.
pub(super) async fn answer_of(
    state: &AppState,
    exchange: &Exchange,
    refusals: &[Refusal],
    location: String,
) -> Result<AppError, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let lang = exchange.lang();
    let sentences: Vec<String> = refusals.iter().map(|refusal| words::refusal(refusal, &catalog, lang)).collect();
    let sentence = sentences.join(" ");
    Ok(match refusals.first() {
        None | Some(Refusal::NotFound) => AppError::NotFound,
        Some(first) => match first.kind() {
            RefusalKind::NotFound => AppError::NotFound,
            RefusalKind::Forbidden => AppError::Forbidden(Forbidden::Step(sentence)),
            RefusalKind::Conflict | RefusalKind::Invalid => {
                let (who, when) = match first {
                    Refusal::Stale { by, at } | Refusal::WrongStage { by, at, .. } | Refusal::Claimed { by, at } => {
                        (Some(by.clone()), Some(*at))
                    }
                    _ => (None, None),
                };
                AppError::Conflict(Conflict { who, when, sentence: Some(sentence), location: Some(location) })
            }
        },
    })
}
