//! A CMS signature (RFC 5652) by a key that is elsewhere: ECDSA on P-256 with SHA-256, nothing else.
//!
//! [`Signer`] says what is to be signed and puts the signature into a message. The signed attributes are the three that
//! PAdES asks for; the moment of signing is not among them (EN 319 142-1, 6.3: it stands in the file).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::db::rfc5911::{ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA};
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, ID_SHA_256, SECP_256_R_1};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec, UintRef};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;
use x509_cert::Certificate;
use x509_cert::attr::{Attribute, Attributes};

use crate::sha256;

pub use const_oid::db::rfc5911::ID_DATA;

/// id-aa-timeStampToken (RFC 3161, appendix A).
const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Why there is no message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CmsError {
    /// A part is not DER, or not the thing that it should be.
    #[error("{0} is not what it should be")]
    Part(&'static str),
    /// The certificate is of another kind of key.
    #[error("the signer's certificate is not of a key on P-256")]
    Key,
    /// Something cannot be encoded.
    #[error("it cannot be encoded: {0}")]
    Encoding(#[from] der::Error),
}

/// A signature in the making.
#[derive(Debug, Clone)]
pub struct Signer {
    content_type: ObjectIdentifier,
    attributes: Attributes,
    to_be_signed: Vec<u8>,
    certificate: Certificate,
}

/// RFC 5035: the certificate that the signature is by, by its SHA-256.
#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

#[derive(Sequence)]
struct CertificateId {
    hash: OctetString,
}

#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

impl Signer {
    /// The signature of a content of a type with the SHA-256 `digest`, by the key of `certificate` (DER).
    ///
    /// # Errors
    /// [`CmsError`] when the certificate is none, or its key is not on P-256.
    pub fn new(content_type: ObjectIdentifier, digest: &[u8; 32], certificate: &[u8]) -> Result<Self, CmsError> {
        let id =
            SigningCertificate { certificates: vec![CertificateId { hash: OctetString::new(sha256(certificate))? }] };
        let certificate = parsed(certificate, "the signer's certificate")?;
        let key = &certificate.tbs_certificate.subject_public_key_info.algorithm;
        let curve = key.parameters.as_ref().and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
        if key.oid != ID_EC_PUBLIC_KEY || curve != Some(SECP_256_R_1) {
            return Err(CmsError::Key);
        }
        let mut attributes = Attributes::new();
        attributes.insert(attribute(ID_CONTENT_TYPE, Any::encode_from(&content_type)?)?)?;
        attributes.insert(attribute(ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest.as_slice())?)?)?)?;
        attributes.insert(attribute(ID_AA_SIGNING_CERTIFICATE_V_2, Any::encode_from(&id)?)?)?;
        Ok(Self { content_type, to_be_signed: attributes.to_der()?, attributes, certificate })
    }

    /// What is to be signed: the attributes as DER. Whoever signs hashes it, once.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// The message as DER: `content` where it is within, the ECDSA signature (DER), the certificates of the signer and of
    /// `chain`, and a time stamp of the signature.
    ///
    /// # Errors
    /// [`CmsError`] when a part is not what it should be.
    pub fn signed_data(
        &self,
        content: Option<&[u8]>,
        signature: &[u8],
        chain: &[impl AsRef<[u8]>],
        token: Option<&[u8]>,
    ) -> Result<Vec<u8>, CmsError> {
        let mut certificates = vec![self.certificate.clone()];
        for one in chain {
            let certificate = parsed(one.as_ref(), "a certificate of the chain")?;
            if !certificates.contains(&certificate) {
                certificates.push(certificate);
            }
        }
        self.message(content, signature, Some(certificates), token)
    }

    /// As [`Signer::signed_data`], without any certificate: for who has them and says so.
    ///
    /// # Errors
    /// [`CmsError`] when a part is not what it should be.
    pub fn signed_data_alone(&self, content: Option<&[u8]>, signature: &[u8]) -> Result<Vec<u8>, CmsError> {
        self.message(content, signature, None, None)
    }

    fn message(
        &self,
        content: Option<&[u8]>,
        signature: &[u8],
        certificates: Option<Vec<Certificate>>,
        token: Option<&[u8]>,
    ) -> Result<Vec<u8>, CmsError> {
        EcdsaSignature::from_der(signature).map_err(|_| CmsError::Part("the signature"))?;
        let unsigned_attrs = token.map(time_stamp).transpose()?;
        let subject = &self.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: subject.issuer.clone(),
                serial_number: subject.serial_number.clone(),
            }),
            digest_alg: algorithm(ID_SHA_256),
            signed_attrs: Some(self.attributes.clone()),
            signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
            signature: OctetString::new(signature)?,
            unsigned_attrs,
        };
        let certificates = certificates.map(|all| {
            CertificateSet::try_from(all.into_iter().map(CertificateChoices::Certificate).collect::<Vec<_>>())
        });
        let econtent = content.map(|bytes| Any::encode_from(&OctetString::new(bytes)?)).transpose()?;
        let data = SignedData {
            // RFC 5652, 5.1: what is not plain data makes it version 3.
            version: if self.content_type == ID_DATA { CmsVersion::V1 } else { CmsVersion::V3 },
            digest_algorithms: SetOfVec::try_from(vec![algorithm(ID_SHA_256)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: self.content_type, econtent },
            certificates: certificates.transpose()?,
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        Ok(ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()?)
    }
}

fn time_stamp(token: &[u8]) -> Result<Attributes, CmsError> {
    let token = Any::from_der(token).map_err(|_| CmsError::Part("the time stamp"))?;
    Ok(Attributes::try_from(vec![attribute(SIGNATURE_TIME_STAMP, token)?])?)
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, CmsError> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// A certificate that is written again byte for byte as it was: its hash is signed.
fn parsed(der: &[u8], what: &'static str) -> Result<Certificate, CmsError> {
    let certificate = Certificate::from_der(der).map_err(|_| CmsError::Part(what))?;
    if certificate.to_der()? != der {
        return Err(CmsError::Part(what));
    }
    Ok(certificate)
}
