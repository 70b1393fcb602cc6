//! `/account/password`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::service;
use crate::app::AppState;
use crate::auth::password::PasswordError;
use crate::error::AppError;
use crate::organizations::new_account;
use crate::organizations::sign_in::{self, Shut, SignInRefusal};
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
    headers: HeaderMap,
    submission: Submission<PasswordForm>,
) -> Result<Response, AppError> {
    let (lang, form) = (exchange.lang(), submission.fields);
    let person = Arc::clone(exchange.signed_in().ok_or(AppError::SignInRequired)?);
    let actor = &person.actor;
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
    let user = match sign_in::check_password(&state, &exchange, &headers, actor, form.current_password).await? {
        Ok(user) => user,
        Err(mut shut) => {
            if let Some(problem) = shut.field.take() {
                problems.add(CURRENT, problem);
            }
            return Ok(shut.answer(page(&exchange, shut.status, &problems, shut.whole.clone())?));
        }
    };
    if user.is_demo {
        let said = lang.t("account-password-of-demo");
        return page(&exchange, unfit, &problems, Some(said));
    }
    let hash = match state.passwords.hash(form.password).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => {
            let shut = Shut::of(SignInRefusal::Busy, exchange.now(), lang)?;
            return Ok(shut.answer(page(&exchange, shut.status, &problems, shut.whole.clone())?));
        }
        Err(error) => return Err(AppError::internal(error)),
    };
    let renewed = service::change(&state.db, (&person, lang), &hash, exchange.now()).await?;
    let renewed = renewed.ok_or(AppError::SignInRequired)?;
    let said = Flash::success(lang.t("account-password-changed"));
    let mut response = (said, exchange.htmx().see_other("/account")).into_response();
    renewed.hand_over(&exchange, &mut response);
    Ok(response)
}
