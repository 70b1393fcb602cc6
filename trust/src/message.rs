//! A CMS signature that somebody hands in: read strictly, and believed for nothing but what it proves.
//!
//! Of the ways in which a message may be written (RFC 5652), those are read that [`crate::cms`] writes: one signer, SHA-256,
//! ECDSA, signed attributes that name the content and the certificate. What is written otherwise is refused.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use const_oid::db::rfc5911::{ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA};
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, AnyRef, Decode, Encode, Sequence};
use thiserror::Error;
use x509_cert::attr::Attributes;

use crate::certificate::{Certificate, CertificateError};
use crate::chain::{self, ChainError, Demands, Purpose};
use crate::key::Hash;
use crate::moment::Moment;
use crate::{sha256, tsp};

/// id-aa-timeStampToken (RFC 3161, appendix A).
const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// The largest message that is read, in bytes.
const LARGEST: usize = 64 * 1024;
/// The most certificates in one.
const MOST_CERTIFICATES: usize = 8;

/// Why a message proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// It is written otherwise than a message of ours.
    #[error("the signature is not written as it should be: {0}")]
    Written(&'static str),
    /// A certificate in it cannot be read.
    #[error("a certificate in the signature: {0}")]
    Certificate(#[from] CertificateError),
    /// It is over something else.
    #[error("the signature is over something else")]
    Content,
    /// It is not by the key of its certificate.
    #[error("the signature is not by the key of its certificate")]
    Signature,
    /// A time stamp's chain does not hold.
    #[error("the time stamp's chain: {0}")]
    Chain(#[from] ChainError),
}

/// A message that was read; what it says is not checked yet.
#[derive(Debug)]
pub struct Message {
    signer: Certificate,
    others: Vec<Certificate>,
    attributes: Vec<u8>,
    digest: Vec<u8>,
    signature: Vec<u8>,
    content_type: ObjectIdentifier,
    content: Option<Vec<u8>>,
    token: Option<Vec<u8>>,
}

/// RFC 5035, as [`crate::cms`] writes it: the first certificate by its SHA-256.
#[derive(Sequence)]
struct SigningCertificate<'a> {
    certificates: Vec<CertificateId<'a>>,
}

#[derive(Sequence)]
struct CertificateId<'a> {
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<AnyRef<'a>>,
}

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// [`MessageError`] when it is no message, or is written in a way that ours never are.
    pub fn read(der: &[u8]) -> Result<Self, MessageError> {
        let refuse = MessageError::Written;
        if der.len() > LARGEST {
            return Err(refuse("its length"));
        }
        let info = ContentInfo::from_der(der).map_err(|_| refuse("its form"))?;
        if info.content_type != ID_SIGNED_DATA {
            return Err(refuse("its type"));
        }
        let data: SignedData = info.content.decode_as().map_err(|_| refuse("its form"))?;
        let [signer_info] = data.signer_infos.0.as_slice() else { return Err(refuse("the number of its signers")) };
        let (attributes, digest) = signed_attributes(signer_info, data.encap_content_info.econtent_type)?;
        let named = named_certificate(signer_info.signed_attrs.as_ref())?;
        let mut others = Vec::new();
        for choice in data.certificates.iter().flat_map(|all| all.0.iter()) {
            let CertificateChoices::Certificate(one) = choice else { return Err(refuse("a certificate")) };
            others.push(Certificate::from_der(&one.to_der().map_err(|_| refuse("a certificate"))?)?);
        }
        if others.len() > MOST_CERTIFICATES {
            return Err(refuse("the number of certificates"));
        }
        let place = others.iter().position(|one| one.fingerprint().as_slice() == named);
        let signer = others.swap_remove(place.ok_or(refuse("its certificate is missing"))?);
        let content = data.encap_content_info.econtent.map(|content| content.decode_as::<OctetString>());
        let content = content.transpose().map_err(|_| refuse("its content"))?;
        Ok(Self {
            signer,
            others,
            attributes,
            digest,
            signature: signer_info.signature.as_bytes().to_vec(),
            content_type: data.encap_content_info.econtent_type,
            content: content.map(|content| content.as_bytes().to_vec()),
            token: token_of(signer_info.unsigned_attrs.as_ref())?,
        })
    }

    /// The certificate that it says it is by, once the message is found to be over a content with this SHA-256 and signed by
    /// the key of that certificate. Who the certificate belongs to is for a list or a chain to say.
    ///
    /// # Errors
    /// [`MessageError`] when it is over something else, or by another key.
    pub fn verify(&self, digest: &[u8; 32]) -> Result<&Certificate, MessageError> {
        if self.digest != digest {
            return Err(MessageError::Content);
        }
        let signed = self.signer.key().verify_der(Hash::Sha256, &self.attributes, &self.signature);
        signed.map(|()| &self.signer).map_err(|_| MessageError::Signature)
    }

    /// When the signature was there, by a time stamp authority below `root`; none where it has no time stamp.
    ///
    /// # Errors
    /// [`MessageError`] when there is a time stamp and it does not hold.
    pub fn stamped_at(&self, root: &Certificate) -> Result<Option<Moment>, MessageError> {
        let Some(token) = &self.token else { return Ok(None) };
        let stamp = Self::read(token)?;
        if stamp.content_type != tsp::TST_INFO {
            return Err(MessageError::Written("the time stamp"));
        }
        let content = stamp.content.as_deref().ok_or(MessageError::Written("the time stamp"))?;
        let authority = stamp.verify(&sha256(content))?;
        let (imprint, at) = tsp::said(content).ok_or(MessageError::Written("the time stamp"))?;
        if imprint != sha256(&self.signature) {
            return Err(MessageError::Content);
        }
        let mut path = vec![authority.clone()];
        // A message may leave the root out: who checks has it.
        let issuers = || stamp.others.iter().chain([root]);
        while let Some(issuer) = path.last().and_then(|last| issuers().find(|one| last.names(one))) {
            if path.iter().any(|one| one.fingerprint() == issuer.fingerprint()) || path.len() > MOST_CERTIFICATES {
                break;
            }
            path.push(issuer.clone());
        }
        chain::verify_read(
            &path,
            &Demands { root: root.fingerprint(), at, purpose: Purpose::TimeStamp, policy: None },
        )?;
        Ok(Some(at))
    }
}

/// The signed attributes as they were signed, and the digest that they name.
fn signed_attributes(signer: &SignerInfo, content_type: ObjectIdentifier) -> Result<(Vec<u8>, Vec<u8>), MessageError> {
    let refuse = MessageError::Written;
    let is_ours = signer.digest_alg.oid == ID_SHA_256 && signer.signature_algorithm.oid == ECDSA_WITH_SHA_256;
    if !is_ours {
        return Err(refuse("its algorithms"));
    }
    let attributes = signer.signed_attrs.as_ref().ok_or(refuse("it has no signed attributes"))?;
    let named: ObjectIdentifier = value(attributes, ID_CONTENT_TYPE)?;
    if named != content_type {
        return Err(refuse("the type of its content"));
    }
    let digest: OctetString = value(attributes, ID_MESSAGE_DIGEST)?;
    let signed = attributes.to_der().map_err(|_| refuse("its attributes"))?;
    Ok((signed, digest.as_bytes().to_vec()))
}

/// SHA-256 of the certificate that the signature names as its own.
fn named_certificate(attributes: Option<&Attributes>) -> Result<Vec<u8>, MessageError> {
    let refuse = MessageError::Written("it names no certificate");
    let any: Any = value(attributes.ok_or(refuse.clone())?, ID_AA_SIGNING_CERTIFICATE_V_2)?;
    let named: SigningCertificate<'_> = any.decode_as().map_err(|_| refuse.clone())?;
    let first = named.certificates.first().ok_or(refuse)?;
    Ok(first.hash.as_bytes().to_vec())
}

fn token_of(attributes: Option<&Attributes>) -> Result<Option<Vec<u8>>, MessageError> {
    let refuse = |_| MessageError::Written("the time stamp");
    match attributes.and_then(|all| all.iter().find(|one| one.oid == SIGNATURE_TIME_STAMP)) {
        Some(_) => {
            let any: Any = value(attributes.unwrap_or(&Attributes::new()), SIGNATURE_TIME_STAMP)?;
            Ok(Some(any.to_der().map_err(refuse)?))
        }
        None => Ok(None),
    }
}

/// The one value of an attribute that stands there once.
fn value<'a, T: der::Choice<'a> + der::DecodeValue<'a>>(
    attributes: &'a Attributes,
    oid: ObjectIdentifier,
) -> Result<T, MessageError> {
    let refuse = MessageError::Written("an attribute");
    let mut found = attributes.iter().filter(|one| one.oid == oid);
    let (Some(attribute), None) = (found.next(), found.next()) else { return Err(refuse) };
    let [value] = attribute.values.as_slice() else { return Err(refuse) };
    value.decode_as().map_err(|_| refuse)
}
