//! What each paper's form asks beside what the record knows, typed. Parsed at the edge, so that the service only
//! meets complete facts.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use rust_decimal::Decimal;

use super::figures::{Discrepancy, Load, PriceBasis, Weights, discrepancies, jute};
use super::model::{BillType, CommercialKind, FreightTerms, Record, ShipmentType};
use super::rules::left_to_carry;
use crate::dec;
use crate::exports::facts::{CONTAINER_TYPES, MOST_CONTAINERS};
use crate::ids::{AccountId, PaperId};
use crate::quantities::{IcoMark, Kilograms, Packaging};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The heaviest that one container or truck is believed to carry, in kilograms.
const HEAVIEST: Decimal = dec!(60_000);
/// The heaviest empty bag with its liner, in kilograms.
const HEAVIEST_TARE: Decimal = dec!(5);
/// How long ago something may have been packed or weighed.
const DAYS_BACK: i64 = 90;

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
            CommercialKind::Proforma | CommercialKind::Invoice => Self::Invoice(invoice(&mut f, record)),
            CommercialKind::PackingList => Self::PackingList(packing_list(&mut f, record, today)),
            CommercialKind::ShippingInstruction => Self::ShippingInstruction(instruction(&mut f, record, today)),
            CommercialKind::WeightCertificate => Self::WeightCertificate(weighing(&mut f, record, today)),
            CommercialKind::WayBill => Self::WayBill(way_bill(&mut f, record, corrected, today)),
        };
        f.finish(facts)
    }
}

fn receivers(f: &mut FieldReader<'_>) -> Receivers {
    Receivers { consignee: f.text("consignee", 2..=300), notify: f.optional_text("notify", 300) }
}

fn marks(f: &mut FieldReader<'_>, record: &Record) -> MarkFacts {
    let certification = f.optional_text("certification", 60);
    // The certificate has settled it.
    if record.ico_mark.is_some() {
        return MarkFacts { ico_mark: record.ico_mark.clone(), certification };
    }
    let typed = f.raw("ico_mark");
    let ico_mark = if typed.is_empty() { None } else { typed.parse::<IcoMark>().ok().map(|mark| mark.to_string()) };
    if !typed.is_empty() && ico_mark.is_none() {
        f.problems.add("ico_mark", Problem::Refused { text_id: "problem-ico-mark", arguments: Vec::new() });
    }
    MarkFacts { ico_mark, certification }
}

fn hs_code(f: &mut FieldReader<'_>, record: &Record) -> String {
    let codes: Vec<&str> = record.hs_codes.iter().map(|code| code.code.as_str()).collect();
    f.choice("hs_code", &codes)
}

/// The value of `coded` with the code that was chosen.
fn coded<T: Copy>(f: &mut FieldReader<'_>, field: &str, all: &[T], code: fn(T) -> &'static str, default: T) -> T {
    let codes: Vec<&str> = all.iter().map(|value| code(*value)).collect();
    let chosen = f.choice(field, &codes);
    all.iter().copied().find(|value| code(*value) == chosen).unwrap_or(default)
}

/// The kind of bag: its size is the export's, its tare is asked.
fn packaging(f: &mut FieldReader<'_>, record: &Record) -> Packaging {
    let tare = f.decimal("tare_kg", Decimal::ZERO, HEAVIEST_TARE, 3);
    Packaging::new(record.export.bag_kg, tare).or_else(|_| jute(record.export.bag_kg)).unwrap_or(Packaging::JUTE_60)
}

/// The weights of the whole consignment. The gross weight is that of its loads where they are known, else what the
/// bags add.
fn weights(f: &mut FieldReader<'_>, record: &Record) -> Weights {
    let weights = Weights::of(record.net, packaging(f, record));
    match record.known_loads() {
        Some(loads) => Weights { gross_kg: loads.iter().map(|load| load.gross_kg).sum(), ..weights },
        None => weights,
    }
}

fn invoice(f: &mut FieldReader<'_>, record: &Record) -> InvoiceFacts {
    // Cents are hundredths of a dollar.
    let basis = if record.export.currency == "USD" {
        coded(f, "basis", PriceBasis::ALL, PriceBasis::code, PriceBasis::CentsPerPound)
    } else {
        PriceBasis::PerKilogram
    };
    let accounts: Vec<String> = record.accounts.iter().map(|account| account.id.to_string()).collect();
    let account = f.choice("account", &accounts.iter().map(String::as_str).collect::<Vec<_>>());
    InvoiceFacts {
        applicant: f.text("applicant", 2..=300),
        receivers: receivers(f),
        hs_code: hs_code(f, record),
        basis,
        // What is none of the choices is a problem already.
        account: account.parse().unwrap_or(AccountId(uuid::Uuid::nil())),
        shipment_type: shipment_type(f, record),
        final_destination: f.text("final_destination", 2..=60),
        chamber_certificate: f.optional_text("chamber_certificate", 60),
        marks: marks(f, record),
        weights: weights(f, record),
    }
}

fn shipment_type(f: &mut FieldReader<'_>, record: &Record) -> ShipmentType {
    if !record.is_by_sea() {
        return ShipmentType::Air;
    }
    let by_sea = [ShipmentType::FullContainer, ShipmentType::PartContainer];
    coded(f, "shipment_type", &by_sea, ShipmentType::code, ShipmentType::FullContainer)
}

/// What is in each container, as it is typed: a row for each that is booked, by air one row for all.
fn typed_loads(f: &mut FieldReader<'_>, record: &Record, whole: &Weights) -> Vec<Load> {
    let load = |f: &mut FieldReader<'_>, row: usize, container: &str, container_type: &str| Load {
        container: container.to_owned(),
        container_type: container_type.to_owned(),
        seal: if container.is_empty() { String::new() } else { f.text(&format!("seal_{row}"), 2..=30) },
        packages: i32::try_from(f.decimal(&format!("packages_{row}"), Decimal::ONE, dec!(2_000), 0))
            .unwrap_or(i32::MAX),
        net_kg: f.decimal(&format!("net_kg_{row}"), dec!(0.001), HEAVIEST, 3).normalize(),
        gross_kg: f.decimal(&format!("gross_kg_{row}"), dec!(0.001), HEAVIEST, 3).normalize(),
    };
    let before = f.problems.0.len();
    let loads: Vec<Load> = if record.containers.is_empty() {
        vec![load(f, 1, "", "")]
    } else {
        (1..).zip(&record.containers).map(|(row, c)| load(f, row, &c.number, &c.container_type)).collect()
    };
    // What is no number adds up to nothing that could be compared.
    if f.problems.0.len() == before {
        for found in discrepancies(&loads, whole) {
            let (field, problem) = as_problem(&found);
            f.problems.add(field, problem);
        }
    }
    loads
}

/// A discrepancy at the field of its container.
fn as_problem(found: &Discrepancy) -> (String, Problem) {
    let refused = |text_id, arguments| Problem::Refused { text_id, arguments };
    match found {
        Discrepancy::Bags { row, fills } => {
            (format!("packages_{row}"), refused("problem-bags-fill", vec![("fills", fills.to_string())]))
        }
        Discrepancy::TooLight { row, least } => {
            (format!("gross_kg_{row}"), refused("problem-too-light", vec![("least", least.to_string())]))
        }
        Discrepancy::BagSum { whole, sum } => (
            "packages_1".to_owned(),
            refused("problem-bags-sum", vec![("whole", whole.to_string()), ("sum", sum.to_string())]),
        ),
        Discrepancy::NetSum { whole, sum } => ("net_kg_1".to_owned(), Problem::SumDiffers { whole: *whole, sum: *sum }),
    }
}

fn with_gross_of(weights: Weights, loads: &[Load]) -> Weights {
    Weights { gross_kg: loads.iter().map(|load| load.gross_kg).sum(), ..weights }
}

fn packing_list(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> PackingFacts {
    let whole = Weights::of(record.net, packaging(f, record));
    let loads = record.loaded().unwrap_or_else(|| typed_loads(f, record, &whole));
    PackingFacts {
        receivers: receivers(f),
        marks: marks(f, record),
        packed_on: f.date("packed_on", today - Duration::days(DAYS_BACK), today),
        packed_at: f.text("packed_at", 2..=60),
        weights: with_gross_of(whole, &loads),
        loads,
    }
}

fn instruction(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> InstructionFacts {
    let export = &record.export;
    let bill_type = if record.is_by_sea() {
        let by_sea = [BillType::Original, BillType::Telex, BillType::SeaWaybill];
        coded(f, "bill_type", &by_sea, BillType::code, BillType::Original)
    } else {
        BillType::AirWaybill
    };
    let originals = if bill_type.has_originals() {
        i32::try_from(f.decimal("originals", Decimal::ONE, dec!(9), 0)).unwrap_or_default()
    } else {
        0
    };
    let freight = coded(f, "freight", FreightTerms::ALL, FreightTerms::code, FreightTerms::Collect);
    let by_incoterm = FreightTerms::of_incoterm(&export.incoterm);
    if f.problems.of("freight").is_none() && freight != by_incoterm {
        let arguments = vec![("incoterm", export.incoterm.clone())];
        f.problems.add("freight", Problem::Refused { text_id: "problem-freight-incoterm", arguments });
    }
    let (container_type, container_count) = match record.containers.as_slice() {
        _ if !record.is_by_sea() => (None, 0),
        [] => {
            let count = f.decimal("container_count", Decimal::ONE, Decimal::from(MOST_CONTAINERS), 0);
            (Some(f.choice("container_type", CONTAINER_TYPES)), i32::try_from(count).unwrap_or_default())
        }
        booked @ [first, ..] => (Some(first.container_type.clone()), i32::try_from(booked.len()).unwrap_or(i32::MAX)),
    };
    let weights = weights(f, record);
    InstructionFacts {
        receivers: receivers(f),
        second_notify: f.optional_text("second_notify", 300),
        bill_type,
        originals,
        freight,
        service_contract: f.optional_text("service_contract", 40),
        booking: record.booking.clone().or_else(|| f.optional_text("booking", 40)),
        departure: match export.departure_date {
            Some(booked) => booked,
            None => f.date("departure", today, today + Duration::days(365)),
        },
        place_of_receipt: f.text("place_of_receipt", 2..=60),
        place_of_delivery: f.text("place_of_delivery", 2..=60),
        hs_code: hs_code(f, record),
        container_type,
        container_count,
        verified: verified(f, record),
        partial_shipment: f.choice("partial_shipment", &["ALLOWED", "NOT_ALLOWED"]) == "ALLOWED",
        marks: marks(f, record),
        weights,
    }
}

/// The verified gross mass of each booked container: cargo, bags, dunnage and the container itself, so more than the
/// cargo alone.
fn verified(f: &mut FieldReader<'_>, record: &Record) -> Vec<(String, Option<Decimal>)> {
    let loads = record.known_loads().unwrap_or_default();
    let row = |(row, container): (usize, &super::model::RecordedContainer)| {
        let field = format!("vgm_kg_{row}");
        let mass = f.optional_decimal(&field, dec!(0.001), HEAVIEST, 3).map(|kg| kg.normalize());
        let cargo = loads.iter().find(|load| load.container == container.number).map(|load| load.gross_kg);
        if let (Some(mass), Some(cargo)) = (mass, cargo)
            && mass <= cargo
        {
            let arguments = vec![("cargo", cargo.to_string())];
            f.problems.add(field, Problem::Refused { text_id: "problem-vgm", arguments });
        }
        (container.number.clone(), mass)
    };
    (1..).zip(&record.containers).map(row).collect()
}

fn weighing(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> WeighingFacts {
    let whole = Weights::of(record.net, packaging(f, record));
    let loads = match (record.loaded(), record.known_loads()) {
        (Some(loaded), _) => loaded,
        // Bags and coffee stand on the packing list; the weighbridge says what it all weighs.
        (None, Some(mut listed)) => {
            for (row, load) in (1..).zip(&mut listed) {
                let field = format!("gross_kg_{row}");
                let gross = f.decimal(&field, dec!(0.001), HEAVIEST, 3).normalize();
                if f.problems.of(&field).is_none() && gross < load.net_kg {
                    f.problems.add(field, Problem::GrossBelowNet);
                }
                load.gross_kg = gross;
            }
            listed
        }
        (None, None) => typed_loads(f, record, &whole),
    };
    let weights = with_gross_of(whole, &loads);
    let loads = (1..).zip(loads).map(|(row, load)| (load, f.text(&format!("weighbridge_{row}"), 1..=30))).collect();
    WeighingFacts {
        marks: marks(f, record),
        weighed_on: f.date("weighed_on", today - Duration::days(DAYS_BACK), today),
        weighed_at: f.text("weighed_at", 2..=60),
        loads,
        weights,
    }
}

fn way_bill(f: &mut FieldReader<'_>, record: &Record, corrected: Option<PaperId>, today: NaiveDate) -> WayBillFacts {
    let known = record.known_loads().unwrap_or_default();
    let chosen = (1..).zip(&record.containers).filter(|(row, _)| !f.raw(&format!("container_{row}")).is_empty());
    let containers: Vec<(String, String)> = chosen
        .map(|(_, container)| {
            let load = known.iter().find(|load| load.container == container.number);
            (container.number.clone(), load.map(|load| load.seal.clone()).unwrap_or_default())
        })
        .collect();
    let bags = i32::try_from(f.decimal("bags", Decimal::ONE, dec!(2_000), 0)).unwrap_or(i32::MAX);
    let net_kg = f.decimal("net_kg", dec!(0.001), HEAVIEST, 3).normalize();
    let gross_kg = f.decimal("gross_kg", dec!(0.001), HEAVIEST, 3).normalize();
    truck_load(f, record, corrected, &containers, (bags, net_kg, gross_kg));
    WayBillFacts {
        transporter: f.text("transporter", 2..=100),
        truck_plate: plate(f, "truck_plate").unwrap_or_default(),
        trailer_plate: if f.raw("trailer_plate").is_empty() { None } else { plate(f, "trailer_plate") },
        driver: f.text("driver", 3..=100),
        driver_phone: phone(f, "driver_phone"),
        driver_license: f.text("driver_license", 3..=30),
        destination: f.text("truck_destination", 2..=100),
        loaded_at: f.text("loaded_at", 2..=60),
        loaded_on: f.date("loaded_on", today - Duration::days(DAYS_BACK), today + Duration::days(7)),
        containers,
        bags,
        net_kg,
        gross_kg,
        birr_per_quintal: f.decimal("birr_per_quintal", dec!(0.01), dec!(100_000), 2).normalize(),
        conditions: f.optional_text("conditions", 300),
        marks: marks(f, record),
    }
}

/// A truck carries what its bags hold, and no more than the others leave; of known containers what is in them.
fn truck_load(
    f: &mut FieldReader<'_>,
    record: &Record,
    corrected: Option<PaperId>,
    containers: &[(String, String)],
    (bags, net_kg, gross_kg): (i32, Decimal, Decimal),
) {
    if ["bags", "net_kg", "gross_kg"].iter().any(|field| f.problems.of(field).is_some()) {
        return;
    }
    if gross_kg < net_kg {
        f.problems.add("gross_kg", Problem::GrossBelowNet);
    }
    let (bags_left, kg_left) = left_to_carry(record, corrected);
    if net_kg > kg_left {
        let arguments = vec![("kg", kg_left.normalize().to_string())];
        f.problems.add("net_kg", Problem::Refused { text_id: "problem-truck-left", arguments });
    } else if bags > bags_left {
        let arguments = vec![("bags", bags_left.to_string())];
        f.problems.add("bags", Problem::Refused { text_id: "problem-truck-bags-left", arguments });
    }
    if let (Ok(net), Ok(packaging)) = (Kilograms::try_from(net_kg), jute(record.export.bag_kg))
        && u64::try_from(bags) != Ok(packaging.bags(net))
    {
        let arguments = vec![("fills", packaging.bags(net).to_string())];
        f.problems.add("bags", Problem::Refused { text_id: "problem-bags-fill", arguments });
    }
    let known = record.known_loads().unwrap_or_default();
    let carried: Vec<&Load> =
        known.iter().filter(|load| containers.iter().any(|(number, _)| *number == load.container)).collect();
    let in_them: Decimal = carried.iter().map(|load| load.net_kg).sum();
    if !carried.is_empty() && in_them != net_kg {
        let arguments = vec![("kg", in_them.normalize().to_string())];
        f.problems.add("net_kg", Problem::Refused { text_id: "problem-truck-containers", arguments });
    }
}

/// The plate of a truck or trailer: capitals, digits, dashes and spaces.
fn plate(f: &mut FieldReader<'_>, field: &str) -> Option<String> {
    let plate = f.text(field, 3..=20).to_uppercase();
    if !plate.is_empty() && !plate.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | ' ' | '/')) {
        f.problems.add(field, Problem::Refused { text_id: "problem-plate", arguments: Vec::new() });
    }
    Some(plate).filter(|plate| !plate.is_empty())
}

/// A telephone number, as it is dialled in Ethiopia or from abroad.
fn phone(f: &mut FieldReader<'_>, field: &str) -> String {
    let typed = f.text(field, 9..=20);
    let digits = typed.strip_prefix('+').unwrap_or(&typed);
    let figures = digits.chars().filter(char::is_ascii_digit).count();
    if !typed.is_empty()
        && f.problems.of(field).is_none()
        && !((9..=15).contains(&figures) && digits.chars().all(|c| c.is_ascii_digit() || c == ' '))
    {
        f.problems.add(field, Problem::Refused { text_id: "problem-phone", arguments: Vec::new() });
    }
    typed
}

#[cfg(test)]
mod tests;
