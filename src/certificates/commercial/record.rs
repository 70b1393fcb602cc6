//! What the record knows of an export and its papers say, read in one piece; and which papers are behind it. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::{InvoicePrice, Load, PriceBasis, jute};
use super::model::{CommercialKind, HsCode, SellerAccount, SellerTerms};
use super::snapshot::LetterPart;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{Country, Port};
use crate::exports::Export;
use crate::ids::PaperId;
use crate::quantities::{Kilograms, Packaging};

/// The seller as the papers name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerProfile {
    /// Its name as registered.
    pub name: String,
    /// Its office.
    pub address: String,
    /// Taxpayer number.
    pub tin: String,
    /// Its telephone.
    pub phone: String,
    /// Its address for mail.
    pub email: String,
    /// What its numbers carry: the ICO's exporter code, or the tax number where there is none yet.
    pub scope: String,
}

/// A container as the carrier booked it, and as it was loaded where it has been.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedContainer {
    /// ISO 6346.
    pub number: String,
    /// Such as 20DRY.
    pub container_type: String,
    /// The seal on its door.
    pub seal: Option<String>,
    /// Bags in it.
    pub packages: Option<i32>,
    /// Kilograms of coffee.
    pub net_kg: Option<Decimal>,
    /// Kilograms with the bags.
    pub gross_kg: Option<Decimal>,
}

/// A paper of the set that is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// Its id.
    pub id: PaperId,
    /// Which paper.
    pub kind: CommercialKind,
    /// Its number, without the revision.
    pub series_number: String,
    /// How often it was corrected, from 1.
    pub revision: i32,
    /// What was typed for it.
    pub asked: BTreeMap<String, String>,
    /// Bags on it.
    pub bags: i32,
    /// Kilograms of coffee on it.
    pub net_kg: Decimal,
    /// What it says is in each container, where it lists them.
    pub loads: Vec<Load>,
    /// The transport document that it names.
    pub bill_of_lading: Option<String>,
    /// The vessel and the voyage that it names.
    pub voyage: (Option<String>, Option<String>),
    /// What it charges by the kilogram, where it charges.
    pub charges: Option<Decimal>,
}

impl InForce {
    /// Its number with the revision, as it is printed.
    #[must_use]
    pub fn number(&self) -> String {
        printed_number(&self.series_number, self.revision)
    }
}

/// A number with its revision: the first has none, the second ends in `-R2`.
#[must_use]
pub fn printed_number(series_number: &str, revision: i32) -> String {
    if revision > 1 { format!("{series_number}-R{revision}") } else { series_number.to_owned() }
}

/// Everything that the record knows of an export and a paper of the set says.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The export.
    pub export: Export,
    /// Its net weight.
    pub net: Kilograms,
    /// The seller.
    pub seller: SellerProfile,
    /// Where the buyer is.
    pub buyer_country: Country,
    /// Where the coffee goes.
    pub destination: Country,
    /// Number of the contract.
    pub contract_number: String,
    /// When it was registered.
    pub contract_registered_on: NaiveDate,
    /// What the contract says a kilogram costs.
    pub contract_price_per_kg: Decimal,
    /// In which currency.
    pub contract_currency: String,
    /// The coffee.
    pub coffee: Bilingual,
    /// Where it grew.
    pub origin: Bilingual,
    /// Season of the harvest.
    pub crop_year: Option<String>,
    /// How it is paid.
    pub payment: Bilingual,
    /// The letter of credit under which it is.
    pub letter: Option<LetterPart>,
    /// Where it is loaded.
    pub loading: Port,
    /// Where it is discharged.
    pub discharge: Port,
    /// The bank's permit.
    pub bank_permit: Option<String>,
    /// The authority's permit.
    pub permit: Option<String>,
    /// The carrier by name.
    pub carrier: Bilingual,
    /// The carrier's booking.
    pub booking: Option<String>,
    /// The transport document.
    pub bill_of_lading: Option<String>,
    /// When it came on board.
    pub on_board: Option<NaiveDate>,
    /// The chamber's certificate of origin.
    pub chamber_certificate: Option<String>,
    /// The ICO's identification mark, once its certificate is issued.
    pub ico_mark: Option<String>,
    /// The certificate of quality of each lot.
    pub quality_certificates: Vec<String>,
    /// Whom to notify, as the request has it.
    pub notify: Option<String>,
    /// Its containers, by number.
    pub containers: Vec<RecordedContainer>,
    /// What the seller says on every paper.
    pub terms: SellerTerms,
    /// The seller's open accounts at the export's bank, in the export's currency.
    pub accounts: Vec<SellerAccount>,
    /// The tariff in force.
    pub hs_codes: Vec<HsCode>,
    /// Its papers in force, the newest last.
    pub in_force: Vec<InForce>,
    /// The number that its proforma or invoice had, also when that is no longer in force.
    pub invoice_number: Option<String>,
}

impl Record {
    /// The one paper of `kind` in force, of those that an export has one of.
    #[must_use]
    pub fn single(&self, kind: CommercialKind) -> Option<&InForce> {
        self.in_force.iter().rev().find(|paper| paper.kind == kind)
    }

    /// What the carrier has put on record to be in each container; nothing before it has for all of them.
    #[must_use]
    pub fn loaded(&self) -> Option<Vec<Load>> {
        let load = |container: &RecordedContainer| {
            Some(Load {
                container: container.number.clone(),
                container_type: container.container_type.clone(),
                seal: container.seal.clone()?,
                packages: container.packages?,
                net_kg: container.net_kg?.normalize(),
                gross_kg: container.gross_kg?.normalize(),
            })
        };
        if self.containers.is_empty() { None } else { self.containers.iter().map(load).collect() }
    }

    /// What is in each container by the carrier's record, or else by the packing list in force.
    #[must_use]
    pub fn known_loads(&self) -> Option<Vec<Load>> {
        self.loaded().or_else(|| self.single(CommercialKind::PackingList).map(|list| list.loads.clone()))
    }

    /// Whether a paper in force is behind the record: the export was amended since, it names another vessel, lists
    /// other containers or loads than there are, or does not name the transport document that is there by now.
    #[must_use]
    pub fn is_behind(&self, paper: &InForce) -> bool {
        let export = &self.export;
        let is_amended = paper.net_kg != export.quantity || paper.bags != export.bags;
        let voyage = (&export.vessel_name, &export.voyage_number);
        let is_other_voyage = (&paper.voyage.0, &paper.voyage.1) != voyage;
        match paper.kind {
            CommercialKind::Proforma => is_amended || paper.charges != Some(self.value()),
            CommercialKind::Invoice => {
                is_amended
                    || is_other_voyage
                    || paper.charges != Some(self.value())
                    || paper.bill_of_lading != self.bill_of_lading
            }
            CommercialKind::PackingList | CommercialKind::WeightCertificate => {
                let listed = paper.loads.iter().map(|load| load.container.as_str()).filter(|number| !number.is_empty());
                is_amended
                    || is_other_voyage
                    || !listed.eq(self.containers.iter().map(|container| container.number.as_str()))
                    || self.loaded().is_some_and(|loads| loads != paper.loads)
            }
            // It asks for a voyage before there is one.
            CommercialKind::ShippingInstruction => is_amended || (paper.voyage.0.is_some() && is_other_voyage),
            CommercialKind::WayBill => false,
        }
    }

    /// What the export is worth by the contract's price for a kilogram.
    fn value(&self) -> Decimal {
        let export = &self.export;
        InvoicePrice::of(PriceBasis::PerKilogram, &export.currency, export.price_per_kg, self.net).total
    }

    /// The kind of bag with what it weighs empty: jute, and the liner where the seller has some.
    #[must_use]
    pub fn bag(&self) -> Packaging {
        let jute = jute(self.export.bag_kg).unwrap_or(Packaging::JUTE_60);
        match self.terms.liner_kg {
            Some(liner) => Packaging::new(jute.holds(), jute.tare() + liner).unwrap_or(jute),
            None => jute,
        }
    }

    /// Whether the coffee goes by sea.
    #[must_use]
    pub fn is_by_sea(&self) -> bool {
        self.export.transport_mode == "SEA"
    }

    /// The buyer with its address, as the papers name it.
    #[must_use]
    pub fn buyer(&self) -> String {
        let export = &self.export;
        let parts =
            [Some(export.buyer_name.as_str()), export.buyer_address.as_deref(), Some(&self.buyer_country.name.en)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::commercial::samples;
    use crate::dec;

    #[test]
    fn a_revision_is_seen_in_the_number_from_the_second_on() {
        assert_eq!(printed_number("INV-1402-2026-0007", 1), "INV-1402-2026-0007");
        assert_eq!(printed_number("INV-1402-2026-0007", 2), "INV-1402-2026-0007-R2");
    }

    #[test]
    fn a_paper_is_behind_once_the_record_says_otherwise() {
        let record = samples::record();
        let charged = |kind| InForce { charges: Some(dec!(218839.66)), ..samples::in_force(kind, 1) };
        let behind = |record: &Record| -> Vec<CommercialKind> {
            CommercialKind::ALL.iter().copied().filter(|kind| record.is_behind(&charged(*kind))).collect()
        };
        use CommercialKind as K;
        assert_eq!(behind(&record), []);
        let mut billed = record.clone();
        billed.bill_of_lading = Some("RSLADD0426117".to_owned());
        assert_eq!(behind(&billed), [K::Invoice]);
        let mut rolled = record.clone();
        rolled.export.voyage_number = Some("043W".to_owned());
        assert_eq!(behind(&rolled), [K::Invoice, K::PackingList, K::ShippingInstruction, K::WeightCertificate]);
        let mut other_container = record.clone();
        other_container.containers[0].number = "TGHU3456780".to_owned();
        assert_eq!(behind(&other_container), [K::PackingList, K::WeightCertificate]);
        let mut dearer = record.clone();
        dearer.export.price_per_kg += dec!(0.01);
        assert_eq!(behind(&dearer), [K::Proforma, K::Invoice]);
        let mut smaller = record.clone();
        smaller.export.quantity = dec!(19140);
        smaller.export.bags = 319;
        assert_eq!(behind(&smaller).len(), 5, "all but the way bill");
        let mut loaded = record;
        loaded.containers = samples::loaded().containers[..1].to_vec();
        assert_eq!(behind(&loaded), [K::PackingList, K::WeightCertificate], "the gross weight is another");
    }
}
