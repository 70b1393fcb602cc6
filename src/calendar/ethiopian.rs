//! Dates of the Ethiopian calendar (era Amete Mihret), shown beside every date with legal force.

use chrono::{Datelike, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::{Ethiopian, EthiopianEraStyle};
use icu_calendar::types::RataDie;
use thiserror::Error;

/// A day of the Ethiopian calendar: twelve months of 30 days, then Pagume with 5, or 6 in a leap year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EthiopianDate {
    year: i32,
    month: u8,
    day: u8,
}

/// The Ethiopian calendar has no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the Ethiopian calendar has no day {day}/{month}/{year}")]
pub struct NoSuchDate {
    /// The year asked for.
    pub year: i32,
    /// The month asked for.
    pub month: u8,
    /// The day asked for.
    pub day: u8,
}

/// The ids of the months' names, in order.
const MONTH_IDS: [&str; 13] = [
    "ethiopian-month-1",
    "ethiopian-month-2",
    "ethiopian-month-3",
    "ethiopian-month-4",
    "ethiopian-month-5",
    "ethiopian-month-6",
    "ethiopian-month-7",
    "ethiopian-month-8",
    "ethiopian-month-9",
    "ethiopian-month-10",
    "ethiopian-month-11",
    "ethiopian-month-12",
    "ethiopian-month-13",
];

impl EthiopianDate {
    /// The day with these numbers.
    ///
    /// # Errors
    /// [`NoSuchDate`] when the calendar does not have it.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, NoSuchDate> {
        match Date::try_new_ethiopian(EthiopianEraStyle::AmeteMihret, year, month, day) {
            Ok(_) => Ok(Self { year, month, day }),
            Err(_) => Err(NoSuchDate { year, month, day }),
        }
    }

    /// The year of the era.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 (Meskerem) to 13 (Pagume).
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The id of the month's name in the locale files: `ethiopian-month-1` to `ethiopian-month-13`.
    #[must_use]
    pub fn month_id(self) -> &'static str {
        MONTH_IDS[usize::from(self.month.clamp(1, 13)) - 1]
    }

    /// The same day in the Gregorian calendar; nothing outside the years that it can name.
    #[must_use]
    pub fn gregorian(self) -> Option<NaiveDate> {
        let date = Date::try_new_ethiopian(EthiopianEraStyle::AmeteMihret, self.year, self.month, self.day).ok()?;
        let days = i32::try_from(date.to_rata_die().to_i64_date()).ok()?;
        NaiveDate::from_num_days_from_ce_opt(days)
    }
}

impl From<NaiveDate> for EthiopianDate {
    fn from(date: NaiveDate) -> Self {
        // Both count days from 1 January of the year 1.
        let days = RataDie::new(i64::from(date.num_days_from_ce()));
        let date = Date::from_rata_die(days, Ethiopian::new_with_era_style(EthiopianEraStyle::AmeteMihret));
        Self { year: date.year().extended_year(), month: date.month().ordinal, day: date.day_of_month().0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gregorian(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    /// The published closed formula, which knows nothing of the library: an independent witness.
    fn by_formula(date: NaiveDate) -> (i64, i64, i64) {
        let julian_day = i64::from(date.num_days_from_ce()) + 1_721_425;
        let cycles = julian_day - 1_723_856;
        let r = cycles.rem_euclid(1461);
        let n = r % 365 + 365 * (r / 1460);
        let year = 4 * cycles.div_euclid(1461) + r / 365 - r / 1460;
        (year, n / 30 + 1, n % 30 + 1)
    }

    #[test]
    fn converts_the_reference_days() {
        for (date, (day, month, year)) in [
            (gregorian(2025, 9, 11), (1, 1, 2018)),
            (gregorian(2023, 9, 12), (1, 1, 2016)),
            (gregorian(2023, 9, 11), (6, 13, 2015)),
            (gregorian(2025, 7, 8), (1, 11, 2017)),
            (gregorian(2025, 10, 1), (21, 1, 2018)),
            (gregorian(2026, 9, 11), (1, 1, 2019)),
            (gregorian(2027, 9, 12), (1, 1, 2020)),
            (gregorian(2000, 1, 1), (22, 4, 1992)),
            (gregorian(2026, 11, 20), (11, 3, 2019)),
        ] {
            assert_eq!(EthiopianDate::from(date), EthiopianDate::new(year, month, day).unwrap(), "{date}");
        }
    }

    #[test]
    fn agrees_with_the_closed_formula_on_every_day_of_two_centuries_and_back() {
        let mut date = gregorian(1900, 1, 1);
        let mut days = 0;
        while date <= gregorian(2100, 12, 31) {
            let ethiopian = EthiopianDate::from(date);
            let numbers = (i64::from(ethiopian.year), i64::from(ethiopian.month), i64::from(ethiopian.day));
            assert_eq!(numbers, by_formula(date), "{date}");
            assert_eq!(ethiopian.gregorian(), Some(date));
            date = date.succ_opt().unwrap();
            days += 1;
        }
        assert_eq!(days, 73_414);
    }

    #[test]
    fn knows_which_days_there_are() {
        assert!(EthiopianDate::new(2015, 13, 6).is_ok());
        for (year, month, day) in [(2016, 13, 6), (2016, 14, 1), (2016, 0, 1), (2016, 1, 31), (2016, 1, 0)] {
            assert_eq!(EthiopianDate::new(year, month, day), Err(NoSuchDate { year, month, day }));
        }
    }

    #[test]
    fn every_month_has_a_name_in_both_languages() {
        let files = [include_str!("../../locales/en/calendar.ftl"), include_str!("../../locales/am/calendar.ftl")];
        for month in 1..=13 {
            let id = EthiopianDate::new(2015, month, 1).unwrap().month_id();
            assert_eq!(id, format!("ethiopian-month-{month}"));
            for file in files {
                assert!(file.lines().any(|line| line.starts_with(&format!("{id} = "))), "{id}");
            }
        }
    }
}
