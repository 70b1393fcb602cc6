//! `/sign-in`, `/sign-out` and `/language`.

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rand::Rng;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::code;
use super::password_check::Shut;
use super::service::{self, DEVICE_KNOWN, Gate, SignInRefusal, SignedInUser, Visitor};
use super::throttle::hash_of;
use crate::{
    app::AppState,
    auth::Actor,
    database::Db,
    error::AppError,
    i18n::{Lang, Language},
    organizations::sessions::{ORIGIN_KEY, SessionOrigin},
    web::{
        chrome::{Chrome, Flash},
        components::{ErrorSummary, Field},
        cookie,
        csrf::SessionSecret,
        exchange::{Exchange, LANGUAGE_COOKIE},
        form::{NoFields, Submission},
        kept_form::KeptForm,
        next_path::NextPath,
        query::Query,
        routes::{Access, FORM_LIMIT_BYTES, RouteLimits, Routes},
        views::FormPage,
    },
};

/// Where one begins (`portals::first_steps`).
const FIRST_STEPS: &str = "/account/first-steps";
/// A year: the choice of language is nobody's secret.
const LANGUAGE_MAX_AGE_S: u32 = 365 * 24 * 60 * 60;
/// Names the device on which somebody has signed in; before the prefix that TLS allows.
const DEVICE_COOKIE: &str = "jebena-device";
/// Digits of its token: 128 random bits.
const DEVICE_DIGITS: usize = 32;
/// A sign-in brings along a form of any length that we take, written a third longer.
pub(super) const KEPT_LIMIT_BYTES: usize = 2 * FORM_LIMIT_BYTES;
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The routes of this area's part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    let bringing = RouteLimits { body_bytes: KEPT_LIMIT_BYTES, ..always };
    Routes::new()
        .get("/sign-in", Access::Public, show)
        .post_within("/sign-in", Access::Public, bringing, sign_in)
        .merge(code::routes())
        .post_within("/sign-out", Access::SignedIn, RouteLimits { before_enrolment: true, ..always }, sign_out)
        .post_within("/language", Access::Public, always, choose_language)
}

#[derive(Template)]
#[template(path = "organizations/sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    username: Field,
    password: Field,
    next: String,
    /// What was typed into a form before, and is to be sent afterwards.
    kept: Option<KeptForm>,
    summary: ErrorSummary,
}

#[derive(Debug, Deserialize)]
struct SignInQuery {
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SignInForm {
    username: String,
    password: SecretString,
    next: Option<String>,
    kept: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LanguageForm {
    language: Language,
    next: Option<String>,
}

/// Where one goes after signing in.
#[derive(Debug, Clone)]
pub(super) struct Onward {
    /// The page.
    pub next: NextPath,
    /// The form that is to be sent first, if one came too late.
    pub kept: Option<KeptForm>,
}

impl Onward {
    /// What the fields of a page say.
    pub fn of(next: Option<&str>, kept: Option<&str>) -> Self {
        Self { next: NextPath::parse(next.unwrap_or_default()), kept: kept.and_then(KeptForm::decode) }
    }

    /// The answer to who has to give the password again: to `sign_in`, unless a form has to come along.
    pub fn begin_again(&self, exchange: &Exchange, sign_in: &str) -> Response {
        match &self.kept {
            Some(kept) => KeptForm::refused(Some(kept.clone()), AppError::SignInRequired),
            None => exchange.htmx().see_other(sign_in),
        }
    }

    /// The answer to who has just come in, in the session that holds this already: on to the page, or the form that was kept.
    pub async fn answer(&self, exchange: &Exchange, session: &Session, page: &str) -> Result<Response, AppError> {
        let Some(kept) = &self.kept else { return Ok(exchange.htmx().see_other(page)) };
        // The form needs the token of a session, and this one has none before it is stored.
        session.save().await?;
        let id = session.id().ok_or(AppError::SignInRequired)?;
        let (lang, secret) = (exchange.lang(), SessionSecret::of_new(id.0));
        let view = FormPage {
            chrome: exchange.chrome(lang.t("kept-form-title")),
            lead: vec![lang.t("kept-form-lead")],
            facts: Vec::new(),
            form: kept.send_form(secret.token(), lang),
        };
        let mut response = crate::web::html(&view)?;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

/// What is wrong with an attempt, where it is to be said.
#[derive(Debug, Default)]
struct Complaint {
    whole: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

async fn show(
    exchange: Exchange,
    actor: Option<Actor>,
    Query(query): Query<SignInQuery>,
) -> Result<Response, AppError> {
    let onward = Onward::of(query.next.as_deref(), None);
    if actor.is_some() {
        return Ok(exchange.htmx().see_other(onward.next.as_str()));
    }
    page(&exchange, StatusCode::OK, "", onward, Complaint::default())
}

async fn sign_in(
    State(state): State<AppState>,
    exchange: Exchange,
    session: Session,
    headers: HeaderMap,
    submission: Submission<SignInForm>,
) -> Result<Response, AppError> {
    let (form, lang) = (submission.fields, exchange.lang());
    let onward = Onward::of(form.next.as_deref(), form.kept.as_deref());
    let missing = |is_empty: bool, id: &str| is_empty.then(|| lang.t(id));
    let complaint = Complaint {
        whole: None,
        username: missing(form.username.trim().is_empty(), "sign-in-missing-username"),
        password: missing(submission.raw.get("password").is_empty(), "sign-in-missing-password"),
    };
    if complaint.username.is_some() || complaint.password.is_some() {
        return page(&exchange, StatusCode::UNPROCESSABLE_ENTITY, &form.username, onward, complaint);
    }
    let opened = match open(&state, &exchange, &headers, &form.username, form.password).await {
        Ok(opened) => opened,
        Err(refusal) => {
            let shut = Shut::of(refusal, exchange.now(), lang)?;
            // The same words for a name and for a password that is wrong.
            let said = shut.whole.clone().unwrap_or_else(|| lang.t("sign-in-failed"));
            let complaint = Complaint { whole: Some(said), ..Complaint::default() };
            return Ok(shut.answer(page(&exchange, shut.status, &form.username, onward, complaint)?));
        }
    };
    if let Some(mut response) = code::ask(&state, &exchange, &opened.user, &onward).await? {
        set_language(&exchange, &mut response, opened.user.language);
        opened.remember_device(&exchange, &mut response);
        return Ok(response);
    }
    // Another person's session ends here, and nobody knows the new one's id from before.
    if session.id().is_some() {
        session.clear().await;
        session.cycle_id().await?;
    }
    let (user, origin) = (opened.user, exchange.origin());
    let origin = SessionOrigin {
        user_id: user.user_id,
        organization_id: user.organization_id,
        request_id: origin.request_id,
        ip_address: exchange.client().0,
        user_agent: origin.user_agent,
        entrance: user.entrance,
        proved_at: None,
    };
    session.insert(ORIGIN_KEY, origin).await?;
    // Who comes for the first time and wants nothing in particular is shown where to begin.
    let next = &onward.next;
    let location = if user.is_new && !next.is_particular() { FIRST_STEPS } else { next.as_str() };
    let mut response = onward.answer(&exchange, &session, location).await?;
    set_language(&exchange, &mut response, user.language);
    opened.remember_device(&exchange, &mut response);
    Ok(response)
}

/// The door, opened for somebody: at sign-in, or once more within a session.
#[derive(Debug)]
pub(super) struct Opened {
    /// Who they are.
    pub user: SignedInUser,
    device: String,
}

impl Opened {
    /// Leaves the token of the device with the device.
    pub fn remember_device(&self, exchange: &Exchange, response: &mut Response) {
        let max_age_s = u32::try_from(DEVICE_KNOWN.num_seconds()).unwrap_or_default();
        if let Some(cookie) = cookie::set(exchange.site(), DEVICE_COOKIE, &self.device, max_age_s) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// Judges a password for `username` on the device that sends it; every attempt counts as one at the door.
pub(super) async fn open(
    state: &AppState,
    exchange: &Exchange,
    headers: &HeaderMap,
    username: &str,
    password: SecretString,
) -> Result<Opened, SignInRefusal> {
    let gate = Gate {
        db: &state.db,
        passwords: &state.passwords,
        limits: state.sign_in_limits,
        is_demo: exchange.site().is_demo(),
    };
    let (origin, device) = (exchange.origin(), device_of(exchange, headers));
    let visitor = Visitor { device: &device, address: exchange.client().0, origin: &origin };
    let user = service::sign_in(&gate, username, password, visitor, exchange.now()).await?;
    Ok(Opened { user, device })
}

/// How many seconds a closed door stays so, and the sentence that says it.
pub(super) fn wait(until: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> (i64, String) {
    let seconds = (until - now).num_seconds().max(1);
    let minutes = (seconds + 59) / 60;
    (seconds, lang.fill("sign-in-closed", [("minutes", minutes.to_string())]))
}

/// The token of this device: the one that it keeps, or a new one. Whoever has it is spared what strangers have got wrong, and
/// nothing else.
pub(in crate::organizations) fn device_of(exchange: &Exchange, headers: &HeaderMap) -> String {
    kept_device(exchange, headers).map_or_else(
        || {
            let mut bytes = [0_u8; 16];
            rand::rng().fill_bytes(&mut bytes);
            format!("{:032x}", u128::from_be_bytes(bytes))
        },
        str::to_owned,
    )
}

/// The token that a device keeps, if it keeps one.
fn kept_device<'h>(exchange: &Exchange, headers: &'h HeaderMap) -> Option<&'h str> {
    let kept = cookie::find(exchange.site(), headers, DEVICE_COOKIE);
    kept.filter(|token| token.len() == DEVICE_DIGITS && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The device of a request, as its hash in digits, when anybody has signed in on it before.
pub async fn known_device(db: &Db, exchange: &Exchange, headers: &HeaderMap) -> Option<String> {
    let device = kept_device(exchange, headers).map(hash_of)?;
    match service::is_known_device(db, &device).await {
        Ok(is_known) => is_known.then(|| hex::encode(device)),
        Err(error) => {
            tracing::warn!(%error, "a device cannot be told from a stranger's");
            None
        }
    }
}

async fn sign_out(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    session: Session,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let NoFields {} = submission.fields;
    if let Some(id) = session.id() {
        service::sign_out(&state.db, &actor, id, exchange.now()).await?;
    }
    // The session has ended; this takes back its cookie, which is worth nothing any more.
    if let Err(error) = session.flush().await {
        tracing::warn!(%error, "the cookie of a session that has ended stays in its browser");
    }
    let goodbye = Flash::notice(exchange.lang().t("sign-in-signed-out"));
    let response = (goodbye, exchange.htmx().see_other("/sign-in")).into_response();
    // What this browser kept of the pages goes too; the language may stay.
    Ok(([(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""))], response).into_response())
}

async fn choose_language(
    State(state): State<AppState>,
    exchange: Exchange,
    submission: Submission<LanguageForm>,
) -> Result<Response, AppError> {
    let LanguageForm { language, next } = submission.fields;
    if let Some(signed_in) = exchange.signed_in()
        && signed_in.language.language != language
        && !exchange.modes().read_only
    {
        service::choose_language(&state.db, &signed_in.actor, Lang::of(language), exchange.now()).await?;
    }
    let next = next.as_deref().filter(|next| *next != "/sign-in").map(NextPath::parse);
    let location = next.as_ref().map_or("/sign-in", NextPath::as_str);
    let mut response = exchange.htmx().see_other(location);
    set_language(&exchange, &mut response, Lang::of(language));
    Ok(response)
}

/// Keeps a language in the browser.
pub(in crate::organizations) fn set_language(exchange: &Exchange, response: &mut Response, lang: Lang) {
    if let Some(cookie) = cookie::set(exchange.site(), LANGUAGE_COOKIE, lang.code(), LANGUAGE_MAX_AGE_S) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn page(
    exchange: &Exchange,
    status: StatusCode,
    username: &str,
    onward: Onward,
    complaint: Complaint,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let chrome = exchange.chrome(lang.t("sign-in-title"));
    let username = Field::text("username", lang.t("sign-in-username"))
        .autocomplete("username")
        .width(20)
        .value(username)
        .error(complaint.username);
    let password = Field::password("password", lang.t("sign-in-password")).error(complaint.password);
    let summary = ErrorSummary::of(complaint.whole.into_iter().collect(), [&username, &password]);
    let Onward { next, kept } = onward;
    let page = SignInPage { chrome, username, password, next: next.as_str().to_owned(), kept, summary };
    Ok((status, Html(page.render().map_err(AppError::internal)?)).into_response())
}
