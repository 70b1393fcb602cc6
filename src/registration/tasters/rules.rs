//! The acts on a taster, how the form is read, and what stands against verifying one. Pure.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::model::{Qualification, Taster, identity};
use crate::auth::Permission;
use crate::registration::applications::{GrantEvents, LIMIT, grant_acts};
use crate::review::{Act, Refusal, SubjectKind, Workflow};
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The acts on a taster (domain 2.3).
pub static WORKFLOW: Workflow =
    Workflow { subject: SubjectKind::Taster, states: "grant-state", waiting: &[("PENDING", LIMIT)], acts: &ACTS };

static ACTS: [Act; 9] = grant_acts(
    Permission::VerifyTasters,
    GrantEvents {
        submitted: ["TASTER_REGISTERED", "TASTER_RESUBMITTED"],
        decided: ["TASTER_APPROVED", "TASTER_REJECTED", "TASTER_RETURNED"],
        ended: ["TASTER_SUSPENDED", "TASTER_REINSTATED", "TASTER_REVOKED", "TASTER_EXPIRED"],
    },
);

/// The age from which one may be employed as a taster.
const OF_AGE_YEARS: u32 = 18;

/// The form in `values`.
pub(super) fn read(values: &BTreeMap<String, String>, today: NaiveDate) -> Result<Taster, FieldProblems> {
    let long_ago = today.checked_sub_months(Months::new(12 * 100)).unwrap_or(today);
    let far = today.checked_add_months(Months::new(12 * 20)).unwrap_or(today);
    let mut f = FieldReader::new(values);
    let full_name = f.name("full_name", 3..=255);
    let born_on = f.date("date_of_birth", long_ago, today);
    let national_id = identity(&f.text("national_id", 4..=50));
    let codes: Vec<&str> = Qualification::ALL.iter().map(|level| level.code()).collect();
    let qualification = Qualification::from_code(&f.choice("qualification_level", &codes));
    let proficiency_number = f.text("proficiency_certificate_number", 3..=60);
    let issued_on = f.date("certificate_issue_date", long_ago, today);
    let expires_on = f.date("certificate_expiry_date", long_ago, far);
    if f.problems.of("certificate_expiry_date").is_none() && expires_on <= issued_on {
        let earliest = issued_on.succ_opt().unwrap_or(issued_on);
        f.problems.add("certificate_expiry_date", Problem::TooEarly { earliest });
    }
    let employed_since = f.date("employment_start_date", long_ago, today);
    let is_exclusive = f.raw("is_exclusive_employee") == "yes";
    match qualification {
        Some(qualification) => f.finish(Taster {
            full_name,
            born_on,
            national_id,
            qualification,
            proficiency_number,
            issued_on,
            expires_on,
            employed_since,
            is_exclusive,
            elsewhere: 0,
        }),
        None => Err(f.problems),
    }
}

/// Whether somebody born on `born_on` is of age on `day`, as the table's own check counts: who was born on a leap day is
/// so from 1 March.
#[must_use]
pub(super) fn is_of_age(born_on: NaiveDate, day: NaiveDate) -> bool {
    day.checked_sub_months(Months::new(12 * OF_AGE_YEARS)).is_some_and(|latest| born_on <= latest)
}

/// What stands against verifying the taster (Directive 1106/2025): of age when employed, at least a diploma, a
/// certificate in force, and of this firm alone, also by what others have handed in.
pub(super) fn against_granting(taster: &Taster, today: NaiveDate) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !is_of_age(taster.born_on, taster.employed_since) {
        refusals.push(Refusal::rule("taster-refusal-age", Vec::new()));
    }
    if taster.qualification == Qualification::Certificate {
        refusals.push(Refusal::rule("taster-refusal-qualification", Vec::new()));
    }
    if taster.expires_on < today {
        refusals.push(Refusal::rule("taster-refusal-expired", vec![("date", taster.expires_on.to_string())]));
    }
    if !taster.is_exclusive {
        refusals.push(Refusal::rule("taster-refusal-exclusive", Vec::new()));
    }
    if taster.elsewhere > 0 {
        refusals.push(Refusal::rule("taster-refusal-elsewhere", Vec::new()));
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn good() -> BTreeMap<String, String> {
        [
            ("full_name", "Abebech Tumsa"),
            ("date_of_birth", "2000-02-29"),
            ("national_id", " et-1234 5678 "),
            ("qualification_level", "DIPLOMA"),
            ("proficiency_certificate_number", "CTP-2026-1"),
            ("certificate_issue_date", "2026-06-01"),
            ("certificate_expiry_date", "2027-05-31"),
            ("employment_start_date", "2018-03-01"),
            ("is_exclusive_employee", "yes"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    #[test]
    fn what_is_stored_is_what_the_form_shows_again() {
        let taster = read(&good(), day("2026-11-20")).unwrap();
        assert_eq!(taster.national_id, "ET-12345678");
        assert_eq!(read(&taster.values(), day("2026-11-20")).unwrap(), taster);
        assert_eq!(against_granting(&taster, day("2026-11-20")), []);
    }

    #[test]
    fn a_certificate_ends_after_it_was_issued_and_was_not_issued_tomorrow() {
        for (field, value) in [
            ("certificate_issue_date", "2026-11-21"),
            ("certificate_expiry_date", "2026-06-01"),
            ("employment_start_date", "2026-11-21"),
            ("date_of_birth", "1900-01-01"),
        ] {
            let mut values = good();
            values.insert(field.into(), value.into());
            let problems = read(&values, day("2026-11-20")).unwrap_err();
            assert!(problems.of(field).is_some(), "{field} = {value}: {problems:?}");
        }
    }

    #[test]
    fn eighteen_years_count_to_the_day() {
        assert!(!is_of_age(day("2008-11-21"), day("2026-11-20")));
        assert!(is_of_age(day("2008-11-20"), day("2026-11-20")));
        assert!(!is_of_age(day("2008-02-29"), day("2026-02-28")), "who was born on a leap day");
        assert!(is_of_age(day("2008-02-29"), day("2026-03-01")));
    }

    #[test]
    fn each_guard_stands_alone() {
        let today = day("2026-11-20");
        let taster = read(&good(), today).unwrap();
        for (changed, text_id) in [
            (Taster { employed_since: day("2018-02-27"), ..taster.clone() }, "taster-refusal-age"),
            (Taster { qualification: Qualification::Certificate, ..taster.clone() }, "taster-refusal-qualification"),
            (Taster { expires_on: day("2026-11-19"), ..taster.clone() }, "taster-refusal-expired"),
            (Taster { is_exclusive: false, ..taster.clone() }, "taster-refusal-exclusive"),
            (Taster { elsewhere: 1, ..taster.clone() }, "taster-refusal-elsewhere"),
        ] {
            let refusals = against_granting(&changed, today);
            assert_eq!(refusals.iter().map(Refusal::text_id).collect::<Vec<_>>(), [text_id]);
        }
        assert_eq!(against_granting(&Taster { expires_on: today, ..taster }, today), []);
    }
}
