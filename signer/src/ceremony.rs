//! The ceremony that sets the authority up, from one file that was reviewed: root, issuing authority, and the consortium's own
//! certificates.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use crate::authority::{Authority, AuthorityError, Issued, Order};
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
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
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

/// Holds the ceremony: everything that the plan says, and the first lists. What a ceremony that was broken off has made is used again.
///
/// # Errors
/// When the authority is set up already, or as [`Authority::issue`].
pub async fn hold(authority: &Authority, plan: &Plan, now: DateTime<Utc>) -> Result<Transcript, AuthorityError> {
    let there = authority.certificates().await?;
    let is_there = |profile: Profile| there.iter().any(|certificate| certificate.profile == profile.code());
    let wanted =
        [Profile::RootCa, Profile::IssuingCa, Profile::OcspResponder, Profile::TimeStamping, Profile::TrustList];
    let missing: Vec<Profile> = wanted.into_iter().filter(|profile| !is_there(*profile)).collect();
    if missing.is_empty() {
        return Err(AuthorityError::SetUp);
    }
    let mut issued = Vec::new();
    for profile in missing {
        issued.push((profile, authority.issue(&plan.order(profile), now).await?));
    }
    authority.publish_lists(now).await?;
    Ok(Transcript { issued })
}
