//! The ceremony that sets the authority up, from one file that was reviewed: root, issuing authority, and the consortium's own
//! certificates.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::authority::{ApprovalRule, Authority, AuthorityError, Issued, Order};
use crate::policy::{AccessPolicy, Operation};
use crate::x509::name::Subject;
use crate::x509::profile::Profile;

/// What is made; the file is TOML.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// O of all of the consortium's certificates.
    pub organization: String,
    /// organizationIdentifier, where the consortium has one.
    pub organization_identifier: Option<String>,
    /// CN of the root.
    pub root: String,
    /// CN of the issuing authority.
    pub issuing: String,
    /// Years of the root.
    #[serde(default = "years_of_root")]
    pub root_years: i64,
    /// Years of the issuing authority.
    #[serde(default = "years_of_issuing")]
    pub issuing_years: i64,
    /// Whether the root is issued by somebody else: the ceremony makes its key and a request first, and goes on with the certificate.
    #[serde(default)]
    pub subordinate: bool,
    /// Who approves requests for certificates. Without it the rule stays as it is: at first two, of any two organisations.
    pub approval: Option<ApprovalPlan>,
    /// SHA-256 of the file that was reviewed.
    #[serde(skip)]
    pub sha256: [u8; 32],
}

/// How many organisations have to approve a request, and which may.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalPlan {
    /// People of as many organisations; two at least.
    pub needed: u16,
    /// Each organisation that may, with the name by which it is reviewed; without them every one.
    #[serde(default)]
    pub by: BTreeMap<String, Uuid>,
}

const fn years_of_root() -> i64 {
    20
}

const fn years_of_issuing() -> i64 {
    10
}

/// What came of a ceremony: for the protocol that its witnesses sign.
#[derive(Debug)]
pub struct Transcript {
    /// Each certificate with its kind, in the order in which they were issued.
    pub issued: Vec<(Profile, Issued)>,
    /// The rule of approval, where the plan changed it.
    pub approval: Option<ApprovalRule>,
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let plan: Self = toml::from_str(text)?;
        Ok(Self { sha256: Sha256::digest(text).into(), ..plan })
    }

    fn order(&self, profile: Profile) -> Order {
        let (common_name, validity, operations) = match profile {
            Profile::RootCa => (
                self.root.clone(),
                Duration::days(self.root_years * 365),
                vec![Operation::IssueCertificate, Operation::SignRevocationList],
            ),
            Profile::IssuingCa => (
                self.issuing.clone(),
                Duration::days(self.issuing_years * 365),
                vec![Operation::IssueCertificate, Operation::SignRevocationList],
            ),
            Profile::OcspResponder => {
                (format!("{} OCSP", self.issuing), profile.longest(), vec![Operation::AnswerStatus])
            }
            Profile::TimeStamping => (format!("{} Time", self.issuing), profile.longest(), vec![Operation::StampTime]),
            _ => (format!("{} Trust List", self.issuing), profile.longest(), vec![Operation::SignTrustList]),
        };
        Order {
            profile,
            organization: None,
            person: None,
            subject: Subject {
                common_name,
                organization: self.organization.clone(),
                organization_identifier: self.organization_identifier.clone(),
            },
            validity,
            policy: AccessPolicy::of(&operations),
        }
    }
}

/// Makes the key of a root that somebody else issues, and the request (PKCS#10, DER) that goes to them.
///
/// # Errors
/// When there is a root already, or the database is away.
pub async fn request_root(authority: &Authority, plan: &Plan, now: DateTime<Utc>) -> Result<Vec<u8>, AuthorityError> {
    authority.request_root(&plan.order(Profile::RootCa), now).await
}

/// Takes the certificate of the root that came back, after which the ceremony can be held. Both are DER.
///
/// # Errors
/// As [`crate::authority::NotOurs`] says, when there is a root already, or the database is away.
pub async fn adopt_root(
    authority: &Authority,
    plan: &Plan,
    (certificate, issuer): (&[u8], &[u8]),
    now: DateTime<Utc>,
) -> Result<Issued, AuthorityError> {
    authority.adopt_root(&plan.order(Profile::RootCa), (certificate, issuer), now).await
}

/// Holds the ceremony: everything that the plan says and that is not there, the rule of approval, and the first lists. What a ceremony
/// that was broken off has made is used again.
///
/// # Errors
/// When everything is as the plan says already, or as [`Authority::issue`].
pub async fn hold(authority: &Authority, plan: &Plan, now: DateTime<Utc>) -> Result<Transcript, AuthorityError> {
    let there = authority.certificates(None).await?;
    let is_there = |profile: Profile| there.iter().any(|certificate| certificate.profile == profile.code());
    let wanted =
        [Profile::RootCa, Profile::IssuingCa, Profile::OcspResponder, Profile::TimeStamping, Profile::TrustList];
    let missing: Vec<Profile> = wanted.into_iter().filter(|profile| !is_there(*profile)).collect();
    if plan.subordinate && missing.contains(&Profile::RootCa) {
        return Err(AuthorityError::NoAuthority);
    }
    // Before the first certificate: a rule that cannot be met is found out while nothing is there.
    let approval = match &plan.approval {
        Some(ApprovalPlan { needed, by }) => {
            let by = by.values().copied().collect();
            authority.decide_approval_rule(*needed, &by, &plan.sha256, now).await?
        }
        None => None,
    };
    if missing.is_empty() && approval.is_none() {
        return Err(AuthorityError::SetUp);
    }
    let mut issued = Vec::new();
    for profile in missing {
        issued.push((profile, authority.issue(&plan.order(profile), now).await?));
    }
    authority.publish_lists(now).await?;
    Ok(Transcript { issued, approval })
}
