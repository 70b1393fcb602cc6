//! What the page of a settlement lists: the receipts, what the National Bank has put off, what was asked of it.

use rust_decimal::Decimal;

use super::{day, none, stands};
use crate::exports::model::ExtensionAnswer;
use crate::exports::pages::words;
use crate::exports::service::proceeds::Statement;
use crate::i18n::Lang;
use crate::web::components::{EmptyState, Moment, Tag, Tone};
use crate::web::views::{Cell, Section};

pub(super) fn receipts(found: &Statement, may_record: bool, lang: Lang) -> Section {
    let export = &found.export;
    let money = |amount: Decimal| words::money(&export.currency, amount);
    let head = |name: &str| lang.name_of("receipt-head", name);
    let rows = found.receipts.iter().map(|line| {
        let mut first = Cell::new(line.number.to_string());
        if let Some(reversed) = line.reverses {
            first = first.tag(Tag::new(lang.fill("receipt-reverses", [("receipt", reversed.to_string())]), Tone::Warn));
        } else if let Some(by) = line.reversed_by {
            first = first.tag(Tag::new(lang.fill("receipt-reversed", [("receipt", by.to_string())]), Tone::Bad));
        }
        let by = found.names.of(line.recorded_by, lang).unwrap_or_default();
        let mut cells = vec![
            first.note(line.note.clone().unwrap_or_default()),
            Cell::new(day(line.received_on, lang)),
            Cell::new(line.bank_reference.clone().unwrap_or_else(none)),
            Cell::new(money(line.received)),
            Cell::new(money(line.bank_charges)),
            Cell::new(money(line.retained)).note(format!("{} %", line.retain_pct.normalize())),
            Cell::new(money(line.surrendered)).note(line.etb_per_unit.normalize().to_string()),
            Cell::new(words::money("ETB", line.etb_credited)),
            Cell::new(by).note(Moment::at(lang, line.recorded_at).text),
        ];
        if may_record {
            cells.push(if stands(line) {
                Cell::new(lang.t("receipt-take-back"))
                    .href(format!("/exports/{}/receipts/{}/reversal", export.id, line.number))
            } else {
                Cell::default()
            });
        }
        cells
    });
    let mut columns: Vec<(String, bool)> = [
        ("number", false),
        ("day", false),
        ("reference", false),
        ("received", true),
        ("charges", true),
        ("retained", true),
        ("surrendered", true),
        ("credited", true),
        ("by", false),
    ]
    .map(|(name, is_figure)| (head(name), is_figure))
    .into();
    if may_record {
        columns.push((head("act"), false));
    }
    Section {
        id: "receipts",
        title: lang.t("settlement-receipts"),
        is_titled: true,
        head: columns,
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-receipts"),
            text: lang.t("settlement-no-receipts-text"),
            action: None,
        },
        paging: None,
    }
}

pub(super) fn extensions(found: &Statement, lang: Lang) -> Section {
    let rows = found.extensions.iter().map(|line| {
        let by = found.names.of(line.granted_by, lang).unwrap_or_default();
        vec![
            Cell::new(day(line.due_to, lang)),
            Cell::new(day(line.due_from, lang)),
            Cell::new(&line.reason),
            Cell::new(by).note(Moment::at(lang, line.granted_at).text),
        ]
    });
    Section {
        id: "extensions",
        title: lang.t("settlement-extensions"),
        is_titled: true,
        head: ["to", "from", "reason", "by"].map(|name| (lang.name_of("extension-head", name), false)).into(),
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-extensions"),
            text: lang.t("settlement-no-extensions-text"),
            action: None,
        },
        paging: None,
    }
}

pub(super) fn requests(found: &Statement, lang: Lang) -> Section {
    let rows = found.requests.iter().map(|line| {
        let by = found.names.of(line.asked_by, lang).unwrap_or_default();
        let answer = line.answer.map_or("WAITING", ExtensionAnswer::code);
        let tone = match line.answer {
            Some(ExtensionAnswer::Granted) => Tone::Good,
            Some(ExtensionAnswer::Refused) => Tone::Bad,
            None => Tone::Warn,
        };
        let answered_by = line.answered_by.and_then(|id| found.names.of(id, lang));
        let said: Vec<&str> = [answered_by, line.answer_reason.as_deref()].into_iter().flatten().collect();
        vec![
            Cell::new(day(line.asked_until, lang)),
            Cell::new(&line.reason),
            Cell::new(by).note(Moment::at(lang, line.asked_at).text),
            Cell::tagged(vec![Tag::new(lang.name_of("extension-answer", answer), tone)]).note(said.join(": ")),
        ]
    });
    Section {
        id: "requests",
        title: lang.t("settlement-requests"),
        is_titled: true,
        head: ["asked", "reason", "asked-by", "answer"]
            .map(|name| (lang.name_of("extension-head", name), false))
            .into(),
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-requests"),
            text: lang.t("settlement-no-requests-text"),
            action: None,
        },
        paging: None,
    }
}
