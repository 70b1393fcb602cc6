//! Bags: how many a weight fills, and what they add to it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use thiserror::Error;

use super::weight::Kilograms;

/// A kind of bag: what it holds and what it weighs empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packaging {
    holds: Decimal,
    tare: Decimal,
}

/// Why there is no such bag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PackagingError {
    /// It holds nothing.
    #[error("a bag holds more than zero kilograms")]
    HoldsNothing,
    /// Its empty weight is negative, or not less than what it holds.
    #[error("an empty bag weighs at least nothing and less than what it holds")]
    Tare,
}

impl Packaging {
    /// The jute bag of 60 kg in which Ethiopian coffee is usually shipped.
    pub const JUTE_60: Self = Self { holds: dec!(60), tare: dec!(0.75) };
    /// The jute bag of 50 kg.
    pub const JUTE_50: Self = Self { holds: dec!(50), tare: dec!(0.625) };
    /// The jute bag of 30 kg.
    pub const JUTE_30: Self = Self { holds: dec!(30), tare: dec!(0.375) };

    /// A bag that holds `holds` kg and weighs `tare` kg empty.
    ///
    /// # Errors
    /// [`PackagingError`] when no bag is like that.
    pub fn new(holds: Decimal, tare: Decimal) -> Result<Self, PackagingError> {
        if holds <= Decimal::ZERO {
            return Err(PackagingError::HoldsNothing);
        }
        if tare < Decimal::ZERO || tare >= holds {
            return Err(PackagingError::Tare);
        }
        Ok(Self { holds, tare })
    }

    /// What one bag holds, in kg.
    #[must_use]
    pub const fn holds(self) -> Decimal {
        self.holds
    }

    /// What one empty bag weighs, in kg.
    #[must_use]
    pub const fn tare(self) -> Decimal {
        self.tare
    }

    /// How many bags `net` fills; the last one may be part full.
    #[must_use]
    pub fn bags(self, net: Kilograms) -> u64 {
        (net.value() / self.holds).ceil().to_u64().unwrap_or(u64::MAX)
    }

    /// The gross weight of `net` in such bags, in kg.
    #[must_use]
    pub fn gross(self, net: Kilograms) -> Decimal {
        (net.value() + Decimal::from(self.bags(net)) * self.tare).normalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_full_bag_is_a_bag() {
        let bag = Packaging::JUTE_60;
        assert_eq!(bag.bags("60".parse().unwrap()), 1);
        assert_eq!(bag.bags("60.001".parse().unwrap()), 2);
        assert_eq!(bag.gross("60.001".parse().unwrap()), dec!(61.501));
    }

    #[test]
    fn refuses_impossible_bags() {
        assert_eq!(Packaging::new(dec!(0), dec!(0)), Err(PackagingError::HoldsNothing));
        assert_eq!(Packaging::new(dec!(60), dec!(60)), Err(PackagingError::Tare));
        assert_eq!(Packaging::new(dec!(60), dec!(-1)), Err(PackagingError::Tare));
    }
}
