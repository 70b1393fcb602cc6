//! What a certificate is worth on a day, who sees it, and who may decide about a request. Pure.

mod findings;
mod ladder;
mod outage;

use chrono::{DateTime, Utc};
use jebena_signer::protocol::Revocation;
use jebena_signer::x509::list::Reason;

pub(super) use self::findings::{Finding, Terms, at, is_list_overdue, is_overdue, of_alarm, of_keys, of_list};
pub(super) use self::ladder::{OVER, due, is_for_approvers};
pub(super) use self::outage::{Outage, Turn, turn_of};
use super::model::{Asked, Decision, RequestStatus, Verdict};
use crate::audit::Severity;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::codes::coded_enum;
use crate::ids::{OrganizationId, UserId};

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

/// Why somebody does not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Who asked does not approve.
    Requester,
    /// Nobody approves what their own organisation asks for.
    OwnOrganization,
    /// The rule names other organisations.
    NotAnApprover,
    /// The person has decided already.
    SamePerson,
    /// Somebody of the organisation has decided already.
    SameOrganization,
    /// What was approved is not what will be issued.
    OtherDigest,
    /// It is decided.
    Closed,
    /// Only who asked gives it up.
    NotTheirs,
}

impl Refusal {
    /// Its word on record and in the texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requester => "REQUESTER",
            Self::OwnOrganization => "OWN_ORGANIZATION",
            Self::NotAnApprover => "NOT_AN_APPROVER",
            Self::SamePerson => "SAME_PERSON",
            Self::SameOrganization => "SAME_ORGANIZATION",
            Self::OtherDigest => "OTHER_DIGEST",
            Self::Closed => "CLOSED",
            Self::NotTheirs => "NOT_THEIRS",
        }
    }
}

impl Refusal {
    /// How grave it is that somebody tried: to come late is nothing of the kind.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Closed => Severity::Low,
            Self::Requester
            | Self::OwnOrganization
            | Self::NotAnApprover
            | Self::SamePerson
            | Self::SameOrganization
            | Self::OtherDigest
            | Self::NotTheirs => Severity::Critical,
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// Whether `person` may decide for `organization` about exactly `digest`. That two people of two organisations are not one looks at
/// what was decided before.
pub(super) fn may_decide(
    asked: &Asked,
    decisions: &[Decision],
    (person, organization): (UserId, OrganizationId),
    digest: &[u8],
) -> Result<(), Refusal> {
    if asked.requester == person {
        return Err(Refusal::Requester);
    }
    if asked.organization == organization {
        return Err(Refusal::OwnOrganization);
    }
    if !asked.rule.may_approve(organization.0) {
        return Err(Refusal::NotAnApprover);
    }
    if decisions.iter().any(|decision| decision.approver == person) {
        return Err(Refusal::SamePerson);
    }
    if decisions.iter().any(|decision| decision.organization == organization) {
        return Err(Refusal::SameOrganization);
    }
    if standing(asked, decisions) != Standing::Open {
        return Err(Refusal::Closed);
    }
    if digest != asked.digest {
        return Err(Refusal::OtherDigest);
    }
    Ok(())
}

/// Whether `person` may give the request up.
pub(super) fn may_withdraw(asked: &Asked, decisions: &[Decision], person: UserId) -> Result<(), Refusal> {
    if asked.requester != person {
        return Err(Refusal::NotTheirs);
    }
    if standing(asked, decisions) == Standing::Open { Ok(()) } else { Err(Refusal::Closed) }
}

coded_enum! {
    /// How a request stands, by what the signer and the decisions here say together.
    Standing {
        /// It waits for decisions.
        Open = "OPEN",
        /// Enough have approved: the signer is asked for the certificate.
        Issuing = "ISSUING",
        /// There is the certificate.
        Issued = "ISSUED",
        /// Somebody said no.
        Rejected = "REJECTED",
        /// Who asked gave it up.
        Withdrawn = "WITHDRAWN",
        /// Nobody has decided in time.
        Expired = "EXPIRED",
    }
}

/// How it stands. What is decided here counts at once, also while the signer has not been told.
pub(super) fn standing(asked: &Asked, decisions: &[Decision]) -> Standing {
    let ended = decisions.iter().find(|decision| decision.verdict != Verdict::Approved).map(|end| end.verdict);
    match (asked.status, ended) {
        (RequestStatus::Fulfilled, _) => Standing::Issued,
        (RequestStatus::Rejected, _) => Standing::Rejected,
        (RequestStatus::Cancelled, _) => Standing::Withdrawn,
        (RequestStatus::Expired, _) => Standing::Expired,
        (RequestStatus::Approved, _) => Standing::Issuing,
        (RequestStatus::Pending, Some(Verdict::Rejected)) => Standing::Rejected,
        (RequestStatus::Pending, Some(Verdict::Withdrawn)) => Standing::Withdrawn,
        (RequestStatus::Pending, Some(Verdict::Approved) | None) => {
            if approvals(asked, decisions) >= asked.rule.approvals_needed.into() {
                Standing::Issuing
            } else {
                Standing::Open
            }
        }
    }
}

/// How many have approved exactly what will be issued.
pub(super) fn approvals(asked: &Asked, decisions: &[Decision]) -> usize {
    decisions.iter().filter(|one| one.verdict == Verdict::Approved && one.digest == asked.digest).count()
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use jebena_signer::x509::profile::Profile;
    use uuid::Uuid;

    use jebena_signer::authority::ApprovalRule;

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

    const DIGEST: [u8; 32] = [7; 32];

    fn of(number: u128) -> (UserId, OrganizationId) {
        (UserId(Uuid::from_u128(number)), OrganizationId(Uuid::from_u128(100 + number / 10)))
    }

    /// Asked by person 11 of organisation 101; two of other organisations have to approve.
    fn asked() -> Asked {
        let (requester, organization) = of(11);
        Asked {
            id: Uuid::from_u128(1),
            organization,
            profile: Profile::OrganizationSeal,
            subject: "CN=Seal of X".to_owned(),
            is_made_here: true,
            digest: DIGEST,
            validity_days: 365,
            status: RequestStatus::Pending,
            rejection_reason: None,
            certificate: None,
            requester,
            asked_at: at("2026-11-29T12:00:00Z"),
            changed_at: at("2026-11-29T12:00:00Z"),
            rule: ApprovalRule { version: 1, approvals_needed: 2, approvers: Vec::new() },
        }
    }

    fn decided(number: u128, verdict: Verdict) -> Decision {
        let (approver, organization) = of(number);
        Decision {
            id: Uuid::from_u128(1_000 + number),
            request: Uuid::from_u128(1),
            digest: DIGEST.to_vec(),
            verdict,
            approver,
            organization,
            reason: None,
            decided_at: at("2026-11-29T12:00:00Z") + Duration::minutes(1),
        }
    }

    #[test]
    fn two_people_of_two_other_organisations_approve_and_nobody_twice() {
        let asked = asked();
        let may = |number, decisions: &[Decision]| may_decide(&asked, decisions, of(number), &DIGEST);
        assert_eq!(may(11, &[]), Err(Refusal::Requester));
        assert_eq!(may(12, &[]), Err(Refusal::OwnOrganization));
        assert_eq!(may(21, &[]), Ok(()));
        let one = [decided(21, Verdict::Approved)];
        assert_eq!(may(21, &one), Err(Refusal::SamePerson));
        assert_eq!(may(22, &one), Err(Refusal::SameOrganization));
        assert_eq!(may(31, &one), Ok(()));
        assert_eq!(may_decide(&asked, &one, of(31), &[8; 32]), Err(Refusal::OtherDigest));
        let both = [decided(21, Verdict::Approved), decided(31, Verdict::Approved)];
        assert_eq!(may(41, &both), Err(Refusal::Closed));
        assert_eq!(may(31, &both), Err(Refusal::SamePerson), "replayed");
    }

    #[test]
    fn a_rule_may_name_who_approves() {
        let mut asked = asked();
        asked.rule = ApprovalRule { version: 2, approvals_needed: 1, approvers: vec![of(31).1.0] };
        assert_eq!(may_decide(&asked, &[], of(21), &DIGEST), Err(Refusal::NotAnApprover));
        assert_eq!(may_decide(&asked, &[], of(31), &DIGEST), Ok(()));
        assert_eq!(standing(&asked, &[decided(31, Verdict::Approved)]), Standing::Issuing);
    }

    #[test]
    fn a_request_stands_as_signer_and_decisions_say() {
        let open = asked();
        assert_eq!(standing(&open, &[]), Standing::Open);
        assert_eq!(standing(&open, &[decided(21, Verdict::Approved)]), Standing::Open);
        let both = [decided(21, Verdict::Approved), decided(31, Verdict::Approved)];
        assert_eq!(standing(&open, &both), Standing::Issuing);
        let other = Decision { digest: vec![8; 32], ..decided(31, Verdict::Approved) };
        assert_eq!(
            standing(&open, &[decided(21, Verdict::Approved), other]),
            Standing::Open,
            "approved something else"
        );
        assert_eq!(standing(&open, &[decided(21, Verdict::Rejected)]), Standing::Rejected);
        assert_eq!(standing(&open, &[decided(11, Verdict::Withdrawn)]), Standing::Withdrawn);
        for (status, expected) in [
            (RequestStatus::Approved, Standing::Issuing),
            (RequestStatus::Fulfilled, Standing::Issued),
            (RequestStatus::Rejected, Standing::Rejected),
            (RequestStatus::Cancelled, Standing::Withdrawn),
            (RequestStatus::Expired, Standing::Expired),
        ] {
            assert_eq!(standing(&Asked { status, ..asked() }, &both), expected);
        }
    }

    #[test]
    fn who_asked_gives_it_up_and_nobody_else() {
        let asked = asked();
        assert_eq!(may_withdraw(&asked, &[], of(11).0), Ok(()));
        assert_eq!(may_withdraw(&asked, &[], of(12).0), Err(Refusal::NotTheirs));
        assert_eq!(may_withdraw(&asked, &[decided(21, Verdict::Rejected)], of(11).0), Err(Refusal::Closed));
    }
}
