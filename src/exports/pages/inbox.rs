//! `GET /inbox`: what waits for the viewer's organisation, oldest first; the same as CSV.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::header;
use serde::Deserialize;

use super::{flags, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat_date, first_moment, format_eat, moment_after};
use crate::documents::checklist::{Terms, required};
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::model::Stage;
use crate::exports::rules::checklist;
use crate::exports::service::{read, record_download};
use crate::exports::{CaseLine, Part, QueueFilter, Search, transitions};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{ActionButton, Choice, EmptyState, Field, Paging, Tag, Tone};
use crate::web::csv::CsvTable;
use crate::web::exchange::Exchange;
use crate::web::paging::Cursor;
use crate::web::query::Query;
use crate::web::views::{Bucket, InboxPage, InboxRow};

/// Cases on a page.
const PAGE: usize = 25;
/// Rows of a CSV at most; said in its last line when there are more.
pub(super) const CSV_ROWS: usize = 10_000;
/// What is asked for: one more, which tells that there are more.
pub(super) const CSV_LIMIT: i64 = 10_001;

/// What the inbox is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct InboxQuery {
    bucket: Option<String>,
    q: Option<String>,
    destination: Option<String>,
    stage: Option<String>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    after: Option<Cursor>,
    before: Option<Cursor>,
    format: Option<String>,
}

const BUCKETS: [(Part, &str, &str); 6] = [
    (Part::All, "all", "inbox-all"),
    (Part::Late, "overdue", "inbox-overdue"),
    (Part::Due, "due", "inbox-due-today"),
    (Part::Fresh, "later", "inbox-later"),
    (Part::Mine, "mine", "inbox-mine"),
    (Part::Unclaimed, "unassigned", "inbox-unassigned"),
];

impl InboxQuery {
    fn part(&self) -> Part {
        let asked = self.bucket.as_deref().unwrap_or("all");
        BUCKETS.iter().find(|(_, name, _)| *name == asked).map_or(Part::All, |(part, _, _)| *part)
    }

    fn filter(&self) -> QueueFilter {
        QueueFilter {
            search: self.q.as_deref().and_then(Search::of),
            destination: self.destination.clone(),
            stage: self.stage.as_deref().and_then(Stage::from_code),
            from: self.from.map(first_moment),
            until: self.until.map(moment_after),
        }
    }

    fn has_filter(&self) -> bool {
        self.q.is_some()
            || self.destination.is_some()
            || self.stage.is_some()
            || self.from.is_some()
            || self.until.is_some()
    }

    /// The address of this list with another bucket or place.
    fn address(&self, bucket: &str, place: Option<(&str, String)>) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        if bucket != "all" {
            pairs.append_pair("bucket", bucket);
        }
        let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string());
        let days = [day(&self.from), day(&self.until)];
        let texts = [("q", &self.q), ("destination", &self.destination), ("stage", &self.stage)];
        for (name, value) in texts.into_iter().chain([("from", &days[0]), ("until", &days[1])]) {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        if let Some((name, value)) = place {
            pairs.append_pair(name, &value);
        }
        let query = pairs.finish();
        if query.is_empty() { "/inbox".to_owned() } else { format!("/inbox?{query}") }
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<InboxQuery>,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let place = |cursor: Option<Cursor>| cursor.map(|cursor| (cursor.at, ExportId(cursor.id)));
    let window = (place(query.after), place(query.before));
    let filter = query.filter();
    if query.format.as_deref() == Some("csv") {
        let page =
            read::queue(&state.db, &actor, query.part(), &filter, (None, None), CSV_LIMIT, &catalog, now).await?;
        record_download(&state.db, &actor, "inbox", page.lines.len().min(CSV_ROWS), now).await?;
        return table(&page.lines, &catalog, lang, &format!("inbox-{}.csv", eat_date(now)));
    }
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut page = read::queue(&state.db, &actor, query.part(), &filter, window, limit, &catalog, now).await?;
    // A complete number goes straight to its case.
    if let (Some(Search::Number(number)), [only]) = (&filter.search, page.lines.as_slice())
        && only.number == *number
    {
        return Ok(exchange.htmx().see_other(&format!("/exports/{}", only.id)));
    }
    let more = page.lines.len() > PAGE;
    if more && query.before.is_some() {
        page.lines.remove(0);
    } else {
        page.lines.truncate(PAGE);
    }
    let cursor = |line: &CaseLine| Cursor { at: line.stage_entered_at, id: line.id.0 }.to_string();
    let (has_previous, has_next) = match (&query.before, &query.after) {
        (Some(_), _) => (more, true),
        (None, Some(_)) => (true, more),
        (None, None) => (false, more),
    };
    let current = query.bucket.as_deref().unwrap_or("all");
    let paging = Paging {
        newer: page
            .lines
            .first()
            .filter(|_| has_previous)
            .map(|line| query.address(current, Some(("before", cursor(line))))),
        older: page.lines.last().filter(|_| has_next).map(|line| query.address(current, Some(("after", cursor(line))))),
        shown: String::new(),
    };
    let counts = &page.counts;
    let buckets = BUCKETS
        .iter()
        .map(|(part, name, label)| Bucket {
            href: query.address(name, None),
            label: lang.t(label),
            count: match part {
                Part::All => counts.all,
                Part::Late => counts.late,
                Part::Due => counts.due,
                Part::Fresh => counts.all - counts.late - counts.due,
                Part::Mine => counts.mine,
                Part::Unclaimed => counts.unclaimed,
            },
            current: *part == query.part(),
            urgent: *part == Part::Late,
        })
        .collect();
    let rows = page.lines.iter().map(|line| row(line, &exchange, &actor, &catalog, now)).collect();
    let csv = {
        let here = query.address(current, None);
        format!("{here}{}format=csv", if here.contains('?') { '&' } else { '?' })
    };
    let view = InboxPage {
        chrome: exchange.chrome(lang.t("inbox-title")).with_count("/inbox", counts.all).wide(),
        buckets,
        filters: filters(&query, &actor, &catalog, lang),
        clear: query.has_filter().then(|| "/inbox".to_owned()),
        rows,
        paging,
        csv,
        empty: EmptyState { title: lang.t("inbox-empty-title"), text: lang.t("inbox-empty-text"), action: None },
        // Who has no part in exports has an empty queue, and nothing comes into it.
        live: actor.may(Permission::ViewExports).then(|| "/live".to_owned()),
        here: exchange.path().to_owned(),
    };
    Ok(if exchange.htmx().is_fragment() { super::html(&view.as_queue())? } else { super::html(&view)? })
}

fn filters(query: &InboxQuery, actor: &Actor, catalog: &Catalog, lang: Lang) -> Vec<Field> {
    let countries = catalog.countries_by_name(lang).into_iter().map(|(code, name)| Choice::new(code, name));
    let countries = std::iter::once(Choice::new("", lang.t("common-any"))).chain(countries).collect();
    let mut fields = vec![
        Field::text("q", lang.t("exports-search")).value(query.q.clone().unwrap_or_default()),
        Field::select("destination", lang.t("exports-destination"), countries)
            .value(query.destination.clone().unwrap_or_default()),
    ];
    let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    fields.extend([
        Field::date("from", lang.t("inbox-from")).value(day(&query.from)),
        Field::date("until", lang.t("inbox-until")).value(day(&query.until)),
    ]);
    // Who has several steps can look at one of them.
    let stages: Vec<Stage> = Stage::ALL
        .iter()
        .copied()
        .filter(|stage| {
            transitions::STEPS
                .iter()
                .any(|step| step.from.stage == *stage && step.organization == actor.organization.kind)
                || (actor.may(Permission::RequestExport) && matches!(stage, Stage::Preparation | Stage::Returned))
        })
        .collect();
    if stages.len() > 1 {
        let mut choices = vec![Choice::new("", lang.t("common-any"))];
        choices.extend(stages.iter().map(|stage| Choice::new(stage.code(), lang.name_of("stage", stage.code()))));
        fields.push(
            Field::select("stage", lang.t("exports-stage"), choices).value(query.stage.clone().unwrap_or_default()),
        );
    }
    fields
}

/// Required documents that are there, of how many.
pub(super) fn documents_of(line: &CaseLine, catalog: &Catalog) -> (usize, usize) {
    let terms = Terms {
        payment_method: &line.payment_method,
        incoterm: &line.incoterm,
        destination: &line.destination_country,
        destination_is_eu: catalog.is_eu(&line.destination_country),
        transport_mode: &line.transport_mode,
        requested: &line.requested_documents,
    };
    let needed = required(&catalog.requirements, &terms);
    let is_there = |document_type: &str| checklist::is_there(&line.documents, document_type, line.state.stage);
    let there = needed.iter().filter(|rule| is_there(&rule.document_type)).count();
    (there, needed.len())
}

fn row(line: &CaseLine, exchange: &Exchange, actor: &Actor, catalog: &Catalog, now: DateTime<Utc>) -> InboxRow {
    let lang = exchange.lang();
    let (there, needed) = documents_of(line, catalog);
    let step = transitions::open_step(line.state);
    let may_claim = step.is_some_and(|step| actor.may(step.needs));
    let claim = (may_claim && line.claimed_by.is_none()).then(|| ActionButton {
        action: format!("/exports/{}/claim", line.id),
        token: exchange.form_token(Some(line.version)),
        says: None,
        label: lang.t("inbox-claim"),
        about: line.number.clone(),
    });
    InboxRow {
        href: format!("/exports/{}", line.id),
        reference: line.number.clone(),
        step: step.map_or_else(
            || lang.name_of("stage", line.state.stage.code()),
            |step| lang.name_of("step", step.kind.code()),
        ),
        exporter: line.exporter_name.clone(),
        coffee: words::coffee(catalog, &line.coffee_type, &line.processing_method, &line.grade, lang),
        quantity: words::kilograms(line.quantity),
        destination: catalog.country(&line.destination_country, lang).to_owned(),
        value: words::money(&line.currency, line.estimated_value),
        documents: Tag::new(format!("{there} / {needed}"), if there < needed { Tone::Neutral } else { Tone::Good }),
        age: words::ageing(line.state, line.stage_entered_at, line.settlement_due_date, now, catalog, lang)
            .unwrap_or_default(),
        flags: flags::of(line, actor, catalog, eat_date(now), lang),
        claimed_by: line.claimed_by_name.clone(),
        claim,
    }
}

/// Cases as a CSV file to download.
pub(super) fn table(lines: &[CaseLine], catalog: &Catalog, lang: Lang, file_name: &str) -> Result<Response, AppError> {
    let headings = [
        "exports-reference",
        "exports-status",
        "exports-stage",
        "exports-exporter",
        "exports-coffee",
        "csv-quantity-kg",
        "exports-destination",
        "csv-currency",
        "exports-value",
        "csv-waiting-since",
        "exports-requested",
    ]
    .map(|id| lang.t(id));
    let mut table = CsvTable::new(headings.iter().map(String::as_str)).map_err(AppError::internal)?;
    for line in lines.iter().take(CSV_ROWS) {
        let cells = [
            line.number.clone(),
            lang.name_of("status", line.state.status.code()),
            lang.name_of("stage", line.state.stage.code()),
            line.exporter_name.clone(),
            words::coffee(catalog, &line.coffee_type, &line.processing_method, &line.grade, lang),
            line.quantity.to_string(),
            catalog.country(&line.destination_country, lang).to_owned(),
            line.currency.clone(),
            line.estimated_value.to_string(),
            format_eat(line.stage_entered_at),
            format_eat(line.created_at),
        ];
        table.row(cells.iter().map(String::as_str)).map_err(AppError::internal)?;
    }
    if lines.len() > CSV_ROWS {
        let more = lang.fill("csv-more", [("rows", crate::quantities::grouped(CSV_ROWS.into()))]);
        let mut last = [""; 11];
        last[0] = &more;
        table.row(last).map_err(AppError::internal)?;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file_name}\"")),
    ];
    let file = table.finish().map_err(AppError::internal)?;
    Ok((headers, file).into_response())
}
