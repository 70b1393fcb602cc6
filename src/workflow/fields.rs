//! Reading the fields of a form into typed values, collecting every problem instead of stopping at the first.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::names;
use crate::quantities::{NumberError, parse_decimal};

/// What is wrong with a field. The page turns it into a sentence (`problem-*` in the texts).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Missing,
    /// Fewer characters than say anything.
    TooShort {
        /// The fewest.
        least: usize,
    },
    /// More characters than fit.
    TooLong {
        /// The most.
        most: usize,
    },
    /// Control, invisible or direction-changing characters.
    StrangeCharacters,
    /// Not a number.
    NotANumber,
    /// Outside the range.
    OutOfRange {
        /// The smallest.
        least: Decimal,
        /// The largest.
        most: Decimal,
    },
    /// More decimals than are kept.
    TooFine {
        /// The most.
        decimals: u32,
    },
    /// Not a date.
    NotADate,
    /// Before the earliest day.
    TooEarly {
        /// The earliest.
        earliest: NaiveDate,
    },
    /// After the latest day.
    TooLate {
        /// The latest.
        latest: NaiveDate,
    },
    /// None of the choices.
    NotAChoice,
    /// Three letters, U/J/Z, seven digits are expected.
    ContainerShape,
    /// The container's check digit is wrong.
    ContainerDigit {
        /// What it should be.
        expected: u8,
    },
    /// The same container twice.
    ContainerTwice,
    /// The parts do not add up to the whole.
    SumDiffers {
        /// What they should add up to, in kilograms.
        whole: Decimal,
        /// What they add up to.
        sum: Decimal,
    },
    /// Gross is lighter than net.
    GrossBelowNet,
    /// The record says otherwise.
    ContradictsRecord,
    /// A rule of the area refuses it, in words of its own.
    Refused {
        /// The id of the sentence.
        text_id: &'static str,
        /// The values in it, by name.
        arguments: Vec<(&'static str, String)>,
    },
}

impl Problem {
    /// The id of the sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::Missing => "problem-missing",
            Self::TooShort { .. } => "problem-too-short",
            Self::TooLong { .. } => "problem-too-long",
            Self::StrangeCharacters => "problem-strange-characters",
            Self::NotANumber => "problem-not-a-number",
            Self::OutOfRange { .. } => "problem-out-of-range",
            Self::TooFine { .. } => "problem-too-fine",
            Self::NotADate => "problem-not-a-date",
            Self::TooEarly { .. } => "problem-too-early",
            Self::TooLate { .. } => "problem-too-late",
            Self::NotAChoice => "problem-not-a-choice",
            Self::ContainerShape => "problem-container-shape",
            Self::ContainerDigit { .. } => "problem-container-digit",
            Self::ContainerTwice => "problem-container-twice",
            Self::SumDiffers { .. } => "problem-sum-differs",
            Self::GrossBelowNet => "problem-gross-below-net",
            Self::ContradictsRecord => "problem-contradicts-record",
            Self::Refused { text_id, .. } => text_id,
        }
    }

    /// The values in the sentence, by name; days as `2026-11-20`.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooShort { least } => vec![("least", least.to_string())],
            Self::TooLong { most } => vec![("most", most.to_string())],
            Self::OutOfRange { least, most } => vec![("least", least.to_string()), ("most", most.to_string())],
            Self::TooFine { decimals } => vec![("decimals", decimals.to_string())],
            Self::TooEarly { earliest } => vec![("date", earliest.to_string())],
            Self::TooLate { latest } => vec![("date", latest.to_string())],
            Self::ContainerDigit { expected } => vec![("expected", expected.to_string())],
            Self::SumDiffers { whole, sum } => vec![("whole", whole.to_string()), ("sum", sum.to_string())],
            Self::Refused { arguments, .. } => arguments.clone(),
            Self::Missing
            | Self::StrangeCharacters
            | Self::NotANumber
            | Self::NotADate
            | Self::NotAChoice
            | Self::ContainerShape
            | Self::ContainerTwice
            | Self::GrossBelowNet
            | Self::ContradictsRecord => Vec::new(),
        }
    }
}

/// What is wrong with a form: each field with its problem, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldProblems(pub Vec<(String, Problem)>);

impl FieldProblems {
    /// Whether nothing is wrong.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes a problem.
    pub fn add(&mut self, field: impl Into<String>, problem: Problem) {
        self.0.push((field.into(), problem));
    }

    /// The problem of one field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&Problem> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, problem)| problem)
    }
}

/// The fields of one form as they were typed, and the problems found so far.
#[derive(Debug)]
pub struct FieldReader<'a> {
    values: &'a BTreeMap<String, String>,
    /// What was found to be wrong.
    pub problems: FieldProblems,
}

impl<'a> FieldReader<'a> {
    /// Reads from `values`.
    #[must_use]
    pub fn new(values: &'a BTreeMap<String, String>) -> Self {
        Self { values, problems: FieldProblems::default() }
    }

    /// The text of a field without the space around it; empty when it is missing.
    #[must_use]
    pub fn raw(&self, field: &str) -> &'a str {
        self.values.get(field).map_or("", |value| value.trim())
    }

    /// A text that has to be there.
    pub fn text(&mut self, field: &str, length: RangeInclusive<usize>) -> String {
        let value = self.raw(field);
        if value.is_empty() {
            self.problems.add(field, Problem::Missing);
            return String::new();
        }
        self.checked(field, value, length)
    }

    /// The name of a person or an organisation.
    pub fn name(&mut self, field: &str, length: RangeInclusive<usize>) -> String {
        let name = self.text(field, length);
        if self.problems.of(field).is_none()
            && let Some(unfit) = names::against(&name)
        {
            let said = |text_id| Problem::Refused { text_id, arguments: Vec::new() };
            let problem = match unfit {
                names::Unfit::Unseen => Problem::StrangeCharacters,
                names::Unfit::OtherScript | names::Unfit::Mixed | names::Unfit::NoLetter => said("problem-name-script"),
                names::Unfit::Sign => said("problem-name-sign"),
            };
            self.problems.add(field, problem);
        }
        name
    }

    /// A text that may be missing.
    pub fn optional_text(&mut self, field: &str, most: usize) -> Option<String> {
        let value = self.raw(field);
        if value.is_empty() { None } else { Some(self.checked(field, value, 1..=most)) }
    }

    fn checked(&mut self, field: &str, value: &str, length: RangeInclusive<usize>) -> String {
        let value = value.replace("\r\n", "\n");
        let characters = value.chars().count();
        if characters < *length.start() {
            self.problems.add(field, Problem::TooShort { least: *length.start() });
        } else if characters > *length.end() {
            self.problems.add(field, Problem::TooLong { most: *length.end() });
        } else if value.chars().any(is_strange) {
            self.problems.add(field, Problem::StrangeCharacters);
        }
        value
    }

    /// A number within `least..=most` with at most `decimals` decimals. Zero when there is a problem.
    pub fn decimal(&mut self, field: &str, least: Decimal, most: Decimal, decimals: u32) -> Decimal {
        self.optional_decimal(field, least, most, decimals).unwrap_or_else(|| {
            if self.raw(field).is_empty() {
                self.problems.add(field, Problem::Missing);
            }
            Decimal::ZERO
        })
    }

    /// As [`FieldReader::decimal`], but it may be missing.
    pub fn optional_decimal(&mut self, field: &str, least: Decimal, most: Decimal, decimals: u32) -> Option<Decimal> {
        match parse_decimal(self.raw(field)) {
            Err(NumberError::Empty) => None,
            Err(NumberError::NotANumber | NumberError::TooLong) => {
                self.problems.add(field, Problem::NotANumber);
                None
            }
            Ok(value) if value.normalize().scale() > decimals => {
                self.problems.add(field, Problem::TooFine { decimals });
                None
            }
            Ok(value) if value < least || value > most => {
                self.problems.add(field, Problem::OutOfRange { least, most });
                None
            }
            Ok(value) => Some(value),
        }
    }

    /// A day within `earliest..=latest`, as `YYYY-MM-DD` or `DD/MM/YYYY`. The earliest when there is a problem.
    pub fn date(&mut self, field: &str, earliest: NaiveDate, latest: NaiveDate) -> NaiveDate {
        let value = self.raw(field);
        if value.is_empty() {
            self.problems.add(field, Problem::Missing);
            return earliest;
        }
        let parsed =
            NaiveDate::parse_from_str(value, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(value, "%d/%m/%Y"));
        match parsed {
            Err(_) => self.problems.add(field, Problem::NotADate),
            Ok(day) if day < earliest => self.problems.add(field, Problem::TooEarly { earliest }),
            Ok(day) if day > latest => self.problems.add(field, Problem::TooLate { latest }),
            Ok(day) => return day,
        }
        earliest
    }

    /// One of `choices`.
    pub fn choice(&mut self, field: &str, choices: &[&str]) -> String {
        let value = self.raw(field);
        if value.is_empty() {
            self.problems.add(field, Problem::Missing);
        } else if !choices.contains(&value) {
            self.problems.add(field, Problem::NotAChoice);
        }
        value.to_owned()
    }

    /// A box that has to be ticked.
    pub fn confirmed(&mut self, field: &str) {
        if self.raw(field).is_empty() {
            self.problems.add(field, Problem::Missing);
        }
    }

    /// The value, when nothing was wrong.
    ///
    /// # Errors
    /// The problems.
    pub fn finish<T>(self, value: T) -> Result<T, FieldProblems> {
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems) }
    }
}

/// Characters that have no place in a name or a reason: control characters (but line breaks), and those that
/// are invisible or turn the direction of the text, which can make a paper read otherwise than it is stored.
pub(crate) fn is_strange(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_problem_of_a_form_is_reported_at_once() {
        let values = form(&[("name", "x"), ("rate", "12x"), ("day", "2026-13-01"), ("mode", "RAIL")]);
        let mut fields = FieldReader::new(&values);
        fields.text("name", 2..=10);
        fields.text("absent", 2..=10);
        fields.decimal("rate", Decimal::ONE, Decimal::TEN, 2);
        fields.date("day", day("2026-01-01"), day("2026-12-31"));
        fields.choice("mode", &["SEA", "AIR"]);
        let names: Vec<&str> = fields.problems.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["name", "absent", "rate", "day", "mode"]);
    }

    #[test]
    fn a_date_may_be_typed_both_ways_and_has_to_lie_in_its_range() {
        let values = form(&[("a", "2026-11-20"), ("b", "20/11/2026"), ("c", "2026-11-21")]);
        let mut fields = FieldReader::new(&values);
        let (from, to) = (day("2026-11-01"), day("2026-11-20"));
        assert_eq!(fields.date("a", from, to), fields.date("b", from, to));
        assert!(fields.problems.is_empty());
        fields.date("c", from, to);
        assert_eq!(fields.problems.of("c"), Some(&Problem::TooLate { latest: to }));
    }

    #[test]
    fn a_name_has_letters_of_one_of_our_scripts_in_each_word() {
        let values =
            form(&[("a", "Аlmaz Tesfaye"), ("b", "<i>Almaz</i>"), ("c", "Almaz\u{200B}"), ("d", "Almaz Tesfaye")]);
        let mut fields = FieldReader::new(&values);
        for field in ["a", "b", "c", "d"] {
            fields.name(field, 2..=255);
        }
        let ids: Vec<_> = fields.problems.0.iter().map(|(field, found)| (field.as_str(), found.text_id())).collect();
        let expected = [("a", "problem-name-script"), ("b", "problem-name-sign"), ("c", "problem-strange-characters")];
        assert_eq!(ids, expected);
    }

    #[test]
    fn text_that_turns_direction_is_refused() {
        let values = form(&[("name", "Abay\u{202E}eeffoC")]);
        let mut fields = FieldReader::new(&values);
        fields.text("name", 1..=100);
        assert_eq!(fields.problems.of("name"), Some(&Problem::StrangeCharacters));
    }
}
