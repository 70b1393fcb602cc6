//! Pairs of keys on the two curves that are used: P-256, and P-384 for the root.

use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ID_EC_PUBLIC_KEY, SECP_256_R_1, SECP_384_R_1};
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::elliptic_curve::rand_core::OsRng;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use sha2::{Digest, Sha256};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use zeroize::Zeroizing;

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256, with SHA-256.
    P256,
    /// NIST P-384, with SHA-384.
    P384,
}

impl Curve {
    /// Its name in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bits of a key.
    #[must_use]
    pub const fn bits(self) -> i32 {
        match self {
            Self::P256 => 256,
            Self::P384 => 384,
        }
    }

    /// The curve of a name in the database.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::P256, Self::P384].into_iter().find(|curve| curve.code() == code)
    }

    const fn signature_oid(self) -> ObjectIdentifier {
        match self {
            Self::P256 => ECDSA_WITH_SHA_256,
            Self::P384 => ECDSA_WITH_SHA_384,
        }
    }

    /// How a signature on this curve names itself.
    #[must_use]
    pub const fn signature_algorithm(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.signature_oid(), parameters: None }
    }

    /// As OpenSSL and the database name it.
    #[must_use]
    pub const fn signature_name(self) -> &'static str {
        match self {
            Self::P256 => "ecdsa-with-SHA256",
            Self::P384 => "ecdsa-with-SHA384",
        }
    }

    /// The curve of a public key; none for a key of another kind.
    #[must_use]
    pub fn of(public: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        if public.algorithm.oid != ID_EC_PUBLIC_KEY {
            return None;
        }
        let curve: ObjectIdentifier = public.algorithm.parameters.as_ref()?.decode_as().ok()?;
        match curve {
            SECP_256_R_1 => Some(Self::P256),
            SECP_384_R_1 => Some(Self::P384),
            _ => None,
        }
    }
}

/// A key that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key cannot be read")]
pub struct NotAKey;

/// A pair of keys; the private one is wiped when it goes.
pub enum KeyPair {
    /// On P-256.
    P256(Box<p256::ecdsa::SigningKey>),
    /// On P-384.
    P384(Box<p384::ecdsa::SigningKey>),
}

/// It holds a key.
impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({})", self.curve().code())
    }
}

impl KeyPair {
    /// A pair that nobody has seen.
    #[must_use]
    pub fn new(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::P256(Box::new(p256::ecdsa::SigningKey::random(&mut OsRng))),
            Curve::P384 => Self::P384(Box::new(p384::ecdsa::SigningKey::random(&mut OsRng))),
        }
    }

    /// Reads a private key.
    ///
    /// # Errors
    /// When it is not PKCS#8 on this curve.
    pub fn from_pkcs8(curve: Curve, der: &[u8]) -> Result<Self, NotAKey> {
        match curve {
            Curve::P256 => p256::ecdsa::SigningKey::from_pkcs8_der(der).map(|key| Self::P256(Box::new(key))),
            Curve::P384 => p384::ecdsa::SigningKey::from_pkcs8_der(der).map(|key| Self::P384(Box::new(key))),
        }
        .map_err(|_| NotAKey)
    }

    /// The private key as PKCS#8.
    ///
    /// # Errors
    /// Never with a key of ours.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, NotAKey> {
        let document = match self {
            Self::P256(key) => key.to_pkcs8_der(),
            Self::P384(key) => key.to_pkcs8_der(),
        };
        document.map(|document| document.to_bytes()).map_err(|_| NotAKey)
    }

    /// Its curve.
    #[must_use]
    pub const fn curve(&self) -> Curve {
        match self {
            Self::P256(_) => Curve::P256,
            Self::P384(_) => Curve::P384,
        }
    }

    /// The public key.
    ///
    /// # Errors
    /// Never with a key of ours.
    pub fn public(&self) -> Result<SubjectPublicKeyInfoOwned, NotAKey> {
        let der = match self {
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
        };
        SubjectPublicKeyInfoOwned::from_der(der.map_err(|_| NotAKey)?.as_bytes()).map_err(|_| NotAKey)
    }

    /// A signature over `message`, which is hashed here, once: DER, as certificates and CMS have it.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => Signer::<p256::ecdsa::DerSignature>::sign(key.as_ref(), message).as_bytes().to_vec(),
            Self::P384(key) => Signer::<p384::ecdsa::DerSignature>::sign(key.as_ref(), message).as_bytes().to_vec(),
        }
    }
}

/// SHA-256 of a public key, by which a key is recognised.
///
/// # Errors
/// When the key cannot be written as DER.
pub fn fingerprint(public: &SubjectPublicKeyInfoOwned) -> Result<[u8; 32], NotAKey> {
    public.to_der().map(|der| Sha256::digest(der).into()).map_err(|_| NotAKey)
}

/// Whether `signature` (DER) over `message` is of this public key.
#[must_use]
pub fn is_signed_by(public: &SubjectPublicKeyInfoOwned, message: &[u8], signature: &[u8]) -> bool {
    let Some(point) = public.subject_public_key.as_bytes() else { return false };
    match Curve::of(public) {
        Some(Curve::P256) => p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .ok()
            .zip(p256::ecdsa::DerSignature::try_from(signature).ok())
            .is_some_and(|(key, signature)| key.verify(message, &signature).is_ok()),
        Some(Curve::P384) => p384::ecdsa::VerifyingKey::from_sec1_bytes(point)
            .ok()
            .zip(p384::ecdsa::DerSignature::try_from(signature).ok())
            .is_some_and(|(key, signature)| key.verify(message, &signature).is_ok()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_is_kept_and_signs_again() {
        for curve in [Curve::P256, Curve::P384] {
            let pair = KeyPair::new(curve);
            let again = KeyPair::from_pkcs8(curve, &pair.to_pkcs8().unwrap()).unwrap();
            let public = pair.public().unwrap();
            assert_eq!(Curve::of(&public), Some(curve));
            assert_eq!(public, again.public().unwrap());
            let signature = again.sign(b"a paper");
            assert!(is_signed_by(&public, b"a paper", &signature));
            assert!(!is_signed_by(&public, b"another", &signature));
            assert!(!is_signed_by(&KeyPair::new(curve).public().unwrap(), b"a paper", &signature));
        }
    }
}
