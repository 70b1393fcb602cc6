//! The acts on a profile, and what stands against them. Pure.

use rust_decimal::Decimal;

use super::model::{BusinessType, Profile};
use crate::audit::Severity;
use crate::auth::{Actor, Permission};
use crate::quantities::grouped_fixed;
use crate::registration::applications::{Case, LIMIT, applicant, beside, desk, ending};
use crate::review::{Act, Answer, Refusal, SubjectKind, Workflow};

/// The acts on a profile (domain 2.1).
pub static WORKFLOW: Workflow = Workflow {
    subject: SubjectKind::Profile,
    states: "profile-state",
    waiting: &[("PENDING_APPROVAL", LIMIT)],
    acts: &ACTS,
};

const WAITING: &[&str] = &["PENDING_APPROVAL"];
const DECIDE: Permission = Permission::DecideProfiles;

static ACTS: [Act; 10] = [
    applicant("submit", &[""], "PENDING_APPROVAL", Permission::ApplyToExport, "PROFILE_SUBMITTED"),
    applicant(
        "resubmit",
        &["REJECTED", "RETURNED"],
        "PENDING_APPROVAL",
        Permission::ApplyToExport,
        "PROFILE_RESUBMITTED",
    ),
    beside("verify-capital", &["PENDING_APPROVAL", "ACTIVE"], Permission::VerifyCapital, "CAPITAL_VERIFIED"),
    desk("approve", WAITING, "ACTIVE", DECIDE, Answer::Approve, "PROFILE_APPROVED", Severity::High),
    desk("reject", WAITING, "REJECTED", DECIDE, Answer::Reject, "PROFILE_REJECTED", Severity::High),
    desk("return", WAITING, "RETURNED", DECIDE, Answer::Return, "PROFILE_RETURNED", Severity::Medium),
    beside("give-code", &["ACTIVE"], DECIDE, "EXPORTER_CODE_GIVEN"),
    ending("suspend", &["ACTIVE"], "SUSPENDED", "PROFILE_SUSPENDED"),
    ending("reinstate", &["SUSPENDED"], "ACTIVE", "PROFILE_REINSTATED"),
    ending("revoke", &["ACTIVE", "SUSPENDED"], "REVOKED", "PROFILE_REVOKED"),
];

/// What stands against an act beyond the table: papers, the capital, and four eyes between who verifies the capital
/// and who approves (domain 2.1a).
#[must_use]
pub(super) fn against(case: &Case<Profile>, act: &Act, actor: &Actor) -> Vec<Refusal> {
    let (profile, person) = (&case.answers, Some(actor.user_id.0));
    match act.code {
        "approve" => {
            let mut refusals = Vec::new();
            if profile.noted.capital_verified_by == person {
                refusals.push(Refusal::forbidden("profile-refusal-verified-by-you", Vec::new()));
            }
            refusals.extend(crate::registration::applications::missing(profile.business_type.asked(), case));
            refusals.extend(against_capital(profile, case.facts.threshold));
            refusals
        }
        "verify-capital" if profile.business_type == BusinessType::Farmer => {
            vec![Refusal::rule("profile-refusal-farmer-capital", Vec::new())]
        }
        "verify-capital" if profile.noted.approved_by == person => {
            vec![Refusal::forbidden("profile-refusal-approved-by-you", Vec::new())]
        }
        _ => Vec::new(),
    }
}

/// What stands against the capital: it is verified, and reaches the threshold of the day.
fn against_capital(profile: &Profile, threshold: Option<Decimal>) -> Option<Refusal> {
    if profile.business_type == BusinessType::Farmer {
        return None;
    }
    match (profile.noted.verified_capital, threshold) {
        (None, _) => Some(Refusal::rule("profile-refusal-capital-unverified", Vec::new())),
        (Some(_), None) => Some(Refusal::rule("profile-refusal-no-threshold", Vec::new())),
        (Some(verified), Some(threshold)) if verified < threshold => Some(Refusal::rule(
            "profile-refusal-capital-below",
            vec![("verified", grouped_fixed(verified, 2)), ("threshold", grouped_fixed(threshold, 2))],
        )),
        (Some(_), Some(_)) => None,
    }
}
