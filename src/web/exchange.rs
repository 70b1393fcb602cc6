//! One request and its answer: what both share, and what is done around every one of them.
//!
//! The outermost layer. It gives the request its id and language, turns errors into pages, adds headers
//! and cookies, counts and logs. Bodies, queries and cookies are never logged.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use chrono::{DateTime, Utc};
use http::{Extensions, header, request::Parts};
use tokio::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

use super::{
    chrome::{Chrome, Flash},
    components, cookie, error_pages, flash,
    form::FormToken,
    headers,
    htmx::Htmx,
    modes::{ModesCell, SystemModes},
    site::{ClientAddress, Site},
};
use crate::{
    auth::{Origin, factor::FactorRule, session::SignedIn},
    clock::Clock,
    error::AppError,
    i18n::Lang,
};

/// The cookie in which a visitor's choice of language is kept.
pub(crate) const LANGUAGE_COOKIE: &str = "jebena-lang";

/// Longer than any browser's own name; the columns refuse more.
const MAX_USER_AGENT: usize = 400;

/// What every exchange is built from.
#[derive(Clone)]
pub struct Surroundings {
    /// Where the site is.
    pub site: Arc<Site>,
    /// What an administrator has switched.
    pub modes: ModesCell,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What is asked for beside the password.
    pub factor_rule: FactorRule,
}

/// One request and its answer; cheap to clone, also an extractor.
#[derive(Clone)]
pub struct Exchange(Arc<Shared>);

struct Shared {
    request_id: Uuid,
    site: Arc<Site>,
    modes: Arc<SystemModes>,
    factor_rule: FactorRule,
    now: DateTime<Utc>,
    lang: Lang,
    htmx: Htmx,
    path: String,
    client: ClientAddress,
    user_agent: Option<String>,
    // Filled by whoever asks for the person first, so that an error page shows the same frame.
    signed_in: OnceLock<Arc<SignedIn>>,
    flash: Option<Flash>,
    is_flash_shown: AtomicBool,
}

impl Exchange {
    fn new(surroundings: &Surroundings, request: &Request) -> Self {
        let (site, headers) = (&surroundings.site, request.headers());
        let chosen = cookie::find(site, headers, LANGUAGE_COOKIE).and_then(Lang::from_code);
        let asked = || headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Lang::negotiate);
        Self(Arc::new(Shared {
            request_id: Uuid::now_v7(),
            modes: surroundings.modes.current(),
            factor_rule: surroundings.factor_rule,
            now: surroundings.clock.now(),
            lang: chosen.or_else(asked).unwrap_or_default(),
            htmx: Htmx::of(headers),
            path: request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned(),
            client: ClientAddress::of(site, request.extensions(), headers),
            user_agent: headers
                .get(header::USER_AGENT)
                .map(|text| shortened(&String::from_utf8_lossy(text.as_bytes()))),
            signed_in: OnceLock::new(),
            flash: flash::received(site, headers),
            is_flash_shown: AtomicBool::new(false),
            site: Arc::clone(site),
        }))
    }

    /// The exchange that a request belongs to.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside the layer that begins one.
    pub fn of(extensions: &Extensions) -> Result<&Self, AppError> {
        extensions.get::<Self>().ok_or_else(|| AppError::internal(anyhow::anyhow!("a request outside any exchange")))
    }

    /// The number under which the log and the audit know this request.
    #[must_use]
    pub fn request_id(&self) -> Uuid {
        self.0.request_id
    }

    /// Where the site is.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        &self.0.site
    }

    /// What an administrator had switched when the request came.
    #[must_use]
    pub fn modes(&self) -> &SystemModes {
        &self.0.modes
    }

    /// What is asked for beside the password.
    #[must_use]
    pub fn factor_rule(&self) -> FactorRule {
        self.0.factor_rule
    }

    /// When the request came.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.now
    }

    /// How the viewer reads: in the language of their choice, else in the one that the browser asks for; days in the calendar
    /// of their account.
    #[must_use]
    pub fn lang(&self) -> Lang {
        let calendar = self.signed_in().map(|signed_in| signed_in.language.calendar).unwrap_or_default();
        self.0.lang.with_days_in(calendar)
    }

    /// How the answer will be used.
    #[must_use]
    pub fn htmx(&self) -> Htmx {
        self.0.htmx
    }

    /// Path and query of the request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// From where the request comes.
    #[must_use]
    pub fn client(&self) -> ClientAddress {
        self.0.client
    }

    /// What the audit keeps of the request, in the part that can be erased.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            request_id: Some(self.request_id()),
            ip_address: Some(self.client().0),
            user_agent: self.0.user_agent.clone(),
            session: None,
        }
    }

    /// Who is signed in, as far as somebody has asked. See [`crate::auth::session::signed_in`].
    #[must_use]
    pub fn signed_in(&self) -> Option<&Arc<SignedIn>> {
        self.0.signed_in.get()
    }

    pub(crate) fn remember(&self, signed_in: Arc<SignedIn>) -> Arc<SignedIn> {
        Arc::clone(self.0.signed_in.get_or_init(|| signed_in))
    }

    /// The frame of a page called `title` for this viewer.
    #[must_use]
    pub fn chrome(&self, title: impl Into<String>) -> Chrome {
        let (lang, path) = (self.lang(), self.path());
        let chrome = match self.signed_in() {
            Some(signed_in) => {
                let mut chrome = Chrome::for_actor(&signed_in.actor, lang, title, path);
                chrome.shortcuts = signed_in.shortcuts_enabled;
                chrome.density = signed_in.density;
                chrome.unread = signed_in.unread;
                chrome.with_csrf(signed_in.secret.token())
            }
            None => Chrome::for_visitor(lang, title, path),
        };
        Chrome {
            banner: self.modes().banner(lang, self.now()).map(str::to_owned),
            demo: self.site().is_demo(),
            read_only: self.modes().read_only,
            flash: self.take_flash(),
            ..chrome
        }
    }

    /// The hidden fields for a form of this page; `version` where it changes a row that others change too.
    #[must_use]
    pub fn form_token(&self, version: Option<i32>) -> components::FormToken {
        components::FormToken {
            csrf: self.signed_in().map(|s| s.secret.token()).unwrap_or_default(),
            idempotency_key: FormToken::fresh().to_string(),
            version: version.map(|version| version.to_string()),
        }
    }

    /// The flash, which counts as shown from now on. A fragment has no place for it.
    fn take_flash(&self) -> Option<Flash> {
        if self.htmx().is_fragment() {
            return None;
        }
        self.0.is_flash_shown.store(true, Ordering::Relaxed);
        self.0.flash.clone()
    }

    fn set_cookies(&self, response: &mut Response) {
        let carried = match response.extensions_mut().remove::<Flash>() {
            Some(new) => flash::carried(self.site(), &new),
            None if self.0.flash.is_some() && self.0.is_flash_shown.load(Ordering::Relaxed) => {
                flash::removed(self.site())
            }
            None => None,
        };
        if let Some(cookie) = carried {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Exchange {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Self::of(&parts.extensions).cloned()
    }
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Exchange::of(&parts.extensions).map(Exchange::lang)
    }
}

/// The outermost layer: begins the exchange, and completes its answer.
pub async fn around(State(surroundings): State<Surroundings>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let exchange = Exchange::new(&surroundings, &request);
    let method = request.method().clone();
    // The template, not the path: ids do not belong in the names of time series.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    request.extensions_mut().insert(exchange.clone());

    let span = tracing::info_span!("request", id = %exchange.request_id(), %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let entered = span.enter();
    response = error_pages::render(&exchange, response);
    exchange.set_cookies(&mut response);
    headers::add(&exchange, &mut response);

    let (elapsed, status) = (begun.elapsed(), response.status());
    let user = exchange.signed_in().map(|s| tracing::field::display(s.actor.user_id.0));
    tracing::info!(status = status.as_u16(), ms = elapsed.as_secs_f64() * 1_000.0, user, "answered");
    drop(entered);
    let labels = [
        ("method", metric_method(&method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.as_str().to_owned()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    response
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_USER_AGENT).collect()
}

/// The method, unless it is a word of the client's own: each would be a time series for ever.
fn metric_method(method: &http::Method) -> &'static str {
    match *method {
        http::Method::GET => "GET",
        http::Method::HEAD => "HEAD",
        http::Method::POST => "POST",
        _ => "other",
    }
}
