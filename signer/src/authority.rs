//! The consortium's authority: issues certificates, revokes them, and publishes the lists of what it revoked.

mod acts;
mod approval;
mod emergency;
mod lists;
mod renewal;
mod requests;
mod stamp;
mod status;
mod subordinate;

pub use acts::{ACT_LASTS, Act, ActError, REASONS, What};
pub use approval::{Approval, ApprovalFault, ApprovalRule};
pub use requests::{Application, Closing, RequestError, Taken};
pub use status::StatusAnswer;
pub use subordinate::NotOurs;

use chrono::{DateTime, Duration, Utc};
use der::{Decode, Encode};
use jebena_trust::tsp::TimeStampError;
use serde_json::json;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use uuid::Uuid;
use x509_cert::certificate::Certificate;

use self::status::Answers;
use crate::keypair::is_signed_by;
use crate::keyring::{Holder, KeyError, Keyring, Purpose};
use crate::policy::{AccessPolicy, Operation};
use crate::protocol::{Bytes, CertificateFacts, Revocation as RevocationFacts};
use crate::store::certificates::{self as store, Intent, NewCertificate, Revocation, StoredCertificate};
use crate::store::keys;
use crate::store::record::{self, Event};
use crate::store::requests as requests_store;
use crate::x509::certificate::{self, BuildError, Issuer, Places, Wanted};
use crate::x509::list::Reason;
use crate::x509::name::Subject;
use crate::x509::profile::Profile;
use crate::x509::{certificate::serial_text, examine};

/// After this time nobody finishes an intent any more.
const INTENT_LASTS: Duration = Duration::minutes(10);

/// Why nothing was issued or revoked.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The certificate or list cannot be made.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The twin's examination found something: it is on record, and nothing was signed.
    #[error("the certificate was not signed: {}", .0.join("; "))]
    Findings(Vec<String>),
    /// The time stamp cannot be put together.
    #[error(transparent)]
    Stamp(#[from] TimeStampError),
    /// The signature that came back is not over the bytes that were intended.
    #[error("what was signed is not what was intended")]
    NotAsIntended,
    /// There is no authority yet that could issue this.
    #[error("there is no authority yet: the ceremony was not held")]
    NoAuthority,
    /// The authority has been set up before.
    #[error("the authority is set up already")]
    SetUp,
    /// The certificate that somebody else issued for the root is not taken.
    #[error(transparent)]
    NotOurs(#[from] NotOurs),
    /// The request has its certificate already: somebody else was quicker.
    #[error("the request has its certificate already")]
    Fulfilled,
    /// There is no such certificate.
    #[error("there is no such certificate")]
    Missing,
    /// It is revoked already; a hold may be lifted or made final, and nothing else changes.
    #[error("the certificate is revoked already")]
    Revoked,
    /// The moment from which signatures are not to be relied on lies after the revocation.
    #[error("signatures cannot become invalid after the revocation")]
    InvalidFrom,
    /// The secure database.
    #[error("the secure database: {0}")]
    Database(#[from] sqlx::Error),
}

impl From<der::Error> for AuthorityError {
    fn from(error: der::Error) -> Self {
        Self::Build(error.into())
    }
}

/// A certificate that was issued.
#[derive(Debug, Clone)]
pub struct Issued {
    /// Its id.
    pub certificate_id: Uuid,
    /// DER.
    pub der: Vec<u8>,
}

/// What is issued, and to whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which kind.
    pub profile: Profile,
    /// The organisation; none for the consortium's own.
    pub organization: Option<Uuid>,
    /// The person of an officer's certificate.
    pub person: Option<Uuid>,
    /// As it is named.
    pub subject: Subject,
    /// How long it is valid; cut to what the profile and the issuer allow.
    pub validity: Duration,
    /// What its key may be used for.
    pub policy: AccessPolicy,
}

/// The authority over its keys.
#[derive(Debug)]
pub struct Authority {
    keyring: Keyring,
    places: Places,
    /// Held while lists are published: each publication holds a connection and needs another to sign, so that many at once would wait for
    /// each other's.
    publishing: Mutex<()>,
    answers: Answers,
}

/// A key that a certificate is issued to.
struct KeyToCertify {
    public: x509_cert::spki::SubjectPublicKeyInfoOwned,
    /// Where the key is kept here.
    private_key: Option<Uuid>,
    /// Where it was asked for.
    request: Option<Uuid>,
}

/// An authority's certificate, and with which key it signs.
struct Signer {
    certificate_id: Uuid,
    private_key: Uuid,
    issuer: Issuer,
    public: x509_cert::spki::SubjectPublicKeyInfoOwned,
    not_before: DateTime<Utc>,
    not_after: DateTime<Utc>,
}

impl Authority {
    /// The authority whose certificates and lists are found at these places.
    #[must_use]
    pub fn new(keyring: Keyring, places: Places) -> Self {
        Self { keyring, places, publishing: Mutex::const_new(()), answers: Answers::default() }
    }

    /// The keys.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Makes a key and issues its certificate: the intent is written down, a twin is examined, the bytes are signed and compared, and
    /// the certificate is stored. A crash in between leaves an intent, which is given up later; nothing is signed without one.
    ///
    /// # Errors
    /// When there is no authority, the examination finds something, the key refuses, or the database is away.
    pub async fn issue(&self, order: &Order, now: DateTime<Utc>) -> Result<Issued, AuthorityError> {
        // Before there is a key for it.
        self.issuer_of(order.profile, now).await?;
        let holder = Holder { profile: order.profile, organization: order.organization };
        let key = self.keyring.new_key(holder, &order.policy, now).await?;
        self.certify(
            order,
            KeyToCertify { public: key.public, private_key: Some(key.private_key_id), request: None },
            now,
        )
        .await
    }

    /// Who issues certificates of a kind; none for who signs itself.
    async fn issuer_of(&self, profile: Profile, now: DateTime<Utc>) -> Result<Option<Signer>, AuthorityError> {
        match profile.issuer() {
            Some(profile) => Ok(Some(self.signer(profile, now).await?.ok_or(AuthorityError::NoAuthority)?)),
            None => Ok(None),
        }
    }

    /// Issues a certificate to a key that is there.
    async fn certify(&self, order: &Order, key: KeyToCertify, now: DateTime<Utc>) -> Result<Issued, AuthorityError> {
        let signer = self.issuer_of(order.profile, now).await?;
        // To the second, as certificates have it.
        let not_before = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let latest = not_before + order.validity.min(order.profile.longest());
        let not_after = signer.as_ref().map_or(latest, |signer| latest.min(signer.not_after));
        let wanted = Wanted {
            profile: order.profile,
            subject: order.subject.clone(),
            public_key: key.public.clone(),
            not_before,
            not_after,
        };
        let serial = certificate::new_serial();
        let issuer = signer.as_ref().map(|signer| &signer.issuer);
        let to_be_signed = certificate::to_be_signed(&wanted, issuer, &serial, &self.places)?.to_der()?;
        let findings = examine::findings(&to_be_signed, order.profile, issuer);
        let issuance = Uuid::now_v7();
        self.write_intent(
            (issuance, key.request),
            signer.as_ref(),
            order.profile,
            &serial,
            (&to_be_signed, &findings),
            now,
        )
        .await?;
        if !findings.is_empty() {
            return Err(AuthorityError::Findings(findings));
        }
        let (signing_key, public) = match &signer {
            Some(signer) => (signer.private_key, &signer.public),
            None => (key.private_key.ok_or(KeyError::Missing)?, &key.public),
        };
        let purpose = Purpose::of_product(Operation::IssueCertificate, Some(issuance));
        let signed = self.keyring.sign_with(signing_key, purpose, &to_be_signed, now).await?;
        let curve = issuer.map_or(order.profile.curve(), |issuer| issuer.curve);
        let der = certificate::assemble(&to_be_signed, curve, &signed.signature)?;
        if certificate::signed_part(&der)? != to_be_signed || !is_signed_by(public, &to_be_signed, &signed.signature) {
            return Err(AuthorityError::NotAsIntended);
        }
        let id = self.store(order, signer.as_ref(), (issuance, &key), &der, now).await?;
        Ok(Issued { certificate_id: id, der })
    }

    async fn write_intent(
        &self,
        (issuance_id, request): (Uuid, Option<Uuid>),
        signer: Option<&Signer>,
        profile: Profile,
        serial: &[u8],
        (to_be_signed, findings): (&[u8], &[String]),
        now: DateTime<Utc>,
    ) -> Result<(), AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let intent = Intent {
            issuance_id,
            request,
            issuer: signer.map(|signer| signer.certificate_id),
            profile: profile.code(),
            serial: &serial_text(serial),
            to_be_signed,
            findings,
        };
        Ok(store::insert_intent(&mut connection, intent, now).await?)
    }

    async fn store(
        &self,
        order: &Order,
        signer: Option<&Signer>,
        (issuance, key): (Uuid, &KeyToCertify),
        der: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Uuid, AuthorityError> {
        let certificate_id = Uuid::now_v7();
        let certificate = Certificate::from_der(der)?;
        let inner = &certificate.tbs_certificate;
        let curve = order.profile.curve();
        let signed_on = signer.map_or(curve, |signer| signer.issuer.curve);
        let new = NewCertificate {
            certificate_id,
            common_name: &order.subject.common_name,
            certificate_type: order.profile.certificate_type(),
            profile: order.profile.code(),
            organization_id: order.organization,
            owner_user_id: order.person,
            issuer: signer.map(|signer| signer.certificate_id),
            der,
            serial: &serial_text(inner.serial_number.as_bytes()),
            thumbprint_sha256: &Sha256::digest(der),
            thumbprint_sha1: &Sha1::digest(der),
            subject_key_identifier: &certificate::key_identifier(&inner.subject_public_key_info),
            authority_key_identifier: signer.map(|signer| signer.issuer.key_identifier.as_slice()),
            issuer_dn: &inner.issuer.to_string(),
            subject_dn: &inner.subject.to_string(),
            key_size: curve.bits(),
            signature_algorithm: signed_on.signature_name(),
            not_before: moment(inner.validity.not_before),
            not_after: moment(inner.validity.not_after),
        };
        let mut tx = self.keyring.pool().begin().await?;
        store::insert_certificate(&mut tx, &new, now).await?;
        store::mark_issued(&mut tx, issuance, certificate_id, now).await?;
        if let Some(private_key) = key.private_key {
            keys::bind_certificate(&mut tx, private_key, certificate_id, now).await?;
        }
        if let Some(request) = key.request
            && !requests_store::mark_fulfilled(&mut tx, request, certificate_id, now).await?
        {
            return Err(AuthorityError::Fulfilled);
        }
        let data = json!({ "profile": order.profile.code(), "serial": new.serial, "organization_id": order.organization,
                    "request_id": key.request });
        record::insert(&mut tx, of_certificate("CERTIFICATE_ISSUED", "info", "issue", certificate_id, None, data), now)
            .await?;
        tx.commit().await?;
        self.answers.forget();
        Ok(certificate_id)
    }

    /// Revokes or suspends a certificate, and publishes the lists that say so.
    ///
    /// # Errors
    /// When it is not there, revoked already, or the database is away.
    pub async fn revoke(
        &self,
        certificate: Uuid,
        reason: Reason,
        invalid_from: Option<DateTime<Utc>>,
        by: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<(), AuthorityError> {
        if invalid_from.is_some_and(|from| from > now) {
            return Err(AuthorityError::InvalidFrom);
        }
        let mut tx = self.keyring.pool().begin().await?;
        let found = store::find_certificate(&mut tx, certificate).await?.ok_or(AuthorityError::Missing)?;
        let is_hold = reason == Reason::CertificateHold;
        if found.status == "revoked" || found.status == "suspended" && is_hold {
            return Err(AuthorityError::Revoked);
        }
        let status = if is_hold { "suspended" } else { "revoked" };
        let revocation = Revocation { certificate_id: certificate, reason: reason.code(), status, invalid_from, by };
        store::insert_revocation(&mut tx, revocation, now).await?;
        let data = json!({ "reason": reason.code(), "invalidity_date": invalid_from, "serial": found.serial_number });
        let mut event = of_certificate("CERTIFICATE_REVOKED", "warning", "revoke", certificate, by, data);
        event.category = "revocation";
        record::insert(&mut tx, event, now).await?;
        tx.commit().await?;
        self.answers.forget();
        self.publish_lists(now).await
    }

    /// Lifts a suspension, and publishes the lists that say so.
    ///
    /// # Errors
    /// When the certificate is not suspended, or the database is away.
    pub async fn reinstate(
        &self,
        certificate: Uuid,
        by: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<(), AuthorityError> {
        let mut tx = self.keyring.pool().begin().await?;
        if !store::lift_hold(&mut tx, certificate, now).await? {
            return Err(AuthorityError::Missing);
        }
        let mut event = of_certificate("CERTIFICATE_REINSTATED", "warning", "reinstate", certificate, by, json!({}));
        event.category = "revocation";
        record::insert(&mut tx, event, now).await?;
        tx.commit().await?;
        self.answers.forget();
        self.publish_lists(now).await
    }

    /// Whether a holder has a key of this kind with a certificate in force.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_certificate(
        &self,
        profile: Profile,
        organization: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<bool, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(keys::find_key_of(&mut connection, profile.code(), organization, now).await?.is_some())
    }

    /// Gives up what was intended and not signed: a process that intended it is gone by now. How many there were.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn give_up_intents(&self, now: DateTime<Utc>) -> Result<u64, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::give_up_intents(&mut connection, now - INTENT_LASTS, now).await?)
    }

    /// Every certificate, the oldest first; or the consortium's own and those of some organisations.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn certificates(&self, of: Option<&[Uuid]>) -> Result<Vec<StoredCertificate>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::list_certificates(&mut connection, of).await?)
    }

    /// Every certificate with what it is worth, the oldest first; or the consortium's own and those of some organisations.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn inventory(&self, of: Option<&[Uuid]>) -> Result<Vec<CertificateFacts>, AuthorityError> {
        Ok(self.certificates(of).await?.into_iter().filter_map(facts).collect())
    }

    /// A certificate and those above it, DER, up to the one that is the root here; nothing where it is not there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn chain(&self, certificate: Uuid) -> Result<Vec<Vec<u8>>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::list_chain(&mut connection, certificate).await?)
    }

    async fn signer(&self, profile: Profile, now: DateTime<Utc>) -> Result<Option<Signer>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let Some(key) = keys::find_key_of(&mut connection, profile.code(), None, now).await? else { return Ok(None) };
        let (Some(certificate_id), Some(der)) = (key.certificate_id, key.der_encoded_cert) else { return Ok(None) };
        let certificate = Certificate::from_der(&der)?;
        let key_identifier = subordinate::identifier_of(&certificate);
        let inner = certificate.tbs_certificate;
        Ok(Some(Signer {
            certificate_id,
            private_key: key.private_key_id,
            issuer: Issuer { key_identifier, name: inner.subject, curve: profile.curve(), profile },
            public: inner.subject_public_key_info,
            not_before: moment(inner.validity.not_before),
            not_after: moment(inner.validity.not_after),
        }))
    }
}

fn facts(stored: StoredCertificate) -> Option<CertificateFacts> {
    let revocation = stored.revoked_at.map(|at| RevocationFacts {
        at,
        reason: stored.revocation_reason.as_deref().and_then(Reason::from_code).unwrap_or(Reason::Unspecified),
        invalid_from: stored.invalidity_date,
    });
    Some(CertificateFacts {
        certificate_id: stored.certificate_id,
        profile: Profile::from_code(&stored.profile)?,
        organization: stored.organization_id,
        certificate: Bytes(stored.der_encoded_cert),
        serial: stored.serial_number,
        not_before: stored.not_before,
        not_after: stored.not_after,
        is_key_here: stored.is_key_here,
        revocation,
        changed_at: stored.updated_at,
    })
}

fn moment(time: x509_cert::time::Time) -> DateTime<Utc> {
    DateTime::<Utc>::from(time.to_system_time())
}

fn of_certificate<'a>(
    event_type: &'a str,
    severity: &'a str,
    action: &'a str,
    certificate: Uuid,
    user_id: Option<Uuid>,
    data: serde_json::Value,
) -> Event<'a> {
    Event {
        event_type,
        category: "cert_access",
        severity,
        resource_type: "certificate",
        resource_id: Some(certificate),
        action,
        user_id,
        data,
        error: None,
    }
}
