//! What reports there are, what can be asked of the sums, and what comes back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::period::{Month, Period};
use crate::calendar::CoffeeYear;
use crate::codes::coded_enum;
use crate::exports::{ExportStatus, State};
use crate::ids::{ExportId, OrganizationId};

coded_enum! {
    /// The reports, in the order of the index; the code is the last part of the address.
    Report {
        /// Exports by status and stage.
        ByState = "by-state",
        /// Exports by the region of the coffee.
        ByOrigin = "by-origin",
        /// Exports by the country that they go to.
        ByDestination = "by-destination",
        /// Exports by month.
        ByMonth = "by-month",
        /// Exports by coffee year.
        ByCoffeeYear = "by-coffee-year",
        /// Exports by exporter.
        ByExporter = "by-exporter",
        /// How long each step takes.
        Turnaround = "turnaround",
        /// Certificates near their end.
        Expiring = "expiring",
        /// Proceeds that are due.
        Settlements = "settlements",
    }
}

coded_enum! {
    /// By which month an export counts.
    Basis {
        /// The month of its request.
        Requested = "requested",
        /// The month of the day on board; what is not on board does not count.
        Shipped = "shipped",
    }
}

/// What the lines of a report are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Status and stage.
    State,
    /// The region of the coffee.
    Origin,
    /// The country of destination.
    Destination,
    /// The month.
    Month,
    /// The coffee year.
    CoffeeYear,
    /// The exporter.
    Exporter,
}

/// What is asked of the sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What the lines are.
    pub group: Group,
    /// By which month an export counts.
    pub basis: Basis,
    /// Which months.
    pub period: Period,
    /// Only exports of this status.
    pub status: Option<ExportStatus>,
    /// Only coffee of this region.
    pub origin: Option<String>,
    /// Only what goes to this country.
    pub destination: Option<String>,
    /// Only exports of this exporter.
    pub exporter: Option<OrganizationId>,
}

/// What one line of a report is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A state, in the order of the walk.
    State(State),
    /// A region, or a country's code.
    Place(String),
    /// A month.
    Month(Month),
    /// A coffee year.
    CoffeeYear(CoffeeYear),
    /// An exporter.
    Exporter(OrganizationId),
}

/// How much it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many exports.
    pub count: i64,
    /// Kilograms of green coffee.
    pub quantity: Decimal,
    /// Their estimated value, by currency: amounts of different currencies are not added up.
    pub values: BTreeMap<String, Decimal>,
}

/// Kilograms in one bag, as the International Coffee Organization counts coffee.
const BAG: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

impl Sum {
    /// Adds what is counted in one currency.
    pub fn add(&mut self, count: i64, quantity: Decimal, currency: &str, value: Decimal) {
        self.count += count;
        self.quantity += quantity;
        *self.values.entry(currency.to_owned()).or_default() += value;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.quantity += other.quantity;
        for (currency, value) in &other.values {
            *self.values.entry(currency.clone()).or_default() += *value;
        }
    }

    /// The weight in bags of 60 kg, the unit of coffee statistics, with one decimal.
    #[must_use]
    pub fn bags(&self) -> Decimal {
        (self.quantity / BAG).round_dp(1)
    }
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub key: Key,
    /// How much that is.
    pub sum: Sum,
}

/// The sum of all lines.
#[must_use]
pub fn total(lines: &[Line]) -> Sum {
    lines.iter().fold(Sum::default(), |mut sum, line| {
        sum.merge(&line.sum);
        sum
    })
}

coded_enum! {
    /// What a report on expiry lists.
    ExpiringKind {
        /// A laboratory's certification.
        Laboratory = "laboratory",
        /// A taster's proficiency certificate.
        Taster = "taster",
        /// A certificate of competence.
        Competence = "competence",
        /// An export licence.
        License = "license",
        /// An export permit that was not used.
        Permit = "permit",
        /// A certificate of quality of coffee that is still here. It has no last day in law; after how many days it
        /// counts as old is a parameter, and an assumption.
        Quality = "quality",
        /// A warehouse receipt of coffee that is still here.
        Receipt = "receipt",
    }
}

/// A certificate with its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// What it is.
    pub kind: ExpiringKind,
    /// Its number; a taster's with the name.
    pub number: String,
    /// Whose it is.
    pub exporter: String,
    /// Its last day.
    pub last_day: NaiveDate,
    /// The export for which it was issued.
    pub export: Option<ExportId>,
}

/// What of one bank's and one exporter's proceeds is due on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSum {
    /// The bank that follows them.
    pub bank: OrganizationId,
    /// The exporter.
    pub exporter: OrganizationId,
    /// In which currency.
    pub currency: String,
    /// On which day they are due.
    pub due: NaiveDate,
    /// Of how many exports.
    pub count: i64,
    /// What is still to come.
    pub outstanding: Decimal,
}

/// Proceeds that have not come in whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Of which export.
    pub export: ExportId,
    /// Its number.
    pub number: String,
    /// The bank that follows them.
    pub bank: OrganizationId,
    /// The exporter.
    pub exporter: OrganizationId,
    /// Its status and stage.
    pub state: State,
    /// On which day they are due.
    pub due: NaiveDate,
    /// In which currency.
    pub currency: String,
    /// What is still to come.
    pub outstanding: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_different_currencies_are_kept_apart() {
        let mut sum = Sum::default();
        sum.add(2, 19_200.into(), "USD", "100.10".parse().unwrap());
        sum.add(1, 600.into(), "EUR", 7.into());
        let mut twice = sum.clone();
        twice.merge(&sum);
        assert_eq!((twice.count, twice.quantity), (6, 39_600.into()));
        assert_eq!(twice.values["USD"], "200.20".parse().unwrap());
        assert_eq!(twice.values["EUR"], 14.into());
    }

    #[test]
    fn bags_are_of_sixty_kilograms() {
        for (kilograms, bags) in [("19200", "320"), ("16500", "275"), ("100", "1.7"), ("0", "0")] {
            let sum = Sum { quantity: kilograms.parse().unwrap(), ..Sum::default() };
            assert_eq!(sum.bags(), bags.parse().unwrap(), "{kilograms}");
        }
    }
}
