//! `/exports/{id}/papers`, `/papers/{id}` and `/papers/{id}/prints`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::model::{PaperLine, PaperState};
use super::service::{self, RecordPrint};
use super::sheet::{self, Bar, SheetFrame};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::exports::may_prepare_papers;
use crate::i18n::Lang;
use crate::ids::{ExportId, PaperId};
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::routes::{Access, RouteLimits, Routes};
use crate::workflow::{CommandError, FormKey, execute};

/// The routes of papers.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let print = Access::Needs(Permission::PrintPapers);
    // What can be read can be printed, also while nothing else may be changed.
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new()
        .get("/exports/{id}/papers", print, list)
        .get("/papers/{id}", print, show)
        .post_within("/papers/{id}/prints", print, always, record)
        .merge(super::commercial::pages::routes())
        .merge(super::verify::routes())
}

#[derive(Template)]
#[template(path = "certificates/list.html")]
struct ListPage {
    chrome: Chrome,
    back: String,
    /// Where the exporter prepares its own papers of the export.
    prepare: Option<String>,
    papers: Vec<PaperRow>,
}

struct PaperRow {
    href: String,
    kind: String,
    number: String,
    state: Tag,
    since: Option<String>,
    issued: Moment,
    issued_by: String,
    prints: Vec<(String, String, Moment)>,
    public: String,
    code: String,
}

/// Which print is to be shown.
#[derive(Debug, Deserialize)]
struct Shown {
    print: Option<i32>,
}

async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: ExportId = id.parse().map_err(|_| AppError::NotFound)?;
    let (export, papers) = service::list(&state.db, &actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let prepare = may_prepare_papers(&export, &actor).then(|| format!("/exports/{id}/commercial"));
    let page = ListPage {
        chrome: exchange.chrome(lang.t_args("papers-title", &[("number", export.number.into())])),
        back: format!("/exports/{id}"),
        prepare,
        papers: papers.iter().map(|paper| row(paper, lang)).collect(),
    };
    Ok(Html(page.render().map_err(AppError::internal)?).into_response())
}

fn row(paper: &PaperLine, lang: Lang) -> PaperRow {
    let tone = match paper.state {
        PaperState::Valid => Tone::Good,
        PaperState::Used => Tone::Info,
        PaperState::Expired | PaperState::Replaced | PaperState::Lost => Tone::Warn,
        PaperState::Revoked | PaperState::Suspended => Tone::Bad,
    };
    PaperRow {
        href: format!("/papers/{}", paper.id),
        kind: lang.name_of("paper", paper.kind.code()),
        number: paper.number.clone(),
        state: Tag::new(sheet::state_in_words(paper.state, lang), tone),
        since: paper.since.map(|since| Moment::day(lang, since).text),
        issued: Moment::at(lang, paper.issued_at),
        issued_by: paper.issued_by.clone(),
        prints: paper
            .prints
            .iter()
            .map(|print| {
                let label = sheet::sheet_label(print.sheet, paper.duplicate);
                (label.in_lang(lang).to_owned(), print.by_name.clone(), Moment::at(lang, print.at))
            })
            .collect(),
        public: paper.code.path(),
        code: paper.code.grouped(),
    }
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
    let (paper, snapshot) = service::show(&state.db, &actor, id, now).await?.ok_or(AppError::NotFound)?;
    let print = shown.print.and_then(|number| service::print_to_show(&paper, number, &actor, now));
    let bar = Bar {
        back: match paper.export_id {
            Some(export) => format!("/exports/{export}/papers"),
            None => "/papers".to_owned(),
        },
        action: format!("/papers/{id}/prints"),
        record: print.is_none().then(|| exchange.form_token(None)),
        next_is_original: paper.prints.is_empty(),
    };
    let frame = SheetFrame::of(exchange.site(), &paper, print).map_err(AppError::internal)?;
    let chrome = exchange.chrome(&paper.number);
    Ok(Html(sheet::render(chrome, bar, frame, &snapshot).map_err(AppError::internal)?).into_response())
}

async fn record(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
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
