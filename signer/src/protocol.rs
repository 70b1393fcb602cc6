//! What the product asks the signer, and what it is answered: JSON, each message behind its length.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use uuid::Uuid;

use crate::authority::{Application, ApprovalRule};
use crate::policy::{AccessPolicy, Operation};
use crate::x509::list::Reason;
use crate::x509::profile::Profile;
use crate::x509::request::Flaw;

/// The longest message: a list of a hundred thousand revoked certificates has its place in it.
pub const LONGEST: u32 = 16 * 1024 * 1024;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Whether it is there, and what it has.
    Status {},
    /// Sign with the key that an organisation seals with.
    Sign {
        /// The organisation.
        organization: Uuid,
        /// For what.
        operation: Operation,
        /// Which paper.
        about: Uuid,
        /// For whom; none is the product itself, which finishes what a person decided.
        person: Option<Uuid>,
        /// Whether that person has shown a second factor for it.
        has_second_factor: bool,
        /// What is hashed and signed.
        message: Bytes,
    },
    /// Sign the list of who is trusted.
    SignTrustList {
        /// What is hashed and signed.
        message: Bytes,
    },
    /// State that something is there now, by the signer's clock (RFC 3161).
    Stamp {
        /// SHA-256 of what is there.
        digest: Bytes,
        /// What the token has to say again.
        nonce: Option<u64>,
    },
    /// Answer a question about single certificates (RFC 6960).
    AnswerStatus {
        /// OCSPRequest, DER.
        request: Bytes,
    },
    /// Make a key, and a request for a certificate of it.
    MakeRequest {
        /// For whom.
        application: Application,
        /// CN.
        common_name: String,
        /// What the key may be used for.
        policy: AccessPolicy,
    },
    /// Take a request for a certificate that was made elsewhere.
    TakeRequest {
        /// For whom.
        application: Application,
        /// PKCS#10, DER or PEM.
        csr: Bytes,
    },
    /// The newest requests for certificates.
    Requests {},
    /// Issue what was asked for and approved.
    IssueRequested {
        /// Which request.
        request: Uuid,
        /// Who approved it; none where a broken off issuance goes on.
        approvals: Vec<ApprovalGiven>,
    },
    /// End a request without a certificate.
    CloseRequest {
        /// Which request.
        request: Uuid,
        /// Who ends it.
        by: Uuid,
        /// Why it is rejected; none where who asked gives it up.
        rejected: Option<String>,
    },
    /// The newest rotations of keys.
    Rotations {},
    /// The keys that seal keys, and how those below them are used.
    Keys {},
    /// What the record has that somebody should look at.
    Alarms {
        /// Since when, this moment left out.
        since: DateTime<Utc>,
    },
    /// All certificates with what they are worth.
    Certificates {},
    /// The newest list of what an authority revoked.
    RevocationList {
        /// Which authority.
        authority: Profile,
        /// The delta list.
        is_delta: bool,
    },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// To [`Request::Status`].
    Status(Status),
    /// A signature.
    Signed {
        /// DER.
        signature: Bytes,
        /// The certificate that belongs to it, DER.
        certificate: Bytes,
    },
    /// To [`Request::Stamp`].
    Stamped {
        /// TimeStampToken, DER, with the certificates up to the root.
        token: Bytes,
    },
    /// To [`Request::AnswerStatus`].
    StatusAnswered {
        /// OCSPResponse, DER; also where it says that there is no answer.
        response: Bytes,
        /// Until when others may be given it; none for what is of one question alone.
        good_until: Option<DateTime<Utc>>,
    },
    /// To [`Request::MakeRequest`] and [`Request::TakeRequest`].
    RequestTaken {
        /// Its id.
        request: Uuid,
        /// What has to be approved.
        digest: Bytes,
        /// PKCS#10, DER.
        csr: Bytes,
    },
    /// To the same: something was found against it.
    RequestFlawed {
        /// For programs.
        flaw: Flaw,
        /// In words.
        reason: String,
    },
    /// To [`Request::Requests`].
    Requests {
        /// The newest first.
        requests: Vec<RequestFacts>,
    },
    /// To [`Request::IssueRequested`].
    Issued {
        /// Its id.
        certificate_id: Uuid,
        /// DER.
        certificate: Bytes,
    },
    /// To [`Request::CloseRequest`].
    RequestClosed {},
    /// To [`Request::Rotations`].
    Rotations {
        /// The newest first.
        rotations: Vec<RotationFacts>,
    },
    /// To [`Request::Keys`].
    Keys {
        /// The master key first, then the consortium's.
        keys: Vec<KeyFacts>,
    },
    /// To [`Request::Alarms`].
    Alarms {
        /// The first first; when there are very many, the next question goes on from the last.
        alarms: Vec<AlarmFacts>,
    },
    /// To [`Request::Certificates`].
    Certificates {
        /// The oldest first.
        certificates: Vec<CertificateFacts>,
    },
    /// To [`Request::RevocationList`].
    RevocationList {
        /// DER; none while there is no authority.
        list: Option<Bytes>,
    },
    /// It was not done.
    Refused {
        /// For programs.
        code: RefusalCode,
        /// For people who look after the product; it tells nothing secret.
        reason: String,
    },
}

/// Why it was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The policy of the key refuses it: asking again does not help.
    Policy,
    /// The approvals are not enough, or the request is decided.
    NotApproved,
    /// There is no key for it yet.
    NoKey,
    /// The key does not open: an alarm.
    Unsealable,
    /// The database is away or full: ask again later.
    Unavailable,
    /// The question cannot be understood.
    Malformed,
}

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Whether the ceremony was held.
    pub has_authority: bool,
    /// Until when the lists are good; the earliest of them.
    pub lists_until: Option<DateTime<Utc>>,
}

/// A certificate and what it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Its id.
    pub certificate_id: Uuid,
    /// Which kind.
    pub profile: Profile,
    /// Whose it is; none for the consortium's own.
    pub organization: Option<Uuid>,
    /// DER.
    pub certificate: Bytes,
    /// Hexadecimal.
    pub serial: String,
    /// From when.
    pub not_before: DateTime<Utc>,
    /// Until when.
    pub not_after: DateTime<Utc>,
    /// Whether its key can be asked to sign here; one that was made elsewhere, or whose material is gone, cannot.
    pub is_key_here: bool,
    /// That it is revoked or suspended.
    pub revocation: Option<Revocation>,
    /// When anything of this last changed.
    pub changed_at: DateTime<Utc>,
}

/// A decision of the product for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalGiven {
    /// Its id, which counts once.
    pub approval_id: Uuid,
    /// Who decided.
    pub approver: Uuid,
    /// For which organisation.
    pub organization: Uuid,
    /// The digest that was approved.
    pub digest: Bytes,
}

/// A request for a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFacts {
    /// Its id.
    pub request_id: Uuid,
    /// The organisation.
    pub organization: Option<Uuid>,
    /// The officer.
    pub person: Option<Uuid>,
    /// For which kind of certificate.
    pub profile: Profile,
    /// As the certificate will name them (RFC 4514).
    pub subject: String,
    /// Whether the key was made here.
    pub is_made_here: bool,
    /// PKCS#10, DER.
    pub csr: Bytes,
    /// What has to be approved.
    pub digest: Bytes,
    /// By how many, and by whom: the rule under which it came.
    pub approval: ApprovalRule,
    /// For how long it is asked for.
    pub validity_days: i32,
    /// pending, approved, rejected, fulfilled, expired or cancelled.
    pub status: String,
    /// Why it was rejected.
    pub rejection_reason: Option<String>,
    /// What came of it.
    pub certificate_id: Option<Uuid>,
    /// Who asked.
    pub requester: Option<Uuid>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When anything of this last changed.
    pub changed_at: DateTime<Utc>,
}

/// A rotation of keys, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationFacts {
    /// Its id.
    pub rotation_id: Uuid,
    /// master or data.
    pub of: String,
    /// Whose data key; none for the consortium's, and for the master key.
    pub organization: Option<Uuid>,
    /// scheduled, manual or compromise.
    pub kind: String,
    /// In words.
    pub reason: String,
    /// Keys at its beginning.
    pub total: i32,
    /// Keys under the new one.
    pub done: i32,
    /// Keys that did not open.
    pub failed: i32,
    /// in_progress, completed or failed.
    pub status: String,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
}

/// A key that seals others, in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFacts {
    /// master or data.
    pub of: String,
    /// Whose keys a data key seals; none for the consortium's, and for the master key.
    pub organization: Option<Uuid>,
    /// From 1 on.
    pub version: i32,
    /// In force since.
    pub since: DateTime<Utc>,
    /// When another one is due.
    pub next_rotation_at: DateTime<Utc>,
    /// Private keys under a data key.
    pub private_keys: i64,
    /// Uses of these today (UTC).
    pub uses_today: i64,
    /// The most uses of one day in the thirty before; 0 where there was none.
    pub most_uses_before: i64,
}

/// Something of the record that somebody should look at: a key that does not open is the gravest of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmFacts {
    /// Its id.
    pub event_id: Uuid,
    /// Such as KEY_DOES_NOT_OPEN.
    pub event_type: String,
    /// What it is about, such as private_key.
    pub resource_type: String,
    /// Which.
    pub resource_id: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a certificate is revoked or suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
    /// From when on its signatures are not to be relied on, where that is earlier.
    pub invalid_from: Option<DateTime<Utc>>,
}

/// Bytes, in base64 where they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(pub Vec<u8>);

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        STANDARD.encode(bytes.0)
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

/// Why a message did not come or go.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The other side is away.
    #[error("the socket: {0}")]
    Io(#[from] std::io::Error),
    /// It is longer than any may be.
    #[error("a message of {0} bytes is longer than any may be")]
    TooLong(u64),
    /// It cannot be understood.
    #[error("a message cannot be understood: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// Writes a message.
///
/// # Errors
/// When the other side is away, or the message is too long.
pub async fn write<W: AsyncWrite + Unpin + Send>(
    to: &mut W,
    message: &(impl Serialize + Sync),
) -> Result<(), WireError> {
    let text = serde_json::to_vec(message)?;
    let length = u32::try_from(text.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or(WireError::TooLong(text.len() as u64))?;
    to.write_u32(length).await?;
    to.write_all(&text).await?;
    Ok(to.flush().await?)
}

/// Reads a message; none where the other side has nothing more to say.
///
/// # Errors
/// When the other side breaks off, or says what is too long or cannot be understood.
pub async fn read<R: AsyncRead + Unpin + Send, M: for<'a> Deserialize<'a>>(
    from: &mut R,
) -> Result<Option<M>, WireError> {
    let length = match from.read_u32().await {
        Ok(length) => length,
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if length > LONGEST {
        return Err(WireError::TooLong(length.into()));
    }
    // What is promised is not reserved: it comes first.
    let mut text = Vec::new();
    from.take(length.into()).read_to_end(&mut text).await?;
    if text.len() != length as usize {
        return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
    }
    Ok(Some(serde_json::from_slice(&text)?))
}
