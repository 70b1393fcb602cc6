//! What stands between a sender and the store: a share of it for each, and the scanner. And what scans later what could not
//! be scanned when it came.
//!
//! No transaction is open while the scanner looks at a file.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;

use super::intake::{Accepted, KeptFile};
use super::scan::Scan;
use super::scanner::{ScanError, Scanned, Scanner};
use super::share::{Exceeded, Shares};
use super::storage::{Storage, StorageError, StorageKey};
use super::store::scans::{self, UnscannedFile};
use super::store::shares;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::calendar::{eat_date, start_of_day};
use crate::database::{Db, Tx};
use crate::ids::DocumentId;
use crate::jobs::{self, Finished, JobError, JobKind, NewJob, Run};

/// The event of a file that is refused because it is infected.
pub const INFECTED_REFUSED: &str = "INFECTED_FILE_REFUSED";
/// The event of a file that was found infected after it was kept.
pub const INFECTED_FOUND: &str = "INFECTED_FILE_FOUND";

/// Documents entered for their scan in one transaction.
const BATCH: i64 = 500;
/// Shares that a list shows.
const MOST_SHARES: i64 = 50;

/// What a file goes through before it is kept.
#[derive(Clone, Copy)]
pub struct Reception<'a> {
    /// The database.
    pub db: &'a Db,
    /// Where it goes.
    pub storage: &'a Storage,
    /// Who looks at it; without one it is not scanned.
    pub scanner: Option<&'a Scanner>,
    /// How much is anybody's.
    pub shares: Shares,
}

/// Why a file is not kept, which its sender can do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotKept {
    /// Something was found in it.
    Infected {
        /// What the scanner calls it.
        signature: String,
    },
    /// There is no room for it.
    NoRoom(Exceeded),
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Its sender can do something about it.
    #[error("the file is not kept: {0:?}")]
    NotKept(NotKept),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// How much of the store an organisation has taken.
#[derive(Debug, Clone)]
pub struct ShareLine {
    /// Its name.
    pub name: String,
    /// The same in Amharic.
    pub name_am: String,
    /// How many files.
    pub files: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Reception<'_> {
    /// Keeps a file for which there is room and in which the scanner finds nothing. One that the scanner gives no verdict on is
    /// kept as waiting for it; its row has to be settled by [`settle`], in the transaction that adds it. `about` is what the
    /// record says of where it was to go.
    ///
    /// # Errors
    /// [`ReceiveError`]; nothing is kept then. What is infected is on record.
    pub async fn receive(
        &self,
        actor: &Actor,
        file: Accepted,
        about: Value,
        now: DateTime<Utc>,
    ) -> Result<KeptFile, ReceiveError> {
        let mut tx = self.db.begin_as(actor).await?;
        let used = shares::read_used(&mut tx, start_of_day(eat_date(now))).await?;
        tx.commit().await?;
        if let Some(exceeded) = self.shares.against(used, file.digest().size_bytes) {
            return Err(ReceiveError::NotKept(NotKept::NoRoom(exceeded)));
        }
        let scan = match self.scanner {
            None => Scan::NotScanned,
            Some(scanner) => match scan_staged(scanner, &file).await? {
                Ok(Scanned { signature: None, engine }) => Scan::Clean { at: now, engine },
                Ok(Scanned { signature: Some(signature), engine }) => {
                    record_refused(self.db, actor, &file, about, (&signature, &engine), now).await?;
                    return Err(ReceiveError::NotKept(NotKept::Infected { signature }));
                }
                Err(error) => {
                    tracing::warn!(%error, "a file waits for its scan");
                    Scan::Waiting
                }
            },
        };
        Ok(file.keep(self.storage, scan).await?)
    }
}

/// The verdict on a file that has just come, or why there is none.
async fn scan_staged(scanner: &Scanner, file: &Accepted) -> Result<Result<Scanned, ScanError>, StorageError> {
    let opened = tokio::fs::File::open(file.path()).await?;
    Ok(scanner.scan(ReaderStream::new(opened)).await)
}

async fn record_refused(
    db: &Db,
    actor: &Actor,
    file: &Accepted,
    about: Value,
    (signature, engine): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let digest = file.digest();
    let details = json!({
        "signature": signature,
        "engine": engine,
        "sha256": digest.sha256_hex(),
        "size_bytes": digest.size_bytes,
        "about": about,
        "uploaded_by": actor.user_id,
    });
    let event = Event {
        entity_id: Some(actor.user_id.0),
        private: Some(json!({ "file_name": file.name() })),
        ..Event::security(INFECTED_REFUSED, Severity::High, details)
    };
    audit::record_alone(db, actor, &event, now).await
}

/// Counts the document that was just added, under the lock of its organisation's share, and enters its scan where it waits for
/// one. Which limit it goes beyond, if it does: its transaction must not commit then.
///
/// # Errors
/// When the database refuses.
pub async fn settle(
    tx: &mut Tx,
    (id, file): (DocumentId, &KeptFile),
    allowed: Shares,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Exceeded>> {
    // The row that was added has locked the share: of two at once, the second counts what the first has added.
    let used = shares::read_used(tx, start_of_day(eat_date(now))).await?;
    let size = file.digest.size_bytes;
    if let Some(exceeded) = allowed.against(used.without(size), size) {
        return Ok(Some(exceeded));
    }
    if file.scan == Scan::Waiting {
        jobs::enter(tx, &scan_job(id, now), now).await?;
    }
    Ok(None)
}

fn scan_job(id: DocumentId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: JobKind::ScanDocument,
        payload: json!({ "document": id }),
        unique_key: Some(id.to_string()),
        run_at: now,
        requested_by: None,
    }
}

/// Enters the scan of every document without a verdict that does not wait for it in the queue already; how many.
///
/// # Errors
/// When the database cannot be reached. What was entered before stays so, and another call goes on.
pub async fn enter_scans(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut entered = 0;
    let mut after = DocumentId(uuid::Uuid::nil());
    loop {
        let mut tx = db.begin_worker().await?;
        let batch = scans::list_unscanned(&mut tx, after, BATCH).await?;
        for id in &batch {
            entered += u64::from(jobs::enter(&mut tx, &scan_job(*id, now), now).await?);
        }
        tx.commit().await?;
        match batch.last() {
            Some(last) => after = *last,
            None => return Ok(entered),
        }
    }
}

/// Scans the document of a job, and writes the verdict down; on record is what was found, and that nothing was.
///
/// # Errors
/// [`JobError`]; there is no verdict then, and the file stays as it is.
pub async fn scan_document(
    db: &Db,
    storage: &Storage,
    scanner: Option<&Scanner>,
    run: &Run,
    now: DateTime<Utc>,
) -> Result<Finished, JobError> {
    let id = run.payload.get("document").and_then(Value::as_str).and_then(|id| id.parse::<DocumentId>().ok());
    let id = id.ok_or_else(|| JobError::Hopeless("no document is named".to_owned()))?;
    let mut tx = run.begin(db).await?;
    let Some(file) = scans::find_unscanned(&mut tx, id).await? else {
        return run.finish(tx, &Vec::new(), now).await;
    };
    tx.commit().await?;
    let scanner = scanner.ok_or_else(|| JobError::Failed("no scanner is configured (CLAMD_ADDR)".to_owned()))?;
    let failed = |error: &dyn std::fmt::Display| JobError::Failed(error.to_string());
    let key = StorageKey::from_path(&file.path).ok_or_else(|| failed(&"its path is no key"))?;
    let opened = storage.open(&key).await.map_err(|error| match error {
        // Its loss is put on record by who compares files and rows.
        StorageError::NotFound(_) => JobError::Hopeless(error.to_string()),
        other => failed(&other),
    })?;
    let Scanned { signature, engine } = scanner.scan(opened.bytes).await.map_err(|error| failed(&error))?;
    let scan = match signature {
        None => Scan::Clean { at: now, engine },
        Some(signature) => Scan::Infected { at: now, engine, signature },
    };
    let mut tx = run.begin(db).await?;
    let is_ours = scans::set_verdict(&mut tx, id, &scan).await?;
    if is_ours {
        record_verdict(&mut tx, id, &file, &scan, now).await?;
        if let Some(export) = file.export {
            scans::insert_outbox(&mut tx, export, now).await?;
        }
        if scan.signature().is_some() {
            scans::insert_warning(&mut tx, id, now).await?;
        }
    }
    let infected = u64::from(is_ours && scan.signature().is_some());
    run.finish(tx, &vec![("scanned", u64::from(is_ours)), ("infected", infected)], now).await
}

async fn record_verdict(
    tx: &mut Tx,
    id: DocumentId,
    file: &UnscannedFile,
    scan: &Scan,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({
        "export_id": file.export,
        "subject_id": file.subject,
        "document_type": file.document_type,
        "verdict": scan.code(),
        "signature": scan.signature(),
        "engine": scan.engine(),
        "sha256": hex::encode(&file.sha256),
        "size_bytes": file.size_bytes,
        "uploaded_by": file.uploaded_by,
    });
    let (event_type, severity) = match scan.signature() {
        Some(_) => (INFECTED_FOUND, Severity::High),
        None => ("DOCUMENT_SCANNED", Severity::Low),
    };
    let event = Event {
        entity_type: "document",
        entity_id: Some(id.0),
        private: Some(json!({ "file_name": file.name })),
        ..Event::security(event_type, severity, details)
    };
    let author = Author::product(Some(file.organization));
    audit::record(tx, author, &event, now).await
}

/// How many documents wait for their scan, and since when.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_waiting(db: &Db) -> sqlx::Result<(i64, Option<DateTime<Utc>>)> {
    let mut tx = db.begin_worker().await?;
    let waiting = scans::count_waiting(&mut tx).await?;
    tx.commit().await?;
    Ok(waiting)
}

/// The largest shares of the store that the viewer may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_shares(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<ShareLine>> {
    let mut tx = db.begin_as(viewer).await?;
    let lines = shares::list(&mut tx, MOST_SHARES).await?;
    tx.commit().await?;
    Ok(lines)
}

/// Counts every share anew from the files; how many were not right, and are now. Uploads wait meanwhile.
///
/// # Errors
/// When the database cannot be reached.
pub async fn recount_shares(db: &Db) -> sqlx::Result<i64> {
    let mut tx = db.begin_worker().await?;
    let count = shares::recount(&mut tx).await?;
    tx.commit().await?;
    Ok(count)
}
