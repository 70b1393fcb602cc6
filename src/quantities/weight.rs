//! Net weight in kilograms, and the same weight in pounds and metric tons.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use super::digits::{NumberError, grouped, parse_decimal};
use super::stored::stored_as_decimal;
use super::words::quantity_in_words;

/// Pounds in a kilogram, to the precision that the trade's invoices use.
pub const POUNDS_PER_KILOGRAM: Decimal = dec!(2.2046226218);

/// The heaviest weight that is believed: more than a hundred times Ethiopia's yearly harvest.
const HEAVIEST: Decimal = dec!(99_999_999_999.999);

/// Decimals of a kilogram that are kept: a gram.
const DECIMALS: u32 = 3;

/// A weight in kilograms: more than nothing, whole grams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kilograms(Decimal);

/// Why a number is not a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeightError {
    /// Not a number at all.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Zero or less.
    #[error("a weight is more than zero")]
    NotPositive,
    /// Finer than a gram.
    #[error("a weight has at most {decimals} decimals")]
    TooFine {
        /// How many decimals are kept.
        decimals: u32,
    },
    /// Heavier than anything.
    #[error("a weight is at most {limit} kg")]
    TooHeavy {
        /// The heaviest weight.
        limit: Decimal,
    },
}

impl Kilograms {
    /// The number of kilograms.
    #[must_use]
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// The weight in pounds, rounded to two decimals as the invoice prints it.
    #[must_use]
    pub fn pounds(self) -> Decimal {
        (self.0 * POUNDS_PER_KILOGRAM).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    }

    /// The weight in metric tons.
    #[must_use]
    pub fn metric_tons(self) -> Decimal {
        (self.0 / dec!(1000)).normalize()
    }

    /// What is left of this weight after `taken`, or nothing when that is all of it or more.
    #[must_use]
    pub fn less(self, taken: Self) -> Option<Self> {
        Self::try_from(self.0 - taken.0).ok()
    }

    /// The weight in English words, for a permit: `nineteen thousand two hundred kilograms`.
    #[must_use]
    pub fn in_words(self) -> String {
        quantity_in_words(self.0, DECIMALS, "kilogram", "kilograms")
    }
}

impl TryFrom<Decimal> for Kilograms {
    type Error = WeightError;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        let value = value.normalize();
        if value <= Decimal::ZERO {
            return Err(WeightError::NotPositive);
        }
        if value.scale() > DECIMALS {
            return Err(WeightError::TooFine { decimals: DECIMALS });
        }
        if value > HEAVIEST {
            return Err(WeightError::TooHeavy { limit: HEAVIEST });
        }
        Ok(Self(value))
    }
}

impl FromStr for Kilograms {
    type Err = WeightError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(parse_decimal(text)?)
    }
}

impl fmt::Display for Kilograms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kg", grouped(self.0))
    }
}

stored_as_decimal!(Kilograms);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_with_commas_and_unit() {
        assert_eq!("19200.000".parse::<Kilograms>().unwrap().to_string(), "19,200 kg");
        assert_eq!("9,112.5".parse::<Kilograms>().unwrap().to_string(), "9,112.5 kg");
    }

    #[test]
    fn refuses_what_is_no_weight() {
        assert_eq!("0".parse::<Kilograms>(), Err(WeightError::NotPositive));
        assert_eq!("-1".parse::<Kilograms>(), Err(WeightError::NotPositive));
        assert_eq!("1.0001".parse::<Kilograms>(), Err(WeightError::TooFine { decimals: 3 }));
        assert_eq!("100000000000".parse::<Kilograms>(), Err(WeightError::TooHeavy { limit: HEAVIEST }));
        assert_eq!("coffee".parse::<Kilograms>(), Err(WeightError::Number(NumberError::NotANumber)));
    }

    #[test]
    fn subtracts_only_what_is_there() {
        let lot: Kilograms = "19200".parse().unwrap();
        assert_eq!(lot.less("12000".parse().unwrap()), Some("7200".parse().unwrap()));
        assert_eq!(lot.less(lot), None);
    }

    #[test]
    fn speaks_and_converts() {
        let weight: Kilograms = "19200".parse().unwrap();
        assert_eq!(weight.in_words(), "nineteen thousand two hundred kilograms");
        assert_eq!(
            "9112.5".parse::<Kilograms>().unwrap().in_words(),
            "nine thousand one hundred twelve and 500/1000 kilograms"
        );
        assert_eq!(weight.metric_tons(), dec!(19.2));
    }

    #[test]
    fn travels_as_a_checked_number() {
        let weight: Kilograms = "19200".parse().unwrap();
        assert_eq!(serde_json::to_string(&weight).unwrap(), "\"19200\"");
        assert_eq!(serde_json::from_str::<Kilograms>("\"19200\"").unwrap(), weight);
        assert!(serde_json::from_str::<Kilograms>("\"-5\"").is_err());
    }
}
