//! What the papers of the commercial set say (domain 4.5).

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::figures::{InvoicePrice, Load, Weights};
use super::model::{BillType, FreightTerms, ShipmentType};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{ContractPart, Country, Essentials, Goods, Port, Signatory};

/// A paper of the set as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommercialSnapshot {
    /// Which layout it was issued on.
    pub edition: u32,
    /// Its number, with the revision.
    pub number: String,
    /// The paper in whose place it was issued.
    pub replaces: Option<String>,
    /// The number of the export request.
    pub export_number: String,
    /// The day of its issue.
    pub issued_on: NaiveDate,
    /// The moment of its issue.
    pub issued_at: DateTime<Utc>,
    /// Who sells and ships.
    pub seller: SellerPart,
    /// Who buys, by name alone.
    pub buyer: String,
    /// Where the buyer is.
    pub buyer_country: Country,
    /// Under which contract.
    pub contract: ContractPart,
    /// The coffee.
    pub goods: GoodsPart,
    /// What it all weighs; on a way bill what is on the truck.
    pub weights: Weights,
    /// The way that it takes.
    pub route: RoutePart,
    /// The papers that it refers to.
    pub references: ReferencesPart,
    /// Who signs for the seller.
    pub signatory: Signatory,
    /// What this paper says and the others do not.
    pub body: CommercialBody,
}

/// The seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerPart {
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
}

/// The coffee and what stands on its bags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsPart {
    /// In a line.
    pub description: String,
    /// The coffee's name, grade and processing in both languages, for the public page.
    pub name: Bilingual,
    /// Where it grew.
    pub origin: Bilingual,
    /// The bags in a line.
    pub packaging: String,
    /// The lines on each bag.
    pub marks: Vec<String>,
    /// The ICO's identification mark.
    pub ico_mark: Option<String>,
    /// The certificate of quality of each lot.
    pub quality_certificates: Vec<String>,
}

/// The way of the goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePart {
    /// SEA or AIR in words.
    pub transport: Bilingual,
    /// Where it is loaded.
    pub port_of_loading: Port,
    /// Where it is discharged.
    pub port_of_discharge: Port,
    /// Where it goes.
    pub destination: Country,
    /// The carrier.
    pub carrier: Bilingual,
    /// Vessel or airline, once it is booked.
    pub vessel: Option<String>,
    /// Voyage or flight.
    pub voyage: Option<String>,
    /// When it came on board.
    pub on_board: Option<NaiveDate>,
    /// Incoterms 2020.
    pub incoterm: String,
}

/// The papers that others have issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferencesPart {
    /// The bank's permit.
    pub bank_permit: Option<String>,
    /// The authority's permit.
    pub permit: Option<String>,
    /// The transport document.
    pub bill_of_lading: Option<String>,
    /// The invoice, or the proforma before it.
    pub invoice: Option<String>,
    /// The carrier's booking.
    pub booking: Option<String>,
}

/// Whom the goods go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiversPart {
    /// Who receives, or "to order".
    pub consignee: String,
    /// Whom to notify.
    pub notify: Option<String>,
    /// Whom else.
    pub second_notify: Option<String>,
}

/// What one paper says and the others do not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum CommercialBody {
    /// A proforma.
    Proforma(InvoiceBody),
    /// An invoice.
    Invoice(InvoiceBody),
    /// A packing list.
    PackingList(PackingBody),
    /// A shipping instruction.
    ShippingInstruction(InstructionBody),
    /// A weight certificate.
    WeightCertificate(WeighingBody),
    /// A way bill.
    WayBill(WayBillBody),
}

/// Of the proforma and of the invoice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceBody {
    /// Who pays.
    pub applicant: String,
    /// Who receives.
    pub receivers: ReceiversPart,
    /// The position of the tariff.
    pub hs_code: String,
    /// What is charged.
    pub price: InvoicePrice,
    /// How it is paid.
    pub payment: Bilingual,
    /// The letter of credit under which it is. Papers of before it was named have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<LetterPart>,
    /// How the goods fill what they travel in.
    pub shipment_type: ShipmentType,
    /// Where they go in the end.
    pub final_destination: String,
    /// The chamber's certificate of origin.
    pub chamber_certificate: Option<String>,
    /// Where to pay.
    pub account: AccountPart,
    /// What the seller declares.
    pub declaration: Bilingual,
}

/// The letter of credit as its documents name it: banks ask every invoice for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPart {
    /// The issuing bank's number.
    pub number: String,
    /// Who issued it.
    pub issuing_bank: String,
    /// When.
    pub issued_on: NaiveDate,
}

/// Where to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPart {
    /// The beneficiary's bank.
    pub bank: String,
    /// Which branch.
    pub branch: String,
    /// In whose name.
    pub holder: String,
    /// Its number.
    pub number: String,
    /// The bank's code.
    pub swift: String,
    /// The correspondent bank.
    pub correspondent: Option<String>,
    /// Its code.
    pub correspondent_swift: Option<String>,
}

/// Of the packing list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackingBody {
    /// Who receives.
    pub receivers: ReceiversPart,
    /// When it was packed.
    pub packed_on: NaiveDate,
    /// And where.
    pub packed_at: String,
    /// What is in each container.
    pub loads: Vec<Load>,
}

/// Of the shipping instruction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstructionBody {
    /// Who receives.
    pub receivers: ReceiversPart,
    /// What kind of transport document.
    pub bill_type: BillType,
    /// How many originals of it.
    pub originals: i32,
    /// Who pays the freight.
    pub freight: FreightTerms,
    /// The contract with the carrier.
    pub service_contract: Option<String>,
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
    /// How many.
    pub container_count: i32,
    /// What each container holds and weighs, as far as it is known.
    pub containers: Vec<InstructedContainer>,
    /// Whether it may go in parts.
    pub partial_shipment: bool,
}

/// A container of the shipping instruction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InstructedContainer {
    /// ISO 6346.
    pub number: String,
    /// What is in it, once it is known.
    pub load: Option<Load>,
    /// Verified gross mass, in kilograms.
    pub verified_kg: Option<Decimal>,
}

/// Of the weight certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeighingBody {
    /// When it was weighed.
    pub weighed_on: NaiveDate,
    /// And where.
    pub weighed_at: String,
    /// What is in each container.
    pub loads: Vec<Load>,
    /// The ticket of the weighbridge for each of them.
    pub weighbridge: Vec<String>,
    /// What the seller certifies.
    pub declaration: Bilingual,
}

/// Of a way bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WayBillBody {
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
    /// Birr for a quintal.
    pub birr_per_quintal: Decimal,
    /// Birr for the load.
    pub freight_birr: Decimal,
    /// The printed conditions.
    pub conditions: Vec<Bilingual>,
    /// What was added to them.
    pub special_conditions: Option<String>,
    /// What the driver declares.
    pub declaration: Bilingual,
}

impl CommercialSnapshot {
    /// What all papers have in common for the public page and the list.
    #[must_use]
    pub fn essentials(&self) -> Essentials<'_> {
        Essentials {
            holder: &self.seller.name,
            goods: Some(Goods {
                coffee: self.goods.name.clone(),
                net_kg: self.weights.net_kg,
                bags: Some(self.weights.bags),
            }),
            buyer: Some((&self.buyer, &self.buyer_country.name)),
            particulars: Vec::new(),
        }
    }
}
