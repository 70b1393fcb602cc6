//! A report as tables and bars. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::reports::ageing::{DueBucket, ExpiryBucket};
use crate::reports::model::{Expiring, ExpiringKind, Key, Line};
use crate::reports::service::{Answer, Certificates, Settlements, StepTime};
use crate::web::components::{Bar, Tone};
use crate::web::sheet::{Cell, Sheet};

/// Bars of a chart at most: more are not told apart.
pub(super) const BARS: usize = 24;

/// What a report shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The tables; the first is the report, the others sum it up.
    pub sheets: Vec<Sheet>,
    /// Where each row of the first table leads, as far as it leads somewhere.
    pub links: Vec<Option<String>>,
    /// The bars, and what their figures are.
    pub bars: Vec<Bar>,
    /// What the bars' labels are, and what their figures.
    pub headings: (String, String),
}

fn bar(label: String, value: Decimal, shown: String, tone: Tone) -> Bar {
    Bar { label, value: value.to_f64().unwrap_or_default(), shown, href: None, tone }
}

fn counted(label: String, count: i64, tone: Tone) -> Bar {
    bar(label, count.into(), crate::quantities::grouped(count.into()), tone)
}

fn named(names: &Names, id: impl Into<uuid::Uuid>, lang: Lang) -> String {
    names.of(id, lang).unwrap_or("–").to_owned()
}

impl Shown {
    /// Whether the report has no line.
    pub(super) fn is_empty(&self) -> bool {
        self.sheets.iter().all(|sheet| sheet.rows.is_empty())
    }
}

fn sheet(name: String, columns: Vec<String>, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet { name, columns, rows }
}

/// What a line is about, in words.
fn words_of(key: &Key, names: &Names, catalog: &Catalog, lang: Lang) -> Vec<String> {
    match key {
        Key::State(state) => {
            vec![lang.name_of("status", state.status.code()), lang.name_of("stage", state.stage.code())]
        }
        // A place is a country or a region; neither list has what the other has.
        Key::Place(code) => vec![catalog.region(catalog.country(code, lang), lang).to_owned()],
        Key::Month(month) => vec![month.to_string()],
        Key::CoffeeYear(year) => vec![year.to_string()],
        Key::Exporter(id) => vec![named(names, *id, lang)],
    }
}

/// Sums of exports. Places and exporters come with the most exports first, the others in the order of their keys.
pub(super) fn of_lines(title: &str, headings: &[&str], answer: Answer<Line>, catalog: &Catalog, lang: Lang) -> Shown {
    let mut rows = answer.rows;
    if rows.iter().any(|line| matches!(line.key, Key::Place(_) | Key::Exporter(_))) {
        rows.sort_by_key(|line| Reverse(line.sum.count));
    }
    let currencies: BTreeSet<String> = rows.iter().flat_map(|line| line.sum.values.keys().cloned()).collect();
    let headings: Vec<String> = headings.iter().map(|id| lang.t(id)).collect();
    let mut columns = headings.clone();
    columns.extend(["nav-exports", "reports-kilograms", "reports-bags"].map(|id| lang.t(id)));
    columns.extend(currencies.iter().map(|code| lang.fill("reports-value-in", [("currency", code.clone())])));
    let mut shown = Shown { headings: (headings.join(" · "), lang.t("nav-exports")), ..Shown::default() };
    let mut cells = Vec::new();
    for line in &rows {
        let words = words_of(&line.key, &answer.names, catalog, lang);
        shown.bars.push(counted(words.join(" · "), line.sum.count, Tone::Info));
        let mut row: Vec<Cell> = words.into_iter().map(Cell::Text).collect();
        row.extend([Cell::Count(line.sum.count), Cell::Number(line.sum.quantity, 2), Cell::Number(line.sum.bags(), 1)]);
        row.extend(
            currencies
                .iter()
                .map(|code| line.sum.values.get(code).map_or(Cell::Empty, |value| Cell::Number(*value, 2))),
        );
        cells.push(row);
    }
    // Of months the last ones are drawn, of the others the largest or the first.
    if shown.bars.len() > BARS && rows.iter().any(|line| matches!(line.key, Key::Month(_) | Key::CoffeeYear(_))) {
        shown.bars.drain(..shown.bars.len() - BARS);
    }
    shown.bars.truncate(BARS);
    shown.sheets = vec![sheet(title.to_owned(), columns, cells)];
    shown
}

/// How long steps take. The bars are the medians.
pub(super) fn of_turnaround(title: &str, answer: &Answer<StepTime>, lang: Lang) -> Shown {
    let columns = [
        "exports-stage",
        "reports-organization",
        "reports-decisions",
        "reports-median",
        "reports-p90",
        "reports-late",
        "reports-late-percent",
    ]
    .map(|id| lang.t(id));
    let mut shown =
        Shown { headings: (format!("{} · {}", columns[0], columns[1]), columns[3].clone()), ..Shown::default() };
    let count = |count: u64| Cell::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let mut rows = Vec::new();
    for time in &answer.rows {
        let (step, name) =
            (lang.name_of("stage", time.step.from.stage.code()), named(&answer.names, time.organization, lang));
        if let Some(median) = time.days.median() {
            shown.bars.push(bar(format!("{step} · {name}"), median, median.round_dp(1).to_string(), Tone::Info));
        }
        rows.push(vec![
            Cell::Text(step),
            Cell::Text(name),
            count(time.days.decisions()),
            time.days.median().map_or(Cell::Empty, |days| Cell::Number(days, 1)),
            time.days.percentile(90).map_or(Cell::Empty, |days| Cell::Count(days.into())),
            count(time.days.late()),
            time.days.late_percent().map_or(Cell::Empty, |share| Cell::Number(share, 1)),
        ]);
    }
    shown.bars.truncate(BARS);
    shown.sheets = vec![sheet(title.to_owned(), columns.to_vec(), rows)];
    shown
}

/// What expires: the certificates, and how many of each kind stand where.
pub(super) fn of_certificates(title: &str, found: &Certificates, today: NaiveDate, lang: Lang) -> Shown {
    let state = |bucket: ExpiryBucket| lang.name_of("expiry-bucket", bucket.code());
    let kind = |kind: ExpiringKind| lang.name_of("expiring", kind.code());
    let row = |one: &Expiring| {
        vec![
            Cell::Text(one.number.clone()),
            Cell::Text(kind(one.kind)),
            Cell::Text(one.exporter.clone()),
            Cell::Date(one.last_day),
            ExpiryBucket::of(one.last_day, today).map_or(Cell::Empty, |bucket| Cell::Text(state(bucket))),
        ]
    };
    let columns =
        ["papers-number", "reports-kind", "exports-exporter", "reports-last-day", "papers-state"].map(|id| lang.t(id));
    let sums = found
        .counts
        .iter()
        .map(|((of, bucket), count)| vec![Cell::Text(kind(*of)), Cell::Text(state(*bucket)), Cell::Count(*count)]);
    let sum_columns = ["reports-kind", "papers-state", "reports-count"].map(|id| lang.t(id));
    Shown {
        bars: found
            .counts
            .iter()
            .map(|((of, bucket), count)| counted(format!("{} · {}", kind(*of), state(*bucket)), *count, bucket.tone()))
            .collect(),
        headings: (lang.t("reports-kind"), lang.t("reports-count")),
        links: found.rows.iter().map(|one| one.export.map(|id| format!("/exports/{id}"))).collect(),
        sheets: vec![
            sheet(title.to_owned(), columns.to_vec(), found.rows.iter().map(row).collect()),
            sheet(lang.t("reports-summary"), sum_columns.to_vec(), sums.collect()),
        ],
    }
}

/// What is due: the exports, and what stands where in which currency. The bars count exports, since amounts of
/// different currencies are not added up.
pub(super) fn of_settlements(title: &str, found: &Settlements, today: NaiveDate, lang: Lang) -> Shown {
    let state = |bucket: DueBucket| lang.name_of("due-bucket", bucket.code());
    let mut sums: BTreeMap<(DueBucket, &str), (i64, Decimal)> = BTreeMap::new();
    let mut counts: BTreeMap<DueBucket, i64> = BTreeMap::new();
    for sum in &found.sums {
        let bucket = DueBucket::of(sum.due, today);
        let entry = sums.entry((bucket, &sum.currency)).or_default();
        *entry = (entry.0 + sum.count, entry.1 + sum.outstanding);
        *counts.entry(bucket).or_default() += sum.count;
    }
    let columns = [
        "reports-export",
        "exports-exporter",
        "reports-bank",
        "exports-stage",
        "reports-due",
        "papers-state",
        "csv-currency",
        "reports-outstanding",
    ]
    .map(|id| lang.t(id));
    let rows = found.rows.iter().map(|due| {
        vec![
            Cell::Text(due.number.clone()),
            Cell::Text(named(&found.names, due.exporter, lang)),
            Cell::Text(named(&found.names, due.bank, lang)),
            Cell::Text(lang.name_of("stage", due.state.stage.code())),
            Cell::Date(due.due),
            Cell::Text(state(DueBucket::of(due.due, today))),
            Cell::Text(due.currency.clone()),
            Cell::Number(due.outstanding, 2),
        ]
    });
    let sum_columns = ["papers-state", "csv-currency", "nav-exports", "reports-outstanding"].map(|id| lang.t(id));
    let sum_rows = sums.iter().map(|((bucket, currency), (count, amount))| {
        let currency = Cell::Text((*currency).to_owned());
        vec![Cell::Text(state(*bucket)), currency, Cell::Count(*count), Cell::Number(*amount, 2)]
    });
    Shown {
        bars: counts.iter().map(|(bucket, count)| counted(state(*bucket), *count, bucket.tone())).collect(),
        headings: (lang.t("papers-state"), lang.t("nav-exports")),
        links: found.rows.iter().map(|due| Some(format!("/exports/{}", due.export))).collect(),
        sheets: vec![
            sheet(title.to_owned(), columns.to_vec(), rows.collect()),
            sheet(lang.t("reports-summary"), sum_columns.to_vec(), sum_rows.collect()),
        ],
    }
}
