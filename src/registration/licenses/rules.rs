//! The acts on an export licence, how the form is read, and what stands against issuing one. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::model::{License, LicenseOffer, Scope, field_of};
use crate::auth::Permission;
use crate::dec;
use crate::registration::applications::{GrantEvents, LIMIT, Named, grant_acts};
use crate::registration::gates::Facts;
use crate::registration::profiles::ProfileStatus;
use crate::review::{Act, Refusal, SubjectKind, Workflow};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The acts on a licence (domain 2.5).
pub static WORKFLOW: Workflow =
    Workflow { subject: SubjectKind::License, states: "grant-state", waiting: &[("PENDING", LIMIT)], acts: &ACTS };

static ACTS: [Act; 9] = grant_acts(
    Permission::IssueLicenses,
    GrantEvents {
        submitted: ["LICENSE_APPLIED", "LICENSE_RESUBMITTED"],
        decided: ["LICENSE_ISSUED", "LICENSE_REJECTED", "LICENSE_RETURNED"],
        ended: ["LICENSE_SUSPENDED", "LICENSE_REINSTATED", "LICENSE_REVOKED", "LICENSE_EXPIRED"],
    },
);

/// More than the whole country exports in a year.
const MOST_KG: Decimal = dec!(1_000_000_000);

/// The form in `values`.
pub(super) fn read(offer: &LicenseOffer, values: &BTreeMap<String, String>) -> Result<License, FieldProblems> {
    let mut f = FieldReader::new(values);
    let eic_number = f.text("eic_registration_number", 3..=60);
    let scope = read_scope(&mut f, offer);
    f.finish(License { eic_number, scope, competence: offer.competence.map(|(id, _)| id) })
}

/// What may be exported, as the boxes say.
pub(super) fn read_scope(f: &mut FieldReader<'_>, offer: &LicenseOffer) -> Scope {
    let chosen = |f: &FieldReader<'_>, prefix: &str, list: &[Named]| -> Vec<String> {
        list.iter()
            .filter(|named| f.raw(&field_of(prefix, &named.code)) == "yes")
            .map(|named| named.code.clone())
            .collect()
    };
    let coffee_types = chosen(f, "coffee", &offer.coffee_types);
    let mut origins = chosen(f, "origin", &offer.regions);
    // All of them is what an empty list says.
    if origins.len() == offer.regions.len() {
        origins.clear();
    }
    if coffee_types.is_empty()
        && let Some(first) = offer.coffee_types.first()
    {
        let field = field_of("coffee", &first.code);
        f.problems.add(field, Problem::Refused { text_id: "problem-no-coffee", arguments: Vec::new() });
    }
    let annual_quota_kg = f.optional_decimal("annual_quota", Decimal::ONE, MOST_KG, 3);
    Scope { coffee_types, origins, annual_quota_kg }
}

/// What stands against applying: profile and certificate of competence are in force.
pub(super) fn against_applying(firm: Option<&Facts>, today: NaiveDate) -> Vec<Refusal> {
    let Some(firm) = firm else {
        return vec![Refusal::rule("registration-refusal-no-profile", Vec::new())];
    };
    let mut refusals = Vec::new();
    if firm.profile != ProfileStatus::Active {
        refusals.push(Refusal::rule("registration-refusal-profile", Vec::new()));
    }
    if !firm.competence.iter().any(|grant| grant.is_in_force(today)) {
        refusals.push(Refusal::rule("license-refusal-competence", Vec::new()));
    }
    refusals
}

/// What stands against issuing it: the firm's certificate of competence is in force.
pub(super) fn against_granting(firm: &Facts, today: NaiveDate) -> Vec<Refusal> {
    if firm.competence.iter().any(|grant| grant.is_in_force(today)) {
        Vec::new()
    } else {
        vec![Refusal::rule("license-refusal-competence", Vec::new())]
    }
}

/// The last day of a licence: a year, and never beyond the certificate on which it stands.
pub(super) fn last_day(of_its_own: NaiveDate, competence: NaiveDate) -> NaiveDate {
    of_its_own.min(competence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn offer() -> LicenseOffer {
        let named = |name: &str| Named { code: name.into(), en: name.into(), am: name.into() };
        LicenseOffer {
            coffee_types: vec![named("Yirgacheffe"), named("Bench Maji")],
            regions: vec![named("Oromia"), named("South West Ethiopia Peoples")],
            competence: None,
        }
    }

    fn license() -> License {
        License {
            eic_number: "EIC/00613".into(),
            scope: Scope {
                coffee_types: vec!["Bench Maji".into()],
                origins: vec!["South West Ethiopia Peoples".into()],
                annual_quota_kg: Some(dec!(120_000)),
            },
            competence: None,
        }
    }

    #[test]
    fn what_is_stored_is_what_the_form_shows_again() {
        assert_eq!(read(&offer(), &license().values()).unwrap(), license());
    }

    #[test]
    fn some_coffee_is_chosen_and_all_origins_are_none_in_particular() {
        let mut license = license();
        license.scope.origins = vec!["Oromia".into(), "South West Ethiopia Peoples".into()];
        assert_eq!(read(&offer(), &license.values()).unwrap().scope.origins, [""; 0]);
        license.scope.coffee_types.clear();
        let problems = read(&offer(), &license.values()).unwrap_err();
        assert!(problems.of("coffee_yirgacheffe").is_some(), "{problems:?}");
    }

    #[test]
    fn a_licence_does_not_outlive_its_certificate() {
        assert_eq!(last_day(day("2027-11-20"), day("2027-03-01")), day("2027-03-01"));
        assert_eq!(last_day(day("2027-11-20"), day("2028-03-01")), day("2027-11-20"));
    }
}
