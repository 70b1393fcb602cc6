//! `/account/proof`: a code, asked for before a page whose form holds secrets.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use url::form_urlencoded;

use crate::app::AppState;
use crate::auth::session::SignedIn;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::second_factor::code_hint;
use crate::organizations::second_factor::service;
use crate::organizations::sessions::Renewed;
use crate::organizations::sign_in::{self, Again, Judge, Shut};
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::next_path::NextPath;
use crate::web::query::Query;
use crate::web::routes::{Access, RouteLimits, Routes};
use crate::web::views::FormPage;
use crate::workflow::Problem;
use crate::workflow::words::problem;

const PROOF: &str = "/account/proof";

pub(super) fn routes() -> Routes<AppState> {
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new().get(PROOF, Access::SignedIn, show).post_within(PROOF, Access::SignedIn, always, prove)
}

/// Judges a code of who is signed in; one that is right gives the session another token.
pub(super) async fn judge(
    state: &AppState,
    exchange: &Exchange,
    headers: &HeaderMap,
    person: &SignedIn,
    typed: &str,
) -> Result<Result<Renewed, Shut>, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let with = Judge { db: &state.db, keys: state.factor_keys(), limits: state.sign_in_limits };
    let device = sign_in::device_of(exchange, headers);
    match sign_in::judge_again(&with, person, typed, (&device, exchange.client().0), now).await {
        Ok(Again::Right(renewed)) => Ok(Ok(renewed)),
        Ok(Again::Wrong) => {
            let problem = Problem::Refused { text_id: "factor-code-wrong", arguments: Vec::new() };
            Ok(Err(Shut::at_field(problem)))
        }
        Ok(Again::Ended) => Err(AppError::SignInRequired),
        Err(refusal) => Shut::of(refusal, now, lang).map(Err),
    }
}

/// What the field for a code says: what is wrong with it, or why none is judged.
pub(super) fn said(shut: &Shut, lang: Lang) -> Option<String> {
    shut.field.as_ref().map(|found| problem(found, lang)).or_else(|| shut.whole.clone())
}

#[derive(Debug, Deserialize)]
struct ProofQuery {
    next: Option<String>,
}

#[derive(Deserialize)]
struct ProofForm {
    code: String,
}

/// The page that asks for a code and goes on to `next`.
pub(super) fn proof_location(next: &NextPath) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{PROOF}?next={next}")
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    Query(query): Query<ProofQuery>,
) -> Result<Response, AppError> {
    let next = NextPath::parse(query.next.as_deref().unwrap_or_default());
    if !has_factor(&exchange) {
        return Ok(exchange.htmx().see_other(next.as_str()));
    }
    page(&state, &exchange, &next, StatusCode::OK, None).await
}

/// Whether there is anything to prove: the session was begun with a factor, or one was set up in it.
fn has_factor(exchange: &Exchange) -> bool {
    exchange.signed_in().is_some_and(|signed_in| signed_in.proved_at.is_some())
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    next: &NextPath,
    status: StatusCode,
    error: Option<String>,
) -> Result<Response, AppError> {
    let person = &exchange.signed_in().ok_or(AppError::SignInRequired)?.actor;
    let asked = service::ask_own_devices(&state.db, state.factor_keys(), person.user_id, exchange.now()).await?;
    let lang = exchange.lang();
    let hint = code_hint(exchange, &person.username, "factor-code-hint")?;
    let field = Field::code("code", lang.t("factor-code")).hint(hint).error(error).or_passkey(asked);
    let groups = vec![FieldGroup::plain(vec![field])];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("factor-again-title")),
        lead: vec![lang.t("factor-again-lead")],
        facts: Vec::new(),
        form: Form {
            action: proof_location(next),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("factor-again-submit"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn prove(
    State(state): State<AppState>,
    exchange: Exchange,
    headers: HeaderMap,
    Query(query): Query<ProofQuery>,
    submission: Submission<ProofForm>,
) -> Result<Response, AppError> {
    let next = NextPath::parse(query.next.as_deref().unwrap_or_default());
    let person = exchange.signed_in().ok_or(AppError::SignInRequired)?;
    if !has_factor(&exchange) {
        return Ok(exchange.htmx().see_other(next.as_str()));
    }
    match judge(&state, &exchange, &headers, person, &submission.fields.code).await? {
        Ok(renewed) => {
            let mut response = exchange.htmx().see_other(next.as_str());
            renewed.hand_over(&exchange, &mut response);
            Ok(response)
        }
        Err(shut) => Ok(shut.answer(page(&state, &exchange, &next, shut.status, said(&shut, exchange.lang())).await?)),
    }
}
