//! Whether a stored file is still what its row says.

use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use super::storage::{OpenFile, Storage, StorageError, StorageKey};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Lost,
    /// Something else is there.
    Damaged,
}

impl Fault {
    /// As the database has it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lost => "LOST",
            Self::Damaged => "DAMAGED",
        }
    }

    /// What the record calls it.
    pub(super) const fn event_type(self) -> &'static str {
        match self {
            Self::Lost => "DOCUMENT_FILE_MISSING",
            Self::Damaged => "DOCUMENT_FILE_DAMAGED",
        }
    }
}

/// How many bytes there are at `path`, and what is wrong with the file that was stored there with this SHA-256; nothing where it is whole. It is
/// read a piece at a time.
///
/// # Errors
/// When the store does not say.
pub async fn find_fault(storage: &Storage, path: &str, sha256: &[u8]) -> Result<(u64, Option<Fault>), StorageError> {
    let Some(mut file) = open(storage, path).await? else { return Ok((0, Some(Fault::Lost))) };
    let (mut hash, mut size) = (Sha256::new(), 0);
    while let Some(piece) = file.bytes.try_next().await? {
        hash.update(&piece);
        size += piece.len() as u64;
    }
    Ok((size, (hash.finalize().as_slice() != sha256).then_some(Fault::Damaged)))
}

/// The file at `path` that was stored with this SHA-256, or what is wrong with it. It is held in memory, so that nobody is given the beginning of
/// one that turns out to be another.
///
/// # Errors
/// When the store does not give it.
pub async fn read(storage: &Storage, path: &str, sha256: &[u8]) -> Result<Result<Vec<u8>, Fault>, StorageError> {
    let Some(mut file) = open(storage, path).await? else { return Ok(Err(Fault::Lost)) };
    let mut whole = Vec::new();
    while let Some(piece) = file.bytes.try_next().await? {
        whole.extend_from_slice(&piece);
    }
    Ok(if Sha256::digest(&whole).as_slice() == sha256 { Ok(whole) } else { Err(Fault::Damaged) })
}

async fn open(storage: &Storage, path: &str) -> Result<Option<OpenFile>, StorageError> {
    let Some(key) = StorageKey::from_path(path) else { return Ok(None) };
    match storage.open(&key).await {
        Ok(file) => Ok(Some(file)),
        Err(StorageError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
