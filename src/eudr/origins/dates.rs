//! From when the European Union asks whom for plots, and from when on land must not have been deforested. Rows with their
//! day, since the days were put off twice (Regulations (EU) 2024/3234 and 2025/2650). Pure.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Whether large and medium operators are asked.
pub const LARGE: &str = "eudr_large_operators";
/// Whether micro and small operators are asked.
pub const SMALL: &str = "eudr_small_operators";
/// The year after whose last day land must not have been deforested.
pub const CUT_OFF: &str = "eudr_cutoff_year";

/// A value of a parameter, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Which parameter.
    pub key: String,
    /// The value.
    pub value: Decimal,
    /// From this day on.
    pub valid_from: NaiveDate,
    /// Whether it was not verified.
    pub is_assumption: bool,
}

/// What the Union asks of whom, from when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// From when on large and medium operators are asked; none where that is not set.
    pub large_from: Option<NaiveDate>,
    /// From when on micro and small operators are.
    pub small_from: Option<NaiveDate>,
    /// The last day on which land may have been deforested.
    pub cut_off: NaiveDate,
    /// Whether any of these was not verified.
    pub is_assumption: bool,
}

/// Who is asked on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Nobody yet.
    Nobody,
    /// Large and medium operators.
    Large,
    /// All.
    All,
}

/// Article 2(13).
const USUAL_CUT_OFF: i32 = 2020;

impl Demand {
    /// What `values`, in the order of their days, say as of `today`.
    #[must_use]
    pub fn of(values: &[Value], today: NaiveDate) -> Self {
        let year = values.iter().rfind(|value| value.key == CUT_OFF && value.valid_from <= today);
        let year = year.and_then(|value| value.value.to_i32()).unwrap_or(USUAL_CUT_OFF);
        Self {
            large_from: begins(values, LARGE),
            small_from: begins(values, SMALL),
            cut_off: NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX),
            is_assumption: values.iter().any(|value| value.is_assumption),
        }
    }

    /// Who is asked for goods that are placed on the market on `day`.
    #[must_use]
    pub fn asked_on(&self, day: NaiveDate) -> Asked {
        let begun = |from: Option<NaiveDate>| from.is_some_and(|from| from <= day);
        match (begun(self.large_from), begun(self.small_from)) {
            (true, true) => Asked::All,
            (true, false) => Asked::Large,
            (false, _) => Asked::Nobody,
        }
    }
}

/// The day from which `key` is set and stays so.
fn begins(values: &[Value], key: &str) -> Option<NaiveDate> {
    let of_key = values.iter().filter(|value| value.key == key);
    of_key.fold(None, |begun, value| match value.value.is_zero() {
        true => None,
        false => begun.or(Some(value.valid_from)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn value(key: &str, value: i64, from: &str) -> Value {
        Value { key: key.to_owned(), value: value.into(), valid_from: day(from), is_assumption: true }
    }

    fn law() -> Vec<Value> {
        vec![
            value(LARGE, 0, "2020-01-01"),
            value(SMALL, 0, "2020-01-01"),
            value(CUT_OFF, 2020, "2020-01-01"),
            value(LARGE, 1, "2026-12-30"),
            value(SMALL, 1, "2027-06-30"),
        ]
    }

    #[test]
    fn large_operators_are_asked_first_and_all_from_the_second_day_on() {
        let demand = Demand::of(&law(), day("2026-11-28"));
        assert_eq!((demand.cut_off, demand.is_assumption), (day("2020-12-31"), true));
        for (on, asked) in [
            ("2026-11-28", Asked::Nobody),
            ("2026-12-29", Asked::Nobody),
            ("2026-12-30", Asked::Large),
            ("2027-06-29", Asked::Large),
            ("2027-06-30", Asked::All),
        ] {
            assert_eq!(demand.asked_on(day(on)), asked, "{on}");
        }
    }

    #[test]
    fn what_is_put_off_again_begins_later_and_what_is_given_up_never() {
        let mut put_off = law();
        put_off.push(value(LARGE, 0, "2027-12-01"));
        assert_eq!(Demand::of(&put_off, day("2026-11-28")).large_from, None);
        put_off.push(value(LARGE, 1, "2027-12-30"));
        assert_eq!(Demand::of(&put_off, day("2026-11-28")).large_from, Some(day("2027-12-30")));
        let none = Demand::of(&[], day("2026-11-28"));
        assert_eq!((none.large_from, none.small_from, none.asked_on(NaiveDate::MAX)), (None, None, Asked::Nobody));
        assert_eq!(none.cut_off, day("2020-12-31"), "the cut-off is law where no row says so");
    }

    #[test]
    fn a_cut_off_that_is_to_come_does_not_hold_yet() {
        let mut later = law();
        later.push(value(CUT_OFF, 2024, "2027-01-01"));
        assert_eq!(Demand::of(&later, day("2026-12-31")).cut_off, day("2020-12-31"));
        assert_eq!(Demand::of(&later, day("2027-01-01")).cut_off, day("2024-12-31"));
    }
}
