//! The acts on a certificate of competence, how the form is read, and what stands against issuing one. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::model::{Application, CompetenceOffer};
use crate::auth::Permission;
use crate::dec;
use crate::registration::applications::{GrantEvents, LIMIT, Named, grant_acts};
use crate::registration::gates::Facts;
use crate::registration::profiles::{BusinessType, ProfileStatus};
use crate::review::{Act, Refusal, SubjectKind, Workflow};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The acts on a certificate of competence (domain 2.4).
pub static WORKFLOW: Workflow =
    Workflow { subject: SubjectKind::Competence, states: "grant-state", waiting: &[("PENDING", LIMIT)], acts: &ACTS };

static ACTS: [Act; 9] = grant_acts(
    Permission::IssueCompetence,
    GrantEvents {
        submitted: ["COMPETENCE_APPLIED", "COMPETENCE_RESUBMITTED"],
        decided: ["COMPETENCE_ISSUED", "COMPETENCE_REJECTED", "COMPETENCE_RETURNED"],
        ended: ["COMPETENCE_SUSPENDED", "COMPETENCE_REINSTATED", "COMPETENCE_REVOKED", "COMPETENCE_EXPIRED"],
    },
);

/// The largest store that a form takes, in kilograms.
const MOST_KG: Decimal = dec!(1_000_000_000);

/// The form in `values`.
pub(super) fn read(offer: &CompetenceOffer, values: &BTreeMap<String, String>) -> Result<Application, FieldProblems> {
    let mut f = FieldReader::new(values);
    let (laboratory, taster) = if offer.is_farmer {
        (None, None)
    } else {
        (chosen(&mut f, "laboratory_id", &offer.laboratories), chosen(&mut f, "taster_id", &offer.tasters))
    };
    let has_quality_management = f.raw("has_quality_management_system") == "yes";
    let storage_kg = f.decimal("storage_capacity", Decimal::ONE, MOST_KG, 2);
    let storage_conditions = f.text("storage_conditions", 5..=1_000);
    f.finish(Application {
        laboratory,
        taster,
        has_quality_management,
        storage_kg,
        storage_conditions,
        inspected_on: None,
    })
}

fn chosen(f: &mut FieldReader<'_>, field: &str, choices: &[Named]) -> Option<Uuid> {
    let codes: Vec<&str> = choices.iter().map(|choice| choice.code.as_str()).collect();
    let chosen = f.choice(field, &codes);
    if f.problems.of(field).is_some() {
        return None;
    }
    let id = chosen.parse().ok();
    if id.is_none() {
        f.problems.add(field, Problem::NotAChoice);
    }
    id
}

/// What stands against applying: the profile is approved, and laboratory and taster are in force (domain 2.4).
pub(super) fn against_applying(firm: Option<&Facts>, today: NaiveDate) -> Vec<Refusal> {
    let Some(firm) = firm else {
        return vec![Refusal::rule("registration-refusal-no-profile", Vec::new())];
    };
    let mut refusals = Vec::new();
    if firm.profile != ProfileStatus::Active {
        refusals.push(Refusal::rule("registration-refusal-profile", Vec::new()));
    }
    if firm.business_type != BusinessType::Farmer {
        if !firm.laboratories.iter().any(|grant| grant.is_in_force(today)) {
            refusals.push(Refusal::rule("competence-refusal-laboratory", Vec::new()));
        }
        if !firm.tasters.iter().any(|taster| taster.is_exclusive && taster.grant.is_in_force(today)) {
            refusals.push(Refusal::rule("competence-refusal-taster", Vec::new()));
        }
    }
    refusals
}

/// What stands against issuing it: the laboratory and the taster that it names are in force on the day.
pub(super) fn against_granting(application: &Application, firm: &Facts, today: NaiveDate) -> Vec<Refusal> {
    if firm.business_type == BusinessType::Farmer {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    let has_laboratory =
        firm.laboratories.iter().any(|grant| Some(grant.id) == application.laboratory && grant.is_in_force(today));
    if !has_laboratory {
        refusals.push(Refusal::rule("competence-refusal-laboratory", Vec::new()));
    }
    let has_taster = firm.tasters.iter().any(|taster| {
        Some(taster.grant.id) == application.taster && taster.is_exclusive && taster.grant.is_in_force(today)
    });
    if !has_taster {
        refusals.push(Refusal::rule("competence-refusal-taster", Vec::new()));
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::gates::{Grant, GrantStatus, TasterGrant};

    fn day(offset: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap() + chrono::Duration::days(offset)
    }

    fn grant(id: u128, days_left: i64) -> Grant {
        Grant {
            id: Uuid::from_u128(id),
            status: GrantStatus::Active,
            expires_on: Some(day(days_left)),
            is_superseded: false,
        }
    }

    fn firm(business_type: BusinessType) -> Facts {
        Facts {
            exporter_id: Uuid::nil(),
            business_type,
            profile: ProfileStatus::Active,
            verified_capital: None,
            threshold: None,
            laboratories: vec![grant(1, 0)],
            tasters: vec![TasterGrant { grant: grant(2, 0), is_exclusive: true }],
            competence: Vec::new(),
            licenses: Vec::new(),
        }
    }

    fn application() -> Application {
        Application {
            laboratory: Some(Uuid::from_u128(1)),
            taster: Some(Uuid::from_u128(2)),
            has_quality_management: true,
            storage_kg: dec!(60_000),
            storage_conditions: "Dry, on pallets".into(),
            inspected_on: None,
        }
    }

    #[test]
    fn laboratory_and_taster_are_in_force_on_the_day() {
        let firm = firm(BusinessType::Llc);
        assert_eq!(against_applying(Some(&firm), day(0)), []);
        assert_eq!(against_applying(Some(&firm), day(1)).len(), 2);
        assert_eq!(against_granting(&application(), &firm, day(0)), []);
        assert_eq!(against_granting(&application(), &firm, day(1)).len(), 2);
        let other = Application { laboratory: Some(Uuid::from_u128(9)), ..application() };
        assert_eq!(against_granting(&other, &firm, day(0)).len(), 1, "another firm's laboratory");
    }

    #[test]
    fn a_farmer_needs_neither_and_everybody_an_approved_profile() {
        let mut farmer = firm(BusinessType::Farmer);
        farmer.laboratories.clear();
        farmer.tasters.clear();
        assert_eq!(against_applying(Some(&farmer), day(0)), []);
        let own = Application { laboratory: None, taster: None, ..application() };
        assert_eq!(against_granting(&own, &farmer, day(0)), []);
        farmer.profile = ProfileStatus::Suspended;
        assert_eq!(against_applying(Some(&farmer), day(0)).len(), 1);
        assert_eq!(against_applying(None, day(0)).len(), 1);
    }

    #[test]
    fn what_is_stored_is_what_the_form_shows_again() {
        let named = |id: u128| Named { code: Uuid::from_u128(id).to_string(), en: "x".into(), am: "x".into() };
        let offer = CompetenceOffer { is_farmer: false, laboratories: vec![named(1)], tasters: vec![named(2)] };
        assert_eq!(read(&offer, &application().values()).unwrap(), application());
        let problems = read(&CompetenceOffer::default(), &application().values()).unwrap_err();
        assert!(problems.of("laboratory_id").is_some() && problems.of("taster_id").is_some());
    }
}
