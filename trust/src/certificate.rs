//! A certificate as far as checks look at it.

use der::{Decode, Encode, oid::AssociatedOid};
use spki::ObjectIdentifier;
use thiserror::Error;
use x509_cert::{
    TbsCertificate, Version,
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
    },
};

use crate::{
    key::{Hash, PublicKey},
    moment::Moment,
    sha256,
};

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// The largest certificate that is read, in bytes: several times the largest of ours.
const LARGEST: usize = 8 * 1024;

/// One certificate, read strictly.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    /// What is signed, as it stands in the certificate.
    pub(crate) signed: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) signature_hash: Hash,
    tbs: TbsCertificate,
    key: PublicKey,
    fingerprint: [u8; 32],
    pub(crate) basic: Option<BasicConstraints>,
    pub(crate) usage: Option<KeyUsage>,
    pub(crate) extended: Option<ExtendedKeyUsage>,
    pub(crate) policies: Option<CertificatePolicies>,
    pub(crate) key_id: Option<Vec<u8>>,
    pub(crate) issuer_key_id: Option<Vec<u8>>,
}

/// Why bytes are no certificate that is read here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateError {
    /// Not DER, too large, or with something behind it.
    #[error("it is no certificate in DER")]
    NotDer,
    /// Not version 3, or with the identifiers of version 2.
    #[error("it is not of version 3")]
    OldVersion,
    /// Signed otherwise than with ECDSA and SHA-256 or SHA-384, or its two names of the algorithm differ.
    #[error("it is signed with another algorithm")]
    OtherAlgorithm,
    /// Its key is none on P-256 or P-384.
    #[error("its key is none on P-256 or P-384")]
    OtherKey,
    /// Its serial number is not positive, or longer than 20 bytes.
    #[error("its serial number is not positive or too long")]
    Serial,
    /// An extension that cannot be read or stands twice.
    #[error("an extension cannot be read or stands twice")]
    Extension,
    /// An extension that has to be understood, and is not: {0}.
    #[error("an extension has to be understood and is not: {0}")]
    UnknownCritical(String),
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > LARGEST {
            return Err(CertificateError::NotDer);
        }
        let read = x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::NotDer)?;
        let written = read.to_der().map_err(|_| CertificateError::NotDer)?;
        // What would be written otherwise is not DER, and its signature would be over other bytes.
        if written != der {
            return Err(CertificateError::NotDer);
        }
        let tbs = read.tbs_certificate;
        if tbs.version != Version::V3 || tbs.issuer_unique_id.is_some() || tbs.subject_unique_id.is_some() {
            return Err(CertificateError::OldVersion);
        }
        if tbs.signature != read.signature_algorithm || read.signature_algorithm.parameters.is_some() {
            return Err(CertificateError::OtherAlgorithm);
        }
        let signature_hash = match read.signature_algorithm.oid {
            ECDSA_SHA256 => Hash::Sha256,
            ECDSA_SHA384 => Hash::Sha384,
            _ => return Err(CertificateError::OtherAlgorithm),
        };
        let serial = tbs.serial_number.as_bytes();
        let is_positive = serial.iter().any(|byte| *byte != 0) && serial.first().is_some_and(|first| first & 0x80 == 0);
        if !is_positive || serial.len() > 20 {
            return Err(CertificateError::Serial);
        }
        let key = PublicKey::of_spki(&tbs.subject_public_key_info).map_err(|_| CertificateError::OtherKey)?;
        only_known_critical(&tbs)?;
        Ok(Self {
            signed: tbs.to_der().map_err(|_| CertificateError::NotDer)?,
            signature: read.signature.as_bytes().ok_or(CertificateError::NotDer)?.to_vec(),
            signature_hash,
            key,
            fingerprint: sha256(der),
            basic: extension(&tbs)?,
            usage: extension(&tbs)?,
            extended: extension(&tbs)?,
            policies: extension(&tbs)?,
            key_id: extension::<SubjectKeyIdentifier>(&tbs)?.map(|id| id.0.as_bytes().to_vec()),
            issuer_key_id: extension::<AuthorityKeyIdentifier>(&tbs)?
                .and_then(|id| id.key_identifier)
                .map(|id| id.as_bytes().to_vec()),
            tbs,
            der: der.to_vec(),
        })
    }

    /// As it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of it.
    #[must_use]
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Its key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Its subject, as RFC 4514 writes it.
    #[must_use]
    pub fn subject(&self) -> String {
        self.tbs.subject.to_string()
    }

    /// Its issuer, in the same way.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.tbs.issuer.to_string()
    }

    /// The first and the last second at which it is valid.
    #[must_use]
    pub fn validity(&self) -> (Moment, Moment) {
        let moment =
            |time: &x509_cert::time::Time| Moment::try_from(time.to_unix_duration().as_secs()).unwrap_or(Moment::EPOCH);
        (moment(&self.tbs.validity.not_before), moment(&self.tbs.validity.not_after))
    }

    /// Whether its issuer names `issuer`, and names the key that it has.
    pub(crate) fn names(&self, issuer: &Self) -> bool {
        let is_key = match (&self.issuer_key_id, &issuer.key_id) {
            (Some(named), Some(has)) => named == has,
            _ => true,
        };
        self.tbs.issuer == issuer.tbs.subject && !issuer.tbs.subject.0.is_empty() && is_key
    }

    /// Whether `issuer` has issued it, and was valid when its own time began: of an issuer that was renewed under its
    /// name, the right one.
    pub(crate) fn is_issued_by(&self, issuer: &Self) -> bool {
        let ((began, _), (from, until)) = (self.validity(), issuer.validity());
        self.names(issuer)
            && (from..=until).contains(&began)
            && issuer.key.verify_der(self.signature_hash, &self.signed, &self.signature).is_ok()
    }

    /// Whether issuer and subject are the same name: such a certificate does not count for the length of a path.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.tbs.issuer == self.tbs.subject
    }
}

fn extension<'a, T: Decode<'a> + AssociatedOid>(tbs: &'a TbsCertificate) -> Result<Option<T>, CertificateError> {
    match tbs.get::<T>() {
        Ok(found) => Ok(found.map(|(_, value)| value)),
        Err(_) => Err(CertificateError::Extension),
    }
}

/// RFC 5280, section 4.2: what is critical and not understood refuses the whole. No extension stands twice.
fn only_known_critical(tbs: &TbsCertificate) -> Result<(), CertificateError> {
    let known = [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, CertificatePolicies::OID];
    let extensions = tbs.extensions.as_deref().unwrap_or_default();
    for (place, extension) in extensions.iter().enumerate() {
        if extensions.iter().take(place).any(|before| before.extn_id == extension.extn_id) {
            return Err(CertificateError::Extension);
        }
        if extension.critical && !known.contains(&extension.extn_id) {
            return Err(CertificateError::UnknownCritical(extension.extn_id.to_string()));
        }
    }
    Ok(())
}
