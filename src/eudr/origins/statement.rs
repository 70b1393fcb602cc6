//! What a buyer tells of its due diligence statement, as it is typed (domain 4.7). Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::model::StatementState;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The field of the reference number.
pub const REFERENCE: &str = "reference_number";
/// The field of the verification number.
pub const VERIFICATION: &str = "verification_number";
/// The field of the state.
pub const STATE: &str = "told_state";
/// The field of the day on which the state was told.
pub const TOLD_ON: &str = "told_on";
/// What the form asks.
pub const FIELDS: &[&str] = &[REFERENCE, VERIFICATION, STATE, TOLD_ON];

/// A form without fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Such as `26FRYUI34JTQKB`.
    pub reference: String,
    /// Eight letters and digits.
    pub verification: String,
    /// How the statement stands, and when that was told.
    pub state: Option<(StatementState, NaiveDate)>,
}

/// Reads the form on `today`. Numbers are taken as people copy them: with spaces, in small letters.
///
/// # Errors
/// What is wrong with the fields.
pub fn read(values: &BTreeMap<String, String>, today: NaiveDate) -> Result<Told, FieldProblems> {
    let mut fields = FieldReader::new(values);
    let reference = number(&mut fields, REFERENCE, "eudr-problem-reference", is_reference);
    let verification = number(&mut fields, VERIFICATION, "eudr-problem-verification", is_verification);
    let state = match (fields.raw(STATE), fields.raw(TOLD_ON)) {
        ("", "") => None,
        _ => {
            let codes: Vec<&str> = StatementState::ALL.iter().map(|state| state.code()).collect();
            let state = StatementState::from_code(&fields.choice(STATE, &codes));
            let day = fields.date(TOLD_ON, OPENED, today);
            state.map(|state| (state, day))
        }
    };
    fields.finish(Told { reference, verification, state })
}

/// The day on which the EU's information system opened: nothing was told of a statement before.
const OPENED: NaiveDate = match NaiveDate::from_ymd_opt(2024, 12, 4) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn number(fields: &mut FieldReader<'_>, field: &str, text_id: &'static str, is_good: fn(&str) -> bool) -> String {
    let plain: String = fields.raw(field).chars().filter(|character| !character.is_whitespace()).collect();
    let plain = plain.to_ascii_uppercase();
    if plain.is_empty() {
        fields.problems.add(field, Problem::Missing);
    } else if !is_good(&plain) {
        fields.problems.add(field, Problem::Refused { text_id, arguments: Vec::new() });
    }
    plain
}

/// Two digits of the year, the country of the operator, ten or eleven letters and digits: as the CHECK of the table has it.
fn is_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 14 | 15)
        && bytes.iter().take(2).all(u8::is_ascii_digit)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(4).all(is_plain)
}

fn is_verification(text: &str) -> bool {
    text.len() == 8 && text.as_bytes().iter().all(is_plain)
}

fn is_plain(byte: &u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(reference: &str, verification: &str, state: &str, on: &str) -> Result<Told, Vec<String>> {
        let values = [(REFERENCE, reference), (VERIFICATION, verification), (STATE, state), (TOLD_ON, on)];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let today = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        read(&values, today).map_err(|problems| problems.0.into_iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn numbers_are_taken_as_people_copy_them() {
        let read = told(" 26fr YUI34JTQKB ", "a1b2 c3d4", "", "").unwrap();
        assert_eq!((read.reference.as_str(), read.verification.as_str()), ("26FRYUI34JTQKB", "A1B2C3D4"));
        assert_eq!(read.state, None, "what was not told is not taken for granted");
        assert!(told("26FRYUI34JTQKB1", "A1B2C3D4", "", "").is_ok());
    }

    #[test]
    fn a_number_of_another_shape_is_refused_at_its_field() {
        for bad in [
            "",
            "26FRYUI34JTQK",
            "26FRYUI34JTQKB12",
            "2AFRYUI34JTQKB",
            "26F1YUI34JTQKB",
            "26FRYUI34JTQK-",
            "26FRYUI34JTQKé",
        ] {
            assert_eq!(told(bad, "A1B2C3D4", "", ""), Err(vec![REFERENCE.to_owned()]), "{bad}");
        }
        for bad in ["", "A1B2C3D", "A1B2C3D4E", "A1B2C3D_", "A1B2C3é"] {
            assert_eq!(told("26FRYUI34JTQKB", bad, "", ""), Err(vec![VERIFICATION.to_owned()]), "{bad}");
        }
    }

    #[test]
    fn a_state_is_told_on_a_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let of = |state, on| told("26FRYUI34JTQKB", "A1B2C3D4", state, on).map(|told| told.state);
        assert_eq!(of("AVAILABLE", "2026-11-28"), Ok(Some((StatementState::Available, day("2026-11-28")))));
        assert_eq!(of("WITHDRAWN", "2024-12-04"), Ok(Some((StatementState::Withdrawn, day("2024-12-04")))));
        for (state, on, field) in [
            ("AVAILABLE", "", TOLD_ON),
            ("AVAILABLE", "2026-11-29", TOLD_ON),
            ("AVAILABLE", "2024-12-03", TOLD_ON),
            ("", "2026-11-28", STATE),
            ("CLEAR", "2026-11-28", STATE),
        ] {
            assert_eq!(of(state, on), Err(vec![field.to_owned()]), "{state} {on}");
        }
    }
}
