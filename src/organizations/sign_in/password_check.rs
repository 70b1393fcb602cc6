//! The password once more, of somebody who is signed in: who found a browser open knows none, and guessing it here counts as
//! guessing it at the door. And what a form says when nobody comes in.

use axum::response::Response;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};

use super::pages::{open, wait};
use super::service::{self, SignInRefusal, SignedInUser};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::web::exchange::Exchange;
use crate::workflow::Problem;

/// How soon to try again when too many passwords are being checked.
const BUSY_S: i64 = 5;

/// Why a form opens nothing, as it says it: at the field, or at its head.
#[derive(Debug)]
pub(in crate::organizations) struct Shut {
    pub status: StatusCode,
    pub field: Option<Problem>,
    pub whole: Option<String>,
    retry_after_s: Option<i64>,
}

impl Shut {
    /// What is said of a refusal.
    ///
    /// # Errors
    /// What nobody can do anything about: the database is away, a hash or a secret cannot be read.
    pub fn of(refusal: SignInRefusal, now: DateTime<Utc>, lang: Lang) -> Result<Self, AppError> {
        match refusal {
            SignInRefusal::Failed => {
                Ok(Self::at_field(Problem::Refused { text_id: "account-password-wrong", arguments: Vec::new() }))
            }
            SignInRefusal::Busy => Ok(Self::for_now(StatusCode::SERVICE_UNAVAILABLE, lang.t("sign-in-busy"), BUSY_S)),
            SignInRefusal::Closed { until } => {
                let (seconds, said) = wait(until, now, lang);
                Ok(Self::for_now(StatusCode::TOO_MANY_REQUESTS, said, seconds))
            }
            SignInRefusal::Database(error) => Err(error.into()),
            error @ (SignInRefusal::Hashing(_) | SignInRefusal::Factor(_)) => Err(AppError::internal(error)),
        }
    }

    /// Something is wrong with what was typed.
    pub fn at_field(problem: Problem) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self { status, field: Some(problem), whole: None, retry_after_s: None }
    }

    fn for_now(status: StatusCode, said: String, seconds: i64) -> Self {
        Self { status, field: None, whole: Some(said), retry_after_s: Some(seconds) }
    }

    /// Tells the browser as well when to try again.
    pub fn answer(&self, mut page: Response) -> Response {
        if let Some(seconds) = self.retry_after_s {
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        page
    }
}

/// Judges the password of who is signed in, under the limits of the door. One that is right does not count as an attempt.
pub(in crate::organizations) async fn check_password(
    state: &AppState,
    exchange: &Exchange,
    headers: &HeaderMap,
    actor: &Actor,
    password: SecretString,
) -> Result<Result<SignedInUser, Shut>, AppError> {
    if password.expose_secret().is_empty() {
        return Ok(Err(Shut::at_field(Problem::Missing)));
    }
    match open(state, exchange, headers, &actor.username, password).await {
        Ok(opened) => {
            service::forgive(&state.db, &opened.user).await?;
            Ok(Ok(opened.user))
        }
        Err(refusal) => Shut::of(refusal, exchange.now(), exchange.lang()).map(Err),
    }
}
