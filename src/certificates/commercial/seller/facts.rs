//! The forms of a seller's accounts and terms, typed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::certificates::commercial::model::SellerTerms;
use crate::dec;
use crate::ids::OrganizationId;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// An account as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountFacts {
    /// At which bank.
    pub bank: OrganizationId,
    /// Which branch.
    pub branch: String,
    /// In whose name.
    pub holder: String,
    /// Its number.
    pub number: String,
    /// ISO 4217.
    pub currency: String,
    /// The bank's code (ISO 9362).
    pub swift: String,
    /// The bank abroad through which it is paid.
    pub correspondent: Option<String>,
    /// That bank's code.
    pub correspondent_swift: Option<String>,
    /// Whether new invoices may name it.
    pub is_open: bool,
}

impl AccountFacts {
    /// The account in `values`, at one of `banks` and in one of `currencies`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(
        values: &BTreeMap<String, String>,
        banks: &[(OrganizationId, String)],
        currencies: &[String],
    ) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let ids: Vec<String> = banks.iter().map(|(id, _)| id.to_string()).collect();
        let bank = f.choice("account_bank", &ids.iter().map(String::as_str).collect::<Vec<_>>());
        let account = Self {
            // What is none of the choices is a problem already.
            bank: bank.parse().unwrap_or(OrganizationId(uuid::Uuid::nil())),
            branch: f.text("account_branch", 2..=100),
            holder: f.name("account_holder", 3..=120),
            number: number(&mut f),
            currency: f.choice("account_currency", &currencies.iter().map(String::as_str).collect::<Vec<_>>()),
            swift: swift(&mut f, "account_swift").unwrap_or_else(|| {
                f.problems.add("account_swift", Problem::Missing);
                String::new()
            }),
            correspondent: f.optional_text("account_correspondent", 120),
            correspondent_swift: swift(&mut f, "account_correspondent_swift"),
            is_open: !f.raw("account_open").is_empty(),
        };
        if account.correspondent_swift.is_some() && account.correspondent.is_none() {
            f.problems.add("account_correspondent", Problem::Missing);
        }
        f.finish(account)
    }
}

/// Digits, capitals, dashes and spaces, as banks write account numbers and IBANs.
fn number(f: &mut FieldReader<'_>) -> String {
    let number = f.text("account_number", 5..=34).to_uppercase();
    if !number.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, ' ' | '-' | '/')) {
        f.problems.add("account_number", Problem::Refused { text_id: "problem-account-number", arguments: Vec::new() });
    }
    number
}

/// A bank's code: four letters for the bank, two for the country, two characters for the place, and three for the
/// branch where it has them (ISO 9362). Nothing when nothing was typed.
fn swift(f: &mut FieldReader<'_>, field: &str) -> Option<String> {
    let code: String = f.raw(field).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if code.is_empty() {
        return None;
    }
    let is_code = matches!(code.len(), 8 | 11)
        && code.bytes().take(6).all(|b| b.is_ascii_uppercase())
        && code.bytes().skip(6).all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_code {
        f.problems.add(field, Problem::Refused { text_id: "problem-swift", arguments: Vec::new() });
    }
    Some(code)
}

/// The terms in `values`, of the version that was shown.
///
/// # Errors
/// Every field that makes no sense.
pub fn parse_terms(values: &BTreeMap<String, String>, version: i32) -> Result<SellerTerms, FieldProblems> {
    let mut f = FieldReader::new(values);
    let has_liner = !f.raw("has_liner").is_empty();
    let liner_kg = f.optional_decimal("liner_kg", dec!(0.001), Decimal::TWO, 3);
    let terms = SellerTerms {
        mark: f.optional_text("seller_mark", 60),
        packing_place: f.optional_text("packing_place", 60),
        signatory_title: f.optional_text("signatory_title", 60),
        has_liner,
        // Without liners there is nothing to weigh.
        liner_kg: liner_kg.filter(|_| has_liner),
        version,
    };
    f.finish(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank() -> OrganizationId {
        OrganizationId(uuid::Uuid::from_u128(2))
    }

    fn form(other: &[(&str, &str)]) -> BTreeMap<String, String> {
        let id = bank().to_string();
        let right = [
            ("account_bank", id.as_str()),
            ("account_branch", "Bole Branch"),
            ("account_holder", "Abay Coffee Export PLC"),
            ("account_number", "1000-0079 19442"),
            ("account_currency", "USD"),
            ("account_swift", "nilb et aa"),
            ("account_open", "yes"),
        ];
        right.iter().chain(other).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn parse(other: &[(&str, &str)]) -> Result<AccountFacts, FieldProblems> {
        AccountFacts::parse(&form(other), &[(bank(), "Nile".into())], &["EUR".into(), "USD".into()])
    }

    #[test]
    fn an_account_is_read_as_banks_write_it() {
        let account = parse(&[("account_correspondent", "Hudson"), ("account_correspondent_swift", "HUDCUS33XXX")]);
        let account = account.unwrap();
        assert_eq!((account.swift.as_str(), account.number.as_str()), ("NILBETAA", "1000-0079 19442"));
        assert_eq!(account.correspondent_swift.as_deref(), Some("HUDCUS33XXX"));
        assert!(account.is_open && !parse(&[("account_open", "")]).unwrap().is_open);
    }

    #[test]
    fn codes_and_numbers_have_their_shape() {
        for (field, value) in [
            ("account_swift", "NILBETA"),
            ("account_swift", "NILBETAA1"),
            ("account_swift", "N1LBETAA"),
            ("account_swift", ""),
            ("account_number", "1234"),
            ("account_number", "12345_6"),
            ("account_currency", "XXX"),
            ("account_bank", "00000000-0000-0000-0000-000000000009"),
            ("account_correspondent_swift", "nonsens"),
        ] {
            let problems = parse(&[("account_correspondent", "Hudson"), (field, value)]).unwrap_err();
            assert_eq!(problems.0.len(), 1, "{field} {value}: {problems:?}");
            assert!(problems.of(field).is_some(), "{field} {value}");
        }
    }

    #[test]
    fn a_code_without_its_bank_is_half_an_answer() {
        let problems = parse(&[("account_correspondent_swift", "HUDCUS33")]).unwrap_err();
        assert_eq!(problems.of("account_correspondent"), Some(&Problem::Missing));
    }

    #[test]
    fn a_liner_weighs_something_where_there_is_one() {
        let terms = |pairs: &[(&str, &str)]| {
            let values = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            parse_terms(&values, 3)
        };
        assert_eq!(terms(&[("has_liner", "yes"), ("liner_kg", "0.15")]).unwrap().liner_kg, Some(dec!(0.15)));
        assert_eq!(terms(&[("liner_kg", "0.15")]).unwrap().liner_kg, None);
        assert_eq!(terms(&[]).unwrap(), SellerTerms { version: 3, ..SellerTerms::default() });
        assert!(terms(&[("has_liner", "yes"), ("liner_kg", "3")]).is_err());
    }
}
