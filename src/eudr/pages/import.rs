//! A file of plots: sent, looked at, stored when somebody says yes.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use rust_decimal::Decimal;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::form::{self, Typed};
use super::{Fields, answer_of, carry_out, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::documents::form::data_form;
use crate::documents::upload::{DataUpload, FILE_FIELD};
use crate::documents::words as file_words;
use crate::error::AppError;
use crate::eudr::faults::Faults;
use crate::eudr::geojson::{Feature, MOST_FEATURES, Reading};
use crate::eudr::geometry::Geometry;
use crate::eudr::map::{PlotMap, draw};
use crate::eudr::model::{CutOff, PendingImport};
use crate::eudr::rules::PlotRefusal;
use crate::eudr::service::{DiscardImport, KeepImport, StoreImport, import as imports, read};
use crate::i18n::Lang;
use crate::ids::PlotImportId;
use crate::web::chrome::Chrome;
use crate::web::components::{ActionButton, ErrorSummary, Fact, Field, FieldKind, Form, Moment};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::workflow::{FieldReader, FormKey};

/// The largest file, in bytes: as for papers.
const LIMIT_BYTES: usize = 10 << 20;
/// Features that one page shows.
const PAGE: usize = 100;
/// Plots that are drawn; more make a page that no line carries.
const MOST_DRAWN: usize = 500;
/// Notes that are listed apart.
const MOST_NOTES: usize = 50;

#[derive(Template)]
#[template(path = "eudr/import.html")]
struct ImportPage {
    chrome: Chrome,
    lead: Vec<String>,
    form: Form,
    report: Option<Report>,
}

/// Why a file is not taken.
struct Report {
    text: String,
    faults: Vec<FaultRow>,
}

struct FaultRow {
    place: String,
    at: String,
    what: String,
}

pub(super) async fn ask(exchange: Exchange) -> Result<Response, AppError> {
    import_page(&exchange, None, None)
}

pub(super) async fn send(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let upload = DataUpload::read(request, &guard, LIMIT_BYTES, &[]).await?;
    let (name, bytes) = match file_words::sent_data(&upload.file, lang) {
        Ok(sent) => sent,
        Err(error) => return import_page(&exchange, Some(error), None),
    };
    let sha256: [u8; 32] = Sha256::digest(bytes).into();
    let reading = imports::look_at(&state.db, &actor, bytes.to_vec()).await?;
    if !reading.faults.is_empty() {
        let error = lang.fill("plots-file-refused", [("name", name)]);
        return import_page(&exchange, Some(error), Some(report(&reading, lang)));
    }
    let command = KeepImport {
        id: PlotImportId::new(),
        file_name: name,
        sha256,
        features: reading.features.len(),
        content: bytes,
    };
    let key = FormKey { key: upload.token.key, request_hash: upload.request_hash(sha256) };
    carry_out(&state, &exchange, &actor, key, &command)
        .await?
        .map_err(|refusal| answer_of(&refusal, "/plots/import", lang))
}

fn import_page(exchange: &Exchange, error: Option<String>, report: Option<Report>) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let size = file_words::size(LIMIT_BYTES as u64);
    let most = MOST_FEATURES.to_string();
    let file = Field::new(FieldKind::File { accept: ".geojson,.json" }, FILE_FIELD, lang.t("documents-file"))
        .hint(lang.fill("plots-import-file-hint", [("size", size), ("most", most)]))
        .error(error);
    let view = ImportPage {
        chrome: exchange.chrome(lang.t("plots-import-title")).wide(),
        lead: vec![lang.t("plots-import-lead"), lang.t("plots-import-format")],
        form: data_form(exchange, file, ("/plots/import", lang.t("plots-import-submit"), "/plots"), LIMIT_BYTES),
        report,
    };
    crate::web::answer(&view, status)
}

fn report(reading: &Reading, lang: Lang) -> Report {
    let text = lang.fill(
        "plots-faults-found",
        [("faults", reading.faults.total.to_string()), ("good", reading.features.len().to_string())],
    );
    Report { text, faults: fault_rows(&reading.faults, lang) }
}

fn fault_rows(faults: &Faults, lang: Lang) -> Vec<FaultRow> {
    faults
        .named
        .iter()
        .map(|fault| FaultRow {
            place: words::place(fault.place, lang),
            at: fault.at.map(|at| at.to_string()).unwrap_or_default(),
            what: words::fault(fault, lang),
        })
        .collect()
}

/// From which feature on a page begins.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PreviewQuery {
    from: Option<u32>,
}

#[derive(Template)]
#[template(path = "eudr/preview.html")]
struct PreviewPage {
    chrome: Chrome,
    facts: Vec<Fact>,
    report: Option<Report>,
    notes: Vec<(String, String)>,
    more_notes: Option<String>,
    map: Option<PlotMap>,
    map_title: String,
    map_text: String,
    rows: Vec<FeatureRow>,
    earlier: Option<String>,
    later: Option<String>,
    form: Option<Form>,
    discard: ActionButton,
}

struct FeatureRow {
    feature: usize,
    number: String,
    producer: String,
    place: String,
    area: String,
    shape: String,
    notes: Vec<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response, AppError> {
    let id = import_id(&id)?;
    let import = find(&state, &exchange, &actor, id).await?;
    let reading = imports::look_at(&state.db, &actor, import.content.clone()).await?;
    let from = usize::try_from(query.from.unwrap_or_default()).unwrap_or_default();
    preview(&exchange, id, &import, &reading, from, &Typed::default(), StatusCode::OK)
}

pub(super) async fn store(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let id = import_id(&id)?;
    let found = read::import(&state.db, &actor, id).await?.ok_or(AppError::NotFound)?;
    let mut fields = FieldReader::new(&submission.fields);
    let cutoff = CutOff::read(&mut fields);
    let problems = fields.finish(()).err().unwrap_or_default();
    // Settled by this very form, perhaps: the command knows the answer that was given.
    let (import, reading) = match found {
        Some(import) => {
            let reading = imports::look_at(&state.db, &actor, import.content.clone()).await?;
            (Some(import), reading)
        }
        None => (None, Reading::default()),
    };
    if let Some(import) = &import {
        if !problems.is_empty() {
            let typed = Typed { values: submission.fields, problems, whole: Vec::new() };
            return preview(&exchange, id, import, &reading, 0, &typed, StatusCode::UNPROCESSABLE_ENTITY);
        }
        if !reading.faults.is_empty() {
            let typed = Typed { values: submission.fields, ..Typed::default() };
            return preview(&exchange, id, import, &reading, 0, &typed, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    let command = StoreImport {
        import: id,
        file_name: import.as_ref().map_or("", |import| &import.file_name),
        sha256: import.as_ref().map_or([0; 32], |import| import.sha256),
        features: &reading.features,
        cutoff: cutoff.as_ref(),
    };
    match carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await? {
        Ok(done) => Ok(done),
        // Somebody has mapped one of them by a moment earlier: the page says which.
        Err(PlotRefusal::Faulty(faults)) => {
            let import = find(&state, &exchange, &actor, id).await?;
            let reading = Reading { faults, ..reading };
            let typed = Typed { values: submission.fields, ..Typed::default() };
            preview(&exchange, id, &import, &reading, 0, &typed, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(refusal) => Err(answer_of(&refusal, "/plots", lang)),
    }
}

pub(super) async fn discard(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = DiscardImport { import: import_id(&id)? };
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command)
        .await?
        .map_err(|refusal| answer_of(&refusal, "/plots", exchange.lang()))
}

fn import_id(text: &str) -> Result<PlotImportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// A file that still waits; one that was settled is a conflict.
async fn find(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: PlotImportId,
) -> Result<PendingImport, AppError> {
    let found = read::import(&state.db, actor, id).await?.ok_or(AppError::NotFound)?;
    found.ok_or_else(|| answer_of(&PlotRefusal::Settled, "/plots", exchange.lang()))
}

fn preview(
    exchange: &Exchange,
    id: PlotImportId,
    import: &PendingImport,
    reading: &Reading,
    from: usize,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let features = &reading.features;
    let from = from.min(features.len().saturating_sub(1)) / PAGE * PAGE;
    let notes: Vec<(String, String)> = features
        .iter()
        .flat_map(|feature| feature.notes.iter().map(move |note| (feature, note)))
        .map(|(feature, note)| {
            let place = lang.fill("plots-place-feature", [("number", feature.number.to_string())]);
            (place, words::note(note, lang))
        })
        .take(MOST_NOTES)
        .collect();
    let all_notes: usize = features.iter().map(|feature| feature.notes.len()).sum();
    let drawn: Vec<(String, &Geometry)> =
        features.iter().take(MOST_DRAWN).map(|feature| (label(feature), &feature.plot.geometry)).collect();
    let drawn: Vec<(&str, &Geometry)> = drawn.iter().map(|(label, geometry)| (label.as_str(), *geometry)).collect();
    let area: Decimal = features.iter().map(|feature| feature.plot.area).sum();
    let address = format!("/plots/imports/{id}");
    let groups = vec![form::cutoff_group(typed, lang)];
    let is_storable = reading.faults.is_empty() && !features.is_empty();
    let view = PreviewPage {
        chrome: exchange.chrome(lang.fill("plots-preview-title", [("name", import.file_name.clone())])).wide(),
        facts: vec![
            Fact::new(lang.t("plots-count"), features.len().to_string()).note(words::hectares(area)),
            Fact::new(lang.t("plots-sent"), &import.uploaded.name).note(Moment::at(lang, import.uploaded.at).text),
            Fact::new("SHA-256", hex::encode(import.sha256)),
        ],
        report: (!reading.faults.is_empty()).then(|| report(reading, lang)),
        more_notes: (all_notes > notes.len())
            .then(|| lang.fill("plots-more-notes", [("count", (all_notes - notes.len()).to_string())])),
        notes,
        map: draw(&drawn),
        map_title: lang.t("plots-map-of-file"),
        map_text: lang
            .fill("plots-map-shows", [("shown", drawn.len().to_string()), ("all", features.len().to_string())]),
        rows: features.iter().skip(from).take(PAGE).map(|feature| row(feature, lang)).collect(),
        earlier: from.checked_sub(PAGE).map(|from| format!("{address}?from={from}")),
        later: (from + PAGE < features.len()).then(|| format!("{address}?from={}", from + PAGE)),
        form: is_storable.then(|| Form {
            action: format!("{address}/storing"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t_args("plots-store-submit", &[("count", features.len().into())]),
            ..Form::default()
        }),
        discard: ActionButton {
            action: format!("{address}/removal"),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("plots-discard"),
            about: import.file_name.clone(),
        },
    };
    crate::web::answer(&view, status)
}

/// How a feature is called before it has a number.
fn label(feature: &Feature) -> String {
    feature.plot.number.clone().unwrap_or_else(|| feature.number.to_string())
}

fn row(feature: &Feature, lang: Lang) -> FeatureRow {
    let plot = &feature.plot;
    let positions = i32::try_from(plot.geometry.positions().count()).unwrap_or(i32::MAX);
    FeatureRow {
        feature: feature.number,
        number: plot.number.clone().unwrap_or_else(|| lang.t("plots-number-to-come")),
        producer: format!("{} ({})", plot.producer_name, plot.producer_country),
        place: plot.production_place.clone(),
        area: words::hectares(plot.area),
        shape: words::shape(plot.geometry.kind(), positions, lang),
        notes: feature.notes.iter().map(|note| words::note(note, lang)).collect(),
    }
}
