//! The forms about the goods: invoice, packing list, weight certificate; and what several forms ask.

use chrono::{Duration, NaiveDate};
use rust_decimal::Decimal;

use super::{InvoiceFacts, MarkFacts, PackingFacts, Receivers, WeighingFacts};
use crate::certificates::commercial::figures::{Discrepancy, Load, PriceBasis, Weights, discrepancies, jute};
use crate::certificates::commercial::model::ShipmentType;
use crate::certificates::commercial::record::Record;
use crate::dec;
use crate::ids::AccountId;
use crate::quantities::{IcoMark, Packaging};
use crate::workflow::{FieldReader, Problem};

/// The heaviest that one container or truck is believed to carry, in kilograms.
pub(super) const HEAVIEST: Decimal = dec!(60_000);
/// How long ago something may have been packed, weighed or loaded.
pub(super) const DAYS_BACK: i64 = 90;
/// The heaviest empty bag with its liner, in kilograms.
const HEAVIEST_TARE: Decimal = dec!(5);

pub(super) fn receivers(f: &mut FieldReader<'_>) -> Receivers {
    Receivers { consignee: f.text("consignee", 2..=300), notify: f.optional_text("notify", 300) }
}

pub(super) fn marks(f: &mut FieldReader<'_>, record: &Record) -> MarkFacts {
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

pub(super) fn hs_code(f: &mut FieldReader<'_>, record: &Record) -> String {
    let codes: Vec<&str> = record.hs_codes.iter().map(|code| code.code.as_str()).collect();
    f.choice("hs_code", &codes)
}

pub(super) fn coded<T: Copy>(
    f: &mut FieldReader<'_>,
    field: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    default: T,
) -> T {
    let codes: Vec<&str> = all.iter().map(|value| code(*value)).collect();
    let chosen = f.choice(field, &codes);
    all.iter().copied().find(|value| code(*value) == chosen).unwrap_or(default)
}

pub(super) fn packaging(f: &mut FieldReader<'_>, record: &Record) -> Packaging {
    let tare = f.decimal("tare_kg", Decimal::ZERO, HEAVIEST_TARE, 3);
    Packaging::new(record.export.bag_kg, tare).or_else(|_| jute(record.export.bag_kg)).unwrap_or(Packaging::JUTE_60)
}

pub(super) fn weights(f: &mut FieldReader<'_>, record: &Record) -> Weights {
    let weights = Weights::of(record.net, packaging(f, record));
    match record.known_loads() {
        Some(loads) => Weights { gross_kg: loads.iter().map(|load| load.gross_kg).sum(), ..weights },
        None => weights,
    }
}

pub(super) fn invoice(f: &mut FieldReader<'_>, record: &Record) -> InvoiceFacts {
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

pub(super) fn packing_list(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> PackingFacts {
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

pub(super) fn weighing(f: &mut FieldReader<'_>, record: &Record, today: NaiveDate) -> WeighingFacts {
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
