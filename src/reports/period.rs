//! The months of a report. Pure.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer};

use crate::calendar::CoffeeYear;

/// A month, by its first day. Only years that a calendar of the trade has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// The text is no month such as `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no month such as 2026-11")]
pub struct NotAMonth;

impl Month {
    /// The month to which `day` belongs.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.next().0 - Days::new(1)
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + Months::new(1))
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0 - Months::new(1))
    }

    /// Every month from this one to `last`.
    pub fn up_to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> {
        let index = |month: Self| month.0.year() * 12 + i32::try_from(month.0.month0()).unwrap_or_default();
        (index(self)..=index(last)).filter_map(|index| {
            let month = u32::try_from(index.rem_euclid(12)).ok()? + 1;
            NaiveDate::from_ymd_opt(index.div_euclid(12), month, 1).map(Self)
        })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').filter(|(y, m)| y.len() == 4 && m.len() == 2).ok_or(NotAMonth)?;
        let year = year.parse().ok().filter(|year| (2000..=2200).contains(year)).ok_or(NotAMonth)?;
        NaiveDate::from_ymd_opt(year, month.parse().map_err(|_| NotAMonth)?, 1).map(Self).ok_or(NotAMonth)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The months that a report is about, both included; open where there is no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first.
    pub from: Option<Month>,
    /// The last.
    pub until: Option<Month>,
}

impl Period {
    /// The months of a coffee year: October to September.
    #[must_use]
    pub fn coffee_year(year: CoffeeYear) -> Self {
        Self { from: year.first_day().map(Month::of), until: year.last_day().map(Month::of) }
    }

    /// One month.
    #[must_use]
    pub const fn month(month: Month) -> Self {
        Self { from: Some(month), until: Some(month) }
    }

    /// Whether it is all time.
    #[must_use]
    pub const fn is_all(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// How a viewer names a period, in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// `all`.
    All,
    /// A coffee year, by the calendar year in which it begins: `2026`.
    CoffeeYear(CoffeeYear),
    /// A month: `2026-11`.
    Month(Month),
}

impl Named {
    /// Its months.
    #[must_use]
    pub fn period(self) -> Period {
        match self {
            Self::All => Period::default(),
            Self::CoffeeYear(year) => Period::coffee_year(year),
            Self::Month(month) => Period::month(month),
        }
    }

    /// Those that are offered: this coffee year and the last, this month and the last, all time.
    #[must_use]
    pub fn offered(today: NaiveDate) -> [Self; 5] {
        let (year, month) = (CoffeeYear::of(today), Month::of(today));
        [
            Self::CoffeeYear(year),
            Self::CoffeeYear(CoffeeYear::beginning_in(year.start_year() - 1)),
            Self::Month(month),
            Self::Month(month.previous()),
            Self::All,
        ]
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::CoffeeYear(year) => year.start_year().fmt(f),
            Self::Month(month) => month.fmt(f),
        }
    }
}

impl FromStr for Named {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        if text == "all" {
            return Ok(Self::All);
        }
        match text.parse::<i32>() {
            Ok(year) if (2000..=2200).contains(&year) => Ok(Self::CoffeeYear(CoffeeYear::beginning_in(year))),
            Ok(_) => Err(NotAMonth),
            Err(_) => text.parse().map(Self::Month),
        }
    }
}

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The period that an address asks for. Months that are given go before a name; without either it is the coffee year
/// of `today`.
#[must_use]
pub fn chosen(named: Option<Named>, from: Option<Month>, until: Option<Month>, today: NaiveDate) -> Period {
    if from.is_some() || until.is_some() {
        return Period { from, until };
    }
    named.unwrap_or(Named::CoffeeYear(CoffeeYear::of(today))).period()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_read_as_it_is_written() {
        for text in ["2000-01", "2026-11", "2200-12"] {
            assert_eq!(month(text).to_string(), text);
        }
        for text in ["", "2026", "2026-13", "2026-00", "1999-12", "2201-01", "26-11", "2026-1", "2026-11-01", "-026-11"]
        {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }

    #[test]
    fn months_follow_each_other_over_the_new_year() {
        let months: Vec<String> = month("2026-11").up_to(month("2027-02")).map(|month| month.to_string()).collect();
        assert_eq!(months, ["2026-11", "2026-12", "2027-01", "2027-02"]);
        assert_eq!(month("2027-02").up_to(month("2026-11")).count(), 0);
        assert_eq!(month("2027-01").previous(), month("2026-12"));
        assert_eq!(month("2028-02").last_day().to_string(), "2028-02-29");
    }

    #[test]
    fn a_coffee_year_is_october_to_september() {
        let period = Period::coffee_year(CoffeeYear::beginning_in(2025));
        assert_eq!(period, Period { from: Some(month("2025-10")), until: Some(month("2026-09")) });
    }

    #[test]
    fn months_go_before_a_name_and_the_running_coffee_year_stands_for_nothing() {
        let last = "2026-09-30".parse().unwrap();
        let first = "2026-10-01".parse().unwrap();
        assert_eq!(chosen(None, None, None, last).from, Some(month("2025-10")));
        assert_eq!(chosen(None, None, None, first).from, Some(month("2026-10")));
        assert!(chosen(Some(Named::All), None, None, first).is_all());
        let custom = chosen(Some(Named::All), Some(month("2026-01")), None, first);
        assert_eq!(custom, Period { from: Some(month("2026-01")), until: None });
        assert_eq!(chosen("2026-11".parse().ok(), None, None, first), Period::month(month("2026-11")));
        for named in Named::offered(first) {
            assert_eq!(named.to_string().parse(), Ok(named));
        }
        assert!("1999".parse::<Named>().is_err() && "year".parse::<Named>().is_err());
    }
}
