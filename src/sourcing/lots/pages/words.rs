//! Lots in words: coffee, weights, states, ages. No rule is here.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::{Expiry, Holidays, eat_date, working_days_between};
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::review::state_tag;
use crate::sourcing::lots::model::{LotStatus, Processing, Source, Verification};
use crate::sourcing::lots::transitions::LIMIT;
use crate::web::components::{Ageing, Choice, Field, Moment, Tag, Tone};
use crate::workflow::FieldProblems;
use crate::workflow::ageing::Age;
use crate::workflow::words::problem;

pub(super) use crate::quantities::kilograms;

/// `Sidama, washed, grade 2`.
pub(super) fn coffee(
    catalog: &Catalog,
    coffee_type: &str,
    processing: Processing,
    grade: Option<&str>,
    lang: Lang,
) -> String {
    let mut parts = vec![catalog.coffee(coffee_type, lang).to_owned(), lang.name_of("processing", processing.code())];
    parts.extend(grade.map(|grade| lang.fill("coffee-grade", [("grade", grade.to_owned())])));
    lang.list(parts)
}

/// Where the coffee is.
pub(super) fn status_tag(status: LotStatus, lang: Lang) -> Tag {
    let tone = match status {
        LotStatus::InWarehouse => Tone::Neutral,
        LotStatus::Inspected | LotStatus::Exported => Tone::Good,
        LotStatus::ReservedForExport => Tone::Info,
    };
    Tag::new(lang.name_of("lot", status.code()), tone)
}

/// Whether it is verified.
pub(super) fn verification_tag(verification: Verification, lang: Lang) -> Tag {
    state_tag("lot-verification", verification.code(), lang)
}

/// How near the receipt is to its end: a matter until it is verified.
pub(super) fn receipt_tag(last: NaiveDate, verification: Verification, today: NaiveDate, lang: Lang) -> Tag {
    let tone = match Expiry::of(last, today) {
        _ if verification == Verification::Verified => Tone::Neutral,
        Expiry::Far | Expiry::Due => Tone::Neutral,
        Expiry::Soon => Tone::Warn,
        Expiry::Expired => Tone::Bad,
    };
    Tag::new(Moment::day(lang, last).text, tone)
}

/// How long a lot has waited for its desk.
pub(super) fn ageing(since: DateTime<Utc>, now: DateTime<Utc>, holidays: &Holidays, lang: Lang) -> Ageing {
    let days = working_days_between(since, now, holidays);
    let tone = match LIMIT.age(days) {
        Age::Fresh => Tone::Neutral,
        Age::Due => Tone::Warn,
        Age::Late => Tone::Bad,
    };
    let text = if days == 0 && eat_date(since) == eat_date(now) {
        lang.t("age-today")
    } else {
        lang.t_args("age-days", &[("days", days.into())])
    };
    let title = lang.t_args(
        "age-since",
        &[
            ("since", Moment::at(lang, since).text.into()),
            ("warn", LIMIT.warn_days.into()),
            ("late", LIMIT.late_days.into()),
        ],
    );
    Ageing { text, tone, title }
}

/// The name of a thing of a code list: itself in English.
pub(super) fn listed<'a>(list: &'a [(String, String)], name: &'a str, lang: Lang) -> &'a str {
    lang.pick(name, list.iter().find(|(known, _)| known == name).map_or(name, |(_, am)| am))
}

/// A code list as choices.
pub(super) fn choices(list: &[(String, String)], lang: Lang) -> Vec<Choice> {
    list.iter().map(|(name, _)| Choice::new(name.clone(), listed(list, name, lang))).collect()
}

/// The sources as choices.
pub(super) fn sources(lang: Lang) -> Vec<Choice> {
    Source::BOUGHT.iter().map(|source| Choice::new(source.code(), lang.name_of("lot-source", source.code()))).collect()
}

/// Grades as the trade writes them.
pub(super) fn grades() -> Vec<Choice> {
    crate::quantities::Grade::all()
        .map(|grade| {
            let code = grade.number().map_or_else(|| "UG".to_owned(), |number| number.to_string());
            Choice::new(code, grade.to_string())
        })
        .collect()
}

/// Puts what was typed, and what is wrong with it, into a field.
pub(super) fn fill(field: &mut Field, value: String, problems: &FieldProblems, lang: Lang) {
    field.value = value;
    field.error = problems.of(&field.name).map(|found| problem(found, lang));
}
