//! The acts on a laboratory, how its form is read, and what stands against certifying it. Pure.

use std::collections::BTreeMap;

use super::model::{EQUIPMENT, Laboratory};
use crate::auth::Permission;
use crate::registration::applications::{GrantEvents, LIMIT, grant_acts};
use crate::review::{Act, Refusal, SubjectKind, Workflow};
use crate::workflow::{FieldProblems, FieldReader};

/// The acts on a laboratory (domain 2.2).
pub static WORKFLOW: Workflow =
    Workflow { subject: SubjectKind::Laboratory, states: "grant-state", waiting: &[("PENDING", LIMIT)], acts: &ACTS };

static ACTS: [Act; 9] = grant_acts(
    Permission::CertifyLaboratories,
    GrantEvents {
        submitted: ["LABORATORY_REGISTERED", "LABORATORY_RESUBMITTED"],
        decided: ["LABORATORY_APPROVED", "LABORATORY_REJECTED", "LABORATORY_RETURNED"],
        ended: ["LABORATORY_SUSPENDED", "LABORATORY_REINSTATED", "LABORATORY_REVOKED", "LABORATORY_EXPIRED"],
    },
);

/// The form in `values`.
pub(super) fn read(values: &BTreeMap<String, String>) -> Result<Laboratory, FieldProblems> {
    let mut f = FieldReader::new(values);
    let name = f.name("laboratory_name", 3..=255);
    let address = f.text("address", 5..=500);
    let is_on = |field: &str| f.raw(field) == "yes";
    let equipment = EQUIPMENT
        .iter()
        .filter(|(code, _)| is_on(&format!("equipment_{code}")))
        .map(|(_, name)| (*name).to_owned())
        .collect();
    let (has_roasting, has_cupping_room, has_sample_storage) =
        (is_on("has_roasting_facility"), is_on("has_cupping_room"), is_on("has_sample_storage"));
    f.finish(Laboratory {
        name,
        address,
        has_roasting,
        has_cupping_room,
        has_sample_storage,
        equipment,
        inspected_on: None,
    })
}

/// What stands against certifying it: the certificate names all three facilities.
pub(super) fn against_granting(laboratory: &Laboratory) -> Vec<Refusal> {
    if laboratory.has_all_facilities() {
        Vec::new()
    } else {
        vec![Refusal::rule("laboratory-refusal-facilities", Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_what_the_form_shows_again() {
        let values: BTreeMap<String, String> = [
            ("laboratory_name", "Wonago laboratory"),
            ("address", "Wonago, Gedeo"),
            ("has_roasting_facility", "yes"),
            ("has_cupping_room", "yes"),
            ("equipment_grinder", "yes"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let laboratory = read(&values).unwrap();
        assert_eq!(
            (laboratory.equipment.as_slice(), laboratory.values()),
            (&["grinder".to_owned()][..], values.clone())
        );
        assert_eq!(against_granting(&laboratory).len(), 1, "it has no store of samples");
        let mut whole = values;
        whole.insert("has_sample_storage".into(), "yes".into());
        assert_eq!(against_granting(&read(&whole).unwrap()), []);
    }
}
