//! A document that is attached to an export: what its row says.

use chrono::{DateTime, Utc};

use super::inspection::FileKind;
use super::storage::StorageKey;
use crate::ids::{DocumentId, ExportId, OrganizationId};

/// The kind of document that is none of the others. It needs no former version to make way: one may attach
/// several.
pub const OTHER: &str = "OTHER";

/// How a document ceased to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// By whom, by name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why it was removed; none when a newer version took its place.
    pub reason: Option<String>,
}

/// A document with its file's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// To which export it belongs.
    pub export_id: ExportId,
    /// Who attached it.
    pub organization_id: OrganizationId,
    /// Its kind, such as `INVOICE`.
    pub document_type: String,
    /// The file's name, cleaned.
    pub name: String,
    /// The number that the paper bears.
    pub reference_number: Option<String>,
    /// Where its bytes lie.
    pub key: StorageKey,
    /// How many they are.
    pub size_bytes: u64,
    /// What the file is.
    pub kind: FileKind,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Counts the documents of this kind in this export.
    pub version: i32,
    /// By whom it was attached, by name.
    pub by_name: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// How it ceased to count, if it did.
    pub ended: Option<Ended>,
    /// Whether a scanner has found it clean. None is configured by default.
    pub is_scanned: bool,
}

impl Document {
    /// Whether it counts.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether who had attached it took it back.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.reason.is_some())
    }
}
