//! Files on their way in: a temporary file beside the store, counted and fingerprinted while it grows.

use std::fs;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use super::StorageError;
use crate::documents::cid::{FileDigest, FileHasher};

/// How temporary files are called, so that the sweeper takes nothing else away.
const PREFIX: &str = "incoming-";

/// After this long without a write nobody works on a temporary file any more: uploads end within minutes.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// Bytes collected before they are written.
const BUFFER_BYTES: usize = 256 << 10;

/// A file that arrived whole and is not kept yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    digest: FileDigest,
}

impl Staged {
    /// Where its bytes are, to be inspected.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Its size and fingerprints.
    #[must_use]
    pub const fn digest(&self) -> &FileDigest {
        &self.digest
    }

    /// Moves the file to `path` below `root`, durably: its bytes first, then its name, then the names of
    /// new folders. A rename whose folder was not synced can be lost with the power.
    pub(super) fn keep_as(self, root: &Path, path: &Path) -> Result<(), StorageError> {
        self.file.as_file().sync_all()?;
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder)?;
        self.file.persist_noclobber(path).map_err(|error| error.error)?;
        let mut folder = Some(folder);
        while let Some(current) = folder.filter(|current| current.starts_with(root)) {
            sync_folder(current)?;
            folder = current.parent();
        }
        Ok(())
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    // Folders cannot be opened as files there; the system keeps their journal itself.
    Ok(())
}

/// Makes `folder` and what is missing above it, readable by its owner alone.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An empty temporary file.
pub(super) fn scratch(folder: &Path) -> Result<NamedTempFile, StorageError> {
    Ok(tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)?)
}

pub(super) async fn stage<S, E>(folder: &Path, bytes: S, limit_bytes: u64) -> Result<Staged, StorageError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let file = scratch(folder)?;
    let writer = tokio::fs::File::from_std(file.as_file().try_clone()?);
    let mut writer = tokio::io::BufWriter::with_capacity(BUFFER_BYTES, writer);
    let mut hasher = FileHasher::new();
    let mut bytes = pin!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| StorageError::Interrupted(error.into()))?;
        if hasher.size_bytes() + piece.len() as u64 > limit_bytes {
            return Err(StorageError::TooLarge { limit_bytes });
        }
        hasher.update(&piece);
        writer.write_all(&piece).await?;
    }
    // Also waits for the last write, whose failure would otherwise go unseen.
    writer.flush().await?;
    let digest = hasher.finish().map_err(io::Error::other)?;
    Ok(Staged { file, digest })
}

pub(super) fn sweep(folder: &Path, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let before = SystemTime::from(now).checked_sub(ABANDONED_AFTER).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // A file that another process removed in between is not a failure.
        let Ok(modified) = entry.metadata().and_then(|metadata| metadata.modified()) else { continue };
        if is_ours && modified < before && fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}
