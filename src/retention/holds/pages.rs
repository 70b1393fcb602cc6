//! `/admin/holds`: legal holds, and placing one. `/admin/holds/{hold}`: one, and lifting it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{Hold, Subject};
use super::rules::{self, Refusal};
use super::service::{self, HOME, Lift, Place};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::retention::words::{legal, name};
use crate::web::chrome::Flash;
use crate::web::components::{Choice, EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{Command, CommandError, FormKey, Reason, execute};

/// The routes of this part.
pub(in crate::retention) fn routes() -> Routes<AppState> {
    let (view, manage) = (Access::Needs(Permission::ViewSystem), Access::Needs(Permission::ManageSystem));
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get(HOME, view, list)
        .post_within(HOME, manage, proved, place)
        .get("/admin/holds/{hold}", view, show)
        .post_within("/admin/holds/{hold}/lifting", manage, proved, lift)
}

/// What somebody has typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    subject: String,
    name: String,
    reason: String,
    subject_complaint: Option<String>,
    name_complaint: Option<String>,
    reason_complaint: Option<String>,
    whole: Option<String>,
}

async fn list(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    list_page(&state, &exchange, &actor, Typed::default(), StatusCode::OK).await
}

async fn list_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (holds, names) = service::list((&state.db, &state.directory), actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("holds-title")).wide(), HOME);
    view.lead = vec![lang.t("holds-lead")];
    view.links = vec![("/admin/retention".to_owned(), lang.t("retention-title"))];
    let heads = ["subject", "state", "placed", "by", "reason"];
    view.sections = vec![Section {
        id: "holds",
        title: lang.t("holds-title"),
        is_titled: false,
        head: heads.iter().map(|name| (lang.name_of("hold-head", name), false)).collect(),
        rows: holds.iter().map(|hold| row(hold, &names, lang)).collect(),
        empty: EmptyState { title: lang.t("holds-none"), text: lang.t("holds-none-text"), action: None },
        paging: None,
    }];
    if actor.may(Permission::ManageSystem) {
        view.forms = vec![(lang.t("hold-place-title"), place_form(exchange, typed))];
    }
    crate::web::answer(&view, status)
}

fn place_form(exchange: &Exchange, typed: Typed) -> Form {
    let lang = exchange.lang();
    let subjects = Subject::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("hold-subject", one.code())));
    let fields = vec![
        Field::select("hold_subject", lang.t("hold-subject-field"), subjects.collect())
            .value(typed.subject)
            .error(typed.subject_complaint),
        Field::text("hold_name", lang.t("hold-name"))
            .hint(lang.t("hold-name-hint"))
            .value(typed.name)
            .error(typed.name_complaint),
        Field::textarea("hold_reason", lang.t("hold-reason"))
            .hint(lang.t("hold-reason-hint"))
            .value(typed.reason)
            .error(typed.reason_complaint),
    ];
    Form {
        action: HOME.to_owned(),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(typed.whole.into_iter().collect(), &fields),
        groups: vec![FieldGroup::plain(fields)],
        submit: lang.t("hold-place"),
        ..Form::default()
    }
}

fn row(hold: &Hold, names: &Names, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(subject(hold, lang)).href(format!("{HOME}/{}", hold.id)),
        Cell::tagged(vec![tag(hold, lang)]),
        Cell::new(legal(lang, hold.placed_at)),
        Cell::new(name(names, hold.placed_by, lang)),
        Cell::new(hold.reason.clone()),
    ]
}

fn subject(hold: &Hold, lang: Lang) -> String {
    let kind = lang.name_of("hold-subject", hold.subject.code());
    hold.name.as_ref().map_or_else(|| kind.clone(), |name| format!("{kind}: {name}"))
}

fn tag(hold: &Hold, lang: Lang) -> Tag {
    match hold.lifted_at {
        None => Tag::new(lang.t("hold-stands"), Tone::Warn),
        Some(_) => Tag::new(lang.t("hold-is-lifted"), Tone::Neutral),
    }
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    hold_page(&state, &exchange, (&actor, hold_id(&id)?), Typed::default(), StatusCode::OK).await
}

fn hold_id(text: &str) -> Result<Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn hold_page(
    state: &AppState,
    exchange: &Exchange,
    (actor, id): (&Actor, Uuid),
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = service::find((&state.db, &state.directory), actor, id).await?;
    let (hold, names) = found.ok_or(AppError::NotFound)?;
    let mut view = TablePage::of(exchange.chrome(subject(&hold, lang)), HOME);
    view.links = vec![(HOME.to_owned(), lang.t("holds-title"))];
    view.lead = typed.whole.iter().cloned().collect();
    let fact = |name: &str, value: String| Fact::new(lang.name_of("hold-head", name), value);
    let state_words = lang.t(if hold.lifted_at.is_some() { "hold-is-lifted" } else { "hold-stands" });
    view.facts = vec![
        fact("state", state_words),
        fact("placed", legal(lang, hold.placed_at)),
        fact("by", name(&names, hold.placed_by, lang)),
        fact("reason", hold.reason.clone()),
    ];
    if let (Some(person), Some(at), Some(reason)) = (hold.lifted_by, hold.lifted_at, &hold.lift_reason) {
        view.facts.push(fact("lifted", legal(lang, at)));
        view.facts.push(fact("lifted-by", name(&names, person, lang)));
        view.facts.push(fact("lift-reason", reason.clone()));
    }
    if actor.may(Permission::ManageSystem) && hold.lifted_at.is_none() {
        match rules::may_lift(&hold, actor.user_id) {
            Ok(()) => {
                let reason = Field::textarea("lift_reason", lang.t("hold-lift-reason"))
                    .hint(lang.t("hold-lift-hint"))
                    .value(typed.reason)
                    .error(typed.reason_complaint);
                let form = Form {
                    action: format!("{HOME}/{id}/lifting"),
                    token: exchange.form_token(None),
                    summary: ErrorSummary::of(Vec::new(), [&reason]),
                    groups: vec![FieldGroup::plain(vec![reason])],
                    submit: lang.t("hold-lift"),
                    ..Form::default()
                };
                view.forms = vec![(lang.t("hold-lift-title"), form)];
            }
            Err(_) if view.lead.is_empty() => view.lead.push(lang.t("hold-own")),
            Err(_) => {}
        }
    }
    crate::web::answer(&view, status)
}

#[derive(Debug, Deserialize)]
struct PlaceForm {
    hold_subject: String,
    hold_name: String,
    hold_reason: String,
}

async fn place(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<PlaceForm>,
) -> Result<Response, AppError> {
    let (lang, key) = (exchange.lang(), FormKey::of(&submission)?);
    let form = submission.fields;
    let (subject, reason) = (Subject::from_code(&form.hold_subject), Reason::parse(&form.hold_reason));
    let name = form.hold_name.trim().to_owned();
    let mut typed = Typed {
        subject: form.hold_subject,
        name: name.clone(),
        reason: form.hold_reason,
        subject_complaint: subject.is_none().then(|| lang.t("hold-subject-wrong")),
        name_complaint: name.is_empty().then(|| lang.t("hold-name-wrong")),
        reason_complaint: reason.as_ref().err().map(|found| problem(found, lang)),
        whole: None,
    };
    let (Some(subject), Ok(reason), false) = (subject, reason, name.is_empty()) else {
        return list_page(&state, &exchange, &actor, typed, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let command = Place { subject, name, reason };
    match send(&state, &exchange, &actor, key, &command).await? {
        Ok(answer) => Ok(answer),
        Err(Refusal::NoSubject) => {
            typed.name_complaint = Some(lang.t("hold-name-unknown"));
            list_page(&state, &exchange, &actor, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => {
            typed.whole = Some(said(refusal, lang));
            list_page(&state, &exchange, &actor, typed, StatusCode::CONFLICT).await
        }
    }
}

#[derive(Debug, Deserialize)]
struct LiftForm {
    lift_reason: String,
}

async fn lift(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<LiftForm>,
) -> Result<Response, AppError> {
    let (lang, key, id) = (exchange.lang(), FormKey::of(&submission)?, hold_id(&id)?);
    let reason = match Reason::parse(&submission.fields.lift_reason) {
        Ok(reason) => reason,
        Err(found) => {
            let (reason, complaint) = (submission.fields.lift_reason, problem(&found, lang));
            let typed = Typed { reason, reason_complaint: Some(complaint), ..Typed::default() };
            return hold_page(&state, &exchange, (&actor, id), typed, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match send(&state, &exchange, &actor, key, &Lift { id, reason }).await? {
        Ok(answer) => Ok(answer),
        Err(Refusal::NotFound) => Err(AppError::NotFound),
        Err(refusal) => {
            let typed = Typed { whole: Some(said(refusal, lang)), ..Typed::default() };
            hold_page(&state, &exchange, (&actor, id), typed, StatusCode::CONFLICT).await
        }
    }
}

fn said(refusal: Refusal, lang: Lang) -> String {
    match refusal {
        Refusal::NotFound | Refusal::NoSubject => lang.t("hold-name-unknown"),
        Refusal::AlreadyHeld => lang.t("hold-already"),
        Refusal::Lifted => lang.t("hold-lifted-already"),
        Refusal::OwnHold => lang.t("hold-own"),
    }
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: FormKey,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Result<Response, Refusal>, AppError> {
    match execute(&state.db, actor, key, command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(exchange.lang()));
            Ok(Ok((said, exchange.htmx().see_other(&done.location)).into_response()))
        }
        Err(CommandError::Refused(refusal)) => Ok(Err(refusal)),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}
