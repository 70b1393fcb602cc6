//! Importing lots from a table: the file, what each of its rows comes to, and the step that registers all of them.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Fields, answer};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::documents::form::data_form;
use crate::documents::upload::{DataUpload, FILE_FIELD};
use crate::documents::words::{sent_data, size};
use crate::error::{AppError, Conflict, Unreadable};
use crate::i18n::Lang;
use crate::ids::LotImportId;
use crate::review::{Typed, refusal, send};
use crate::sourcing::lots::import::check::{Checked, Row, check, rows_of};
use crate::sourcing::lots::import::columns::{HeaderError, Mapping, name_of, template};
use crate::sourcing::lots::import::table::{self, FILE_LIMIT_BYTES, Format, MOST_ROWS, TableError};
use crate::sourcing::lots::service::{self, CheckFile, ImportAll, ImportFile};
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ErrorSummary, Fact, Field, FieldKind, Form, FormToken, Moment, Paging, Tag, Tone};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::sheet::{FileKind, Sheet, SheetFile};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, execute};

/// Rows on a page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "sourcing/import.html")]
struct ImportPage {
    chrome: Chrome,
    form: Form,
    columns: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "sourcing/imported.html")]
struct ImportedPage {
    chrome: Chrome,
    summary: ErrorSummary,
    facts: Vec<Fact>,
    here: String,
    is_open: bool,
    shows_all: bool,
    lines: Vec<Line>,
    paging: Paging,
    token: Option<FormToken>,
    submit: String,
}

/// A row of the file with what it comes to.
struct Line {
    place: usize,
    number: String,
    coffee: String,
    quantity: String,
    state: Tag,
    problems: Vec<String>,
}

pub(super) async fn ask(exchange: Exchange, _: Actor) -> Result<Response, AppError> {
    page(&exchange, Vec::new(), StatusCode::OK)
}

fn page(exchange: &Exchange, errors: Vec<String>, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let file = Field::new(FieldKind::File { accept: ".csv,.xlsx" }, FILE_FIELD, lang.t("lots-import-file"))
        .hint(lang.fill("lots-import-hint", [("rows", MOST_ROWS.to_string()), ("size", size(FILE_LIMIT_BYTES as u64))]))
        .error((!errors.is_empty()).then(|| errors.join(" ")));
    answer(
        &ImportPage {
            chrome: exchange.chrome(lang.t("lots-import-title")),
            form: data_form(exchange, file, ("/lots/import", lang.t("lots-import-check"), "/lots"), FILE_LIMIT_BYTES),
            columns: template().collect(),
        },
        status,
    )
}

/// Which kind of template is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TemplateQuery {
    format: Option<String>,
}

pub(super) async fn show_template(
    exchange: Exchange,
    _: Actor,
    Query(query): Query<TemplateQuery>,
) -> Result<Response, AppError> {
    let kind = query.format.as_deref().and_then(FileKind::from_code).unwrap_or(FileKind::Csv);
    let lang = exchange.lang();
    let fields = crate::sourcing::lots::form::FIELDS;
    let explained = fields.iter().map(|field| (name_of(field).to_owned(), lang.name_of("lot-field", field)));
    let file = SheetFile {
        sheets: vec![Sheet {
            name: lang.t("nav-lots"),
            columns: template().map(str::to_owned).collect(),
            rows: Vec::new(),
        }],
        about: (lang.t("lots-import-about"), explained.collect()),
        written_at: exchange.now(),
    };
    file.download(kind, "lots").map_err(AppError::internal)
}

/// `POST /lots/import`: reads the file, keeps what it says, and goes on to the page that shows it.
pub(super) async fn read(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let upload = DataUpload::read(request, &guard, FILE_LIMIT_BYTES, &[]).await?;
    let refused = |text: String| page(&exchange, vec![text], StatusCode::UNPROCESSABLE_ENTITY);
    let bytes = match sent_data(&upload.file, lang) {
        Ok((_, bytes)) => bytes.to_vec(),
        Err(error) => return refused(error),
    };
    let sha256: [u8; 32] = Sha256::digest(&bytes).into();
    let (_, lists) = service::form_options(&state.db, &actor, exchange.now()).await?;
    // Ten thousand rows take a processor a moment: not that of the others.
    let found = tokio::task::spawn_blocking(move || {
        let table = table::read(&bytes).map_err(Unfit::Table)?;
        let mapping = Mapping::of(&table.header).map_err(Unfit::Header)?;
        let rows = rows_of(&table, &mapping, &lists);
        Ok::<_, Unfit>((table.format, rows, mapping.ignored))
    });
    let (format, rows, ignored_columns): (Format, Vec<Row>, Vec<String>) =
        match found.await.map_err(AppError::internal)? {
            Ok(found) => found,
            Err(unfit) => return refused(unfit.in_words(lang)),
        };
    let command = CheckFile { id: LotImportId::new(), format, sha256, rows, ignored_columns };
    let form = FormKey { key: upload.token.key, request_hash: upload.request_hash(sha256) };
    match execute(&state.db, &actor, form, &command, exchange.now()).await {
        Ok(done) => {
            let flash = Flash::success(done.flash.in_words(lang));
            Ok((flash, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(refusals)) => {
            let sentences = refusals.0.iter().map(|found| refusal(found, &crate::review::FileKinds::default(), lang));
            page(&exchange, sentences.collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

/// Why a file cannot be imported at all.
enum Unfit {
    Table(TableError),
    Header(HeaderError),
}

impl Unfit {
    fn in_words(&self, lang: Lang) -> String {
        match self {
            Self::Table(error @ (TableError::TooManyRows { most } | TableError::TooManyColumns { most })) => {
                lang.fill(error.text_id(), [("most", most.to_string())])
            }
            Self::Table(error) => lang.t(error.text_id()),
            Self::Header(HeaderError::Missing(columns)) => {
                lang.fill("lots-import-missing", [("columns", columns.join(", "))])
            }
            Self::Header(HeaderError::Twice(column)) => lang.fill("lots-import-twice", [("column", column.clone())]),
        }
    }
}

/// Which rows are shown.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RowsQuery {
    rows: Option<String>,
    page: Option<usize>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<RowsQuery>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    shown(&exchange, &file, &query, &Typed::default(), StatusCode::OK)
}

pub(super) async fn import(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let id: LotImportId = id.parse().map_err(|_| AppError::NotFound)?;
    let command = ImportAll { id, version: submission.require_version()? };
    let here = format!("/lots/imports/{id}");
    match send(&state, &exchange, &actor, &submission, &command, here.clone()).await? {
        Ok(done) => Ok(done),
        Err(mut typed) => {
            // Somebody has registered one of the numbers since: the rows say which.
            if !typed.problems.is_empty() {
                typed.whole.push(exchange.lang().t("lots-refusal-number-since"));
            }
            let file = find(&state, &exchange, &actor, &id.to_string()).await?;
            if file.import.imported_at.is_some() {
                return Err(AppError::Conflict(Conflict { location: Some(here), ..Conflict::default() }));
            }
            shown(&exchange, &file, &RowsQuery::default(), &typed, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn find(state: &AppState, exchange: &Exchange, actor: &Actor, id: &str) -> Result<ImportFile, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    service::find_import(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)
}

fn shown(
    exchange: &Exchange,
    file: &ImportFile,
    query: &RowsQuery,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let import = &file.import;
    let checked = check(&file.rows, &file.lists, eat_date(exchange.now()), &file.taken);
    let wrong = checked.iter().filter(|row| row.outcome.is_err()).count();
    // What is wrong comes first: without being asked, only that is shown where there is any.
    let shows_all = query.rows.as_deref() == Some("all") || wrong == 0;
    let chosen: Vec<&Checked<'_>> = checked.iter().filter(|row| shows_all || row.outcome.is_err()).collect();
    let pages = chosen.len().div_ceil(PAGE).max(1);
    let page = query.page.unwrap_or(1).clamp(1, pages);
    let here = format!("/lots/imports/{}", import.id);
    let rows = if shows_all { "all" } else { "wrong" };
    let at = |page: usize| format!("{here}?rows={rows}&page={page}");
    let is_open = import.imported_at.is_none();
    let mut facts = vec![
        Fact::new(lang.t("lots-import-rows"), import.row_count.to_string()).note(import.format.code()),
        Fact::new("SHA-256", hex::encode(&import.sha256)),
    ];
    if is_open {
        facts.push(Fact::new(lang.t("lots-import-wrong"), wrong.to_string()));
    }
    if !import.ignored_columns.is_empty() {
        facts.push(Fact::new(lang.t("lots-import-ignored"), import.ignored_columns.join(", ")));
    }
    if let Some(at) = import.imported_at {
        facts.push(Fact::new(lang.t("lots-import-done"), Moment::at(lang, at).text));
    }
    let first = (page - 1) * PAGE;
    let view = ImportedPage {
        chrome: exchange.chrome(lang.t("lots-import-rows-title")).wide(),
        summary: ErrorSummary::of(typed.whole.clone(), []),
        facts,
        is_open,
        shows_all,
        lines: chosen.iter().skip(first).take(PAGE).map(|row| line(row, lang)).collect(),
        paging: Paging {
            newer: (page > 1).then(|| at(page - 1)),
            older: (page < pages).then(|| at(page + 1)),
            shown: format!("{page} / {pages}"),
        },
        token: (is_open && wrong == 0).then(|| exchange.form_token(Some(import.version))),
        submit: lang.fill("lots-import-all", [("rows", import.row_count.to_string())]),
        here,
    };
    answer(&view, status)
}

fn line(checked: &Checked<'_>, lang: Lang) -> Line {
    let value = |field: &str| checked.row.values.get(field).cloned().unwrap_or_default();
    let problems = match &checked.outcome {
        Ok(_) => Vec::new(),
        Err(found) => found
            .0
            .iter()
            .map(|(field, what)| format!("{} – {}: {}", name_of(field), value(field), problem(what, lang)))
            .collect(),
    };
    Line {
        place: checked.row.place,
        number: value("lot_number"),
        coffee: value("coffee_type"),
        quantity: value("quantity"),
        state: if problems.is_empty() {
            Tag::new(lang.t("lots-import-ok"), Tone::Good)
        } else {
            Tag::new(lang.t("lots-import-not-ok"), Tone::Bad)
        },
        problems,
    }
}
