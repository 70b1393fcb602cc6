//! Files and rows, both or neither: what a crash or a lost disk has left undone.
//!
//! A file is made durable before its row commits, so a crash in between leaves a file without a row: it is
//! deleted an hour later. A row without its file, or with another one, can only come of a loss in the store. It
//! is put on record and told to the operator, never deleted: the row knows the fingerprint by which a copy is
//! recognised. The signed file of a paper is made again.

use chrono::{DateTime, Duration, Utc};
use futures::{StreamExt, TryStreamExt};
use serde_json::json;
use uuid::{NoContext, Timestamp, Uuid};

use super::storage::{Storage, StorageError, StorageKey};
use super::store::{self, FileRow};
use super::wholeness::{self, Fault};
use crate::audit::{self, Author, Event, Severity};
use crate::database::Db;
use crate::ids::PaperId;
use crate::jobs::{self, JobKind, NewJob};

/// Younger files may still get their row: an upload ends within minutes.
const SETTLED_AFTER: Duration = Duration::hours(1);

/// Rows so young are all looked at: their files are where a fault of ours would show.
const RECENT: Duration = Duration::hours(24);

/// Files and rows that are compared by one statement.
const BATCH: usize = 500;

/// Older rows looked at in one run, from a place picked at random: in the course of days, all of them.
const SAMPLE: i64 = 1_000;

/// Files that one run reads, to compare them with their fingerprints, and bytes after which it begins no other: a run is due every ten
/// minutes, so that 70,000 files or 18 GB are read in a day.
const PORTION: i64 = 500;
const PORTION_BYTES: u64 = 128 << 20;

/// What the payload of a job calls the paper whose seal or file it makes.
pub const PAPER: &str = "paper_id";
/// What it calls the path of the file in the place of which another one is wanted.
pub const INSTEAD_OF: &str = "instead_of";

/// What one run has done and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Temporary files that were removed.
    pub temporary_files_deleted: usize,
    /// Files that no row named, removed.
    pub orphan_files_deleted: usize,
    /// Rows looked at whose file is not there.
    pub rows_without_file: usize,
    /// Files that were read and are not what their row says.
    pub damaged_files: usize,
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
    let damaged_files = check_portion(db, storage, PORTION, now).await?;
    Ok(Report { temporary_files_deleted, orphan_files_deleted, rows_without_file, damaged_files })
}

/// Reads at most `most` files, from the one on that comes after the last that was read, and reports those that are not what their row says; how
/// many were damaged. Behind the last file it begins anew, with the next run.
///
/// # Errors
/// [`ReconcileError`].
pub async fn check_portion(db: &Db, storage: &Storage, most: i64, now: DateTime<Utc>) -> Result<usize, ReconcileError> {
    let mut tx = db.begin_worker().await?;
    let mut last = store::find_checked(&mut tx).await?;
    let rows = store::list_between(&mut tx, after(last), Uuid::max(), most).await?;
    tx.commit().await?;
    let is_end = (rows.len() as i64) < most;
    let (mut damaged, mut read, mut is_whole_portion) = (0, 0, true);
    for row in newest(rows) {
        if read >= PORTION_BYTES {
            is_whole_portion = false;
            break;
        }
        last = row.id;
        match wholeness::find_fault(storage, &row.path, &row.sha256).await {
            Ok((size, fault)) => {
                read += size;
                damaged += usize::from(fault == Some(Fault::Damaged));
                if let Some(fault) = fault {
                    report(db, &row, fault, now).await?;
                }
            }
            // One that cannot be read now is read the next time round; those behind it do not wait for that.
            Err(error) => tracing::error!(%error, id = %row.id, path = row.path, "a file cannot be read"),
        }
    }
    let mut tx = db.begin_worker().await?;
    store::update_checked(&mut tx, if is_end && is_whole_portion { Uuid::nil() } else { last }).await?;
    tx.commit().await?;
    Ok(damaged)
}

/// Of the files of a paper the last one alone: what is left of those before is what was damaged.
fn newest(mut rows: Vec<FileRow>) -> Vec<FileRow> {
    rows.dedup_by_key(|row| row.id);
    rows
}

fn after(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128().saturating_add(1))
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
        let is_end = (rows.len() as i64) < limit;
        for row in newest(rows) {
            if !is_there(storage, &row).await? {
                lost += 1;
                report(db, &row, Fault::Lost, now).await?;
            }
            from = after(row.id);
        }
        if is_end {
            break;
        }
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

/// Puts on record what became of the signed file of a paper, and asks for another one.
///
/// # Errors
/// When the database refuses.
pub async fn report_paper(
    db: &Db,
    (paper, path): (PaperId, &str),
    fault: Fault,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    report(db, &FileRow { id: paper.0, is_of_paper: true, path: path.to_owned(), sha256: Vec::new() }, fault, now).await
}

/// Puts on record what became of a file: once, as what lasts is not recorded anew every ten minutes. For the file of a paper another one is
/// asked for each time: it can be made again, and what came of the last time is not known here.
async fn report(db: &Db, row: &FileRow, fault: Fault, now: DateTime<Utc>) -> sqlx::Result<()> {
    tracing::error!(kind = row.kind(), id = %row.id, path = row.path, fault = fault.code(), "a file is not what it was");
    let mut tx = db.begin_worker().await?;
    if !store::is_fault_on_record(&mut tx, row, fault.event_type()).await? {
        let details = json!({ "path": row.path });
        let event = Event::business(fault.event_type(), row.kind(), row.id, Severity::Critical, details);
        let author = Author::product(None);
        audit::record(&mut tx, author, &event, now).await?;
    }
    if row.is_of_paper {
        let job = NewJob {
            kind: JobKind::SealPaper,
            payload: json!({ PAPER: row.id, INSTEAD_OF: row.path }),
            unique_key: Some(format!("{} {}", row.id, row.path)),
            run_at: now,
            requested_by: None,
        };
        jobs::enter(&mut tx, &job, now).await?;
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
