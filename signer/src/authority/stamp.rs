//! Time stamps (RFC 3161): that something was there at a moment, by the clock of this process.

use chrono::{DateTime, Utc};
use der::Decode;
use jebena_trust::tsp::{Answer, Question, TimeStampMeta};
use uuid::Uuid;
use x509_cert::certificate::Certificate;

use super::{Authority, AuthorityError};
use crate::keypair::is_signed_by;
use crate::keyring::{KeyError, Purpose};
use crate::policy::Operation;
use crate::store::certificates as store;
use crate::store::keys;
use crate::x509::profile::Profile;

/// By how much the clock may be wrong: a machine that keeps its time by the network is far better.
const ACCURACY_SECONDS: u64 = 1;

impl Authority {
    /// A token that `digest` (SHA-256) was there at `now`, DER. Its serial number is the one under which its making is on record, so
    /// that a token leads to its line. The certificates up to the root are in it.
    ///
    /// # Errors
    /// When there is no authority, or as [`crate::keyring::Keyring::sign`].
    pub async fn stamp(
        &self,
        digest: [u8; 32],
        nonce: Option<u64>,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, AuthorityError> {
        let (private_key, own, issuing) = self.stamping_key(now).await?;
        let serial = Uuid::now_v7();
        let meta = TimeStampMeta {
            policy: self.places.policy,
            serial: serial.as_bytes().to_vec(),
            at: now,
            accuracy_seconds: ACCURACY_SECONDS,
        };
        let answer = Answer::prepare(&Question::of(digest, nonce)?, &meta, &own)?;
        let purpose = Purpose::of_product(Operation::StampTime, Some(serial));
        let signed = self.keyring.sign_with(private_key, purpose, answer.to_be_signed(), now).await?;
        let public = Certificate::from_der(&own)?.tbs_certificate.subject_public_key_info;
        if !is_signed_by(&public, answer.to_be_signed(), &signed.signature) {
            return Err(AuthorityError::NotAsIntended);
        }
        Ok(answer.token(&signed.signature, &[issuing])?)
    }

    /// The key, its certificate, and the certificate of who issued that.
    async fn stamping_key(&self, now: DateTime<Utc>) -> Result<(Uuid, Vec<u8>, Vec<u8>), AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let key = keys::find_key_of(&mut connection, Profile::TimeStamping.code(), None, now).await?;
        let key = key.ok_or(AuthorityError::NoAuthority)?;
        let (id, own) = key.certificate_id.zip(key.der_encoded_cert).ok_or(KeyError::Missing)?;
        let issuing = store::find_issuers_certificate(&mut connection, id).await?.ok_or(AuthorityError::NoAuthority)?;
        Ok((key.private_key_id, own, issuing))
    }
}
