//! Where the bytes of documents lie: a folder by default, an S3 bucket by configuration.
//!
//! A file comes in two steps. [`Storage::stage`] streams it to a temporary file while it is counted and
//! fingerprinted; there it can be inspected, and dropping it removes it. [`Storage::commit`] makes it
//! durable under a generated key, before the row that names it commits. A crash between the two leaves a
//! file without a row, which the reconciler finds with [`Storage::list_older_than`]; never a row without
//! its file. Nothing here knows names, people or types: those are the row's.

mod key;
mod staging;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::local::LocalFileSystem;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, WriteMultipart};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::io::AsyncReadExt;

pub use key::{NotAKey, StorageKey};
pub use staging::Staged;

/// Parts in which a large file is sent to S3, and the size up to which one request does.
const PART_BYTES: usize = 8 << 20;

/// How many parts are under way at once: two keep the line busy, and memory at three parts.
const PARTS_AT_ONCE: usize = 2;

/// Where to keep files.
#[derive(Debug, Clone)]
pub struct StorageSettings {
    /// The folder for files on their way in, and for the files themselves unless they go to a bucket.
    pub folder: PathBuf,
    /// The bucket, if files go to one.
    pub bucket: Option<BucketSettings>,
}

/// An S3 bucket and how to reach it.
#[derive(Debug, Clone)]
pub struct BucketSettings {
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// The server's address where it is not Amazon's.
    pub endpoint: Option<String>,
    /// Who asks.
    pub access_key_id: String,
    /// Their secret.
    pub secret_access_key: SecretString,
    /// Whether an unencrypted `http` endpoint is accepted.
    pub allow_http: bool,
}

/// What can go wrong with a file's bytes.
#[derive(Debug, Error)]
pub enum StorageError {
    /// More bytes came than are accepted.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// How many bytes are accepted.
        limit_bytes: u64,
    },
    /// The sender stopped, or sent what could not be read.
    #[error("the file did not arrive whole")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// There is no such file.
    #[error("there is no file {0}")]
    NotFound(StorageKey),
    /// No space is left.
    #[error("no space is left for files")]
    Full(#[source] std::io::Error),
    /// The disk refused.
    #[error("the folder for files cannot be used")]
    Disk(#[source] std::io::Error),
    /// The store refused or did not answer.
    #[error("the store for files cannot be used")]
    Store(#[source] object_store::Error),
}

impl From<std::io::Error> for StorageError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full(error),
            _ => Self::Disk(error),
        }
    }
}

/// A file that is being read.
pub struct OpenFile {
    /// How many bytes it has.
    pub size_bytes: u64,
    /// Its bytes.
    pub bytes: BoxStream<'static, Result<Bytes, StorageError>>,
}

/// A file that is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its key.
    pub key: StorageKey,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// When it was written.
    pub modified: DateTime<Utc>,
}

#[derive(Clone)]
enum Place {
    Folder { files: PathBuf, store: Arc<LocalFileSystem> },
    Bucket { store: Arc<AmazonS3> },
}

/// The largest file that is taken in, unless less is configured: 10 MB.
pub const UPLOAD_LIMIT_BYTES: u64 = 10 << 20;

/// The store of files. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    staging: PathBuf,
    place: Place,
    upload_limit_bytes: u64,
}

impl Storage {
    /// Opens the store, making its folders where they are missing.
    ///
    /// # Errors
    /// [`StorageError`] when a folder cannot be made or the bucket's settings cannot be right.
    pub fn new(settings: &StorageSettings) -> Result<Self, StorageError> {
        let staging = settings.folder.join("staging");
        staging::make_private_folder(&staging)?;
        let place = match &settings.bucket {
            None => {
                let files = settings.folder.join("files");
                staging::make_private_folder(&files)?;
                let store = LocalFileSystem::new_with_prefix(&files).map_err(StorageError::Store)?;
                Place::Folder { files, store: Arc::new(store) }
            }
            Some(bucket) => Place::Bucket { store: Arc::new(open_bucket(bucket)?) },
        };
        Ok(Self { staging, place, upload_limit_bytes: UPLOAD_LIMIT_BYTES })
    }

    /// With another limit for what people send (`UPLOAD_MAX_BYTES`), at most [`UPLOAD_LIMIT_BYTES`]: what
    /// inspecting a file costs is reckoned for that.
    #[must_use]
    pub fn with_upload_limit(mut self, bytes: u64) -> Self {
        self.upload_limit_bytes = bytes.min(UPLOAD_LIMIT_BYTES);
        self
    }

    /// The largest file that people may send.
    #[must_use]
    pub const fn upload_limit_bytes(&self) -> u64 {
        self.upload_limit_bytes
    }

    /// Takes a file in: streams it to disk, counts and fingerprints it on the way.
    ///
    /// # Errors
    /// [`StorageError::TooLarge`] as soon as more than `limit_bytes` came, [`StorageError::Interrupted`]
    /// when the stream ends in an error; nothing is left behind then.
    pub async fn stage<S, E>(&self, bytes: S, limit_bytes: u64) -> Result<Staged, StorageError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        staging::stage(&self.staging, bytes, limit_bytes).await
    }

    /// An empty file beside the store, for what is put together here. It is gone when it is dropped, and the sweeper takes
    /// what a crash leaves.
    ///
    /// # Errors
    /// [`StorageError`] when the folder cannot be written to.
    pub async fn scratch(&self) -> Result<tempfile::NamedTempFile, StorageError> {
        let staging = self.staging.clone();
        blocking(move || staging::scratch(&staging)).await
    }

    /// Makes a staged file durable under `key`: when this returns, a loss of power does not lose it.
    ///
    /// # Errors
    /// [`StorageError`] when it could not be made durable. What may be left under the key then has no row, and
    /// the reconciler removes it.
    pub async fn commit(&self, staged: Staged, key: &StorageKey) -> Result<(), StorageError> {
        match &self.place {
            Place::Folder { files, .. } => {
                let (files, path) = (files.clone(), files.join(key.path()));
                blocking(move || staged.keep_as(&files, &path)).await
            }
            Place::Bucket { store } => send(store.as_ref(), &staged, &object_path(key)).await,
        }
    }

    /// Opens the file under `key` for reading.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when there is none.
    pub async fn open(&self, key: &StorageKey) -> Result<OpenFile, StorageError> {
        let found = self.store().get(&object_path(key)).await.map_err(|error| named(error, key))?;
        Ok(OpenFile { size_bytes: found.meta.size, bytes: found.into_stream().map_err(StorageError::Store).boxed() })
    }

    /// Whether there is a file under `key`.
    ///
    /// # Errors
    /// [`StorageError`] when the store does not say.
    pub async fn exists(&self, key: &StorageKey) -> Result<bool, StorageError> {
        match self.store().head(&object_path(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(StorageError::Store(error)),
        }
    }

    /// Removes the file under `key`. One that is not there is removed already.
    ///
    /// # Errors
    /// [`StorageError`] when it is still there.
    pub async fn delete(&self, key: &StorageKey) -> Result<(), StorageError> {
        match self.store().delete(&object_path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StorageError::Store(error)),
        }
    }

    /// The files written before `moment`, in no particular order: those that the reconciler may judge.
    /// What does not bear a key of ours is left out, and so left alone.
    pub fn list_older_than(&self, moment: DateTime<Utc>) -> BoxStream<'static, Result<StoredFile, StorageError>> {
        self.store()
            .list(None)
            .map_err(StorageError::Store)
            .try_filter_map(move |meta| async move {
                let key = StorageKey::from_path(meta.location.as_ref());
                Ok(key.filter(|_| meta.last_modified < moment).map(|key| StoredFile {
                    key,
                    size_bytes: meta.size,
                    modified: meta.last_modified,
                }))
            })
            .boxed()
    }

    /// Removes temporary files that were last written more than an hour before `now`: a crash left them.
    /// Returns how many.
    ///
    /// # Errors
    /// [`StorageError`] when the folder cannot be read.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<usize, StorageError> {
        let staging = self.staging.clone();
        blocking(move || staging::sweep(&staging, now)).await
    }

    fn store(&self) -> Arc<dyn ObjectStore> {
        match &self.place {
            Place::Folder { store, .. } => store.clone(),
            Place::Bucket { store } => store.clone(),
        }
    }
}

fn open_bucket(bucket: &BucketSettings) -> Result<AmazonS3, StorageError> {
    // One library for all of TLS; whoever came first has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Someone waits for the answer: better a refusal within seconds than the client's default of minutes.
    let retry = RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
    let client = ClientOptions::new()
        .with_timeout(Duration::from_secs(30))
        .with_connect_timeout(Duration::from_secs(3))
        .with_allow_http(bucket.allow_http);
    let builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key_id)
        .with_secret_access_key(bucket.secret_access_key.expose_secret())
        .with_client_options(client)
        .with_retry(retry);
    let builder = match &bucket.endpoint {
        Some(endpoint) => builder.with_endpoint(endpoint),
        None => builder,
    };
    builder.build().map_err(StorageError::Store)
}

async fn send(store: &AmazonS3, staged: &Staged, path: &object_store::path::Path) -> Result<(), StorageError> {
    let mut file = tokio::fs::File::open(staged.path()).await?;
    if staged.digest().size_bytes <= PART_BYTES as u64 {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).await?;
        store.put(path, PutPayload::from(bytes)).await.map_err(StorageError::Store)?;
        return Ok(());
    }
    let upload = store.put_multipart(path).await.map_err(StorageError::Store)?;
    let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
    match send_parts(&mut upload, file).await {
        Ok(()) => upload.finish().await.map(|_| ()).map_err(StorageError::Store),
        Err(error) => {
            // The parts that arrived cost money until they are given up; the first error is the one to tell.
            let _ = upload.abort().await;
            Err(error)
        }
    }
}

async fn send_parts(upload: &mut WriteMultipart, mut file: tokio::fs::File) -> Result<(), StorageError> {
    let mut buffer = vec![0; 1 << 20];
    loop {
        upload.wait_for_capacity(PARTS_AT_ONCE).await.map_err(StorageError::Store)?;
        match file.read(&mut buffer).await? {
            0 => return Ok(()),
            count => upload.write(&buffer[..count]),
        }
    }
}

fn object_path(key: &StorageKey) -> object_store::path::Path {
    object_store::path::Path::from(key.path())
}

fn named(error: object_store::Error, key: &StorageKey) -> StorageError {
    match error {
        object_store::Error::NotFound { .. } => StorageError::NotFound(key.clone()),
        other => StorageError::Store(other),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(StorageError::Disk(std::io::Error::other(error))))
}

#[cfg(test)]
mod tests;
