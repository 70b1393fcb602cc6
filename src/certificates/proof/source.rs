//! Where the list of who may seal comes from.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, LARGEST, Seen};
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// As it is served: a compact JWS.
    pub text: Arc<str>,
    /// What pages check it with.
    pub key: ListKey,
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
    Refused(#[from] trust_list::ListError),
}

/// A list that somebody puts into a file, such as who keeps the root's key off the network.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
    root: [u8; 32],
    newest: Mutex<Option<Newest>>,
}

/// The newest list that was taken, so that an older one never takes its place while this process runs.
#[derive(Debug, Clone)]
struct Newest {
    published: Published,
    seen: Seen,
    next_update: Moment,
}

impl FileSource {
    /// The list in the file at `path`, believed when its signer leads to the root with this SHA-256.
    #[must_use]
    pub const fn new(path: PathBuf, root: [u8; 32]) -> Self {
        Self { path, root, newest: Mutex::new(None) }
    }

    async fn read(&self) -> std::io::Result<String> {
        let length = tokio::fs::metadata(&self.path).await?.len();
        if length > LARGEST as u64 {
            return Err(std::io::Error::other("it is too large"));
        }
        let text = tokio::fs::read_to_string(&self.path).await?;
        // An editor ends a file with a line break, which the form does not have.
        Ok(text.trim_end().to_owned())
    }

    fn newest(&self) -> Option<Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes `text`, unless an older one is in it.
    fn take(&self, text: &str, at: Moment) -> Result<Published, NoList> {
        let newest = self.newest();
        if let Some(newest) = &newest
            && *newest.published.text == *text
            && newest.next_update > at
        {
            return Ok(newest.published.clone());
        }
        let verified = trust_list::verify(text, &self.root, at, newest.map(|newest| newest.seen).as_ref())?;
        let jwk = verified.signer().key().jwk();
        let published = Published {
            text: text.into(),
            key: ListKey {
                root: hex::encode(self.root),
                signer: hex::encode(verified.signer().fingerprint()),
                crv: jwk.crv,
                x: jwk.x,
                y: jwk.y,
            },
        };
        let (seen, next_update) = (verified.seen(), verified.list().next_update);
        let newest = Newest { published: published.clone(), seen, next_update };
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(newest);
        Ok(published)
    }
}

#[async_trait]
impl TrustSource for FileSource {
    async fn current(&self, now: DateTime<Utc>) -> Result<Published, NoList> {
        let at = Moment::from_unix(now.timestamp()).unwrap_or(Moment::EPOCH);
        let text = self.read().await.map_err(|error| NoList::Unreadable(error.to_string()))?;
        self.take(&text, at)
    }
}
