//! Questions and answers about single certificates (RFC 6960, in the small form of RFC 5019; nonces of RFC 9654).

use chrono::{DateTime, Utc};
use const_oid::db::rfc5912::{ID_SHA_1, ID_SHA_256};
use const_oid::db::rfc6960::{
    ID_PKIX_OCSP_ARCHIVE_CUTOFF, ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NONCE, ID_PKIX_OCSP_RESPONSE,
};
use der::asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Header, Tag, TagNumber};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::name::Name;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, OcspResponseStatus,
    ResponderId, ResponseBytes, ResponseData, RevokedInfo, SingleResponse, Version,
};

use super::certificate::{BuildError, sequence, time};
use super::list::Reason;
use crate::keypair::Curve;

/// The longest question, in bytes: one about sixteen certificates with every extension is shorter.
pub const LONGEST_QUESTION: usize = 4 * 1024;
/// The most certificates of one question; who asks of one paper asks about one or two.
const MOST: usize = 16;
/// The longest nonce (RFC 9654).
const LONGEST_NONCE: usize = 128;

/// Why there is no signed answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no question, or asks for what is not understood.
    #[error("this is no question about certificates")]
    Malformed,
    /// The signer is away; for who stands before it.
    #[error("the answer cannot be given now")]
    TryLater,
    /// All of it is about certificates of others.
    #[error("the certificates are of another authority")]
    Unauthorized,
}

impl Refusal {
    /// The answer that says so. It is not signed: nobody can be made to use a key by nonsense.
    #[must_use]
    pub const fn answer(self) -> [u8; 5] {
        let status = match self {
            Self::Malformed => OcspResponseStatus::MalformedRequest,
            Self::TryLater => OcspResponseStatus::TryLater,
            Self::Unauthorized => OcspResponseStatus::Unauthorized,
        };
        // OCSPResponse of an ENUMERATED alone.
        [0x30, 3, 0x0a, 1, status as u8]
    }
}

/// A question that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// About which certificates.
    pub ids: Vec<CertId>,
    /// What the answer has to say again.
    pub nonce: Option<Vec<u8>>,
}

impl Question {
    /// Reads a question, DER. A signature under it is not looked at: everybody may ask.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn read(der: &[u8]) -> Result<Self, Refusal> {
        if der.len() > LONGEST_QUESTION {
            return Err(Refusal::Malformed);
        }
        let asked = OcspRequest::from_der(der).map_err(|_| Refusal::Malformed)?.tbs_request;
        if !(1..=MOST).contains(&asked.request_list.len()) {
            return Err(Refusal::Malformed);
        }
        let mut nonce = None;
        for extension in asked.request_extensions.iter().flatten() {
            match extension.extn_id {
                ID_PKIX_OCSP_NONCE if nonce.is_none() => nonce = Some(nonce_of(extension)?),
                ID_PKIX_OCSP_RESPONSE => accepts_basic(extension)?,
                _ if extension.critical => return Err(Refusal::Malformed),
                ID_PKIX_OCSP_NONCE => return Err(Refusal::Malformed),
                _ => {}
            }
        }
        let mut ids = Vec::with_capacity(asked.request_list.len());
        for one in asked.request_list {
            let is_plain = one.req_cert.hash_algorithm.parameters.as_ref().is_none_or(|any| any.is_null());
            let is_critical = one.single_request_extensions.iter().flatten().any(|extension| extension.critical);
            if !is_plain || is_critical {
                return Err(Refusal::Malformed);
            }
            ids.push(one.req_cert);
        }
        Ok(Self { ids, nonce })
    }
}

fn nonce_of(extension: &Extension) -> Result<Vec<u8>, Refusal> {
    let nonce = OctetString::from_der(extension.extn_value.as_bytes()).map_err(|_| Refusal::Malformed)?;
    if (1..=LONGEST_NONCE).contains(&nonce.as_bytes().len()) { Ok(nonce.into_bytes()) } else { Err(Refusal::Malformed) }
}

/// Whoever names the kinds of answers that they read has to name the one that there is.
fn accepts_basic(extension: &Extension) -> Result<(), Refusal> {
    let kinds = Vec::<ObjectIdentifier>::from_der(extension.extn_value.as_bytes()).map_err(|_| Refusal::Malformed)?;
    if kinds.contains(&ID_PKIX_OCSP_BASIC) { Ok(()) } else { Err(Refusal::Malformed) }
}

/// By what questions name an authority.
#[derive(Debug, Clone)]
pub struct Authority {
    name: Vec<u8>,
    key: Vec<u8>,
}

impl Authority {
    /// The authority of this name whose public key has these bits.
    ///
    /// # Errors
    /// When the name cannot be encoded.
    pub fn of(name: &Name, key: &[u8]) -> der::Result<Self> {
        Ok(Self { name: name.to_der()?, key: key.to_vec() })
    }

    /// Whether `id` is of a certificate of this authority.
    #[must_use]
    pub fn is_of(&self, id: &CertId) -> bool {
        let (name, key) = match id.hash_algorithm.oid {
            ID_SHA_1 => (Sha1::digest(&self.name).to_vec(), Sha1::digest(&self.key).to_vec()),
            ID_SHA_256 => (Sha256::digest(&self.name).to_vec(), Sha256::digest(&self.key).to_vec()),
            _ => return false,
        };
        id.issuer_name_hash.as_bytes() == name && id.issuer_key_hash.as_bytes() == key
    }
}

/// What a certificate is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// It was issued and is not revoked.
    Good,
    /// It is revoked or suspended.
    Revoked {
        /// Since when.
        at: DateTime<Utc>,
        /// Why.
        reason: Reason,
    },
    /// There is no such certificate, or it is of another authority.
    Unknown,
}

/// An answer to be made.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Each certificate with what it is worth.
    pub said: &'a [(CertId, Worth)],
    /// The bits of the public key of who answers.
    pub responder_key: &'a [u8],
    /// What was asked to be said again.
    pub nonce: Option<&'a [u8]>,
    /// As of when.
    pub this_update: DateTime<Utc>,
    /// Until when there is another.
    pub next_update: DateTime<Utc>,
    /// Since when expired certificates are answered for: since the authority is there.
    pub issuer_since: DateTime<Utc>,
}

/// What is to be signed.
///
/// # Errors
/// When something cannot be encoded.
pub fn to_be_signed(wanted: &Wanted<'_>) -> Result<Vec<u8>, BuildError> {
    let nonce = wanted.nonce.map(|nonce| {
        let value = OctetString::new(OctetString::new(nonce)?.to_der()?)?;
        Ok::<_, der::Error>(vec![Extension { extn_id: ID_PKIX_OCSP_NONCE, critical: false, extn_value: value }])
    });
    let data = ResponseData {
        version: Version::V1,
        // By its key, which is shorter than its name (RFC 5019, 2.2.1).
        responder_id: ResponderId::ByKey(OctetString::new(Sha1::digest(wanted.responder_key).to_vec())?),
        produced_at: moment(wanted.this_update)?,
        responses: wanted.said.iter().map(|(id, worth)| single(wanted, id, *worth)).collect::<Result<_, _>>()?,
        response_extensions: nonce.transpose()?,
    };
    Ok(data.to_der()?)
}

fn single(wanted: &Wanted<'_>, id: &CertId, worth: Worth) -> Result<SingleResponse, BuildError> {
    let cert_status = match worth {
        Worth::Good => CertStatus::Good(Null),
        Worth::Revoked { at, reason } => {
            CertStatus::Revoked(RevokedInfo { revocation_time: moment(at)?, revocation_reason: reason_of(reason) })
        }
        Worth::Unknown => CertStatus::Unknown(Null),
    };
    let cutoff = (worth != Worth::Unknown).then(|| {
        let value = OctetString::new(moment(wanted.issuer_since)?.0.to_der()?)?;
        Ok::<_, der::Error>(vec![Extension {
            extn_id: ID_PKIX_OCSP_ARCHIVE_CUTOFF,
            critical: false,
            extn_value: value,
        }])
    });
    Ok(SingleResponse {
        cert_id: id.clone(),
        cert_status,
        this_update: moment(wanted.this_update)?,
        next_update: Some(moment(wanted.next_update)?),
        single_extensions: cutoff.transpose()?,
    })
}

const fn reason_of(reason: Reason) -> Option<CrlReason> {
    Some(match reason {
        Reason::Unspecified => return None,
        Reason::KeyCompromise => CrlReason::KeyCompromise,
        Reason::CaCompromise => CrlReason::CaCompromise,
        Reason::AffiliationChanged => CrlReason::AffiliationChanged,
        Reason::Superseded => CrlReason::Superseded,
        Reason::CessationOfOperation => CrlReason::CessationOfOperation,
        Reason::CertificateHold => CrlReason::CertificateHold,
        Reason::PrivilegeWithdrawn => CrlReason::PrivilegeWithdrawn,
        Reason::AaCompromise => CrlReason::AaCompromise,
    })
}

/// To the second, and always GeneralizedTime.
fn moment(at: DateTime<Utc>) -> der::Result<OcspGeneralizedTime> {
    Ok(OcspGeneralizedTime(GeneralizedTime::from_date_time(time(at)?.to_date_time())))
}

/// The answer: what was to be signed, with its signature and the certificate of who signed it.
///
/// # Errors
/// When it cannot be encoded.
pub fn assemble(to_be_signed: &[u8], curve: Curve, signature: &[u8], certificate: &[u8]) -> der::Result<Vec<u8>> {
    let certificates = sequence(&[certificate])?;
    let tag = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
    let mut tagged = Header::new(tag, certificates.len())?.to_der()?;
    tagged.extend_from_slice(&certificates);
    // By hand, so that the signed bytes stand in it as they were signed.
    let basic = sequence(&[
        to_be_signed,
        &curve.signature_algorithm().to_der()?,
        &BitString::from_bytes(signature)?.to_der()?,
        &tagged,
    ])?;
    // Read back before anybody else does.
    BasicOcspResponse::from_der(&basic)?;
    let bytes = ResponseBytes { response_type: ID_PKIX_OCSP_BASIC, response: OctetString::new(basic)? };
    OcspResponse { response_status: OcspResponseStatus::Successful, response_bytes: Some(bytes) }.to_der()
}
