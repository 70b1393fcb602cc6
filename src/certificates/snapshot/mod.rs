//! What a paper says: everything that is needed to print it again exactly, as it stood when it was issued.
//!
//! Names that have two languages are kept in both, figures as decimals in text, dates as dates. Nothing is
//! looked up when a paper is shown; only what it is worth today stands elsewhere.

mod origin;
mod permit;
mod quality;
mod registration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

pub use origin::{
    CertificateReference, CoffeeKind, ExporterBox, GreenProcessing, IcoBoxes, IcoCountry, IcoMarks, OriginSnapshot,
    Processing, ShippedIn, Signature, WeightUnit, default_processing,
};
pub use permit::{
    BuyerPart, ContractPart, CredentialPart, ExporterPart, LotPart, PermitSnapshot, Port, PricePart, QualityPart,
};

pub use quality::{CupPart, InspectedLot, QualitySnapshot, RawPart};
pub use registration::{
    CompetenceSnapshot, GrantPart, HolderPart, LaboratoryPart, LaboratorySnapshot, LicenseSnapshot, TasterPart,
    TasterSnapshot, in_one_line,
};

use super::bilingual::Bilingual;
use super::commercial::snapshot::CommercialSnapshot;

/// What a paper says, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "kebab-case")]
pub enum Snapshot {
    /// An export permit.
    Permit(PermitSnapshot),
    /// An ICO certificate of origin.
    Origin(OriginSnapshot),
    /// A certificate of competence.
    Competence(CompetenceSnapshot),
    /// An export licence.
    License(LicenseSnapshot),
    /// The certification of a laboratory.
    Laboratory(LaboratorySnapshot),
    /// A taster's certificate of proficiency.
    Taster(TasterSnapshot),
    /// A certificate of quality.
    Quality(QualitySnapshot),
    /// A paper of the commercial set.
    Commercial(Box<CommercialSnapshot>),
}

/// A country, as papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Country {
    /// ISO 3166 code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
}

/// Who put their name to a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    /// Their name.
    pub name: String,
    /// What they are.
    pub title: Bilingual,
    /// For whom they sign.
    pub organization: Bilingual,
}

/// What all papers have in common for the public page.
#[derive(Debug, Clone, PartialEq)]
pub struct Essentials<'a> {
    /// The firm to which it was issued, or whose it is.
    pub holder: &'a str,
    /// The coffee, of a paper that is about some.
    pub goods: Option<Goods>,
    /// The buyer and where they are, of a paper that names one.
    pub buyer: Option<(&'a str, &'a Bilingual)>,
    /// What else is to be compared: the id of its caption, and what stands there.
    pub particulars: Vec<(&'static str, Bilingual)>,
}

/// Coffee in words and figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Goods {
    /// Type, processing, grade.
    pub coffee: Bilingual,
    /// Kilograms.
    pub net_kg: rust_decimal::Decimal,
    /// Bags, where they are counted.
    pub bags: Option<i32>,
}

impl<'a> Essentials<'a> {
    /// Those of a paper that says no more for the public page than whose it is.
    const fn of_holder(holder: &'a str) -> Self {
        Self { holder, goods: None, buyer: None, particulars: Vec::new() }
    }
}

impl Snapshot {
    /// What all papers have in common.
    #[must_use]
    pub fn essentials(&self) -> Essentials<'_> {
        match self {
            Self::Permit(permit) => permit.essentials(),
            Self::Origin(certificate) => certificate.essentials(),
            Self::Competence(certificate) => certificate.essentials(),
            Self::License(license) => license.essentials(),
            Self::Laboratory(certificate) => certificate.essentials(),
            Self::Taster(certificate) => certificate.essentials(),
            Self::Quality(certificate) => certificate.essentials(),
            Self::Commercial(paper) => paper.essentials(),
        }
    }

    /// When it was issued.
    #[must_use]
    pub fn issued_at(&self) -> DateTime<Utc> {
        match self {
            Self::Permit(permit) => permit.issued_at,
            Self::Origin(certificate) => certificate.issued_at,
            Self::Competence(CompetenceSnapshot { grant, .. })
            | Self::License(LicenseSnapshot { grant, .. })
            | Self::Laboratory(LaboratorySnapshot { grant, .. })
            | Self::Taster(TasterSnapshot { grant, .. }) => grant.issued_at,
            Self::Quality(certificate) => certificate.issued_at,
            Self::Commercial(paper) => paper.issued_at,
        }
    }

    /// As it is stored.
    ///
    /// # Errors
    /// Never for what this area builds.
    pub fn encode(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}

/// SHA-256 of a stored snapshot: over its JSON with sorted keys and no spaces.
#[must_use]
pub fn content_hash(stored: &Value) -> [u8; 32] {
    // serde_json keeps a map in the order of its keys, so the text is canonical, also after the database has
    // put the keys in an order of its own.
    Sha256::digest(stored.to_string()).into()
}

/// The hash as people compare it: its first 16 digits in groups of four.
#[must_use]
pub fn short_hash(hash: &[u8; 32]) -> String {
    let digits = hex::encode(&hash[..8]);
    digits.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(in crate::certificates) mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_survives_storage_with_its_hash() {
        for (_, snapshot) in samples::all() {
            let stored = snapshot.encode().unwrap();
            // The database gives the same object back with its keys in another order.
            let read: Value = serde_json::from_str(&serde_json::to_string_pretty(&stored).unwrap()).unwrap();
            assert_eq!(content_hash(&read), content_hash(&stored));
            assert_eq!(serde_json::from_value::<Snapshot>(read).unwrap(), snapshot);
        }
    }

    #[test]
    fn one_changed_letter_changes_the_hash() {
        let mut permit = samples::permit();
        let before = content_hash(&Snapshot::Permit(permit.clone()).encode().unwrap());
        permit.exporter.tin = "0000000002".to_owned();
        assert_ne!(before, content_hash(&Snapshot::Permit(permit).encode().unwrap()));
    }

    #[test]
    fn the_keys_are_written_in_order() {
        let text = serde_json::json!({ "b": 1, "a": { "d": 1, "c": 2 } }).to_string();
        assert_eq!(text, r#"{"a":{"c":2,"d":1},"b":1}"#);
    }

    #[test]
    fn a_hash_is_shortened_for_people() {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&[0xab, 0xcd, 0x01, 0x23]);
        assert_eq!(short_hash(&hash), "abcd 0123 0000 0000");
    }
}
