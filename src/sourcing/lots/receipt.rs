//! The warehouse receipt beside the lot: what the officer reads off it, and where it says otherwise. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::model::Lot;
use crate::calendar::eat_date;
use crate::dec;
use crate::quantities::{Grade, Tin, grouped};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The fields of the desk's form, in its order.
pub const FIELDS: [&str; 6] =
    ["seen_number", "seen_receipt", "seen_tin", "seen_quantity", "seen_grade", "seen_expires_on"];

/// What stands on the receipt. What is not on it is left out, unless the lot is to be verified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The lot's number.
    pub number: Option<String>,
    /// Its own number.
    pub receipt: Option<String>,
    /// The tax number of whose coffee it is.
    pub tin: Option<String>,
    /// Kilograms.
    pub quantity: Option<Decimal>,
    /// `1` to `9` or `UG`.
    pub grade: Option<String>,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
}

/// Where the receipt says otherwise than the lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field of the desk's form.
    pub field: &'static str,
    /// What the lot says; empty where it says nothing.
    pub registered: String,
    /// What the receipt says.
    pub seen: String,
}

impl Receipt {
    /// The receipt as the officer has typed it in at `now`.
    ///
    /// # Errors
    /// Every field that makes no sense.
    pub fn parse(values: &BTreeMap<String, String>, now: DateTime<Utc>) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let number = f.optional_text("seen_number", 30).map(|number| number.to_uppercase());
        let receipt = f.optional_text("seen_receipt", 40);
        let tin = f.optional_text("seen_tin", 20);
        if tin.as_deref().is_some_and(|tin| tin.parse::<Tin>().is_err()) {
            f.problems.add("seen_tin", Problem::Refused { text_id: "lots-problem-tin", arguments: Vec::new() });
        }
        let quantity = f.optional_decimal("seen_quantity", dec!(0.001), dec!(10_000_000), 3);
        let grade = f.optional_text("seen_grade", 10).and_then(|typed| match typed.parse::<Grade>() {
            Ok(grade) => Some(grade.number().map_or_else(|| "UG".to_owned(), |number| number.to_string())),
            Err(_) => {
                f.problems.add("seen_grade", Problem::NotAChoice);
                None
            }
        });
        let today = eat_date(now);
        let expires_on = (!f.raw("seen_expires_on").is_empty()).then(|| {
            let years = chrono::Months::new(60);
            let (earliest, latest) = (today.checked_sub_months(years), today.checked_add_months(years));
            f.date("seen_expires_on", earliest.unwrap_or(today), latest.unwrap_or(today))
        });
        f.finish(Self { number, receipt, tin, quantity, grade, expires_on })
    }

    /// The fields that have to be filled in before the lot is verified, and are not. A receipt from outside the
    /// exchange has neither the exchange's number nor an end, and may have no grade.
    #[must_use]
    pub fn missing(&self, lot: &Lot) -> Vec<&'static str> {
        let of_exchange = lot.source == super::Source::Ecx;
        let asked = [
            ("seen_number", of_exchange, self.number.is_none()),
            ("seen_receipt", true, self.receipt.is_none()),
            ("seen_tin", true, self.tin.is_none()),
            ("seen_quantity", true, self.quantity.is_none()),
            ("seen_grade", lot.preliminary_grade.is_some(), self.grade.is_none()),
            ("seen_expires_on", lot.receipt_expires_on.is_some(), self.expires_on.is_none()),
        ];
        asked
            .into_iter()
            .filter(|(_, is_asked, is_missing)| *is_asked && *is_missing)
            .map(|(field, ..)| field)
            .collect()
    }

    /// Where it says otherwise than `lot`, in the order of the form.
    #[must_use]
    pub fn differences(&self, lot: &Lot) -> Vec<Difference> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let tin = |text: &str| text.parse::<Tin>().map_or_else(|_| text.to_owned(), |tin| tin.to_string());
        let pairs = [
            ("seen_number", lot.number.clone(), self.number.clone()),
            ("seen_receipt", lot.receipt_number.clone(), self.receipt.clone()),
            ("seen_tin", tin(&lot.owner.tin), self.tin.as_deref().map(tin)),
            ("seen_quantity", grouped(lot.quantity), self.quantity.map(grouped)),
            ("seen_grade", lot.preliminary_grade.clone().unwrap_or_default(), self.grade.clone()),
            ("seen_expires_on", day(lot.receipt_expires_on), self.expires_on.map(|day| day.to_string())),
        ];
        pairs
            .into_iter()
            .filter_map(|(field, registered, seen)| {
                let seen = seen.filter(|seen| !seen.eq_ignore_ascii_case(&registered))?;
                Some(Difference { field, registered, seen })
            })
            .collect()
    }

    /// For the history: what was typed, and where it differs. Tax numbers of a firm are public.
    #[must_use]
    pub fn details(&self, differences: &[Difference]) -> Value {
        let differences: Vec<Value> = differences
            .iter()
            .map(|found| json!({ "field": found.field, "registered": found.registered, "seen": found.seen }))
            .collect();
        json!({
            "receipt": {
                "number": self.number,
                "receipt": self.receipt,
                "tin": self.tin,
                "quantity_kg": self.quantity,
                "grade": self.grade,
                "expires_on": self.expires_on,
            },
            "differences": differences,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::lot;
    use super::super::{Lot, Source};
    use super::*;

    fn typed(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
        let usual = [
            ("seen_number", "ecx-2026-000881"),
            ("seen_receipt", "WR-HAW-000123"),
            ("seen_tin", "0000000001"),
            ("seen_quantity", "19200"),
            ("seen_grade", "G2"),
            ("seen_expires_on", "30/11/2026"),
        ];
        let mut values: BTreeMap<String, String> =
            usual.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        values.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        values
    }

    fn receipt(changed: &[(&str, &str)]) -> Receipt {
        Receipt::parse(&typed(changed), DateTime::from_timestamp(1_795_000_000, 0).unwrap()).unwrap()
    }

    #[test]
    fn a_receipt_that_says_what_the_lot_says_differs_in_nothing() {
        assert_eq!(receipt(&[]).differences(&lot()), []);
        assert_eq!(receipt(&[]).missing(&lot()), [""; 0]);
    }

    #[test]
    fn each_field_that_says_otherwise_is_told_with_both_values() {
        for (field, value, registered, seen) in [
            ("seen_number", "ECX-2026-000882", "ECX-2026-000881", "ECX-2026-000882"),
            ("seen_receipt", "WR-HAW-000124", "WR-HAW-000123", "WR-HAW-000124"),
            ("seen_tin", "0000000002", "0000000001", "0000000002"),
            ("seen_quantity", "19,199.999", "19,200", "19,199.999"),
            ("seen_grade", "3", "2", "3"),
            ("seen_expires_on", "2026-11-29", "2026-11-30", "2026-11-29"),
        ] {
            let found = receipt(&[(field, value)]).differences(&lot());
            let expected = Difference { field, registered: registered.to_owned(), seen: seen.to_owned() };
            assert_eq!(found, [expected]);
        }
    }

    #[test]
    fn what_is_asked_depends_on_where_the_lot_comes_from() {
        let nothing = Receipt::default();
        assert_eq!(nothing.missing(&lot()), FIELDS);
        let farm = Lot { source: Source::OwnFarm, receipt_expires_on: None, preliminary_grade: None, ..lot() };
        assert_eq!(nothing.missing(&farm), ["seen_receipt", "seen_tin", "seen_quantity"]);
        assert_eq!(nothing.differences(&lot()), [], "what was not typed is no difference");
    }

    #[test]
    fn what_makes_no_sense_is_told_at_its_field() {
        let values =
            typed(&[("seen_tin", "12"), ("seen_grade", "A"), ("seen_expires_on", "soon"), ("seen_quantity", "x")]);
        let found = Receipt::parse(&values, DateTime::UNIX_EPOCH).unwrap_err();
        let fields: Vec<&str> = found.0.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["seen_tin", "seen_quantity", "seen_grade", "seen_expires_on"]);
    }
}
