//! What a laboratory's form says.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// The equipment that a coffee laboratory is asked about (domain 3.2): code in the form, name in the certificate.
pub const EQUIPMENT: [(&str, &str); 10] = [
    ("sample_roaster", "sample roaster"),
    ("grinder", "grinder"),
    ("moisture_meter", "moisture meter"),
    ("scales", "scales 0.1 g"),
    ("screens", "screens 12-20"),
    ("cupping_bowls", "cupping bowls and spoons"),
    ("light_table", "light table"),
    ("kettle", "kettle and thermometer"),
    ("sample_cabinets", "sample cabinets"),
    ("colour_reference", "colour reference"),
];

/// The form of a laboratory, typed; with what the authority has noted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laboratory {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whether samples are roasted there.
    pub has_roasting: bool,
    /// Whether there is a cupping room.
    pub has_cupping_room: bool,
    /// Whether samples are stored there.
    pub has_sample_storage: bool,
    /// Its equipment, by name.
    pub equipment: Vec<String>,
    /// When the authority has inspected it; nothing in a form.
    pub inspected_on: Option<NaiveDate>,
}

impl Laboratory {
    /// Whether all three facilities that the certificate names are there.
    #[must_use]
    pub const fn has_all_facilities(&self) -> bool {
        self.has_roasting && self.has_cupping_room && self.has_sample_storage
    }

    /// The form with this in it.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::from([
            ("laboratory_name".to_owned(), self.name.clone()),
            ("address".to_owned(), self.address.clone()),
        ]);
        let mut tick = |field: &str, is_on: bool| {
            if is_on {
                values.insert(field.to_owned(), "yes".to_owned());
            }
        };
        tick("has_roasting_facility", self.has_roasting);
        tick("has_cupping_room", self.has_cupping_room);
        tick("has_sample_storage", self.has_sample_storage);
        for (code, name) in EQUIPMENT {
            tick(&format!("equipment_{code}"), self.equipment.iter().any(|own| own == name));
        }
        values
    }
}
