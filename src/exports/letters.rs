//! What a letter of credit says, as the exporter's bank puts it on record: its terms, read from a form, and how two
//! versions of them differ. The numbers of its rules are those of UCP 600 (ICC publication 600).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::FieldChange;
use crate::dec;
use crate::quantities::{grouped, grouped_fixed};
use crate::workflow::FieldReader;

/// "About" or "approximately" allows so many percent more or less (UCP 600 article 30 a).
pub const ABOUT_PCT: Decimal = dec!(10);

/// A weight of which the letter says nothing else may differ by so many percent (article 30 b).
pub const QUANTITY_PCT: Decimal = dec!(5);

/// Documents are presented within so many days after the shipment (article 14 c), and before the letter expires.
pub const PRESENTATION_DAYS: u64 = 21;

/// The most that a letter may allow to differ, in percent.
const MOST_PCT: Decimal = dec!(50);

/// How far from today a letter may expire.
const LONGEST_DAYS: u64 = 3 * 366;

/// One version of a letter's terms: as issued, or as amended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterTerms {
    /// Day of the issue, or of the amendment.
    pub dated_on: NaiveDate,
    /// What the bank promises, in the letter's currency.
    pub amount: Decimal,
    /// Percent by which the drawings may exceed the amount.
    pub amount_tolerance_pct: Decimal,
    /// Kilograms of coffee, where the letter names a weight.
    pub quantity_kg: Option<Decimal>,
    /// Percent by which the weight may exceed that.
    pub quantity_tolerance_pct: Decimal,
    /// The last day on which the coffee may be on board; without one, the expiry limits it.
    pub latest_shipment_on: Option<NaiveDate>,
    /// The last day on which documents may be presented.
    pub expires_on: NaiveDate,
    /// Where they are presented.
    pub expiry_place: String,
    /// Whether it may be drawn on in parts.
    pub partial_shipments: bool,
}

impl LetterTerms {
    /// The most that may be drawn, in the letter's currency.
    #[must_use]
    pub fn most_amount(&self) -> Decimal {
        with_tolerance(self.amount, self.amount_tolerance_pct, 2)
    }

    /// The most that may be shipped, in kilograms, where the letter names a weight.
    #[must_use]
    pub fn most_kg(&self) -> Option<Decimal> {
        self.quantity_kg.map(|kg| with_tolerance(kg, self.quantity_tolerance_pct, 3))
    }

    /// The last day on which the coffee may be on board.
    #[must_use]
    pub fn last_shipment(&self) -> NaiveDate {
        self.latest_shipment_on.unwrap_or(self.expires_on)
    }

    /// The last day on which the documents of a shipment of `on_board` may be presented. When the bank is closed then, it
    /// is its next open day (article 29 a); `is_open` says when it is open.
    #[must_use]
    pub fn presented_until(&self, on_board: NaiveDate, is_open: impl Fn(NaiveDate) -> bool) -> NaiveDate {
        let last = (on_board + Days::new(PRESENTATION_DAYS)).min(self.expires_on);
        last.iter_days().take(31).find(|day| is_open(*day)).unwrap_or(last)
    }

    /// Reads the terms from a form; `former` are those that it amends. Problems are left in the reader.
    pub fn read(f: &mut FieldReader<'_>, former: Option<&Self>, today: NaiveDate) -> Self {
        let earliest = former.map_or(today - Days::new(LONGEST_DAYS), |former| former.dated_on);
        let dated_on = f.date("dated_on", earliest, today);
        let amount = f.decimal("amount", dec!(0.01), dec!(1_000_000_000), 2);
        let amount_tolerance_pct = f.decimal("amount_tolerance_pct", Decimal::ZERO, MOST_PCT, 2);
        let quantity_kg = f.optional_decimal("quantity_kg", dec!(0.001), dec!(100_000_000), 3);
        let quantity_tolerance_pct = f.decimal("quantity_tolerance_pct", Decimal::ZERO, MOST_PCT, 2);
        let expires_on = f.date("expires_on", dated_on, today + Days::new(LONGEST_DAYS));
        let is_said = !f.raw("latest_shipment_on").is_empty();
        let latest_shipment_on = is_said.then(|| f.date("latest_shipment_on", dated_on, expires_on));
        let expiry_place = f.text("expiry_place", 2..=100);
        let partial_shipments = !f.raw("partial_shipments").is_empty();
        Self {
            dated_on,
            amount,
            amount_tolerance_pct,
            quantity_kg,
            quantity_tolerance_pct,
            latest_shipment_on,
            expires_on,
            expiry_place,
            partial_shipments,
        }
    }

    /// The fields of a form that says the same.
    #[must_use]
    pub fn as_typed(&self) -> BTreeMap<&'static str, String> {
        let day = |day: NaiveDate| day.to_string();
        BTreeMap::from([
            ("amount", self.amount.to_string()),
            ("amount_tolerance_pct", self.amount_tolerance_pct.normalize().to_string()),
            ("quantity_kg", self.quantity_kg.map(|kg| kg.normalize().to_string()).unwrap_or_default()),
            ("quantity_tolerance_pct", self.quantity_tolerance_pct.normalize().to_string()),
            ("latest_shipment_on", self.latest_shipment_on.map(day).unwrap_or_default()),
            ("expires_on", day(self.expires_on)),
            ("expiry_place", self.expiry_place.clone()),
            ("partial_shipments", if self.partial_shipments { "yes" } else { "" }.to_owned()),
        ])
    }

    /// What `amended` says otherwise, beside its own day. Each label is the text of the field.
    #[must_use]
    pub fn changes_to(&self, amended: &Self, currency: &str) -> Vec<FieldChange> {
        let money = |amount: Decimal| format!("{currency} {}", grouped_fixed(amount, 2));
        let kg = |kg: Option<Decimal>| kg.map_or_else(|| "–".to_owned(), |kg| format!("{} kg", grouped(kg)));
        let percent = |pct: Decimal| format!("{} %", pct.normalize());
        let day = |day: Option<NaiveDate>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        let yes = |on: bool| if on { "✓" } else { "–" }.to_owned();
        let said = |terms: &Self| {
            [
                ("field-amount", money(terms.amount)),
                ("field-amount-tolerance-pct", percent(terms.amount_tolerance_pct)),
                ("field-quantity-kg", kg(terms.quantity_kg)),
                ("field-quantity-tolerance-pct", percent(terms.quantity_tolerance_pct)),
                ("field-latest-shipment-on", day(terms.latest_shipment_on)),
                ("field-expires-on", day(Some(terms.expires_on))),
                ("field-expiry-place", terms.expiry_place.clone()),
                ("field-partial-shipments", yes(terms.partial_shipments)),
            ]
        };
        let pairs = said(self).into_iter().zip(said(amended));
        pairs
            .filter(|((_, old), (_, new))| old != new)
            .map(|((label, old), (_, new))| FieldChange { label: label.to_owned(), old, new })
            .collect()
    }
}

fn with_tolerance(whole: Decimal, percent: Decimal, decimals: u32) -> Decimal {
    (whole * (Decimal::ONE_HUNDRED + percent) / Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(decimals, RoundingStrategy::ToZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::Problem;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn form(other: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = [
            ("dated_on", "2026-11-02"),
            ("amount", "200,000.00"),
            ("amount_tolerance_pct", "10"),
            ("quantity_kg", "19200"),
            ("quantity_tolerance_pct", "5"),
            ("latest_shipment_on", "2026-12-31"),
            ("expires_on", "2027-01-21"),
            ("expiry_place", "Addis Ababa"),
            ("partial_shipments", "yes"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        values.extend(other.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        values
    }

    fn read(values: &BTreeMap<String, String>, former: Option<&LetterTerms>) -> (LetterTerms, Vec<(String, Problem)>) {
        let mut reader = FieldReader::new(values);
        let terms = LetterTerms::read(&mut reader, former, day("2026-11-20"));
        (terms, reader.problems.0)
    }

    #[test]
    fn tolerance_is_added_to_amount_and_weight_and_never_rounded_up() {
        let (terms, problems) = read(&form(&[]), None);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(terms.most_amount(), dec!(220_000));
        assert_eq!(terms.most_kg(), Some(dec!(20_160)));
        let odd = LetterTerms { amount: dec!(0.99), amount_tolerance_pct: dec!(5), quantity_kg: None, ..terms };
        assert_eq!((odd.most_amount(), odd.most_kg()), (dec!(1.03), None));
    }

    #[test]
    fn documents_are_presented_within_21_days_before_the_expiry_and_when_the_bank_is_open() {
        let (terms, _) = read(&form(&[]), None);
        let until = |on_board: &str| terms.presented_until(day(on_board), |_| true);
        assert_eq!(until("2026-12-01"), day("2026-12-22"));
        assert_eq!(until("2026-12-31"), day("2027-01-21"), "both end on this day");
        assert_eq!(until("2027-01-05"), day("2027-01-21"), "the expiry comes first");
        let closed = [day("2027-01-21"), day("2027-01-22")];
        assert_eq!(terms.presented_until(day("2026-12-31"), |day| !closed.contains(&day)), day("2027-01-23"));
    }

    #[test]
    fn terms_are_in_the_order_of_time() {
        for (field, value) in [
            ("dated_on", "2026-11-21"),
            ("latest_shipment_on", "2026-11-01"),
            ("latest_shipment_on", "2027-01-22"),
            ("expires_on", "2026-11-01"),
            ("expires_on", "2031-01-01"),
            ("amount", "0"),
            ("amount_tolerance_pct", "50.01"),
            ("quantity_kg", "0"),
            ("expiry_place", ""),
        ] {
            let (_, problems) = read(&form(&[(field, value)]), None);
            assert!(problems.iter().any(|(name, _)| name == field), "{field} {value}: {problems:?}");
        }
        let (terms, problems) = read(&form(&[("latest_shipment_on", ""), ("quantity_kg", "")]), None);
        assert!(problems.is_empty() && terms.last_shipment() == day("2027-01-21"), "{problems:?}");
        // An amendment is not older than what it amends.
        let (_, problems) = read(&form(&[("dated_on", "2026-11-01")]), Some(&terms));
        assert_eq!(problems.first().map(|(name, _)| name.as_str()), Some("dated_on"));
    }

    #[test]
    fn an_amendment_says_what_it_changes_and_nothing_else() {
        let (terms, _) = read(&form(&[]), None);
        let (amended, _) =
            read(&form(&[("dated_on", "2026-11-19"), ("expires_on", "2027-02-10"), ("quantity_kg", "")]), Some(&terms));
        let changes: Vec<String> = terms
            .changes_to(&amended, "USD")
            .into_iter()
            .map(|change| format!("{} {} {}", change.label, change.old, change.new))
            .collect();
        assert_eq!(changes, ["field-quantity-kg 19,200 kg –", "field-expires-on 2027-01-21 2027-02-10"]);
        assert_eq!(terms.changes_to(&LetterTerms { dated_on: day("2026-11-20"), ..terms.clone() }, "USD"), []);
    }

    #[test]
    fn what_a_form_is_filled_with_reads_as_the_same_terms() {
        let (terms, _) = read(&form(&[]), None);
        let mut typed: BTreeMap<String, String> =
            terms.as_typed().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        typed.insert("dated_on".to_owned(), terms.dated_on.to_string());
        assert_eq!(read(&typed, None), (terms, Vec::new()));
    }
}
