//! From when a value may hold, and what may still be taken back. Pure.
//!
//! What has been decided on a day stands on the values of that day. So a figure of law changes from today on at the
//! earliest; the rate of a day and the prices of a week, which may have been forgotten, may also be entered late where
//! there are none, since whatever was decided meanwhile has kept the figure that it went by.

use chrono::{Days, NaiveDate};

use super::model::Week;

/// How far ahead a figure may be announced: two years.
pub const AHEAD_DAYS: u64 = 731;
/// How late a forgotten rate may be entered.
pub const RATE_LATE_DAYS: u64 = 7;
/// How far ahead a rate may be published.
pub const RATE_AHEAD_DAYS: u64 = 7;
/// How late the forgotten prices of a week may be entered.
pub const PRICE_LATE_WEEKS: i64 = 4;
/// How far ahead the prices of a week may be published.
pub const PRICE_AHEAD_WEEKS: i64 = 4;
/// A price beside that of the week before which differs by more percent is looked at twice.
pub const STRIKING_PERCENT: i64 = 25;

/// The days from which a new value of a figure may hold.
#[must_use]
pub fn figure_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today, today + Days::new(AHEAD_DAYS))
}

/// The days of which rates may be entered.
#[must_use]
pub fn rate_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today - Days::new(RATE_LATE_DAYS), today + Days::new(RATE_AHEAD_DAYS))
}

/// The weeks of which prices may be entered, first and last.
#[must_use]
pub fn price_weeks(today: NaiveDate) -> (Week, Week) {
    let week = Week::of(today);
    (week.plus(-PRICE_LATE_WEEKS), week.plus(PRICE_AHEAD_WEEKS))
}

/// Whether a rate of `day` may still be replaced: nothing of a day that is over is.
#[must_use]
pub fn may_replace_rate(day: NaiveDate, today: NaiveDate) -> bool {
    day >= today
}

/// Whether a price of `week` may still be replaced.
#[must_use]
pub fn may_replace_price(week: Week, today: NaiveDate) -> bool {
    week >= Week::of(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_figure_never_changes_in_the_past() {
        let (first, last) = figure_days(day("2026-11-18"));
        assert_eq!((first, last), (day("2026-11-18"), day("2028-11-18")));
    }

    #[test]
    fn what_was_forgotten_may_be_entered_late_and_what_is_over_is_not_replaced() {
        let today = day("2026-11-18");
        assert_eq!(rate_days(today), (day("2026-11-11"), day("2026-11-25")));
        assert!(may_replace_rate(today, today) && !may_replace_rate(day("2026-11-17"), today));
        let (first, last) = price_weeks(today);
        assert_eq!((first.to_string(), last.to_string()), ("2026-W43".to_owned(), "2026-W51".to_owned()));
        assert!(may_replace_price(Week::of(day("2026-11-16")), today));
        assert!(!may_replace_price(Week::of(day("2026-11-15")), today));
    }
}
