//! Who may decide about what several people of several organisations decide, and how that stands. Pure.

use jebena_signer::authority::ApprovalRule;
use uuid::Uuid;

use crate::audit::Severity;
use crate::codes::coded_enum;
use crate::ids::{OrganizationId, UserId};
use crate::pki::model::{Decision, RequestStatus, Verdict};

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

/// What several people decide, seen from those who do: a request, or an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Its id, under which decisions lie.
    pub id: Uuid,
    /// Whose certificate it is about.
    pub organization: OrganizationId,
    /// Who asks.
    pub requester: UserId,
    /// For which organisation.
    pub asking: OrganizationId,
    /// Who may decide.
    pub rule: ApprovalRule,
    /// How many have to approve, each for another organisation.
    pub needed: usize,
    /// What has to be approved.
    pub digest: [u8; 32],
    /// How it stands with the signer.
    pub status: RequestStatus,
}

/// Whether `person` may decide for `organization` about exactly `digest`. That two people of two organisations are not one looks at
/// what was decided before.
pub(in crate::pki) fn may_decide(
    ballot: &Ballot,
    decisions: &[Decision],
    (person, organization): (UserId, OrganizationId),
    digest: &[u8],
) -> Result<(), Refusal> {
    if ballot.requester == person {
        return Err(Refusal::Requester);
    }
    if [ballot.organization, ballot.asking].contains(&organization) {
        return Err(Refusal::OwnOrganization);
    }
    if !ballot.rule.may_approve(organization.0) {
        return Err(Refusal::NotAnApprover);
    }
    if decisions.iter().any(|decision| decision.approver == person) {
        return Err(Refusal::SamePerson);
    }
    if decisions.iter().any(|decision| decision.organization == organization) {
        return Err(Refusal::SameOrganization);
    }
    if standing(ballot, decisions) != Standing::Open {
        return Err(Refusal::Closed);
    }
    if digest != ballot.digest {
        return Err(Refusal::OtherDigest);
    }
    Ok(())
}

/// Whether `person` may give it up.
pub(in crate::pki) fn may_withdraw(ballot: &Ballot, decisions: &[Decision], person: UserId) -> Result<(), Refusal> {
    if ballot.requester != person {
        return Err(Refusal::NotTheirs);
    }
    if standing(ballot, decisions) == Standing::Open { Ok(()) } else { Err(Refusal::Closed) }
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
        /// It was decided, and could not be done.
        Failed = "FAILED",
    }
}

/// How it stands. What is decided here counts at once, also while the signer has not been told.
pub(in crate::pki) fn standing(ballot: &Ballot, decisions: &[Decision]) -> Standing {
    let ended = decisions.iter().find(|decision| decision.verdict != Verdict::Approved).map(|end| end.verdict);
    match (ballot.status, ended) {
        (RequestStatus::Fulfilled, _) => Standing::Issued,
        (RequestStatus::Rejected, _) => Standing::Rejected,
        (RequestStatus::Cancelled, _) => Standing::Withdrawn,
        (RequestStatus::Expired, _) => Standing::Expired,
        (RequestStatus::Refused, _) => Standing::Failed,
        (RequestStatus::Approved, _) => Standing::Issuing,
        (RequestStatus::Pending, Some(Verdict::Rejected)) => Standing::Rejected,
        (RequestStatus::Pending, Some(Verdict::Withdrawn)) => Standing::Withdrawn,
        (RequestStatus::Pending, Some(Verdict::Approved) | None) => {
            if approvals(ballot, decisions) >= ballot.needed {
                Standing::Issuing
            } else {
                Standing::Open
            }
        }
    }
}

/// How many have approved exactly this.
pub(in crate::pki) fn approvals(ballot: &Ballot, decisions: &[Decision]) -> usize {
    decisions.iter().filter(|one| one.verdict == Verdict::Approved && one.digest == ballot.digest).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: [u8; 32] = [7; 32];

    fn of(number: u128) -> (UserId, OrganizationId) {
        (UserId(Uuid::from_u128(number)), OrganizationId(Uuid::from_u128(100 + number / 10)))
    }

    /// Asked by person 11 of organisation 101; two of other organisations have to approve.
    fn asked() -> Ballot {
        let (requester, organization) = of(11);
        Ballot {
            id: Uuid::from_u128(1),
            organization,
            requester,
            asking: organization,
            rule: ApprovalRule { version: 1, approvals_needed: 2, approvers: Vec::new() },
            needed: 2,
            digest: DIGEST,
            status: RequestStatus::Pending,
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
            decided_at: chrono::DateTime::UNIX_EPOCH,
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
        asked.needed = 1;
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
            (RequestStatus::Refused, Standing::Failed),
        ] {
            assert_eq!(standing(&Ballot { status, ..asked() }, &both), expected);
        }
    }

    #[test]
    fn who_asked_gives_it_up_and_nobody_else() {
        let asked = asked();
        assert_eq!(may_withdraw(&asked, &[], of(11).0), Ok(()));
        assert_eq!(may_withdraw(&asked, &[], of(12).0), Err(Refusal::NotTheirs));
        assert_eq!(may_withdraw(&asked, &[decided(21, Verdict::Rejected)], of(11).0), Err(Refusal::Closed));
    }

    #[test]
    fn who_asks_for_anothers_certificate_does_not_approve_it_and_neither_does_its_holder() {
        // Organisation 102 asks for the revocation of 101's.
        let (requester, asking) = of(21);
        let ballot = Ballot { requester, asking, needed: 1, ..asked() };
        let may = |number| may_decide(&ballot, &[], of(number), &DIGEST);
        assert_eq!((may(21), may(22)), (Err(Refusal::Requester), Err(Refusal::OwnOrganization)));
        assert_eq!((may(11), may(31)), (Err(Refusal::OwnOrganization), Ok(())));
        assert_eq!(standing(&ballot, &[decided(31, Verdict::Approved)]), Standing::Issuing);
        let alone = Ballot { needed: 0, ..ballot };
        assert_eq!(standing(&alone, &[]), Standing::Issuing, "one person suspends");
    }
}
