//! The acts that all grants have in common, as data.

use crate::audit::Severity;
use crate::auth::{OrganizationKind, Permission};
use crate::review::{Act, Answer};
use crate::workflow::Limit;

/// How long an application may wait (domain 2.12).
pub const LIMIT: Limit = Limit { warn_days: 3, late_days: 5 };

const APPLICANT: &[OrganizationKind] = &[OrganizationKind::Exporter];
const AUTHORITY: &[OrganizationKind] = &[OrganizationKind::Ecta];

/// What the acts of a kind are called in the record (domain 5.9).
#[derive(Debug, Clone, Copy)]
pub struct GrantEvents {
    /// Handed in, and handed in again.
    pub submitted: [&'static str; 2],
    /// Granted, refused, questioned.
    pub decided: [&'static str; 3],
    /// Suspended, reinstated, revoked, expired.
    pub ended: [&'static str; 4],
}

/// The acts of what is granted for a time, decided on by who holds `decide`.
#[must_use]
pub const fn grant_acts(decide: Permission, events: GrantEvents) -> [Act; 9] {
    let apply = Permission::ApplyToExport;
    let [submitted, resubmitted] = events.submitted;
    let [approved, rejected, returned] = events.decided;
    let [suspended, reinstated, revoked, expired] = events.ended;
    [
        applicant("submit", &[""], "PENDING", apply, submitted),
        applicant("resubmit", &["REJECTED", "RETURNED"], "PENDING", apply, resubmitted),
        desk("approve", &["PENDING"], "ACTIVE", decide, Answer::Approve, approved, Severity::High),
        desk("reject", &["PENDING"], "REJECTED", decide, Answer::Reject, rejected, Severity::High),
        desk("return", &["PENDING"], "RETURNED", decide, Answer::Return, returned, Severity::Medium),
        ending("suspend", &["ACTIVE"], "SUSPENDED", suspended),
        ending("reinstate", &["SUSPENDED"], "ACTIVE", reinstated),
        ending("revoke", &["ACTIVE", "SUSPENDED"], "REVOKED", revoked),
        desk(
            "expire",
            &["ACTIVE", "SUSPENDED"],
            "EXPIRED",
            Permission::SuspendRegistrations,
            Answer::ByTime,
            expired,
            Severity::Medium,
        ),
    ]
}

/// An act of the applicant.
pub(in crate::registration) const fn applicant(
    code: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    needs: Permission,
    event: &'static str,
) -> Act {
    Act { code, from, to: Some(to), by: APPLICANT, needs, answer: Answer::Submit, event, severity: Severity::Medium }
}

/// An act of the authority's desk.
pub(in crate::registration) const fn desk(
    code: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    needs: Permission,
    answer: Answer,
    event: &'static str,
    severity: Severity,
) -> Act {
    Act { code, from, to: Some(to), by: AUTHORITY, needs, answer, event, severity }
}

/// An act of the authority's supervisor on what was granted.
pub(in crate::registration) const fn ending(
    code: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    event: &'static str,
) -> Act {
    let needs = Permission::SuspendRegistrations;
    desk(code, from, to, needs, Answer::WithReason, event, Severity::Critical)
}

/// An act of the authority's desk that moves nothing.
pub(in crate::registration) const fn beside(
    code: &'static str,
    from: &'static [&'static str],
    needs: Permission,
    event: &'static str,
) -> Act {
    Act { code, from, to: None, by: AUTHORITY, needs, answer: Answer::Other, event, severity: Severity::High }
}
