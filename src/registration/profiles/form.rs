//! How the form of a profile is read (domain 3.1).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::model::{Bank, BusinessType, Noted, Papers, Place, Profile};
use crate::dec;
use crate::ids::OrganizationId;
use crate::organizations::email::read_email;
use crate::organizations::phone::Phone;
use crate::quantities::Tin;
use crate::registration::applications::Named;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// What the form offers to choose from.
#[derive(Debug, Clone)]
pub struct ProfileOffer {
    /// Regions.
    pub regions: Vec<Named>,
    /// Banks that take part.
    pub banks: Vec<Named>,
}

/// The most that the column holds.
const MOST_BIRR: Decimal = dec!(9_999_999_999_999.99);
/// The latest day that a licence may run to, in years from now.
const FAR_YEARS: i32 = 20;

/// The form in `values`.
pub(super) fn read(
    offer: &ProfileOffer,
    values: &BTreeMap<String, String>,
    today: NaiveDate,
) -> Result<Profile, FieldProblems> {
    let mut f = FieldReader::new(values);
    let business_name = f.name("business_name", 3..=255);
    let codes: Vec<&str> = BusinessType::ALL.iter().map(|kind| kind.code()).collect();
    let business_type = BusinessType::from_code(&f.choice("business_type", &codes));
    let tin = read_parsed(&mut f, "tin", "problem-tin", |text| text.parse::<Tin>().ok());
    let declared_capital = f.decimal("declared_capital", Decimal::ZERO, MOST_BIRR, 2);
    let office_address = f.text("office_address", 5..=500);
    let regions: Vec<&str> = offer.regions.iter().map(|region| region.code.as_str()).collect();
    let region = f.choice("region", &regions);
    let city = f.optional_text("city", 100);
    let place = Place {
        zone: f.optional_text("zone", 100),
        sub_city: f.optional_text("sub_city", 100),
        woreda: f.optional_text("woreda", 100),
        house_number: f.optional_text("house_number", 60),
    };
    let contact_person = f.name("contact_person", 3..=255);
    let email = read_email(&mut f, "email");
    let phone = read_parsed(&mut f, "phone", "problem-phone", Phone::parse);
    let bank = read_bank(&mut f, offer);
    let papers = read_papers(&mut f, today);
    match (business_type, tin, phone) {
        (Some(business_type), Some(tin), Some(phone)) => f.finish(Profile {
            business_name,
            tin,
            business_type,
            declared_capital,
            office_address,
            city,
            region,
            place,
            contact_person,
            email,
            phone,
            bank,
            papers,
            noted: Noted::default(),
        }),
        _ => Err(f.problems),
    }
}

/// A field with a shape of its own.
fn read_parsed<T>(
    f: &mut FieldReader<'_>,
    field: &str,
    text_id: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let typed = f.raw(field);
    let parsed = parse(typed);
    if typed.is_empty() {
        f.problems.add(field, Problem::Missing);
    } else if parsed.is_none() {
        f.problems.add(field, Problem::Refused { text_id, arguments: Vec::new() });
    }
    parsed
}

fn read_bank(f: &mut FieldReader<'_>, offer: &ProfileOffer) -> Bank {
    let organization = match f.raw("bank") {
        "" => None,
        chosen if offer.banks.iter().any(|bank| bank.code == chosen) => chosen.parse::<OrganizationId>().ok(),
        _ => {
            f.problems.add("bank", Problem::NotAChoice);
            None
        }
    };
    let swift_code = f.optional_text("swift_code", 11).map(|code| code.to_uppercase());
    if swift_code.as_deref().is_some_and(|code| !is_swift(code)) {
        f.problems.add("swift_code", Problem::Refused { text_id: "problem-swift", arguments: Vec::new() });
    }
    Bank {
        organization,
        branch: f.optional_text("bank_branch", 100),
        account_number: f.optional_text("account_number", 40),
        swift_code,
    }
}

/// Six letters, two letters or digits, and for a branch three more (ISO 9362).
fn is_swift(code: &str) -> bool {
    let Some((letters, rest)) = code.split_at_checked(6) else { return false };
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && matches!(rest.len(), 2 | 5)
        && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn read_papers(f: &mut FieldReader<'_>, today: NaiveDate) -> Papers {
    let trade_license_number = f.optional_text("trade_license_number", 60);
    let far = today.checked_add_months(chrono::Months::new(12 * FAR_YEARS.unsigned_abs())).unwrap_or(today);
    let trade_license_expires_on = match (f.raw("trade_license_expires_on").is_empty(), &trade_license_number) {
        (true, None) => None,
        // A number without its last day says nothing of today, and a day without a number nothing at all.
        (true, Some(_)) => {
            f.problems.add("trade_license_expires_on", Problem::Missing);
            None
        }
        (false, None) => {
            f.problems.add("trade_license_number", Problem::Missing);
            None
        }
        (false, Some(_)) => Some(f.date("trade_license_expires_on", today, far)),
    };
    Papers {
        trade_license_number,
        trade_license_expires_on,
        vat_number: f.optional_text("vat_number", 60),
        investment_registration: f.optional_text("investment_registration", 60),
        tax_clearance_number: f.optional_text("tax_clearance_number", 60),
        chamber_membership: f.optional_text("chamber_membership", 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> ProfileOffer {
        let region = Named { code: "Oromia".into(), en: "Oromia".into(), am: "ኦሮሚያ".into() };
        ProfileOffer { regions: vec![region], banks: Vec::new() }
    }

    fn good() -> BTreeMap<String, String> {
        [
            ("business_name", "Wonago Coffee PLC"),
            ("business_type", "LLC"),
            ("tin", "0012345678"),
            ("declared_capital", "20,000,000"),
            ("office_address", "Bole, Addis Ababa"),
            ("region", "Oromia"),
            ("contact_person", "Hirut Tadesse"),
            ("email", "office@wonago.example"),
            ("phone", "+251911234567"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    #[test]
    fn what_is_stored_is_what_the_form_shows_again() {
        let profile = read(&offer(), &good(), today()).unwrap();
        assert_eq!(profile.declared_capital, dec!(20_000_000));
        let again = read(&offer(), &profile.values(), today()).unwrap();
        assert_eq!(again, profile);
    }

    #[test]
    fn every_field_has_its_rule() {
        for (field, value) in [
            ("business_name", "ab"),
            ("business_type", "BANK"),
            ("tin", "123456789"),
            ("tin", "12345678901"),
            ("tin", "12345678x0"),
            ("declared_capital", "-1"),
            ("declared_capital", "1.234"),
            ("office_address", "Bole"),
            ("region", "Ogaden"),
            ("contact_person", "ab"),
            ("email", "office"),
            ("phone", "911234567"),
            ("swift_code", "CBET"),
            ("bank", "x"),
            ("trade_license_expires_on", "2027-01-01"),
        ] {
            let mut values = good();
            values.insert(field.into(), value.into());
            let problems = read(&offer(), &values, today()).unwrap_err();
            let at = if field == "trade_license_expires_on" { "trade_license_number" } else { field };
            assert!(problems.of(at).is_some() && problems.0.len() == 1, "{field} = {value}: {problems:?}");
        }
    }

    #[test]
    fn a_trade_licence_that_is_over_is_none() {
        let mut values = good();
        values.insert("trade_license_number".into(), "TL/1/2018".into());
        assert!(read(&offer(), &values, today()).unwrap_err().of("trade_license_expires_on").is_some());
        values.insert("trade_license_expires_on".into(), "2026-11-19".into());
        assert!(read(&offer(), &values, today()).is_err());
        values.insert("trade_license_expires_on".into(), "2026-11-20".into());
        assert!(read(&offer(), &values, today()).is_ok());
    }
}
