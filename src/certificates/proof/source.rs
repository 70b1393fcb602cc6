//! Where the list of who may seal comes from.

use std::fs::Metadata;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, LARGEST, ListError, Seen, Verified};
use thiserror::Error;

/// Who says who may seal papers.
#[async_trait]
pub trait TrustSource: Send + Sync {
    /// The list in force at `now`.
    ///
    /// # Errors
    /// [`NoList`] when there is none that holds.
    async fn current(&self, now: DateTime<Utc>) -> Result<Published, NoList>;
}

/// A list that was verified.
#[derive(Debug, Clone)]
pub struct Published {
    /// As it is served: a compact JWS.
    pub text: Arc<str>,
    /// What pages check it with.
    pub key: ListKey,
    /// As it was read: what seals are checked with here.
    pub verified: Arc<Verified>,
}

/// The text is all that there is of it.
impl PartialEq for Published {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Published {}

impl Published {
    /// A list that was verified against this root.
    pub(super) fn of(text: &str, verified: Verified, root: &[u8; 32]) -> Self {
        let jwk = verified.signer().key().jwk();
        let key = ListKey {
            root: hex::encode(root),
            signer: hex::encode(verified.signer().fingerprint()),
            crv: jwk.crv,
            x: jwk.x,
            y: jwk.y,
        };
        Self { text: text.into(), key, verified: Arc::new(verified) }
    }
}

/// The key of who signs the list, for pages whose script reads no certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListKey {
    /// SHA-256 of the root's certificate in hexadecimal digits: what a person compares.
    pub root: String,
    /// SHA-256 of the certificate of who signs the list.
    pub signer: String,
    /// Its curve.
    pub crv: String,
    /// The first coordinate of its key.
    pub x: String,
    /// The second.
    pub y: String,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoList {
    /// It cannot be read.
    #[error("the list of who may seal cannot be read: {0}")]
    Unreadable(String),
    /// It does not hold.
    #[error("the list of who may seal does not hold: {0}")]
    Refused(#[from] ListError),
}

/// A list that somebody puts into a file, such as who keeps the root's key off the network. It is read when it has
/// changed; what does not hold then is not taken, and the one before it stands until its time is over.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
    root: [u8; 32],
    known: Mutex<Known>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// The file that was looked at last.
    file: Option<Identity>,
    /// The newest list that was taken: an older one never takes its place while this process runs.
    newest: Option<Newest>,
    /// Why the file that was looked at last was not taken.
    refused: Option<NoList>,
}

#[derive(Debug, Clone)]
struct Newest {
    published: Published,
    seen: Seen,
    next_update: Moment,
}

/// By what a file is told from another that takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    length: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl Identity {
    fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(file);
        #[cfg(not(unix))]
        let number = 0;
        Self { length: file.len(), modified: file.modified().ok(), number }
    }
}

impl Known {
    /// What holds at `at`.
    fn answer(&self, at: Moment) -> Result<Published, NoList> {
        match (&self.newest, &self.refused) {
            (Some(newest), _) if newest.next_update > at => Ok(newest.published.clone()),
            (_, Some(refused)) => Err(refused.clone()),
            (Some(newest), None) => Err(NoList::Refused(ListError::Expired(newest.next_update))),
            (None, None) => Err(NoList::Unreadable("it was not read yet".to_owned())),
        }
    }
}

impl FileSource {
    /// The list in the file at `path`, believed when its signer leads to the root with this SHA-256.
    #[must_use]
    pub fn new(path: PathBuf, root: [u8; 32]) -> Self {
        Self { path, root, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A value is replaced whole, so that a poisoned lock still holds a valid one.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, length: u64) -> Result<String, NoList> {
        if length > LARGEST as u64 {
            return Err(NoList::Unreadable("it is too large".to_owned()));
        }
        let text = tokio::fs::read_to_string(&self.path).await.map_err(unreadable)?;
        // An editor ends a file with a line break, which the form does not have.
        Ok(text.trim_end().to_owned())
    }

    /// The list that `text` is, if it holds and is no older than the newest.
    fn judge(&self, text: &str, at: Moment) -> Result<Newest, NoList> {
        let seen = self.known().newest.as_ref().map(|newest| newest.seen);
        let verified = trust_list::verify(text, &self.root, at, seen.as_ref())?;
        let (seen, next_update) = (verified.seen(), verified.list().next_update);
        Ok(Newest { published: Published::of(text, verified, &self.root), seen, next_update })
    }
}

fn unreadable(error: std::io::Error) -> NoList {
    NoList::Unreadable(error.to_string())
}

#[async_trait]
impl TrustSource for FileSource {
    async fn current(&self, now: DateTime<Utc>) -> Result<Published, NoList> {
        let at = super::moment(now);
        let file = match tokio::fs::metadata(&self.path).await {
            Ok(file) => file,
            Err(error) => {
                let mut known = self.known();
                (known.file, known.refused) = (None, Some(unreadable(error)));
                return known.answer(at);
            }
        };
        let identity = Identity::of(&file);
        if self.known().file != Some(identity) {
            let judged = match self.read(file.len()).await {
                Ok(text) => self.judge(&text, at),
                Err(error) => Err(error),
            };
            let mut known = self.known();
            known.file = Some(identity);
            match judged {
                Ok(newest) => (known.newest, known.refused) = (Some(newest), None),
                Err(error) => {
                    tracing::error!(%error, "the list of who may seal is not taken");
                    // One that is made for a later moment may hold when it is asked for again.
                    if matches!(error, NoList::Refused(ListError::MadeLater(_))) {
                        known.file = None;
                    }
                    known.refused = Some(error);
                }
            }
        }
        self.known().answer(at)
    }
}
