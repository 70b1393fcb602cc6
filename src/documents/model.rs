//! A document that is attached to an export: what its row says.

use chrono::{DateTime, Utc};

use super::inspection::FileKind;
use super::scan::Scan;
use super::storage::StorageKey;
use crate::codes::coded_enum;
use crate::ids::{DocumentId, ExportId, OrganizationId, UserId};

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

coded_enum! {
    /// What the organisation found whose step asks for a document.
    Verdict {
        /// It is in order.
        Checked = "CHECKED",
        /// It is not, and another one is needed.
        Rejected = "REJECTED",
    }
}

/// What was found about a document, the last time somebody looked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Check {
    /// What.
    pub verdict: Verdict,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// By whom, by name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A document that an export does without, by the word of a supervisor of the organisation whose step asks for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Waiver {
    /// Which kind of document.
    pub document_type: String,
    /// Why.
    pub reason: String,
    /// By whom, by name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A document's kind, and what was found about it by people and by a scanner: all that the checklist asks of one.
pub trait Filed {
    /// Its kind, such as `INVOICE`.
    fn document_type(&self) -> &str;
    /// What was found about it, if somebody has looked.
    fn check(&self) -> Option<&Check>;
    /// What a scanner has said of it.
    fn scan(&self) -> &Scan;
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
    /// By whom it was attached.
    pub uploaded_by: UserId,
    /// The same, by name.
    pub by_name: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// What was found about it, if somebody has looked.
    pub check: Option<Check>,
    /// How it ceased to count, if it did.
    pub ended: Option<Ended>,
    /// What a scanner has said of it.
    pub scan: Scan,
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

impl Filed for Document {
    fn document_type(&self) -> &str {
        &self.document_type
    }

    fn check(&self) -> Option<&Check> {
        self.check.as_ref()
    }

    fn scan(&self) -> &Scan {
        &self.scan
    }
}
