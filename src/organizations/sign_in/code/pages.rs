//! `/sign-in/code`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded;

use super::service::{self, Judge, Judged, TICKET_LIFE};
use crate::app::AppState;
use crate::error::AppError;
use crate::organizations::second_factor::code_hint;
use crate::organizations::sessions::{ORIGIN_KEY, SessionOrigin};
use crate::organizations::sign_in::pages::{KEPT_LIMIT_BYTES, Onward};
use crate::organizations::sign_in::password_check::Shut;
use crate::organizations::sign_in::service::SignedInUser;
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::cookie;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::kept_form::KEPT_FIELD;
use crate::web::next_path::NextPath;
use crate::web::query::Query;
use crate::web::routes::{Access, RouteLimits, Routes};
use crate::web::views::FormPage;

/// Holds the ticket; before the prefix that TLS allows.
const TICKET_COOKIE: &str = "jebena-code";
/// Digits of a ticket: 128 random bits.
const TICKET_DIGITS: usize = 32;
const PATH: &str = "/sign-in/code";

/// The routes of this part.
#[must_use]
pub(in crate::organizations::sign_in) fn routes() -> Routes<AppState> {
    let always = RouteLimits { while_read_only: true, body_bytes: KEPT_LIMIT_BYTES, ..RouteLimits::default() };
    Routes::new().get(PATH, Access::Public, show).post_within(PATH, Access::Public, always, come_in)
}

/// Asks who has given the right password for a code, if they have a second factor.
pub(in crate::organizations::sign_in) async fn ask(
    state: &AppState,
    exchange: &Exchange,
    user: &SignedInUser,
    onward: &Onward,
) -> Result<Option<Response>, AppError> {
    let Some(ticket) = service::begin(&state.db, user, exchange.now()).await? else { return Ok(None) };
    let mut response = match onward.kept {
        // No address can bring it along.
        Some(_) => page(state, exchange, (&ticket, onward), StatusCode::OK, (None, None)).await?,
        None => exchange.htmx().see_other(&path_to(&onward.next)),
    };
    let max_age_s = u32::try_from(TICKET_LIFE.num_seconds()).unwrap_or_default();
    keep_ticket(exchange, &mut response, &ticket, max_age_s);
    Ok(Some(response))
}

fn path_to(next: &NextPath) -> String {
    if !next.is_particular() {
        return PATH.to_owned();
    }
    let next: String = form_urlencoded::byte_serialize(next.as_str().as_bytes()).collect();
    format!("{PATH}?next={next}")
}

fn keep_ticket(exchange: &Exchange, response: &mut Response, ticket: &str, max_age_s: u32) {
    if let Some(cookie) = cookie::set(exchange.site(), TICKET_COOKIE, ticket, max_age_s) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn ticket_of<'h>(exchange: &Exchange, headers: &'h HeaderMap) -> Option<&'h str> {
    let ticket = cookie::find(exchange.site(), headers, TICKET_COOKIE);
    ticket.filter(|ticket| ticket.len() == TICKET_DIGITS && ticket.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[derive(Debug, Deserialize)]
struct CodeQuery {
    next: Option<String>,
}

#[derive(Deserialize)]
struct CodeForm {
    code: String,
    kept: Option<String>,
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    headers: HeaderMap,
    Query(query): Query<CodeQuery>,
) -> Result<Response, AppError> {
    let onward = Onward::of(query.next.as_deref(), None);
    match ticket_of(&exchange, &headers) {
        Some(ticket) => page(&state, &exchange, (ticket, &onward), StatusCode::OK, (None, None)).await,
        None => Ok(exchange.htmx().see_other(&onward.next.sign_in_location())),
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    (ticket, onward): (&str, &Onward),
    status: StatusCode,
    (whole, error): (Option<String>, Option<String>),
) -> Result<Response, AppError> {
    let opened = service::find_open(&state.db, state.factor_keys(), ticket, exchange.now()).await?;
    let Some(opened) = opened else { return Ok(onward.begin_again(exchange, &onward.next.sign_in_location())) };
    let lang = exchange.lang();
    let hint = code_hint(exchange, &opened.username, "factor-code-hint")?;
    let field = Field::code("code", lang.t("factor-code")).hint(hint).error(error).or_passkey(opened.devices);
    let groups = vec![FieldGroup::plain(vec![field])];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("factor-sign-in-title")),
        lead: vec![lang.t("factor-sign-in-lead")],
        facts: Vec::new(),
        form: Form {
            action: path_to(&onward.next),
            hidden: onward.kept.iter().map(|kept| (KEPT_FIELD.to_owned(), kept.encoded())).collect(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("sign-in-button"),
            cancel: Some("/sign-in".to_owned()),
            ..Form::default()
        },
    };
    let mut response = crate::web::answer(&view, status)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn come_in(
    State(state): State<AppState>,
    exchange: Exchange,
    session: Session,
    headers: HeaderMap,
    Query(query): Query<CodeQuery>,
    submission: Submission<CodeForm>,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let onward = Onward::of(query.next.as_deref(), submission.fields.kept.as_deref());
    let over = || {
        let again = onward.begin_again(&exchange, "/sign-in");
        let mut response = (Flash::notice(lang.t("factor-sign-in-over")), again).into_response();
        keep_ticket(&exchange, &mut response, "", 0);
        response
    };
    let Some(ticket) = ticket_of(&exchange, &headers) else { return Ok(over()) };
    let judge = Judge { db: &state.db, keys: state.factor_keys(), limits: state.sign_in_limits };
    let (address, origin) = (exchange.client().0, exchange.origin());
    let typed = (ticket, submission.fields.code.as_str());
    let (user_id, organization_id, entrance) = match service::judge(&judge, typed, (address, &origin), now).await {
        Ok(Judged::Right { user, organization, entrance }) => (user, organization, entrance),
        Ok(Judged::Wrong) => {
            let wrong = Some(lang.t("factor-code-wrong"));
            return page(&state, &exchange, (ticket, &onward), StatusCode::UNPROCESSABLE_ENTITY, (None, wrong)).await;
        }
        Ok(Judged::Over) => return Ok(over()),
        Err(refusal) => {
            let shut = Shut::of(refusal, now, lang)?;
            let page = page(&state, &exchange, (ticket, &onward), shut.status, (shut.whole.clone(), None)).await?;
            return Ok(shut.answer(page));
        }
    };
    // Another person's session ends here, and nobody knows the new one's id from before.
    if session.id().is_some() {
        session.clear().await;
        session.cycle_id().await?;
    }
    let origin = SessionOrigin {
        user_id,
        organization_id,
        request_id: origin.request_id,
        ip_address: address,
        user_agent: origin.user_agent,
        entrance,
        proved_at: Some(now),
    };
    session.insert(ORIGIN_KEY, origin).await?;
    let mut response = onward.answer(&exchange, &session, onward.next.as_str()).await?;
    keep_ticket(&exchange, &mut response, "", 0);
    Ok(response)
}
