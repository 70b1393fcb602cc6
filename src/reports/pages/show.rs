//! `GET /reports/{report}`: its filters, chart and table; with `format` the file.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, Utc};
use http::StatusCode;

use super::query::{Asked, Problems, ReportQuery};
use super::tables::{self, Shown};
use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::error::{AppError, Forbidden};
use crate::exports::ExportStatus;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::quantities::{grouped, grouped_fixed};
use crate::reports::ageing::EXPIRY_HORIZON_DAYS;
use crate::reports::model::{Basis, ExpiringKind, Group, Question, Report, total};
use crate::reports::period::Named;
use crate::reports::rules::{may_see, sees_kind};
use crate::reports::service::{self, Choices};
use crate::web::components::{BarChart, Choice, EmptyState, Fact, Field, Moment};
use crate::web::exchange::Exchange;
use crate::web::query::Query;
use crate::web::sheet::{Cell as Figure, FileKind, SheetFile};
use crate::web::views::{Cell, Section, TablePage};

/// Certificates or exports listed on a page at most.
const PAGE: usize = 100;
/// Rows of a file at most.
const FILE: usize = 50_000;

/// A report with what is said about it.
struct Found {
    shown: Shown,
    facts: Vec<Fact>,
    as_of: Option<DateTime<Utc>>,
    /// Whether there is more than is shown.
    has_more: bool,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(report): Path<String>,
    Query(query): Query<ReportQuery>,
) -> Result<Response, AppError> {
    let report = Report::from_code(&report).ok_or(AppError::NotFound)?;
    if !may_see(&actor, report) {
        return Err(AppError::Forbidden(Forbidden::Permission));
    }
    let (now, lang) = (exchange.now(), exchange.lang());
    let today = eat_date(now);
    let catalog = state.catalog.get(&state.db, today).await?;
    let choices = service::choices(&state.db, &state.directory, &actor).await?;
    let here = format!("/reports/{report}");
    let asked = query.read(&choices, today);
    let problems = asked.as_ref().err().cloned().unwrap_or_default();
    let narrowed = query.narrowed();
    let mut page = TablePage {
        lead: vec![lang.name_of("report-lead", report.code())],
        filters: filters(report, &query, &problems, (&choices, &catalog, &actor), today, lang),
        clear: query.is_narrowed(today).then(|| here.clone()),
        ..TablePage::of(exchange.chrome(lang.name_of("report", report.code())).wide(), &here)
    };
    let Ok(asked) = asked else {
        page.lead.push(lang.t("reports-bad-filters"));
        let mut response = crate::web::html(&page)?;
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(response);
    };
    let limit = if asked.format.is_some() { FILE } else { PAGE };
    let found = find(&state, &actor, report, &asked, (&catalog, limit), today, lang).await?;
    if let Some(kind) = asked.format {
        return download(&state, &exchange, &actor, report, (kind, &page.filters), found).await;
    }
    page.lead.extend(found.as_of.map(|at| lang.fill("dashboard-as-of", [("at", Moment::at(lang, at).text)])));
    if found.has_more {
        page.lead.push(lang.fill("reports-more", [("rows", PAGE.to_string())]));
    }
    let kinds: &[FileKind] = if found.shown.is_empty() { &[] } else { FileKind::ALL };
    page.actions = kinds
        .iter()
        .map(|kind| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let query = query.extend_pairs(&narrowed).append_pair("format", kind.code()).finish();
            (format!("{here}?{query}"), lang.t(kind.label_id()))
        })
        .collect();
    page.facts = found.facts;
    if !found.shown.bars.is_empty() {
        page.charts.push(BarChart {
            id: "chart".to_owned(),
            title: lang.fill("reports-chart", [("report", page.chrome.title.clone())]),
            label_heading: found.shown.headings.0.clone(),
            value_heading: found.shown.headings.1.clone(),
            bars: found.shown.bars.clone(),
        });
    }
    let empty = match (choices.exporters.is_empty() && report != Report::Expiring, page.clear.is_some()) {
        (true, _) if actor.organization.kind == OrganizationKind::Exporter => {
            ["reports-no-exports-yours", "reports-no-exports-text"]
        }
        (true, _) => ["reports-no-exports", "reports-no-exports-text"],
        (false, true) => ["reports-empty-title", "reports-empty-text"],
        (false, false) => ["reports-empty-title", "reports-empty-unfiltered"],
    };
    page.sections = sections(&found.shown, empty, lang);
    crate::web::html(&page)
}

/// The lines of a report on sums, and the names of what they are about.
const fn group_of(report: Report) -> Option<(Group, &'static [&'static str])> {
    Some(match report {
        Report::ByState => (Group::State, &["exports-status", "exports-stage"]),
        Report::ByOrigin => (Group::Origin, &["reports-origin"]),
        Report::ByDestination => (Group::Destination, &["exports-destination"]),
        Report::ByMonth => (Group::Month, &["reports-month"]),
        Report::ByCoffeeYear => (Group::CoffeeYear, &["reports-coffee-year"]),
        Report::ByExporter => (Group::Exporter, &["exports-exporter"]),
        Report::Turnaround | Report::Expiring | Report::Settlements => return None,
    })
}

async fn find(
    state: &AppState,
    actor: &Actor,
    report: Report,
    asked: &Asked,
    (catalog, limit): (&Catalog, usize),
    today: NaiveDate,
    lang: Lang,
) -> Result<Found, AppError> {
    let title = lang.name_of("report", report.code());
    let (db, directory) = (&state.db, &state.directory);
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    if let Some((group, headings)) = group_of(report) {
        let question = Question {
            group,
            basis: asked.basis,
            period: asked.period,
            status: asked.status,
            origin: asked.origin.clone(),
            destination: asked.destination.clone(),
            exporter: asked.exporter,
        };
        let answer = service::lines(db, directory, actor, &question).await?;
        let (sum, as_of) = (total(&answer.rows), answer.as_of);
        let mut facts = vec![
            Fact::new(lang.t("nav-exports"), grouped(sum.count.into())),
            Fact::new(lang.t("reports-kilograms"), grouped_fixed(sum.quantity, 2)),
            Fact::new(lang.t("reports-bags"), grouped_fixed(sum.bags(), 1)),
        ];
        facts.extend(sum.values.iter().map(|(currency, value)| {
            let label = lang.fill("reports-value-in", [("currency", currency.clone())]);
            Fact::new(label, grouped_fixed(*value, 2))
        }));
        let shown = tables::of_lines(&title, headings, answer, catalog, lang);
        return Ok(Found { shown, facts, as_of, has_more: false });
    }
    if report == Report::Turnaround {
        let answer = service::turnaround(db, directory, actor, asked.period).await?;
        let shown = tables::of_turnaround(&title, &answer, lang);
        return Ok(Found { shown, facts: Vec::new(), as_of: answer.as_of, has_more: false });
    }
    if report == Report::Settlements {
        let mut found = service::settlements(db, directory, actor, asked.exporter, one_more).await?;
        let has_more = found.rows.len() > limit;
        found.rows.truncate(limit);
        let shown = tables::of_settlements(&title, &found, today, lang);
        return Ok(Found { shown, facts: Vec::new(), as_of: None, has_more });
    }
    let kinds: Vec<ExpiringKind> =
        kinds_of(actor).filter(|kind| asked.kind.is_none_or(|wanted| wanted == *kind)).collect();
    let horizon = today + Days::new(EXPIRY_HORIZON_DAYS);
    let days = (None, horizon, horizon);
    let mut found = service::certificates(db, actor, (&kinds, asked.exporter), days, today, one_more).await?;
    let has_more = found.rows.len() > limit;
    found.rows.truncate(limit);
    Ok(Found { shown: tables::of_certificates(&title, &found, today, lang), facts: Vec::new(), as_of: None, has_more })
}

fn kinds_of(actor: &Actor) -> impl Iterator<Item = ExpiringKind> {
    let kind = actor.organization.kind;
    ExpiringKind::ALL.iter().copied().filter(move |one| sees_kind(kind, *one))
}

/// The table as a file, on record before it leaves.
async fn download(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    report: Report,
    (kind, filters): (FileKind, &[Field]),
    found: Found,
) -> Result<Response, AppError> {
    let (now, lang) = (exchange.now(), exchange.lang());
    let rows = found.shown.sheets.first().map_or(0, |sheet| sheet.rows.len());
    service::record_download(&state.db, actor, report, (kind, exchange.path(), rows), now).await?;
    let mut about = vec![
        (lang.t("reports-report"), lang.name_of("report", report.code())),
        (lang.t("reports-about"), lang.name_of("report-lead", report.code())),
        (lang.t("reports-organization"), actor.organization.name(lang).to_owned()),
        (lang.t("reports-as-of"), Moment::at(lang.for_others(), found.as_of.unwrap_or(now)).text),
    ];
    about
        .extend(filters.iter().filter(|field| !field.value.is_empty()).map(|field| (field.label.clone(), said(field))));
    if found.has_more {
        about.push((lang.t("common-notice"), lang.fill("csv-more", [("rows", FILE.to_string())])));
    }
    let file = SheetFile { sheets: found.shown.sheets, about: (lang.t("reports-about"), about), written_at: now };
    file.download(kind, &format!("{report}-{}", eat_date(now))).map_err(AppError::internal)
}

/// What is chosen in a field, in words.
fn said(field: &Field) -> String {
    use crate::web::components::FieldKind;
    let label = match &field.kind {
        FieldKind::Select(choices) => choices.iter().find(|choice| choice.value == field.value).map(|one| &one.label),
        _ => None,
    };
    label.unwrap_or(&field.value).clone()
}

/// The tables as the page shows them: the report, then what sums it up.
fn sections(shown: &Shown, [title, text]: [&str; 2], lang: Lang) -> Vec<Section> {
    let ids = ["report", "summary"];
    let section = |(index, sheet): (usize, &crate::web::sheet::Sheet)| {
        let is_figure = |column: usize| {
            sheet.rows.iter().any(|row| matches!(row.get(column), Some(Figure::Count(_) | Figure::Number(..))))
        };
        let cell = |row: usize, column: usize, figure: &Figure| {
            let link = if index == 0 && column == 0 { shown.links.get(row).cloned().flatten() } else { None };
            Cell { href: link, ..Cell::new(text_of(figure, lang)) }
        };
        Section {
            id: ids.get(index).copied().unwrap_or("more"),
            title: sheet.name.clone(),
            is_titled: index > 0,
            head: sheet.columns.iter().enumerate().map(|(at, label)| (label.clone(), is_figure(at))).collect(),
            rows: sheet
                .rows
                .iter()
                .enumerate()
                .map(|(row, cells)| cells.iter().enumerate().map(|(at, figure)| cell(row, at, figure)).collect())
                .collect(),
            empty: EmptyState { title: lang.t(title), text: lang.t(text), action: None },
            paging: None,
        }
    };
    shown
        .sheets
        .iter()
        .enumerate()
        .filter(|(index, sheet)| *index == 0 || !sheet.rows.is_empty())
        .map(section)
        .collect()
}

fn text_of(figure: &Figure, lang: Lang) -> String {
    match figure {
        Figure::Empty => "–".to_owned(),
        Figure::Text(text) => text.clone(),
        Figure::Count(count) => grouped((*count).into()),
        Figure::Number(value, decimals) => grouped_fixed(*value, *decimals),
        Figure::Date(date) => Moment::legal_day(lang, *date).text,
    }
}

/// What a report can be narrowed by.
fn filters(
    report: Report,
    query: &ReportQuery,
    problems: &Problems,
    (choices, catalog, actor): (&Choices, &Catalog, &Actor),
    today: NaiveDate,
    lang: Lang,
) -> Vec<Field> {
    let any = || Choice::new("", lang.t("common-any"));
    let select = |name: &str, label: &str, options: Vec<Choice>| Field::select(name, lang.t(label), options);
    let mut fields = Vec::new();
    if group_of(report).is_some() || report == Report::Turnaround {
        let periods = Named::offered(today).into_iter().map(|named| {
            let label = match named {
                Named::All => lang.t("reports-all-time"),
                Named::CoffeeYear(year) => lang.fill("reports-coffee-year-named", [("year", year.to_string())]),
                Named::Month(month) => month.to_string(),
            };
            Choice::new(named.to_string(), label)
        });
        fields.push(select("period", "reports-period", periods.collect()));
        fields.push(Field::text("from", lang.t("reports-from")).hint(lang.t("reports-month-hint")).width(10));
        fields.push(Field::text("until", lang.t("reports-until")).width(10));
    }
    if group_of(report).is_some() {
        let bases = Basis::ALL.iter().map(|basis| Choice::new(basis.code(), lang.name_of("basis", basis.code())));
        fields.push(select("basis", "reports-basis", bases.collect()));
        let statuses = ExportStatus::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("status", one.code())));
        fields.push(select("status", "exports-status", std::iter::once(any()).chain(statuses).collect()));
        let origins = choices.origins.iter().map(|region| Choice::new(region, catalog.region(region, lang)));
        fields.push(select("origin", "reports-origin", std::iter::once(any()).chain(origins).collect()));
        let met = catalog
            .countries_by_name(lang)
            .into_iter()
            .filter(|(code, _)| choices.destinations.iter().any(|one| one == code));
        let countries = met.map(|(code, name)| Choice::new(code, name));
        fields.push(select("destination", "exports-destination", std::iter::once(any()).chain(countries).collect()));
    }
    if report == Report::Expiring {
        let kinds = kinds_of(actor).map(|kind| Choice::new(kind.code(), lang.name_of("expiring", kind.code())));
        fields.push(select("kind", "reports-kind", std::iter::once(any()).chain(kinds).collect()));
    }
    // Who has one exporter has nothing to choose.
    if report != Report::Turnaround && choices.exporters.len() > 1 {
        let exporters =
            choices.exporters.iter().map(|id| Choice::new(id.to_string(), choices.names.of(*id, lang).unwrap_or("–")));
        fields.push(select("exporter", "exports-exporter", std::iter::once(any()).chain(exporters).collect()));
    }
    fields
        .into_iter()
        .map(|field| {
            let value = query.value(&field.name);
            let error = problems.get(field.name.as_str()).map(|id| lang.t(id));
            field.value(value).error(error)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::ageing::{DueBucket, ExpiryBucket};

    #[test]
    fn everything_has_a_name_in_both_languages() {
        for lang in Lang::ALL {
            for report in Report::ALL {
                assert!(!lang.name_of("report", report.code()).is_empty());
                assert!(!lang.name_of("report-lead", report.code()).is_empty());
            }
            Basis::ALL.iter().for_each(|one| drop(lang.name_of("basis", one.code())));
            ExpiringKind::ALL.iter().for_each(|one| drop(lang.name_of("expiring", one.code())));
            ExpiryBucket::ALL.iter().for_each(|one| drop(lang.name_of("expiry-bucket", one.code())));
            DueBucket::ALL.iter().for_each(|one| drop(lang.name_of("due-bucket", one.code())));
        }
    }
}
