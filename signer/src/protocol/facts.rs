//! What messages are made of.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroize;

use crate::authority::ApprovalRule;
use crate::x509::list::Reason;
use crate::x509::profile::Profile;

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

/// What became of a certificate after it was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Each suspension, and a revocation, the first first.
    pub holds: Vec<HoldFacts>,
    /// Each time its key was handed out, the first first.
    pub exports: Vec<KeyExport>,
}

/// A suspension or revocation, also one that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldFacts {
    /// Since when.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Reason,
    /// From when on signatures are not to be relied on, where that is earlier.
    pub invalid_from: Option<DateTime<Utc>>,
    /// Until when a suspension stood.
    pub lifted_at: Option<DateTime<Utc>>,
    /// Who asked for it; none where it came from the signer's own command line.
    pub by: Option<Uuid>,
}

/// That a key was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyExport {
    /// When.
    pub at: DateTime<Utc>,
    /// To whom.
    pub by: Uuid,
}

/// What a key is handed out under; wiped when it goes, and nowhere written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Passphrase(String);

impl Passphrase {
    /// A passphrase.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Its letters.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

impl Drop for Passphrase {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
