//! `/papers/ico-return`: the certificates of origin of a month, as the International Coffee Organization asks for them;
//! the same as CSV and XLSX, each download on record.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::list::state_tag;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::service::ico_return::{
    self, MOST_ROWS, ReturnLine, ReturnMonth, ReturnSums, is_of_earlier_month, withdrawn_on,
};
use crate::certificates::sheet::state_in_words;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::pages::html;
use crate::exports::service::record_download;
use crate::i18n::Lang;
use crate::ids::OriginCertificateId;
use crate::quantities::grouped;
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, EmptyState, Fact, Field, Moment, Paging, Tag};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::sheet::{Cell, FileKind, Sheet, SheetFile};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "certificates/ico_return.html")]
struct ReturnPage {
    chrome: Chrome,
    filters: Vec<Field>,
    sums: Vec<Fact>,
    columns: Vec<String>,
    rows: Vec<ReturnRow>,
    files: Vec<(String, &'static str)>,
    paging: Paging,
    empty: EmptyState,
}

/// A certificate: its number, and a text for each column after it; the last is its state.
struct ReturnRow {
    number: String,
    cells: Vec<String>,
    state: Tag,
    note: Option<String>,
}

/// Which month, which page of it, and as what.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ReturnQuery {
    month: Option<String>,
    after: Option<Cursor>,
    format: Option<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ReturnQuery>,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let today = eat_date(now);
    let month = query.month.as_deref().and_then(|code| ReturnMonth::parse(code, today));
    let month = month.unwrap_or_else(|| ReturnMonth::due(today));
    let catalog = state.catalog.get(&state.db, today).await?;
    if let Some(kind) = query.format.as_deref().and_then(FileKind::from_code) {
        let (lines, sums) = ico_return::read(&state.db, &actor, month, None, MOST_ROWS).await?;
        record_download(&state.db, &actor, "ico-return", lines.len(), now).await?;
        let file = SheetFile {
            sheets: vec![Sheet {
                name: lang.fill("ico-return-title", [("month", month.code())]),
                columns: columns(lang),
                rows: lines.iter().map(|line| cells(line, month, &catalog, lang)).collect(),
            }],
            about: (lang.t("ico-return-about"), about(&actor, month, &sums, lang)),
            written_at: now,
        };
        return file.download(kind, &format!("ico-return-{}", month.code())).map_err(AppError::internal);
    }
    let after = query.after.map(|cursor| (cursor.at, OriginCertificateId(cursor.id)));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let (lines, sums) = ico_return::read(&state.db, &actor, month, after, limit).await?;
    let page = Page::of(lines, PAGE, |line| Cursor { at: line.created_at, id: line.id.0 });
    let months =
        ico_return::months(today).into_iter().map(|one| Choice::new(one.code(), in_words(one, lang))).collect();
    let address = |more: String| format!("/papers/ico-return?month={}{more}", month.code());
    html(&ReturnPage {
        chrome: exchange.chrome(lang.t("ico-return-heading")).wide(),
        filters: vec![Field::select("month", lang.t("ico-return-month"), months).value(month.code())],
        sums: in_sum(&sums, lang),
        columns: columns(lang),
        rows: page.rows.iter().map(|line| row(line, month, &catalog, lang)).collect(),
        files: FileKind::ALL
            .iter()
            .map(|kind| {
                (
                    address(format!("&format={kind}")),
                    match kind {
                        FileKind::Csv => "common-download-csv",
                        FileKind::Xlsx => "ico-return-xlsx",
                    },
                )
            })
            .collect(),
        paging: Paging {
            newer: query.after.map(|_| address(String::new())),
            older: page.next.map(|cursor| address(format!("&after={cursor}"))),
            shown: String::new(),
        },
        empty: EmptyState {
            title: lang.t("ico-return-empty-title"),
            text: lang.fill("ico-return-empty-text", [("month", in_words(month, lang))]),
            action: None,
        },
    })
}

/// The month by its first and last day, in both calendars where the language has one of its own.
fn in_words(month: ReturnMonth, lang: Lang) -> String {
    format!("{}: {} – {}", month.code(), Moment::day(lang, month.first()).text, Moment::day(lang, month.last()).text)
}

const COLUMNS: [&str; 18] = [
    "papers-number",
    "papers-ico-reference-country",
    "papers-ico-reference-port",
    "papers-ico-reference-serial",
    "ico-return-issued",
    "papers-ico-exported-on",
    "ico-return-exporter-code",
    "papers-ico-exporter",
    "ico-return-destination-code",
    "papers-ico-destination",
    "papers-ico-transshipment",
    "papers-ico-carrier",
    "ico-return-mark",
    "papers-ico-description",
    "papers-ico-processing-short",
    "ico-return-weight",
    "papers-state",
    "ico-return-withdrawn",
];

fn columns(lang: Lang) -> Vec<String> {
    COLUMNS.iter().map(|id| lang.t(id)).chain([lang.t("papers-replaced-by"), lang.t("ico-return-reported")]).collect()
}

/// One certificate, column by column.
fn cells(line: &ReturnLine, month: ReturnMonth, catalog: &Catalog, lang: Lang) -> Vec<Cell> {
    let text = |value: &str| Cell::Text(value.to_owned());
    let optional = |value: &Option<String>| value.as_deref().map_or(Cell::Empty, text);
    let reported = if is_of_earlier_month(line, month) { "ico-return-correction" } else { "ico-return-new" };
    vec![
        text(&line.number),
        text(&line.country_code),
        text(&line.port_code),
        Cell::Count(line.serial),
        Cell::Date(line.issued_on),
        line.exported_on.map_or(Cell::Empty, Cell::Date),
        optional(&line.exporter_code),
        text(&line.exporter),
        optional(&line.destination_code),
        text(catalog.country(&line.destination, lang)),
        optional(&line.transshipment),
        optional(&line.carrier),
        text(&line.mark),
        text(&form_in_words(line, lang)),
        line.processing.as_deref().map_or(Cell::Empty, |code| Cell::Text(lang.name_of("green", code))),
        Cell::Number(line.net_kg, 3),
        Cell::Text(state_in_words(line.state, lang)),
        withdrawn_on(line).map_or(Cell::Empty, Cell::Date),
        optional(&line.replaced_by),
        Cell::Text(lang.t(reported)),
    ]
}

fn form_in_words(line: &ReturnLine, lang: Lang) -> String {
    lang.t(crate::certificates::sheet::form_id(line.form))
}

fn row(line: &ReturnLine, month: ReturnMonth, catalog: &Catalog, lang: Lang) -> ReturnRow {
    let shown = |cell: Cell| match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Text(text) => text,
        Cell::Count(count) => count.to_string(),
        Cell::Number(value, _) => grouped(value),
        Cell::Date(date) => Moment::day(lang, date).text,
    };
    // The first stands before the others, the last four are said by the tag.
    let cells = cells(line, month, catalog, lang).into_iter().skip(1).take(15).map(shown).collect();
    let withdrawn = withdrawn_on(line).map(|day| Moment::day(lang, day).text);
    let correction = is_of_earlier_month(line, month).then(|| lang.t("ico-return-correction"));
    let note: Vec<String> = withdrawn.into_iter().chain(line.replaced_by.clone()).chain(correction).collect();
    ReturnRow {
        number: line.number.clone(),
        cells,
        state: state_tag(line.state, lang),
        note: (!note.is_empty()).then(|| note.join(" · ")),
    }
}

fn in_sum(sums: &ReturnSums, lang: Lang) -> Vec<Fact> {
    let line = |id: &str, count: i64, kg: Decimal| {
        Fact::new(lang.t(id), count.to_string()).note(format!("{} kg", grouped(kg)))
    };
    vec![
        line("ico-return-sum-issued", sums.issued, sums.issued_kg),
        line("ico-return-sum-void", sums.void, sums.void_kg),
        line("ico-return-sum-earlier", sums.earlier, sums.earlier_kg),
    ]
}

/// What the figures are, for who opens the workbook without the page.
fn about(actor: &Actor, month: ReturnMonth, sums: &ReturnSums, lang: Lang) -> Vec<(String, String)> {
    let organization = lang.pick(&actor.organization.name_en, &actor.organization.name_am);
    let mut lines = vec![
        (lang.t("ico-return-about-who"), organization.clone()),
        (lang.t("ico-return-month"), in_words(month, lang)),
        (lang.t("papers-ico-unit"), lang.t("papers-ico-unit-kg")),
        (lang.t("ico-return-about-form"), lang.t("papers-ico-form")),
    ];
    lines.extend(in_sum(sums, lang).into_iter().map(|fact| {
        let note = fact.note.unwrap_or_default();
        (fact.label, format!("{}; {note}", fact.value))
    }));
    lines
}
