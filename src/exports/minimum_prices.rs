//! The minimum export prices of the last weeks, by week, coffee and grade.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::quantities::check_price;

/// What they are in; a price in another currency is not compared.
const CURRENCY: &str = "USD";

/// An ISO week: its year and its number.
type Week = (i32, u32);

/// Minimum prices in US dollars per kilogram.
#[derive(Debug, Clone, Default)]
pub struct MinimumPrices(HashMap<Week, HashMap<String, Vec<(String, Decimal)>>>);

impl MinimumPrices {
    /// Notes the minimum of a coffee and grade for an ISO week.
    pub fn insert(&mut self, week: (i32, u32), coffee_type: String, grade: String, usd_per_kg: Decimal) {
        self.0.entry(week).or_default().entry(coffee_type).or_default().push((grade, usd_per_kg));
    }

    /// The minimum that a price a kilogram, with its currency, does not reach for a coffee, with its grade, in the week
    /// of `day`.
    ///
    /// A request is held against the week in which it was made. The contract's own week is looked at when the contract
    /// is approved; this tells what has fallen behind the market since.
    #[must_use]
    pub fn missed_by(
        &self,
        (currency, price): (&str, Decimal),
        (coffee_type, grade): (&str, &str),
        day: NaiveDate,
    ) -> Option<Decimal> {
        let minimum = self.of(coffee_type, grade, day).filter(|_| currency == CURRENCY)?;
        check_price(price, minimum).filter(|check| !check.is_acceptable).map(|_| minimum)
    }

    /// The minimum of the week of `day`; `None` when none was set, or it is too long ago.
    fn of(&self, coffee_type: &str, grade: &str, day: NaiveDate) -> Option<Decimal> {
        let week = day.iso_week();
        let grades = self.0.get(&(week.year(), week.week()))?.get(coffee_type)?;
        grades.iter().find(|(known, _)| known == grade).map(|(_, price)| *price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec;

    #[test]
    fn a_price_holds_from_monday_to_sunday_also_across_the_year() {
        let mut prices = MinimumPrices::default();
        prices.insert((2026, 53), "Sidama".to_owned(), "2".to_owned(), dec!(6.10));
        let of = |day: &str, grade: &str| prices.of("Sidama", grade, day.parse().unwrap());
        assert_eq!(of("2026-12-27", "2"), None, "the Sunday before");
        assert_eq!(of("2026-12-28", "2"), Some(dec!(6.10)));
        assert_eq!(of("2027-01-03", "2"), Some(dec!(6.10)));
        assert_eq!(of("2027-01-04", "2"), None, "the Monday after");
        assert_eq!(of("2026-12-28", "3"), None);
        assert_eq!(prices.of("Harar", "2", "2026-12-28".parse().unwrap()), None);
    }

    #[test]
    fn a_price_misses_the_minimum_only_below_it_and_in_dollars() {
        let mut prices = MinimumPrices::default();
        prices.insert((2026, 47), "Sidama".to_owned(), "2".to_owned(), dec!(6.10));
        let missed = |currency: &str, price: Decimal| {
            prices.missed_by((currency, price), ("Sidama", "2"), "2026-11-18".parse().unwrap())
        };
        assert_eq!(missed("USD", dec!(6.0999)), Some(dec!(6.10)));
        assert_eq!(missed("USD", dec!(6.10)), None);
        assert_eq!(missed("EUR", dec!(5.00)), None);
    }
}
