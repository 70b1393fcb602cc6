//! What is wrong with a form, in words, in the language of who reads it.

use super::fields::Problem;
use crate::i18n::Lang;
use crate::web::components::Moment;

/// What is wrong with a field, as a sentence.
#[must_use]
pub fn problem(problem: &Problem, lang: Lang) -> String {
    let arguments = problem.arguments().into_iter().map(|(name, value)| match name {
        "date" => (name, day(&value, lang)),
        _ => (name, value),
    });
    lang.fill(problem.text_id(), arguments.collect::<Vec<_>>())
}

/// A day as it was written down, as people read it; what is no day stays as it is.
#[must_use]
pub fn day(iso: &str, lang: Lang) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |date| Moment::day(lang, date).text)
}

/// As [`day`], in both calendars: for a day that carries legal force.
#[must_use]
pub fn legal_day(iso: &str, lang: Lang) -> String {
    iso.parse().map_or_else(|_| iso.to_owned(), |date| Moment::legal_day(lang, date).text)
}
