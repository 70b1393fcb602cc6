//! Archiving years whose time is over, checking the files, and dropping what two people have agreed to drop.

mod acts;
mod dropping;

use chrono::{DateTime, Datelike, Utc};
use futures::TryStreamExt;
use serde_json::{Value, json};
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::file::{FileError, Tally, Writer};
use super::model::{ArchiveState, Manifest, Partition};
use super::store::{self, Laid};
use crate::audit::{self, Author, Event, Severity, verify};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::documents::storage::{Storage, StorageKey};
use crate::jobs::{Finished, JobError, Run};
use crate::organizations::directory::{Directory, Names};

pub(super) use acts::{ApproveDrop, AskDrop, WithdrawDrop};
pub use dropping::{check_files, drop_approved};

/// Where the list is.
pub(super) const HOME: &str = "/admin/archives";
/// Years whose partition is there before they begin.
const YEARS_AHEAD: i32 = 2;

impl From<FileError> for JobError {
    fn from(error: FileError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Makes the partitions of the years to come, and archives every year whose time is over and that nobody has asked to keep: the
/// whole record is checked first, and is not touched while it is not sound.
///
/// # Errors
/// [`JobError`]; what was archived before stays so, and the next run goes on.
pub async fn archive_due(db: &Db, storage: &Storage, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let mut tx = run.begin(db).await?;
    let made = store::prepare_years(&mut tx, now.year() + YEARS_AHEAD).await?;
    store::take_time(&mut tx).await?;
    let due = store::list_attached(&mut tx, Some(now)).await?;
    let mut free = Vec::new();
    for partition in due {
        if !store::is_held(&mut tx, &partition.name).await? {
            free.push(partition);
        }
    }
    let exported = store::list_manifests(&mut tx).await?;
    tx.commit().await?;
    let mut archived = 0;
    if !free.is_empty() {
        let head = check_record(db, run, now).await?;
        for partition in &free {
            Box::pin(export(db, storage, run, (partition, &head))).await?;
        }
    }
    // Those of this run, and those with which another did not come so far.
    let waiting = exported.into_iter().filter(|one| one.state == ArchiveState::Exported).map(|one| one.partition);
    for partition in waiting.chain(free.into_iter().map(|one| one.name)) {
        archived += u64::from(detach(db, run, &partition).await?);
    }
    Ok(Finished::Done(vec![("years_archived", archived), ("years_prepared", u64::from(made.unsigned_abs()))]))
}

/// The head of the chain, once the whole record was found to be sound.
async fn check_record(db: &Db, run: &Run, now: DateTime<Utc>) -> Result<Vec<u8>, JobError> {
    // Without the job's lock: it takes longer than a lease, which has to be put off meanwhile.
    let mut tx = db.begin_worker().await?;
    store::take_time(&mut tx).await?;
    let report = verify::verify(&mut tx, &mut [], None).await?;
    tx.commit().await?;
    if report.is_sound() {
        return hex::decode(&report.head).map_err(|error| JobError::Failed(error.to_string()));
    }
    let mut tx = run.begin(db).await?;
    let facts = json!({ "faults": report.faults.len(), "head": report.head });
    write_down(&mut tx, &event("AUDIT_NOT_SOUND", Severity::Critical, None, facts), now).await?;
    tx.commit().await?;
    Err(JobError::Hopeless(format!("the record is not sound: {}", report.faults.join("; "))))
}

/// Writes the file of a year, and what is in it into a manifest.
async fn export(db: &Db, storage: &Storage, run: &Run, (partition, head): (&Partition, &[u8])) -> Result<(), JobError> {
    let scratch = storage.scratch().await?;
    let tally = write(db, partition, scratch.reopen().map_err(FileError::from)?).await?;
    let written = tokio::fs::File::open(scratch.path()).await.map_err(FileError::from)?;
    let staged = storage.stage(ReaderStream::new(written), u64::MAX).await?;
    let (size_bytes, sha256) = (staged.digest().size_bytes, staged.digest().sha256);
    let key = StorageKey::new();
    storage.commit(staged, &key).await?;

    let (id, now) = (Uuid::now_v7(), db.now());
    let size_bytes = i64::try_from(size_bytes).unwrap_or(i64::MAX);
    let laid = Laid { key: &key.path(), size_bytes, sha256: &sha256, chain_head: head, job: run.job.0 };
    let facts = json!({
        "partition": partition.name, "events": tally.events, "sha256": hex::encode(sha256),
        "hashes_sha256": hex::encode(tally.hashes()), "head": hex::encode(head),
    });
    let mut tx = run.begin(db).await?;
    store::insert_manifest(&mut tx, id, (partition, &tally, &laid), now).await?;
    write_down(&mut tx, &event(verify::ARCHIVE_WRITTEN, Severity::High, Some(id), facts), now).await?;
    Ok(tx.commit().await?)
}

async fn write(db: &Db, partition: &Partition, file: std::fs::File) -> Result<Tally, JobError> {
    // As above.
    let mut tx = db.begin_worker().await?;
    store::take_time(&mut tx).await?;
    let count = store::count_events(&mut tx, partition).await?;
    let mut writer = Writer::begin(file, &partition.name);
    let mut lines = store::stream_lines(&mut tx, partition);
    while let Some(line) = lines.try_next().await? {
        writer = writer.add(&line).await?;
    }
    drop(lines);
    tx.commit().await?;
    let tally = writer.finish().await?;
    if tally.events != count {
        return Err(JobError::Failed(format!("{} of {count} events of {} are sealed", tally.events, partition.name)));
    }
    Ok(tally)
}

/// Takes a partition off whose file is there; false when somebody has asked to keep it meanwhile.
async fn detach(db: &Db, run: &Run, partition: &str) -> Result<bool, JobError> {
    let now = db.now();
    let mut tx = run.begin(db).await?;
    let manifest = store::find_manifest(&mut tx, partition).await?.ok_or(JobError::Lost)?;
    if store::is_held(&mut tx, partition).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    store::take_time(&mut tx).await?;
    store::detach(&mut tx, partition, now).await?;
    let facts = json!({ "partition": partition });
    write_down(&mut tx, &event("ARCHIVE_DETACHED", Severity::High, Some(manifest.id), facts), now).await?;
    tx.commit().await?;
    Ok(true)
}

fn event(event_type: &'static str, severity: Severity, manifest: Option<Uuid>, facts: Value) -> Event {
    Event {
        event_type,
        entity_type: "archive",
        entity_id: manifest,
        severity,
        compliance_relevant: true,
        details: facts,
        private: None,
    }
}

/// What a job has done is nobody's deed.
async fn write_down(tx: &mut Tx, event: &Event, now: DateTime<Utc>) -> sqlx::Result<()> {
    let author = Author::product(None);
    audit::record(tx, author, event, now).await
}

/// What the list shows.
pub(super) struct Overview {
    pub archives: Vec<Manifest>,
    /// Years that are not archived.
    pub attached: Vec<Partition>,
    /// For how many days a year is kept after its end: one with events of business first, any other last.
    pub periods: Vec<i64>,
}

/// Archives and years as `viewer` may see them.
pub(super) async fn overview(db: &Db, viewer: &Actor) -> sqlx::Result<Overview> {
    let mut tx = db.begin_as(viewer).await?;
    let archives = store::list_manifests(&mut tx).await?;
    let attached = store::list_attached(&mut tx, None).await?;
    let periods = store::list_periods(&mut tx).await?;
    tx.commit().await?;
    Ok(Overview { archives, attached, periods })
}

/// An archive, the names of who wants it dropped, and whether somebody has asked to keep it.
pub(super) async fn find(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    partition: &str,
) -> sqlx::Result<Option<(Manifest, Names, bool)>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(manifest) = store::find_manifest(&mut tx, partition).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let is_held = manifest.state != ArchiveState::Dropped && store::is_held(&mut tx, partition).await?;
    let people = [manifest.drop_asked_by, manifest.approved_by].into_iter().flatten().map(Into::into);
    let names = directory.names(&mut tx, people).await?;
    tx.commit().await?;
    Ok(Some((manifest, names, is_held)))
}
