//! What a certificate is worth on a day, who sees it, and who may decide about a request. Pure.

mod acts;
mod ballot;
mod findings;
mod ladder;
mod outage;

use chrono::{DateTime, Utc};
use jebena_signer::protocol::Revocation;
use jebena_signer::x509::list::Reason;

pub(super) use self::acts::{NotNow, may_ask};
pub use self::ballot::{Ballot, Refusal};
pub(super) use self::ballot::{Standing, approvals, may_decide, may_withdraw, standing};
pub(super) use self::findings::{Finding, Terms, at, is_list_overdue, is_overdue, of_alarm, of_keys, of_list};
pub(super) use self::ladder::{OVER, due, is_for_approvers};
pub(super) use self::outage::{Outage, Turn, turn_of};
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::codes::coded_enum;
use crate::ids::OrganizationId;

/// At how many days before its end a certificate is spoken of, the first time and the last.
pub(super) const RUNGS: [i64; 6] = [90, 60, 30, 14, 7, 1];

coded_enum! {
    /// What a certificate is worth at a moment.
    State {
        /// It holds.
        InForce = "IN_FORCE",
        /// It holds, and ends within ninety days.
        Ending = "ENDING",
        /// Its time is still to come.
        NotYet = "NOT_YET",
        /// It is out of force, and may come back.
        Suspended = "SUSPENDED",
        /// It is out of force for good.
        Revoked = "REVOKED",
        /// Its time is over.
        Expired = "EXPIRED",
    }
}

impl State {
    /// Whether what is signed now holds.
    pub const fn holds(self) -> bool {
        matches!(self, Self::InForce | Self::Ending)
    }
}

/// What a certificate is worth at `now`. What is revoked stays revoked when its time is over.
pub(crate) fn state(
    (not_before, not_after): (DateTime<Utc>, DateTime<Utc>),
    revocation: Option<Revocation>,
    now: DateTime<Utc>,
) -> State {
    match revocation {
        Some(revocation) if revocation.reason != Reason::CertificateHold => State::Revoked,
        _ if now >= not_after => State::Expired,
        Some(_) => State::Suspended,
        None if now < not_before => State::NotYet,
        None if rung((not_before, not_after), now).is_some() => State::Ending,
        None => State::InForce,
    }
}

/// Days until the end, as a calendar in Addis Ababa counts them; below zero when it is over.
pub(super) fn days_left(not_after: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (eat_date(not_after) - eat_date(now)).num_days()
}

/// Which of [`RUNGS`] has come at `now`. Of what lives for months alone the early ones do not count: it would be about to end from its first
/// day on.
pub(super) fn rung((not_before, not_after): (DateTime<Utc>, DateTime<Utc>), now: DateTime<Utc>) -> Option<i64> {
    let (life, days) = ((not_after - not_before).num_days(), days_left(not_after, now));
    RUNGS.into_iter().rev().find(|rung| days <= *rung && 2 * rung <= life)
}

/// Whether what belongs to `organization`, or to the consortium itself, is shown to `viewer`.
pub(super) fn may_see(viewer: &Actor, organization: Option<OrganizationId>) -> bool {
    viewer.may(Permission::ViewAllCertificates) || organization == Some(viewer.organization.id)
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_is_worth_on_a_day_what_its_time_and_its_revocation_say() {
        let (from, until) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let bare = |now: &str| state((from, until), None, at(now));
        assert_eq!(bare("2025-12-31T23:59:59Z"), State::NotYet);
        assert_eq!(bare("2026-01-01T00:00:00Z"), State::InForce);
        assert_eq!(bare("2026-10-02T12:00:00Z"), State::InForce, "ninety-one days");
        assert_eq!(bare("2026-10-03T12:00:00Z"), State::Ending, "ninety days");
        assert_eq!(bare("2026-12-31T23:59:59Z"), State::Ending);
        assert_eq!(bare("2027-01-01T00:00:00Z"), State::Expired);
        let with = |reason, now: &str| {
            let revocation = Revocation { at: from, reason, invalid_from: None };
            state((from, until), Some(revocation), at(now))
        };
        assert_eq!(with(Reason::CertificateHold, "2026-06-01T00:00:00Z"), State::Suspended);
        assert_eq!(with(Reason::CertificateHold, "2027-06-01T00:00:00Z"), State::Expired);
        assert_eq!(with(Reason::KeyCompromise, "2026-06-01T00:00:00Z"), State::Revoked);
        assert_eq!(with(Reason::Superseded, "2027-06-01T00:00:00Z"), State::Revoked);
        assert!(State::Ending.holds() && !State::Suspended.holds());
    }

    #[test]
    fn days_are_those_of_addis_ababa_and_the_ladder_has_six_rungs() {
        // 22:00 in London is the next day there.
        assert_eq!(days_left(at("2026-12-02T22:00:00Z"), at("2026-12-02T12:00:00Z")), 1);
        assert_eq!(days_left(at("2026-12-02T20:00:00Z"), at("2026-12-02T12:00:00Z")), 0);
        let until = at("2027-01-01T12:00:00Z");
        let came = |days, life| rung((until - Duration::days(life), until), until - Duration::days(days));
        for (days, expected) in [
            (91, None),
            (90, Some(90)),
            (61, Some(90)),
            (60, Some(60)),
            (15, Some(30)),
            (14, Some(14)),
            (2, Some(7)),
            (1, Some(1)),
            (0, Some(1)),
        ] {
            assert_eq!(came(days, 365), expected, "{days}");
        }
        assert_eq!((came(90, 90), came(31, 90), came(30, 90)), (None, None, Some(30)), "of three months");
    }
}
