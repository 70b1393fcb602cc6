//! `GET /plots`: number, producer, place, area, what was stated.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::words;
use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::error::AppError;
use crate::eudr::service::read;
use crate::eudr::store::PlotFilter;
use crate::exports::pages::html;
use crate::i18n::Lang;
use crate::ids::PlotId;
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, EmptyState, Field, Paging, Tag};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;

const PAGE: usize = 50;
const STATUSES: &[&str] = &["ACTIVE", "RETIRED"];

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PlotsQuery {
    q: Option<String>,
    status: Option<String>,
    stated: Option<String>,
    after: Option<Cursor>,
}

#[derive(Template)]
#[template(path = "eudr/plots.html")]
struct PlotsPage {
    chrome: Chrome,
    manages: bool,
    shows_owner: bool,
    filters: Vec<Field>,
    clear: Option<String>,
    rows: Vec<PlotRow>,
    paging: Paging,
    empty: EmptyState,
}

struct PlotRow {
    href: String,
    number: String,
    producer: String,
    place: String,
    area: String,
    shape: String,
    cutoff: Tag,
    status: Tag,
    owner: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<PlotsQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let filter = PlotFilter {
        text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        status: query.status.clone().filter(|status| STATUSES.contains(&status.as_str())),
        is_stated: match query.stated.as_deref() {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        },
        after: query.after.map(|cursor| (cursor.at, PlotId(cursor.id))),
    };
    let plots = read::list(&state.db, &actor, &filter, i64::try_from(PAGE).unwrap_or(i64::MAX) + 1).await?;
    let page = Page::of(plots, PAGE, |plot| Cursor { at: plot.created_at, id: plot.plot_id.0 });
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", &query.q), ("status", &query.status), ("stated", &query.stated)] {
        if let Some(value) = value {
            address.append_pair(name, value);
        }
    }
    let older = page.next.map(|cursor| {
        address.append_pair("after", &cursor.to_string());
        format!("/plots?{}", address.finish())
    });
    let manages = actor.may(Permission::ManagePlots);
    let is_narrowed = query.q.is_some() || query.status.is_some() || query.stated.is_some();
    let rows = page
        .rows
        .into_iter()
        .map(|plot| PlotRow {
            href: format!("/plots/{}", plot.plot_id),
            area: words::hectares(plot.area_ha),
            shape: words::shape(&plot.geometry_kind, plot.positions, lang),
            cutoff: words::cutoff_tag(plot.is_stated, lang),
            status: words::status_tag(&plot.status, lang),
            number: plot.plot_number,
            producer: plot.producer_name,
            place: plot.production_place,
            owner: lang.pick(plot.owner, plot.owner_am),
        })
        .collect();
    html(&PlotsPage {
        chrome: exchange.chrome(lang.t("nav-plots")).wide(),
        manages,
        shows_owner: actor.organization.kind != OrganizationKind::Exporter,
        filters: filters(&query, lang),
        clear: is_narrowed.then(|| "/plots".to_owned()),
        rows,
        paging: Paging { newer: query.after.map(|_| "/plots".to_owned()), older, shown: String::new() },
        empty: EmptyState {
            title: lang.t("plots-empty-title"),
            text: lang.t(if is_narrowed { "exports-empty-text" } else { "plots-empty-text" }),
            action: (manages && !is_narrowed).then(|| ("/plots/import".to_owned(), lang.t("plots-import-title"))),
        },
    })
}

fn filters(query: &PlotsQuery, lang: Lang) -> Vec<Field> {
    let any = || Choice::new("", lang.t("common-any"));
    let mut statuses = vec![any()];
    statuses.extend(STATUSES.iter().map(|status| Choice::new(*status, lang.name_of("plot-status", status))));
    let stated =
        vec![any(), Choice::new("yes", lang.t("plots-stated-tag")), Choice::new("no", lang.t("plots-not-stated-tag"))];
    vec![
        Field::text("q", lang.t("plots-search")).value(query.q.clone().unwrap_or_default()),
        Field::select("status", lang.t("exports-status"), statuses).value(query.status.clone().unwrap_or_default()),
        Field::select("stated", lang.t("plots-cutoff"), stated).value(query.stated.clone().unwrap_or_default()),
    ]
}
