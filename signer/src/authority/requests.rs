//! Requests for certificates, from their examination to the certificate.
//!
//! Who decides is the product's matter; that the decisions are enough is looked at here once more, because this is where the key is.
//! What was approved is a digest of all that will be issued: an approval of something else is none.

use chrono::{DateTime, Duration, Utc};
use der::Encode;
use der::asn1::BitString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::approval::{Approval, ApprovalFault, ApprovalRule, Ballot};
use super::{Authority, AuthorityError, Issued, KeyToCertify, Order};
use crate::keypair::fingerprint;
use crate::keyring::Holder;
use crate::policy::AccessPolicy;
use crate::store::record::{self, Event};
use crate::store::requests::{self as store, NewApproval, NewRequest, StoredRequest};
use crate::x509::certificate::sequence;
use crate::x509::name::Subject;
use crate::x509::profile::Profile;
use crate::x509::request::{self, Examined, Flaw, Known};

/// What nobody has decided after this time is over.
const REQUEST_LASTS: Duration = Duration::days(30);
/// Requests that are listed.
const MOST_LISTED: i64 = 1_000;

/// For whom a certificate is asked for, as the product knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// A seal of the organisation, or the certificate of an officer.
    pub profile: Profile,
    /// The organisation.
    pub organization: Uuid,
    /// The officer.
    pub person: Option<Uuid>,
    /// How the organisation is named.
    pub known: Known,
    /// For how long.
    pub validity_days: u16,
    /// Who asks.
    pub requester: Uuid,
}

/// Why a request does not go on.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Something was found against it.
    #[error(transparent)]
    Flawed(#[from] Flaw),
    /// The consortium's own certificates are not asked for.
    #[error("certificates of this kind are not issued on request")]
    NotOnRequest,
    /// There is no such request.
    #[error("there is no such request")]
    Missing,
    /// It is decided.
    #[error("the request is {0}: it cannot be decided any more")]
    Decided(String),
    /// Only who asked gives up.
    #[error("only who asked for the certificate can give the request up")]
    NotTheirs,
    /// The decisions are not enough.
    #[error(transparent)]
    NotApproved(#[from] ApprovalFault),
    /// The row is not what was examined when it came.
    #[error("the stored request is not what was examined: nothing was issued")]
    Changed,
    /// The authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

impl From<sqlx::Error> for RequestError {
    fn from(error: sqlx::Error) -> Self {
        Self::Authority(error.into())
    }
}

/// A request that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub request_id: Uuid,
    /// What has to be approved.
    pub digest: [u8; 32],
    /// DER.
    pub der: Vec<u8>,
}

/// How a request ends without a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// Somebody who decides said no.
    Rejected(String),
    /// Who asked gave it up.
    Cancelled,
}

/// A request, the digest that has to be approved, and the rule that says by how many and by whom.
pub(crate) type Waiting = (StoredRequest, [u8; 32], ApprovalRule);

impl Authority {
    /// Makes a key and a request of it. The key never leaves.
    ///
    /// # Errors
    /// When the name may not stand in a certificate, or as [`crate::keyring::Keyring::new_key`].
    pub async fn make_request(
        &self,
        application: &Application,
        common_name: &str,
        policy: &AccessPolicy,
        now: DateTime<Utc>,
    ) -> Result<Taken, RequestError> {
        on_request(application)?;
        let known = &application.known;
        let subject = Subject {
            common_name: common_name.to_owned(),
            organization: known.organization.clone(),
            organization_identifier: known.organization_identifier.clone(),
        };
        // Before there is a key for it.
        subject.to_name().map_err(Flaw::from)?;
        let holder = Holder { profile: application.profile, organization: Some(application.organization) };
        let message = |public: &_| request::to_be_signed(&subject, public).ok();
        let made = self.keyring.new_key_that_signs(holder, policy, message, now).await;
        let (key, signed) = made.map_err(AuthorityError::from)?;
        let der = assemble(application.profile, &signed.message, &signed.signature)?;
        self.take(application, &der, Some(key.private_key_id), now).await
    }

    /// Takes a request that was made elsewhere (DER or PEM), when nothing is found against it. What is refused is on record with its
    /// reason.
    ///
    /// # Errors
    /// The first [`Flaw`], or when the database is away.
    pub async fn take_request(
        &self,
        application: &Application,
        csr: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Taken, RequestError> {
        on_request(application)?;
        self.take(application, csr, None, now).await
    }

    async fn take(
        &self,
        application: &Application,
        csr: &[u8],
        private_key: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Taken, RequestError> {
        let examined = match request::examine(csr, application.profile, &application.known) {
            Ok(examined) => examined,
            Err(flaw) => return Err(self.refuse(application, csr, flaw, now).await?),
        };
        let key = fingerprint(&examined.public_key).map_err(|_| Flaw::NotAPoint)?;
        let subject_dn = examined.subject.to_name().map_err(Flaw::from)?.to_string();
        let request_id = Uuid::now_v7();
        let new = NewRequest {
            request_id,
            organization_id: application.organization,
            owner_user_id: application.person,
            profile: application.profile.code(),
            private_key_id: private_key,
            der: &examined.der,
            common_name: &examined.subject.common_name,
            organization_name: &application.known.organization,
            organization_identifier: application.known.organization_identifier.as_deref(),
            subject_dn: &subject_dn,
            public_key_sha256: &key,
            validity_days: application.validity_days.into(),
            requester: application.requester,
        };
        let mut tx = self.keyring.pool().begin().await?;
        let rule = store::find_newest_rule(&mut tx).await?;
        if store::is_known_key(&mut tx, &key, private_key).await? {
            tx.rollback().await?;
            return Err(self.refuse(application, csr, Flaw::KnownKey, now).await?);
        }
        if let Err(error) = store::insert_request(&mut tx, &new, rule.version, now).await {
            // Somebody else was quicker with the same key.
            if error.as_database_error().and_then(|error| error.constraint()) == Some("certificate_requests_one_key") {
                tx.rollback().await?;
                return Err(self.refuse(application, csr, Flaw::KnownKey, now).await?);
            }
            return Err(error.into());
        }
        let stored = store::find_request(&mut tx, request_id).await?.ok_or(RequestError::Missing)?;
        let digest = digest_of(&stored);
        let data = json!({ "profile": new.profile, "organization_id": new.organization_id, "made_here": private_key.is_some(),
                           "digest": hex::encode(digest) });
        let subject = (Some(request_id), Some(application.requester));
        record::insert(&mut tx, event("REQUEST_TAKEN", "info", "take_request", subject, data, None), now).await?;
        tx.commit().await?;
        Ok(Taken { request_id, digest, der: examined.der })
    }

    /// Writes down that a request was refused; what the refusal is.
    async fn refuse(
        &self,
        application: &Application,
        csr: &[u8],
        flaw: Flaw,
        now: DateTime<Utc>,
    ) -> Result<RequestError, RequestError> {
        let data = json!({ "flaw": flaw.code(), "profile": application.profile.code(),
                           "organization_id": application.organization, "sha256": hex::encode(Sha256::digest(csr)),
                           "bytes": csr.len() });
        let subject = (None, Some(application.requester));
        let mut connection = self.keyring.pool().acquire().await?;
        let event = event("REQUEST_REFUSED", "warning", "take_request", subject, data, Some(flaw.to_string()));
        record::insert(&mut connection, event, now).await?;
        Ok(flaw.into())
    }

    /// Issues what was asked for, when enough have approved exactly that. What was broken off after the approvals were counted goes on
    /// when it is called again with none.
    ///
    /// # Errors
    /// When it is decided, the approvals are not enough, or as [`Authority::issue`]. Approvals that are refused are on record.
    pub async fn issue_requested(
        &self,
        request: Uuid,
        approvals: &[Approval],
        now: DateTime<Utc>,
    ) -> Result<Issued, RequestError> {
        let stored = self.count_approvals(request, approvals, now).await?;
        let profile = Profile::from_code(&stored.profile).ok_or(RequestError::Changed)?;
        let known = Known {
            organization: stored.organization_name.clone(),
            organization_identifier: stored.organization_identifier.clone(),
        };
        // Once more, from the bytes: a row that was changed since issues nothing.
        let examined = request::examine(&stored.der_encoded_csr, profile, &known).map_err(|_| RequestError::Changed)?;
        same(&stored, &examined)?;
        let order = Order {
            profile,
            organization: stored.organization_id,
            person: stored.owner_user_id,
            subject: examined.subject,
            validity: Duration::days(stored.requested_validity_days.into()),
            policy: AccessPolicy::of(&[]),
        };
        let key = KeyToCertify {
            public: examined.public_key,
            private_key: stored.private_key_id,
            request: Some(stored.request_id),
        };
        Ok(self.certify(&order, key, now).await?)
    }

    /// Counts the approvals of a request that is pending; of one that is approved they have been.
    async fn count_approvals(
        &self,
        request: Uuid,
        approvals: &[Approval],
        now: DateTime<Utc>,
    ) -> Result<StoredRequest, RequestError> {
        let mut tx = self.keyring.pool().begin().await?;
        let stored = store::find_request(&mut tx, request).await?.ok_or(RequestError::Missing)?;
        let digest = digest_of(&stored);
        let rule = store::find_rule(&mut tx, stored.approval_rule).await?.ok_or(RequestError::Changed)?;
        if stored.status == "approved" && approvals.is_empty() {
            let approved = store::list_approved_digests(&mut tx, request).await?;
            let holds = approved.len() >= rule.approvals_needed.into() && approved.iter().all(|one| *one == digest);
            return if holds { Ok(stored) } else { Err(RequestError::Changed) };
        }
        let ids: Vec<Uuid> = approvals.iter().map(|approval| approval.approval_id).collect();
        let ballot =
            Ballot { rule: &rule, needed: rule.approvals_needed, requester: stored.requester_user_id, outside: &[] };
        let fault = match ballot.enough(&digest, approvals) {
            Ok(()) => store::is_counted(&mut tx, &ids).await?.then_some(ApprovalFault::Replayed),
            Err(fault) => Some(fault),
        };
        // Of a request that is decided, approvals are replayed; and whatever is refused is on record.
        let fault = if stored.status == "pending" { fault } else { fault.or(Some(ApprovalFault::Replayed)) };
        if let Some(fault) = fault {
            tx.rollback().await?;
            let data = json!({ "approvals": ids, "approvers": approvals.iter().map(|one| one.approver).collect::<Vec<_>>(),
                               "status": stored.status, "digest": hex::encode(digest) });
            let subject = (Some(request), approvals.first().map(|one| one.approver));
            let mut connection = self.keyring.pool().acquire().await?;
            let refused =
                event("REQUEST_APPROVAL_REFUSED", "warning", "approve_request", subject, data, Some(fault.to_string()));
            record::insert(&mut connection, refused, now).await?;
            return Err(if stored.status == "pending" || fault != ApprovalFault::Replayed {
                fault.into()
            } else {
                RequestError::Decided(stored.status)
            });
        }
        for approval in approvals {
            let new = NewApproval {
                approval_id: approval.approval_id,
                about: request,
                approver: approval.approver,
                organization: approval.organization,
                digest: &approval.digest,
            };
            store::insert_approval(&mut tx, new, now).await?;
        }
        store::mark_approved(&mut tx, request, now).await?;
        let data = json!({ "approvals": ids, "digest": hex::encode(digest) });
        let subject = (Some(request), approvals.first().map(|one| one.approver));
        record::insert(&mut tx, event("REQUEST_APPROVED", "info", "approve_request", subject, data, None), now).await?;
        tx.commit().await?;
        Ok(stored)
    }

    /// Ends a request without a certificate.
    ///
    /// # Errors
    /// When it is decided, or somebody else wants to give it up.
    pub async fn close_request(
        &self,
        request: Uuid,
        by: Uuid,
        closing: &Closing,
        now: DateTime<Utc>,
    ) -> Result<(), RequestError> {
        let mut tx = self.keyring.pool().begin().await?;
        let stored = store::find_request(&mut tx, request).await?.ok_or(RequestError::Missing)?;
        if stored.status != "pending" {
            return Err(RequestError::Decided(stored.status));
        }
        let (status, reason, event_type) = match closing {
            Closing::Rejected(reason) => ("rejected", Some(reason.as_str()), "REQUEST_REJECTED"),
            Closing::Cancelled if stored.requester_user_id != Some(by) => return Err(RequestError::NotTheirs),
            Closing::Cancelled => ("cancelled", None, "REQUEST_CANCELLED"),
        };
        store::close_request(&mut tx, request, (status, reason), now).await?;
        let subject = (Some(request), Some(by));
        record::insert(&mut tx, event(event_type, "info", "close_request", subject, json!({}), None), now).await?;
        Ok(tx.commit().await?)
    }

    /// Ends what nobody has decided in time; how many there were.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn expire_requests(&self, now: DateTime<Utc>) -> Result<u64, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::expire_requests(&mut connection, now - REQUEST_LASTS, now).await?)
    }

    /// The newest requests, each with what has to be approved of it, and by whom.
    pub(crate) async fn requests(&self) -> Result<Vec<Waiting>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let all = store::list_requests(&mut connection, MOST_LISTED).await?;
        let rules = store::list_rules(&mut connection).await?;
        let of = |version| rules.iter().find(|rule| rule.version == version).cloned();
        Ok(all.into_iter().filter_map(|one| Some((one.clone(), digest_of(&one), of(one.approval_rule)?))).collect())
    }
}

fn on_request(application: &Application) -> Result<(), RequestError> {
    let is_right = match application.profile {
        Profile::OrganizationSeal => application.person.is_none(),
        Profile::Officer => application.person.is_some(),
        _ => false,
    };
    if is_right { Ok(()) } else { Err(RequestError::NotOnRequest) }
}

/// Whether the columns say what the request says.
fn same(stored: &StoredRequest, examined: &Examined) -> Result<(), RequestError> {
    let key = fingerprint(&examined.public_key).map_err(|_| RequestError::Changed)?;
    let name = examined.subject.to_name().map_err(|_| RequestError::Changed)?.to_string();
    if stored.public_key_sha256 == key && stored.subject_dn == name { Ok(()) } else { Err(RequestError::Changed) }
}

/// SHA-256 over all that will be issued, to whom, and under which rule it is approved: each part behind its length.
fn digest_of(stored: &StoredRequest) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"jebena certificate request 1");
    let days = stored.requested_validity_days.to_be_bytes();
    let rule = stored.approval_rule.to_be_bytes();
    let nobody = Uuid::nil();
    let parts: [&[u8]; 10] = [
        stored.request_id.as_bytes(),
        stored.profile.as_bytes(),
        stored.organization_id.as_ref().unwrap_or(&nobody).as_bytes(),
        stored.owner_user_id.as_ref().unwrap_or(&nobody).as_bytes(),
        stored.requester_user_id.as_ref().unwrap_or(&nobody).as_bytes(),
        stored.subject_dn.as_bytes(),
        &stored.public_key_sha256,
        &stored.der_encoded_csr,
        &days,
        &rule,
    ];
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

pub(super) fn assemble(profile: Profile, to_be_signed: &[u8], signature: &[u8]) -> Result<Vec<u8>, AuthorityError> {
    let algorithm = profile.curve().signature_algorithm().to_der()?;
    Ok(sequence(&[to_be_signed, &algorithm, &BitString::from_bytes(signature)?.to_der()?])?)
}

fn event<'a>(
    event_type: &'a str,
    severity: &'a str,
    action: &'a str,
    (resource_id, user_id): (Option<Uuid>, Option<Uuid>),
    data: serde_json::Value,
    error: Option<String>,
) -> Event<'a> {
    Event {
        event_type,
        category: "csr",
        severity,
        resource_type: "certificate_request",
        resource_id,
        action,
        user_id,
        data,
        error,
    }
}
