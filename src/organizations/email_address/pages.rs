//! `/account/email`: asking to be written to elsewhere. `/confirm-email/{token}`: what the link in the mail opens.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::service::{self, Confirmed, LIFE, path_of};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::organizations::email::read_email;
use crate::organizations::link_token::LinkToken;
use crate::organizations::sign_in;
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FieldReader, Problem};

const OWN: &str = "/account/email";
const CURRENT: &str = "current_password";
const EMAIL: &str = "email";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let proved = RouteLimits { proof: Proof::Before, ..RouteLimits::default() };
    Routes::new()
        .get_within(OWN, Access::SignedIn, proved, show)
        .post_within(OWN, Access::SignedIn, proved, ask)
        .get("/confirm-email/{token}", Access::Public, open)
        .post("/confirm-email/{token}", Access::Public, confirm)
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    email: Option<String>,
    problems: FieldProblems,
    whole: Option<String>,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, StatusCode::OK, Typed::default()).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    status: StatusCode,
    typed: Typed,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let known = service::find_own(&state.db, actor).await?;
    let error = |name: &str| typed.problems.of(name).map(|found| problem(found, lang));
    // Who has not confirmed the address asks for the mail once more.
    let value = typed.email.clone().or_else(|| known.as_ref().map(|known| known.email.clone())).unwrap_or_default();
    let groups = vec![FieldGroup::plain(vec![
        Field::text(EMAIL, lang.t("email-address")).autocomplete("email").value(value).error(error(EMAIL)).wide(),
        Field::password(CURRENT, lang.t("account-password-current")).error(error(CURRENT)).wide(),
    ])];
    let facts = known.map(|known| {
        let state = match known.confirmed_at {
            Some(at) => lang.fill("email-confirmed-at", [("at", Moment::at(lang, at).text)]),
            None => lang.t("email-unconfirmed"),
        };
        vec![Fact::new(lang.t("email-address-now"), format!("{} ({state})", known.email))]
    });
    let lead = if state.mailer.is_there() { "email-lead" } else { "email-without-mail" };
    let view = FormPage {
        chrome: exchange.chrome(lang.t("email-title")),
        lead: vec![lang.fill(lead, [("hours", LIFE.num_hours().to_string())])],
        facts: facts.unwrap_or_default(),
        form: Form {
            action: OWN.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("email-ask"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

#[derive(Deserialize)]
struct AskForm {
    email: String,
    current_password: SecretString,
}

async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    headers: HeaderMap,
    submission: Submission<AskForm>,
) -> Result<Response, AppError> {
    let (lang, form) = (exchange.lang(), submission.require_token()?.key);
    if !state.mailer.is_there() {
        return Err(AppError::NotFound);
    }
    let AskForm { email, current_password } = submission.fields;
    let values = BTreeMap::from([(EMAIL.to_owned(), email.clone())]);
    let mut reader = FieldReader::new(&values);
    let address = read_email(&mut reader, EMAIL);
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let mut typed = Typed { email: Some(email), ..Typed::default() };
    let address = match reader.finish(address) {
        Ok(address) => address,
        Err(problems) => {
            typed.problems = problems;
            return page(&state, &exchange, &actor, unfit, typed).await;
        }
    };
    let user = match sign_in::check_password(&state, &exchange, &headers, &actor, current_password).await? {
        Ok(user) => user,
        Err(mut shut) => {
            if let Some(found) = shut.field.take() {
                typed.problems.add(CURRENT, found);
            }
            typed.whole.clone_from(&shut.whole);
            let page = page(&state, &exchange, &actor, shut.status, typed).await?;
            return Ok(shut.answer(page));
        }
    };
    if user.is_demo {
        typed.whole = Some(lang.t("email-of-demo"));
        return page(&state, &exchange, &actor, unfit, typed).await;
    }
    let known = service::find_own(&state.db, &actor).await?;
    if known.is_some_and(|known| known.confirmed_at.is_some() && known.email == address) {
        typed.problems.add(EMAIL, Problem::Refused { text_id: "email-is-yours", arguments: Vec::new() });
        return page(&state, &exchange, &actor, unfit, typed).await;
    }
    service::ask_own(&state.db, (&actor, &address), form, lang, exchange.now()).await?;
    let said = Flash::notice(lang.fill("email-asked", [("email", address)]));
    Ok((said, exchange.htmx().see_other("/account")).into_response())
}

async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let opened = service::find_open(&state.db, &token, exchange.now()).await?.ok_or(AppError::NotFound)?;
    // A button, since programs that look for evil in mails follow every link.
    let view = FormPage {
        chrome: exchange.chrome(lang.t("email-confirm-title")),
        lead: vec![lang.t("email-confirm-lead")],
        facts: vec![
            Fact::new(lang.t("email-address"), opened.email),
            Fact::new(lang.t("sign-in-username"), opened.username),
        ],
        form: Form {
            action: path_of(&token),
            token: exchange.form_token(None),
            submit: lang.t("email-confirm"),
            ..Form::default()
        },
    };
    let mut response = crate::web::answer(&view, StatusCode::OK)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn confirm(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let form = submission.require_token()?.key;
    let NoFields {} = submission.fields;
    let lang = exchange.lang();
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let said = match service::confirm(&state.db, (&token, form), lang, &exchange.origin(), exchange.now()).await? {
        Confirmed::Done => Flash::success(lang.t("email-confirmed")),
        Confirmed::Taken => Flash::notice(lang.t("email-taken")),
        Confirmed::Gone => return Err(AppError::NotFound),
    };
    let next = if exchange.signed_in().is_some() { "/account" } else { "/sign-in" };
    Ok((said, exchange.htmx().see_other(next)).into_response())
}
