//! The coffee year: 1 October to 30 September (International Coffee Agreement). Serials of certificates
//! of origin start again with it.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A coffee year, by the calendar year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CoffeeYear(i32);

impl CoffeeYear {
    /// The coffee year that begins on 1 October of `year`.
    #[must_use]
    pub const fn beginning_in(year: i32) -> Self {
        Self(year)
    }

    /// The coffee year to which `date` belongs.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self(if date.month() >= 10 { date.year() } else { date.year() - 1 })
    }

    /// The calendar year in which it begins.
    #[must_use]
    pub const fn start_year(self) -> i32 {
        self.0
    }

    /// Its first day; nothing outside the years that a date can name.
    #[must_use]
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.0, 10, 1)
    }

    /// Its last day; nothing outside the years that a date can name.
    #[must_use]
    pub fn last_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.0 + 1, 9, 30)
    }
}

impl fmt::Display for CoffeeYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_on_the_first_of_october() {
        let last = NaiveDate::from_ymd_opt(2026, 9, 30).unwrap();
        let first = last.succ_opt().unwrap();
        assert_eq!(CoffeeYear::of(last).to_string(), "2025/26");
        assert_eq!(CoffeeYear::of(first).to_string(), "2026/27");
        assert_eq!(CoffeeYear::of(last).last_day(), Some(last));
        assert_eq!(CoffeeYear::of(first).first_day(), Some(first));
        assert_eq!(CoffeeYear::beginning_in(2099).to_string(), "2099/00");
    }
}
