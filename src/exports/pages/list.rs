//! `GET /exports`: every export that the viewer may see, newest first; the same as CSV.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{inbox, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat_date, first_moment, moment_after};
use crate::error::AppError;
use crate::exports::model::{ExportStatus, Proceeds};
use crate::exports::rules;
use crate::exports::service::{read, record_download};
use crate::exports::{CaseLine, ListFilter, Search};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, EmptyState, Field, Moment, Paging};
use crate::web::exchange::Exchange;
use crate::web::paging::Cursor;
use crate::web::query::Query;
use crate::web::views::{ExportRow, ExportsPage};

const PAGE: usize = 25;

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    q: Option<String>,
    status: Option<String>,
    proceeds: Option<String>,
    destination: Option<String>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    after: Option<Cursor>,
    before: Option<Cursor>,
    format: Option<String>,
}

impl ListQuery {
    fn filter(&self, actor: &Actor) -> ListFilter {
        let proceeds = self.proceeds.as_deref().filter(|_| rules::reads_proceeds(actor));
        ListFilter {
            proceeds: proceeds.and_then(Proceeds::from_code),
            search: self.q.as_deref().and_then(Search::of),
            status: self.status.as_deref().and_then(ExportStatus::from_code),
            destination: self.destination.clone(),
            from: self.from.map(first_moment),
            until: self.until.map(moment_after),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string());
        [
            ("q", self.q.clone()),
            ("status", self.status.clone()),
            ("proceeds", self.proceeds.clone()),
            ("destination", self.destination.clone()),
            ("from", day(&self.from)),
            ("until", day(&self.until)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    fn address(&self, more: Option<(&str, String)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        if let Some((name, value)) = more {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        if query.is_empty() { "/exports".to_owned() } else { format!("/exports?{query}") }
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let filter = query.filter(&actor);
    if query.format.as_deref() == Some("csv") {
        let lines = read::list(&state.db, &actor, &filter, (None, None), inbox::CSV_LIMIT).await?;
        let rows = lines.len().min(inbox::CSV_ROWS);
        record_download(&state.db, &actor, "exports", rows, exchange.now()).await?;
        return inbox::table(&lines, &catalog, lang, &format!("exports-{}.csv", eat_date(exchange.now())));
    }
    let place = |cursor: Option<Cursor>| cursor.map(|cursor| (cursor.at, ExportId(cursor.id)));
    let window = (place(query.after), place(query.before));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut lines = read::list(&state.db, &actor, &filter, window, limit).await?;
    if let (Some(Search::Number(number)), [only]) = (&filter.search, lines.as_slice())
        && only.number == *number
    {
        return Ok(exchange.htmx().see_other(&format!("/exports/{}", only.id)));
    }
    let more = lines.len() > PAGE;
    if more && query.before.is_some() {
        lines.remove(0);
    } else {
        lines.truncate(PAGE);
    }
    let (has_newer, has_older) = match (&query.before, &query.after) {
        (Some(_), _) => (more, true),
        (None, Some(_)) => (true, more),
        (None, None) => (false, more),
    };
    let cursor = |line: &CaseLine| Cursor { at: line.created_at, id: line.id.0 }.to_string();
    let paging = Paging {
        newer: lines.first().filter(|_| has_newer).map(|line| query.address(Some(("before", cursor(line))))),
        older: lines.last().filter(|_| has_older).map(|line| query.address(Some(("after", cursor(line))))),
        shown: String::new(),
    };
    let rows = lines
        .iter()
        .map(|line| ExportRow {
            href: format!("/exports/{}", line.id),
            reference: line.number.clone(),
            exporter: line.exporter_name.clone(),
            coffee: words::coffee(&catalog, &line.coffee_type, &line.processing_method, &line.grade, lang),
            quantity: words::kilograms(line.quantity),
            destination: catalog.country(&line.destination_country, lang).to_owned(),
            value: words::money(&line.currency, line.estimated_value),
            status: words::status_tag(line.state.status, lang),
            stage: lang.name_of("stage", line.state.stage.code()),
            requested: Moment::day(lang, eat_date(line.created_at)),
        })
        .collect();
    let may_request = actor.may(Permission::RequestExport);
    let page = ExportsPage {
        chrome: exchange.chrome(lang.t("exports-title")).wide(),
        filters: filters(&query, &actor, &catalog, lang),
        clear: (!query.pairs().is_empty()).then(|| "/exports".to_owned()),
        rows,
        paging,
        csv: query.address(Some(("format", "csv".to_owned()))),
        new_href: may_request.then(|| "/exports/new".to_owned()),
        empty: EmptyState {
            title: lang.t("exports-empty-title"),
            text: lang.t("exports-empty-text"),
            action: may_request.then(|| ("/exports/new".to_owned(), lang.t("exports-new-title"))),
        },
    };
    if exchange.htmx().is_fragment() { super::html(&page.as_list()) } else { super::html(&page) }
}

fn filters(query: &ListQuery, actor: &Actor, catalog: &crate::exports::catalog::Catalog, lang: Lang) -> Vec<Field> {
    let any = || Choice::new("", lang.t("common-any"));
    let mut statuses = vec![any()];
    statuses.extend(
        ExportStatus::ALL.iter().map(|status| Choice::new(status.code(), lang.name_of("status", status.code()))),
    );
    let countries = catalog.countries_by_name(lang).into_iter().map(|(code, name)| Choice::new(code, name));
    let countries = std::iter::once(any()).chain(countries).collect();
    let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let mut filters = vec![
        Field::text("q", lang.t("exports-search")).value(query.q.clone().unwrap_or_default()),
        Field::select("status", lang.t("exports-status"), statuses).value(query.status.clone().unwrap_or_default()),
        Field::select("destination", lang.t("exports-destination"), countries)
            .value(query.destination.clone().unwrap_or_default()),
        Field::date("from", lang.t("exports-from")).value(day(&query.from)),
        Field::date("until", lang.t("exports-until")).value(day(&query.until)),
    ];
    if rules::reads_proceeds(actor) {
        let mut states = vec![any()];
        states.extend(Proceeds::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("proceeds", one.code()))));
        let chosen = query.proceeds.clone().unwrap_or_default();
        filters.insert(2, Field::select("proceeds", lang.t("exports-proceeds"), states).value(chosen));
    }
    filters
}
