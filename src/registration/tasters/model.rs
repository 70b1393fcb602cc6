//! What a taster's form says.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::codes::coded_enum;

coded_enum! {
    /// How far a taster was educated.
    Qualification {
        /// Below a diploma: kept as it is, and not enough to be verified (Directive 1106/2025).
        Certificate = "CERTIFICATE",
        /// Diploma.
        Diploma = "DIPLOMA",
        /// First degree.
        Degree = "DEGREE",
        /// Second degree.
        Master = "MASTER",
    }
}

/// The form of a taster, typed; with what the authority has noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taster {
    /// Full name.
    pub full_name: String,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// National identity number, in capitals and without spaces, so that the same person is known again.
    pub national_id: String,
    /// Education.
    pub qualification: Qualification,
    /// Number of the certificate of proficiency.
    pub proficiency_number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Its last day.
    pub expires_on: NaiveDate,
    /// Employed since.
    pub employed_since: NaiveDate,
    /// Whether they work for this firm alone.
    pub is_exclusive: bool,
    /// At how many other firms the same person is verified; nothing in a form.
    pub elsewhere: i64,
}

impl Taster {
    /// The form with this in it.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = [
            ("full_name", self.full_name.clone()),
            ("date_of_birth", self.born_on.to_string()),
            ("national_id", self.national_id.clone()),
            ("qualification_level", self.qualification.code().to_owned()),
            ("proficiency_certificate_number", self.proficiency_number.clone()),
            ("certificate_issue_date", self.issued_on.to_string()),
            ("certificate_expiry_date", self.expires_on.to_string()),
            ("employment_start_date", self.employed_since.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if self.is_exclusive {
            values.insert("is_exclusive_employee".to_owned(), "yes".to_owned());
        }
        values
    }
}

/// An identity number as it is compared.
#[must_use]
pub fn identity(typed: &str) -> String {
    typed.chars().filter(|character| !character.is_whitespace()).collect::<String>().to_uppercase()
}
