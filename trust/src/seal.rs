//! A seal: claims signed with ES256, as a COSE_Sign1 (RFC 9052) that has exactly one spelling.
//!
//! The protected header names the algorithm (-7) and the signer by the first eight bytes of the SHA-256 of its
//! certificate; the unprotected one is empty. The signature is written as two numbers of 32 bytes of which the second is
//! the smaller of the two that would do, so that nobody can make another seal of the same claims out of a seal.

use p256::ecdsa::Signature;
use thiserror::Error;

use crate::{
    cbor::{Fault, Reader, Writer},
    claims::{Claims, ClaimsError},
    key::{PublicKey, WrongSignature},
};

const COSE_SIGN1: u64 = 18;
const ALGORITHM: i64 = 1;
const ES256: i64 = -7;
const KEY_ID: i64 = 4;

/// The largest seal that is read, in bytes. Ours have about 350, and the largest QR code holds fewer than this.
pub const LARGEST: usize = 2_048;

/// By which a seal names its signer: the first bytes of the SHA-256 of the certificate.
pub type KeyId = [u8; 8];

/// A seal that was read. Its signature is not checked by that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Which certificate it says that it was made with.
    pub key_id: KeyId,
    /// What it says.
    pub claims: Claims,
    signature: [u8; 64],
}

/// Why bytes are no seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// More bytes than any seal of ours has.
    #[error("it is larger than a seal")]
    TooLarge,
    /// Not written as a seal is.
    #[error("it is not written as a seal: {0}")]
    Written(#[from] Fault),
    /// Its tag or number of parts is not that of a COSE_Sign1.
    #[error("it is no COSE_Sign1")]
    NotSign1,
    /// Signed with another algorithm than ES256.
    #[error("it names another algorithm than ES256")]
    OtherAlgorithm,
    /// It has a header that has to be understood, or another that seals do not have.
    #[error("it has a header that seals do not have")]
    OtherHeader,
    /// Its signature is not two numbers of 32 bytes, or the greater of the two spellings.
    #[error("its signature is not written as a seal's")]
    SignatureForm,
    /// What it says does not fit.
    #[error("{0}")]
    Claims(#[from] ClaimsError),
}

/// The identifier of a signer's certificate.
#[must_use]
pub fn key_id(fingerprint: &[u8; 32]) -> KeyId {
    let mut id = KeyId::default();
    id.copy_from_slice(&fingerprint[..8]);
    id
}

/// What has to be signed with ES256 (SHA-256, P-256) by the key of the certificate with this fingerprint. Whoever holds
/// the key hashes these bytes.
#[must_use]
pub fn to_be_signed(claims: &Claims, fingerprint: &[u8; 32]) -> Vec<u8> {
    signed_bytes(&protected(&key_id(fingerprint)), &claims.encode())
}

/// The seal of these claims, when `signature` over [`to_be_signed`] by `key` is handed in, in DER or as two numbers of
/// 32 bytes. A signature that does not fit makes no seal.
///
/// # Errors
/// [`WrongSignature`].
pub fn assemble(
    claims: &Claims,
    fingerprint: &[u8; 32],
    signature: &[u8],
    key: &PublicKey,
) -> Result<Vec<u8>, WrongSignature> {
    let (protected, payload) = (protected(&key_id(fingerprint)), claims.encode());
    let signed = signed_bytes(&protected, &payload);
    let fits = |read: &Signature| key.verify_raw(&signed, &read.to_bytes()).is_ok();
    // A DER signature can have 64 bytes as well: whichever reading fits is the right one.
    let raw = Signature::from_slice(signature).ok().filter(fits);
    let read = raw.or_else(|| Signature::from_der(signature).ok().filter(fits)).ok_or(WrongSignature)?;
    let read = read.normalize_s().unwrap_or(read);
    let mut out = Writer::default();
    out.tag(COSE_SIGN1).array(4).bytes(&protected).map(0).bytes(&payload).bytes(&read.to_bytes());
    Ok(out.finish())
}

/// Reads a seal. Everything that could be written in another way, or stand there without meaning anything, is refused.
///
/// # Errors
/// [`SealError`].
pub fn parse(bytes: &[u8]) -> Result<Seal, SealError> {
    if bytes.len() > LARGEST {
        return Err(SealError::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    if reader.tag()? != COSE_SIGN1 || reader.array()? != 4 {
        return Err(SealError::NotSign1);
    }
    let key_id = parse_protected(reader.bytes()?)?;
    if reader.map()?.0 != 0 {
        return Err(SealError::OtherHeader);
    }
    let payload = reader.bytes()?;
    let signature: [u8; 64] = reader.bytes()?.try_into().map_err(|_| SealError::SignatureForm)?;
    reader.end()?;
    let is_smaller = Signature::from_slice(&signature).is_ok_and(|read| read.normalize_s().is_none());
    if !is_smaller {
        return Err(SealError::SignatureForm);
    }
    Ok(Seal { key_id, claims: Claims::decode(payload)?, signature })
}

impl Seal {
    /// Checks the signature. That the key is a trusted one is for the trust list to say.
    ///
    /// # Errors
    /// [`WrongSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), WrongSignature> {
        // Written again from what was read: there is only the one way.
        let signed = signed_bytes(&protected(&self.key_id), &self.claims.encode());
        match key {
            PublicKey::P256(_) => key.verify_raw(&signed, &self.signature),
            PublicKey::P384(_) => Err(WrongSignature),
        }
    }
}

fn protected(key_id: &KeyId) -> Vec<u8> {
    let mut out = Writer::default();
    out.map(2).integer(ALGORITHM).integer(ES256).integer(KEY_ID).bytes(key_id);
    out.finish()
}

fn parse_protected(bytes: &[u8]) -> Result<KeyId, SealError> {
    let mut reader = Reader::new(bytes);
    let (count, mut keys) = reader.map()?;
    let (mut algorithm, mut key_id) = (None, None);
    for _ in 0..count {
        match keys.next(&mut reader)? {
            ALGORITHM => algorithm = Some(reader.integer()?),
            KEY_ID => key_id = Some(reader.bytes()?),
            // `crit` among them: nothing that has to be understood beyond these two is understood here.
            _ => return Err(SealError::OtherHeader),
        }
    }
    reader.end()?;
    if algorithm != Some(ES256) {
        return Err(SealError::OtherAlgorithm);
    }
    key_id.and_then(|id| id.try_into().ok()).ok_or(SealError::OtherHeader)
}

/// The `Sig_structure` of RFC 9052, section 4.4.
fn signed_bytes(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = Writer::default();
    out.array(4).text("Signature1").bytes(protected).bytes(&[]).bytes(payload);
    out.finish()
}
