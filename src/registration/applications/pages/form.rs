//! Writing an application: the form, the answers to check, handing in. What is typed is kept as a draft on the way, so
//! that the page on which the answers are checked reads what will be handed in.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use uuid::Uuid;

use super::words::answers;
use super::{Shown, Values, for_kind, groups_of};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::registration::applications::grant::location;
use crate::registration::applications::service::{Begun, HandIn, Written, begin, is_open_to_correction};
use crate::review::{Decide, FileKinds, SubjectKind, Typed, draft_form, refusal, save_draft, send};
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{AnswersPage, FormPage};

/// The addresses of a form: of something new, or of what is corrected or renewed.
fn place(kind: SubjectKind, of: Option<Uuid>) -> String {
    match of {
        Some(id) => location(kind, id),
        None => format!("/registration/{}", kind.slug()),
    }
}

fn form_at(kind: SubjectKind, of: Option<Uuid>) -> String {
    format!("{}/{}", place(kind, of), if of.is_some() { "form" } else { "new" })
}

pub(super) async fn show_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(subject): Path<String>,
) -> Result<Response, AppError> {
    for_kind!(&subject, show_form(&state, &exchange, &actor, None, None))
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let id = parse(&id)?;
    for_kind!(&subject, show_form(&state, &exchange, &actor, Some(id), None))
}

fn parse(id: &str) -> Result<Uuid, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

async fn begun<W: Written>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    of: Option<Uuid>,
) -> Result<Begun<W>, AppError> {
    begin::<W>(&state.db, actor, of, eat_date(exchange.now())).await?.ok_or(AppError::NotFound)
}

async fn show_form<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    of: Option<Uuid>,
    typed: Option<Typed>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let begun = begun::<W>(state, exchange, actor, of).await?;
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed = typed.unwrap_or_else(|| Typed::of(begun.values));
    let mut whole = typed.whole.clone();
    whole.extend(begun.against.iter().map(|against| refusal(against, &FileKinds::default(), lang)));
    let groups = groups_of(W::fields(&begun.offer, lang), &typed, lang);
    let kind = W::SUBJECT;
    let cancel = of.map_or_else(|| "/registration".to_owned(), |id| location(kind, id));
    let title = match &begun.of {
        None => lang.name_of("registration-new", kind.code()),
        Some(found) if is_open_to_correction(&found.standing.state) => {
            lang.fill("registration-correct", [("reference", found.standing.reference.clone())])
        }
        Some(found) => lang.fill("registration-renew", [("reference", found.standing.reference.clone())]),
    };
    let view = FormPage {
        chrome: exchange.chrome(title),
        lead: vec![lang.name_of("registration-lead", kind.code()), lang.t("registration-draft-lead")],
        facts: Vec::new(),
        form: draft_form(exchange, kind, of, (format!("{}/answers", place(kind, of)), cancel), groups, whole),
    };
    crate::web::answer(&view, status)
}

pub(super) async fn answer_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(subject): Path<String>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    for_kind!(&subject, take_answers(&state, &exchange, &actor, None, submission))
}

pub(super) async fn answer(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let id = parse(&id)?;
    for_kind!(&subject, take_answers(&state, &exchange, &actor, Some(id), submission))
}

async fn take_answers<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    of: Option<Uuid>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let begun = begun::<W>(state, exchange, actor, of).await?;
    let values = submission.fields;
    if let Err(problems) = W::read(&begun.offer, &values, eat_date(exchange.now())) {
        let typed = Typed { values, problems, whole: Vec::new() };
        return show_form::<W>(state, exchange, actor, of, Some(typed)).await;
    }
    save_draft(&state.db, actor, W::SUBJECT, of, &values, exchange.now()).await?;
    Ok(exchange.htmx().see_other(&format!("{}/check", place(W::SUBJECT, of))))
}

pub(super) async fn check_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(subject): Path<String>,
) -> Result<Response, AppError> {
    for_kind!(&subject, show_check(&state, &exchange, &actor, None, None))
}

pub(super) async fn check(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let id = parse(&id)?;
    for_kind!(&subject, show_check(&state, &exchange, &actor, Some(id), None))
}

async fn show_check<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    of: Option<Uuid>,
    refused: Option<Vec<String>>,
) -> Result<Response, AppError> {
    let (lang, kind) = (exchange.lang(), W::SUBJECT);
    let begun = begun::<W>(state, exchange, actor, of).await?;
    let typed = match W::read(&begun.offer, &begun.values, eat_date(exchange.now())) {
        Ok(_) if begun.is_drafted => Typed::of(begun.values),
        // Nothing was written, or what was kept does not stand any more: to the form, which says so.
        Ok(_) | Err(_) => return Ok(exchange.htmx().see_other(&form_at(kind, of))),
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut whole = refused.unwrap_or_default();
    if whole.is_empty() {
        whole.extend(begun.against.iter().map(|against| refusal(against, &FileKinds::default(), lang)));
    }
    let (action, version) = match (of, &begun.of) {
        (Some(id), Some(found)) => (format!("{}/submission", location(kind, id)), Some(found.standing.version)),
        _ => (place(kind, None), None),
    };
    let view = AnswersPage {
        chrome: exchange.chrome(lang.t("registration-check-title")),
        lead: vec![lang.t("registration-check-lead")],
        groups: answers(groups_of(W::fields(&begun.offer, lang), &typed, lang), lang),
        change_href: form_at(kind, of),
        form: Form {
            action,
            token: exchange.form_token(version),
            summary: ErrorSummary::of(whole, []),
            groups: Vec::new(),
            submit: lang.t("registration-hand-in"),
            cancel: Some(form_at(kind, of)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

pub(super) async fn hand_in_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(subject): Path<String>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    for_kind!(&subject, take_in(&state, &exchange, &actor, None, submission))
}

pub(super) async fn hand_in(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let id = parse(&id)?;
    for_kind!(&subject, take_in(&state, &exchange, &actor, Some(id), submission))
}

async fn take_in<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    of: Option<Uuid>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let begun = begun::<W>(state, exchange, actor, of).await?;
    let back = of.map_or_else(|| "/registration".to_owned(), |id| location(W::SUBJECT, id));
    let outcome = match &begun.of {
        Some(found) if is_open_to_correction(&found.standing.state) => {
            let act = W::workflow().act("resubmit").ok_or(AppError::NotFound)?;
            let subject = W::subject(state);
            let (id, version) = (found.standing.id, submission.require_version()?);
            let command = Decide { subject: &subject, id, act, version, fields: &begun.values };
            send(state, exchange, actor, &submission, &command, back).await?
        }
        Some(_) | None => send(state, exchange, actor, &submission, &HandIn::<W>::new(of), back).await?,
    };
    match outcome {
        Ok(done) => Ok(done),
        Err(typed) if !typed.problems.is_empty() => {
            let typed = Typed { values: begun.values, ..typed };
            show_form::<W>(state, exchange, actor, of, Some(typed)).await
        }
        Err(typed) if begun.is_drafted => show_check::<W>(state, exchange, actor, of, Some(typed.whole)).await,
        // The draft has gone meanwhile: handed in from another window, or by a colleague.
        Err(typed) => {
            let said = Flash::problem(typed.whole.join(" "));
            Ok((said, exchange.htmx().see_other("/registration")).into_response())
        }
    }
}
