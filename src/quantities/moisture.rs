//! The moisture of green coffee (ISO 6673), in percent.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use thiserror::Error;

use super::digits::{NumberError, parse_decimal};
use super::stored::stored_as_decimal;

/// A moisture content, 0 to 100 percent, two decimals at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moisture(Decimal);

/// Why a number is not a moisture content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoistureError {
    /// Not a number at all.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Not between 0 and 100, or finer than a hundredth.
    #[error("a moisture content is 0 to 100 percent with at most two decimals")]
    Range,
}

/// Between which contents coffee is sound, and above which it is refused. Parameters of the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoistureLimits {
    /// Below this it is noted as dry.
    pub dry_below: Decimal,
    /// Above this it is noted as moist.
    pub moist_above: Decimal,
    /// Above this it is refused.
    pub refused_above: Decimal,
}

impl MoistureLimits {
    /// ICO Resolution 420 (8 to 12.5 percent), with the trade's 12 percent as the point to note.
    pub const USUAL: Self = Self { dry_below: dec!(8), moist_above: dec!(12), refused_above: dec!(12.5) };
}

/// What a moisture content means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoistureVerdict {
    /// As it should be.
    Sound,
    /// Drier than it should be: to be noted.
    Dry,
    /// Moister than it should be: to be noted.
    Moist,
    /// Too moist to ship.
    Refused,
}

impl Moisture {
    /// The percentage.
    #[must_use]
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// What this content means under `limits`.
    #[must_use]
    pub fn judge(self, limits: &MoistureLimits) -> MoistureVerdict {
        if self.0 > limits.refused_above {
            MoistureVerdict::Refused
        } else if self.0 > limits.moist_above {
            MoistureVerdict::Moist
        } else if self.0 < limits.dry_below {
            MoistureVerdict::Dry
        } else {
            MoistureVerdict::Sound
        }
    }
}

impl TryFrom<Decimal> for Moisture {
    type Error = MoistureError;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        let value = value.normalize();
        let in_range = value >= Decimal::ZERO && value <= Decimal::ONE_HUNDRED && value.scale() <= 2;
        if in_range { Ok(Self(value)) } else { Err(MoistureError::Range) }
    }
}

impl FromStr for Moisture {
    type Err = MoistureError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(parse_decimal(text)?)
    }
}

impl fmt::Display for Moisture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

stored_as_decimal!(Moisture);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_at_the_limits() {
        use MoistureVerdict::{Dry, Moist, Refused, Sound};
        for (percent, verdict) in [
            ("7.99", Dry),
            ("8", Sound),
            ("11.2", Sound),
            ("12", Sound),
            ("12.01", Moist),
            ("12.5", Moist),
            ("12.51", Refused),
        ] {
            assert_eq!(percent.parse::<Moisture>().unwrap().judge(&MoistureLimits::USUAL), verdict, "{percent}");
        }
    }

    #[test]
    fn refuses_what_is_no_content() {
        for text in ["-1", "100.01", "11.123"] {
            assert_eq!(text.parse::<Moisture>(), Err(MoistureError::Range), "{text}");
        }
        assert_eq!("11.20".parse::<Moisture>().unwrap().to_string(), "11.2 %");
    }
}
