//! The certifying officer's boxes of the ICO form, as a form asks for them: at the step, and when a certificate is
//! replaced.

use std::collections::BTreeMap;

use crate::i18n::Lang;
use crate::web::components::{Choice, Field, FieldGroup};

/// The names of the fields.
pub const ORIGIN_FIELDS: &[&str] = &[
    "notify_address",
    "ico_port_code",
    "transshipment",
    "shipped_in_bags",
    "shipped_in_bulk",
    "shipped_in_containers",
    "shipped_in_other",
    "green_processing",
    "decaffeinated",
    "organic",
    "other_information",
    "place",
];

/// The fields with what is known; a box that is not named is not ticked.
#[must_use]
pub fn origin_fields(known: &BTreeMap<&str, String>, lang: Lang) -> Vec<FieldGroup> {
    let label = |name: &str| lang.t(&format!("field-{}", name.replace('_', "-")));
    let value = |name: &str| known.get(name).cloned().unwrap_or_default();
    let text = |name: &'static str| Field::text(name, label(name)).value(value(name));
    let box_of = |name: &'static str| Field::checkbox(name, label(name)).value(value(name));
    let ways = ["DRY", "WET"].map(|code| Choice::new(code, lang.name_of("green", code)));
    vec![
        FieldGroup::plain(vec![
            Field::textarea("notify_address", label("notify_address")).value(value("notify_address")),
            text("ico_port_code").hint(lang.t("field-ico-port-code-hint")).width(4),
            text("transshipment"),
        ]),
        FieldGroup::titled(
            label("shipped_in"),
            ["shipped_in_bags", "shipped_in_bulk", "shipped_in_containers", "shipped_in_other"].map(box_of).to_vec(),
        ),
        FieldGroup::plain(vec![
            Field::radios("green_processing", label("green_processing"), ways.to_vec())
                .value(value("green_processing")),
            box_of("decaffeinated"),
            box_of("organic"),
            Field::textarea("other_information", label("other_information"))
                .optional()
                .value(value("other_information")),
            text("place"),
        ]),
    ]
}
