//! What each paper's form asks beside what the record knows, typed. Parsed at the edge, so that the service only
//! meets complete facts.

mod goods;
mod transport;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::{Load, PriceBasis, Weights};
use super::model::{BillType, CommercialKind, FreightTerms, ShipmentType};
use super::record::Record;
use crate::ids::{AccountId, PaperId};
use crate::workflow::{FieldProblems, FieldReader};

/// What a paper says beside the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// Of the proforma and of the invoice.
    Invoice(InvoiceFacts),
    /// Of the packing list.
    PackingList(PackingFacts),
    /// Of the shipping instruction.
    ShippingInstruction(InstructionFacts),
    /// Of the weight certificate.
    WeightCertificate(WeighingFacts),
    /// Of a way bill.
    WayBill(WayBillFacts),
}

/// What stands on the bags beside what the record knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MarkFacts {
    /// The ICO's identification mark.
    pub ico_mark: Option<String>,
    /// Number of a certificate that the bags name, such as of organic farming.
    pub certification: Option<String>,
}

/// Who receives the goods, and who is told that they come.
#[derive(Debug, Clone, PartialEq)]
pub struct Receivers {
    /// To whom, or "to order".
    pub consignee: String,
    /// Whom to notify.
    pub notify: Option<String>,
}

/// Of the proforma and of the invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct InvoiceFacts {
    /// Who pays, such as the applicant of the letter of credit.
    pub applicant: String,
    /// Who receives.
    pub receivers: Receivers,
    /// The position of the tariff.
    pub hs_code: String,
    /// By which unit the price is stated.
    pub basis: PriceBasis,
    /// To which account it is paid.
    pub account: AccountId,
    /// How the goods fill what they travel in.
    pub shipment_type: ShipmentType,
    /// Where they go in the end.
    pub final_destination: String,
    /// The chamber's certificate of origin.
    pub chamber_certificate: Option<String>,
    /// What stands on the bags.
    pub marks: MarkFacts,
    /// The weights.
    pub weights: Weights,
}

/// Of the packing list.
#[derive(Debug, Clone, PartialEq)]
pub struct PackingFacts {
    /// Who receives.
    pub receivers: Receivers,
    /// What stands on the bags.
    pub marks: MarkFacts,
    /// When it was packed.
    pub packed_on: NaiveDate,
    /// And where.
    pub packed_at: String,
    /// What is in each container.
    pub loads: Vec<Load>,
    /// The weights.
    pub weights: Weights,
}

/// Of the shipping instruction.
#[derive(Debug, Clone, PartialEq)]
pub struct InstructionFacts {
    /// Who receives.
    pub receivers: Receivers,
    /// Whom else to notify.
    pub second_notify: Option<String>,
    /// What kind of transport document.
    pub bill_type: BillType,
    /// How many originals of it.
    pub originals: i32,
    /// Who pays the freight.
    pub freight: FreightTerms,
    /// The seller's or buyer's contract with the carrier.
    pub service_contract: Option<String>,
    /// The carrier's booking.
    pub booking: Option<String>,
    /// The departure that is asked for, or booked.
    pub departure: NaiveDate,
    /// Where the carrier takes the goods over.
    pub place_of_receipt: String,
    /// Where it hands them over.
    pub place_of_delivery: String,
    /// The position of the tariff.
    pub hs_code: String,
    /// Such as 20DRY; nothing by air.
    pub container_type: Option<String>,
    /// How many of them.
    pub container_count: i32,
    /// Each booked container with its verified gross mass in kilograms (SOLAS VI/2), where it is known yet.
    pub verified: Vec<(String, Option<Decimal>)>,
    /// Whether it may go in parts.
    pub partial_shipment: bool,
    /// What stands on the bags.
    pub marks: MarkFacts,
    /// The weights.
    pub weights: Weights,
}

/// Of the weight certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighingFacts {
    /// What stands on the bags.
    pub marks: MarkFacts,
    /// When it was weighed.
    pub weighed_on: NaiveDate,
    /// And where.
    pub weighed_at: String,
    /// Each load with the number of its ticket from the weighbridge.
    pub loads: Vec<(Load, String)>,
    /// The weights.
    pub weights: Weights,
}

/// Of a way bill.
#[derive(Debug, Clone, PartialEq)]
pub struct WayBillFacts {
    /// Who carries.
    pub transporter: String,
    /// The truck.
    pub truck_plate: String,
    /// Its trailer.
    pub trailer_plate: Option<String>,
    /// Who drives.
    pub driver: String,
    /// The driver's telephone.
    pub driver_phone: String,
    /// The driver's licence.
    pub driver_license: String,
    /// Where the goods go.
    pub destination: String,
    /// Where they were loaded.
    pub loaded_at: String,
    /// And when.
    pub loaded_on: NaiveDate,
    /// The containers on the truck, each with its seal where that is known.
    pub containers: Vec<(String, String)>,
    /// Bags.
    pub bags: i32,
    /// Kilograms of coffee.
    pub net_kg: Decimal,
    /// Kilograms with the bags.
    pub gross_kg: Decimal,
    /// Birr for a quintal.
    pub birr_per_quintal: Decimal,
    /// What the carrier has to keep to beyond the printed conditions.
    pub conditions: Option<String>,
    /// What stands on the bags.
    pub marks: MarkFacts,
}

impl Facts {
    /// The facts of the paper `kind` in the form `values`; `corrected` is the paper in whose place it is issued.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(
        kind: CommercialKind,
        values: &BTreeMap<String, String>,
        record: &Record,
        corrected: Option<PaperId>,
        today: NaiveDate,
    ) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let facts = match kind {
            CommercialKind::Proforma | CommercialKind::Invoice => Self::Invoice(goods::invoice(&mut f, record)),
            CommercialKind::PackingList => Self::PackingList(goods::packing_list(&mut f, record, today)),
            CommercialKind::ShippingInstruction => {
                Self::ShippingInstruction(transport::instruction(&mut f, record, today))
            }
            CommercialKind::WeightCertificate => Self::WeightCertificate(goods::weighing(&mut f, record, today)),
            CommercialKind::WayBill => Self::WayBill(transport::way_bill(&mut f, record, corrected, today)),
        };
        f.finish(facts)
    }
}

#[cfg(test)]
mod tests;
