//! How a contract's price stands to the minimum export price of its week (domain 7.8). Pure.

use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::quantities::{PriceCheck, check_price};
use crate::reference::{KnownPrice, Rate};

/// Decimals of a price that is compared, as minimum prices have them.
const DECIMALS: u32 = 4;

/// The price of a kilogram in US dollars, and by which rates.
#[derive(Debug, Clone, PartialEq)]
pub struct InDollars {
    /// US dollars for a kilogram.
    pub usd_per_kg: Decimal,
    /// The rates it was converted by: of the contract's currency, of the dollar; none for a price in dollars.
    pub rates: Option<(Rate, Rate)>,
}

/// How a price stands to the minimum.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceVerdict {
    /// There is no rate by which to compare it.
    NoRate,
    /// No minimum was ever set for this coffee and grade.
    NoMinimum(InDollars),
    /// It is held against a minimum.
    Held {
        /// The price.
        price: InDollars,
        /// The minimum.
        minimum: KnownPrice,
        /// How they compare.
        check: PriceCheck,
    },
}

/// A price a kilogram in dollars, by the rates known on the day; `None` where one is missing.
#[must_use]
pub fn in_dollars(price_per_kg: Decimal, currency: &str, rates: Option<(Rate, Rate)>) -> Option<InDollars> {
    let round = |value: Decimal| value.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    if currency == "USD" {
        // As it stands: what is compared is what was agreed, to the last decimal.
        return Some(InDollars { usd_per_kg: price_per_kg, rates: None });
    }
    let (own, dollar) = rates?;
    let usd_per_kg = round((price_per_kg * own.etb_per_unit).checked_div(dollar.etb_per_unit)?);
    Some(InDollars { usd_per_kg, rates: Some((own, dollar)) })
}

/// Holds a price against the minimum.
#[must_use]
pub fn judge(price: Option<InDollars>, minimum: Option<KnownPrice>) -> PriceVerdict {
    let Some(price) = price else { return PriceVerdict::NoRate };
    let check = minimum.as_ref().and_then(|minimum| check_price(price.usd_per_kg, minimum.price.usd_per_kg));
    match (minimum, check) {
        (Some(minimum), Some(check)) => PriceVerdict::Held { price, minimum, check },
        _ => PriceVerdict::NoMinimum(price),
    }
}

impl PriceVerdict {
    /// Whether it stands against an approval: below the minimum, or not to be compared.
    #[must_use]
    pub const fn is_below(&self) -> bool {
        match self {
            Self::Held { check, .. } => !check.is_acceptable,
            Self::NoRate | Self::NoMinimum(_) => false,
        }
    }

    /// The price in dollars, where it is known.
    #[must_use]
    pub const fn usd_per_kg(&self) -> Option<Decimal> {
        match self {
            Self::NoRate => None,
            Self::NoMinimum(price) | Self::Held { price, .. } => Some(price.usd_per_kg),
        }
    }

    /// What an approval keeps of it.
    #[must_use]
    pub fn as_json(&self) -> Value {
        let rates = |price: &InDollars| {
            price.rates.as_ref().map(|(own, dollar)| {
                json!([
                    { "currency": own.currency, "day": own.day, "etb": own.etb_per_unit },
                    { "currency": dollar.currency, "day": dollar.day, "etb": dollar.etb_per_unit },
                ])
            })
        };
        match self {
            Self::NoRate => json!({}),
            Self::NoMinimum(price) => json!({ "usd_per_kg": price.usd_per_kg, "rates": rates(price) }),
            Self::Held { price, minimum, check } => json!({
                "usd_per_kg": price.usd_per_kg,
                "rates": rates(price),
                "minimum": minimum.price.usd_per_kg,
                "minimum_number": minimum.price.number,
                "is_of_week": minimum.is_of_week,
                "gap_percent": check.gap_percent,
            }),
        }
    }
}

/// Whether a contract was registered later than the directive allows: `hours` after the end of the day of the deal, whose
/// hour nobody asks.
#[must_use]
pub fn is_late(deal_date: NaiveDate, registered_at: chrono::DateTime<chrono::Utc>, hours: i64) -> bool {
    let ends = crate::calendar::start_of_day(deal_date + chrono::Days::new(1)) + chrono::Duration::hours(hours);
    registered_at > ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec;
    use crate::reference::{MinimumPrice, Week};

    fn minimum(usd_per_kg: Decimal) -> KnownPrice {
        let week = Week::new(2026, 47).unwrap();
        let price = MinimumPrice {
            number: "MP-2-SIDAMA-2026-W47".to_owned(),
            coffee_type: "Sidama".to_owned(),
            grade: "2".to_owned(),
            usd_per_kg,
            week,
        };
        KnownPrice { price, is_of_week: true }
    }

    fn rate(currency: &str, etb_per_unit: Decimal) -> Rate {
        Rate { currency: currency.to_owned(), day: "2026-11-17".parse().unwrap(), etb_per_unit }
    }

    #[test]
    fn a_cent_below_the_minimum_is_below_and_the_minimum_itself_is_not() {
        let verdict = |price: Decimal| judge(in_dollars(price, "USD", None), Some(minimum(dec!(8.40))));
        assert!(verdict(dec!(8.39)).is_below());
        assert!(!verdict(dec!(8.40)).is_below());
        assert!(verdict(dec!(8.399999)).is_below(), "what is compared is not rounded first");
        let PriceVerdict::Held { check, .. } = verdict(dec!(7.98)) else { panic!() };
        assert_eq!(check.gap_percent, dec!(-5));
    }

    #[test]
    fn another_currency_is_converted_by_the_rates_of_the_day() {
        let price = in_dollars(dec!(8), "EUR", Some((rate("EUR", dec!(165)), rate("USD", dec!(150))))).unwrap();
        assert_eq!(price.usd_per_kg, dec!(8.8));
        assert_eq!(price.rates.as_ref().map(|(own, _)| own.currency.as_str()), Some("EUR"));
        assert_eq!(judge(in_dollars(dec!(8), "EUR", None), Some(minimum(dec!(8)))), PriceVerdict::NoRate);
        assert!(matches!(judge(Some(price), None), PriceVerdict::NoMinimum(_)));
    }

    #[test]
    fn a_contract_is_late_a_day_after_the_day_of_its_deal() {
        let deal: NaiveDate = "2026-11-16".parse().unwrap();
        // Addis Ababa is three hours ahead: the second midnight is at 21:00 UTC.
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        assert!(!is_late(deal, at("2026-11-17T21:00:00Z"), 24));
        assert!(is_late(deal, at("2026-11-17T21:00:01Z"), 24));
    }
}
