//! The code lists that are kept alike: what each entry is, and what a form about it says. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::model::Subject;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeList {
    /// Countries, with the International Coffee Organization's number.
    Countries,
    /// Ports and places, with the two digits of box 4b.
    Ports,
    /// Types of coffee.
    CoffeeTypes,
    /// Regions of origin.
    Regions,
    /// Terms of delivery.
    Incoterms,
    /// Codes of the Harmonized System.
    HsCodes,
}

impl CodeList {
    /// Every list, in the order of the page.
    pub const ALL: &'static [Self] =
        &[Self::Countries, Self::Ports, Self::CoffeeTypes, Self::Regions, Self::Incoterms, Self::HsCodes];

    /// How it stands in an address, and in the ids of its texts.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::Ports => "ports",
            Self::CoffeeTypes => "coffee-types",
            Self::Regions => "regions",
            Self::Incoterms => "incoterms",
            Self::HsCodes => "hs-codes",
        }
    }

    /// The list that stands so in an address.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|list| list.slug() == slug)
    }

    /// What a change of an entry is filed under.
    #[must_use]
    pub const fn subject(self) -> Subject {
        match self {
            Self::Countries => Subject::Country,
            Self::Ports => Subject::Port,
            Self::CoffeeTypes => Subject::CoffeeType,
            Self::Regions => Subject::Region,
            Self::Incoterms => Subject::Incoterm,
            Self::HsCodes => Subject::HsCode,
        }
    }

    /// Whether the code is the English name.
    #[must_use]
    pub const fn is_named_by_its_code(self) -> bool {
        matches!(self, Self::CoffeeTypes | Self::Regions)
    }

    /// Whether an entry has an Amharic name of its own; places and Incoterms are written as the world writes them.
    #[must_use]
    pub const fn has_amharic(self) -> bool {
        !matches!(self, Self::Ports | Self::Incoterms)
    }

    /// Whether `code` has the shape that the list's codes have.
    fn has_shape(self, code: &str) -> bool {
        let capitals = |count: usize| code.len() == count && code.bytes().all(|b| b.is_ascii_uppercase());
        match self {
            Self::Countries => capitals(2),
            Self::Incoterms => capitals(3),
            // UN/LOCODE: the country, and three letters or digits from 2 to 9.
            Self::Ports => {
                code.len() == 5
                    && code.bytes().take(2).all(|b| b.is_ascii_uppercase())
                    && code.bytes().skip(2).all(|b| b.is_ascii_uppercase() || (b'2'..=b'9').contains(&b))
            }
            Self::HsCodes => digits(code, 8),
            Self::CoffeeTypes | Self::Regions => {
                (2..=60).contains(&code.chars().count())
                    && code.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\''))
            }
        }
    }
}

/// What a list keeps of an entry beside its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Particulars {
    /// Of a country.
    Country {
        /// Three digits of ICC 102-9 Annex III.
        ico_code: Option<String>,
        /// Member of the European Union.
        is_eu: bool,
    },
    /// Of a port.
    Port {
        /// ISO 3166.
        country_code: String,
        /// Two digits of box 4b of the ICO form.
        ico_port_code: Option<String>,
    },
    /// Nothing.
    CoffeeType,
    /// Nothing.
    Region,
    /// Of a term of delivery.
    Incoterm {
        /// For sea and inland water alone.
        sea_only: bool,
        /// The seller carries the insurance.
        seller_insures: bool,
    },
    /// Of a code of the Harmonized System.
    HsCode {
        /// GREEN, ROASTED, HUSKS, EXTRACT.
        coffee_form: String,
        /// Without caffeine.
        decaffeinated: bool,
    },
}

/// Forms of coffee in the Harmonized System.
pub const COFFEE_FORMS: &[&str] = &["GREEN", "ROASTED", "HUSKS", "EXTRACT"];

impl Particulars {
    /// As the history keeps them, and the view of all lists.
    #[must_use]
    pub fn as_json(&self) -> Value {
        match self {
            Self::Country { ico_code, is_eu } => {
                json!({ "ico_code": ico_code.as_deref().unwrap_or_default(), "is_eu": is_eu })
            }
            Self::Port { country_code, ico_port_code } => {
                json!({ "country_code": country_code, "ico_port_code": ico_port_code.as_deref().unwrap_or_default() })
            }
            Self::CoffeeType | Self::Region => json!({}),
            Self::Incoterm { sea_only, seller_insures } => {
                json!({ "sea_only": sea_only, "seller_insures": seller_insures })
            }
            Self::HsCode { coffee_form, decaffeinated } => {
                json!({ "coffee_form": coffee_form, "decaffeinated": decaffeinated })
            }
        }
    }
}

/// The form of an entry, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryForm {
    /// Its code.
    pub code: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// What else.
    pub particulars: Particulars,
    /// From which day on it may be chosen.
    pub valid_from: NaiveDate,
    /// The last day on which it may be chosen.
    pub valid_to: Option<NaiveDate>,
}

impl EntryForm {
    /// The form in `values`; `code` is that of the entry that is changed, none of a new one.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(list: CodeList, code: Option<&str>, values: &BTreeMap<String, String>) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let code = code.map_or_else(
            || {
                let code = f.text("code", 2..=60);
                if f.problems.of("code").is_none() && !list.has_shape(&code) {
                    let text_id = "problem-code-shape";
                    f.problems.add("code", Problem::Refused { text_id, arguments: Vec::new() });
                }
                code
            },
            str::to_owned,
        );
        let name = if list.is_named_by_its_code() { code.clone() } else { f.text("name", 2..=100) };
        let name_am = if list.has_amharic() { f.text("name_am", 1..=100) } else { name.clone() };
        let particulars = particulars(list, &mut f);
        let (earliest, latest) = (day(2000), day(2100));
        let valid_from = f.date("valid_from", earliest, latest);
        let valid_to = (!f.raw("valid_to").is_empty()).then(|| f.date("valid_to", valid_from, latest));
        f.finish(Self { code, name, name_am, particulars, valid_from, valid_to })
    }

    /// As the history keeps it.
    #[must_use]
    pub fn as_json(&self) -> Value {
        json!({
            "name": self.name,
            "name_am": self.name_am,
            "particulars": self.particulars.as_json(),
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        })
    }
}

fn particulars(list: CodeList, f: &mut FieldReader<'_>) -> Particulars {
    match list {
        CodeList::Countries => Particulars::Country { ico_code: number(f, "ico_code", 3), is_eu: ticked(f, "is_eu") },
        CodeList::Ports => Particulars::Port {
            country_code: f.text("country_code", 2..=2),
            ico_port_code: number(f, "ico_port_code", 2),
        },
        CodeList::CoffeeTypes => Particulars::CoffeeType,
        CodeList::Regions => Particulars::Region,
        CodeList::Incoterms => {
            Particulars::Incoterm { sea_only: ticked(f, "sea_only"), seller_insures: ticked(f, "seller_insures") }
        }
        CodeList::HsCodes => Particulars::HsCode {
            coffee_form: f.choice("coffee_form", COFFEE_FORMS),
            decaffeinated: ticked(f, "decaffeinated"),
        },
    }
}

fn ticked(f: &FieldReader<'_>, field: &str) -> bool {
    !f.raw(field).is_empty()
}

/// A number of so many digits that may be missing.
fn number(f: &mut FieldReader<'_>, field: &str, count: usize) -> Option<String> {
    let typed = f.raw(field);
    if typed.is_empty() {
        return None;
    }
    if !digits(typed, count) {
        let arguments = vec![("count", count.to_string())];
        f.problems.add(field, Problem::Refused { text_id: "problem-digits", arguments });
    }
    Some(typed.to_owned())
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn codes_have_the_shape_of_their_list() {
        for (list, good, bad) in [
            (CodeList::Countries, "DE", "de"),
            (CodeList::Ports, "ITTR2", "ITTR1"),
            (CodeList::Incoterms, "FCA", "FC"),
            (CodeList::HsCodes, "09011100", "0901110"),
            (CodeList::CoffeeTypes, "Bench Maji", "Kaffa 2"),
        ] {
            assert!(list.has_shape(good), "{good}");
            assert!(!list.has_shape(bad), "{bad}");
        }
    }

    #[test]
    fn an_entry_that_ends_before_it_begins_is_none() {
        let values = form(&[
            ("code", "TL"),
            ("name", "East Timor"),
            ("name_am", "ምሥራቅ ቲሞር"),
            ("ico_code", "12"),
            ("valid_from", "2026-12-01"),
            ("valid_to", "2026-11-30"),
        ]);
        let problems = EntryForm::parse(CodeList::Countries, None, &values).unwrap_err();
        let fields: Vec<&str> = problems.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(fields, ["ico_code", "valid_to"]);
    }

    #[test]
    fn what_is_named_by_its_code_has_one_name() {
        let values = form(&[("code", "Arsi"), ("name_am", "አርሲ"), ("valid_from", "2026-12-01")]);
        let entry = EntryForm::parse(CodeList::CoffeeTypes, None, &values).unwrap();
        assert_eq!((entry.name.as_str(), entry.valid_to), ("Arsi", None));
    }
}
