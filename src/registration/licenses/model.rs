//! What an application for an export licence says.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::registration::applications::Named;

/// What the form offers.
#[derive(Debug, Clone, Default)]
pub struct LicenseOffer {
    /// Coffee types.
    pub coffee_types: Vec<Named>,
    /// Regions.
    pub regions: Vec<Named>,
    /// The firm's certificate of competence in force, with its last day.
    pub competence: Option<(Uuid, NaiveDate)>,
}

/// What may be exported under a licence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Coffee types.
    pub coffee_types: Vec<String>,
    /// Regions; empty means all.
    pub origins: Vec<String>,
    /// Kilograms a year, where there is a limit.
    pub annual_quota_kg: Option<Decimal>,
}

/// The form of a licence, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Number of the registration with the Ethiopian Investment Commission.
    pub eic_number: String,
    /// What is asked for; once it is granted, what was granted.
    pub scope: Scope,
    /// On which certificate of competence it stands: the one in force when it was applied for.
    pub competence: Option<Uuid>,
}

impl Scope {
    /// The boxes of the form with this in them.
    pub(super) fn values(&self) -> BTreeMap<String, String> {
        let boxes = |prefix: &'static str, names: &[String]| {
            names.iter().map(|name| (field_of(prefix, name), "yes".to_owned())).collect::<Vec<_>>()
        };
        let mut values: BTreeMap<String, String> = boxes("coffee", &self.coffee_types).into_iter().collect();
        values.extend(boxes("origin", &self.origins));
        if let Some(quota) = self.annual_quota_kg {
            values.insert("annual_quota".to_owned(), quota.normalize().to_string());
        }
        values
    }
}

impl License {
    /// The form with this in it.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values = self.scope.values();
        values.insert("eic_registration_number".to_owned(), self.eic_number.clone());
        values
    }
}

/// The box of a name in the form.
pub(super) fn field_of(prefix: &str, name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    format!("{prefix}_{plain}")
}
