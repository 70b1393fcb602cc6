//! Pages for what could not be answered: ours, in the viewer's language, never a driver's or a library's.
//!
//! Handlers and layers answer with [`AppError`]; whatever else comes without a page of its own (a library's
//! rejection in plain text, an unknown address) is given one here. A cause is logged here, once.

use std::any::Any;

use askama::Template;
use axum::{
    body::Body,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

use super::{
    chrome::{Chrome, Flash},
    components::{Form, Moment},
    exchange::Exchange,
    htmx::Htmx,
    kept_form::KeptForm,
};
use crate::{
    error::{AppError, Conflict, Forbidden, OverLink, Unreadable},
    i18n::Lang,
};

/// What an error page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorView {
    /// What happened, in two or three words.
    pub title: String,
    /// What happened, in a sentence.
    pub what: String,
    /// What to do now, and what else there is to say.
    pub details: Vec<String>,
    /// Where to go from here: a path and what the link says.
    pub back: (String, String),
    /// The number under which the log has more.
    pub reference: String,
}

#[derive(Template)]
#[template(path = "error.html", blocks = ["notice"])]
struct ErrorPage {
    chrome: Chrome,
    view: ErrorView,
    /// The way to send what was typed after all.
    form: Option<Form>,
}

/// `response` as it is, or the page for the error that it stands for.
pub(super) fn render(exchange: &Exchange, mut response: Response) -> Response {
    let Some(error) = error_of(&mut response) else { return response };
    if let Some(cause) = error.cause() {
        // The page names this request's id; the span holds it.
        tracing::error!(status = error.status().as_u16(), cause = cause.chain(), "cannot answer");
    }
    let mut view = describe(exchange, &error);
    let form = response.extensions_mut().remove::<KeptForm>().and_then(|kept| go_on(exchange, &error, &kept));
    if let Some((_, advice)) = &form {
        view.details = vec![exchange.lang().t(advice)];
    }
    // What came of the act is said here: there is no page after this one that it could wait for.
    view.details.splice(0..0, response.extensions_mut().remove::<Flash>().map(|told| told.text));
    let form = form.map(|(form, _)| form);
    let mut page = ErrorPage { chrome: exchange.chrome(&view.title), view, form };
    page.chrome.path = path_to_show_again(exchange, &error);
    let text = match exchange.htmx() {
        Htmx::Fragment => page.as_notice().render(),
        Htmx::Page | Htmx::PageByHtmx => page.render(),
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match text {
        Ok(text) => Response::from_parts(parts, Body::from(text)),
        Err(error) => {
            tracing::error!(%error, "the error page itself cannot be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, Html(LAST_RESORT)).into_response()
        }
    }
}

/// How a form that came too late is sent after all, and what to say about it.
fn go_on(exchange: &Exchange, error: &AppError, kept: &KeptForm) -> Option<(Form, &'static str)> {
    let lang = exchange.lang();
    if matches!(error, AppError::SignInRequired) {
        return Some((kept.sign_in_form(lang), "error-sign-in-kept"));
    }
    if matches!(error, AppError::Forbidden(Forbidden::FormToken)) {
        let csrf = exchange.signed_in()?.secret.token();
        return Some((kept.send_form(csrf, lang), "error-form-token-kept"));
    }
    None
}

/// The page that needs nothing to be rendered.
const LAST_RESORT: &str = "<!doctype html><html lang=\"en\"><title>Jebena</title><p>Something went wrong on our \
    side. Please try again in a moment. / እባክዎ ከትንሽ ጊዜ በኋላ እንደገና ይሞክሩ።</p></html>";

/// The answer of the layer that catches panics.
#[must_use]
pub fn caught_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    AppError::internal(anyhow::anyhow!("a handler panicked: {text}")).into_response()
}

fn error_of(response: &mut Response) -> Option<AppError> {
    if let Some(error) = response.extensions_mut().remove::<AppError>() {
        return Some(error);
    }
    let has_own_body =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if has_own_body {
        return None;
    }
    // The status is http's own type; what is not listed here is no library's rejection.
    match response.status() {
        StatusCode::NOT_FOUND => Some(AppError::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(AppError::MethodNotAllowed { allow: "GET, HEAD, POST" }),
        StatusCode::PAYLOAD_TOO_LARGE => Some(AppError::TooLarge { limit_bytes: super::routes::FORM_LIMIT_BYTES }),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(AppError::UnsupportedBody),
        StatusCode::UNPROCESSABLE_ENTITY => Some(AppError::Unreadable(Unreadable::Fields)),
        StatusCode::BAD_REQUEST => Some(AppError::Unreadable(Unreadable::Query)),
        status if status.is_server_error() => {
            Some(AppError::internal(anyhow::anyhow!("a layer answered {status} without saying why")))
        }
        _ => None,
    }
}

/// The language switch of an error page must not send the same request again: a page that was not found is
/// still not there, and a form's address shows nothing.
fn path_to_show_again(exchange: &Exchange, error: &AppError) -> String {
    match error {
        AppError::NotFound | AppError::LinkOver(_) | AppError::Soon { .. } | AppError::Unavailable(_) => {
            exchange.path().to_owned()
        }
        AppError::SignInRequired
        | AppError::Forbidden(_)
        | AppError::Conflict(_)
        | AppError::Unreadable(_)
        | AppError::TooLarge { .. }
        | AppError::UnsupportedBody
        | AppError::MethodNotAllowed { .. }
        | AppError::MethodUnknown(_)
        | AppError::HostUnclear
        | AppError::HostUnknown
        | AppError::TooManyRequests { .. }
        | AppError::ReadOnly
        | AppError::Internal(_) => "/".to_owned(),
    }
}

fn describe(exchange: &Exchange, error: &AppError) -> ErrorView {
    let lang = exchange.lang();
    let (title, what, advice) = words(lang, error);
    let back = match error {
        AppError::SignInRequired | AppError::LinkOver(OverLink::Invitation | OverLink::HandedPassword) => {
            ("/sign-in".to_owned(), lang.t("error-way-sign-in"))
        }
        AppError::LinkOver(OverLink::Password) => ("/forgotten-password".to_owned(), lang.t("error-way-password")),
        AppError::Conflict(Conflict { location: Some(location), .. }) => {
            (location.clone(), lang.t("error-way-present-state"))
        }
        AppError::Soon { location, .. } => (location.clone(), lang.t("error-way-paper")),
        AppError::NotFound
        | AppError::Forbidden(_)
        | AppError::Conflict(_)
        | AppError::Unreadable(_)
        | AppError::TooLarge { .. }
        | AppError::UnsupportedBody
        | AppError::MethodNotAllowed { .. }
        | AppError::MethodUnknown(_)
        | AppError::HostUnclear
        | AppError::HostUnknown
        | AppError::TooManyRequests { .. }
        | AppError::ReadOnly
        | AppError::Unavailable(_)
        | AppError::Internal(_) => ("/".to_owned(), lang.t("error-way-start")),
    };
    ErrorView { title, what, details: vec![advice], back, reference: exchange.request_id().to_string() }
}

/// Title, sentence and advice.
fn words(lang: Lang, error: &AppError) -> (String, String, String) {
    let plain = |title: &str, sentence: &str, advice: &str| (lang.t(title), lang.t(sentence), lang.t(advice));
    match error {
        AppError::NotFound => plain("error-not-found-title", "error-not-found", "error-not-found-advice"),
        AppError::LinkOver(link) => {
            let advice = match link {
                OverLink::Invitation => "error-link-over-invitation",
                OverLink::Password => "error-link-over-password",
                OverLink::HandedPassword => "error-link-over-handed",
            };
            plain("error-link-over-title", "error-link-over", advice)
        }
        AppError::SignInRequired => plain("error-sign-in-title", "error-sign-in", "error-sign-in-advice"),
        AppError::Forbidden(Forbidden::Permission) => {
            plain("error-forbidden-title", "error-forbidden", "error-forbidden-advice")
        }
        AppError::Forbidden(Forbidden::Step(sentence)) => {
            (lang.t("error-step-title"), sentence.clone(), lang.t("error-step-advice"))
        }
        AppError::Forbidden(Forbidden::FormToken) => {
            plain("error-form-token-title", "error-form-token", "error-form-token-advice")
        }
        AppError::Forbidden(Forbidden::ForeignSite) => {
            plain("error-foreign-site-title", "error-foreign-site", "error-foreign-site-advice")
        }
        AppError::Conflict(conflict) => {
            (lang.t("error-conflict-title"), conflict_sentence(lang, conflict), lang.t("error-conflict-advice"))
        }
        AppError::Unreadable(Unreadable::KeyReused) => {
            plain("error-key-reused-title", "error-key-reused", "error-key-reused-advice")
        }
        AppError::Unreadable(Unreadable::Query) => plain("error-query-title", "error-query", "error-query-advice"),
        AppError::Unreadable(Unreadable::Fields | Unreadable::Key | Unreadable::Interrupted) => {
            plain("error-unreadable-title", "error-unreadable", "error-unreadable-advice")
        }
        AppError::TooLarge { limit_bytes } => (
            lang.t("error-too-large-title"),
            lang.t_args("error-too-large", &[("limit", size(*limit_bytes).into())]),
            lang.t("error-too-large-advice"),
        ),
        AppError::UnsupportedBody => plain("error-body-title", "error-body", "error-body-advice"),
        AppError::MethodNotAllowed { .. } | AppError::MethodUnknown(_) => {
            plain("error-method-title", "error-method", "error-method-advice")
        }
        AppError::HostUnclear | AppError::HostUnknown => plain("error-host-title", "error-host", "error-host-advice"),
        AppError::TooManyRequests { .. } => plain("error-too-many-title", "error-too-many", "error-too-many-advice"),
        AppError::ReadOnly => plain("error-read-only-title", "error-read-only", "error-read-only-advice"),
        AppError::Soon { text_id, .. } => plain("error-soon-title", text_id, "error-soon-advice"),
        AppError::Unavailable(_) => plain("error-unavailable-title", "error-unavailable", "error-unavailable-advice"),
        AppError::Internal(_) => plain("error-internal-title", "error-internal", "error-internal-advice"),
    }
}

fn conflict_sentence(lang: Lang, conflict: &Conflict) -> String {
    let when = conflict.when.map(|when| Moment::at(lang, when).text);
    let who = match (&conflict.who, when) {
        (Some(who), Some(when)) => {
            lang.t_args("error-conflict-by-at", &[("who", who.as_str().into()), ("when", when.into())])
        }
        (Some(who), None) => lang.t_args("error-conflict-by", &[("who", who.as_str().into())]),
        (None, Some(when)) => lang.t_args("error-conflict-at", &[("when", when.into())]),
        (None, None) => lang.t("error-conflict"),
    };
    match &conflict.sentence {
        Some(sentence) => format!("{who} {sentence}"),
        None => who,
    }
}

/// A limit as people say it.
fn size(bytes: usize) -> String {
    const KB: usize = 1024;
    if bytes >= KB * KB { format!("{} MB", bytes / (KB * KB)) } else { format!("{} KB", bytes.div_ceil(KB)) }
}

#[cfg(test)]
mod tests;
