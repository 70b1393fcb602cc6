//! The form of a contract: from what was typed to what it says, with every problem at its field. Pure; the lists to choose
//! from come in.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;

use super::model::{BuyerTerms, PriceBasis, PriceUnit, Terms, agrees, per_kilogram, value_of};
use crate::codes::coded_enum;
use crate::dec;
use crate::ids::BuyerId;
use crate::quantities::{Grade, grouped_fixed};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// How long ago a deal may lie that is registered now.
const OLDEST_DEAL_DAYS: u64 = 365;
/// How far ahead a delivery may lie.
const LATEST_DELIVERY_DAYS: u64 = 731;

coded_enum! {
    /// Bags and liners (domain 5.12).
    Packaging {
        /// Jute bags of 60 kg.
        Jute60 = "JUTE_60",
        /// Jute bags of 60 kg with a hermetic liner.
        Jute60Liner = "JUTE_60_LINER",
        /// Jute bags of 50 kg.
        Jute50 = "JUTE_50",
        /// Jute bags of 30 kg with a hermetic liner.
        Jute30Liner = "JUTE_30_LINER",
        /// Vacuum packs in cartons.
        Vacuum = "VACUUM",
        /// Bulk in a lined container.
        Bulk = "BULK",
    }
}

coded_enum! {
    /// Whose conditions govern.
    GoverningRules {
        /// European Standard Contract for Coffee.
        Escc = "ESCC",
        /// Green Coffee Association, New York.
        Gca = "GCA",
        /// United Nations Convention on Contracts for the International Sale of Goods.
        Cisg = "CISG",
        /// What the parties have agreed.
        Own = "OWN",
    }
}

/// A buyer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyerChoice {
    /// As the contract names them.
    pub terms: BuyerTerms,
    /// PENDING, VERIFIED, ...
    pub status: String,
}

/// A code with its names, and a fact that matters to the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its code.
    pub code: String,
    /// English.
    pub name: String,
    /// Amharic.
    pub name_am: String,
    /// Of a term of delivery: for sea and inland water alone.
    pub sea_only: bool,
}

/// What the form offers.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Buyers of the register that the exporter deals with.
    pub buyers: Vec<BuyerChoice>,
    /// Coffee types.
    pub coffees: Vec<Named>,
    /// Coffee types that the licence covers.
    pub licensed: Vec<String>,
    /// Regions of origin.
    pub regions: Vec<Named>,
    /// Currencies.
    pub currencies: Vec<Named>,
    /// Terms of delivery.
    pub incoterms: Vec<Named>,
    /// Ways of payment.
    pub payments: Vec<Named>,
    /// Ports and places.
    pub ports: Vec<Named>,
    /// Papers that a buyer may ask for.
    pub documents: Vec<Named>,
}

impl Options {
    fn codes(list: &[Named]) -> Vec<&str> {
        list.iter().map(|named| named.code.as_str()).collect()
    }
}

/// The days that the form is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// Today.
    pub today: NaiveDate,
    /// The last day of shipment.
    pub deadline: NaiveDate,
}

/// Processing methods.
pub const PROCESSING: &[&str] = &["WASHED", "NATURAL", "HONEY"];
/// Ways of transport.
pub const TRANSPORT: &[&str] = &["SEA", "AIR"];
/// The field in which a paper is asked for.
#[must_use]
pub fn document_field(code: &str) -> String {
    format!("asks_{}", code.to_ascii_lowercase())
}

/// The names of the form: what a contract says, and the papers that are asked for, each by its code.
pub const FIELDS: &[&str] = &[
    "buyer_id",
    "deal_date",
    "coffee_type",
    "origin_region",
    "processing_method",
    "grade",
    "crop_year",
    "quantity",
    "tolerance_pct",
    "currency",
    "price_unit",
    "price_quoted",
    "price_basis",
    "differential",
    "basis_month",
    "contract_value",
    "payment_method",
    "payment_terms",
    "incoterm",
    "named_place",
    "transport_mode",
    "port_of_loading",
    "port_of_discharge",
    "shipment_month",
    "delivery_date",
    "packaging",
    "quality_standard",
    "ico_mark_requested",
    "governing_rules",
    "arbitration",
    "commission_pct",
    "asks_*",
];

/// The last day of shipment of a contract registered on `day` (domain 2.8): so many days, or months for a farmer.
#[must_use]
pub fn deadline(day: NaiveDate, is_farmer: bool, days: i64, farmer_months: i64) -> NaiveDate {
    if is_farmer {
        day + Months::new(u32::try_from(farmer_months).unwrap_or_default())
    } else {
        day + Days::new(days.unsigned_abs())
    }
}

/// What the form says.
///
/// # Errors
/// Every field that is missing or makes no sense.
pub fn parse(values: &BTreeMap<String, String>, options: &Options, days: Calendar) -> Result<Terms, FieldProblems> {
    let mut f = FieldReader::new(values);
    let buyer = buyer(&mut f, options);
    let oldest = days.today - Days::new(OLDEST_DEAL_DAYS);
    let deal_date = Some(f.date("deal_date", oldest, days.today));
    let coffee_type = f.choice("coffee_type", &Options::codes(&options.coffees));
    if f.problems.of("coffee_type").is_none() && !options.licensed.contains(&coffee_type) {
        f.problems.add("coffee_type", refused("problem-contract-not-licensed", Vec::new()));
    }
    let origin_region = optional_choice(&mut f, "origin_region", &Options::codes(&options.regions));
    let processing_method = optional_choice(&mut f, "processing_method", PROCESSING);
    let grade = match f.raw("grade").parse::<Grade>() {
        Ok(grade) => grade.code(),
        Err(_) => {
            let problem = if f.raw("grade").is_empty() { Problem::Missing } else { Problem::NotAChoice };
            f.problems.add("grade", problem);
            String::new()
        }
    };
    let crop_year = crop_year(&mut f);
    let quantity = f.decimal("quantity", dec!(1), dec!(10_000_000), 3);
    let tolerance_pct = f.optional_decimal("tolerance_pct", Decimal::ZERO, Decimal::TEN, 2).unwrap_or_default();
    let price = price(&mut f, options, quantity);
    let payment_method = f.choice("payment_method", &Options::codes(&options.payments));
    let payment_terms = f.optional_text("payment_terms", 200);
    let incoterm = f.choice("incoterm", &Options::codes(&options.incoterms));
    let transport_mode = f.choice("transport_mode", TRANSPORT);
    if transport_mode == "AIR" && options.incoterms.iter().any(|term| term.code == incoterm && term.sea_only) {
        f.problems.add("incoterm", refused("problem-incoterm-air", vec![("incoterm", incoterm.clone())]));
    }
    let named_place = Some(f.text("named_place", 2..=80));
    let ports = Options::codes(&options.ports);
    let port_of_loading = optional_choice(&mut f, "port_of_loading", &ports);
    let port_of_discharge = optional_choice(&mut f, "port_of_discharge", &ports);
    let shipment_month = month(&mut f, days);
    let delivery_date = (!f.raw("delivery_date").is_empty())
        .then(|| f.date("delivery_date", days.today, days.today + Days::new(LATEST_DELIVERY_DAYS)));
    let packaging = optional_choice(&mut f, "packaging", &Packaging::ALL.iter().map(|p| p.code()).collect::<Vec<_>>());
    let quality_standard = f.optional_text("quality_standard", 300);
    let mut requested_documents: Vec<String> = options
        .documents
        .iter()
        .filter(|document| !f.raw(&document_field(&document.code)).is_empty())
        .map(|document| document.code.clone())
        .collect();
    requested_documents.sort();
    let ico_mark_requested = !f.raw("ico_mark_requested").is_empty();
    let rules: Vec<&str> = GoverningRules::ALL.iter().map(|rules| rules.code()).collect();
    let governing_rules = optional_choice(&mut f, "governing_rules", &rules);
    let arbitration = f.optional_text("arbitration", 120);
    let commission_pct = f.optional_decimal("commission_pct", Decimal::ZERO, dec!(20), 2);
    f.finish(Terms {
        buyer,
        deal_date,
        coffee_type,
        origin_region,
        processing_method,
        grade,
        crop_year,
        quantity,
        tolerance_pct,
        currency: price.currency,
        price_unit: price.unit,
        price_quoted: price.quoted,
        price_per_kg: price.per_kg,
        price_basis: price.basis,
        differential: price.differential,
        basis_month: price.basis_month,
        contract_value: price.value,
        payment_method,
        payment_terms,
        incoterm,
        named_place,
        transport_mode,
        port_of_loading,
        port_of_discharge,
        shipment_month,
        delivery_date,
        packaging,
        quality_standard,
        requested_documents,
        ico_mark_requested,
        governing_rules,
        arbitration,
        commission_pct,
    })
}

fn buyer(f: &mut FieldReader<'_>, options: &Options) -> BuyerTerms {
    let typed = f.raw("buyer_id");
    let id = typed.parse().ok().map(BuyerId);
    let found = options.buyers.iter().find(|buyer| id.is_some() && buyer.terms.id == id);
    match found {
        Some(buyer) if matches!(buyer.status.as_str(), "REJECTED" | "SUSPENDED") => {
            f.problems.add("buyer_id", refused("problem-buyer-barred", Vec::new()));
        }
        Some(_) => {}
        None if typed.is_empty() => f.problems.add("buyer_id", Problem::Missing),
        None => f.problems.add("buyer_id", Problem::NotAChoice),
    }
    found.map(|buyer| buyer.terms.clone()).unwrap_or_default()
}

struct Price {
    currency: String,
    unit: PriceUnit,
    quoted: Decimal,
    per_kg: Decimal,
    basis: PriceBasis,
    differential: Option<Decimal>,
    basis_month: Option<String>,
    value: Decimal,
}

fn price(f: &mut FieldReader<'_>, options: &Options, quantity: Decimal) -> Price {
    let currency = f.choice("currency", &Options::codes(&options.currencies));
    let units: Vec<&str> = PriceUnit::ALL.iter().map(|unit| unit.code()).collect();
    let unit = PriceUnit::from_code(&f.choice("price_unit", &units)).unwrap_or(PriceUnit::Kilogram);
    if unit == PriceUnit::CentsPerPound && currency != "USD" && f.problems.of("currency").is_none() {
        f.problems.add("price_unit", refused("problem-cents-dollar", Vec::new()));
    }
    let quoted = f.decimal("price_quoted", dec!(0.0001), dec!(100_000), 4);
    let per_kg = per_kilogram(quoted, unit);
    let bases: Vec<&str> = PriceBasis::ALL.iter().map(|basis| basis.code()).collect();
    let basis = PriceBasis::from_code(&f.choice("price_basis", &bases)).unwrap_or(PriceBasis::Outright);
    let (differential, basis_month) = match basis {
        PriceBasis::Outright => (None, None),
        PriceBasis::Differential => {
            (Some(f.decimal("differential", dec!(-1000), dec!(1000), 2)), Some(f.text("basis_month", 2..=20)))
        }
    };
    // The value may be left to be worked out.
    let value = f.optional_decimal("contract_value", dec!(0.01), dec!(999_999_999_999), 2);
    let expected = value_of(per_kg, quantity);
    if let Some(value) = value
        && f.problems.of("price_quoted").is_none()
        && f.problems.of("quantity").is_none()
        && !agrees(value, per_kg, quantity)
    {
        let arguments = vec![("value", format!("{currency} {}", grouped_fixed(expected, 2)))];
        f.problems.add("contract_value", refused("problem-contract-value", arguments));
    }
    Price { currency, unit, quoted, per_kg, basis, differential, basis_month, value: value.unwrap_or(expected) }
}

/// A month as `2026-12`: its first day. It may not begin after the last day of shipment, nor be over.
fn month(f: &mut FieldReader<'_>, days: Calendar) -> Option<NaiveDate> {
    let typed = f.raw("shipment_month");
    if typed.is_empty() {
        f.problems.add("shipment_month", Problem::Missing);
        return None;
    }
    let first = NaiveDate::parse_from_str(&format!("{typed}-01"), "%Y-%m-%d").ok().filter(|_| typed.len() == 7);
    let this_month = days.today.with_day(1).unwrap_or(days.today);
    match first {
        None => f.problems.add("shipment_month", refused("problem-month", Vec::new())),
        Some(first) if first < this_month => {
            f.problems.add("shipment_month", Problem::TooEarly { earliest: days.today })
        }
        Some(first) if first > days.deadline => {
            let arguments = vec![("date", days.deadline.to_string())];
            f.problems.add("shipment_month", refused("problem-shipment-deadline", arguments));
        }
        Some(first) => return Some(first),
    }
    None
}

fn crop_year(f: &mut FieldReader<'_>) -> Option<String> {
    let typed = f.optional_text("crop_year", 7)?;
    let is_shaped = typed.split_once('/').is_some_and(|(year, next)| {
        let (year, next): (Option<u32>, Option<u32>) = (year.parse().ok(), next.parse().ok());
        year.zip(next).is_some_and(|(year, next)| (2000..=2100).contains(&year) && (year + 1) % 100 == next)
    });
    if !is_shaped || typed.len() != 7 {
        f.problems.add("crop_year", refused("problem-crop-year", Vec::new()));
    }
    Some(typed)
}

fn optional_choice(f: &mut FieldReader<'_>, field: &str, choices: &[&str]) -> Option<String> {
    if f.raw(field).is_empty() { None } else { Some(f.choice(field, choices)) }
}

const fn refused(text_id: &'static str, arguments: Vec<(&'static str, String)>) -> Problem {
    Problem::Refused { text_id, arguments }
}

/// The fields of a form that says `terms`.
#[must_use]
pub fn fields_of(terms: &Terms) -> BTreeMap<String, String> {
    let figure = |value: Decimal| value.normalize().to_string();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<NaiveDate>| value.map(|day| day.to_string()).unwrap_or_default();
    let mut fields: BTreeMap<String, String> = [
        ("buyer_id", terms.buyer.id.map(|id| id.to_string()).unwrap_or_default()),
        ("deal_date", day(terms.deal_date)),
        ("coffee_type", terms.coffee_type.clone()),
        ("origin_region", text(&terms.origin_region)),
        ("processing_method", text(&terms.processing_method)),
        ("grade", terms.grade.clone()),
        ("crop_year", text(&terms.crop_year)),
        ("quantity", figure(terms.quantity)),
        ("tolerance_pct", figure(terms.tolerance_pct)),
        ("currency", terms.currency.clone()),
        ("price_unit", terms.price_unit.code().to_owned()),
        ("price_quoted", figure(terms.price_quoted)),
        ("price_basis", terms.price_basis.code().to_owned()),
        ("differential", terms.differential.map(figure).unwrap_or_default()),
        ("basis_month", text(&terms.basis_month)),
        ("contract_value", figure(terms.contract_value)),
        ("payment_method", terms.payment_method.clone()),
        ("payment_terms", text(&terms.payment_terms)),
        ("incoterm", terms.incoterm.clone()),
        ("named_place", text(&terms.named_place)),
        ("transport_mode", terms.transport_mode.clone()),
        ("port_of_loading", text(&terms.port_of_loading)),
        ("port_of_discharge", text(&terms.port_of_discharge)),
        ("shipment_month", terms.shipment_month.map(|day| day.format("%Y-%m").to_string()).unwrap_or_default()),
        ("delivery_date", day(terms.delivery_date)),
        ("packaging", text(&terms.packaging)),
        ("quality_standard", text(&terms.quality_standard)),
        ("ico_mark_requested", if terms.ico_mark_requested { "yes".to_owned() } else { String::new() }),
        ("governing_rules", text(&terms.governing_rules)),
        ("arbitration", text(&terms.arbitration)),
        ("commission_pct", terms.commission_pct.map(figure).unwrap_or_default()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    for document in &terms.requested_documents {
        fields.insert(document_field(document), "yes".to_owned());
    }
    fields
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::web::form_fields::FieldNames;

    fn named(code: &str) -> Named {
        Named { code: code.to_owned(), name: code.to_owned(), name_am: code.to_owned(), sea_only: false }
    }

    fn options() -> Options {
        let buyer = BuyerTerms {
            id: Some(BuyerId(uuid::Uuid::from_u128(7))),
            name: "Hanse Kaffee Kontor GmbH".to_owned(),
            country: "DE".to_owned(),
            ..BuyerTerms::default()
        };
        Options {
            buyers: vec![BuyerChoice { terms: buyer, status: "VERIFIED".to_owned() }],
            coffees: vec![named("Sidama"), named("Guji")],
            licensed: vec!["Sidama".to_owned()],
            regions: vec![named("Sidama")],
            currencies: vec![named("USD"), named("EUR")],
            incoterms: vec![Named { sea_only: true, ..named("FOB") }, named("FCA")],
            payments: vec![named("LC")],
            ports: vec![named("DJJIB"), named("DEHAM")],
            documents: vec![named("WEIGHT_CERTIFICATE"), named("FUMIGATION_CERTIFICATE")],
        }
    }

    fn days() -> Calendar {
        Calendar { today: "2026-11-18".parse().unwrap(), deadline: "2027-02-16".parse().unwrap() }
    }

    fn typed(changed: &[(&str, &str)]) -> BTreeMap<String, String> {
        let buyer = uuid::Uuid::from_u128(7).to_string();
        let mut values: BTreeMap<String, String> = [
            ("buyer_id", buyer.as_str()),
            ("deal_date", "2026-11-17"),
            ("coffee_type", "Sidama"),
            ("grade", "2"),
            ("crop_year", "2025/26"),
            ("quantity", "19200"),
            ("tolerance_pct", "3"),
            ("currency", "USD"),
            ("price_unit", "CENTS_LB"),
            ("price_quoted", "435.50"),
            ("price_basis", "OUTRIGHT"),
            ("payment_method", "LC"),
            ("incoterm", "FOB"),
            ("named_place", "Djibouti"),
            ("transport_mode", "SEA"),
            ("shipment_month", "2026-12"),
            ("asks_weight_certificate", "yes"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        values.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        values
    }

    /// A contract as one is usually written.
    pub(in crate::sourcing::contracts) fn usual() -> Terms {
        parse(&typed(&[]), &options(), days()).unwrap()
    }

    fn problems(changed: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        match parse(&typed(changed), &options(), days()) {
            Ok(_) => Vec::new(),
            Err(found) => found.0.iter().map(|(field, problem)| (field.clone(), problem.text_id())).collect(),
        }
    }

    #[test]
    fn a_contract_is_read_and_what_is_left_out_is_worked_out() {
        let terms = usual();
        assert_eq!(terms.price_per_kg, dec!(9.601132));
        assert_eq!(terms.contract_value, dec!(184341.73));
        assert_eq!(terms.requested_documents, ["WEIGHT_CERTIFICATE"]);
        assert_eq!(terms.buyer.name, "Hanse Kaffee Kontor GmbH");
        assert_eq!(terms.shipment_month, "2026-12-01".parse().ok());
    }

    #[test]
    fn what_a_form_says_it_says_again() {
        let terms = usual();
        let fields = fields_of(&terms);
        assert_eq!(parse(&fields, &options(), days()).unwrap(), terms);
        let declared = FieldNames::from(FIELDS);
        assert!(fields.keys().all(|name| declared.have(name)), "{fields:?}");
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        for (field, value, problem) in [
            ("buyer_id", "", "problem-missing"),
            ("buyer_id", "nobody", "problem-not-a-choice"),
            ("deal_date", "2026-11-19", "problem-too-late"),
            ("coffee_type", "Guji", "problem-contract-not-licensed"),
            ("grade", "12", "problem-not-a-choice"),
            ("crop_year", "2025/27", "problem-crop-year"),
            ("crop_year", "25/26", "problem-crop-year"),
            ("quantity", "0", "problem-out-of-range"),
            ("tolerance_pct", "10.01", "problem-out-of-range"),
            ("price_quoted", "free", "problem-not-a-number"),
            ("contract_value", "190000", "problem-contract-value"),
            ("named_place", "", "problem-missing"),
            ("shipment_month", "2026-10", "problem-too-early"),
            ("shipment_month", "2027-03", "problem-shipment-deadline"),
            ("shipment_month", "Dec 26", "problem-month"),
            ("delivery_date", "2026-11-17", "problem-too-early"),
            ("commission_pct", "21", "problem-out-of-range"),
            ("packaging", "SACK", "problem-not-a-choice"),
        ] {
            assert_eq!(problems(&[(field, value)]), [(field.to_owned(), problem)], "{field} {value}");
        }
        assert_eq!(problems(&[("shipment_month", "2027-02"), ("contract_value", "184000")]), []);
    }

    #[test]
    fn terms_that_do_not_go_together_are_refused() {
        let air = problems(&[("transport_mode", "AIR")]);
        assert_eq!(air, [("incoterm".to_owned(), "problem-incoterm-air")]);
        assert_eq!(problems(&[("transport_mode", "AIR"), ("incoterm", "FCA")]), []);
        let euro = problems(&[("currency", "EUR")]);
        assert_eq!(euro, [("price_unit".to_owned(), "problem-cents-dollar")]);
        let basis = problems(&[("price_basis", "DIFFERENTIAL")]);
        let expected = [("differential", "problem-missing"), ("basis_month", "problem-missing")];
        assert_eq!(basis, expected.map(|(field, problem)| (field.to_owned(), problem)));
    }

    #[test]
    fn a_buyer_who_was_suspended_signs_nothing() {
        let mut options = options();
        options.buyers[0].status = "SUSPENDED".to_owned();
        let found = parse(&typed(&[]), &options, days()).unwrap_err();
        assert_eq!(found.of("buyer_id").map(Problem::text_id), Some("problem-buyer-barred"));
    }

    #[test]
    fn a_farmer_has_nine_months_and_everybody_else_ninety_days() {
        let day: NaiveDate = "2026-11-18".parse().unwrap();
        assert_eq!(deadline(day, false, 90, 9).to_string(), "2027-02-16");
        assert_eq!(deadline(day, true, 90, 9).to_string(), "2027-08-18");
    }
}
