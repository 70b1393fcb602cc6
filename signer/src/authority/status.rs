//! Answers about single certificates (OCSP), made by a key that is for nothing else.
//!
//! A question without a nonce is answered alike until something changes, so its answer is kept: a thousand questions about one
//! certificate are one use of the key. Whether something has changed is known at once where it was done here, and otherwise looked
//! up once in a second, so that a revocation by another process on the same database shows after a second at most.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use der::{Decode, Encode};
use uuid::Uuid;
use x509_cert::certificate::Certificate;
use x509_ocsp::CertId;

use super::{Authority, AuthorityError, Signer};
use crate::keypair::is_signed_by;
use crate::keyring::{KeyError, Purpose};
use crate::policy::Operation;
use crate::store::certificates as store;
use crate::store::keys;
use crate::x509::certificate::serial_text;
use crate::x509::list::Reason;
use crate::x509::profile::Profile;
use crate::x509::status::{self, Question, Refusal, Wanted, Worth};

/// How long an answer is good. It is given to others for half of that.
const ANSWER_LASTS: Duration = Duration::hours(1);
/// How often it is looked up whether another process has changed something.
const LOOK_UP_EVERY: std::time::Duration = std::time::Duration::from_secs(1);
/// Answers that are kept, of about a kilobyte each.
const MOST_KEPT: usize = 20_000;

/// What is answered to a question about certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAnswer {
    /// OCSPResponse, DER.
    pub response: Vec<u8>,
    /// Until when others may be given it; none for what is of one question alone.
    pub good_until: Option<DateTime<Utc>>,
}

impl From<Refusal> for StatusAnswer {
    fn from(refusal: Refusal) -> Self {
        Self { response: refusal.answer().to_vec(), good_until: None }
    }
}

/// The answers that were given.
#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    version: i64,
    looked_up: Option<Instant>,
    answers: HashMap<Vec<u8>, (Vec<u8>, DateTime<Utc>)>,
}

impl Answers {
    fn with<T>(&self, what: impl FnOnce(&mut Kept) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Something was changed here.
    pub(super) fn forget(&self) {
        self.with(|kept| kept.looked_up = None);
    }

    /// The number under which answers are good, where it was looked up just now.
    fn recent_version(&self) -> Option<i64> {
        self.with(|kept| kept.looked_up.is_some_and(|at| at.elapsed() < LOOK_UP_EVERY).then_some(kept.version))
    }

    fn looked_up(&self, version: i64, at: Instant) {
        self.with(|kept| {
            if kept.version != version {
                kept.answers.clear();
                kept.version = version;
            }
            kept.looked_up = Some(at);
        });
    }

    fn find(&self, key: &[u8], version: i64, now: DateTime<Utc>) -> Option<StatusAnswer> {
        self.with(|kept| {
            let (response, until) =
                kept.answers.get(key).filter(|(_, until)| kept.version == version && now < *until)?;
            Some(StatusAnswer { response: response.clone(), good_until: Some(*until) })
        })
    }

    fn keep(&self, key: Vec<u8>, version: i64, answer: &StatusAnswer) {
        let Some(until) = answer.good_until else { return };
        self.with(|kept| {
            if kept.version != version {
                return;
            }
            if kept.answers.len() >= MOST_KEPT {
                kept.answers.clear();
            }
            kept.answers.insert(key, (answer.response.clone(), until));
        });
    }
}

/// Who answers: the key, its certificate, and the authority that it answers for.
struct Responder {
    private_key: Uuid,
    certificate: Vec<u8>,
    issuing: Signer,
}

impl Authority {
    /// Answers a question about certificates (OCSPRequest, DER). What is no question, or is about certificates of others alone, gets
    /// an answer that is not signed.
    ///
    /// # Errors
    /// When there is no authority, or as [`crate::keyring::Keyring::sign`].
    pub async fn answer_status(&self, request: &[u8], now: DateTime<Utc>) -> Result<StatusAnswer, AuthorityError> {
        let question = match Question::read(request) {
            Ok(question) => question,
            Err(refusal) => return Ok(refusal.into()),
        };
        let version = self.version_of_state().await?;
        // Of one certificate and without a nonce: the question that everybody asks alike.
        let key = match (&question.nonce, question.ids.as_slice()) {
            (None, [id]) => Some(id.to_der()?),
            _ => None,
        };
        if let Some(found) = key.as_ref().and_then(|key| self.answers.find(key, version, now)) {
            return Ok(found);
        }
        let responder = self.responder(now).await?;
        let key_bits = responder.issuing.public.subject_public_key.raw_bytes();
        let authority = status::Authority::of(&responder.issuing.issuer.name, key_bits)?;
        if !question.ids.iter().any(|id| authority.is_of(id)) {
            return Ok(Refusal::Unauthorized.into());
        }
        let (said, about) = self.worth(&question.ids, &authority, &responder.issuing).await?;
        let response = self.sign_status(&responder, &said, (question.nonce.as_deref(), about), now).await?;
        let is_issued = said.iter().all(|(_, worth)| *worth != Worth::Unknown);
        // What was never issued can be asked for without an end, and is not kept.
        let good_until = (key.is_some() && is_issued).then(|| now + ANSWER_LASTS / 2);
        let answer = StatusAnswer { response, good_until };
        if let Some(key) = key {
            self.answers.keep(key, version, &answer);
        }
        Ok(answer)
    }

    /// The number of changes to what certificates are worth. It is read before the certificates are: what is kept under it is never
    /// older than it says.
    async fn version_of_state(&self) -> Result<i64, AuthorityError> {
        if let Some(version) = self.answers.recent_version() {
            return Ok(version);
        }
        let at = Instant::now();
        let mut connection = self.keyring.pool().acquire().await?;
        let version = store::find_version_of_state(&mut connection).await?;
        self.answers.looked_up(version, at);
        Ok(version)
    }

    async fn responder(&self, now: DateTime<Utc>) -> Result<Responder, AuthorityError> {
        let issuing = self.signer(Profile::IssuingCa, now).await?.ok_or(AuthorityError::NoAuthority)?;
        let mut connection = self.keyring.pool().acquire().await?;
        let key = keys::find_key_of(&mut connection, Profile::OcspResponder.code(), None, now).await?;
        let key = key.ok_or(AuthorityError::NoAuthority)?;
        let certificate = key.der_encoded_cert.ok_or(KeyError::Missing)?;
        Ok(Responder { private_key: key.private_key_id, certificate, issuing })
    }

    /// What each certificate is worth, and which it is where it is one alone.
    async fn worth(
        &self,
        ids: &[CertId],
        authority: &status::Authority,
        issuing: &Signer,
    ) -> Result<(Vec<(CertId, Worth)>, Option<Uuid>), AuthorityError> {
        let issuer = (issuing.certificate_id, issuing.issuer.name.to_string());
        let mut connection = self.keyring.pool().acquire().await?;
        let mut said = Vec::with_capacity(ids.len());
        let mut about = None;
        for id in ids {
            let serial = serial_text(id.serial_number.as_bytes());
            let found = match authority.is_of(id) {
                true => store::find_worth(&mut connection, (issuer.0, &issuer.1), &serial).await?,
                false => None,
            };
            about = found.as_ref().map(|found| found.certificate_id);
            let worth = found.map_or(Worth::Unknown, |found| match found.revoked_at {
                Some(at) => {
                    let reason = found.revocation_reason.as_deref().and_then(Reason::from_code);
                    Worth::Revoked { at, reason: reason.unwrap_or(Reason::Unspecified) }
                }
                None => Worth::Good,
            });
            said.push((id.clone(), worth));
        }
        Ok((said, about.filter(|_| ids.len() == 1)))
    }

    async fn sign_status(
        &self,
        responder: &Responder,
        said: &[(CertId, Worth)],
        (nonce, about): (Option<&[u8]>, Option<Uuid>),
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, AuthorityError> {
        let public = Certificate::from_der(&responder.certificate)?.tbs_certificate.subject_public_key_info;
        let wanted = Wanted {
            said,
            responder_key: public.subject_public_key.raw_bytes(),
            nonce,
            this_update: now,
            next_update: now + ANSWER_LASTS,
            issuer_since: responder.issuing.not_before,
        };
        let to_be_signed = status::to_be_signed(&wanted)?;
        let purpose = Purpose::of_product(Operation::AnswerStatus, about);
        let signed = self.keyring.sign_with(responder.private_key, purpose, &to_be_signed, now).await?;
        if !is_signed_by(&public, &to_be_signed, &signed.signature) {
            return Err(AuthorityError::NotAsIntended);
        }
        let curve = Profile::OcspResponder.curve();
        Ok(status::assemble(&to_be_signed, curve, &signed.signature, &responder.certificate)?)
    }
}
