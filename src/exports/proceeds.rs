//! The proceeds of an export: what is owed, what has come in one receipt or in several, what is missing. Pure. The forms of
//! receipts and short payments are read here, so that the service only meets complete ones.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::catalog::Named;
use super::model::{Export, Proceeds};
use super::rules::Context;
use crate::dec;
use crate::ids::DocumentId;
use crate::quantities::{Settlement, grouped_fixed, settle};
use crate::workflow::{FieldReader, Problem, Reason};

/// What is owed and what has come, in the export's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// What the buyer owes: the value of what was shipped, by the price of a kilogram.
    pub due: Decimal,
    /// What all receipts that stand add up to.
    pub received: Decimal,
    /// So little more or less is rounding: an invoice by the pound differs by cents from the price of a kilogram.
    pub tolerance: Decimal,
}

impl Account {
    /// The account of `export`.
    #[must_use]
    pub const fn of(export: &Export, context: &Context) -> Self {
        Self { due: export.estimated_value, received: context.proceeds_received, tolerance: context.proceeds_tolerance }
    }

    /// The account once `amount` has come as well; what is taken back is negative.
    #[must_use]
    pub fn with(self, amount: Decimal) -> Self {
        Self { received: self.received + amount, ..self }
    }

    /// What is still to come; never negative.
    #[must_use]
    pub fn outstanding(&self) -> Decimal {
        (self.due - self.received).max(Decimal::ZERO)
    }

    /// What came beyond what is owed; never negative.
    #[must_use]
    pub fn excess(&self) -> Decimal {
        (self.received - self.due).max(Decimal::ZERO)
    }

    /// Whether so much more came that somebody has to say why.
    #[must_use]
    pub fn is_too_much(&self) -> bool {
        self.excess() > self.tolerance
    }

    /// Whether nothing is outstanding but rounding. Without any receipt nothing is paid, however small it is.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        self.received > Decimal::ZERO && self.outstanding() <= self.tolerance
    }

    /// Whether more than `percent` of what is owed is missing.
    #[must_use]
    pub fn lacks_more_than(&self, percent: Decimal) -> bool {
        !self.is_paid() && self.outstanding() * Decimal::ONE_HUNDRED > self.due * percent
    }

    /// What is missing, in percent of what is owed, to two decimals.
    #[must_use]
    pub fn missing_percent(&self) -> Decimal {
        if self.due.is_zero() {
            return Decimal::ZERO;
        }
        (self.outstanding() * Decimal::ONE_HUNDRED / self.due).round_dp(2)
    }

    /// What has become of the proceeds while the export is open.
    #[must_use]
    pub fn state(&self) -> Proceeds {
        if self.is_paid() { Proceeds::Received } else { Proceeds::Outstanding }
    }
}

/// Money that arrived at the bank.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// Its date value.
    pub received_on: NaiveDate,
    /// The credit advice or SWIFT message.
    pub bank_reference: String,
    /// Birr for one unit of the currency.
    pub etb_per_unit: Decimal,
    /// Percent that the exporter keeps, by the rule of that day.
    pub retain_pct: Decimal,
    /// How it is split.
    pub split: Settlement,
    /// Why more came than is owed, when it did.
    pub excess_reason: Option<String>,
}

/// Most digits that the column of an amount holds.
const MOST: Decimal = dec!(9_999_999_999.99);

impl Receipt {
    /// The receipt in the fields of a form. Money came since the bank's permit and until today; `known` are the references
    /// of the receipts that stand, none of which is recorded twice.
    pub fn read(
        f: &mut FieldReader<'_>,
        export: &Export,
        context: &Context,
        known: &[String],
        today: NaiveDate,
    ) -> Self {
        let received_on = f.date("received_on", export.bank_permit_date.unwrap_or(today).min(today), today);
        let bank_reference = f.text("bank_reference", 2..=60);
        if known.iter().any(|one| one.eq_ignore_ascii_case(&bank_reference)) {
            f.problems
                .add("bank_reference", Problem::Refused { text_id: "problem-reference-known", arguments: vec![] });
        }
        let received = f.decimal("received_amount", dec!(0.01), MOST, 2);
        let charges = f.optional_decimal("bank_charges", Decimal::ZERO, MOST, 2).unwrap_or_default();
        let etb_per_unit = f.decimal("etb_per_unit", dec!(0.0001), dec!(10_000), 4);
        let account = Account::of(export, context).with(received);
        let excess_reason = account.is_too_much().then(|| excess_reason(f, export, &account)).flatten();
        let retain_pct = context.retain_pct_on(received_on);
        let split = settle(received, charges, retain_pct, etb_per_unit).unwrap_or_else(|_| {
            if f.problems.is_empty() {
                f.problems.add("bank_charges", Problem::OutOfRange { least: Decimal::ZERO, most: received });
            }
            Settlement {
                received,
                bank_charges: charges,
                retained: Decimal::ZERO,
                surrendered: Decimal::ZERO,
                etb_credited: Decimal::ZERO,
            }
        });
        Self { received_on, bank_reference, etb_per_unit, retain_pct, split, excess_reason }
    }
}

fn excess_reason(f: &mut FieldReader<'_>, export: &Export, account: &Account) -> Option<String> {
    const FIELD: &str = "excess_reason";
    let typed = f.raw(FIELD);
    if typed.is_empty() {
        let excess = format!("{} {}", export.currency, grouped_fixed(account.excess(), 2));
        let told = Problem::Refused { text_id: "problem-more-than-owed", arguments: vec![("excess", excess)] };
        f.problems.add(FIELD, told);
        return None;
    }
    match Reason::parse(typed) {
        Ok(reason) => Some(reason.as_str().to_owned()),
        Err(problem) => {
            f.problems.add(FIELD, problem);
            None
        }
    }
}

/// What is missing when an export is closed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// Code of the reason, of the list in force.
    pub shortfall_reason: String,
    /// In words of one's own.
    pub remark: Option<String>,
    /// The document of the export that shows it.
    pub document: DocumentId,
}

/// A reason for a short payment, of the list in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortfallReason {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Named,
    /// Whether it says nothing without words of one's own.
    pub needs_remark: bool,
}

/// A document of the export that may show why less came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub document: DocumentId,
    /// Its kind.
    pub document_type: String,
    /// The file's name.
    pub name: String,
}

/// What a bank may record and close at the settlement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// How many entries there are, reversals among them.
    pub entries: i32,
    /// The references of the receipts that stand.
    pub references: Vec<String>,
    /// Reasons for a short payment.
    pub reasons: Vec<ShortfallReason>,
    /// The export's documents.
    pub evidence: Vec<Evidence>,
}

impl Shortfall {
    /// The short payment in the fields of a form; what is wrong with them stands in the reader.
    pub fn read(f: &mut FieldReader<'_>, ledger: &Ledger) -> Option<Self> {
        let codes: Vec<&str> = ledger.reasons.iter().map(|reason| reason.code.as_str()).collect();
        let shortfall_reason = f.choice("shortfall_reason", &codes);
        let remark = f.optional_text("remark", 500);
        let chosen = ledger.reasons.iter().find(|reason| reason.code == shortfall_reason);
        match &remark {
            None if chosen.is_some_and(|reason| reason.needs_remark) => f.problems.add("remark", Problem::Missing),
            Some(words) if words.chars().count() < 3 => f.problems.add("remark", Problem::TooShort { least: 3 }),
            _ => {}
        }
        let documents: Vec<String> = ledger.evidence.iter().map(|one| one.document.to_string()).collect();
        let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
        let chosen = f.choice("evidence", &documents);
        let document = chosen.parse().ok()?;
        Some(Self { shortfall_reason, remark, document })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{Strategy, prop};
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn account(due: Decimal, received: Decimal) -> Account {
        Account { due, received, tolerance: Decimal::ONE }
    }

    #[test]
    fn an_export_is_paid_when_nothing_but_rounding_is_outstanding() {
        for (received, paid, too_much) in [
            (dec!(0), false, false),
            (dec!(998.99), false, false),
            (dec!(999), true, false),
            (dec!(1000), true, false),
            (dec!(1001), true, false),
            (dec!(1001.01), true, true),
        ] {
            let account = account(dec!(1000), received);
            assert_eq!((account.is_paid(), account.is_too_much()), (paid, too_much), "{received}");
            assert_eq!(account.state() == Proceeds::Received, paid, "{received}");
        }
        assert!(!account(dec!(0.5), dec!(0)).is_paid(), "nothing has come");
    }

    #[test]
    fn what_is_missing_is_weighed_against_what_is_owed() {
        for (received, percent, more) in
            [(dec!(990), dec!(1), false), (dec!(989.99), dec!(1), true), (dec!(0), dec!(100), false)]
        {
            assert_eq!(account(dec!(1000), received).lacks_more_than(percent), more, "{received}");
        }
        assert!(!account(dec!(1000), dec!(999.5)).lacks_more_than(dec!(0)), "rounding is not missing");
        assert_eq!(account(dec!(1000), dec!(993.33)).missing_percent(), dec!(0.67));
    }

    fn ledger() -> Ledger {
        let reason = |code: &str, needs_remark| ShortfallReason {
            code: code.to_owned(),
            name: Named { en: code.to_owned(), am: code.to_owned() },
            needs_remark,
        };
        Ledger {
            entries: 1,
            references: vec!["FT-1".to_owned()],
            reasons: vec![reason("WEIGHT_CLAIM", false), reason("OTHER", true)],
            evidence: vec![Evidence {
                document: DocumentId(uuid::Uuid::from_u128(7)),
                document_type: "OTHER".to_owned(),
                name: "claim.pdf".to_owned(),
            }],
        }
    }

    fn problems(fields: &[(&str, &str)]) -> Vec<String> {
        let values: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut f = FieldReader::new(&values);
        Shortfall::read(&mut f, &ledger());
        f.problems.0.iter().map(|(field, _)| field.clone()).collect()
    }

    #[test]
    fn a_short_payment_needs_its_reason_and_what_shows_it() {
        let document = uuid::Uuid::from_u128(7).to_string();
        let evidence = ("evidence", document.as_str());
        assert!(problems(&[("shortfall_reason", "WEIGHT_CLAIM"), evidence]).is_empty());
        assert!(problems(&[("shortfall_reason", "OTHER"), evidence, ("remark", "Fire at sea")]).is_empty());
        assert_eq!(problems(&[]), ["shortfall_reason", "evidence"]);
        assert_eq!(problems(&[("shortfall_reason", "OTHER"), evidence]), ["remark"]);
        assert_eq!(problems(&[("shortfall_reason", "OTHER"), evidence, ("remark", "x")]), ["remark"]);
        assert_eq!(problems(&[("shortfall_reason", "BORED"), evidence]), ["shortfall_reason"]);
        let foreign = uuid::Uuid::from_u128(8).to_string();
        assert_eq!(problems(&[("shortfall_reason", "WEIGHT_CLAIM"), ("evidence", &foreign)]), ["evidence"]);
    }

    /// One entry of the account: a receipt in cents with the percentage of its day, or the reversal of an earlier one.
    #[derive(Debug, Clone)]
    enum Entry {
        Receipt(i64, i64),
        Reversal(prop::sample::Index),
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let receipt = (1_i64..10_000_000, 0_i64..=100).prop_map(|(cents, percent)| Entry::Receipt(cents, percent));
        let reversal = proptest::prelude::any::<prop::sample::Index>().prop_map(Entry::Reversal);
        prop::collection::vec(proptest::prop_oneof![3 => receipt, 1 => reversal], 0..40)
    }

    proptest! {
        /// Whatever is recorded and taken back, in whatever order: kept and surrendered make what was received, what is
        /// outstanding and what was received make what is owed, and what was taken back leaves no trace in the sums.
        #[test]
        fn money_is_conserved(due in 1_i64..50_000_000, entries in entries()) {
            let due = Decimal::new(due, 2);
            let mut account = account(due, Decimal::ZERO);
            let mut standing: Vec<Settlement> = Vec::new();
            let (mut retained, mut surrendered) = (Decimal::ZERO, Decimal::ZERO);
            for entry in entries {
                match entry {
                    Entry::Receipt(cents, percent) => {
                        let rate = Decimal::new(1_325_000, 4);
                        let split = settle(Decimal::new(cents, 2), Decimal::ZERO, percent.into(), rate).unwrap();
                        account = account.with(split.received);
                        (retained, surrendered) = (retained + split.retained, surrendered + split.surrendered);
                        standing.push(split);
                    }
                    Entry::Reversal(index) if !standing.is_empty() => {
                        let split = standing.swap_remove(index.index(standing.len()));
                        account = account.with(-split.received);
                        (retained, surrendered) = (retained - split.retained, surrendered - split.surrendered);
                    }
                    Entry::Reversal(_) => {}
                }
                let sum: Decimal = standing.iter().map(|split| split.received).sum();
                prop_assert_eq!(account.received, sum);
                prop_assert_eq!(retained + surrendered, sum);
                prop_assert_eq!(account.received + account.outstanding() - account.excess(), due);
                prop_assert!(account.outstanding().is_zero() || account.excess().is_zero());
                prop_assert!(!(account.is_paid() && account.lacks_more_than(Decimal::ZERO)));
            }
        }
    }
}
