//! The form of a lot: every rule of its fields (domain 3.6). Pages, drafts and imported rows are all read by it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::model::{Processing, Source};
use crate::dec;
use crate::quantities::Grade;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The fields, in the order of the form.
pub const FIELDS: [&str; 17] = [
    "source",
    "lot_number",
    "warehouse_receipt_number",
    "receipt_date",
    "warehouse_location",
    "warehouse_name",
    "coffee_type",
    "origin_region",
    "processing_method",
    "crop_year",
    "quantity",
    "bags",
    "preliminary_grade",
    "coffee_contract_symbol",
    "purchase_date",
    "purchase_price",
    "purchase_total",
];

/// The largest lot that is believed: a fiftieth of a yearly harvest.
const HEAVIEST_KG: Decimal = dec!(10_000_000);
/// More birr than any lot is worth.
const DEAREST: Decimal = dec!(9_999_999_999.99);

/// What the form is checked against: code lists and figures as they stand on the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    /// Coffee types with their Amharic names.
    pub coffee_types: Vec<(String, String)>,
    /// Regions with their Amharic names.
    pub regions: Vec<(String, String)>,
    /// Known symbols of coffee contracts.
    pub symbols: Vec<String>,
    /// How many days a receipt of the exchange is good for, and whether that figure is an assumption.
    pub receipt_days: (u64, bool),
}

/// A lot as it was registered, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotForm {
    /// How its owner came by it.
    pub source: Source,
    /// The exchange's number; none where an internal one is to be given.
    pub number: Option<String>,
    /// The warehouse's receipt.
    pub receipt_number: String,
    /// When it was written.
    pub receipt_date: Option<NaiveDate>,
    /// Its last day.
    pub receipt_expires_on: Option<NaiveDate>,
    /// Where the warehouse stands.
    pub warehouse_location: String,
    /// Which of those there.
    pub warehouse_name: Option<String>,
    /// Its designation.
    pub coffee_type: String,
    /// The region where it grew.
    pub origin_region: String,
    /// How it was processed.
    pub processing: Processing,
    /// Harvest.
    pub crop_year: Option<String>,
    /// Kilograms.
    pub quantity: Decimal,
    /// Bags.
    pub bags: Option<i32>,
    /// `1` to `9` or `UG`.
    pub preliminary_grade: Option<String>,
    /// The symbol of the exchange's coffee contract.
    pub contract_symbol: Option<String>,
    /// When it was bought.
    pub purchase_date: NaiveDate,
    /// Birr for a kilogram.
    pub purchase_price: Option<Decimal>,
    /// Birr for all of it.
    pub purchase_total: Option<Decimal>,
}

impl LotForm {
    /// The lot in `values`, as of `today`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(values: &BTreeMap<String, String>, lists: &Lists, today: NaiveDate) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let bought = |code: &str| Source::from_code(code).filter(|source| Source::BOUGHT.contains(source));
        let source = coded(&mut f, "source", bought);
        let number = number(&mut f, source);
        let receipt_number = f.text("warehouse_receipt_number", 3..=40);
        let receipt_date = receipt_date(&mut f, source, today);
        let warehouse_location = f.text("warehouse_location", 2..=100);
        let warehouse_name = f.optional_text("warehouse_name", 100);
        let coffee_type = listed(&mut f, "coffee_type", &lists.coffee_types);
        let origin_region = listed(&mut f, "origin_region", &lists.regions);
        let processing = coded(&mut f, "processing_method", Processing::from_code);
        let crop_year = crop_year(&mut f, today);
        let quantity = f.decimal("quantity", dec!(0.001), HEAVIEST_KG, 3);
        let bags = bags(&mut f);
        let preliminary_grade = grade(&mut f, source);
        let contract_symbol = symbol(&mut f);
        let purchase_date = f.date("purchase_date", first_day(), today);
        let (purchase_price, purchase_total) = prices(&mut f, quantity);
        let receipt_expires_on = match source {
            Some(Source::Ecx) => receipt_date.and_then(|day| day.checked_add_days(Days::new(lists.receipt_days.0))),
            _ => None,
        };
        let (Some(source), Some(processing)) = (source, processing) else { return Err(f.problems) };
        f.finish(Self {
            source,
            number,
            receipt_number,
            receipt_date,
            receipt_expires_on,
            warehouse_location,
            warehouse_name,
            coffee_type,
            origin_region,
            processing,
            crop_year,
            quantity,
            bags,
            preliminary_grade,
            contract_symbol,
            purchase_date,
            purchase_price,
            purchase_total,
        })
    }
}

/// Before this no lot was bought that is still to be exported.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or(NaiveDate::MIN)
}

fn coded<T>(f: &mut FieldReader<'_>, field: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
    let typed = f.raw(field);
    let found = from_code(typed);
    if typed.is_empty() {
        f.problems.add(field, Problem::Missing);
    } else if found.is_none() {
        f.problems.add(field, Problem::NotAChoice);
    }
    found
}

fn listed(f: &mut FieldReader<'_>, field: &str, list: &[(String, String)]) -> String {
    let names: Vec<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
    f.choice(field, &names)
}

/// The exchange's number for what was bought there; all others are given one.
fn number(f: &mut FieldReader<'_>, source: Option<Source>) -> Option<String> {
    const FIELD: &str = "lot_number";
    match source {
        Some(Source::Ecx) => {
            let number = f.text(FIELD, 3..=30).to_uppercase();
            let is_plain = number.chars().all(|c| c.is_ascii_alphanumeric() || "-/.".contains(c));
            if !number.is_empty() && !is_plain {
                f.problems.add(FIELD, Problem::Refused { text_id: "lots-problem-number", arguments: Vec::new() });
            }
            Some(number)
        }
        Some(_) if !f.raw(FIELD).is_empty() => {
            f.problems.add(FIELD, Problem::Refused { text_id: "lots-problem-number-not-asked", arguments: Vec::new() });
            None
        }
        _ => None,
    }
}

/// A receipt of the exchange has its day: by it, it runs out.
fn receipt_date(f: &mut FieldReader<'_>, source: Option<Source>, today: NaiveDate) -> Option<NaiveDate> {
    if source != Some(Source::Ecx) && f.raw("receipt_date").is_empty() {
        return None;
    }
    Some(f.date("receipt_date", first_day(), today))
}

/// Two years that follow each other, `2025/26`, the first of which has begun.
fn crop_year(f: &mut FieldReader<'_>, today: NaiveDate) -> Option<String> {
    let typed = f.optional_text("crop_year", 7)?;
    let years = typed.split_once('/').and_then(|(first, second)| {
        let both = (first.len(), second.len()) == (4, 2) && typed.bytes().all(|b| b.is_ascii_digit() || b == b'/');
        let (first, second): (i32, i32) = (first.parse().ok()?, second.parse().ok()?);
        both.then_some((first, second))
    });
    match years {
        Some((first, second)) if (first + 1) % 100 == second && (2000..=today.year()).contains(&first) => Some(typed),
        _ => {
            f.problems.add("crop_year", Problem::Refused { text_id: "lots-problem-crop-year", arguments: Vec::new() });
            None
        }
    }
}

fn bags(f: &mut FieldReader<'_>) -> Option<i32> {
    let bags = f.optional_decimal("bags", Decimal::ONE, dec!(1_000_000), 0)?;
    i32::try_from(bags.mantissa() / 10_i128.pow(bags.scale())).ok()
}

/// The exchange grades what it takes in; elsewhere a grade may be missing.
fn grade(f: &mut FieldReader<'_>, source: Option<Source>) -> Option<String> {
    const FIELD: &str = "preliminary_grade";
    let typed = f.raw(FIELD);
    if typed.is_empty() {
        if source == Some(Source::Ecx) {
            f.problems.add(FIELD, Problem::Missing);
        }
        return None;
    }
    match typed.parse::<Grade>() {
        Ok(grade) => Some(grade.number().map_or_else(|| "UG".to_owned(), |number| number.to_string())),
        Err(_) => {
            f.problems.add(FIELD, Problem::NotAChoice);
            None
        }
    }
}

fn symbol(f: &mut FieldReader<'_>) -> Option<String> {
    const FIELD: &str = "coffee_contract_symbol";
    let symbol = f.optional_text(FIELD, 20)?.to_uppercase();
    let is_plain = symbol.len() >= 2 && symbol.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_plain {
        f.problems.add(FIELD, Problem::Refused { text_id: "lots-problem-symbol", arguments: Vec::new() });
    }
    Some(symbol)
}

/// Birr for a kilogram and for all of it: one of them gives the other, both have to agree to a hundredth.
fn prices(f: &mut FieldReader<'_>, quantity: Decimal) -> (Option<Decimal>, Option<Decimal>) {
    let each = f.optional_decimal("purchase_price", dec!(0.01), dec!(1_000_000), 2);
    let whole = f.optional_decimal("purchase_total", dec!(0.01), DEAREST, 2);
    let cents = |value: Decimal| value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    if quantity.is_zero() {
        return (each, whole);
    }
    match (each, whole) {
        (Some(each), None) => {
            let whole = cents(each * quantity);
            if whole > DEAREST || whole.is_zero() {
                f.problems.add("purchase_price", Problem::OutOfRange { least: dec!(0.01), most: DEAREST });
            }
            (Some(each), Some(whole))
        }
        // A total that is less than a cent a kilogram says nothing about a kilogram.
        (None, Some(whole)) => {
            (Some(cents(whole / quantity)).filter(|each| agree(*each, quantity, whole)), Some(whole))
        }
        (Some(each), Some(whole)) => {
            if !agree(each, quantity, whole) {
                let product = crate::quantities::grouped_fixed(each * quantity, 2);
                let problem = Problem::Refused { text_id: "lots-problem-total", arguments: vec![("product", product)] };
                f.problems.add("purchase_total", problem);
            }
            (Some(each), Some(whole))
        }
        (None, None) => (None, None),
    }
}

fn agree(each: Decimal, quantity: Decimal, whole: Decimal) -> bool {
    !each.is_zero() && (each * quantity - whole).abs() <= whole * dec!(0.01)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::sourcing::lots) fn lists() -> Lists {
        let pair = |name: &str, am: &str| (name.to_owned(), am.to_owned());
        Lists {
            coffee_types: vec![pair("Sidama", "ሲዳማ"), pair("Yirgacheffe", "ይርጋጨፌ")],
            regions: vec![pair("Sidama", "ሲዳማ"), pair("Oromia", "ኦሮሚያ")],
            symbols: vec!["WSDA".to_owned()],
            receipt_days: (20, true),
        }
    }

    pub(in crate::sourcing::lots) fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 18).unwrap()
    }

    pub(in crate::sourcing::lots) fn typed(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
        let usual = [
            ("source", "ECX"),
            ("lot_number", "ecx-2026-000881"),
            ("warehouse_receipt_number", "WR-HAW-000123"),
            ("receipt_date", "2026-11-10"),
            ("warehouse_location", "Hawassa"),
            ("coffee_type", "Sidama"),
            ("origin_region", "Sidama"),
            ("processing_method", "WASHED"),
            ("crop_year", "2025/26"),
            ("quantity", "19,200"),
            ("bags", "320"),
            ("preliminary_grade", "G2"),
            ("coffee_contract_symbol", "wsda"),
            ("purchase_date", "12/11/2026"),
            ("purchase_price", "900"),
        ];
        let mut values: BTreeMap<String, String> =
            usual.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (name, value) in changed {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        values
    }

    fn parse(changed: &[(&str, &str)]) -> Result<LotForm, FieldProblems> {
        LotForm::parse(&typed(changed), &lists(), today())
    }

    fn problems(changed: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let found = parse(changed).err().unwrap_or_default();
        found.0.into_iter().map(|(field, problem)| (field, problem.text_id())).collect()
    }

    #[test]
    fn a_lot_of_the_exchange_is_read_with_its_receipts_end() {
        let lot = parse(&[]).unwrap();
        assert_eq!(lot.number.as_deref(), Some("ECX-2026-000881"));
        assert_eq!(lot.receipt_expires_on.unwrap().to_string(), "2026-11-30");
        assert_eq!((lot.preliminary_grade.as_deref(), lot.contract_symbol.as_deref()), (Some("2"), Some("WSDA")));
        assert_eq!(lot.purchase_date.to_string(), "2026-11-12");
        assert_eq!(lot.purchase_total, Some(dec!(17_280_000)));
        assert_eq!(lot.bags, Some(320));
    }

    #[test]
    fn a_lot_from_elsewhere_has_no_number_of_the_exchange_and_no_end_of_its_receipt() {
        let lot = parse(&[("source", "OWN_FARM"), ("lot_number", ""), ("receipt_date", ""), ("preliminary_grade", "")]);
        let lot = lot.unwrap();
        assert_eq!((lot.number, lot.receipt_date, lot.receipt_expires_on), (None, None, None));
        let dated = parse(&[("source", "UNION"), ("lot_number", "")]).unwrap();
        assert_eq!((dated.receipt_date.is_some(), dated.receipt_expires_on), (true, None));
        let numbered = problems(&[("source", "UNION")]);
        assert_eq!(numbered, [("lot_number".to_owned(), "lots-problem-number-not-asked")]);
    }

    #[test]
    fn nothing_weighs_less_than_a_gram_and_nothing_is_bought_tomorrow() {
        for (field, value, text) in [
            ("quantity", "0", "problem-out-of-range"),
            ("quantity", "-5000", "problem-out-of-range"),
            ("quantity", "0.0001", "problem-too-fine"),
            ("quantity", "10000000.001", "problem-out-of-range"),
            ("quantity", "19,2", "problem-not-a-number"),
            ("purchase_date", "2026-11-19", "problem-too-late"),
            ("purchase_date", "2099-01-01", "problem-too-late"),
            ("purchase_date", "31/02/2026", "problem-not-a-date"),
            ("receipt_date", "2026-11-19", "problem-too-late"),
            ("bags", "0", "problem-out-of-range"),
            ("bags", "1.5", "problem-too-fine"),
            ("preliminary_grade", "A", "problem-not-a-choice"),
            ("processing_method", "DRY", "problem-not-a-choice"),
            ("coffee_type", "Robusta", "problem-not-a-choice"),
            ("origin_region", "Djibouti", "problem-not-a-choice"),
            ("crop_year", "2025/27", "lots-problem-crop-year"),
            ("crop_year", "2027/28", "lots-problem-crop-year"),
            ("crop_year", "25/26", "lots-problem-crop-year"),
            ("crop_year", "+025/26", "lots-problem-crop-year"),
            ("coffee_contract_symbol", "W S", "lots-problem-symbol"),
            ("lot_number", "a", "problem-too-short"),
            ("lot_number", "no. 1!", "lots-problem-number"),
            ("lot_number", "", "problem-missing"),
            ("warehouse_receipt_number", "", "problem-missing"),
            ("source", "", "problem-missing"),
            ("source", "GIFT", "problem-not-a-choice"),
        ] {
            assert_eq!(problems(&[(field, value)]), [(field.to_owned(), text)], "{field}: {value:?}");
        }
        assert_eq!(parse(&[("quantity", "0.001"), ("purchase_price", "")]).unwrap().quantity, dec!(0.001));
        assert_eq!(parse(&[("purchase_date", "2026-11-18")]).unwrap().purchase_date, today());
        assert_eq!(parse(&[("crop_year", "1999/00")]).err().map(|found| found.0.len()), Some(1));
        assert_eq!(parse(&[("crop_year", "2026/27")]).unwrap().crop_year.as_deref(), Some("2026/27"));
    }

    #[test]
    fn the_two_prices_agree_to_a_hundredth() {
        let both = |each: &str, whole: &str| problems(&[("purchase_price", each), ("purchase_total", whole)]);
        assert_eq!(both("900", "17,280,000"), []);
        assert_eq!(both("900", "17,454,545"), [], "one percent of the total");
        assert_eq!(both("900", "17,454,546"), [("purchase_total".to_owned(), "lots-problem-total")]);
        let whole = parse(&[("purchase_price", ""), ("purchase_total", "17,280,000")]).unwrap();
        assert_eq!(whole.purchase_price, Some(dec!(900)));
        let little = parse(&[("purchase_price", ""), ("purchase_total", "0.01")]).unwrap();
        assert_eq!((little.purchase_price, little.purchase_total), (None, Some(dec!(0.01))));
        assert_eq!(parse(&[("purchase_price", "")]).unwrap().purchase_total, None);
    }
}
