//! `GET /exports/{id}/eudr`: where a consignment stands, what is lacking, what its file says, what its buyer has told.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::{Fields, answer_of, export_id, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::documents::file_name::{Disposition, content_disposition};
use crate::error::AppError;
use crate::eudr::origins::model::{Origin, Position, Statement};
use crate::eudr::origins::rules::{against_recording, against_taking, declares, distinct};
use crate::eudr::origins::service::{self, TakeOrigin};
use crate::eudr::origins::sheet;
use crate::eudr::pages::carry_out;
use crate::eudr::pages::geojson_file;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::chrome::Chrome;
use crate::web::components::{ActionButton, Check, EmptyState, Fact, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::FormKey;

/// Things that are lacking, as the page names them.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "eudr/consignment.html")]
struct View {
    chrome: Chrome,
    export_href: String,
    number: String,
    state: Tag,
    refused: String,
    facts: Vec<Fact>,
    law: [String; 2],
    gaps: Vec<Check>,
    more_gaps: String,
    complete: String,
    files: Vec<(String, String)>,
    taken: String,
    take: Option<ActionButton>,
    lots: Vec<Lot>,
    none: EmptyState,
    sheet: Vec<Fact>,
    statements: Vec<Fact>,
    statement_href: String,
    statement_label: String,
    untold: String,
}

/// A lot that grew somewhere.
struct Lot {
    number: String,
    href: String,
    source: String,
    kg: String,
    plots: String,
    known: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (position, changed) = find(&state, &exchange, &actor, export_id(&id)?, false).await?;
    shown(&state, &exchange, &actor, &position, changed, StatusCode::OK).await
}

async fn find(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: ExportId,
    with_geometry: bool,
) -> Result<(Position, bool), AppError> {
    let found = service::consignment(&state.db, actor, id, with_geometry, exchange.now()).await?;
    found.ok_or(AppError::NotFound)
}

pub(super) async fn take(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &TakeOrigin { export })
        .await?
        .map_err(|refusal| answer_of(&refusal, &format!("/exports/{export}/eudr"), exchange.lang()))
}

/// `GET /exports/{id}/eudr/file`: the plots in the EU's format, where nothing is lacking.
pub(super) async fn file(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (position, changed) = find(&state, &exchange, &actor, export_id(&id)?, true).await?;
    if !position.gaps.is_empty() {
        return shown(&state, &exchange, &actor, &position, changed, StatusCode::CONFLICT).await;
    }
    record(&state, &exchange, &actor, &position, "file").await?;
    geojson_file(&format!("{}-plots.geojson", position.consignment.number), sheet::plots(&position.origins))
}

/// `GET /exports/{id}/eudr/sheet`: the fields of the due diligence statement with the plots of each producer.
pub(super) async fn sheet_file(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (position, changed) = find(&state, &exchange, &actor, export_id(&id)?, true).await?;
    if !position.gaps.is_empty() {
        return shown(&state, &exchange, &actor, &position, changed, StatusCode::CONFLICT).await;
    }
    let text = serde_json::to_string_pretty(&sheet::sheet(&position.consignment, &position.origins))
        .map_err(AppError::internal)?;
    record(&state, &exchange, &actor, &position, "sheet").await?;
    let named =
        content_disposition(Disposition::Attachment, &format!("{}-statement.json", position.consignment.number));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).map_err(AppError::internal)?),
    ];
    Ok((headers, text).into_response())
}

async fn record(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    position: &Position,
    what: &str,
) -> Result<(), AppError> {
    let consignment = &position.consignment;
    let details = json!({ "number": consignment.number, "what": what, "plots": distinct(&position.origins).len() });
    service::record_download(&state.db, actor, ("export", consignment.id.0), details, exchange.now()).await?;
    Ok(())
}

async fn shown(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    position: &Position,
    changed: bool,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let catalog = state.catalog.get(&state.db, today).await?;
    let consignment = &position.consignment;
    let id = consignment.id;
    let sees_plots = actor.may(Permission::ViewPlots);
    let may_take = against_taking(consignment, position.statement(), changed, actor).is_none();
    let view = View {
        export_href: format!("/exports/{id}"),
        number: consignment.number.clone(),
        state: words::state_tag(position.state, lang),
        refused: if status == StatusCode::OK { String::new() } else { lang.t("eudr-file-refused") },
        facts: facts(position, &catalog, lang),
        law: [
            words::demand(&position.demand, lang),
            words::asked(&position.demand, consignment.arrives_on, today, lang),
        ],
        gaps: position
            .gaps
            .iter()
            .take(NAMED)
            .map(|gap| Check {
                tone: Tone::Warn,
                text: words::gap(gap, lang),
                href: words::gap_href(gap).filter(|_| sees_plots),
            })
            .collect(),
        more_gaps: match position.gaps.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => lang.fill("eudr-more", [("count", more.to_string())]),
        },
        complete: lang.t("eudr-complete"),
        files: if position.gaps.is_empty() {
            vec![
                (format!("/exports/{id}/eudr/file"), lang.t("eudr-file")),
                (format!("/exports/{id}/eudr/sheet"), lang.t("eudr-sheet-file")),
            ]
        } else {
            Vec::new()
        },
        taken: taken(position, changed, lang),
        take: may_take.then(|| ActionButton {
            action: format!("/exports/{id}/eudr/origin"),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("eudr-take"),
            about: String::new(),
        }),
        lots: position.origins.iter().map(|origin| lot(origin, sees_plots, lang)).collect(),
        none: EmptyState { title: lang.t("eudr-gap-no-lot"), text: lang.t("eudr-none-text"), action: None },
        sheet: sheet_facts(position, &catalog, lang),
        statements: position.statements.iter().enumerate().map(|(at, told)| statement(at, told, lang)).collect(),
        statement_href: if against_recording(consignment, actor).is_none() {
            format!("/exports/{id}/eudr/statement")
        } else {
            String::new()
        },
        statement_label: lang.t(if position.statements.is_empty() {
            "eudr-statement-enter"
        } else {
            "eudr-statement-correct"
        }),
        untold: lang.t(match (declares(consignment, actor), position.gaps.is_empty()) {
            (true, true) => "eudr-untold-yours",
            (true, false) => "eudr-untold-lacking",
            (false, _) => "eudr-untold",
        }),
        chrome: exchange.chrome(lang.fill("eudr-title", [("number", consignment.number.clone())])).wide(),
    };
    crate::web::answer(&view, status)
}

fn facts(position: &Position, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let consignment = &position.consignment;
    let membership = if consignment.is_eu { "eudr-in-the-union" } else { "eudr-outside-the-union" };
    vec![
        Fact::new(lang.t("eudr-destination"), catalog.country(&consignment.destination, lang)).note(lang.t(membership)),
        Fact::new(lang.t("eudr-buyer"), &consignment.buyer_name)
            .note(catalog.country(&consignment.buyer_country, lang)),
        Fact::new(lang.t("eudr-weight"), words::kilograms(consignment.quantity)),
        Fact::new(lang.t("eudr-plots"), distinct(&position.origins).len().to_string()),
    ]
}

/// By the links of which moment the file goes.
fn taken(position: &Position, changed: bool, lang: Lang) -> String {
    let Some(at) = position.consignment.origin_at else { return lang.t("eudr-taken-now") };
    let id = if changed { "eudr-taken-changed" } else { "eudr-taken-at" };
    lang.fill(id, [("at", Moment::at(lang, at).text)])
}

fn lot(origin: &Origin, sees_plots: bool, lang: Lang) -> Lot {
    let known: rust_decimal::Decimal = origin.shares.iter().filter_map(|share| share.kg).sum();
    Lot {
        number: origin.number.clone(),
        href: if sees_plots { format!("/lots/{}/plots", origin.lot) } else { String::new() },
        source: lang.name_of("lot-source", origin.source.code()),
        kg: words::kilograms(origin.quantity),
        plots: match origin.shares.len() {
            0 => lang.t("eudr-untraced"),
            count => count.to_string(),
        },
        known: if known.is_zero() { lang.t("eudr-kg-unknown") } else { words::kilograms(known) },
    }
}

/// The fields of the statement that the exporter knows, as a page shows them.
fn sheet_facts(position: &Position, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let consignment = &position.consignment;
    let label = |name: &str| lang.name_of("statement-field", name);
    vec![
        Fact::new(label("internal_reference_number"), &consignment.number),
        Fact::new(label("activity_type"), "IMPORT"),
        Fact::new(label("country_of_activity"), catalog.country(&consignment.destination, lang))
            .note(consignment.destination.clone()),
        Fact::new(label("border_cross_country"), catalog.country(&consignment.border_country, lang))
            .note(consignment.border_country.clone()),
        Fact::new(label("hs_heading"), sheet::HEADING),
        Fact::new(label("description_of_goods"), sheet::goods(consignment)),
        Fact::new(label("net_weight"), words::kilograms(consignment.quantity)),
        Fact::new(label("scientific_name"), sheet::SPECIES),
    ]
}

/// A line of what was told; the first is in force.
fn statement(at: usize, told: &Statement, lang: Lang) -> Fact {
    let label = if at == 0 { "eudr-statement-in-force" } else { "eudr-statement-before" };
    let by = format!("{}, {}", told.by.name, Moment::at(lang, told.by.at).text);
    let note = words::told(told, lang).map_or_else(|| by.clone(), |state| format!("{state} {by}"));
    Fact::new(lang.t(label), words::statement(told, lang)).note(note)
}
