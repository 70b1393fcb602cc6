//! The list of who may seal: every signer's certificate with its state, in one file that is signed itself.
//!
//! JSON in a compact JWS (RFC 7515) with ES256 or ES384. Its header carries the chain (`x5c`) of its own signer, up to
//! the root that the reader has pinned by SHA-256. Each entry has its key in JSON too, so that a script in a browser needs
//! no certificate parser; here both are held against each other. Certificates of signers whose time is over stay on the
//! list: what they sealed in their time stays good.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    certificate::Certificate,
    chain::{self, ChainError, Demands, Purpose},
    jws,
    key::{Hash, Jwk, PublicKey},
    moment::Moment,
    seal::{KeyId, key_id},
    sha256,
    text::{base64, from_base64, from_base64url, is_plain},
};

/// The version of this form.
pub const VERSION: u32 = 1;
/// What the header calls it.
pub const TYPE: &str = "jebena-trust-list+jws";
/// The largest list that is read, in bytes: some thousand signers.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// How far the reader's clock may be behind the signer's.
const PATIENCE_SECONDS: u64 = 300;

/// A list, before it is signed or after it was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustList {
    /// [`VERSION`].
    pub version: u32,
    /// Grows with each list; an older one is never taken in place of a newer.
    pub sequence: u64,
    /// When it was made. All its states are as of then.
    pub issued_at: Moment,
    /// By when there is another; from then on this one is refused.
    pub next_update: Moment,
    /// SHA-256 of the root's certificate in hexadecimal digits.
    pub root: String,
    /// Certificates between root and signers, in base64, so that this one file proves each entry.
    pub issuers: Vec<String>,
    /// Who may seal, or could.
    pub entries: Vec<Entry>,
}

/// One certificate of a signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The code of the organisation, as seals name it.
    pub organization: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// The certificate, in base64.
    pub certificate: String,
    /// By which seals name it, in hexadecimal digits.
    pub key_id: String,
    /// Its key.
    pub jwk: Jwk,
    /// What it may sign.
    pub purposes: Vec<EntryPurpose>,
    /// The first second of its validity.
    pub not_before: Moment,
    /// The last.
    pub not_after: Moment,
    /// What it is worth as of the list.
    pub state: State,
}

/// What a certificate on the list may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryPurpose {
    /// Seals of papers.
    Seal,
    /// Signed documents (PDF).
    Document,
}

/// What a certificate is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum State {
    /// In force, or over by its own date.
    Good,
    /// Out of force for a time.
    Suspended {
        /// Since when.
        since: Moment,
    },
    /// Revoked for good.
    Revoked {
        /// When.
        since: Moment,
        /// Why.
        reason: Revocation,
        /// From when on it is held not to have been trustworthy, where that is earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invalidity_date: Option<Moment>,
    },
}

/// Why a certificate was revoked (RFC 5280, section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Revocation {
    /// No reason is given.
    Unspecified,
    /// The key was, or may have been, in other hands.
    KeyCompromise,
    /// The key of who issued it was.
    CaCompromise,
    /// What it says of its holder is no longer so.
    AffiliationChanged,
    /// Another stands in its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// The right to sign was taken away.
    PrivilegeWithdrawn,
}

impl Revocation {
    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unspecified => "UNSPECIFIED",
            Self::KeyCompromise => "KEY_COMPROMISE",
            Self::CaCompromise => "CA_COMPROMISE",
            Self::AffiliationChanged => "AFFILIATION_CHANGED",
            Self::Superseded => "SUPERSEDED",
            Self::CessationOfOperation => "CESSATION_OF_OPERATION",
            Self::PrivilegeWithdrawn => "PRIVILEGE_WITHDRAWN",
        }
    }

    /// Whether somebody else may hold a key that signs in this name.
    #[must_use]
    pub const fn is_compromise(self) -> bool {
        matches!(self, Self::KeyCompromise | Self::CaCompromise)
    }
}

/// Why a list is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    /// Not three parts in base64url, too large, or JSON of another form.
    #[error("it is no trust list")]
    NotAList,
    /// A version that this reader does not know.
    #[error("it is of version {0}, which is not known here")]
    OtherVersion(u32),
    /// Its signer does not lead to the pinned root, or is not made for signing lists.
    #[error("its signer is not trusted: {0}")]
    Signer(#[from] ChainError),
    /// It is signed with another algorithm than its signer's key has.
    #[error("it names another algorithm than its signer's")]
    OtherAlgorithm,
    /// Its signature does not fit.
    #[error("its signature does not fit")]
    Signature,
    /// It names another root than the one that its signer leads to.
    #[error("it names another root")]
    OtherRoot,
    /// Its time is over: what was revoked since is not on it.
    #[error("it is over since {0}")]
    Expired(Moment),
    /// It says that it was made later than now.
    #[error("it says that it was made at {0}, which is later than now")]
    MadeLater(Moment),
    /// A newer one was seen.
    #[error("it is number {given}, and number {seen} was seen before")]
    Older {
        /// Its number.
        given: u64,
        /// The newest that was seen.
        seen: u64,
    },
    /// The same number with other content: somebody signs two lists at once.
    #[error("it has the number {0} of another list that was seen before")]
    Twin(u64),
    /// Its moments are out of order.
    #[error("it ends before it begins")]
    Order,
    /// An entry does not hold; counted from 0.
    #[error("entry {at} does not hold: {why}")]
    Entry {
        /// Which.
        at: usize,
        /// Why.
        why: EntryError,
    },
}

/// Why an entry does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryError {
    /// A name is empty or has characters that do not belong there.
    #[error("a name does not fit")]
    Name,
    /// What stands beside the certificate is not what the certificate says.
    #[error("it does not agree with its certificate")]
    Disagrees,
    /// Its certificate does not lead to the root, or is not made for sealing.
    #[error("{0}")]
    Chain(#[from] ChainError),
    /// Another entry has the same certificate.
    #[error("it stands twice")]
    Twice,
}

/// What a reader remembers of the newest list that it took, against being given an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of its text.
    pub sha256: [u8; 32],
}

/// A list that holds. Made by [`verify`] alone.
#[derive(Debug, Clone)]
pub struct Verified {
    list: TrustList,
    signers: Vec<(KeyId, PublicKey)>,
    list_signer: Certificate,
    root: Certificate,
    seen: Seen,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    x5c: Vec<String>,
}

impl Entry {
    /// The entry of a certificate.
    #[must_use]
    pub fn new(
        (organization, name_en, name_am): (&str, &str, &str),
        certificate: &Certificate,
        purposes: Vec<EntryPurpose>,
        state: State,
    ) -> Self {
        let (not_before, not_after) = certificate.validity();
        Self {
            organization: organization.to_owned(),
            name_en: name_en.to_owned(),
            name_am: name_am.to_owned(),
            certificate: base64(certificate.der()),
            key_id: hex::encode(key_id(certificate.fingerprint())),
            jwk: certificate.key().jwk(),
            purposes,
            not_before,
            not_after,
            state,
        }
    }
}

/// What has to be signed for `list` by the first certificate of `chain`, which leads up to the root. The hash is that of
/// its curve: SHA-256 on P-256, SHA-384 on P-384.
///
/// # Errors
/// [`ListError`] when the chain does not lead to the list's root, or an entry does not hold: what no reader would take is
/// not signed.
pub fn to_be_signed(list: &TrustList, chain: &[Vec<u8>]) -> Result<Vec<u8>, ListError> {
    let root: [u8; 32] = from_hex(&list.root).ok_or(ListError::OtherRoot)?;
    let demands = Demands { root: &root, at: list.issued_at, purpose: Purpose::TrustList, policy: None };
    let signer = chain::verify(chain, &demands)?;
    let root_der = chain.last().map(Vec::as_slice).unwrap_or_default();
    checked(list, &root, root_der)?;
    let header = Header {
        alg: algorithm(signer.key()).to_owned(),
        typ: TYPE.to_owned(),
        x5c: chain.iter().map(|certificate| base64(certificate)).collect(),
    };
    jws::to_be_signed(&header, list).map_err(|_| ListError::NotAList)
}

/// The signed list, when `signature` over `to_be_signed` is handed in, in DER or as two numbers of full length.
///
/// # Errors
/// [`ListError::Signature`] when it does not fit the key of `signer`.
pub fn assemble(to_be_signed: &[u8], signature: &[u8], signer: &Certificate) -> Result<String, ListError> {
    jws::assemble(to_be_signed, signature, signer.key()).map_err(|_| ListError::Signature)
}

/// Checks a list: form, signature, signer up to the pinned root, moment, and that it is not older than one that was seen.
///
/// # Errors
/// [`ListError`]: the first thing that does not hold.
pub fn verify(compact: &str, root: &[u8; 32], at: Moment, seen: Option<&Seen>) -> Result<Verified, ListError> {
    if compact.len() > LARGEST {
        return Err(ListError::NotAList);
    }
    let parts: Vec<&str> = compact.split('.').collect();
    let [header, payload, signature] = parts[..] else { return Err(ListError::NotAList) };
    let part = |text: &str| from_base64url(text).ok_or(ListError::NotAList);
    let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| ListError::NotAList)?;
    if header.typ != TYPE {
        return Err(ListError::NotAList);
    }
    let chain: Option<Vec<Vec<u8>>> = header.x5c.iter().map(|text| from_base64(text)).collect();
    let chain = chain.ok_or(ListError::NotAList)?;
    let signer = chain::verify(&chain, &Demands { root, at, purpose: Purpose::TrustList, policy: None })?;
    if header.alg != algorithm(signer.key()) {
        return Err(ListError::OtherAlgorithm);
    }
    let signed = compact.rsplit_once('.').map_or(compact, |(signed, _)| signed);
    signer.key().verify_raw(signed.as_bytes(), &part(signature)?).map_err(|_| ListError::Signature)?;
    // Only now is the content looked at: it is the signer's word.
    let payload = part(payload)?;
    let version: Version = serde_json::from_slice(&payload).map_err(|_| ListError::NotAList)?;
    if version.version != VERSION {
        return Err(ListError::OtherVersion(version.version));
    }
    let list: TrustList = serde_json::from_slice(&payload).map_err(|_| ListError::NotAList)?;
    let root_der = chain.last().map(Vec::as_slice).unwrap_or_default();
    let signers = checked(&list, root, root_der)?;
    let root = Certificate::from_der(root_der).map_err(|_| ListError::OtherRoot)?;
    if list.issued_at > at.plus(PATIENCE_SECONDS) {
        return Err(ListError::MadeLater(list.issued_at));
    }
    if list.next_update <= at {
        return Err(ListError::Expired(list.next_update));
    }
    let this = Seen { sequence: list.sequence, sha256: sha256(payload.as_slice()) };
    match seen {
        Some(seen) if seen.sequence > list.sequence => {
            Err(ListError::Older { given: list.sequence, seen: seen.sequence })
        }
        Some(seen) if seen.sequence == list.sequence && seen.sha256 != this.sha256 => {
            Err(ListError::Twin(list.sequence))
        }
        _ => Ok(Verified { list, signers, list_signer: signer, root, seen: this }),
    }
}

/// The version alone, of a form that may be another.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Everything about a list that does not depend on who reads it when; the keys of its entries.
fn checked(list: &TrustList, root: &[u8; 32], root_der: &[u8]) -> Result<Vec<(KeyId, PublicKey)>, ListError> {
    if list.version != VERSION {
        return Err(ListError::OtherVersion(list.version));
    }
    if from_hex(&list.root) != Some(*root) {
        return Err(ListError::OtherRoot);
    }
    if list.next_update <= list.issued_at {
        return Err(ListError::Order);
    }
    let read = |text: &String| from_base64(text).and_then(|der| Certificate::from_der(&der).ok());
    let issuers: Option<Vec<Certificate>> = list.issuers.iter().map(read).collect();
    let issuers = issuers.ok_or(ListError::NotAList)?;
    let root_certificate = Certificate::from_der(root_der).map_err(|_| ListError::NotAList)?;
    let mut known = BTreeSet::new();
    let entry = |(at, entry): (usize, &Entry)| {
        let key = hold(entry, &issuers, &root_certificate).map_err(|why| ListError::Entry { at, why })?;
        if known.insert(key.0) { Ok(key) } else { Err(ListError::Entry { at, why: EntryError::Twice }) }
    };
    list.entries.iter().enumerate().map(entry).collect()
}

/// Holds an entry against its certificate, and that against the root.
fn hold(entry: &Entry, issuers: &[Certificate], root: &Certificate) -> Result<(KeyId, PublicKey), EntryError> {
    if [&entry.organization, &entry.name_en, &entry.name_am].iter().any(|name| !is_plain(name, 300)) {
        return Err(EntryError::Name);
    }
    let certificate = from_base64(&entry.certificate).and_then(|der| Certificate::from_der(&der).ok());
    let certificate = certificate.ok_or(EntryError::Disagrees)?;
    let id = key_id(certificate.fingerprint());
    let says_the_same = entry.key_id == hex::encode(id)
        && entry.jwk == certificate.key().jwk()
        && (entry.not_before, entry.not_after) == certificate.validity();
    if !says_the_same {
        return Err(EntryError::Disagrees);
    }
    // Who issued it may be over by now; what counts is that it could issue then.
    let demands = Demands { root: root.fingerprint(), at: entry.not_before, purpose: Purpose::Seal, policy: None };
    let mut chain = vec![certificate.clone()];
    while let Some(issuer) = chain.last().and_then(|last| issuers.iter().find(|issuer| last.is_issued_by(issuer))) {
        if chain.iter().any(|known| known.fingerprint() == issuer.fingerprint()) {
            break;
        }
        chain.push(issuer.clone());
    }
    if chain.last().is_some_and(|last| last.fingerprint() != root.fingerprint()) {
        chain.push(root.clone());
    }
    chain::verify_read(&chain, &demands)?;
    Ok((id, certificate.key().clone()))
}

const fn algorithm(key: &PublicKey) -> &'static str {
    match key.hash() {
        Hash::Sha256 => "ES256",
        Hash::Sha384 => "ES384",
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let bytes = hex::decode(text).ok()?.try_into().ok()?;
    (hex::encode(bytes) == text).then_some(bytes)
}

impl Verified {
    /// The root under which it holds.
    #[must_use]
    pub const fn root(&self) -> &Certificate {
        &self.root
    }

    /// What it says.
    #[must_use]
    pub const fn list(&self) -> &TrustList {
        &self.list
    }

    /// The certificate that signed it.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.list_signer
    }

    /// What to remember of it.
    #[must_use]
    pub const fn seen(&self) -> Seen {
        self.seen
    }

    /// The entry that seals name so, and its key.
    #[must_use]
    pub fn find(&self, key_id: &KeyId) -> Option<(&Entry, &PublicKey)> {
        // One key for each entry, in their order.
        let at = self.signers.iter().position(|(known, _)| known == key_id)?;
        Some((self.list.entries.get(at)?, &self.signers.get(at)?.1))
    }
}
