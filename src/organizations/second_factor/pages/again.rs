//! The second factor once more, before what matters. Which routes ask for it they say themselves ([`Proof`]); this layer, between
//! the session and every route, asks.

use std::sync::Arc;

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use url::form_urlencoded;

use super::proof::{judge, proof_location, said};
use crate::app::AppState;
use crate::auth::Actor;
use crate::auth::session::{SignedIn, signed_in};
use crate::error::{AppError, Forbidden, Unreadable};
use crate::organizations::second_factor::code_hint;
use crate::organizations::second_factor::service;
use crate::organizations::sessions::Renewed;
use crate::web::chrome::Chrome;
use crate::web::components::{ErrorSummary, Field};
use crate::web::exchange::Exchange;
use crate::web::form::{CSRF_FIELD, RawFields};
use crate::web::kept_form::{KeptForm, Place};
use crate::web::next_path::NextPath;
use crate::web::routes::{DECISION_FIELD, FORM_LIMIT_BYTES, Proof, RouteInfo, Weighty};

/// The field that the asked form has beside its own.
const CODE_FIELD: &str = "factor_code";
const FORM: &str = "application/x-www-form-urlencoded";

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

/// Whether so much is at stake in what a form decides that a second officer has to confirm: asked of the area of the address.
pub type AtStake = fn(AppState, Actor, String, DateTime<Utc>) -> BoxFuture<'static, Result<bool, AppError>>;

/// What the layer knows: the routes, and whom to ask what is at stake.
#[derive(Clone)]
pub struct Proofs {
    /// The state of the site.
    pub state: AppState,
    /// What the routes ask for.
    pub table: Arc<[RouteInfo]>,
    /// What is at stake.
    pub at_stake: AtStake,
}

/// Asks who has a second factor for it again, where the route says so and the last proof is a while ago.
pub async fn ask_again(State(proofs): State<Proofs>, request: Request, next: Next) -> Response {
    match pass(&proofs, request).await {
        Ok((request, None)) => next.run(request).await,
        Ok((request, Some((exchange, renewed)))) => {
            let mut response = next.run(request).await;
            renewed.hand_over(&exchange, &mut response);
            response
        }
        Err(Unproven::Failed(error)) => error.into_response(),
        Err(Unproven::Answered(page)) => *page,
    }
}

/// The request, with the session's new token if a code has come with it.
type Passed = (Request, Option<(Exchange, Renewed)>);

/// Lets the request pass, or says what is answered instead.
async fn pass(proofs: &Proofs, request: Request) -> Result<Passed, Unproven> {
    let proof = proof_of(&proofs.table, &request);
    if proof == Proof::None {
        return Ok((request, None));
    }
    let exchange = Exchange::of(request.extensions())?.clone();
    let Some(person) = signed_in(request.extensions()).await? else { return Ok((request, None)) };
    if !exchange.factor_rule().is_stale(person.proved_at, exchange.now()) {
        return Ok((request, None));
    }
    let weighty = match proof {
        Proof::None => return Ok((request, None)),
        Proof::Before => {
            // Each of these pages has its form's address.
            let next = NextPath::parse(request.uri().path());
            return Err(Unproven::Answered(Box::new(exchange.htmx().see_other(&proof_location(&next)))));
        }
        Proof::After => None,
        Proof::AfterFor(weighty) => Some(weighty),
    };
    let sent = SentForm::read(request).await?;
    if let Some(weighty) = weighty
        && !is_weighty(proofs, &weighty, &sent, &person.actor, exchange.now()).await?
    {
        return Ok((sent.into_request(), None));
    }
    let (request, renewed) = with_code(&proofs.state, &exchange, &person, sent).await?;
    Ok((request, Some((exchange, renewed))))
}

/// What the route asks of this request.
fn proof_of(table: &[RouteInfo], request: &Request) -> Proof {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Proof::None };
    let route = table.iter().find(|route| route.path == path.as_str() && route.method == *request.method());
    match route.map_or(Proof::None, |route| route.limits.proof) {
        Proof::After | Proof::AfterFor(_) if request.method() != Method::POST => Proof::None,
        proof => proof,
    }
}

async fn is_weighty(
    proofs: &Proofs,
    weighty: &Weighty,
    sent: &SentForm,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let path = sent.parts.uri.path();
    let kind = path.rsplit('/').next().unwrap_or_default();
    match weighty.weighs(sent.value(DECISION_FIELD), kind) {
        Some(weighs) => Ok(weighs),
        None => (proofs.at_stake)(proofs.state.clone(), actor.clone(), path.to_owned(), now).await,
    }
}

/// A form that was sent, before its route has it.
struct SentForm {
    parts: Parts,
    fields: Vec<(String, String)>,
}

impl SentForm {
    async fn read(request: Request) -> Result<Self, AppError> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM)) {
            return Err(AppError::UnsupportedBody);
        }
        let too_large = AppError::TooLarge { limit_bytes: FORM_LIMIT_BYTES };
        let body = to_bytes(body, FORM_LIMIT_BYTES).await.map_err(|_| too_large)?;
        Ok(Self { parts, fields: form_urlencoded::parse(&body).into_owned().collect() })
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn refused(self, error: AppError) -> Response {
        let place = Place::of(&self.parts.uri, &self.parts.headers);
        KeptForm::refused(KeptForm::of(place, &RawFields::new(self.fields)), error)
    }

    fn into_request(mut self) -> Request {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields).finish();
        self.parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        Request::from_parts(self.parts, Body::from(body))
    }
}

/// What is answered in the place of the route.
enum Unproven {
    Failed(AppError),
    /// The page that asks for a code, or the refusal that has a page of its own.
    Answered(Box<Response>),
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
    mut sent: SentForm,
) -> Result<(Request, Renewed), Unproven> {
    // Only a form of this session is shown again, or may try a code.
    if !sent.value(CSRF_FIELD).is_some_and(|token| person.secret.accepts(token)) {
        return Err(Unproven::Answered(Box::new(sent.refused(AppError::Forbidden(Forbidden::FormToken)))));
    }
    let typed = sent.fields.iter().position(|(name, _)| name == CODE_FIELD).map(|at| sent.fields.remove(at).1);
    if sent.value(CODE_FIELD).is_some() {
        return Err(AppError::Unreadable(Unreadable::Fields).into());
    }
    let lang = exchange.lang();
    let shut = match &typed {
        None => None,
        Some(typed) => match judge(state, exchange, &sent.parts.headers, person, typed).await? {
            Err(shut) => Some(shut),
            Ok(renewed) => return Ok((sent.into_request(), renewed)),
        },
    };
    let status = shut.as_ref().map_or(StatusCode::OK, |shut| shut.status);
    let error = shut.as_ref().and_then(|shut| said(shut, lang));
    let asked = service::ask_own_devices(&state.db, state.factor_keys(), person.actor.user_id, exchange.now()).await;
    let hint = code_hint(exchange, &person.actor.username, "factor-code-hint");
    let code = Field::code(CODE_FIELD, lang.t("factor-code")).hint(hint.map_err(AppError::from)?).error(error);
    let code = code.or_passkey(asked.map_err(AppError::from)?);
    let view = StepUpPage {
        chrome: exchange.chrome(lang.t("factor-again-title")),
        action: sent.parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        back: back_of(sent.parts.uri.path()),
        fields: sent.fields,
        summary: ErrorSummary::of(Vec::new(), [&code]),
        code,
    };
    let answered = if exchange.htmx().is_fragment() {
        crate::web::answer(&view.as_content(), status)
    } else {
        crate::web::answer(&view, status)
    };
    let page = answered?;
    Err(Unproven::Answered(Box::new(match shut {
        Some(shut) => shut.answer(page),
        None => page,
    })))
}

/// A page from which somebody may have come: of an export its own, of the staff theirs.
fn back_of(path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.next()) {
        (Some(area @ ("exports" | "papers" | "samples")), Some(id)) => format!("/{area}/{id}"),
        (Some("registration"), Some(subject)) => {
            format!("/registration/{subject}/{}", parts.next().unwrap_or_default())
        }
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
            ("/samples/2/signature", "/samples/2"),
            ("/registration/license/2/decisions", "/registration/license/2"),
            ("/staff/3/account", "/staff"),
            ("/staff/sessions/3/end", "/staff/sessions"),
            ("/account/second-factor/codes", "/account/second-factor"),
            ("/x", "/"),
        ] {
            assert_eq!(back_of(path), page);
        }
    }
}
