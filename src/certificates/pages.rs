//! The pages of papers. Here: `/papers/{id}`, the sheet, and `/papers/{id}/prints`, which puts a print on record.

mod act;
mod ico_return;
mod list;
mod others;
mod record;
mod replace;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use chrono::Duration;
use serde::Deserialize;

use super::service::{self, DUPLICATE_REASON, RecordPrint, WITHDRAWAL_REASON};
use super::sheet::{self, Bar, SheetFrame};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::ids::PaperId;
use crate::web::chrome::Flash;
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::query::Query;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::workflow::{CommandError, FormKey, execute};

/// The routes of papers.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let print = Access::Needs(Permission::PrintPapers);
    let withdraw = Access::Needs(Permission::WithdrawPapers);
    // What can be read can be printed, also while nothing else may be changed.
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/papers", print, list::all)
        .get("/papers/ico-return", Access::Needs(Permission::FileIcoReturn), ico_return::show)
        .get("/exports/{id}/papers", print, list::of_export)
        .get("/exports/{id}/origin-certificates", print, others::ask)
        .post_form("/exports/{id}/origin-certificates", print, others::FIELDS, others::record)
        .get("/exports/{id}/origin-certificates/{certificate_id}/withdrawal", print, others::ask_strike)
        .post_form(
            "/exports/{id}/origin-certificates/{certificate_id}/withdrawal",
            print,
            [WITHDRAWAL_REASON],
            others::strike,
        )
        .get("/papers/{id}", print, show)
        .post_within("/papers/{id}/prints", print, always, record_print)
        .get("/papers/{id}/record", print, record::show)
        .post_form_within("/papers/{id}/revocation", withdraw, proved, [WITHDRAWAL_REASON], record::withdraw)
        .get("/papers/{id}/replacement", withdraw, replace::show)
        .post_form_within("/papers/{id}/replacement", withdraw, proved, replace::fields(), replace::replace)
        .post_form_within(
            "/papers/{id}/duplicate",
            Access::Needs(Permission::ReissuePapers),
            proved,
            [DUPLICATE_REASON],
            record::reissue,
        )
        .merge(super::commercial::pages::routes())
        .merge(super::verify::routes())
        .merge(super::proof::routes())
}

/// How long a paper waits for its seal before it is printed without one: a seal takes a second, and who has no certificate, or
/// no signer at the moment, ships coffee all the same.
const SEALING_TIME: Duration = Duration::seconds(20);

/// Which print is to be shown.
#[derive(Debug, Deserialize)]
struct Shown {
    print: Option<i32>,
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, AppError> {
    let id: PaperId = id.parse().map_err(|_| AppError::NotFound)?;
    let now = exchange.now();
    let (paper, snapshot, seal) = service::show(&state.db, &actor, id, now).await?.ok_or(AppError::NotFound)?;
    let print = shown.print.and_then(|number| service::print_to_show(&paper, number, &actor, now));
    let is_unsealed = seal.is_none() && state.signer.is_some() && now - paper.issued_at < SEALING_TIME;
    let bar = Bar {
        back: match paper.export_id {
            Some(export) => format!("/exports/{export}/papers"),
            None => "/papers".to_owned(),
        },
        action: format!("/papers/{id}/prints"),
        // What is printed can be checked without a network: it is not printed before it has its seal.
        record: (print.is_none() && !is_unsealed).then(|| exchange.form_token(None)),
        next_is_original: paper.prints.is_empty(),
        is_unsealed,
    };
    let frame = SheetFrame::of(exchange.site(), &paper, seal.as_deref(), print).map_err(AppError::internal)?;
    let chrome = exchange.chrome(&paper.number);
    Ok(Html(sheet::render(chrome, bar, frame, &snapshot).map_err(AppError::internal)?).into_response())
}

async fn record_print(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let id: PaperId = id.parse().map_err(|_| AppError::NotFound)?;
    let key = FormKey { key: submission.require_token()?.key, request_hash: submission.request_hash };
    match execute(&state.db, &actor, key, &RecordPrint(id), exchange.now()).await {
        Ok(done) => {
            let flash = Flash::success(done.flash.in_words(exchange.lang()));
            Ok((flash, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(service::NoSuchPaper)) => Err(AppError::NotFound),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}
