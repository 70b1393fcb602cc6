//! Requests for certificates as the product sees them, and what is decided about them.

use chrono::{DateTime, Utc};
use jebena_signer::authority::ApprovalRule;
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::protocol::RequestFacts;
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::ids::{OrganizationId, UserId};

/// How a request stands with the signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestStatus {
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

    /// Whether a certificate may still come of it.
    pub const fn is_open(&self) -> bool {
        matches!(self.status, RequestStatus::Pending | RequestStatus::Approved)
    }
}

/// A decision about a request.
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
