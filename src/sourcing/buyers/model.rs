//! A buyer, and how two spellings of one firm are found. Pure.

use std::collections::BTreeMap;

use crate::ids::BuyerId;
use crate::review::{ApplicationFile, Standing};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// Legal forms that say nothing of who a firm is, as they are written without signs.
const LEGAL_FORMS: &[&str] = &[
    "AB",
    "AG",
    "AS",
    "BV",
    "CO",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "CV",
    "EG",
    "FZE",
    "GMBH",
    "GROUP",
    "INC",
    "KG",
    "KK",
    "LIMITED",
    "LLC",
    "LLP",
    "LTD",
    "NV",
    "OHG",
    "OY",
    "PLC",
    "PTE",
    "PTY",
    "PVT",
    "SA",
    "SAE",
    "SARL",
    "SAS",
    "SC",
    "SE",
    "SL",
    "SPA",
    "SRL",
    "WLL",
];

/// A name without its legal form, spaces and signs: `Hanse-Kaffee Kontor G.m.b.H.` and `HANSE KAFFEE KONTOR` are one.
#[must_use]
pub fn name_key(name: &str) -> String {
    // A full stop joins (`B.V.`), every other sign separates.
    let words: String = name
        .to_uppercase()
        .chars()
        .filter(|c| !matches!(c, '.' | '\''))
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let all: Vec<&str> = words.split_whitespace().collect();
    let telling: Vec<&str> = all.iter().copied().filter(|word| !LEGAL_FORMS.contains(word)).collect();
    // A firm that is called by nothing but legal forms is called so.
    if telling.is_empty() { all.concat() } else { telling.concat() }
}

/// What the form of a buyer asks.
pub const FIELDS: &[&str] = &["name", "country", "registration_number", "address", "email", "phone"];

/// What is said of a buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyerForm {
    /// Their name.
    pub name: String,
    /// ISO 3166.
    pub country: String,
    /// Where they are.
    pub address: String,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Their number in the register of companies.
    pub registration_number: Option<String>,
}

impl BuyerForm {
    /// The form in `values`, for one of `countries`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(values: &BTreeMap<String, String>, countries: &[&str]) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let name = f.name("name", 2..=255);
        if f.problems.of("name").is_none() && name_key(&name).is_empty() {
            f.problems.add("name", Problem::StrangeCharacters);
        }
        let country = f.choice("country", countries);
        if country == "ET" {
            f.problems.add("country", Problem::Refused { text_id: "problem-buyer-at-home", arguments: Vec::new() });
        }
        let address = f.text("address", 5..=500);
        let email = f.optional_text("email", 255);
        if let Some(email) = &email
            && f.problems.of("email").is_none()
            && !is_mail_address(email)
        {
            f.problems.add("email", Problem::Refused { text_id: "problem-mail-address", arguments: Vec::new() });
        }
        let phone = f.optional_text("phone", 40);
        let registration_number = f.optional_text("registration_number", 60);
        f.finish(Self { name, country, address, email, phone, registration_number })
    }
}

/// Whether a text can be a mail address: something, an at sign, a name with a dot.
fn is_mail_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    !local.is_empty()
        && host.split('.').count() >= 2
        && host.split('.').all(|part| !part.is_empty())
        && !text.chars().any(char::is_whitespace)
        && !host.contains('@')
}

/// A buyer with what its page needs.
#[derive(Debug, Clone)]
pub struct Buyer {
    /// Its id.
    pub id: BuyerId,
    /// Where it stands.
    pub standing: Standing,
    /// What is said of it.
    pub form: BuyerForm,
    /// Contracts with it that the viewer may see.
    pub contracts: i64,
    /// Others that may be the same: their ids, names and states.
    pub alike: Vec<(BuyerId, String, String)>,
    /// Papers handed in.
    pub files: Vec<ApplicationFile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_firm_have_one_key() {
        for (one, other) in [
            ("Hanse Kaffee Kontor GmbH", "HANSE-KAFFEE KONTOR G.m.b.H."),
            ("Polder Koffie B.V.", "Polder  Koffie"),
            ("Sakura Coffee K.K.", "sakura coffee kk"),
            ("O'Brien Coffee Ltd", "OBrien Coffee Limited"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one}");
        }
        assert_ne!(name_key("Zwin Trading NV"), name_key("Zwin Roasters NV"));
        assert_eq!(name_key("SE AG"), "SEAG", "nothing but legal forms");
        assert_eq!(name_key("- . -"), "");
    }

    fn problems(changed: &[(&str, &str)]) -> Vec<String> {
        let mut values: BTreeMap<String, String> =
            [("name", "Zwin Trading NV"), ("country", "BE"), ("address", "Napelsstraat 79, Antwerpen")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        values.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        match BuyerForm::parse(&values, &["BE", "ET"]) {
            Ok(_) => Vec::new(),
            Err(found) => found.0.into_iter().map(|(field, _)| field).collect(),
        }
    }

    #[test]
    fn each_fault_of_a_buyer_is_told_at_its_field() {
        assert_eq!(problems(&[("email", "desk@zwin.example")]), [""; 0]);
        for (field, value) in [
            ("name", "…"),
            ("name", ""),
            ("country", "XX"),
            ("country", "ET"),
            ("address", "x"),
            ("email", "desk"),
            ("email", "a@b@c.example"),
        ] {
            assert_eq!(problems(&[(field, value)]), [field], "{field} {value}");
        }
    }
}
