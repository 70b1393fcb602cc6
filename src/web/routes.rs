//! The table of routes: no route without an access rule.
//!
//! [`Routes`] cannot express a route whose [`Access`] is not said. It applies the rule, the body limit
//! and the time limit before the handler runs, and keeps what it was told, so that a test can call every
//! route as a stranger and compare the table with the role matrix.

use std::{convert::Infallible, time::Duration};

use axum::{
    RequestExt, Router,
    body::Body,
    extract::{DefaultBodyLimit, RawPathParams, Request},
    handler::Handler,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use http::{HeaderValue, Method, header};
use http_body_util::Limited;

use super::{exchange::Exchange, form_fields::FormFields, htmx, kept_form::KeptForm, next_path::NextPath};
use crate::{
    auth::{Permission, session},
    error::{AppError, Forbidden},
};

/// The body of a form: 64 KB is several times the longest form of ours.
pub const FORM_LIMIT_BYTES: usize = 64 * 1024;
/// How long a handler may take before the viewer is told to try again.
pub const HANDLER_LIMIT: Duration = Duration::from_secs(10);

/// The field in which a form says which of its buttons was pressed.
pub const DECISION_FIELD: &str = "decision";

/// Where a second factor is set up.
pub const ENROLMENT: &str = "/account/second-factor";

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, also without an account.
    Public,
    /// Everybody who is signed in.
    SignedIn,
    /// Who holds this permission.
    Needs(Permission),
}

/// What one call of a route may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteLimits {
    /// The largest body.
    pub body_bytes: usize,
    /// The longest wait for the beginning of the answer.
    pub time: Duration,
    /// Whether the route stays open while nothing may be changed.
    pub while_read_only: bool,
    /// Whether the route stays open to who still has to set up a second factor.
    pub before_enrolment: bool,
    /// Whether the second factor is asked for again, and how.
    pub proof: Proof,
}

/// What a route asks of the second factor of who has one, when it was last proved a while ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// Nothing.
    #[default]
    None,
    /// A code, before the page is shown; a form that comes too late for it leads to the page again, since it may hold
    /// a secret.
    Before,
    /// A code, when the form was sent; what was typed is kept meanwhile.
    After,
    /// As `After`, where the form decides something of weight.
    AfterFor(Weighty),
}

/// Which decisions of a form weigh. What is asked, sent back or refused does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighty {
    /// These answers in the form's field [`DECISION_FIELD`] ...
    pub decisions: &'static [&'static str],
    /// ... about these kinds, which are the last part of the path; about every kind, where none is named.
    pub kinds: &'static [&'static str],
    /// ... and about these, where so much is at stake that a second officer has to confirm.
    pub above_value: &'static [&'static str],
}

impl Weighty {
    /// Whether `decision` about `kind` weighs; `None` when that depends on what is at stake.
    #[must_use]
    pub fn weighs(&self, decision: Option<&str>, kind: &str) -> Option<bool> {
        if !decision.is_some_and(|decision| self.decisions.contains(&decision)) {
            return Some(false);
        }
        if self.kinds.contains(&kind) || (self.kinds.is_empty() && self.above_value.is_empty()) {
            return Some(true);
        }
        if self.above_value.contains(&kind) { None } else { Some(false) }
    }
}

impl Default for RouteLimits {
    fn default() -> Self {
        Self {
            body_bytes: FORM_LIMIT_BYTES,
            time: HANDLER_LIMIT,
            while_read_only: false,
            before_enrolment: false,
            proof: Proof::None,
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct RouteInfo {
    /// `GET` (which answers `HEAD` too) or `POST`.
    pub method: Method,
    /// The template, such as `/exports/{id}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What a call may cost.
    pub limits: RouteLimits,
    /// The fields of its form, where a handler takes them one by one; a form that is read as a struct has those of the struct.
    pub fields: Option<FormFields>,
}

/// Routes under construction, with state `S`.
#[derive(Debug)]
pub struct Routes<S> {
    table: Vec<RouteInfo>,
    router: Router<S>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No route yet.
    #[must_use]
    pub fn new() -> Self {
        Self { table: Vec::new(), router: Router::new() }
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        // Reading changes nothing, so it stays open in the read-only mode.
        self.get_within(path, access, RouteLimits::default(), handler)
    }

    /// Adds a page with limits of its own.
    #[must_use]
    pub fn get_within<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        limits: RouteLimits,
        handler: H,
    ) -> Self {
        let limits = RouteLimits { while_read_only: true, ..limits };
        self.add(Method::GET, path, Rule { access, limits, fields: None }, get(handler))
    }

    /// Adds the address of a form that is read as a struct, with the usual limits.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.post_within(path, access, RouteLimits::default(), handler)
    }

    /// As [`Routes::post`], with limits of its own.
    #[must_use]
    pub fn post_within<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        limits: RouteLimits,
        handler: H,
    ) -> Self {
        self.add(Method::POST, path, Rule { access, limits, fields: None }, post(handler))
    }

    /// Adds the address of a form whose handler takes its `fields` one by one, with the usual limits.
    #[must_use]
    pub fn post_form<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        fields: impl Into<FormFields>,
        handler: H,
    ) -> Self {
        self.post_form_within(path, access, RouteLimits::default(), fields, handler)
    }

    /// As [`Routes::post_form`], with limits of its own.
    #[must_use]
    pub fn post_form_within<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        limits: RouteLimits,
        fields: impl Into<FormFields>,
        handler: H,
    ) -> Self {
        self.add(Method::POST, path, Rule { access, limits, fields: Some(fields.into()) }, post(handler))
    }

    /// Adds another area's routes.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.table.extend(other.table);
        self.router = self.router.merge(other.router);
        self
    }

    /// What was added so far.
    #[must_use]
    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    /// The router, with every rule in place.
    pub fn into_router(self) -> Router<S> {
        self.router
    }

    fn add(mut self, method: Method, path: &'static str, rule: Rule, handler: MethodRouter<S, Infallible>) -> Self {
        let Rule { access, limits, fields } = rule.clone();
        let guarded = handler.route_layer(from_fn(move |request, next| guard(rule.clone(), request, next)));
        self.router = self.router.route(path, guarded);
        self.table.push(RouteInfo { method, path, access, limits, fields });
        self
    }
}

#[derive(Debug, Clone)]
struct Rule {
    access: Access,
    limits: RouteLimits,
    fields: Option<FormFields>,
}

/// Which sites and sessions a form must come from; the form reader asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormOrigin {
    /// The browser's word that it is our own page is enough: nobody's rights are used.
    OwnSite,
    /// The form must also hold this session's token.
    OwnSession,
}

async fn guard(rule: Rule, request: Request, next: Next) -> Response {
    let answer = async {
        match admit(&rule, request).await {
            Ok(request) => next.run(request).await,
            Err(refusal) => refusal,
        }
    };
    // The check is inside the limit too: it asks the database.
    match tokio::time::timeout(rule.limits.time, answer).await {
        Ok(response) => response,
        Err(_) => {
            let seconds = rule.limits.time.as_secs();
            AppError::unavailable(anyhow::anyhow!("no answer within {seconds} s")).into_response()
        }
    }
}

async fn admit(rule: &Rule, mut request: Request) -> Result<Request, Response> {
    let exchange = Exchange::of(request.extensions()).map_err(IntoResponse::into_response)?;
    if exchange.modes().read_only && !rule.limits.while_read_only {
        return Err(AppError::ReadOnly.into_response());
    }
    let form_origin = match rule.access {
        Access::Public => FormOrigin::OwnSite,
        Access::SignedIn | Access::Needs(_) => {
            let signed_in = session::signed_in(request.extensions()).await.map_err(IntoResponse::into_response)?;
            let Some(signed_in) = signed_in else {
                return Err(ask_to_sign_in(request).await);
            };
            let must_enrol = exchange.factor_rule().must_enrol(&signed_in.actor, signed_in.proved_at);
            if must_enrol && !rule.limits.before_enrolment {
                return Err(exchange.htmx().see_other(ENROLMENT));
            }
            if let Access::Needs(permission) = rule.access
                && !signed_in.actor.may(permission)
            {
                return Err(AppError::Forbidden(Forbidden::Permission).into_response());
            }
            FormOrigin::OwnSession
        }
    };
    request.extensions_mut().insert(form_origin);
    if let Some(fields) = &rule.fields {
        declare(fields, &mut request).await.map_err(IntoResponse::into_response)?;
    }
    limit_body(rule.limits.body_bytes, request).map_err(IntoResponse::into_response)
}

/// A stranger who opens a page signs in and comes back to it; one who sends a form signs in with what was typed.
async fn ask_to_sign_in(request: Request) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    let is_htmx = htmx::is_htmx(request.headers());
    if is_read && !is_htmx {
        return Redirect::to(&NextPath::of_uri(request.uri()).sign_in_location()).into_response();
    }
    let location = NextPath::current_page(request.headers()).sign_in_location();
    let kept = if is_read { None } else { KeptForm::of_request(request).await };
    let is_kept = kept.is_some();
    let mut response = KeptForm::refused(kept, AppError::SignInRequired);
    if is_htmx
        && !is_kept
        && let Ok(location) = HeaderValue::from_str(&location)
    {
        response.headers_mut().insert(htmx::HX_REDIRECT, location);
    }
    response
}

/// Tells the form reader which fields the form at this address has.
async fn declare(fields: &FormFields, request: &mut Request) -> Result<(), AppError> {
    let parts = request.extract_parts::<RawPathParams>().await.map_err(AppError::internal)?;
    let value_of = |part: &str| parts.iter().find(|(name, _)| *name == part).map(|(_, value)| value);
    // What tells the forms there apart may name one that there is not.
    let names = fields.names(value_of).ok_or(AppError::NotFound)?;
    request.extensions_mut().insert(names);
    Ok(())
}

fn limit_body(limit_bytes: usize, request: Request) -> Result<Request, AppError> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > limit_bytes as u64) {
        return Err(AppError::TooLarge { limit_bytes });
    }
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return Ok(request);
    }
    // A chunked body announces nothing and is counted while it is read.
    let mut request = request.map(|body| Body::new(Limited::new(body, limit_bytes)));
    DefaultBodyLimit::disable().apply(&mut request);
    request.extensions_mut().insert(BodyLimit(limit_bytes));
    Ok(request)
}

/// The limit in force, for the sentence that names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimit(pub usize);

#[cfg(test)]
mod tests;
