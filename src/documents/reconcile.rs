//! Files and rows, both or neither: what a crash or a lost disk has left undone.
//!
//! A file is made durable before its row commits, so a crash in between leaves a file without a row: it is
//! deleted an hour later. A row without its file can only come of a loss in the store. It is put on record
//! and told to the operator, never deleted: the row knows the fingerprint by which a copy is recognised.

use chrono::{DateTime, Duration, Utc};
use futures::{StreamExt, TryStreamExt};
use serde_json::json;
use uuid::{NoContext, Timestamp, Uuid};

use super::storage::{Storage, StorageError, StorageKey};
use super::store::{self, FileRow};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Origin;
use crate::database::Db;

/// Younger files may still get their row: an upload ends within minutes.
const SETTLED_AFTER: Duration = Duration::hours(1);

/// Rows so young are all looked at: their files are where a fault of ours would show.
const RECENT: Duration = Duration::hours(24);

/// Files and rows that are compared by one statement.
const BATCH: usize = 500;

/// Older rows looked at in one run, from a place picked at random: in the course of days, all of them.
const SAMPLE: i64 = 1_000;

const LOST: &str = "DOCUMENT_FILE_MISSING";

/// What one run has done and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Temporary files that were removed.
    pub temporary_files_deleted: usize,
    /// Files that no row named, removed.
    pub orphan_files_deleted: usize,
    /// Rows looked at whose file is not there.
    pub rows_without_file: usize,
}

/// Why a run ended early. What it did before stays done, and the next run goes on.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Brings files and rows into agreement. Several instances may do so at once.
///
/// # Errors
/// [`ReconcileError`].
pub async fn reconcile(db: &Db, storage: &Storage, now: DateTime<Utc>) -> Result<Report, ReconcileError> {
    let temporary_files_deleted = storage.sweep(now).await?;
    let orphan_files_deleted = delete_orphans(db, storage, now).await?;
    let recent = first_id_at(now - RECENT);
    let rows_without_file = report_losses(db, storage, recent, Uuid::max(), i64::MAX, now).await?
        + report_losses(db, storage, pick_older(db, recent).await?, recent, SAMPLE, now).await?;
    Ok(Report { temporary_files_deleted, orphan_files_deleted, rows_without_file })
}

async fn delete_orphans(db: &Db, storage: &Storage, now: DateTime<Utc>) -> Result<usize, ReconcileError> {
    let mut deleted = 0;
    let mut files = storage.list_older_than(now - SETTLED_AFTER).try_chunks(BATCH);
    while let Some(batch) = files.next().await {
        let batch = batch.map_err(|error| error.1)?;
        let paths: Vec<String> = batch.iter().map(|file| file.key.path()).collect();
        let mut tx = db.begin_worker().await?;
        let named = store::list_named(&mut tx, &paths).await?;
        tx.commit().await?;
        for file in batch.iter().filter(|file| !named.contains(&file.key.path())) {
            storage.delete(&file.key).await?;
            tracing::warn!(key = %file.key, bytes = file.size_bytes, "a file without a row is deleted");
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// An id between the first document's and `recent`, picked at random.
async fn pick_older(db: &Db, recent: Uuid) -> sqlx::Result<Uuid> {
    let mut tx = db.begin_worker().await?;
    let first = store::list_between(&mut tx, Uuid::nil(), recent, 1).await?;
    tx.commit().await?;
    let first = first.first().map_or(recent, |row| row.id);
    Ok(Uuid::from_u128(rand::random_range(first.as_u128()..=recent.as_u128())))
}

/// Looks at `most` rows with ids from `from` on and below `until`, and reports those whose file is not there.
async fn report_losses(
    db: &Db,
    storage: &Storage,
    mut from: Uuid,
    until: Uuid,
    most: i64,
    now: DateTime<Utc>,
) -> Result<usize, ReconcileError> {
    let mut lost = 0;
    let mut left = most;
    while left > 0 {
        let limit = left.min(BATCH as i64);
        let mut tx = db.begin_worker().await?;
        let rows = store::list_between(&mut tx, from, until, limit).await?;
        tx.commit().await?;
        for row in &rows {
            if !is_there(storage, row).await? {
                lost += 1;
                record_loss(db, row, now).await?;
            }
        }
        let Some(last) = rows.last().filter(|_| rows.len() as i64 == limit) else { break };
        from = Uuid::from_u128(last.id.as_u128().saturating_add(1));
        left -= limit;
    }
    Ok(lost)
}

async fn is_there(storage: &Storage, row: &FileRow) -> Result<bool, StorageError> {
    match StorageKey::from_path(&row.path) {
        Some(key) => storage.exists(&key).await,
        None => Ok(false),
    }
}

/// Once a file: a loss that lasts is not recorded anew every ten minutes.
async fn record_loss(db: &Db, row: &FileRow, now: DateTime<Utc>) -> sqlx::Result<()> {
    tracing::error!(kind = row.kind(), id = %row.id, path = row.path, "a file is missing");
    let mut tx = db.begin_worker().await?;
    if !store::is_loss_on_record(&mut tx, row, LOST).await? {
        let event = Event::business(LOST, row.kind(), row.id, Severity::Critical, json!({ "path": row.path }));
        let author =
            Author { user: None, organization: None, roles: &[], delegations: &[], origin: &Origin::default() };
        audit::record(&mut tx, author, &event, now).await?;
    }
    tx.commit().await
}

/// The smallest id that is made at `moment`.
fn first_id_at(moment: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(moment.timestamp()).unwrap_or_default();
    let stamp = Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0)).as_u128();
    // The time stands in the first 48 bits.
    Uuid::from_u128(stamp >> 80 << 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, SystemClock};
    use crate::ids::DocumentId;

    #[test]
    fn ids_made_since_a_moment_come_after_the_first_of_that_moment() {
        let now = SystemClock.now();
        let id = DocumentId::new().0;
        assert!(first_id_at(now - Duration::minutes(1)) < id && id < first_id_at(now + Duration::minutes(1)));
    }
}
