//! Time stamps (RFC 3161), from both sides: who wants one asks by [`query`] and takes the token out of the answer by
//! [`token`]; an authority reads a question by [`Question::read`], answers it in the phases of [`Answer`], or [`refuse`]s.

use chrono::{DateTime, Utc};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::db::rfc5912::ID_SHA_256;
use der::asn1::{BitString, GeneralizedTime, Int, ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;
use x509_tsp::{Accuracy, MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use crate::cms::{CmsError, Signer};
use crate::moment::Moment;
use crate::sha256;

/// id-ct-TSTInfo.
pub(crate) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// Longer than what anybody uses; what it is, is signed.
const LONGEST_NONCE: usize = 32;

/// Why there is no time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TimeStampError {
    /// The authority refused, with this status.
    #[error("the time stamp authority refused (status {0})")]
    Refused(u8),
    /// What it answered cannot be read.
    #[error("the time stamp authority's answer cannot be read")]
    Unreadable,
    /// The answer is about something else.
    #[error("the time stamp is not of what was asked: {0}")]
    Foreign(&'static str),
    /// A moment that no token can name.
    #[error("no time stamp can be of {0}")]
    Moment(DateTime<Utc>),
    /// The token cannot be put together.
    #[error(transparent)]
    Cms(#[from] CmsError),
}

impl From<der::Error> for TimeStampError {
    fn from(error: der::Error) -> Self {
        Self::Cms(error.into())
    }
}

/// A question for a time stamp of `signature` (the ECDSA signature as it stands in the message), with the authority's
/// certificate in the answer. `nonce` is a number that nobody can foresee.
///
/// # Errors
/// [`TimeStampError`] when it cannot be encoded.
pub fn query(signature: &[u8], nonce: u64) -> Result<Vec<u8>, TimeStampError> {
    let question = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: imprint(&sha256(signature))?,
        req_policy: None,
        nonce: Some(Int::from_der(&nonce.to_der()?)?),
        cert_req: true,
        extensions: None,
    };
    Ok(question.to_der()?)
}

/// The token of an `answer`, when it is of `signature` and of the question with `nonce`. Whether the authority is one that
/// is trusted, and its signature, is for whoever checks the paper.
///
/// # Errors
/// [`TimeStampError`] when it was refused, or is of something else.
pub fn token(answer: &[u8], signature: &[u8], nonce: u64) -> Result<Vec<u8>, TimeStampError> {
    let answer = TimeStampResp::from_der(answer).map_err(|_| TimeStampError::Unreadable)?;
    let status = answer.status.status as u8;
    // Granted, or granted with changes.
    if status > 1 {
        return Err(TimeStampError::Refused(status));
    }
    let token = answer.time_stamp_token.ok_or(TimeStampError::Unreadable)?;
    let info = info_of(&token).ok_or(TimeStampError::Unreadable)?;
    let said = &info.message_imprint;
    if said.hash_algorithm.oid != ID_SHA_256 || said.hashed_message.as_bytes() != sha256(signature) {
        return Err(TimeStampError::Foreign("signature"));
    }
    if info.nonce != Some(Int::from_der(&nonce.to_der()?)?) {
        return Err(TimeStampError::Foreign("nonce"));
    }
    Ok(token.to_der()?)
}

/// When a token says that it was.
#[must_use]
pub fn moment_of(token: &[u8]) -> Option<DateTime<Utc>> {
    let seconds = info_of(&ContentInfo::from_der(token).ok()?)?.gen_time.to_unix_duration().as_secs();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// What a token's content says: the SHA-256 of what was there, and when.
pub(crate) fn said(content: &[u8]) -> Option<([u8; 32], Moment)> {
    let info = TstInfo::from_der(content).ok()?;
    let imprint = &info.message_imprint;
    let digest = imprint.hashed_message.as_bytes().try_into().ok()?;
    let at = Moment::try_from(info.gen_time.to_unix_duration().as_secs()).ok()?;
    (imprint.hash_algorithm.oid == ID_SHA_256).then_some((digest, at))
}

fn info_of(token: &ContentInfo) -> Option<TstInfo> {
    let data = token.content.decode_as::<SignedData>().ok()?;
    if data.encap_content_info.econtent_type != TST_INFO {
        return None;
    }
    let content = data.encap_content_info.econtent?.decode_as::<OctetString>().ok()?;
    TstInfo::from_der(content.as_bytes()).ok()
}

/// Why an authority gives no time stamp (RFC 3161, 2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Another hash than SHA-256.
    #[error("a time stamp is of a SHA-256")]
    Algorithm,
    /// No question.
    #[error("this is no question for a time stamp")]
    Request,
    /// A hash of another length.
    #[error("the hash is not as long as a SHA-256")]
    DataFormat,
    /// The clock cannot be relied on.
    #[error("the time is not known")]
    Time,
    /// Another policy.
    #[error("there is no such policy")]
    Policy,
    /// An extension.
    #[error("extensions are not known")]
    Extension,
    /// Anything else.
    #[error("the authority cannot answer")]
    System,
}

impl Refusal {
    /// The bit of `PKIFailureInfo`.
    const fn bit(self) -> usize {
        match self {
            Self::Algorithm => 0,
            Self::Request => 2,
            Self::DataFormat => 5,
            Self::Time => 14,
            Self::Policy => 15,
            Self::Extension => 16,
            Self::System => 25,
        }
    }
}

/// A question that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The hash that is to be stamped.
    pub digest: [u8; 32],
    nonce: Option<Int>,
    wants_certificates: bool,
}

impl Question {
    /// A question for a time stamp of `digest`, with the certificates in the answer: for who is asked on another way than by DER.
    ///
    /// # Errors
    /// [`TimeStampError`] when it cannot be encoded.
    pub fn of(digest: [u8; 32], nonce: Option<u64>) -> Result<Self, TimeStampError> {
        let nonce = nonce.map(|nonce| Int::from_der(&nonce.to_der()?)).transpose()?;
        Ok(Self { digest, nonce, wants_certificates: true })
    }

    /// The question `der`, put to an authority that stamps under `policy`.
    ///
    /// # Errors
    /// [`Refusal`] when it is none, or asks for what there is not.
    pub fn read(der: &[u8], policy: ObjectIdentifier) -> Result<Self, Refusal> {
        let asked = TimeStampReq::from_der(der).map_err(|_| Refusal::Request)?;
        if asked.message_imprint.hash_algorithm.oid != ID_SHA_256 {
            return Err(Refusal::Algorithm);
        }
        if asked.extensions.is_some() {
            return Err(Refusal::Extension);
        }
        if asked.req_policy.is_some_and(|wanted| wanted != policy) {
            return Err(Refusal::Policy);
        }
        if asked.nonce.as_ref().is_some_and(|nonce| nonce.as_bytes().len() > LONGEST_NONCE) {
            return Err(Refusal::Request);
        }
        let digest = asked.message_imprint.hashed_message.as_bytes().try_into().map_err(|_| Refusal::DataFormat)?;
        Ok(Self { digest, nonce: asked.nonce, wants_certificates: asked.cert_req })
    }
}

/// What an authority says of a time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampMeta {
    /// Under which policy.
    pub policy: ObjectIdentifier,
    /// Its number, of which there is no other: at most 20 bytes, most significant first.
    pub serial: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
    /// By how much the clock may be wrong.
    pub accuracy_seconds: u64,
}

/// An answer in the making.
#[derive(Debug, Clone)]
pub struct Answer {
    info: Vec<u8>,
    signer: Signer,
    with_certificates: bool,
}

impl Answer {
    /// The answer to `question`, by the key of `certificate` (DER), whose only purpose is time stamping.
    ///
    /// # Errors
    /// [`TimeStampError`] when it cannot be encoded.
    pub fn prepare(question: &Question, meta: &TimeStampMeta, certificate: &[u8]) -> Result<Self, TimeStampError> {
        let unix = u64::try_from(meta.at.timestamp()).map_err(|_| TimeStampError::Moment(meta.at))?;
        let gen_time = GeneralizedTime::from_unix_duration(std::time::Duration::from_secs(unix));
        let info = TstInfo {
            version: TspVersion::V1,
            policy: meta.policy,
            message_imprint: imprint(&question.digest)?,
            serial_number: positive(&meta.serial)?,
            gen_time: gen_time.map_err(|_| TimeStampError::Moment(meta.at))?,
            accuracy: Some(Accuracy { seconds: Some(meta.accuracy_seconds), millis: None, micros: None }),
            ordering: false,
            nonce: question.nonce.clone(),
            tsa: None,
            extensions: None,
        };
        let info = info.to_der()?;
        let signer = Signer::new(TST_INFO, &sha256(&info), certificate)?;
        Ok(Self { info, signer, with_certificates: question.wants_certificates })
    }

    /// What is to be signed: ECDSA over its SHA-256, which whoever signs computes, once.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signer.to_be_signed()
    }

    /// The token as DER. The certificates are in it when they were asked for.
    ///
    /// # Errors
    /// [`TimeStampError`] when a part is not what it should be.
    pub fn token(&self, signature: &[u8], chain: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, TimeStampError> {
        if self.with_certificates {
            Ok(self.signer.signed_data(Some(&self.info), signature, chain, None)?)
        } else {
            Ok(self.signer.signed_data_alone(Some(&self.info), signature)?)
        }
    }

    /// The answer as DER, with the token in it.
    ///
    /// # Errors
    /// [`TimeStampError`] when a part is not what it should be.
    pub fn finish(&self, signature: &[u8], chain: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, TimeStampError> {
        let token = self.token(signature, chain)?;
        let granted = Granted { status: Status { status: 0 }, token: Any::from_der(&token)? };
        Ok(granted.to_der()?)
    }
}

#[derive(Sequence)]
struct Granted {
    status: Status,
    token: Any,
}

#[derive(Sequence)]
struct Status {
    status: u8,
}

#[derive(Sequence)]
struct Refused {
    status: FailedStatus,
}

#[derive(Sequence)]
struct FailedStatus {
    status: u8,
    failure: BitString,
}

/// The answer that says why there is none.
///
/// # Errors
/// [`TimeStampError`] when it cannot be encoded.
pub fn refuse(refusal: Refusal) -> Result<Vec<u8>, TimeStampError> {
    let bit = refusal.bit();
    let mut bytes = vec![0_u8; bit / 8 + 1];
    bytes[bit / 8] = 0x80 >> (bit % 8);
    let unused = u8::try_from(7 - bit % 8).unwrap_or_default();
    // 2 is a rejection.
    Ok(Refused { status: FailedStatus { status: 2, failure: BitString::new(unused, bytes)? } }.to_der()?)
}

fn imprint(digest: &[u8; 32]) -> Result<MessageImprint, der::Error> {
    Ok(MessageImprint {
        hash_algorithm: AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None },
        hashed_message: OctetString::new(digest.as_slice())?,
    })
}

/// A number above zero: with a zero before it where its first bit would make it negative.
fn positive(bytes: &[u8]) -> Result<Int, der::Error> {
    let significant: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut digits = if significant.first().is_none_or(|first| *first >= 0x80) { vec![0] } else { Vec::new() };
    digits.extend(significant);
    Int::new(&digits)
}
