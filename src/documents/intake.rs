//! A file on its way into the store: staged, inspected, kept. The row that names it is its area's affair.

use std::path::Path;

use super::cid::FileDigest;
use super::file_name::display_name;
use super::inspection::{self, FileKind, InspectError, Inspection, UploadRefusal};
use super::scan::Scan;
use super::storage::{Staged, Storage, StorageError, StorageKey};
use crate::error::AppError;

/// A file that was looked at and found good. Dropped, it is gone.
#[derive(Debug)]
pub struct Accepted {
    staged: Staged,
    inspection: Inspection,
    name: String,
}

/// A file that lies in the store, durably, and that no row names yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Where it lies.
    pub key: StorageKey,
    /// Its cleaned name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size and fingerprints.
    pub digest: FileDigest,
    /// What a scanner has said of it; never that it is infected, since that is not kept.
    pub scan: Scan,
}

/// Why a file is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The sender can do something about it.
    #[error(transparent)]
    Refused(#[from] UploadRefusal),
    /// The sender cannot.
    #[error("the file cannot be taken in")]
    Storage(#[from] StorageError),
}

impl Accepted {
    /// Looks at a staged file, which the sender called `sent_name`.
    ///
    /// # Errors
    /// [`IntakeError::Refused`] when it is not what we take.
    pub async fn inspect(staged: Staged, sent_name: &str, limit_bytes: u64) -> Result<Self, IntakeError> {
        match inspection::inspect_file(staged.path().to_owned(), limit_bytes).await {
            Ok(inspection) => Ok(Self { name: display_name(sent_name, inspection.kind), staged, inspection }),
            Err(InspectError::Refused(refusal)) => Err(refusal.into()),
            Err(InspectError::Disk(error)) => Err(StorageError::from(error).into()),
        }
    }

    /// Its size and fingerprints.
    #[must_use]
    pub const fn digest(&self) -> &FileDigest {
        self.staged.digest()
    }

    /// Its cleaned name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its bytes are, to be scanned.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.staged.path()
    }

    /// Puts it into the store under a new key, with what a scanner has said of it; when this returns, a loss of power does not
    /// lose it.
    ///
    /// # Errors
    /// [`StorageError`] when it could not be made durable.
    pub(super) async fn keep(self, storage: &Storage, scan: Scan) -> Result<KeptFile, StorageError> {
        let digest = self.staged.digest().clone();
        let key = StorageKey::new();
        storage.commit(self.staged, &key).await?;
        Ok(KeptFile { key, name: self.name, kind: self.inspection.kind, digest, scan })
    }
}

/// The answer to who sent or asked for a file when the store fails: it passes, or an operator has to act.
impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::TooLarge { limit_bytes } => {
                Self::TooLarge { limit_bytes: usize::try_from(limit_bytes).unwrap_or(usize::MAX) }
            }
            StorageError::Interrupted(_) => Self::Unreadable(crate::error::Unreadable::Interrupted),
            // A row names a file that is not there: somebody has to bring it back from a copy.
            StorageError::NotFound(_) => Self::internal(error),
            StorageError::Full(_) | StorageError::Disk(_) | StorageError::Store(_) => Self::unavailable(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::stream;

    use super::*;
    use crate::documents::storage::StorageSettings;

    #[tokio::test]
    async fn a_file_that_is_refused_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::new(&StorageSettings { folder: folder.path().to_owned(), bucket: None }).unwrap();
        let program = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"MZ\x90\0 not a paper"))]);
        let staged = storage.stage(program, 100).await.unwrap();
        let refused = Accepted::inspect(staged, "invoice.pdf", 100).await.unwrap_err();
        assert!(matches!(refused, IntakeError::Refused(UploadRefusal::UnknownType)));
        assert_eq!(std::fs::read_dir(folder.path().join("staging")).unwrap().count(), 0);
    }
}
