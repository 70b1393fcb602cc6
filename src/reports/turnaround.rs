//! How long decisions took, in working days: what one decision counts as, and the figures of many. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::calendar::{Holidays, eat_date, working_days_between};
use crate::exports::State;
use crate::exports::transitions::age_of;
use crate::workflow::ageing::Age;

/// The working days from entering a step to its decision, and whether that was too long: by the limit of the step, or
/// by the due date where the proceeds are settled. The same rule by which a queue calls a case late.
#[must_use]
pub fn waited(
    state: State,
    (entered, decided): (DateTime<Utc>, DateTime<Utc>),
    due: Option<NaiveDate>,
    holidays: &Holidays,
) -> (u32, bool) {
    let days = working_days_between(entered, decided, holidays);
    (days, age_of(state, days, due, eat_date(decided)) == Some(Age::Late))
}

/// So many decisions after so many working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u32, u64>,
    late: u64,
}

impl Histogram {
    /// Adds `count` decisions that took `days`.
    pub fn add(&mut self, days: u32, count: u64, are_late: bool) {
        *self.counts.entry(days).or_default() += count;
        if are_late {
            self.late += count;
        }
    }

    /// How many decisions there are.
    #[must_use]
    pub fn decisions(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many of them were late.
    #[must_use]
    pub const fn late(&self) -> u64 {
        self.late
    }

    /// The share of those that were late, in percent with one decimal; `None` without decisions.
    #[must_use]
    pub fn late_percent(&self) -> Option<Decimal> {
        let all = self.decisions();
        (all > 0).then(|| (Decimal::from(self.late) * Decimal::ONE_HUNDRED / Decimal::from(all)).round_dp(1))
    }

    /// The median: the middle one, or the mean of the two in the middle. `None` without decisions.
    #[must_use]
    pub fn median(&self) -> Option<Decimal> {
        let all = self.decisions();
        let lower = self.ranked(all.div_ceil(2))?;
        let upper = self.ranked(all / 2 + 1)?;
        Some((Decimal::from(lower) + Decimal::from(upper)) / Decimal::TWO)
    }

    /// The fewest days within which at least `percent` in a hundred of the decisions were taken (the nearest rank).
    /// `None` without decisions.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u32> {
        self.ranked((self.decisions() * percent).div_ceil(100).max(1))
    }

    /// The days of the decision of this rank, counted from 1 in the order of days.
    fn ranked(&self, rank: u64) -> Option<u32> {
        let mut passed = 0;
        self.counts.iter().find_map(|(days, count)| {
            passed += count;
            (passed >= rank).then_some(*days)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exports::{ExportStatus, Stage};

    fn of(days: &[u32]) -> Histogram {
        let mut histogram = Histogram::default();
        for day in days {
            histogram.add(*day, 1, *day > 5);
        }
        histogram
    }

    #[test]
    fn the_figures_of_known_numbers() {
        let none = of(&[]);
        assert_eq!((none.median(), none.percentile(90), none.late_percent()), (None, None, None));
        let one = of(&[7]);
        assert_eq!((one.median(), one.percentile(90)), (Some(7.into()), Some(7)));
        assert_eq!(of(&[1, 2]).median(), Some("1.5".parse().unwrap()));
        assert_eq!(of(&[3, 1, 2]).median(), Some(2.into()));
        let ten = of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!((ten.median(), ten.percentile(90)), (Some("5.5".parse().unwrap()), Some(9)));
        assert_eq!((ten.decisions(), ten.late(), ten.late_percent()), (10, 5, Some(50.into())));
        let eleven = of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(eleven.percentile(90), Some(10));
        assert_eq!(of(&[6, 1, 1]).late_percent(), Some("33.3".parse().unwrap()));
    }

    #[test]
    fn a_decision_is_late_by_the_rule_of_the_queue() {
        let holidays: Holidays = ["2026-11-18".parse().unwrap()].into_iter().collect();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let fx = State::new(ExportStatus::Pending, Stage::Fx);
        let monday = at("2026-11-16T08:00:00Z");
        // The Wednesday is a holiday; the limit of the step is two days.
        assert_eq!(waited(fx, (monday, at("2026-11-18T08:00:00Z")), None, &holidays), (1, false));
        assert_eq!(waited(fx, (monday, at("2026-11-19T08:00:00Z")), None, &holidays), (2, true));
        let settlement = State::new(ExportStatus::Shipped, Stage::Settlement);
        let due = Some("2026-11-18".parse().unwrap());
        // The day is the one in Addis Ababa, three hours ahead.
        assert_eq!(waited(settlement, (monday, at("2026-11-18T20:59:59Z")), due, &holidays), (1, false));
        assert_eq!(waited(settlement, (monday, at("2026-11-18T21:00:00Z")), due, &holidays), (2, true));
    }

    proptest! {
        #[test]
        fn the_ranks_are_those_of_the_sorted_days(mut days in prop::collection::vec(0_u32..40, 1..60)) {
            let histogram = of(&days);
            days.sort_unstable();
            let n = days.len();
            let middle = Decimal::from(days[(n - 1) / 2] + days[n / 2]) / Decimal::TWO;
            prop_assert_eq!(histogram.median(), Some(middle));
            prop_assert_eq!(histogram.percentile(90), Some(days[(n * 9).div_ceil(10) - 1]));
            prop_assert_eq!(histogram.percentile(100), days.last().copied());
        }
    }
}
