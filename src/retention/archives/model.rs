//! Archives and how they stand.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::ids::UserId;

coded_enum! {
    /// How an archive stands.
    ArchiveState {
        /// The file is there, and the partition is still where it was.
        Exported = "EXPORTED",
        /// The partition is taken off and guarded.
        Detached = "DETACHED",
        /// One administrator wants it dropped.
        DropAsked = "DROP_ASKED",
        /// Another agrees; a job does it.
        DropApproved = "DROP_APPROVED",
        /// The file alone has it.
        Dropped = "DROPPED",
    }
}

/// An archive.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub id: Uuid,
    /// Such as `events_2024`.
    pub partition: String,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub state: ArchiveState,
    pub event_count: i64,
    pub first_seq: Option<i64>,
    pub last_seq: Option<i64>,
    /// SHA-256 over the hashes of all events.
    pub hashes_sha256: Vec<u8>,
    pub chain_head: Vec<u8>,
    pub storage_key: String,
    pub size_bytes: i64,
    /// Of the file.
    pub sha256: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub detached_at: Option<DateTime<Utc>>,
    pub drop_asked_by: Option<UserId>,
    pub drop_asked_at: Option<DateTime<Utc>>,
    pub drop_reason: Option<String>,
    pub approved_by: Option<UserId>,
    pub approved_at: Option<DateTime<Utc>>,
    pub dropped_at: Option<DateTime<Utc>>,
}

/// A partition of the record.
#[derive(Debug, Clone)]
pub(super) struct Partition {
    pub name: String,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
}

/// What a look into a file has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Whose file.
    pub partition: String,
    /// What does not agree, as sentences.
    pub faults: Vec<String>,
}
