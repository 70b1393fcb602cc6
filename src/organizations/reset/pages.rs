//! `/forgotten-password`: asking for a link. `/new-password/{token}`: what it opens.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::service::{self, LIFE, path_of};
use crate::app::AppState;
use crate::auth::password::PasswordError;
use crate::error::{AppError, Conflict, OverLink};
use crate::organizations::link_token::LinkToken;
use crate::organizations::new_account;
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Routes};
use crate::web::views::{FormPage, TablePage};
use crate::workflow::FieldProblems;

const FORGOTTEN: &str = "/forgotten-password";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
        .get(FORGOTTEN, Access::Public, show)
        .post(FORGOTTEN, Access::Public, ask)
        .get("/new-password/{token}", Access::Public, open)
        .post("/new-password/{token}", Access::Public, set)
}

#[derive(Debug, Deserialize)]
struct ForgottenForm {
    username: String,
}

async fn show(State(state): State<AppState>, exchange: Exchange) -> Result<Response, AppError> {
    if !state.mailer.is_there() {
        return without_mail(&exchange);
    }
    forgotten(&exchange, StatusCode::OK, None)
}

/// Where no mail goes out nothing is promised: it says whom to ask.
fn without_mail(exchange: &Exchange) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut view = TablePage::of(exchange.chrome(lang.t("forgotten-title")), FORGOTTEN);
    view.lead = vec![lang.t("forgotten-without-mail")];
    view.links = vec![("/sign-in".to_owned(), lang.t("error-way-sign-in"))];
    crate::web::answer(&view, StatusCode::OK)
}

fn forgotten(exchange: &Exchange, status: StatusCode, error: Option<String>) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let name = Field::text("username", lang.t("sign-in-username")).autocomplete("username").width(20).error(error);
    let groups = vec![FieldGroup::plain(vec![name])];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("forgotten-title")),
        lead: vec![lang.fill("forgotten-lead", [("minutes", LIFE.num_minutes().to_string())])],
        facts: Vec::new(),
        form: Form {
            action: FORGOTTEN.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("forgotten-submit"),
            cancel: Some("/sign-in".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    submission: Submission<ForgottenForm>,
) -> Result<Response, AppError> {
    let form = submission.require_token()?.key;
    let (lang, username) = (exchange.lang(), submission.fields.username);
    if !state.mailer.is_there() {
        return Ok(exchange.htmx().see_other(FORGOTTEN));
    }
    if username.trim().is_empty() {
        let missing = lang.t("sign-in-missing-username");
        return forgotten(&exchange, StatusCode::UNPROCESSABLE_ENTITY, Some(missing));
    }
    service::ask(&state.db, (&username, form), lang, &exchange.origin(), exchange.now()).await?;
    let said = Flash::notice(lang.t("forgotten-asked"));
    Ok((said, exchange.htmx().see_other("/sign-in")).into_response())
}

#[derive(Debug, Deserialize)]
struct NewPasswordForm {
    password: SecretString,
    password_again: SecretString,
}

/// What is said of a link that was used, has ended or never was: to a stranger all are alike.
fn over(state: &AppState) -> AppError {
    AppError::LinkOver(if state.mailer.is_there() { OverLink::Password } else { OverLink::HandedPassword })
}

async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let opened = service::find_open(&state.db, &token, exchange.now()).await?.ok_or_else(|| over(&state))?;
    page(&exchange, (&token, &opened.username), StatusCode::OK, &FieldProblems::default(), None)
}

fn page(
    exchange: &Exchange,
    (token, username): (&LinkToken, &str),
    status: StatusCode,
    problems: &FieldProblems,
    whole: Option<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let groups = vec![FieldGroup::plain(new_account::password_fields(problems, lang).into())];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("new-password-title")),
        lead: vec![lang.t("new-password-lead")],
        facts: vec![Fact::new(lang.t("sign-in-username"), username)],
        form: Form {
            action: path_of(token),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("new-password-submit"),
            ..Form::default()
        },
    };
    let mut response = crate::web::answer(&view, status)?;
    // The address opens an account: it stays in no cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn set(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
    submission: Submission<NewPasswordForm>,
) -> Result<Response, AppError> {
    let key = submission.require_token()?.key;
    let (lang, form) = (exchange.lang(), submission.fields);
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let done = || (Flash::success(lang.t("new-password-set")), exchange.htmx().see_other("/sign-in")).into_response();
    let Some(opened) = service::find_open(&state.db, &token, exchange.now()).await? else {
        // Sent twice, the first has used the link, and answers for both.
        return if service::is_done(&state.db, &token, key).await? { Ok(done()) } else { Err(over(&state)) };
    };
    let mut problems = FieldProblems::default();
    let about = [opened.username.as_str(), &opened.full_name, &opened.organization_name];
    new_account::read_password(&mut problems, &form.password, &form.password_again, &about);
    if !problems.is_empty() {
        let unfit = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&exchange, (&token, &opened.username), unfit, &problems, None);
    }
    let hash = match state.passwords.hash(form.password).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => {
            let (busy, said) = (StatusCode::SERVICE_UNAVAILABLE, lang.t("sign-in-busy"));
            let mut response = page(&exchange, (&token, &opened.username), busy, &problems, Some(said))?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            return Ok(response);
        }
        Err(error) => return Err(AppError::internal(error)),
    };
    let (now, origin) = (exchange.now(), exchange.origin());
    let is_set = service::set(&state.db, (&opened, key), (&hash, lang), &origin, now).await?;
    if is_set || service::is_done(&state.db, &token, key).await? {
        return Ok(done());
    }
    let sentence = Some(lang.t("new-password-gone"));
    Err(AppError::Conflict(Conflict { sentence, ..Conflict::default() }))
}
