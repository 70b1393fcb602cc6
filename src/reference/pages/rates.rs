//! `/reference/rates`: birr for one unit of each currency, by day.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use super::figures::heads;
use super::{Fields, Typed, answer, form, history, nothing, page_of, send};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::reference::service::{self, SetRates};
use crate::web::components::{Field, FieldGroup, Moment, Paging};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::views::{Cell, Section};

const HERE: &str = "/reference/rates";

/// What the form asks: the day, and a rate for each currency.
pub(super) const FIELDS: &[&str] = &["rate_day", service::ANY_RATE_FIELD, "reason"];

/// Where in the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RatesQuery {
    before: Option<NaiveDate>,
}

/// Of which day.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DayQuery {
    day: Option<NaiveDate>,
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<RatesQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = service::rates_page(&state.db, &state.directory, &actor, query.before).await?;
    let mut days: Vec<NaiveDate> = found.rates.iter().map(|rate| rate.day).collect();
    days.dedup();
    let rows = days
        .into_iter()
        .map(|day| {
            let of = |currency: &str| {
                let rate = found.rates.iter().find(|rate| rate.day == day && rate.currency == currency);
                Cell::new(rate.map_or_else(|| "–".to_owned(), |rate| rate.etb_per_unit.normalize().to_string()))
            };
            let first = Cell::new(Moment::day(lang, day).text);
            std::iter::once(first).chain(found.currencies.iter().map(|(currency, _)| of(currency))).collect()
        })
        .collect();
    let mut head = heads(&[("day", false)], lang);
    head.extend(found.currencies.iter().map(|(currency, _)| (currency.clone(), true)));
    let mut page = page_of(&exchange, lang.t("reference-rates"), HERE);
    page.lead = vec![lang.t("reference-rates-lead")];
    if actor.may(Permission::SetExchangeRates) {
        page.actions = vec![(format!("{HERE}/new"), lang.t("reference-rates-new"))];
    }
    page.sections = vec![
        Section {
            id: "rates",
            title: lang.t("reference-rates"),
            is_titled: false,
            head,
            rows,
            empty: nothing(lang.t("reference-rates-empty")),
            paging: Some(Paging {
                newer: query.before.map(|_| HERE.to_owned()),
                older: found.older.map(|day| format!("{HERE}?before={day}")),
                shown: String::new(),
            }),
        },
        history(&found.changes, &found.names, lang),
    ];
    answer(&page, http::StatusCode::OK)
}

pub(super) async fn new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<DayQuery>,
) -> Result<Response, AppError> {
    let day = query.day.unwrap_or_else(|| eat_date(exchange.now()));
    form_page(&state, &exchange, &actor, day, &Typed::default()).await
}

pub(super) async fn set(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = SetRates { fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, HERE.to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => form_page(&state, &exchange, &actor, eat_date(exchange.now()), &typed).await,
    }
}

async fn form_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    day: NaiveDate,
    typed: &Typed,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (currencies, rates) = service::rates_of(&state.db, actor, day).await?;
    let mut fields = vec![Field::date("rate_day", lang.name_of("reference-head", "day")).value(day.to_string())];
    fields.extend(currencies.iter().map(|(currency, _)| {
        let stands = rates.iter().find(|rate| rate.currency == *currency);
        let name = lang.name_of("currency", currency);
        Field::number(service::field_of(currency), format!("{currency} · {name}"), "ETB")
            .optional()
            .value(stands.map(|rate| rate.etb_per_unit.normalize().to_string()).unwrap_or_default())
    }));
    fields.push(Field::textarea("reason", lang.t("reference-reason")).optional().hint(lang.t("reference-reason-hint")));
    let mut page = page_of(exchange, lang.t("reference-rates-new"), HERE);
    page.lead = vec![lang.t("reference-rates-new-lead")];
    let groups = vec![FieldGroup::plain(fields)];
    let mut form = form(exchange, HERE.to_owned(), None, groups, typed, "reference-rates-submit");
    form.cancel = Some(HERE.to_owned());
    page.forms = vec![(lang.t("reference-rates-new"), form)];
    answer(&page, typed.status())
}
