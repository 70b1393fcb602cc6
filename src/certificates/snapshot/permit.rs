//! What an export permit says.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Country, Essentials, Goods, Signatory};
use crate::certificates::bilingual::Bilingual;

/// An export permit as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PermitSnapshot {
    /// Which layout of the form it was issued on.
    pub edition: u32,
    /// Its number.
    pub number: String,
    /// The number of the export request.
    pub export_number: String,
    /// Its first day.
    pub issued_on: NaiveDate,
    /// Its last day.
    pub valid_until: NaiveDate,
    /// The moment of its issue.
    pub issued_at: DateTime<Utc>,
    /// To whom.
    pub exporter: ExporterPart,
    /// To which buyer.
    pub buyer: BuyerPart,
    /// Under which contract.
    pub contract: ContractPart,
    /// Where the coffee goes.
    pub destination: Country,
    /// Coffee type.
    pub coffee: Bilingual,
    /// Where it grew.
    pub origin: Bilingual,
    /// WASHED, NATURAL or HONEY in words.
    pub processing: Bilingual,
    /// Grade by the inspection.
    pub grade: String,
    /// Season of the harvest.
    pub crop_year: Option<String>,
    /// From which lots; the first is the main one.
    pub lots: Vec<LotPart>,
    /// Net weight in kilograms.
    pub net_kg: Decimal,
    /// The weight in English words.
    pub net_in_words: String,
    /// Bags.
    pub bags: i32,
    /// Kilograms in a bag.
    pub bag_kg: Decimal,
    /// What it is sold for.
    pub price: PricePart,
    /// Where it is loaded.
    pub port_of_loading: Port,
    /// Where it is discharged.
    pub port_of_discharge: Port,
    /// SEA or AIR in words.
    pub transport: Bilingual,
    /// The printed conditions.
    pub conditions: Vec<Bilingual>,
    /// What the officer added.
    pub special_conditions: Option<String>,
    /// Who issued it.
    pub signatory: Signatory,
}

/// The exporter and the credentials under which it may export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExporterPart {
    /// Its name as registered.
    pub name: String,
    /// Its office.
    pub address: String,
    /// Taxpayer number.
    pub tin: String,
    /// Registration with the authority.
    pub registration_number: String,
    /// Its export licence.
    pub license: CredentialPart,
    /// Its certificate of competence.
    pub competence: CredentialPart,
}

/// A credential with its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialPart {
    /// Its number.
    pub number: String,
    /// Its last day.
    pub expires_on: NaiveDate,
}

/// The buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyerPart {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub address: Option<String>,
    /// In which country.
    pub country: Country,
}

/// The sales contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractPart {
    /// Its number.
    pub number: String,
    /// When it was registered.
    pub registered_on: NaiveDate,
}

/// One lot's share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotPart {
    /// The exchange's number, or an internal one.
    pub number: String,
    /// The warehouse receipt.
    pub receipt: String,
    /// Where it lies.
    pub warehouse: String,
    /// Kilograms taken from it.
    pub net_kg: Decimal,
    /// Its inspection.
    pub quality: QualityPart,
}

/// A quality certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityPart {
    /// Its number.
    pub certificate_number: String,
    /// The day of the inspection.
    pub inspected_on: NaiveDate,
    /// Points out of 100.
    pub score: Decimal,
    /// The grade found.
    pub grade: String,
}

/// What the coffee is sold for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PricePart {
    /// ISO 4217.
    pub currency: String,
    /// For a kilogram.
    pub per_kg: Decimal,
    /// For all of it.
    pub value: Decimal,
    /// The value in English words.
    pub value_in_words: String,
    /// Incoterms 2020.
    pub incoterm: String,
    /// How it is paid.
    pub payment: Bilingual,
}

/// A port or airport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Port {
    /// UN/LOCODE.
    pub code: String,
    /// Its name.
    pub name: String,
    /// In which country.
    pub country: Country,
}

impl PermitSnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        let goods = |coffee: &str, processing: &str, grade: &str| format!("{coffee}, {processing}, {grade}");
        let grade = Bilingual::t("papers-grade");
        Essentials {
            goods: Some(Goods {
                coffee: Bilingual {
                    en: goods(&self.coffee.en, &self.processing.en, &format!("{} {}", grade.en, self.grade)),
                    am: goods(&self.coffee.am, &self.processing.am, &format!("{} {}", grade.am, self.grade)),
                },
                net_kg: self.net_kg,
                bags: Some(self.bags),
            }),
            buyer: Some((&self.buyer.name, &self.buyer.country.name)),
            ..Essentials::of_holder(&self.exporter.name)
        }
    }
}
