//! `/reference/prices`: the minimum export prices of a week, by coffee and grade; and the form that enters them at once,
//! shown as it would be read before anything is stored.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::figures::heads;
use super::{Fields, Typed, answer, form, history, nothing, page_of, send};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::quantities::{check_price, per_pound_cents};
use crate::reference::model::Week;
use crate::reference::price_table::{self, Line};
use crate::reference::rules;
use crate::reference::service::{self, SetPrices};
use crate::web::components::{Choice, Field, FieldGroup, FieldKind, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::views::{Cell, Section};
use crate::workflow::Problem;
use crate::workflow::words::problem;

const HERE: &str = "/reference/prices";

/// What the form asks, whether its table is looked at or stored.
pub(super) const FIELDS: &[&str] = &["week", "table", "reason"];

/// Of which week.
#[derive(Debug, Default, Deserialize)]
pub(super) struct WeekQuery {
    week: Option<String>,
}

impl WeekQuery {
    /// The week asked for; this one where none is, or what is no week.
    fn week(&self, exchange: &Exchange) -> Week {
        let asked = self.week.as_deref().and_then(|week| week.parse().ok());
        asked.unwrap_or_else(|| Week::of(eat_date(exchange.now())))
    }
}

fn week_name(week: Week, lang: Lang) -> String {
    let day = |days: i64| Moment::day(lang, week.monday() + chrono::Duration::days(days)).text;
    lang.fill("reference-week", [("week", week.to_string()), ("first", day(0)), ("last", day(6))])
}

fn percent(gap: Decimal) -> String {
    format!("{}{} %", if gap > Decimal::ZERO { "+" } else { "" }, gap.normalize())
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<WeekQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let week = query.week(&exchange);
    let found = service::price_page(&state.db, &state.directory, &actor, week).await?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let rows = found
        .prices
        .iter()
        .map(|price| {
            let before = found.before.iter().find(|b| b.coffee_type == price.coffee_type && b.grade == price.grade);
            let gap = before.and_then(|before| check_price(price.usd_per_kg, before.usd_per_kg));
            vec![
                Cell::new(catalog.coffee(&price.coffee_type, lang)),
                Cell::new(&price.grade),
                Cell::new(price.usd_per_kg.normalize().to_string()),
                Cell::new(per_pound_cents(price.usd_per_kg).to_string()),
                Cell::new(gap.map_or_else(|| "–".to_owned(), |gap| percent(gap.gap_percent))),
                Cell::new(&price.number),
            ]
        })
        .collect();
    let mut page = page_of(&exchange, lang.t("reference-prices"), HERE);
    page.lead = vec![week_name(week, lang)];
    page.filters = vec![Field::text("week", lang.name_of("reference-head", "week")).value(week.to_string()).width(10)];
    page.clear = query.week.as_ref().map(|_| HERE.to_owned());
    if actor.may(Permission::SetAuthorityFigures) {
        page.actions = vec![(format!("{HERE}/new?week={week}"), lang.t("reference-prices-new"))];
    }
    let columns =
        [("coffee", false), ("grade", false), ("usd", true), ("cents", true), ("change", true), ("number", false)];
    page.sections = vec![
        Section {
            id: "prices",
            title: lang.t("reference-prices"),
            is_titled: false,
            head: heads(&columns, lang),
            rows,
            empty: nothing(lang.t("reference-prices-empty")),
            paging: Some(crate::web::components::Paging {
                newer: Some(format!("{HERE}?week={}", week.plus(1))),
                older: Some(format!("{HERE}?week={}", week.plus(-1))),
                shown: week.to_string(),
            }),
        },
        history(&found.changes, &found.names, lang),
    ];
    answer(&page, StatusCode::OK)
}

pub(super) async fn new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<WeekQuery>,
) -> Result<Response, AppError> {
    let week = query.week(&exchange);
    let table = service::price_table(&state.db, &actor, week, "", eat_date(exchange.now())).await?;
    // What stands is typed over; where nothing does, that of the week before.
    let stands = if table.known.of_week.is_empty() { &table.known.before } else { &table.known.of_week };
    let values = [("week".to_owned(), week.to_string()), ("table".to_owned(), price_table::written(stands))];
    let typed = Typed { values: Some(values.into()), ..Typed::default() };
    form_page(&exchange, &typed)
}

/// The page on which a week's table is typed or pasted.
fn form_page(exchange: &Exchange, typed: &Typed) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut page = page_of(exchange, lang.t("reference-prices-new"), HERE);
    page.lead = vec![lang.t("reference-prices-new-lead")];
    let groups = vec![FieldGroup::plain(vec![week_field(exchange), table_field(lang)])];
    let mut form = form(exchange, format!("{HERE}/check"), None, groups, typed, "reference-prices-check");
    form.cancel = Some(HERE.to_owned());
    page.forms = vec![(lang.t("reference-prices-new"), form)];
    answer(&page, typed.status())
}

fn week_field(exchange: &Exchange) -> Field {
    let lang = exchange.lang();
    let (first, last) = rules::price_weeks(eat_date(exchange.now()));
    let mut weeks = Vec::new();
    let mut week = first;
    while week <= last {
        weeks.push(Choice::new(week.to_string(), week_name(week, lang)));
        week = week.plus(1);
    }
    Field::select("week", lang.name_of("reference-head", "week"), weeks).wide()
}

fn table_field(lang: Lang) -> Field {
    Field::new(FieldKind::TextArea { rows: 20 }, "table", lang.t("reference-table"))
        .hint(lang.t("reference-table-hint"))
}

/// Reads the table and shows what it says, without storing anything.
pub(super) async fn check(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    checked(&state, &exchange, &actor, Typed { values: Some(submission.fields), ..Typed::default() }).await
}

pub(super) async fn set(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = SetPrices { fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, HERE.to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => checked(&state, &exchange, &actor, typed).await,
    }
}

async fn checked(state: &AppState, exchange: &Exchange, actor: &Actor, mut typed: Typed) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let value = |name: &str| typed.values.as_ref().and_then(|values| values.get(name)).cloned().unwrap_or_default();
    let Ok(week) = value("week").parse::<Week>() else {
        typed.problems.add("week", Problem::NotAChoice);
        return form_page(exchange, &typed);
    };
    let table = service::price_table(&state.db, actor, week, &value("table"), today).await?;
    let wrong = table.lines.iter().filter(|line| line.read.is_err()).count();
    if table.lines.is_empty() {
        typed.problems.add("table", Problem::Missing);
        return form_page(exchange, &typed);
    }
    if wrong > 0 && typed.problems.is_empty() {
        typed.problems.add("table", Problem::Refused { text_id: "problem-price-lines", arguments: Vec::new() });
    }
    let mut page = page_of(exchange, lang.t("reference-prices-checked"), HERE);
    let counts = [("lines", table.lines.len().into()), ("wrong", wrong.into())];
    page.lead = vec![week_name(week, lang), lang.t_args("reference-prices-counts", &counts)];
    let columns =
        [("line", true), ("coffee", false), ("grade", false), ("usd", true), ("change", true), ("read", false)];
    page.sections = vec![Section {
        id: "lines",
        title: lang.t("reference-prices-checked"),
        is_titled: false,
        head: heads(&columns, lang),
        rows: table.lines.iter().map(|line| row(line, lang)).collect(),
        empty: nothing(lang.t("reference-prices-empty")),
        paging: None,
    }];
    let replaces = |line: &Line| line.read.as_ref().is_ok_and(|read| read.stands.is_some() && !read.is_unchanged());
    page.forms = forms(exchange, &typed, (wrong > 0, table.lines.iter().any(replaces)), lang);
    answer(&page, typed.status())
}

fn row(line: &Line, lang: Lang) -> Vec<Cell> {
    let (change, verdict) = match &line.read {
        Ok(read) => {
            let change = read.gap_percent.map(percent).unwrap_or_default();
            let tag = if read.is_unchanged() {
                Tag::new(lang.t("reference-line-same"), Tone::Neutral)
            } else if read.stands.is_some() {
                Tag::new(lang.t("reference-line-replaces"), Tone::Warn)
            } else if read.is_striking() {
                Tag::new(lang.t("reference-line-striking"), Tone::Warn)
            } else {
                Tag::new(lang.t("reference-line-new"), Tone::Good)
            };
            (change, Cell::tagged(vec![tag]))
        }
        Err(found) => {
            (String::new(), Cell::new(problem(found, lang)).tag(Tag::new(lang.t("reference-line-wrong"), Tone::Bad)))
        }
    };
    vec![
        Cell::new(line.number.to_string()),
        Cell::new(&line.coffee),
        Cell::new(&line.grade),
        Cell::new(&line.price),
        Cell::new(change),
        verdict,
    ]
}

/// The table once more, to be corrected; and, where every line is right, to be stored. A line that replaces what stands
/// needs a reason.
fn forms(exchange: &Exchange, typed: &Typed, (is_wrong, replaces): (bool, bool), lang: Lang) -> Vec<(String, Form)> {
    let reason = Field::textarea("reason", lang.t("reference-reason")).hint(lang.t("reference-reason-hint"));
    let reason = if replaces { reason } else { reason.optional() };
    let fields = vec![week_field(exchange), table_field(lang), reason];
    let (action, submit, title) = if is_wrong {
        (format!("{HERE}/check"), "reference-prices-check", "reference-prices-correct")
    } else {
        (HERE.to_owned(), "reference-prices-store", "reference-prices-store-title")
    };
    let mut whole = form(exchange, action, None, vec![FieldGroup::plain(fields)], typed, submit);
    whole.cancel = Some(HERE.to_owned());
    if !is_wrong {
        whole.also = Some(crate::web::components::AlsoButton {
            action: format!("{HERE}/check"),
            label: lang.t("reference-prices-check"),
        });
    }
    vec![(lang.t(title), whole)]
}
