//! What the product asks the signer, and what it is answered: JSON, each message behind its length.

mod facts;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use uuid::Uuid;

pub use self::facts::{
    AlarmFacts, ApprovalGiven, Bytes, CertificateFacts, HoldFacts, KeyExport, KeyFacts, Life, Passphrase, RequestFacts,
    Revocation, RotationFacts, Status,
};
use crate::authority::{Act, Application, ApprovalRule};
use crate::policy::{AccessPolicy, Operation};
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
    /// By how many something is approved that is asked for now, and by whom.
    ApprovalRule {},
    /// Do what was approved with a certificate, or with its key.
    Act {
        /// What, and with which.
        act: Act,
        /// Who approved it; none where a try that was broken off goes on.
        approvals: Vec<ApprovalGiven>,
        /// Under which its key is handed out.
        passphrase: Option<Passphrase>,
    },
    /// What became of a certificate.
    Life {
        /// Which.
        certificate: Uuid,
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
    /// The consortium's own certificates and those of some organisations, likewise.
    CertificatesOf {
        /// Which organisations.
        organizations: Vec<Uuid>,
    },
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
    /// To [`Request::ApprovalRule`].
    ApprovalRule {
        /// The newest.
        rule: ApprovalRule,
    },
    /// To [`Request::Act`].
    Acted {
        /// The file with the key (PKCS#12, DER), where that was asked for.
        file: Option<Bytes>,
    },
    /// To [`Request::Life`].
    Life {
        /// The first first.
        life: Life,
    },
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
    /// It was done, and is done once.
    Spent,
    /// There is no key for it yet.
    NoKey,
    /// The key does not open: an alarm.
    Unsealable,
    /// The database is away or full: ask again later.
    Unavailable,
    /// The question cannot be understood.
    Malformed,
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
