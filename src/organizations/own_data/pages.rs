//! `/account/data`: the copies of one's data. `/account/data/register`: what is kept of people, why and for how long.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{CopyState, DataCopy, Entry};
use super::service::{self, Ask, HOME, Refusal, Taking};
use crate::app::AppState;
use crate::auth::Actor;
use crate::documents::serving;
use crate::documents::words::size;
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::organizations::sign_in;
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, ErrorSummary, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Problem, execute};

const PASSWORD: &str = "current_password";
const REGISTER: &str = "/account/data/register";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let proved = RouteLimits { proof: Proof::Before, ..RouteLimits::default() };
    Routes::new()
        .get_within(HOME, Access::SignedIn, proved, show)
        .post_within(HOME, Access::SignedIn, proved, ask)
        .get(REGISTER, Access::SignedIn, show_register)
        .post("/account/data/{id}/file", Access::SignedIn, take)
}

#[derive(Debug, Deserialize)]
struct AskForm {
    current_password: SecretString,
}

/// What is wrong with the form: with the password, or with the whole.
#[derive(Debug, Default)]
struct Wrong {
    password: Option<Problem>,
    whole: Option<String>,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, &Wrong::default(), StatusCode::OK).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    wrong: &Wrong,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let copies = service::list(&state.db, actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("own-data-title")), HOME);
    view.lead = vec![lang.t("own-data-lead"), lang.t("own-data-lead-life")];
    view.links = vec![(REGISTER.to_owned(), lang.t("own-data-register-link"))];
    view.sections = vec![Section {
        id: "copies",
        title: lang.t("own-data-copies"),
        is_titled: true,
        head: ["asked", "state", "size", "until", "sha256"]
            .iter()
            .map(|name| (lang.name_of("own-data-head", name), *name == "size"))
            .collect(),
        rows: copies.iter().map(|copy| copy_row(copy, exchange)).collect(),
        empty: EmptyState { title: lang.t("own-data-none"), text: lang.t("own-data-none-text"), action: None },
        paging: None,
    }];
    let mut states = copies.iter().map(|copy| (copy, copy.state(now)));
    if let Some((ready, _)) = states.clone().find(|(_, state)| *state == CopyState::Ready) {
        let form = Form {
            action: format!("{HOME}/{}/file", ready.id),
            token: exchange.form_token(None),
            submit: lang.t("own-data-download"),
            ..Form::default()
        };
        view.forms.push((lang.t("own-data-download-title"), form));
    } else if !states.any(|(_, state)| state == CopyState::BeingMade) {
        let password = Field::password(PASSWORD, lang.t("account-password-current"))
            .hint(lang.t("own-data-password-hint"))
            .error(wrong.password.as_ref().map(|found| problem(found, lang)));
        let form = Form {
            action: HOME.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(wrong.whole.clone().into_iter().collect(), [&password]),
            groups: vec![FieldGroup::plain(vec![password])],
            submit: lang.t("own-data-ask"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        };
        view.forms.push((lang.t("own-data-ask-title"), form));
    }
    crate::web::answer(&view, status)
}

fn copy_row(copy: &DataCopy, exchange: &Exchange) -> Vec<Cell> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let state = copy.state(now);
    let tone = match state {
        CopyState::BeingMade => Tone::Info,
        CopyState::Ready => Tone::Good,
        CopyState::Taken | CopyState::Expired => Tone::Neutral,
        CopyState::Failed => Tone::Bad,
    };
    let mut tag = lang.name_of("own-data-state", state.code());
    if state == CopyState::BeingMade && copy.parts_total > 0 {
        let parts = [("done", copy.parts_done.into()), ("total", copy.parts_total.into())];
        tag = lang.t_args("own-data-progress", &parts);
    }
    let or_dash = |text: Option<String>| Cell::new(text.unwrap_or_else(|| "–".to_owned()));
    vec![
        Cell::new(Moment::at(lang, copy.asked_at).text),
        Cell::tagged(vec![Tag::new(tag, tone)]),
        or_dash(copy.size_bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(size)),
        or_dash(copy.expires_at.map(|end| Moment::at(lang, end).text)),
        or_dash(copy.sha256.as_ref().map(hex::encode)),
    ]
}

async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    headers: HeaderMap,
    submission: Submission<AskForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let form = FormKey::of(&submission)?;
    // Who found a browser open does not take everything along.
    let password = submission.fields.current_password;
    if let Err(shut) = sign_in::check_password(&state, &exchange, &headers, &actor, password).await? {
        let wrong = Wrong { password: shut.field.clone(), whole: shut.whole.clone() };
        return Ok(shut.answer(page(&state, &exchange, &actor, &wrong, shut.status).await?));
    }
    match execute(&state.db, &actor, form, &Ask { lang }, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(lang.fill(&done.flash.id, done.flash.arguments));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(Refusal::UnderWay)) => {
            let wrong = Wrong { password: None, whole: Some(lang.t("own-data-under-way")) };
            page(&state, &exchange, &actor, &wrong, StatusCode::CONFLICT).await
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::Fields)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
struct TakeForm {}

async fn take(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    _: Submission<TakeForm>,
) -> Result<Response, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    match service::take(&state.db, &actor, id, exchange.now()).await? {
        Taking::Taken(key) => {
            serving::respond_zip(&state.storage, &key, &format!("jebena-{}.zip", actor.username)).await
        }
        Taking::Gone => {
            let said = Flash::problem(exchange.lang().t("own-data-gone"));
            Ok((said, exchange.htmx().see_other(HOME)).into_response())
        }
        Taking::NotFound => Err(AppError::NotFound),
    }
}

async fn show_register(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let entries = service::register(&state.db, &actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("own-data-register-title")).wide(), REGISTER);
    view.lead = vec![lang.t("own-data-register-lead")];
    view.sections = vec![Section {
        id: "register",
        title: lang.t("own-data-register-title"),
        is_titled: false,
        head: ["source", "purpose", "basis", "kept"]
            .iter()
            .map(|name| (lang.name_of("own-data-head", name), false))
            .collect(),
        rows: entries.iter().map(|entry| entry_row(entry, lang)).collect(),
        empty: EmptyState { title: lang.t("own-data-none"), text: String::new(), action: None },
        paging: None,
    }];
    crate::web::answer(&view, StatusCode::OK)
}

fn entry_row(entry: &Entry, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(entry.name(lang)),
        Cell::new(lang.name_of("own-data-purpose", entry.purpose.code())),
        Cell::new(lang.name_of("own-data-basis", entry.legal_basis.code())),
        Cell::new(lang.name_of("own-data-kept", entry.kept.code())),
    ]
}
