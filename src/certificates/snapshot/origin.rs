//! What an ICO certificate of origin says, box by box (ICC 102-9, Annex II-A).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Country, Essentials, Goods, Signatory};
use crate::certificates::bilingual::Bilingual;
use crate::codes::coded_enum;
use crate::quantities::IcoMark;

/// A certificate of origin as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OriginSnapshot {
    /// Which layout of the form it was issued on.
    pub edition: u32,
    /// Its number among all years: the reference of box 4 with the coffee year.
    pub number: String,
    /// 1 October to 30 September, as `2026/27`.
    pub coffee_year: String,
    /// The number of the export request.
    pub export_number: String,
    /// The permit under which the coffee left.
    pub permit_number: String,
    /// The transport document.
    pub bill_of_lading: String,
    /// The day of its issue.
    pub issued_on: NaiveDate,
    /// The moment of its issue.
    pub issued_at: DateTime<Utc>,
    /// The coffee in words, for the public page.
    pub goods: Bilingual,
    /// Where the buyer is.
    pub buyer_country: Country,
    /// The buyer.
    pub buyer: String,
    /// Bags.
    pub bags: i32,
    /// What stands in the 17 boxes.
    pub boxes: IcoBoxes,
}

/// The 17 boxes of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IcoBoxes {
    /// Box 1: exporter or consignor.
    pub exporter: ExporterBox,
    /// Box 2: whom to notify; "to order" is allowed.
    pub notify_address: String,
    /// Box 3: the exporter's own reference.
    pub internal_reference: Option<String>,
    /// Box 4: country, port and serial.
    pub reference: CertificateReference,
    /// Box 5: where it was produced.
    pub producing_country: IcoCountry,
    /// Box 6: where it goes.
    pub destination: IcoCountry,
    /// Box 7: the "shipped on board" date.
    pub exported_on: NaiveDate,
    /// Box 8: where it changes ship, or Direct.
    pub transshipment: String,
    /// Box 9: vessel and voyage, or airline and flight.
    pub carrier: String,
    /// Box 10: the identification mark, and other marks.
    pub marks: IcoMarks,
    /// Box 11: one or more.
    pub shipped_in: Vec<ShippedIn>,
    /// Box 12: net weight, in the unit of box 13.
    pub net_weight: Decimal,
    /// Box 13: its unit.
    pub unit: WeightUnit,
    /// Box 14: exactly one; another form needs another certificate.
    pub form: CoffeeKind,
    /// Box 15: how it was processed.
    pub processing: Processing,
    /// Box 16: what is certified.
    pub statement: Bilingual,
    /// Box 16, first block: the customs officer.
    pub customs: Signature,
    /// Box 16, second block: the certifying officer.
    pub certifying: Signature,
    /// Box 17, voluntary.
    pub other_information: Option<String>,
}

/// Box 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExporterBox {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Four digits, given by the authority.
    pub code: String,
}

/// Box 4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateReference {
    /// 4a: three digits.
    pub country: String,
    /// 4b: two digits.
    pub port: String,
    /// 4c: from 1 on 1 October.
    pub serial: i64,
}

impl CertificateReference {
    /// As it is quoted: `010/01/7`.
    #[must_use]
    pub fn quoted(&self) -> String {
        format!("{}/{}/{}", self.country, self.port, self.serial)
    }
}

/// A country with the three digits that the ICO gave it, where they are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IcoCountry {
    /// The country.
    #[serde(flatten)]
    pub country: Country,
    /// Its ICO code.
    pub ico_code: Option<String>,
}

/// Box 10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IcoMarks {
    /// Country, exporter, parcel; unique in its coffee year.
    pub mark: IcoMark,
    /// What else stands on the bags.
    pub other: Option<String>,
}

/// Box 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShippedIn {
    /// In bags.
    Bags,
    /// Loose.
    Bulk,
    /// In containers.
    Containers,
    /// Otherwise.
    Other,
}

impl ShippedIn {
    /// Every way, in the order of the form.
    pub const ALL: &'static [Self] = &[Self::Bags, Self::Bulk, Self::Containers, Self::Other];

    /// The way with this code of the certifying officer's form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "BAGS" => Some(Self::Bags),
            "BULK" => Some(Self::Bulk),
            "CONTAINERS" => Some(Self::Containers),
            "OTHER" => Some(Self::Other),
            _ => None,
        }
    }
}

/// Box 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WeightUnit {
    /// Kilograms.
    Kilograms,
    /// Pounds.
    Pounds,
}

coded_enum! {
    /// Box 14: the forms that the certificate knows. One value, so that there is exactly one tick; another form needs
    /// another certificate.
    CoffeeKind {
        /// Green beans of arabica: what Ethiopia exports.
        GreenArabica = "GREEN_ARABICA",
        /// Green beans of robusta.
        GreenRobusta = "GREEN_ROBUSTA",
        /// Roasted.
        Roasted = "ROASTED",
        /// Soluble.
        Soluble = "SOLUBLE",
        /// Liquid.
        Liquid = "LIQUID",
        /// Another form.
        Other = "OTHER",
    }
}

/// Box 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processing {
    /// How the cherry became green coffee.
    pub green: GreenProcessing,
    /// Without caffeine.
    pub decaffeinated: bool,
    /// Certified organic.
    pub organic: bool,
}

/// Box 15 for green coffee: dry or wet, nothing between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GreenProcessing {
    /// Dried as whole cherry.
    Dry,
    /// Pulped and washed.
    Wet,
}

impl GreenProcessing {
    /// The value with this code of the certifying officer's form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "DRY" => Some(Self::Dry),
            "WET" => Some(Self::Wet),
            _ => None,
        }
    }

    /// The code of the certifying officer's form.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dry => "DRY",
            Self::Wet => "WET",
        }
    }
}

/// What box 15 says of coffee processed so (`WASHED`, `NATURAL`); honey has no box of its own, so the officer
/// chooses.
#[must_use]
pub fn default_processing(processing_method: &str) -> Option<GreenProcessing> {
    match processing_method {
        "NATURAL" => Some(GreenProcessing::Dry),
        "WASHED" => Some(GreenProcessing::Wet),
        _ => None,
    }
}

/// One block of box 16.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signs.
    pub signatory: Signatory,
    /// Where.
    pub place: String,
    /// When.
    pub signed_at: DateTime<Utc>,
}

impl OriginSnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        Essentials {
            goods: Some(Goods { coffee: self.goods.clone(), net_kg: self.boxes.net_weight, bags: Some(self.bags) }),
            buyer: Some((&self.buyer, &self.buyer_country.name)),
            ..Essentials::of_holder(&self.boxes.exporter.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::snapshot::samples;

    #[test]
    fn a_natural_is_dry_and_a_washed_coffee_is_wet() {
        assert_eq!(default_processing("NATURAL"), Some(GreenProcessing::Dry));
        assert_eq!(default_processing("WASHED"), Some(GreenProcessing::Wet));
        assert_eq!(default_processing("HONEY"), None);
    }

    #[test]
    fn the_codes_of_the_officers_form_are_known() {
        for code in ["BAGS", "BULK", "CONTAINERS", "OTHER"] {
            assert!(ShippedIn::from_code(code).is_some(), "{code}");
        }
        for processing in [GreenProcessing::Dry, GreenProcessing::Wet] {
            assert_eq!(GreenProcessing::from_code(processing.code()), Some(processing));
        }
        assert_eq!((ShippedIn::from_code("BARREL"), GreenProcessing::from_code("")), (None, None));
    }

    #[test]
    fn the_reference_is_quoted_without_the_year() {
        assert_eq!(samples::origin().boxes.reference.quoted(), "010/01/7");
        assert_eq!(samples::origin().number, "010/01/7 (2026/27)");
    }
}
