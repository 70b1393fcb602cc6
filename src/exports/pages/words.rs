//! Exports in words: states, refusals, problems, amounts, in the viewer's language. No rule is here.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::calendar::{eat_date, working_days_between};
use crate::exports::FieldChange;
use crate::exports::catalog::Catalog;
use crate::exports::model::{Export, ExportStatus, Stage, State};
use crate::exports::rules::Refusal;
use crate::exports::transitions::{SETTLEMENT_WARN_DAYS, age_of, limit_of};
use crate::i18n::Lang;
use crate::quantities::grouped_fixed;
use crate::web::components::{Ageing, Fact, Moment, Tag, Tone};
use crate::workflow::ageing::Age;

pub use crate::quantities::kilograms;
pub use crate::workflow::words::{day, legal_day, problem};

/// The name of a status, with its tone.
#[must_use]
pub fn status_tag(status: ExportStatus, lang: Lang) -> Tag {
    let tone = match status {
        ExportStatus::Pending => Tone::Neutral,
        ExportStatus::FxApproved
        | ExportStatus::QualityCertified
        | ExportStatus::ShipmentScheduled
        | ExportStatus::Shipped => Tone::Info,
        ExportStatus::Completed => Tone::Good,
        ExportStatus::FxRejected | ExportStatus::QualityRejected => Tone::Bad,
        ExportStatus::Cancelled => Tone::Warn,
    };
    Tag::new(lang.name_of("status", status.code()), tone)
}

/// Coffee, processing and grade in a few words: `Sidama, washed, grade 2`.
#[must_use]
pub fn coffee(catalog: &Catalog, coffee_type: &str, processing: &str, grade: &str, lang: Lang) -> String {
    format!(
        "{}, {}, {}",
        catalog.coffee(coffee_type, lang),
        lang.name_of("processing", processing),
        lang.t_args("coffee-grade", &[("grade", grade.to_owned().into())])
    )
}

/// `USD 218,839.64`.
#[must_use]
pub fn money(currency: &str, value: Decimal) -> String {
    format!("{currency} {}", grouped_fixed(value, 2))
}

/// Which export a form is about: its number, and whose it is.
#[must_use]
pub fn about(export: &Export, lang: Lang) -> Vec<Fact> {
    vec![
        Fact::new(lang.t("fact-export"), &export.number).href(format!("/exports/{}", export.id)),
        Fact::new(lang.t("fact-exporter"), &export.exporter_name),
    ]
}

/// The price of a kilogram: `USD 11.3979`.
#[must_use]
pub fn price(currency: &str, value: Decimal) -> String {
    format!("{currency} {}", value.round_dp(4).normalize())
}

/// How long a case has waited, against the limit of its stage; a settlement against its due date.
#[must_use]
pub fn ageing(
    state: State,
    since: DateTime<Utc>,
    due: Option<NaiveDate>,
    now: DateTime<Utc>,
    catalog: &Catalog,
    lang: Lang,
) -> Option<Ageing> {
    let limit = limit_of(state)?;
    let today = eat_date(now);
    let days = working_days_between(since, now, &catalog.holidays);
    let tone = match age_of(state, days, due, today)? {
        Age::Fresh => Tone::Neutral,
        Age::Due => Tone::Warn,
        Age::Late => Tone::Bad,
    };
    if let (Stage::Settlement, Some(due)) = (state.stage, due) {
        let title = lang.t_args(
            "age-due",
            &[("since", Moment::at(lang, since).text.into()), ("due", Moment::day(lang, due).text.into())],
        );
        return Some(Ageing { text: due_tag(due, today, lang).text, tone, title });
    }
    let text = if days == 0 && eat_date(since) == today {
        lang.t("age-today")
    } else {
        lang.t_args("age-days", &[("days", days.into())])
    };
    let title = lang.t_args(
        "age-since",
        &[
            ("since", Moment::at(lang, since).text.into()),
            ("warn", limit.warn_days.into()),
            ("late", limit.late_days.into()),
        ],
    );
    Some(Ageing { text, tone, title })
}

/// A refusal as a sentence. Codes in it are put into words.
#[must_use]
pub fn refusal(refusal: &Refusal, catalog: &Catalog, lang: Lang) -> String {
    let arguments = refusal.arguments().into_iter().map(|(name, value)| {
        let value = match name {
            "stage" => lang.name_of("stage", &value),
            "step" => lang.name_of("step", &value),
            "steps" => steps(value.split(','), lang),
            "documents" => lang.list(value.split(',').map(|code| catalog.document(code, lang))),
            "at" => value.parse().map_or_else(|_| value.clone(), |at| Moment::at(lang, at).text),
            "date" | "on" => legal_day(&value, lang),
            "country" => catalog.country(&value, lang).to_owned(),
            _ => value,
        };
        (name, value)
    });
    lang.fill(refusal.text_id(), arguments.collect::<Vec<_>>())
}

/// Steps by their codes, in words.
#[must_use]
pub fn steps<'a>(codes: impl IntoIterator<Item = &'a str>, lang: Lang) -> String {
    lang.list(codes.into_iter().map(|code| lang.name_of("step", code)))
}

/// A change: what stood there, and what stands there now.
#[must_use]
pub fn changed(change: &FieldChange, lang: Lang) -> String {
    format!("{} → {}", day(&change.old, lang), day(&change.new, lang))
}

/// A line of the history in words.
#[must_use]
pub fn action(action: &str, lang: Lang) -> String {
    match action.split_once(':') {
        Some((step, what)) => lang.fill(&format!("action-{what}"), [("step".to_owned(), lang.name_of("step", step))]),
        None => lang.t(&format!("action-{action}")),
    }
}

/// The tone of a line of the history.
#[must_use]
pub fn action_tone(action: &str) -> Tone {
    match action.split_once(':').map_or(action, |(_, what)| what) {
        "approve" => Tone::Good,
        "reject" | "cancel" | "cancel-permit" => Tone::Bad,
        "return" | "amend" => Tone::Warn,
        _ => Tone::Info,
    }
}

/// A due date, red when it is past, amber in its last 30 days.
#[must_use]
pub fn due_tag(due: NaiveDate, today: NaiveDate, lang: Lang) -> Tag {
    let left = (due - today).num_days();
    let tone = if left < 0 {
        Tone::Bad
    } else if left.unsigned_abs() <= SETTLEMENT_WARN_DAYS {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    let text = if left < 0 {
        lang.t_args("due-overdue", &[("days", (-left).into())])
    } else {
        lang.t_args("due-in", &[("days", left.into())])
    };
    Tag::new(text, tone)
}

/// What a form has done, in words. Codes in it are put into words.
#[must_use]
pub fn message(message: &crate::workflow::Message, lang: Lang) -> String {
    let arguments = message.arguments.iter().map(|(name, value)| {
        let value = match name.as_str() {
            "stage" => lang.name_of("stage", value),
            "step" => lang.name_of("step", value),
            "date" => legal_day(value, lang),
            _ => value.clone(),
        };
        (name.clone(), value)
    });
    lang.fill(&message.id, arguments.collect::<Vec<_>>())
}
