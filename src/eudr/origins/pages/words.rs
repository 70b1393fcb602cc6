//! Origins in words: what is lacking, where a consignment stands, what the Union asks. No rule is here.

use chrono::NaiveDate;

use crate::eudr::origins::dates::{Asked, Demand};
use crate::eudr::origins::lines::LineFault;
use crate::eudr::origins::model::{EudrState, Position, Statement};
use crate::eudr::origins::rules::{Gap, OriginRefusal};
use crate::i18n::Lang;
use crate::sourcing::lots::Source;
use crate::web::components::{Check, Moment, Tag, Tone};

pub use crate::quantities::kilograms;

/// Where a consignment stands. That a file can be made, or that a buyer has told something, is no word on the land.
#[must_use]
pub fn state_tag(state: EudrState, lang: Lang) -> Tag {
    Tag::new(lang.name_of("eudr-state", state.code()), tone(state))
}

const fn tone(state: EudrState) -> Tone {
    match state {
        EudrState::NotApplicable => Tone::Neutral,
        EudrState::Incomplete => Tone::Warn,
        EudrState::Ready | EudrState::Declared => Tone::Info,
    }
}

/// What is lacking, as a sentence.
#[must_use]
pub fn gap(gap: &Gap, lang: Lang) -> String {
    match gap {
        Gap::NoLot => lang.t("eudr-gap-no-lot"),
        Gap::Untraced { number, source, .. } => {
            let id = if *source == Source::Ecx { "eudr-gap-untraced-exchange" } else { "eudr-gap-untraced" };
            lang.fill(id, [("lot", number.clone())])
        }
        Gap::PartUntraced { number, kg, .. } => {
            lang.fill("eudr-gap-part-untraced", [("lot", number.clone()), ("kg", kilograms(*kg))])
        }
        Gap::Unstated { number, .. } => lang.fill("eudr-gap-unstated", [("plot", number.clone())]),
        Gap::TooManyPlots { count } => lang.fill("eudr-gap-too-many-plots", [("count", count.to_string())]),
    }
}

/// Where what is lacking can be mended: a path of ours.
#[must_use]
pub fn gap_href(gap: &Gap) -> Option<String> {
    match gap {
        Gap::Untraced { lot, .. } | Gap::PartUntraced { lot, .. } => Some(format!("/lots/{lot}/plots")),
        Gap::Unstated { plot, .. } => Some(format!("/plots/{plot}")),
        Gap::NoLot | Gap::TooManyPlots { .. } => None,
    }
}

/// Why something is not done.
#[must_use]
pub fn refusal(refusal: &OriginRefusal, lang: Lang) -> String {
    match refusal {
        OriginRefusal::TooHeavy { lot, plots } => {
            lang.fill(refusal.text_id(), [("lot", kilograms(*lot)), ("plots", kilograms(*plots))])
        }
        other => lang.t(other.text_id()),
    }
}

/// What is wrong with a line, with its place.
#[must_use]
pub fn line_fault(fault: &LineFault, lang: Lang) -> String {
    let what = lang.fill(fault.kind.text_id(), fault.kind.arguments());
    lang.fill("eudr-line", [("line", fault.line.to_string()), ("what", what)])
}

/// What a buyer has told of its statement: `26FRYUI34JTQKB, verification number A1B2C3D4`.
#[must_use]
pub fn statement(statement: &Statement, lang: Lang) -> String {
    let values = [("reference", statement.reference.clone()), ("verification", statement.verification.clone())];
    lang.fill("eudr-statement-numbers", values)
}

/// How the statement stands, as the buyer has told it.
#[must_use]
pub fn told(statement: &Statement, lang: Lang) -> Option<String> {
    let (state, day) = statement.told?;
    let name = lang.name_of("statement-state", state.code());
    Some(lang.fill("eudr-told", [("state", name), ("day", Moment::legal_day(lang, day).text)]))
}

/// From when the Union asks whom.
#[must_use]
pub fn demand(demand: &Demand, lang: Lang) -> String {
    let day = |day: Option<NaiveDate>| match day {
        Some(day) => Moment::legal_day(lang, day).text,
        None => lang.t("eudr-demand-not-set"),
    };
    let sentence = lang.fill(
        "eudr-demand",
        [("large", day(demand.large_from)), ("small", day(demand.small_from)), ("cutoff", day(Some(demand.cut_off)))],
    );
    if demand.is_assumption { format!("{sentence} {}", lang.t("eudr-demand-assumption")) } else { sentence }
}

/// Who is asked on the day on which the goods arrive, as far as that is known.
#[must_use]
pub fn asked(demand: &Demand, arrives_on: Option<NaiveDate>, today: NaiveDate, lang: Lang) -> String {
    let id = match demand.asked_on(arrives_on.unwrap_or(today)) {
        Asked::Nobody => "eudr-asked-nobody",
        Asked::Large => "eudr-asked-large",
        Asked::All => "eudr-asked-all",
    };
    lang.fill(id, [("day", Moment::legal_day(lang, arrives_on.unwrap_or(today)).text)])
}

/// Things that are lacking, as the line of a case names them.
const NAMED: usize = 3;

/// Where a consignment stands, as a line of its case, with the next thing to do.
#[must_use]
pub fn check(position: &Position, lang: Lang) -> Check {
    let text = match (position.state, position.statement()) {
        (EudrState::NotApplicable, _) => lang.t("eudr-check-not-applicable"),
        (EudrState::Declared, Some(told)) => lang.fill("eudr-check-declared", [("statement", statement(told, lang))]),
        (EudrState::Ready, _) | (EudrState::Declared, None) => lang.t("eudr-check-ready"),
        (EudrState::Incomplete, _) => {
            let named: Vec<String> = position.gaps.iter().take(NAMED).map(|found| gap(found, lang)).collect();
            let more = position.gaps.len().saturating_sub(NAMED);
            let mut text = lang.fill("eudr-check-incomplete", [("gaps", named.join(" "))]);
            if more > 0 {
                text = format!("{text} {}", lang.fill("eudr-more", [("count", more.to_string())]));
            }
            text
        }
    };
    Check { tone: tone(position.state), text, href: Some(format!("/exports/{}/eudr", position.consignment.id)) }
}
