//! `/contracts`: what waits, what is in force and until when, what has come back, what has ended.

use axum::extract::State;
use axum::response::Response;
use chrono::Days;
use http::StatusCode;
use serde::Deserialize;

use super::{answer, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat_date, working_days_between};
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::pages::words::{kilograms, price};
use crate::review::state_tag;
use crate::sourcing::contracts::rules::WORKFLOW;
use crate::sourcing::contracts::service::list_file;
use crate::sourcing::contracts::store::list::{Filter, Line, Part};
use crate::web::components::{Choice, EmptyState, Field, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::views::{Cell, Section, Tab, TablePage};
use crate::workflow::ageing::Age;

const PAGE: usize = 25;
/// From so many days before its end on, a contract is listed among those that expire.
const SOON_DAYS: u64 = 30;

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ContractsQuery {
    part: Option<String>,
    q: Option<String>,
    coffee: Option<String>,
    country: Option<String>,
    after: Option<Cursor>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ContractsQuery>,
) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let catalog = state.catalog.get(&state.db, today).await?;
    let usual = if actor.may(Permission::DecideContracts) { Part::Registered } else { Part::All };
    let part = query.part.as_deref().and_then(Part::from_slug).unwrap_or(usual);
    let filter = Filter {
        part,
        search: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()),
        coffee_type: query.coffee.as_deref(),
        country: query.country.as_deref(),
        after: query.after.map(|cursor| (cursor.at, cursor.id)),
        today,
        soon: today + Days::new(SOON_DAYS),
    };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let file = list_file(&state.db, &actor, &filter, limit).await?;
    let page = Page::of(file.lines, PAGE, |line| Cursor { at: line.created_at, id: line.contract_id });
    let address = |part: Part, after: Option<String>| {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        address.append_pair("part", part.slug());
        for (name, value) in [("q", &query.q), ("coffee", &query.coffee), ("country", &query.country)] {
            if let Some(value) = value {
                address.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            address.append_pair("after", &after);
        }
        format!("/contracts?{}", address.finish())
    };
    let older = page.next.map(|cursor| address(part, Some(cursor.to_string())));
    let rows = page.rows.iter().map(|line| row(line, &exchange, &catalog)).collect();
    let any = || Choice::new("", lang.t("common-any"));
    let coffees = std::iter::once(any())
        .chain(catalog.coffee_types.keys().map(|coffee| Choice::new(coffee, catalog.coffee(coffee, lang))));
    let countries = std::iter::once(any())
        .chain(catalog.countries_by_name(lang).into_iter().map(|(code, name)| Choice::new(code, name)));
    let tab = |listed: Part| Tab {
        href: address(listed, None),
        label: lang.name_of("contract-part", listed.slug()),
        count: (listed == Part::Registered).then_some(file.waiting),
        current: listed == part,
    };
    let part_choices =
        Part::ALL.iter().map(|part| Choice::new(part.slug(), lang.name_of("contract-part", part.slug()))).collect();
    let head = ["number", "state", "exporter", "buyer", "coffee", "free", "value", "ship-by"];
    let figures = [false, false, false, false, false, true, true, false];
    let view = TablePage {
        tabs: Part::ALL.iter().copied().map(tab).collect(),
        actions: if actor.may(Permission::RegisterContracts) {
            vec![
                ("/contracts/new".to_owned(), lang.t("contract-new-title")),
                ("/buyers".to_owned(), lang.t("nav-buyers")),
            ]
        } else if actor.may(Permission::DecideContracts) {
            vec![("/buyers".to_owned(), lang.t("nav-buyers"))]
        } else {
            Vec::new()
        },
        filters: vec![
            Field::select("part", lang.t("contract-part"), part_choices).value(part.slug()),
            Field::text("q", lang.t("contract-search")).value(query.q.clone().unwrap_or_default()),
            Field::select("coffee", lang.t("exports-coffee"), coffees.collect())
                .value(query.coffee.clone().unwrap_or_default()),
            Field::select("country", lang.t("exports-destination"), countries.collect())
                .value(query.country.clone().unwrap_or_default()),
        ],
        clear: (query.q.is_some() || query.coffee.is_some() || query.country.is_some())
            .then(|| format!("/contracts?part={}", part.slug())),
        sections: vec![Section {
            id: "contracts",
            title: lang.t("nav-contracts"),
            is_titled: false,
            head: head.iter().zip(figures).map(|(name, is)| (lang.name_of("contract-head", name), is)).collect(),
            rows,
            empty: EmptyState {
                title: lang.t("contract-empty-title"),
                text: lang.t("contract-empty-text"),
                action: actor
                    .may(Permission::RegisterContracts)
                    .then(|| ("/contracts/new".to_owned(), lang.t("contract-new-title"))),
            },
            paging: Some(Paging { newer: query.after.map(|_| address(part, None)), older, shown: String::new() }),
        }],
        ..TablePage::of(exchange.chrome(lang.t("nav-contracts")).wide(), "/contracts")
    };
    answer(&view, StatusCode::OK)
}

fn row(line: &Line, exchange: &Exchange, catalog: &Catalog) -> Vec<Cell> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let is_past = line.status == "APPROVED" && line.shipment_deadline.is_some_and(|last| last < today);
    let state = if is_past { "EXPIRED" } else { line.status.as_str() };
    let mut tags = vec![state_tag(WORKFLOW.states, state, lang)];
    if let Some(limit) = WORKFLOW.limit_in(&line.status) {
        let days = working_days_between(line.updated_at, exchange.now(), &catalog.holidays);
        let tone = match limit.age(days) {
            Age::Fresh => Tone::Neutral,
            Age::Due => Tone::Warn,
            Age::Late => Tone::Bad,
        };
        tags.push(Tag::new(lang.t_args("age-days", &[("days", days.into())]), tone));
    }
    if line.registered_late {
        tags.push(Tag::new(lang.t("contract-tag-late"), Tone::Warn));
    }
    if line.minimum_overridden {
        tags.push(Tag::new(lang.t("contract-tag-below"), Tone::Warn));
    }
    if line.amendment > 0 {
        tags.push(Tag::new(lang.fill("contract-tag-amended", [("number", line.amendment.to_string())]), Tone::Info));
    }
    let coffee = format!(
        "{}, {}",
        catalog.coffee(&line.coffee_type, lang),
        lang.fill("coffee-grade", [("grade", line.grade.clone())])
    );
    let free = (line.quantity - line.reserved_kg).max(rust_decimal::Decimal::ZERO);
    vec![
        Cell::new(&line.contract_number).href(format!("/contracts/{}", line.contract_id)),
        Cell { tags, ..Cell::default() },
        Cell::new(&line.exporter_name),
        Cell::new(&line.buyer_name).note(catalog.country(&line.buyer_country, lang)),
        Cell::new(coffee).note(kilograms(line.quantity)),
        Cell::new(kilograms(free)),
        Cell::new(words::value(&line.currency, line.contract_value))
            .note(format!("{}/kg", price(&line.currency, line.price_per_kg))),
        Cell::new(line.shipment_deadline.map(|last| Moment::day(lang, last).text).unwrap_or_default()),
    ]
}
