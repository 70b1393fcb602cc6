//! What each step's form asks, typed. Parsed at the edge, so that the service only meets complete facts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::model::{ApprovalKind, Export};
use super::proceeds::{Account, Shortfall};
use super::rules::{Context, LEAST_PART_KG, part};
use crate::dec;
use crate::ids::LotId;
use crate::quantities::{ContainerNumber, ContainerNumberError, grouped};
use crate::workflow::{FieldProblems, FieldReader, Problem, Reason};

/// A container as it is booked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookedContainer {
    /// Its number, check digit verified (ISO 6346).
    pub number: ContainerNumber,
    /// Such as 20DRY.
    pub container_type: String,
}

/// A container as it was loaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadedContainer {
    /// Its number.
    pub number: String,
    /// The seal on its door.
    pub seal_number: String,
    /// Bags in it.
    pub packages: i32,
    /// Kilograms of coffee.
    pub net_kg: Decimal,
    /// Kilograms with the bags.
    pub gross_kg: Decimal,
}

/// A loading of less than the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortShipment {
    /// Kilograms on board of each lot; a lot that is not listed stayed behind.
    pub on_board: Vec<(LotId, Decimal)>,
    /// Why the rest stayed behind.
    pub reason: String,
}

/// What the approval of a step puts on record. Amounts are in the export's currency, weights in kilograms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Facts {
    /// The bank: its own reference and its permit, from which the 90 days run.
    BankCheck {
        /// The bank's file.
        bank_reference: String,
        /// Number of the bank permit.
        bank_permit_number: String,
        /// Day of the bank permit.
        bank_permit_date: NaiveDate,
    },
    /// The National Bank.
    Fx {
        /// Birr for one unit of the currency.
        etb_per_unit: Decimal,
        /// What it asks of the exporter, if anything.
        conditions: Option<String>,
    },
    /// The authority's confirmation of the quality certificate.
    Quality {
        /// The grade of the inspection.
        quality_grade: String,
        /// Remarks.
        remarks: Option<String>,
    },
    /// The export permit.
    Permit {
        /// Last day of its validity.
        valid_until: NaiveDate,
        /// Conditions beyond the printed ones.
        conditions: Option<String>,
    },
    /// The booking.
    Shipment {
        /// Vessel or flight.
        vessel_name: String,
        /// Voyage or flight number.
        voyage_number: String,
        /// The carrier's booking number.
        booking_number: String,
        /// Estimated departure.
        departure_date: NaiveDate,
        /// Estimated arrival.
        arrival_date: NaiveDate,
        /// Containers; none by air.
        containers: Vec<BookedContainer>,
    },
    /// Clearance.
    Customs {
        /// Number of the declaration.
        declaration_number: String,
        /// Day of clearance.
        clearance_date: NaiveDate,
        /// DOCUMENTS or PHYSICAL.
        inspection: String,
    },
    /// On board.
    Loading {
        /// Number of the bill of lading or air waybill.
        bill_of_lading_number: String,
        /// The "shipped on board" date.
        on_board_date: NaiveDate,
        /// What is in each container; empty by air.
        containers: Vec<LoadedContainer>,
        /// What is on board, where that is not everything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        short: Option<ShortShipment>,
    },
    /// Box 16, first block.
    OriginSignature {
        /// Where the customs officer signs.
        place: String,
    },
    /// The certifying officer's boxes of the ICO form.
    Origin {
        /// Box 2.
        notify_address: String,
        /// Box 4b, two digits.
        ico_port_code: String,
        /// Box 8: country of trans-shipment, or Direct.
        transshipment: String,
        /// Box 11: BAGS, BULK, CONTAINERS or OTHER.
        shipped_in: Vec<String>,
        /// Box 15: DRY or WET.
        green_processing: String,
        /// Box 15: decaffeinated.
        decaffeinated: bool,
        /// Box 15: certified organic.
        organic: bool,
        /// Box 17, voluntary.
        other_information: Option<String>,
        /// Where the certifying officer signs.
        place: String,
    },
    /// The proceeds, as they stood when the export was completed.
    Settlement {
        /// What was owed.
        due: Decimal,
        /// What has come.
        received: Decimal,
        /// What is missing, and why, when it is closed short.
        shortfall: Option<Shortfall>,
    },
}

/// Containers that one form has room for.
pub const MOST_CONTAINERS: usize = 12;
/// Container types, as the code list of section 5.12 has them.
pub const CONTAINER_TYPES: &[&str] = &["20DRY", "40DRY", "40HC", "20REEF", "40REF"];

impl Facts {
    /// The facts of step `kind` in the form `values`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(
        kind: ApprovalKind,
        values: &BTreeMap<String, String>,
        export: &Export,
        context: &Context,
        today: NaiveDate,
    ) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let facts = match kind {
            ApprovalKind::BankCheck => {
                f.confirmed("documents_agree");
                Self::BankCheck {
                    bank_reference: f.text("bank_reference", 2..=60),
                    bank_permit_number: f.text("bank_permit_number", 2..=60),
                    // Older than the settlement time, it would be overdue on the day of its approval.
                    bank_permit_date: f.date(
                        "bank_permit_date",
                        today - Duration::days(context.settlement_days),
                        today,
                    ),
                }
            }
            ApprovalKind::Fx => Self::Fx {
                etb_per_unit: f.decimal("etb_per_unit", dec!(0.0001), dec!(10_000), 4),
                conditions: f.optional_text("conditions", 500),
            },
            ApprovalKind::Quality => Self::Quality {
                quality_grade: f.choice("quality_grade", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "UG"]),
                remarks: f.optional_text("remarks", 500),
            },
            ApprovalKind::Permit => Self::Permit {
                valid_until: f.date(
                    "valid_until",
                    today + Duration::days(1),
                    today + Duration::days(context.permit_validity_days),
                ),
                conditions: f.optional_text("conditions", 500),
            },
            ApprovalKind::Shipment => shipment(&mut f, export, today),
            ApprovalKind::Customs => Self::Customs {
                declaration_number: f.text("declaration_number", 2..=60),
                clearance_date: f.date("clearance_date", today - Duration::days(30), today),
                inspection: f.choice("inspection", &["DOCUMENTS", "PHYSICAL"]),
            },
            ApprovalKind::Loading => loading(&mut f, export, context, today),
            ApprovalKind::OriginSignature => Self::OriginSignature { place: f.text("place", 2..=60) },
            ApprovalKind::Origin => Self::Origin {
                notify_address: f.text("notify_address", 2..=300),
                ico_port_code: {
                    let code = f.text("ico_port_code", 2..=2);
                    if !code.is_empty() && !code.bytes().all(|b| b.is_ascii_digit()) {
                        f.problems.add("ico_port_code", Problem::NotANumber);
                    }
                    code
                },
                transshipment: f.text("transshipment", 2..=60),
                shipped_in: {
                    let chosen: Vec<String> = ["BAGS", "BULK", "CONTAINERS", "OTHER"]
                        .iter()
                        .filter(|way| !f.raw(&format!("shipped_in_{}", way.to_lowercase())).is_empty())
                        .map(|way| (*way).to_owned())
                        .collect();
                    if chosen.is_empty() {
                        f.problems.add("shipped_in_bags", Problem::Missing);
                    }
                    chosen
                },
                green_processing: f.choice("green_processing", &["DRY", "WET"]),
                decaffeinated: !f.raw("decaffeinated").is_empty(),
                organic: !f.raw("organic").is_empty(),
                other_information: f.optional_text("other_information", 500),
                place: f.text("place", 2..=60),
            },
            ApprovalKind::Settlement => {
                let account = Account::of(export, context);
                let ledger = context.ledger.as_ref().filter(|_| !account.is_paid());
                let shortfall = ledger.and_then(|ledger| Shortfall::read(&mut f, ledger));
                Self::Settlement { due: account.due, received: account.received, shortfall }
            }
        };
        f.finish(facts)
    }
}

/// The vessel of a booking and when she sails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voyage {
    /// Vessel or airline.
    pub vessel_name: String,
    /// Voyage or flight number.
    pub voyage_number: String,
    /// The carrier's booking number.
    pub booking_number: String,
    /// Estimated departure.
    pub departure_date: NaiveDate,
    /// Estimated arrival.
    pub arrival_date: NaiveDate,
}

impl Voyage {
    /// The voyage in the fields of a form; she has not left yet.
    pub fn read(f: &mut FieldReader<'_>, today: NaiveDate) -> Self {
        let departure_date = f.date("departure_date", today + Duration::days(1), today + Duration::days(365));
        let (earliest, latest) = (departure_date + Duration::days(1), departure_date + Duration::days(180));
        let arrival_date = f.date("arrival_date", earliest, latest);
        Self {
            vessel_name: f.text("vessel_name", 2..=100),
            voyage_number: f.text("voyage_number", 1..=30),
            booking_number: f.text("booking_number", 2..=40),
            departure_date,
            arrival_date,
        }
    }
}

/// The containers in the fields of a form, row by row; rows without a number are left out.
fn containers(f: &mut FieldReader<'_>) -> Vec<(usize, BookedContainer)> {
    let mut containers = Vec::new();
    let mut seen = BTreeSet::new();
    for row in 1..=MOST_CONTAINERS {
        let field = format!("container_number_{row}");
        let typed = f.raw(&field);
        if typed.is_empty() {
            continue;
        }
        match typed.to_uppercase().parse::<ContainerNumber>() {
            Ok(number) if !seen.insert(number.clone()) => f.problems.add(field, Problem::ContainerTwice),
            Ok(number) => {
                let container_type = f.choice(&format!("container_type_{row}"), CONTAINER_TYPES);
                containers.push((row, BookedContainer { number, container_type }));
            }
            Err(ContainerNumberError::Shape) => f.problems.add(field, Problem::ContainerShape),
            Err(ContainerNumberError::CheckDigit { expected, .. }) => {
                f.problems.add(field, Problem::ContainerDigit { expected });
            }
        }
    }
    containers
}

/// As [`containers`], at least one where the coffee goes by sea.
pub fn containers_of(f: &mut FieldReader<'_>, export: &Export) -> Vec<(usize, BookedContainer)> {
    let containers = containers(f);
    if containers.is_empty() && export.transport_mode == "SEA" && f.problems.of("container_number_1").is_none() {
        f.problems.add("container_number_1", Problem::Missing);
    }
    containers
}

fn shipment(f: &mut FieldReader<'_>, export: &Export, today: NaiveDate) -> Facts {
    let containers = containers_of(f, export).into_iter().map(|(_, container)| container).collect();
    let Voyage { vessel_name, voyage_number, booking_number, departure_date, arrival_date } = Voyage::read(f, today);
    Facts::Shipment { vessel_name, voyage_number, booking_number, departure_date, arrival_date, containers }
}

fn loading(f: &mut FieldReader<'_>, export: &Export, context: &Context, today: NaiveDate) -> Facts {
    let bill_of_lading_number = f.text("bill_of_lading_number", 2..=60);
    // Nothing may be on board before it was cleared.
    let earliest = export.customs_clearance_date.unwrap_or(today);
    let on_board_date = f.date("on_board_date", earliest.min(today), today);
    let is_short = !f.raw("short_reason").is_empty();
    let mut containers = Vec::new();
    for (position, number) in context.containers.iter().enumerate() {
        let row = position + 1;
        // Of a short shipment a container may stay behind: its row is left empty.
        let is_empty = ["net_kg", "gross_kg", "packages"].iter().all(|name| f.raw(&format!("{name}_{row}")).is_empty());
        if is_short && is_empty && context.containers.len() > 1 {
            continue;
        }
        let most = dec!(40_000);
        let net_kg = f.decimal(&format!("net_kg_{row}"), dec!(0.001), most, 3);
        let gross_kg = f.decimal(&format!("gross_kg_{row}"), dec!(0.001), most, 3);
        if gross_kg < net_kg {
            f.problems.add(format!("gross_kg_{row}"), Problem::GrossBelowNet);
        }
        let packages = f.decimal(&format!("packages_{row}"), Decimal::ONE, dec!(2_000), 0);
        containers.push(LoadedContainer {
            number: number.clone(),
            seal_number: f.text(&format!("seal_number_{row}"), 2..=30),
            packages: i32::try_from(packages).unwrap_or(i32::MAX),
            net_kg,
            gross_kg,
        });
    }
    let sum: Decimal = containers.iter().map(|container| container.net_kg).sum();
    let by_container = !context.containers.is_empty();
    let short = if is_short {
        short_shipment(f, context, by_container.then_some(sum))
    } else {
        if by_container && f.problems.is_empty() && sum != export.quantity {
            f.problems.add("net_kg_1", Problem::SumDiffers { whole: export.quantity, sum });
        }
        None
    };
    Facts::Loading { bill_of_lading_number, on_board_date, containers, short }
}

/// What is on board of each lot. Of a single lot it is what the containers hold; by air, and of several lots, the form
/// says it.
fn short_shipment(f: &mut FieldReader<'_>, context: &Context, in_containers: Option<Decimal>) -> Option<ShortShipment> {
    let reason = match Reason::parse(f.raw("short_reason")) {
        Ok(reason) => reason.as_str().to_owned(),
        Err(problem) => {
            f.problems.add("short_reason", problem);
            String::new()
        }
    };
    let mut on_board: Vec<(LotId, Decimal)> = Vec::new();
    match (in_containers, context.lots.as_slice()) {
        (Some(sum), [only]) => on_board.push((only.lot, sum)),
        _ => {
            for (position, share) in context.lots.iter().enumerate() {
                let field = format!("on_board_kg_{}", position + 1);
                let kg = f.optional_decimal(&field, Decimal::ZERO, share.kg, 3).unwrap_or_default();
                on_board.push((share.lot, kg));
            }
        }
    }
    if !f.problems.is_empty() {
        return None;
    }
    let said: Decimal = on_board.iter().map(|(_, kg)| *kg).sum();
    if let Some(sum) = in_containers
        && sum != said
    {
        f.problems.add("on_board_kg_1", Problem::SumDiffers { whole: sum, sum: said });
    } else if part(&context.lots, &on_board).is_none() {
        let whole: Decimal = context.lots.iter().map(|share| share.kg).sum();
        let arguments = vec![("kg", grouped(whole)), ("least", grouped(LEAST_PART_KG))];
        f.problems.add("short_reason", Problem::Refused { text_id: "problem-not-short", arguments });
    }
    Some(ShortShipment { on_board, reason })
}
