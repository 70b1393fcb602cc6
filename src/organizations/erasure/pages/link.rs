//! `/erasure/{token}`: what the mailed link opens. Following it changes nothing: a form does.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use crate::app::AppState;
use crate::error::AppError;
use crate::organizations::erasure::service::{self, GRACE, HOME, path_of};
use crate::organizations::link_token::LinkToken;
use crate::web::components::{Fact, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::TablePage;

pub(super) async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let opened = service::find_open(&state.db, &token, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let mut view = TablePage::of(exchange.chrome(lang.t("erasure-title")), &path_of(&token));
    view.facts = vec![
        Fact::new(lang.t("sign-in-username"), &opened.username),
        Fact::new(lang.t("erasure-fact-name"), &opened.full_name),
    ];
    if let Some(due) = opened.due_at {
        view.lead = vec![lang.fill("erasure-due", [("due", Moment::at(lang, due).text)])];
        view.actions = vec![(HOME.to_owned(), lang.t("erasure-to-account"))];
    } else {
        view.lead = vec![lang.fill("erasure-confirm-lead", [("days", GRACE.num_days().to_string())])];
        let form = Form {
            action: path_of(&token),
            token: exchange.form_token(None),
            submit: lang.t("erasure-confirm"),
            ..Form::default()
        };
        view.forms = vec![(lang.t("erasure-confirm-title"), form)];
    }
    let mut response = crate::web::answer(&view, StatusCode::OK)?;
    // The address is a secret: it stays in no cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {}

pub(super) async fn confirm(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
    submission: Submission<ConfirmForm>,
) -> Result<Response, AppError> {
    submission.require_token()?;
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let opened = service::find_open(&state.db, &token, exchange.now()).await?.ok_or(AppError::NotFound)?;
    // Sent twice, the second finds it confirmed: the page that both lead to says so.
    service::confirm(&state.db, &opened, &exchange.origin(), exchange.now()).await?;
    Ok(exchange.htmx().see_other(&path_of(&token)).into_response())
}
