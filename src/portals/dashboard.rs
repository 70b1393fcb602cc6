//! `GET /dashboard`: what waits and how old it is, what is due, how many exports stand where.

use axum::extract::State;
use axum::response::Response;

use crate::alerts;
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::model::{ExportStatus, Stage};
use crate::exports::pages::{html, words};
use crate::exports::service::read;
use crate::exports::{CaseLine, Part, QueueCounts, QueueFilter};
use crate::i18n::Lang;
use crate::reports::{self, StateCount};
use crate::web::components::{Bar, BarChart, Fact, Moment, Tile, Tone};
use crate::web::exchange::Exchange;
use crate::web::views::{DashboardList, DashboardPage};

/// Cases in the short lists.
const SHORT: i64 = 6;

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let (now, lang) = (exchange.now(), exchange.lang());
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let filter = QueueFilter::default();
    let queue = read::queue(&state.db, &actor, Part::All, &filter, (None, None), SHORT, &catalog, now).await?;
    let (states, as_of) = reports::service::state_counts(&state.db, &actor).await?;
    let mut chrome = exchange.chrome(lang.t("nav-dashboard")).with_count("/inbox", queue.counts.all).wide();
    if let Some(open) = alerts::count_open(&state.db, &actor).await? {
        chrome = chrome.with_count("/security", open);
    }
    // Who only looks on has no inbox: nothing waits for them.
    let has_inbox = actor.may(Permission::WriteMessages);
    let page = DashboardPage {
        chrome,
        as_of: as_of.map(|at| lang.fill("dashboard-as-of", [("at", Moment::at(lang, at).text)])),
        tiles: tiles(has_inbox.then_some(&queue.counts), &states, lang),
        charts: charts(&states, lang),
        lists: has_inbox.then(|| oldest(&queue.lines, &catalog, &exchange, lang)).into_iter().collect(),
    };
    html(&page)
}

fn tiles(waiting: Option<&QueueCounts>, states: &[StateCount], lang: Lang) -> Vec<Tile> {
    let tile = |label: &str, value: i64, href: &str, tone: Tone| Tile {
        label: lang.t(label),
        value: shown(value),
        note: None,
        href: Some(href.to_owned()),
        tone: if value == 0 { Tone::Neutral } else { tone },
    };
    let open: i64 = states.iter().filter(|count| count.state.is_open()).map(|count| count.count).sum();
    let mut tiles = Vec::new();
    if let Some(counts) = waiting {
        tiles.extend([
            Tile {
                note: counts
                    .oldest
                    .map(|oldest| lang.fill("dashboard-oldest-since", [("at", Moment::at(lang, oldest).text)])),
                ..tile("dashboard-waiting", counts.all, "/inbox", Tone::Info)
            },
            tile("inbox-overdue", counts.late, "/inbox?bucket=overdue", Tone::Bad),
            tile("inbox-due-today", counts.due, "/inbox?bucket=due", Tone::Warn),
            tile("inbox-mine", counts.mine, "/inbox?bucket=mine", Tone::Info),
        ]);
    }
    tiles.push(tile("dashboard-open", open, "/exports", Tone::Neutral));
    tiles
}

/// Counts are exact up to a bound; beyond it one reads "1,000+".
fn shown(value: i64) -> String {
    if value >= read::COUNTED { format!("{}+", crate::quantities::grouped(value.into())) } else { value.to_string() }
}

fn charts(states: &[StateCount], lang: Lang) -> Vec<BarChart> {
    let sum = |keep: &dyn Fn(&StateCount) -> bool| -> i64 {
        states.iter().filter(|count| keep(count)).map(|count| count.count).sum()
    };
    #[allow(clippy::cast_precision_loss, reason = "the length of a bar")]
    let bar = |label: String, value: i64, href: Option<String>, tone: Tone| Bar {
        label,
        value: value as f64,
        shown: crate::quantities::grouped(value.into()),
        href,
        tone,
    };
    let by_stage = Stage::ALL
        .iter()
        .filter(|stage| **stage != Stage::Closed)
        .map(|stage| (stage, sum(&|count| count.state.stage == *stage)))
        .filter(|(_, value)| *value > 0)
        .map(|(stage, value)| bar(lang.name_of("stage", stage.code()), value, None, Tone::Info))
        .collect();
    let by_status = ExportStatus::ALL
        .iter()
        .map(|status| (status, sum(&|count| count.state.status == *status)))
        .filter(|(_, value)| *value > 0)
        .map(|(status, value)| {
            let tag = words::status_tag(*status, lang);
            bar(tag.text, value, Some(format!("/exports?status={}", status.code())), tag.tone)
        })
        .collect();
    vec![
        BarChart {
            id: "by-stage".to_owned(),
            title: lang.t("dashboard-by-stage"),
            label_heading: lang.t("exports-stage"),
            value_heading: lang.t("nav-exports"),
            bars: by_stage,
        },
        BarChart {
            id: "by-status".to_owned(),
            title: lang.t("dashboard-by-status"),
            label_heading: lang.t("exports-status"),
            value_heading: lang.t("nav-exports"),
            bars: by_status,
        },
    ]
}

fn oldest(lines: &[CaseLine], catalog: &Catalog, exchange: &Exchange, lang: Lang) -> DashboardList {
    let facts = lines
        .iter()
        .map(|line| {
            let age = words::ageing(
                line.state,
                line.stage_entered_at,
                line.settlement_due_date,
                exchange.now(),
                catalog,
                lang,
            );
            Fact::new(&line.number, &line.exporter_name)
                .note(age.map(|age| age.text).unwrap_or_default())
                .href(format!("/exports/{}", line.id))
        })
        .collect();
    DashboardList {
        title: lang.t("dashboard-oldest"),
        lines: facts,
        empty: lang.t("inbox-empty-title"),
        more: Some(("/inbox".to_owned(), lang.t("nav-inbox"))),
    }
}

/// Who sees exports has a dashboard of them; the others begin at what they run.
#[must_use]
pub fn home_of(actor: &Actor) -> &'static str {
    if actor.may(Permission::ViewExports) {
        "/dashboard"
    } else if actor.may(Permission::ViewLots) {
        "/lots"
    } else if actor.may(Permission::ViewSystem) {
        "/admin/system"
    } else if actor.may(Permission::ViewAlerts) {
        // Who administers a desk decides nothing there: what waits for them are alerts.
        "/security"
    } else {
        "/help"
    }
}
