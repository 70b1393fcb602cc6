//! The forms about the way of the goods: shipping instruction and way bill.

use chrono::{Duration, NaiveDate};
use rust_decimal::Decimal;

use super::goods::{DAYS_BACK, HEAVIEST, coded, hs_code, marks, receivers, weights};
use super::{InstructionFacts, WayBillFacts};
use crate::certificates::commercial::figures::{Load, jute};
use crate::certificates::commercial::model::{BillType, FreightTerms};
use crate::certificates::commercial::record::{Record, RecordedContainer};
use crate::certificates::commercial::rules::left_to_carry;
use crate::dec;
use crate::exports::facts::{CONTAINER_TYPES, MOST_CONTAINERS};
use crate::ids::PaperId;
use crate::quantities::Kilograms;
use crate::workflow::{FieldReader, Problem};

pub(super) fn instruction(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> InstructionFacts {
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

fn verified(f: &mut FieldReader<'_>, record: &Record) -> Vec<(String, Option<Decimal>)> {
    let loads = record.known_loads().unwrap_or_default();
    let row = |(row, container): (usize, &RecordedContainer)| {
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

pub(super) fn way_bill(
    f: &mut FieldReader<'_>,
    record: &Record,
    corrected: Option<PaperId>,
    today: NaiveDate,
) -> WayBillFacts {
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

fn plate(f: &mut FieldReader<'_>, field: &str) -> Option<String> {
    let plate = f.text(field, 3..=20).to_uppercase();
    if !plate.is_empty() && !plate.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | ' ' | '/')) {
        f.problems.add(field, Problem::Refused { text_id: "problem-plate", arguments: Vec::new() });
    }
    Some(plate).filter(|plate| !plate.is_empty())
}

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
