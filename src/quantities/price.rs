//! Prices: US cents per pound as the market quotes, dollars per kilogram as the contract states, and the
//! comparison with the minimum price of the week.

use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

use super::digits::{NumberError, parse_decimal};
use super::stored::stored_as_decimal;
use super::weight::{Kilograms, POUNDS_PER_KILOGRAM};

/// Decimals of a quotation: a hundredth of a cent.
const DECIMALS: u32 = 4;

/// A price that no coffee has ever fetched; above it a slipped decimal point is certain.
const HIGHEST: Decimal = dec!(1_000_000);

/// A price in US cents per pound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CentsPerPound(Decimal);

/// Why a number is not a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PriceError {
    /// Not a number at all.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Zero or less.
    #[error("a price is more than zero")]
    NotPositive,
    /// Finer than a hundredth of a cent.
    #[error("a price has at most {decimals} decimals")]
    TooFine {
        /// How many decimals are kept.
        decimals: u32,
    },
    /// Beyond belief.
    #[error("a price is at most {limit}")]
    TooHigh {
        /// The highest price.
        limit: Decimal,
    },
}

impl CentsPerPound {
    /// The number of cents.
    #[must_use]
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// The same price in US dollars per kilogram, rounded to four decimals.
    #[must_use]
    pub fn dollars_per_kilogram(self) -> Decimal {
        (self.0 * POUNDS_PER_KILOGRAM / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero)
    }
}

impl TryFrom<Decimal> for CentsPerPound {
    type Error = PriceError;

    fn try_from(value: Decimal) -> Result<Self, Self::Error> {
        let value = value.normalize();
        if value <= Decimal::ZERO {
            return Err(PriceError::NotPositive);
        }
        if value.scale() > DECIMALS {
            return Err(PriceError::TooFine { decimals: DECIMALS });
        }
        if value > HIGHEST {
            return Err(PriceError::TooHigh { limit: HIGHEST });
        }
        Ok(Self(value))
    }
}

impl FromStr for CentsPerPound {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(parse_decimal(text)?)
    }
}

stored_as_decimal!(CentsPerPound);

/// US cents per pound for a price in US dollars per kilogram, rounded to two decimals: the reference
/// beside a contract's price, not a price that could be invoiced.
#[must_use]
pub fn per_pound_cents(dollars_per_kilogram: Decimal) -> Decimal {
    (dollars_per_kilogram * Decimal::ONE_HUNDRED / POUNDS_PER_KILOGRAM)
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// What `net` costs at `price`, in US dollars: pounds as printed times cents, rounded to two decimals.
///
/// The pounds are rounded first because the invoice prints them: whoever multiplies what it shows gets
/// what it charges.
#[must_use]
pub fn invoice_total(net: Kilograms, price: CentsPerPound) -> Decimal {
    (net.pounds() * price.0 / Decimal::ONE_HUNDRED).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// How a contract's price stands to the minimum price for its week, type and grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceCheck {
    /// Price less minimum, in percent of the minimum, rounded to two decimals; negative below it.
    pub gap_percent: Decimal,
    /// Whether the price reaches the minimum. Decided on the prices themselves, never on the rounded gap.
    pub is_acceptable: bool,
}

/// Compares `price` with `minimum`, both in the same unit; nothing when there is no positive minimum.
#[must_use]
pub fn check_price(price: Decimal, minimum: Decimal) -> Option<PriceCheck> {
    if minimum <= Decimal::ZERO {
        return None;
    }
    let gap_percent = ((price - minimum) * Decimal::ONE_HUNDRED / minimum)
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some(PriceCheck { gap_percent, is_acceptable: price >= minimum })
}

#[cfg(test)]
mod tests {
    use super::super::packaging::Packaging;
    use super::*;

    /// Lots of the ten kinds that the trade ships: kg, bags, lb, US cents per lb, US dollars, gross kg.
    const LOTS: [(Decimal, u64, Decimal, Decimal, Decimal, Decimal); 10] = [
        (dec!(19200), 320, dec!(42328.75), dec!(517.00), dec!(218839.64), dec!(19440)),
        (dec!(19200), 320, dec!(42328.75), dec!(435.50), dec!(184341.71), dec!(19440)),
        (dec!(9600), 160, dec!(21164.38), dec!(539.75), dec!(114234.74), dec!(9720)),
        (dec!(19200), 320, dec!(42328.75), dec!(412.75), dec!(174711.92), dec!(19440)),
        (dec!(38400), 640, dec!(84657.51), dec!(254.00), dec!(215030.08), dec!(38880)),
        (dec!(19200), 320, dec!(42328.75), dec!(304.00), dec!(128679.40), dec!(19440)),
        (dec!(19200), 320, dec!(42328.75), dec!(281.25), dec!(119049.61), dec!(19440)),
        (dec!(9000), 150, dec!(19841.60), dec!(358.25), dec!(71082.53), dec!(9112.50)),
        (dec!(18000), 300, dec!(39683.21), dec!(290.25), dec!(115180.52), dec!(18225)),
        (dec!(19200), 320, dec!(42328.75), dec!(344.75), dec!(145928.37), dec!(19440)),
    ];

    #[test]
    fn invoices_the_ten_lots_to_the_cent() {
        for (kg, bags, pounds, cents, dollars, gross) in LOTS {
            let net = Kilograms::try_from(kg).unwrap();
            let price = CentsPerPound::try_from(cents).unwrap();
            assert_eq!(Packaging::JUTE_60.bags(net), bags);
            assert_eq!(net.pounds(), pounds);
            assert_eq!(invoice_total(net, price), dollars);
            assert_eq!(Packaging::JUTE_60.gross(net), gross);
        }
    }

    #[test]
    fn converts_between_the_two_quotations() {
        let price: CentsPerPound = "517".parse().unwrap();
        assert_eq!(price.dollars_per_kilogram(), dec!(11.3979));
        assert_eq!(per_pound_cents(price.dollars_per_kilogram()), dec!(517.00));
    }

    #[test]
    fn one_cent_below_the_minimum_is_below_even_where_the_gap_rounds_away() {
        let below = check_price(dec!(9999.99), dec!(10000)).unwrap();
        assert!(!below.is_acceptable);
        assert!(below.gap_percent.is_zero());
        let equal = check_price(dec!(8.40), dec!(8.4)).unwrap();
        assert!(equal.is_acceptable);
        assert_eq!(check_price(dec!(7.56), dec!(8.40)).unwrap().gap_percent, dec!(-10));
        assert_eq!(check_price(dec!(1), dec!(0)), None);
    }

    #[test]
    fn refuses_what_is_no_price() {
        assert_eq!("0".parse::<CentsPerPound>(), Err(PriceError::NotPositive));
        assert_eq!("1.00001".parse::<CentsPerPound>(), Err(PriceError::TooFine { decimals: 4 }));
        assert_eq!("1000001".parse::<CentsPerPound>(), Err(PriceError::TooHigh { limit: HIGHEST }));
    }
}
