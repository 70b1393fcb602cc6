//! The settlement of an export's foreign exchange: what the exporter keeps, what is surrendered, what it
//! brings in birr.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How a receipt is split. Amounts are in the contract's currency, rounded to two decimals, half away
/// from zero; retained and surrendered always add up to what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What arrived from the buyer.
    pub received: Decimal,
    /// What banks on the way charged. Shown beside the split, not taken out of it.
    pub bank_charges: Decimal,
    /// What the exporter keeps in foreign exchange.
    pub retained: Decimal,
    /// What is sold to the bank.
    pub surrendered: Decimal,
    /// What the exporter is credited for it, in birr.
    pub etb_credited: Decimal,
}

/// Why nothing can be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettlementRefusal {
    /// Nothing was received.
    #[error("the amount received is more than zero")]
    NothingReceived,
    /// Charges are negative.
    #[error("bank charges are not negative")]
    NegativeCharges,
    /// Charges eat up the receipt.
    #[error("bank charges are less than what was received")]
    ChargesExceedReceipt,
    /// The part to retain is not a percentage.
    #[error("the part to retain is 0 to 100 percent")]
    PercentOutOfRange,
    /// The exchange rate is zero or less.
    #[error("the exchange rate is more than zero")]
    RateNotPositive,
    /// The amounts are too large to multiply.
    #[error("the amounts are too large")]
    TooLarge,
}

fn cents(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Splits `received`: `retain_pct` percent (the one in force on the day of receipt) stays with the exporter,
/// the rest is surrendered at `rate` birr.
///
/// # Errors
/// [`SettlementRefusal`] when a figure makes no sense.
pub fn settle(
    received: Decimal,
    bank_charges: Decimal,
    retain_pct: Decimal,
    rate: Decimal,
) -> Result<Settlement, SettlementRefusal> {
    let received = cents(received);
    let bank_charges = cents(bank_charges);
    if received <= Decimal::ZERO {
        return Err(SettlementRefusal::NothingReceived);
    }
    if bank_charges < Decimal::ZERO {
        return Err(SettlementRefusal::NegativeCharges);
    }
    if bank_charges >= received {
        return Err(SettlementRefusal::ChargesExceedReceipt);
    }
    if retain_pct < Decimal::ZERO || retain_pct > Decimal::ONE_HUNDRED {
        return Err(SettlementRefusal::PercentOutOfRange);
    }
    if rate <= Decimal::ZERO {
        return Err(SettlementRefusal::RateNotPositive);
    }
    let share = received.checked_mul(retain_pct).ok_or(SettlementRefusal::TooLarge)?;
    let retained = cents(share / Decimal::ONE_HUNDRED);
    // The rest, not the other percentage: two rounded halves of an odd cent would add up to one too many.
    let surrendered = received - retained;
    let etb_credited = cents(surrendered.checked_mul(rate).ok_or(SettlementRefusal::TooLarge)?);
    Ok(Settlement { received, bank_charges, retained, surrendered, etb_credited })
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn splits_a_receipt_in_halves() {
        let settled = settle(dec!(218839.64), dec!(45.10), dec!(50), dec!(115.5)).unwrap();
        assert_eq!(settled.retained, dec!(109419.82));
        assert_eq!(settled.surrendered, dec!(109419.82));
        assert_eq!(settled.etb_credited, dec!(12637989.21));
        assert_eq!(settled.bank_charges, dec!(45.10));
    }

    #[test]
    fn an_odd_cent_is_neither_lost_nor_doubled() {
        let settled = settle(dec!(0.03), dec!(0), dec!(50), dec!(100)).unwrap();
        assert_eq!((settled.retained, settled.surrendered), (dec!(0.02), dec!(0.01)));
        assert_eq!(settled.retained + settled.surrendered, settled.received);
    }

    #[test]
    fn refuses_figures_that_make_no_sense() {
        let refusal = |received, charges, percent, rate| settle(received, charges, percent, rate).unwrap_err();
        assert_eq!(refusal(dec!(0), dec!(0), dec!(50), dec!(1)), SettlementRefusal::NothingReceived);
        assert_eq!(refusal(dec!(1), dec!(-1), dec!(50), dec!(1)), SettlementRefusal::NegativeCharges);
        assert_eq!(refusal(dec!(1), dec!(1), dec!(50), dec!(1)), SettlementRefusal::ChargesExceedReceipt);
        assert_eq!(refusal(dec!(1), dec!(0), dec!(100.1), dec!(1)), SettlementRefusal::PercentOutOfRange);
        assert_eq!(refusal(dec!(1), dec!(0), dec!(50), dec!(0)), SettlementRefusal::RateNotPositive);
        assert_eq!(refusal(Decimal::MAX, dec!(0), dec!(50), dec!(2)), SettlementRefusal::TooLarge);
    }

    proptest::proptest! {
        #[test]
        fn the_parts_always_make_the_whole(cents in 1_i64..1_000_000_000_000, percent in 0_i64..=10_000) {
            let received = Decimal::new(cents, 2);
            let settled = settle(received, Decimal::ZERO, Decimal::new(percent, 2), Decimal::ONE).unwrap();
            proptest::prop_assert_eq!(settled.retained + settled.surrendered, received);
            proptest::prop_assert!(settled.surrendered >= Decimal::ZERO);
        }
    }
}
