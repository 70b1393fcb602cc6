//! Public keys on P-256 and P-384, and signatures by them.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoOwned};
use thiserror::Error;

use crate::text::base64url;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// A key that checks signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// On P-256, which seals are signed with.
    P256(p256::ecdsa::VerifyingKey),
    /// On P-384, which a root may have.
    P384(p384::ecdsa::VerifyingKey),
}

/// What is hashed how before it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

/// Neither P-256 nor P-384, or no point on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the key is none on P-256 or P-384")]
pub struct OtherKey;

/// The signature does not belong to these bytes and this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not fit")]
pub struct WrongSignature;

/// A public key in JSON (RFC 7517), so that a reader needs no certificate parser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jwk {
    /// `EC`.
    pub kty: String,
    /// `P-256` or `P-384`.
    pub crv: String,
    /// The first coordinate.
    pub x: String,
    /// The second.
    pub y: String,
}

impl PublicKey {
    /// The key of a certificate. Its curve is named and its point is written out, as RFC 5480 wants.
    ///
    /// # Errors
    /// [`OtherKey`].
    pub fn of_spki(spki: &SubjectPublicKeyInfoOwned) -> Result<Self, OtherKey> {
        let curve = spki.algorithm.parameters.as_ref().and_then(|parameters| parameters.decode_as().ok());
        let point = spki.subject_public_key.as_bytes().ok_or(OtherKey)?;
        if spki.algorithm.oid != EC_PUBLIC_KEY || point.first() != Some(&4) {
            return Err(OtherKey);
        }
        match curve {
            Some(P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map(Self::P256).map_err(|_| OtherKey),
            Some(P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map(Self::P384).map_err(|_| OtherKey),
            _ => Err(OtherKey),
        }
    }

    /// The same key in JSON.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        let (crv, point) = match self {
            Self::P256(key) => ("P-256", key.to_encoded_point(false).as_bytes().to_vec()),
            Self::P384(key) => ("P-384", key.to_encoded_point(false).as_bytes().to_vec()),
        };
        let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
        Jwk { kty: "EC".to_owned(), crv: crv.to_owned(), x: base64url(x), y: base64url(y) }
    }

    /// The hash that goes with its curve in JOSE and COSE.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        match self {
            Self::P256(_) => Hash::Sha256,
            Self::P384(_) => Hash::Sha384,
        }
    }

    /// Checks a signature in the form of JOSE and COSE: both numbers one after the other, at full length.
    ///
    /// # Errors
    /// [`WrongSignature`].
    pub fn verify_raw(&self, message: &[u8], signature: &[u8]) -> Result<(), WrongSignature> {
        match self {
            Self::P256(_) => p256::ecdsa::Signature::from_slice(signature)
                .map_err(|_| WrongSignature)
                .and_then(|signature| self.verify(Hash::Sha256, message, &Either::P256(signature))),
            Self::P384(_) => p384::ecdsa::Signature::from_slice(signature)
                .map_err(|_| WrongSignature)
                .and_then(|signature| self.verify(Hash::Sha384, message, &Either::P384(signature))),
        }
    }

    /// Checks a signature in the form of X.509.
    ///
    /// # Errors
    /// [`WrongSignature`].
    pub fn verify_der(&self, hash: Hash, message: &[u8], signature: &[u8]) -> Result<(), WrongSignature> {
        match self {
            Self::P256(_) => p256::ecdsa::Signature::from_der(signature)
                .map_err(|_| WrongSignature)
                .and_then(|signature| self.verify(hash, message, &Either::P256(signature))),
            Self::P384(_) => p384::ecdsa::Signature::from_der(signature)
                .map_err(|_| WrongSignature)
                .and_then(|signature| self.verify(hash, message, &Either::P384(signature))),
        }
    }

    fn verify(&self, hash: Hash, message: &[u8], signature: &Either) -> Result<(), WrongSignature> {
        let digest = match hash {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
        };
        match (self, signature) {
            (Self::P256(key), Either::P256(signature)) => {
                key.verify_prehash(&digest, signature).map_err(|_| WrongSignature)
            }
            (Self::P384(key), Either::P384(signature)) => {
                key.verify_prehash(&digest, signature).map_err(|_| WrongSignature)
            }
            _ => Err(WrongSignature),
        }
    }
}

enum Either {
    P256(p256::ecdsa::Signature),
    P384(p384::ecdsa::Signature),
}
