//! Requests for certificates as the product sees them, and what is decided about them.

use chrono::{DateTime, Utc};
use jebena_signer::authority::{ACT_LASTS, Act, ApprovalRule, What};
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::protocol::RequestFacts;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use super::rules::Ballot;
use crate::codes::coded_enum;
use crate::ids::{OrganizationId, UserId};

/// How a request, or an act, stands with the signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestStatus {
    /// Nobody has decided for good.
    Pending,
    /// Enough have approved; its certificate is being issued.
    Approved,
    /// Somebody said no.
    Rejected,
    /// There is its certificate.
    Fulfilled,
    /// Nobody has decided in time.
    Expired,
    /// Who asked gave it up.
    Cancelled,
    /// Of acts: the signer refuses it for good.
    Refused,
}

impl RequestStatus {
    /// The status of the signer's word.
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "pending" => Self::Pending,
            "approved" => Self::Approved,
            "rejected" => Self::Rejected,
            "fulfilled" => Self::Fulfilled,
            "expired" => Self::Expired,
            "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }
}

coded_enum! {
    /// What somebody says about a request.
    Verdict {
        /// It shall be issued.
        Approved = "APPROVED",
        /// It shall not.
        Rejected = "REJECTED",
        /// Who asked does not want it any more.
        Withdrawn = "WITHDRAWN",
    }
}

/// The number of an organisation in its certificates (organizationIdentifier, EN 319 412-1): of the national trade register, where its
/// code here stands for it.
pub(crate) fn organization_identifier(code: &str) -> String {
    format!("NTRET-{code}")
}

/// What its certificate calls the seal of an organisation, unless somebody wishes otherwise.
pub(crate) fn seal_name(code: &str) -> String {
    format!("Seal of {code}")
}

/// What the key of a seal does.
pub(crate) fn seal_policy() -> AccessPolicy {
    AccessPolicy::of(&[Operation::SealPaper, Operation::SignDocument])
}

/// A request for a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub profile: Profile,
    /// As the certificate will name its holder.
    pub subject: String,
    pub is_made_here: bool,
    /// What has to be approved: SHA-256 over all that will be issued.
    pub digest: [u8; 32],
    pub validity_days: i32,
    pub status: RequestStatus,
    pub rejection_reason: Option<String>,
    pub certificate: Option<Uuid>,
    pub requester: UserId,
    pub asked_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// By how many it has to be approved, and by whom.
    pub rule: ApprovalRule,
}

impl Asked {
    /// A request as the signer tells of it; none where it is of nobody here, or in a state that is not known.
    pub fn of(facts: RequestFacts) -> Option<Self> {
        Some(Self {
            id: facts.request_id,
            organization: OrganizationId(facts.organization?),
            profile: facts.profile,
            subject: facts.subject,
            is_made_here: facts.is_made_here,
            digest: facts.digest.0.try_into().ok()?,
            validity_days: facts.validity_days,
            status: RequestStatus::from_word(&facts.status)?,
            rejection_reason: facts.rejection_reason,
            certificate: facts.certificate_id,
            requester: UserId(facts.requester?),
            asked_at: facts.requested_at,
            changed_at: facts.changed_at,
            rule: facts.approval,
        })
    }

    /// What those who decide look at.
    pub fn ballot(&self) -> Ballot {
        Ballot {
            id: self.id,
            organization: self.organization,
            requester: self.requester,
            asking: self.organization,
            rule: self.rule.clone(),
            needed: self.rule.approvals_needed.into(),
            digest: self.digest,
            status: self.status,
        }
    }

    /// Whether a certificate may still come of it.
    pub const fn is_open(&self) -> bool {
        matches!(self.status, RequestStatus::Pending | RequestStatus::Approved)
    }
}

/// A decision about a request, or an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub id: Uuid,
    pub request: Uuid,
    pub digest: Vec<u8>,
    pub verdict: Verdict,
    pub approver: UserId,
    pub organization: OrganizationId,
    pub reason: Option<String>,
    pub decided_at: DateTime<Utc>,
}

coded_enum! {
    /// What is to become of a certificate, or of its key.
    ActKind {
        /// Out of force until it is reinstated or revoked.
        Suspend = "SUSPEND",
        /// In force again.
        Reinstate = "REINSTATE",
        /// Out of force for good.
        Revoke = "REVOKE",
        /// Its key is handed to its holder.
        ExportKey = "EXPORT_KEY",
    }
}

coded_enum! {
    /// Why a certificate of an organisation is revoked (RFC 5280).
    RevocationReason {
        /// Somebody else has the key, or may have.
        KeyCompromise = "KEY_COMPROMISE",
        /// Its holder belongs elsewhere now.
        AffiliationChanged = "AFFILIATION_CHANGED",
        /// Another stands in its place.
        Superseded = "SUPERSEDED",
        /// It is not used any more.
        CessationOfOperation = "CESSATION_OF_OPERATION",
        /// Its holder may not seal any more.
        PrivilegeWithdrawn = "PRIVILEGE_WITHDRAWN",
    }
}

impl ActKind {
    /// As the signer is told; reason and day count for a revocation alone.
    const fn what(self, reason: Reason, invalid_from: Option<DateTime<Utc>>) -> What {
        match self {
            Self::Suspend => What::Suspend {},
            Self::Reinstate => What::Reinstate {},
            Self::Revoke => What::Revoke { reason, invalid_from },
            Self::ExportKey => What::ExportKey {},
        }
    }

    /// How many others have to approve, as the signer counts them.
    pub(super) fn approvals_needed(self, rule: &ApprovalRule) -> i16 {
        let needed = self.what(Reason::Unspecified, None).approvals_needed(rule);
        i16::try_from(needed).unwrap_or(i16::MAX)
    }
}

impl RevocationReason {
    const fn as_the_signer_has_it(self) -> Reason {
        match self {
            Self::KeyCompromise => Reason::KeyCompromise,
            Self::AffiliationChanged => Reason::AffiliationChanged,
            Self::Superseded => Reason::Superseded,
            Self::CessationOfOperation => Reason::CessationOfOperation,
            Self::PrivilegeWithdrawn => Reason::PrivilegeWithdrawn,
        }
    }
}

/// What somebody asks to become of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskedAct {
    pub id: Uuid,
    pub certificate: Uuid,
    /// Whose certificate it is.
    pub organization: OrganizationId,
    pub kind: ActKind,
    /// Of a revocation.
    pub reason: Option<RevocationReason>,
    /// Of a revocation: from when on signatures are not to be relied on, where that is earlier.
    pub invalid_from: Option<DateTime<Utc>>,
    pub why: String,
    pub requester: UserId,
    /// For which organisation.
    pub asking: OrganizationId,
    /// The rule of approval as it was when it was asked for.
    pub rule: i32,
    pub needed: i16,
    pub approvers: Vec<Uuid>,
    pub asked_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    /// When the signer had refused it for good.
    pub refused_at: Option<DateTime<Utc>>,
}

impl AskedAct {
    /// As the signer is told.
    pub fn act(&self) -> Act {
        let reason = self.reason.map_or(Reason::Unspecified, RevocationReason::as_the_signer_has_it);
        Act {
            act_id: self.id,
            certificate_id: self.certificate,
            what: self.kind.what(reason, self.invalid_from),
            requester: self.requester.0,
            organization: self.asking.0,
            rule: self.rule,
            requested_at: self.asked_at,
        }
    }

    /// How it stands with the signer, as far as that was told here.
    pub fn status(&self, now: DateTime<Utc>) -> RequestStatus {
        match (self.done_at, self.refused_at) {
            (Some(_), _) => RequestStatus::Fulfilled,
            (None, Some(_)) => RequestStatus::Refused,
            (None, None) if now - self.asked_at > ACT_LASTS => RequestStatus::Expired,
            (None, None) => RequestStatus::Pending,
        }
    }

    /// What those who decide look at.
    pub fn ballot(&self, now: DateTime<Utc>) -> Ballot {
        let needed = self.needed.unsigned_abs();
        let rule = ApprovalRule { version: self.rule, approvals_needed: needed, approvers: self.approvers.clone() };
        Ballot {
            id: self.id,
            organization: self.organization,
            requester: self.requester,
            asking: self.asking,
            rule,
            needed: needed.into(),
            digest: self.act().digest(),
            status: self.status(now),
        }
    }
}
