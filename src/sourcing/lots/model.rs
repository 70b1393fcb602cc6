//! What a lot is: how its owner came by it, where its coffee is, whether somebody has looked at its receipt.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::balance::Balance;
use crate::codes::coded_enum;
use crate::ids::{ExporterId, InspectionId, LotId, OrganizationId, UserId};
use crate::review::Standing;

coded_enum! {
    /// How its owner came by the coffee (domain 3.6).
    Source {
        /// Bought at the exchange's auction, with its lot number and receipt.
        Ecx = "ECX",
        /// Bought from growers by vertical integration.
        Vertical = "VERTICAL",
        /// Grown on the owner's own farm.
        OwnFarm = "OWN_FARM",
        /// Bought from a union of cooperatives.
        Union = "UNION",
        /// Blended of lots that came in different ways.
        Mixed = "MIXED",
    }
}

impl Source {
    /// The ways in which coffee is come by; a blend is made.
    pub const BOUGHT: [Self; 4] = [Self::Ecx, Self::Vertical, Self::OwnFarm, Self::Union];
}

coded_enum! {
    /// How a lot was made of others.
    Derivation {
        /// A part of one lot.
        Split = "SPLIT",
        /// Several lots of the same coffee.
        Merge = "MERGE",
        /// Several lots that differ.
        Blend = "BLEND",
    }
}

coded_enum! {
    /// Whether a desk has verified it. Where its coffee is, is another matter ([`LotStatus`]).
    Verification {
        /// It waits for the desk of its source.
        Pending = "PENDING",
        /// The desk has found that it is as registered.
        Verified = "VERIFIED",
        /// The desk has refused it.
        Rejected = "REJECTED",
        /// The desk has asked something.
        Returned = "RETURNED",
    }
}

coded_enum! {
    /// The seed's status: where the coffee is on its way.
    LotStatus {
        /// In the warehouse, not inspected.
        InWarehouse = "IN_WAREHOUSE",
        /// Inspected, and it passed.
        Inspected = "INSPECTED",
        /// Some of it is reserved for an export.
        ReservedForExport = "RESERVED_FOR_EXPORT",
        /// Nothing of it is left here.
        Exported = "EXPORTED",
    }
}

coded_enum! {
    /// How the cherry was made into green coffee.
    Processing {
        /// Pulped and fermented.
        Washed = "WASHED",
        /// Dried in the cherry; also called unwashed.
        Natural = "NATURAL",
        /// Dried with some of its pulp.
        Honey = "HONEY",
    }
}

/// A lot with everything that its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// The exchange's number, or an internal one.
    pub number: String,
    /// How its owner came by it.
    pub source: Source,
    /// The warehouse's receipt.
    pub receipt_number: String,
    /// When the receipt was written.
    pub receipt_date: Option<NaiveDate>,
    /// The last day of the receipt, where it has one.
    pub receipt_expires_on: Option<NaiveDate>,
    /// Where the warehouse stands.
    pub warehouse_location: String,
    /// Which of those there.
    pub warehouse_name: Option<String>,
    /// Its designation of origin, such as `Sidama`.
    pub coffee_type: String,
    /// The region where it grew.
    pub origin_region: String,
    /// How it was processed.
    pub processing: Processing,
    /// Harvest, `2025/26`.
    pub crop_year: Option<String>,
    /// Kilograms of green coffee.
    pub quantity: Decimal,
    /// How many bags that are.
    pub bags: Option<i32>,
    /// What exports have taken of it, in kilograms; the exported part is among it.
    pub reserved_kg: Decimal,
    /// What has left the country, in kilograms.
    pub exported_kg: Decimal,
    /// What is other lots' now, in kilograms.
    pub passed_on_kg: Decimal,
    /// What is left to be used, in kilograms.
    pub free_kg: Decimal,
    /// How it was made, where it was made of other lots.
    pub derivation: Option<Derivation>,
    /// 0 for what was bought or grown; one more than the highest of its parents for what was made.
    pub generation: i16,
    /// The inspection that holds for it, and whether it passed.
    pub inspection: Option<(InspectionId, bool)>,
    /// The grade on the receipt: `1` to `9` or `UG`.
    pub preliminary_grade: Option<String>,
    /// The symbol of the exchange's coffee contract.
    pub contract_symbol: Option<String>,
    /// When it was bought.
    pub purchase_date: NaiveDate,
    /// Birr for a kilogram.
    pub purchase_price: Option<Decimal>,
    /// Birr for all of it.
    pub purchase_total: Option<Decimal>,
    /// Whose it is.
    pub owner: Owner,
    /// Whether a desk has verified it.
    pub verification: Verification,
    /// Since when that is so.
    pub verification_since: DateTime<Utc>,
    /// Who verified it, by name.
    pub verified_by: Option<String>,
    /// When.
    pub verified_at: Option<DateTime<Utc>>,
    /// Where its coffee is.
    pub status: LotStatus,
    /// How often it was changed.
    pub version: i32,
    /// Who registered it.
    pub submitted_by: Option<UserId>,
    /// Who changed it last, by name; empty when the system did.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// Whose lot it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The profile.
    pub exporter: ExporterId,
    /// The organisation.
    pub organization: OrganizationId,
    /// As registered.
    pub name: String,
    /// Its tax number.
    pub tin: String,
}

impl Lot {
    /// Where it stands with its desk.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            id: self.id.0,
            reference: self.number.clone(),
            state: self.verification.code().to_owned(),
            version: self.version,
            owner: self.owner.organization,
            submitted_by: self.submitted_by,
            changed_by: self.changed_by.clone(),
            changed_at: self.changed_at,
        }
    }

    /// What is left of it, and what became of the rest.
    #[must_use]
    pub const fn balance(&self) -> Balance {
        Balance {
            quantity: self.quantity,
            reserved: self.reserved_kg,
            exported: self.exported_kg,
            passed_on: self.passed_on_kg,
        }
    }

    /// Whether its receipt was still good on `day`. One without an end is.
    #[must_use]
    pub fn is_receipt_good_on(&self, day: NaiveDate) -> bool {
        self.receipt_expires_on.is_none_or(|last| last >= day)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::dec;

    /// A lot of the exchange that waits for its desk.
    pub(in crate::sourcing) fn lot() -> Lot {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        Lot {
            id: LotId::new(),
            number: "ECX-2026-000881".to_owned(),
            source: Source::Ecx,
            receipt_number: "WR-HAW-000123".to_owned(),
            receipt_date: Some(day(11, 10)),
            receipt_expires_on: Some(day(11, 30)),
            warehouse_location: "Hawassa".to_owned(),
            warehouse_name: None,
            coffee_type: "Sidama".to_owned(),
            origin_region: "Sidama".to_owned(),
            processing: Processing::Washed,
            crop_year: Some("2025/26".to_owned()),
            quantity: dec!(19_200),
            bags: Some(320),
            reserved_kg: Decimal::ZERO,
            exported_kg: Decimal::ZERO,
            passed_on_kg: Decimal::ZERO,
            free_kg: dec!(19_200),
            derivation: None,
            generation: 0,
            inspection: None,
            preliminary_grade: Some("2".to_owned()),
            contract_symbol: Some("WSDA".to_owned()),
            purchase_date: day(11, 12),
            purchase_price: Some(dec!(900)),
            purchase_total: Some(dec!(17_280_000)),
            owner: Owner {
                exporter: ExporterId::new(),
                organization: OrganizationId::new(),
                name: "Abay Coffee Export PLC".to_owned(),
                tin: "0000000001".to_owned(),
            },
            verification: Verification::Pending,
            verification_since: DateTime::UNIX_EPOCH,
            verified_by: None,
            verified_at: None,
            status: LotStatus::InWarehouse,
            version: 1,
            submitted_by: None,
            changed_by: String::new(),
            changed_at: DateTime::UNIX_EPOCH,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_receipt_is_good_on_its_last_day_and_not_on_the_next() {
        let last = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        assert!(lot().is_receipt_good_on(last));
        assert!(!lot().is_receipt_good_on(last.succ_opt().unwrap()));
        assert!(Lot { receipt_expires_on: None, ..lot() }.is_receipt_good_on(NaiveDate::MAX));
    }
}
