//! `/account/password`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

use super::service;
use crate::app::AppState;
use crate::auth::Actor;
use crate::auth::password::PasswordError;
use crate::error::AppError;
use crate::organizations::new_account;
use crate::organizations::sessions::{ORIGIN_KEY, SessionOrigin};
use crate::organizations::sign_in::{self, Opened, SignInRefusal};
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, Problem};

const CURRENT: &str = "current_password";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let proved = RouteLimits { proof: Proof::Before, ..RouteLimits::default() };
    Routes::new().get_within("/account/password", Access::SignedIn, proved, show).post_within(
        "/account/password",
        Access::SignedIn,
        proved,
        change,
    )
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    current_password: SecretString,
    password: SecretString,
    password_again: SecretString,
}

async fn show(exchange: Exchange) -> Result<Response, AppError> {
    page(&exchange, StatusCode::OK, &FieldProblems::default(), None)
}

fn page(
    exchange: &Exchange,
    status: StatusCode,
    problems: &FieldProblems,
    whole: Option<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let error = problems.of(CURRENT).map(|found| problem(found, lang));
    let current = Field::password(CURRENT, lang.t("account-password-current")).wide().error(error);
    let fields = std::iter::once(current).chain(new_account::password_fields(problems, lang));
    let groups = vec![FieldGroup::plain(fields.collect())];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("account-change-password")),
        lead: vec![lang.t("account-change-password-lead")],
        facts: Vec::new(),
        form: Form {
            action: "/account/password".to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("account-change-password"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn change(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    session: Session,
    headers: HeaderMap,
    submission: Submission<PasswordForm>,
) -> Result<Response, AppError> {
    let (lang, form) = (exchange.lang(), submission.fields);
    let mut problems = FieldProblems::default();
    let organization = &actor.organization;
    let about = [actor.username.as_str(), &actor.display_name, &organization.name_en, &organization.code];
    new_account::read_password(&mut problems, &form.password, &form.password_again, &about);
    if form.current_password.expose_secret().is_empty() {
        problems.add(CURRENT, Problem::Missing);
    }
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    if !problems.is_empty() {
        return page(&exchange, unfit, &problems, None);
    }
    // Who found a browser open knows no password: guessing it here counts as guessing it at the door.
    let opened = match sign_in::open(&state, &exchange, &headers, &actor.username, form.current_password).await {
        Ok(opened) => opened,
        Err(SignInRefusal::Failed) => {
            problems.add(CURRENT, Problem::Refused { text_id: "account-password-wrong", arguments: Vec::new() });
            return page(&exchange, unfit, &problems, None);
        }
        Err(SignInRefusal::Busy) => return busy(&exchange),
        Err(SignInRefusal::Closed { until }) => {
            let (seconds, said) = sign_in::wait(until, exchange.now(), lang);
            return after(page(&exchange, StatusCode::TOO_MANY_REQUESTS, &problems, Some(said))?, seconds);
        }
        Err(error @ (SignInRefusal::Hashing(_) | SignInRefusal::Factor(_))) => return Err(AppError::internal(error)),
        Err(SignInRefusal::Database(error)) => return Err(error.into()),
    };
    if opened.user.is_demo {
        let said = lang.t("account-password-of-demo");
        return page(&exchange, unfit, &problems, Some(said));
    }
    let hash = match state.passwords.hash(form.password).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => return busy(&exchange),
        Err(error) => return Err(AppError::internal(error)),
    };
    let until =
        service::change(&state.db, (&actor, lang), &hash, exchange.now()).await?.ok_or(AppError::SignInRequired)?;
    begin_anew(&exchange, &actor, &session, &opened, until).await?;
    let said = Flash::success(lang.t("account-password-changed"));
    let mut response = (said, exchange.htmx().see_other("/account")).into_response();
    opened.remember_device(&exchange, &mut response);
    Ok(response)
}

/// A session with a token that nobody has seen before, for as long as the old one had.
async fn begin_anew(
    exchange: &Exchange,
    actor: &Actor,
    session: &Session,
    opened: &Opened,
    until: DateTime<Utc>,
) -> Result<(), AppError> {
    let origin = SessionOrigin {
        user_id: actor.user_id,
        organization_id: actor.organization.id,
        request_id: actor.origin.request_id,
        ip_address: exchange.client().0,
        user_agent: actor.origin.user_agent.clone(),
        entrance: opened.user.entrance,
        renewed_until: Some(until),
    };
    session.insert(ORIGIN_KEY, origin).await?;
    session.cycle_id().await?;
    Ok(())
}

fn busy(exchange: &Exchange) -> Result<Response, AppError> {
    let said = exchange.lang().t("sign-in-busy");
    after(page(exchange, StatusCode::SERVICE_UNAVAILABLE, &FieldProblems::default(), Some(said))?, 5)
}

fn after(mut response: Response, seconds: i64) -> Result<Response, AppError> {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    Ok(response)
}
