//! `GET /security`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Timelike, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::{HOME, words};
use crate::alerts::model::{Activity, Alert, Period, Refused, scope_of};
use crate::alerts::rules::FAILURE;
use crate::alerts::service::{self, Board, OPEN};
use crate::app::AppState;
use crate::audit::address;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat, format_time};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::chrome::Chrome;
use crate::web::components::{Bar, BarChart, EmptyState, Moment, Paging, Tag, Tile, Tone};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::views::{Cell, Section, Tab};

/// Acknowledged alerts on a page.
const PAGE: usize = 20;

#[derive(Debug, Default, Deserialize)]
pub(super) struct BoardQuery {
    period: Option<String>,
    after: Option<Cursor>,
}

impl BoardQuery {
    fn period(&self) -> Period {
        self.period.as_deref().and_then(Period::from_code).unwrap_or(Period::Day)
    }
}

fn address(period: Period, after: Option<Cursor>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if period != Period::Day {
        query.append_pair("period", period.code());
    }
    if let Some(after) = after {
        query.append_pair("after", &after.to_string());
    }
    let query = query.finish();
    if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{query}") }
}

#[derive(Template)]
#[template(path = "alerts/security.html", blocks = ["figures"])]
struct SecurityPage {
    chrome: Chrome,
    lead: String,
    here: String,
    periods: Vec<Tab>,
    tiles: Vec<Tile>,
    sections: Vec<Section>,
    hours: BarChart,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<BoardQuery>,
) -> Result<Response, AppError> {
    let (now, lang, period) = (exchange.now(), exchange.lang(), query.period());
    let after = query.after.map(|cursor| (cursor.at, cursor.id));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let board = service::board((&state.db, &state.directory), &actor, period, (after, limit), now).await?;
    let lead = if scope_of(&actor).is_some() { "alerts-lead-own" } else { "alerts-lead" };
    let view = SecurityPage {
        chrome: exchange.chrome(lang.t("alerts-title")).with_count(HOME, board.open_count).wide(),
        lead: lang.t(lead),
        here: exchange.path().to_owned(),
        periods: Period::ALL
            .iter()
            .map(|one| Tab {
                href: address(*one, None),
                label: lang.name_of("alerts-period", one.code()),
                count: None,
                current: *one == period,
            })
            .collect(),
        tiles: tiles(&board, period, &actor, now, lang),
        sections: sections(&board, &query, &actor, lang),
        hours: hours(&board, period, now, lang),
    };
    if exchange.htmx().is_fragment() {
        return crate::web::answer(&view.as_figures(), StatusCode::OK);
    }
    crate::web::answer(&view, StatusCode::OK)
}

fn tiles(board: &Board, period: Period, actor: &Actor, now: DateTime<Utc>, lang: Lang) -> Vec<Tile> {
    let (total, from) = (board.total(), period.begins(now));
    let tile = |id: &str, value: i64, href: Option<String>, tone: Tone| Tile {
        label: lang.t(id),
        value: grouped(value.into()),
        note: None,
        href,
        tone: if value == 0 { Tone::Neutral } else { tone },
    };
    let found = |event: &str| words::search(&[("event", event)], from, actor);
    let staff = (scope_of(actor).is_some() && actor.may(Permission::ManageStaff)).then(|| "/staff/sessions".to_owned());
    vec![
        tile("alerts-open", board.open_count, None, Tone::Bad),
        tile("alerts-failures", total.failures, found(FAILURE), Tone::Warn),
        tile("alerts-denials", total.denials, found("UNAUTHORIZED_ACCESS"), Tone::Warn),
        tile("alerts-exports", total.exports, found("DATA_EXPORT"), Tone::Info),
        tile("alerts-sign-ins", total.sign_ins, found("LOGIN_SUCCESS"), Tone::Info),
        tile("alerts-sessions", board.sessions, staff, Tone::Info),
    ]
}

fn sections(board: &Board, query: &BoardQuery, actor: &Actor, lang: Lang) -> Vec<Section> {
    let section = |id: &'static str, head: &[(&str, bool)], rows: Vec<Vec<Cell>>| Section {
        id,
        title: lang.name_of("alerts-part", id),
        is_titled: true,
        head: head.iter().map(|(name, is_figure)| (lang.name_of("alerts-head", name), *is_figure)).collect(),
        rows,
        empty: EmptyState { title: lang.name_of("alerts-part-empty", id), text: String::new(), action: None },
        paging: None,
    };
    let open = Section {
        paging: (board.open_count > OPEN)
            .then(|| Paging { shown: lang.fill("alerts-more", [("rows", OPEN.to_string())]), ..Paging::default() }),
        ..section(
            "open",
            &[("alert", false), ("about", false), ("counted", false), ("last", false)],
            board.open.iter().map(|alert| open_row(alert, board, lang)).collect(),
        )
    };
    let done = Page::of(board.done.iter().collect::<Vec<_>>(), PAGE, |alert: &&Alert| Cursor {
        at: alert.acknowledged.as_ref().map_or(alert.until, |done| done.at),
        id: alert.id.0,
    });
    let acknowledged = Section {
        paging: Some(Paging {
            newer: query.after.map(|_| address(query.period(), None)),
            older: done.next.map(|cursor| address(query.period(), Some(cursor))),
            shown: String::new(),
        })
        .filter(|paging| paging.newer.is_some() || paging.older.is_some()),
        ..section(
            "acknowledged",
            &[("alert", false), ("about", false), ("counted", false), ("by", false), ("note", false)],
            done.rows.iter().map(|alert| done_row(alert, board, lang)).collect(),
        )
    };
    // From where somebody has tried is a column for who may know it.
    let knows_where = board.failures.iter().any(|one| one.address.is_some());
    let failures_head = &[("at", false), ("account", false), ("address", false)][..if knows_where { 3 } else { 2 }];
    vec![
        open,
        section(
            "failures",
            failures_head,
            board.failures.iter().map(|one| failure_row(one, knows_where, board, actor, lang)).collect(),
        ),
        section(
            "denials",
            &[("at", false), ("person", false), ("why", false), ("facts", false)],
            board.denials.iter().map(|one| denial_row(one, board, actor, lang)).collect(),
        ),
        acknowledged,
    ]
}

fn named(alert: &Alert, board: &Board, lang: Lang) -> [Cell; 3] {
    let organization = alert.organization.and_then(|id| board.names.of(id, lang)).unwrap_or_default();
    let (counted, why) = words::figure(alert, lang);
    [
        Cell::new(lang.name_of("alerts-rule", alert.rule.code()))
            .href(format!("/security/alerts/{}", alert.id))
            .tag(words::severity(alert.severity, lang)),
        Cell::new(words::subject(alert, &board.names, lang)).note(organization),
        Cell::new(counted).note(why),
    ]
}

fn open_row(alert: &Alert, board: &Board, lang: Lang) -> Vec<Cell> {
    let last = Cell::new(Moment::at(lang, alert.until).text);
    let last = if alert.concerns_viewer { last.tag(Tag::new(lang.t("alerts-about-you"), Tone::Info)) } else { last };
    named(alert, board, lang).into_iter().chain([last]).collect()
}

fn done_row(alert: &Alert, board: &Board, lang: Lang) -> Vec<Cell> {
    let (by, at, note) = alert.acknowledged.as_ref().map_or_else(Default::default, |done| {
        (words::person(done.by.0, &board.names, lang), Moment::at(lang, done.at).text, done.note.clone())
    });
    named(alert, board, lang).into_iter().chain([Cell::new(by).note(at), Cell::new(note)]).collect()
}

fn moment_cell(one: &Refused, actor: &Actor, lang: Lang) -> Cell {
    Cell { href: words::event_page(one.at, one.id, actor), ..Cell::new(Moment::at(lang, one.at).text) }
}

/// Somebody with the name of their organisation, leading to what the record has about them.
fn person_cell(one: &Refused, event: &str, board: &Board, actor: &Actor, lang: Lang) -> Cell {
    let Some(person) = one.person else { return Cell::new(lang.t("alerts-no-account")) };
    let organization = one.organization.and_then(|id| board.names.of(id, lang)).unwrap_or_default();
    let about = address::about("user", person);
    Cell {
        href: words::search(&[("about", &about), ("event", event)], one.at, actor),
        ..Cell::new(words::person(person, &board.names, lang)).note(organization)
    }
}

fn failure_row(one: &Refused, knows_where: bool, board: &Board, actor: &Actor, lang: Lang) -> Vec<Cell> {
    let address = knows_where.then(|| Cell::new(one.address.clone().unwrap_or_default()));
    [moment_cell(one, actor, lang), person_cell(one, FAILURE, board, actor, lang)].into_iter().chain(address).collect()
}

/// Why an access was denied: the codes of `app::refusals`.
const DENIED: [&str; 4] = ["PERMISSION", "STEP", "FORM_TOKEN", "FOREIGN_SITE"];

fn denial_row(one: &Refused, board: &Board, actor: &Actor, lang: Lang) -> Vec<Cell> {
    let code = one.details.get("why").and_then(|why| why.as_str()).unwrap_or_default();
    let why = if DENIED.contains(&code) { lang.name_of("alerts-denied", code) } else { code.to_owned() };
    vec![
        moment_cell(one, actor, lang),
        person_cell(one, "UNAUTHORIZED_ACCESS", board, actor, lang),
        Cell::new(why),
        Cell::new(words::facts(&one.details, lang)),
    ]
}

/// The activity hour by hour: of a day in the order of its hours, of a week by the hour of the day.
fn hours(board: &Board, period: Period, now: DateTime<Utc>, lang: Lang) -> BarChart {
    let mut slots = [Activity::default(); 24];
    for (hour, counts) in &board.hours {
        if let Some(slot) = slots.get_mut(eat(*hour).hour() as usize) {
            *slot += *counts;
        }
    }
    let first = match period {
        Period::Day => eat(period.begins(now)).hour() as usize,
        Period::Week => 0,
    };
    let bars = (0..24).map(|n| {
        let hour = (first + n) % 24;
        let counts = slots[hour];
        let refused = counts.failures + counts.denials;
        let events = grouped(counts.events.into());
        #[allow(clippy::cast_precision_loss, reason = "the length of a bar")]
        Bar {
            label: format!("{hour:02}:00"),
            value: counts.events as f64,
            shown: if refused == 0 {
                events
            } else {
                lang.fill("alerts-hour-refused", [("events", events), ("refused", grouped(refused.into()))])
            },
            href: None,
            tone: if refused == 0 { Tone::Info } else { Tone::Warn },
        }
    });
    let title = match period {
        Period::Day => {
            let (from, until) = (Moment::at(lang, period.begins(now)).text, format_time(eat(now)));
            lang.fill("alerts-hours-day", [("from", from), ("until", until)])
        }
        Period::Week => lang.t("alerts-hours-week"),
    };
    BarChart {
        id: "hours".to_owned(),
        title,
        label_heading: lang.t("alerts-hour"),
        value_heading: lang.t("alerts-events"),
        bars: bars.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::organizations::directory::Names;

    fn board(hours: &[(&str, Activity)]) -> Board {
        Board {
            hours: hours.iter().map(|(at, counts)| (at.parse().unwrap(), *counts)).collect::<BTreeMap<_, _>>(),
            sessions: 0,
            open_count: 0,
            open: Vec::new(),
            done: Vec::new(),
            failures: Vec::new(),
            denials: Vec::new(),
            names: Names::default(),
        }
    }

    #[test]
    fn a_day_ends_with_the_present_hour_and_a_week_is_folded_into_one_day() {
        let now: DateTime<Utc> = "2026-11-29T09:41:00Z".parse().unwrap();
        let some = |events| Activity { events, ..Activity::default() };
        let refused = Activity { events: 9, failures: 2, denials: 1, ..Activity::default() };
        let board = board(&[
            ("2026-11-28T10:00:00Z", some(3)),
            ("2026-11-29T08:00:00Z", some(4)),
            ("2026-11-29T09:00:00Z", refused),
        ]);
        let day = hours(&board, Period::Day, now, Lang::EN);
        assert_eq!((day.bars.len(), day.bars[0].label.as_str()), (24, "13:00"), "in East Africa");
        assert_eq!((day.bars[0].shown.as_str(), day.bars[1].shown.as_str()), ("3", "0"));
        let last = &day.bars[23];
        assert_eq!(
            (last.label.as_str(), last.shown.as_str(), last.tone),
            ("12:00", "9, of which 3 refused", Tone::Warn)
        );
        let week = hours(&board, Period::Week, now, Lang::EN);
        assert_eq!((week.bars[0].label.as_str(), week.bars[13].shown.as_str()), ("00:00", "3"));
        assert_eq!(week.bars.iter().map(|bar| bar.value).sum::<f64>(), 16.0);
    }

    #[test]
    fn every_denial_has_its_words() {
        for &lang in Lang::ALL {
            for code in DENIED {
                assert!(!lang.name_of("alerts-denied", code).is_empty());
            }
        }
    }
}
