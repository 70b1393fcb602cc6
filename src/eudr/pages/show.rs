//! `GET /plots/{id}`: a plot with its map, and the same as a file.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use super::{plot_id, words};
use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::documents::file_name::{Disposition, content_disposition};
use crate::error::AppError;
use crate::eudr::geojson::{Written, collection, read_geometry};
use crate::eudr::geometry::{Geometry, Position};
use crate::eudr::map::{PlotMap, draw};
use crate::eudr::model::{Plot, PlotState};
use crate::eudr::rules::{against_changing, against_stating};
use crate::eudr::service::read::{self, PlotPage};
use crate::exports::catalog::Catalog;
use crate::exports::pages::html;
use crate::i18n::Lang;
use crate::web::chrome::Chrome;
use crate::web::components::{Fact, Moment, Tag};
use crate::web::exchange::Exchange;

/// Positions that the page lists; the file has all.
const MOST_LISTED: usize = 200;

#[derive(Template)]
#[template(path = "eudr/plot.html")]
struct View {
    chrome: Chrome,
    tags: Vec<Tag>,
    notice: Option<(String, Option<String>)>,
    facts: Vec<Fact>,
    actions: Vec<(String, String)>,
    map: Option<PlotMap>,
    map_title: String,
    map_text: String,
    corners: Vec<Corner>,
    corners_title: String,
    file_href: String,
    revisions: Vec<Fact>,
}

/// A place of the plot, as the table lists it.
struct Corner {
    place: String,
    longitude: String,
    latitude: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let PlotPage { plot, revisions } = read::plot(&state.db, &actor, plot_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let geometry = geometry_of(&plot)?;
    let tags = vec![
        words::status_tag(if plot.state == PlotState::Active { "ACTIVE" } else { "RETIRED" }, lang),
        words::cutoff_tag(plot.cutoff.is_some(), lang),
    ];
    let shape = words::shape(&plot.geometry_kind, plot.positions, lang);
    let corners = corners(&geometry, lang);
    html(&View {
        tags,
        notice: notice(&plot, lang),
        facts: facts(&plot, &actor, &catalog, lang),
        actions: actions(&plot, &actor, lang),
        map: draw(&[(&plot.number, &geometry)]),
        map_title: lang.fill("plots-map-title", [("number", plot.number.clone())]),
        map_text: format!("{shape}. {}", words::bounds(plot.bounds, lang)),
        corners_title: lang
            .fill("plots-positions", [("shown", corners.len().to_string()), ("all", plot.positions.to_string())]),
        corners,
        file_href: format!("/plots/{}/file", plot.id),
        revisions: revisions
            .iter()
            .filter(|(other, _, _)| *other != plot.id)
            .map(|(other, number, at)| {
                Fact::new(
                    lang.fill("plots-revision-number", [("number", number.to_string())]),
                    Moment::at(lang, *at).text,
                )
                .href(format!("/plots/{other}"))
            })
            .collect(),
        chrome: exchange.chrome(lang.fill("plots-title", [("number", plot.number)])).wide(),
    })
}

/// The geometry of a stored plot.
pub(in crate::eudr) fn geometry_of(plot: &Plot) -> Result<Geometry, AppError> {
    read_geometry(&plot.geometry)
        .map(|(geometry, _)| geometry)
        .map_err(|_| AppError::internal(anyhow::anyhow!("the geometry of plot {} cannot be read", plot.id)))
}

/// What a reader has to know before anything else, and where to go on.
fn notice(plot: &Plot, lang: Lang) -> Option<(String, Option<String>)> {
    if let Some(newer) = plot.superseded_by {
        return Some((lang.t("plots-superseded"), Some(format!("/plots/{newer}"))));
    }
    match &plot.state {
        PlotState::Active => None,
        PlotState::Retired { by, reason } => {
            let values = [("by", by.name.clone()), ("at", Moment::at(lang, by.at).text), ("reason", reason.clone())];
            Some((lang.fill("plots-retired-because", values), None))
        }
    }
}

fn facts(plot: &Plot, actor: &Actor, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let by = |by: &crate::eudr::model::By| format!("{}, {}", by.name, Moment::at(lang, by.at).text);
    let mut facts = vec![
        Fact::new(lang.t("plots-producer"), &plot.producer_name).note(catalog.country(&plot.producer_country, lang)),
        Fact::new(lang.t("plots-production-place"), &plot.production_place),
        Fact::new(lang.t("plots-area"), words::hectares(plot.area)).note(
            lang.t(if plot.geometry_kind.ends_with("Point") { "plots-area-stated" } else { "plots-area-measured" }),
        ),
        Fact::new(lang.t("plots-shape-label"), words::shape(&plot.geometry_kind, plot.positions, lang))
            .note(words::bounds(plot.bounds, lang)),
        match &plot.cutoff {
            Some((cutoff, stated)) => Fact::new(
                lang.t("plots-cutoff"),
                lang.fill(
                    "plots-stated-by",
                    [("by", stated.name.clone()), ("date", Moment::legal_day(lang, eat_date(stated.at)).text)],
                ),
            )
            .note(format!("{}: {}", lang.name_of("plot-evidence", cutoff.kind.code()), cutoff.evidence)),
            None => Fact::new(lang.t("plots-cutoff"), lang.t("plots-not-stated")),
        },
        Fact::new(lang.t("plots-created"), by(&plot.created)).note(
            plot.file_name.clone().map_or_else(String::new, |name| lang.fill("plots-from-file", [("name", name)])),
        ),
        Fact::new(
            lang.t("plots-revision-label"),
            lang.fill("plots-revision-number", [("number", plot.revision.to_string())]),
        ),
    ];
    if actor.organization.kind != OrganizationKind::Exporter {
        let owner = lang.pick(&plot.owner.0, &plot.owner.1);
        facts.insert(0, Fact::new(lang.t("lots-owner"), owner));
    }
    facts
}

/// What the viewer may do with it: address and words.
fn actions(plot: &Plot, actor: &Actor, lang: Lang) -> Vec<(String, String)> {
    let mut actions = Vec::new();
    if against_stating(plot, actor).is_none() {
        actions.push((format!("/plots/{}/cut-off", plot.id), lang.t("plots-cutoff-action")));
    }
    if against_changing(plot, actor).is_none() {
        actions.push((format!("/plots/{}/revision", plot.id), lang.t("plots-revision-action")));
        actions.push((format!("/plots/{}/retirement", plot.id), lang.t("plots-retirement-action")));
    }
    actions
}

fn corners(geometry: &Geometry, lang: Lang) -> Vec<Corner> {
    let corner = |part: Option<usize>, index: usize, place: &Position| {
        let number = index + 1;
        let text = place.to_string();
        let (longitude, latitude) = text.trim_matches(['[', ']']).split_once(',').unwrap_or_default();
        Corner {
            place: match part {
                Some(part) => format!("{} {number}", lang.fill("plots-place-part", [("number", part.to_string())])),
                None => number.to_string(),
            },
            longitude: longitude.to_owned(),
            latitude: latitude.to_owned(),
        }
    };
    let mut corners: Vec<Corner> = Vec::new();
    if geometry.has_outline() {
        let is_several = geometry.rings().len() > 1;
        for (part, ring) in geometry.rings().iter().enumerate() {
            let part = is_several.then_some(part + 1);
            corners.extend(ring.positions().iter().enumerate().map(|(index, place)| corner(part, index, place)));
        }
    } else {
        corners.extend(geometry.positions().enumerate().map(|(index, place)| corner(None, index, place)));
    }
    corners.truncate(MOST_LISTED);
    corners
}

/// `GET /plots/{id}/file`: the plot alone, in the EU's format.
pub(super) async fn file(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let plot = read::plot(&state.db, &actor, plot_id(&id)?).await?.ok_or(AppError::NotFound)?.plot;
    geojson_file(&format!("{}.geojson", plot.number.replace('/', "-")), collection([written(&plot)]))
}

/// A plot as the file has it.
pub(in crate::eudr) fn written(plot: &Plot) -> Written<'_> {
    Written {
        producer_name: &plot.producer_name,
        producer_country: &plot.producer_country,
        production_place: &plot.production_place,
        area: plot.area,
        geometry: &plot.geometry,
    }
}

/// A file to be saved.
pub(in crate::eudr) fn geojson_file(name: &str, text: String) -> Result<Response, AppError> {
    let named = content_disposition(Disposition::Attachment, name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/geo+json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).map_err(AppError::internal)?),
    ];
    Ok((headers, text).into_response())
}
