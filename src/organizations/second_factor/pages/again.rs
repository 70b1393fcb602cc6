//! The second factor once more, before what matters. Which routes ask for it they say themselves ([`Proof`]); this layer, between
//! the session and every route, asks.

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded;

use crate::app::AppState;
use crate::auth::Actor;
use crate::auth::session::{PROVED_KEY, SignedIn, signed_in};
use crate::error::{AppError, Forbidden, Unreadable};
use crate::organizations::sign_in::{self, Again, Judge, SignInRefusal};
use crate::web::chrome::Chrome;
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::{CSRF_FIELD, Submission};
use crate::web::next_path::NextPath;
use crate::web::query::Query;
use crate::web::routes::{Access, FORM_LIMIT_BYTES, Proof, RouteInfo, RouteLimits, Routes};
use crate::web::views::FormPage;

/// The field that the asked form has beside its own.
const CODE_FIELD: &str = "factor_code";
const PROOF: &str = "/account/proof";
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn routes() -> Routes<AppState> {
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new().get(PROOF, Access::SignedIn, show).post_within(PROOF, Access::SignedIn, always, prove)
}

pub(super) fn after(mut response: Response, seconds: i64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// What a code has led to.
enum Verdict {
    Right,
    /// What to say, with which status, and when to try again.
    Not(StatusCode, String, Option<i64>),
}

async fn judge(
    state: &AppState,
    exchange: &Exchange,
    headers: &http::HeaderMap,
    actor: &Actor,
    typed: &str,
) -> Result<Verdict, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let with = Judge { db: &state.db, vault: state.vault.as_ref(), limits: state.sign_in_limits };
    let device = sign_in::device_of(exchange, headers);
    match sign_in::judge_again(&with, actor, typed, (&device, exchange.client().0), now).await {
        Ok(Again::Right) => Ok(Verdict::Right),
        Ok(Again::Wrong) => Ok(Verdict::Not(StatusCode::UNPROCESSABLE_ENTITY, lang.t("factor-code-wrong"), None)),
        Err(SignInRefusal::Closed { until }) => {
            let (seconds, said) = sign_in::wait(until, now, lang);
            Ok(Verdict::Not(StatusCode::TOO_MANY_REQUESTS, said, Some(seconds)))
        }
        Err(SignInRefusal::Database(error)) => Err(error.into()),
        Err(error) => Err(AppError::internal(error)),
    }
}

#[derive(Debug, Deserialize)]
struct ProofQuery {
    next: Option<String>,
}

#[derive(Deserialize)]
struct ProofForm {
    code: String,
}

fn proof_location(next: &NextPath) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{PROOF}?next={next}")
}

async fn show(exchange: Exchange, Query(query): Query<ProofQuery>) -> Result<Response, AppError> {
    let next = NextPath::parse(query.next.as_deref().unwrap_or_default());
    if !has_factor(&exchange) {
        return Ok(exchange.htmx().see_other(next.as_str()));
    }
    page(&exchange, &next, StatusCode::OK, None)
}

/// Whether there is anything to prove: the session was begun with a factor, or one was set up in it.
fn has_factor(exchange: &Exchange) -> bool {
    exchange.signed_in().is_some_and(|signed_in| signed_in.proved_at.is_some())
}

fn page(exchange: &Exchange, next: &NextPath, status: StatusCode, error: Option<String>) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let field = Field::code("code", lang.t("factor-code")).hint(lang.t("factor-code-hint")).error(error);
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
    actor: Actor,
    session: Session,
    headers: http::HeaderMap,
    Query(query): Query<ProofQuery>,
    submission: Submission<ProofForm>,
) -> Result<Response, AppError> {
    let next = NextPath::parse(query.next.as_deref().unwrap_or_default());
    if !has_factor(&exchange) {
        return Ok(exchange.htmx().see_other(next.as_str()));
    }
    match judge(&state, &exchange, &headers, &actor, &submission.fields.code).await? {
        Verdict::Right => {
            session.insert(PROVED_KEY, exchange.now()).await?;
            Ok(exchange.htmx().see_other(next.as_str()))
        }
        Verdict::Not(status, said, seconds) => {
            let response = page(&exchange, &next, status, Some(said))?;
            Ok(match seconds {
                Some(seconds) => after(response, seconds),
                None => response,
            })
        }
    }
}

/// The form that was sent, with the field for a code: nothing that was typed is lost.
#[derive(Template)]
#[template(path = "organizations/step_up.html", blocks = ["content"])]
struct StepUpPage {
    chrome: Chrome,
    action: String,
    fields: Vec<(String, String)>,
    code: Field,
    summary: ErrorSummary,
    back: String,
}

/// Asks who has a second factor for it again, where the route says so and the last proof is a while ago.
pub async fn ask_again(
    State((state, table)): State<(AppState, std::sync::Arc<[RouteInfo]>)>,
    request: Request,
    next: Next,
) -> Response {
    match pass(&state, &table, request).await {
        Ok(request) => next.run(request).await,
        Err(answer) => *answer,
    }
}

/// The request as the route is to have it, or what is answered instead.
async fn pass(state: &AppState, table: &[RouteInfo], request: Request) -> Result<Request, Box<Response>> {
    let refuse = |error: AppError| Box::new(error.into_response());
    let proof = proof_of(table, &request);
    if proof == Proof::None {
        return Ok(request);
    }
    let exchange = Exchange::of(request.extensions()).map_err(refuse)?.clone();
    let Some(person) = signed_in(request.extensions()).await.map_err(refuse)? else { return Ok(request) };
    if !exchange.factor_rule().is_stale(person.proved_at, exchange.now()) {
        return Ok(request);
    }
    if proof == Proof::Before {
        // Each of these pages has its form's address.
        let next = NextPath::parse(request.uri().path());
        return Err(Box::new(exchange.htmx().see_other(&proof_location(&next))));
    }
    with_code(state, &exchange, &person, request).await.map_err(|error| match error {
        Unproven::Failed(error) => refuse(error),
        Unproven::Asked(page) => page,
    })
}

/// What the route asks of this request.
fn proof_of(table: &[RouteInfo], request: &Request) -> Proof {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Proof::None };
    let route = table.iter().find(|route| route.path == path.as_str() && route.method == *request.method());
    match route.map_or(Proof::None, |route| route.limits.proof) {
        Proof::AfterFor(kinds) => {
            let last = request.uri().path().rsplit('/').next().unwrap_or_default();
            if kinds.contains(&last) { Proof::After } else { Proof::None }
        }
        Proof::After if request.method() != Method::POST => Proof::None,
        proof => proof,
    }
}

enum Unproven {
    Failed(AppError),
    Asked(Box<Response>),
}

impl From<AppError> for Unproven {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

/// The form without the code, when the code is right; else the form again, with the field for it.
async fn with_code(
    state: &AppState,
    exchange: &Exchange,
    person: &SignedIn,
    request: Request,
) -> Result<Request, Unproven> {
    let (mut parts, body) = request.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM)) {
        return Err(AppError::UnsupportedBody.into());
    }
    let body =
        to_bytes(body, FORM_LIMIT_BYTES).await.map_err(|_| AppError::TooLarge { limit_bytes: FORM_LIMIT_BYTES })?;
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    // Only a form of this session is shown again, or may try a code.
    let csrf = fields.iter().find(|(name, _)| name == CSRF_FIELD);
    if !csrf.is_some_and(|(_, token)| person.secret.accepts(token)) {
        return Err(AppError::Forbidden(Forbidden::FormToken).into());
    }
    let typed = fields.iter().position(|(name, _)| name == CODE_FIELD).map(|place| fields.remove(place).1);
    if fields.iter().any(|(name, _)| name == CODE_FIELD) {
        return Err(AppError::Unreadable(Unreadable::Fields).into());
    }
    let (status, error, seconds) = match &typed {
        None => (StatusCode::OK, None, None),
        Some(typed) => match judge(state, exchange, &parts.headers, &person.actor, typed).await? {
            Verdict::Not(status, said, seconds) => (status, Some(said), seconds),
            Verdict::Right => {
                if let Some(session) = parts.extensions.get::<Session>() {
                    session.insert(PROVED_KEY, exchange.now()).await.map_err(AppError::from)?;
                }
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
                return Ok(Request::from_parts(parts, Body::from(body)));
            }
        },
    };
    let lang = exchange.lang();
    let code = Field::code(CODE_FIELD, lang.t("factor-code")).hint(lang.t("factor-code-hint")).error(error);
    let view = StepUpPage {
        chrome: exchange.chrome(lang.t("factor-again-title")),
        action: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        fields,
        summary: ErrorSummary::of(Vec::new(), [&code]),
        code,
        back: back_of(parts.uri.path()),
    };
    let answered = if exchange.htmx().is_fragment() {
        crate::web::answer(&view.as_content(), status)
    } else {
        crate::web::answer(&view, status)
    };
    let page = answered?;
    Err(Unproven::Asked(Box::new(match seconds {
        Some(seconds) => after(page, seconds),
        None => page,
    })))
}

/// A page from which somebody may have come: of an export its own, of the staff theirs.
fn back_of(path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some(area @ ("exports" | "papers")), Some(id)) => format!("/{area}/{id}"),
        (Some("staff"), Some("sessions")) => "/staff/sessions".to_owned(),
        (Some("staff"), _) => "/staff".to_owned(),
        (Some("account"), Some("second-factor")) => "/account/second-factor".to_owned(),
        _ => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_no_code_goes_back_to_where_they_were() {
        for (path, page) in [
            ("/exports/1/approvals/permit", "/exports/1"),
            ("/papers/2/revocation", "/papers/2"),
            ("/staff/3/account", "/staff"),
            ("/staff/sessions/3/end", "/staff/sessions"),
            ("/account/second-factor/codes", "/account/second-factor"),
            ("/x", "/"),
        ] {
            assert_eq!(back_of(path), page);
        }
    }
}
