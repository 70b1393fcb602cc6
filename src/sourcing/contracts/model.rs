//! A sales contract: what it says, and where it stands.

use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::codes::coded_enum;
use crate::dec;
use crate::ids::{BuyerId, ContractId};
use crate::quantities::POUNDS_PER_KILOGRAM;
use crate::review::{ApplicationFile, Standing};

use super::price::PriceVerdict;

coded_enum! {
    /// What the price is quoted for.
    PriceUnit {
        /// A kilogram, in the contract's currency.
        Kilogram = "KG",
        /// A pound, in US cents.
        CentsPerPound = "CENTS_LB",
    }
}

coded_enum! {
    /// How the price is agreed.
    PriceBasis {
        /// As a figure.
        Outright = "OUTRIGHT",
        /// Against the exchange: the price of a month, and cents a pound above or below it.
        Differential = "DIFFERENTIAL",
    }
}

/// Decimals of a price for a kilogram.
const PRICE_DECIMALS: u32 = 6;

/// The price of a kilogram for a price as it was quoted, rounded to six decimals.
#[must_use]
pub fn per_kilogram(quoted: Decimal, unit: PriceUnit) -> Decimal {
    let price = match unit {
        PriceUnit::Kilogram => quoted,
        PriceUnit::CentsPerPound => quoted * POUNDS_PER_KILOGRAM / Decimal::ONE_HUNDRED,
    };
    price.round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
}

/// What price times quantity comes to, in hundredths.
#[must_use]
pub fn value_of(price_per_kg: Decimal, quantity: Decimal) -> Decimal {
    (price_per_kg * quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Whether a value agrees with price and quantity: within one percent (domain 3.8).
#[must_use]
pub fn agrees(value: Decimal, price_per_kg: Decimal, quantity: Decimal) -> bool {
    (price_per_kg * quantity - value).abs() <= value * dec!(0.01)
}

/// Who buys, as the contract names them: as they stood in the register when it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuyerTerms {
    /// In the register; none for a contract from before there was one.
    pub id: Option<BuyerId>,
    /// Their name.
    pub name: String,
    /// ISO 3166.
    pub country: String,
    /// Where they are.
    pub address: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// What a contract says.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Who buys.
    pub buyer: BuyerTerms,
    /// The day of the deal.
    pub deal_date: Option<NaiveDate>,
    /// Coffee type.
    pub coffee_type: String,
    /// Where it grew, where the contract says.
    pub origin_region: Option<String>,
    /// WASHED, NATURAL, HONEY, or any.
    pub processing_method: Option<String>,
    /// 1 to 9, or UG.
    pub grade: String,
    /// Harvest, `2025/26`.
    pub crop_year: Option<String>,
    /// Kilograms.
    pub quantity: Decimal,
    /// Percent by which the shipped weight may differ.
    pub tolerance_pct: Decimal,
    /// ISO 4217.
    pub currency: String,
    /// What the price is quoted for.
    pub price_unit: PriceUnit,
    /// The price as it was agreed.
    pub price_quoted: Decimal,
    /// The same for a kilogram, in the contract's currency.
    pub price_per_kg: Decimal,
    /// How it is agreed.
    pub price_basis: PriceBasis,
    /// US cents a pound above or below the exchange.
    pub differential: Option<Decimal>,
    /// The exchange's month.
    pub basis_month: Option<String>,
    /// What it comes to.
    pub contract_value: Decimal,
    /// LC, CAD, ...
    pub payment_method: String,
    /// When it is paid, in words.
    pub payment_terms: Option<String>,
    /// Incoterms 2020.
    pub incoterm: String,
    /// The place that goes with it.
    pub named_place: Option<String>,
    /// SEA or AIR.
    pub transport_mode: String,
    /// UN/LOCODE.
    pub port_of_loading: Option<String>,
    /// UN/LOCODE.
    pub port_of_discharge: Option<String>,
    /// The first day of the month of shipment.
    pub shipment_month: Option<NaiveDate>,
    /// By when it has to be delivered.
    pub delivery_date: Option<NaiveDate>,
    /// Bags, liners.
    pub packaging: Option<String>,
    /// What its quality is measured by.
    pub quality_standard: Option<String>,
    /// Papers that the buyer asks for beyond the rule, sorted.
    pub requested_documents: Vec<String>,
    /// Whether the bags are to bear the ICO's mark.
    pub ico_mark_requested: bool,
    /// Whose conditions govern: ESCC, GCA, ...
    pub governing_rules: Option<String>,
    /// Where it is arbitrated.
    pub arbitration: Option<String>,
    /// Percent of the value for an agent.
    pub commission_pct: Option<Decimal>,
}

/// A contract with all that the rules and its page need.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Its id.
    pub id: ContractId,
    /// Where it stands.
    pub standing: Standing,
    /// Who sells, as registered.
    pub exporter_name: String,
    /// What it says.
    pub terms: Terms,
    /// Kilograms that exports have taken of it.
    pub reserved_kg: Decimal,
    /// The day of its registration.
    pub registration_date: NaiveDate,
    /// Whether that was later than the directive allows.
    pub registered_late: bool,
    /// The last day of shipment.
    pub shipment_deadline: Option<NaiveDate>,
    /// The day of whose week the minimum price counts.
    pub price_date: NaiveDate,
    /// How often it was amended.
    pub amendment: i32,
    /// Why it was rejected or sent back.
    pub rejection_reason: Option<String>,
    /// Whether it was approved below the minimum price.
    pub minimum_overridden: bool,
    /// Where its buyer stands in the register.
    pub buyer_status: Option<String>,
    /// Whether the viewer may open the buyer in the register.
    pub sees_buyer: bool,
    /// Exports of it that are under way.
    pub running_exports: i64,
    /// Whether one of them has a permit that may still be used.
    pub has_live_permit: bool,
    /// Papers handed in.
    pub files: Vec<ApplicationFile>,
    /// How its price stands to the minimum.
    pub verdict: PriceVerdict,
    /// The day on which this is asked.
    pub today: NaiveDate,
}

impl Contract {
    /// Whether its time is over: by date, whether the nightly work has noted it or not.
    #[must_use]
    pub fn is_past(&self) -> bool {
        self.shipment_deadline.is_some_and(|last| last < self.today)
    }

    /// Its state as people see it: an approved contract whose time is over has expired.
    #[must_use]
    pub fn state(&self) -> &str {
        if self.standing.state == "APPROVED" && self.is_past() { "EXPIRED" } else { &self.standing.state }
    }

    /// Kilograms that may still be exported, without the tolerance.
    #[must_use]
    pub fn free_kg(&self) -> Decimal {
        (self.terms.quantity - self.reserved_kg).max(Decimal::ZERO)
    }

    /// Whether a paper of this kind counts.
    #[must_use]
    pub fn has_paper(&self, kind: &str) -> bool {
        self.files.iter().any(|file| file.counts() && file.document_type == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_a_pound_are_dollars_a_kilogram() {
        assert_eq!(per_kilogram(dec!(435.50), PriceUnit::CentsPerPound), dec!(9.601132));
        assert_eq!(per_kilogram(dec!(9.6), PriceUnit::Kilogram), dec!(9.6));
        // Domain 8: 19,200 kg of Sidama at 435.50 US cents a pound.
        let price = per_kilogram(dec!(435.50), PriceUnit::CentsPerPound);
        assert_eq!(value_of(price, dec!(19200)), dec!(184341.73));
    }

    #[test]
    fn a_value_agrees_within_one_percent() {
        for (value, holds) in [("100", true), ("101", true), ("99.01", true), ("99", false), ("102", false)] {
            assert_eq!(agrees(value.parse().unwrap(), dec!(10), dec!(10)), holds, "{value}");
        }
    }
}
