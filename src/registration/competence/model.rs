//! What an application for a certificate of competence says.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::registration::applications::Named;

/// What the form offers: laboratories and tasters of the firm that are in force, and whether it needs them.
#[derive(Debug, Clone, Default)]
pub struct CompetenceOffer {
    /// A farmer needs neither.
    pub is_farmer: bool,
    /// Laboratories.
    pub laboratories: Vec<Named>,
    /// Tasters.
    pub tasters: Vec<Named>,
}

/// The form, typed; with what the authority has noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// In which laboratory it cups.
    pub laboratory: Option<Uuid>,
    /// Who cups.
    pub taster: Option<Uuid>,
    /// Whether it has a quality management system.
    pub has_quality_management: bool,
    /// How much coffee its store takes, in kilograms.
    pub storage_kg: Decimal,
    /// How it stores.
    pub storage_conditions: String,
    /// When the authority inspected the facility; nothing in a form.
    pub inspected_on: Option<NaiveDate>,
}

impl Application {
    /// The form with this in it.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::from([
            ("storage_capacity".to_owned(), self.storage_kg.normalize().to_string()),
            ("storage_conditions".to_owned(), self.storage_conditions.clone()),
        ]);
        for (field, id) in [("laboratory_id", self.laboratory), ("taster_id", self.taster)] {
            if let Some(id) = id {
                values.insert(field.to_owned(), id.to_string());
            }
        }
        if self.has_quality_management {
            values.insert("has_quality_management_system".to_owned(), "yes".to_owned());
        }
        values
    }
}
