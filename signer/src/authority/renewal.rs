//! The consortium's own certificates below the issuing authority: before the time of one is over another is issued, with a key of its
//! own, so that nobody has to think of it. What the former signed stays as good as it was.

use chrono::{DateTime, Duration, Utc};
use der::Decode;
use x509_cert::certificate::Certificate;

use super::{Authority, AuthorityError, Order};
use crate::policy::{AccessPolicy, Operation};
use crate::store::certificates as store;
use crate::x509::name::Subject;
use crate::x509::profile::Profile;

/// Which, what their keys do, and how long before the end the next one comes: those who keep lists of whom they trust have that time
/// to learn of it.
const OWN: [(Profile, Operation, Duration); 3] = [
    // Three months, because nobody can revoke it.
    (Profile::OcspResponder, Operation::AnswerStatus, Duration::days(30)),
    (Profile::TimeStamping, Operation::StampTime, Duration::days(180)),
    (Profile::TrustList, Operation::SignTrustList, Duration::days(180)),
];

impl Authority {
    /// Issues the next certificate of each kind whose time runs out, or that was revoked; which kinds those were. The end of the issuing
    /// authority is the end of all: when nothing longer can be had, nothing is issued.
    ///
    /// # Errors
    /// As [`Authority::issue`].
    pub async fn renew_own(&self, now: DateTime<Utc>) -> Result<Vec<Profile>, AuthorityError> {
        let Some(issuing) = self.signer(Profile::IssuingCa, now).await? else { return Ok(Vec::new()) };
        let mut renewed = Vec::new();
        for (profile, operation, before) in OWN {
            let newest = {
                let mut connection = self.keyring.pool().acquire().await?;
                store::find_last_of_consortium(&mut connection, profile.code()).await?
            };
            let Some(newest) = newest else { continue };
            let is_over = newest.status == "revoked" || newest.not_after - before <= now;
            let can_be_longer = newest.status == "revoked" || newest.not_after < issuing.not_after;
            if !is_over || !can_be_longer {
                continue;
            }
            let name = Certificate::from_der(&newest.der_encoded_cert)?.tbs_certificate.subject;
            let order = Order {
                profile,
                organization: None,
                person: None,
                subject: Subject::of_name(&name).ok_or(AuthorityError::Missing)?,
                validity: profile.longest(),
                policy: AccessPolicy::of(&[operation]),
            };
            self.issue(&order, now).await?;
            renewed.push(profile);
        }
        Ok(renewed)
    }
}
