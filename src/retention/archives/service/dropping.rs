//! Looking into files, and dropping what only a file has to keep.

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::{event, write_down};
use crate::audit::Severity;
use crate::database::Db;
use crate::documents::storage::{Storage, StorageError, StorageKey};
use crate::jobs::{Finished, JobError, Run};
use crate::retention::archives::file::{self, FileError};
use crate::retention::archives::model::{ArchiveState, Checked, Manifest};
use crate::retention::archives::store;

/// Drops the partition that `run` names: the file is read once more and has to be the one that was written, line by line. A file
/// that is not takes the agreement back.
///
/// # Errors
/// [`JobError`]; the partition is still there then.
pub async fn drop_approved(db: &Db, storage: &Storage, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let named = run.payload.get("partition").and_then(|name| name.as_str());
    let partition = named.ok_or_else(|| JobError::Hopeless("the job names no partition".to_owned()))?;
    let mut tx = run.begin(db).await?;
    let found = store::find_manifest(&mut tx, partition).await?;
    let Some(manifest) = found.filter(|manifest| manifest.state == ArchiveState::DropApproved) else {
        // Done by another try, or taken back.
        return run.finish(tx, &Vec::new(), now).await;
    };
    tx.commit().await?;
    let (sha256, faults) = check_file(db, storage, &manifest).await?;
    let mut tx = run.begin(db).await?;
    if !faults.is_empty() {
        let facts = json!({ "partition": partition, "faults": faults });
        store::update_withdrawn(&mut tx, partition, ArchiveState::DropApproved).await?;
        write_down(&mut tx, &event("ARCHIVE_FAULTY", Severity::Critical, Some(manifest.id), facts), now).await?;
        tx.commit().await?;
        return Err(JobError::Hopeless(format!("nothing was dropped: {}", faults.join("; "))));
    }
    if store::is_held(&mut tx, partition).await? {
        tx.rollback().await?;
        return Err(JobError::Hopeless(format!("nothing was dropped: events of {partition} are held")));
    }
    store::take_time(&mut tx).await?;
    store::drop_partition(&mut tx, partition, &sha256, now).await?;
    let facts = json!({ "partition": partition, "events": manifest.event_count, "sha256": hex::encode(&sha256) });
    write_down(&mut tx, &event("ARCHIVE_DROPPED", Severity::Critical, Some(manifest.id), facts), now).await?;
    run.finish(tx, &vec![("years_dropped", 1)], now).await
}

/// Looks into the file of every archive.
///
/// # Errors
/// When the database or the store cannot be used. A file that is gone or spoilt is a fault, not an error.
pub async fn check_files(db: &Db, storage: &Storage) -> Result<Vec<Checked>, JobError> {
    let mut tx = db.begin_worker().await?;
    let manifests = store::list_manifests(&mut tx).await?;
    tx.commit().await?;
    let mut checked = Vec::with_capacity(manifests.len());
    for manifest in manifests.iter().rev() {
        let (_, faults) = check_file(db, storage, manifest).await?;
        checked.push(Checked { partition: manifest.partition.clone(), faults });
    }
    Ok(checked)
}

/// The fingerprint of a file, and what does not agree with its manifest and with the chain of seals.
async fn check_file(db: &Db, storage: &Storage, manifest: &Manifest) -> Result<(Vec<u8>, Vec<String>), JobError> {
    let name = &manifest.partition;
    let key = StorageKey::from_path(&manifest.storage_key);
    let opened = match key.as_ref() {
        Some(key) => storage.open(key).await,
        None => return Ok((Vec::new(), vec![format!("the file of {name} has no place")])),
    };
    let mut bytes = match opened {
        Ok(opened) => opened.bytes,
        Err(StorageError::NotFound(_)) => return Ok((Vec::new(), vec![format!("the file of {name} is not there")])),
        Err(error) => return Err(error.into()),
    };
    let scratch = storage.scratch().await?;
    let mut copy = tokio::fs::File::create(scratch.path()).await.map_err(FileError::from)?;
    let mut fingerprint = Sha256::new();
    while let Some(chunk) = bytes.try_next().await? {
        fingerprint.update(&chunk);
        copy.write_all(&chunk).await.map_err(FileError::from)?;
    }
    copy.flush().await.map_err(FileError::from)?;
    drop(copy);
    let sha256 = fingerprint.finalize().to_vec();
    if sha256 != manifest.sha256 {
        return Ok((sha256, vec![format!("the file of {name} is not the one that was written")]));
    }
    let (file, partition) = (scratch.reopen().map_err(FileError::from)?, name.clone());
    let read = tokio::task::spawn_blocking(move || file::read(file, &partition)).await.map_err(FileError::from)?;
    let contents = match read {
        Ok(contents) => contents,
        Err(error) => return Ok((sha256, vec![format!("the file of {name} cannot be unpacked: {error}")])),
    };
    let mut faults = contents.faults;
    if contents.tally.events != manifest.event_count || contents.tally.hashes() != manifest.hashes_sha256 {
        faults.push(format!("the file of {name} has not the events of its manifest"));
    }
    let numbers: Vec<i64> = contents.seals.keys().copied().collect();
    let mut tx = db.begin_worker().await?;
    let seals = store::list_seals(&mut tx, &numbers).await?;
    tx.commit().await?;
    for (number, (count, root)) in &contents.seals {
        // Of a seal over two years the other part lies elsewhere; the check of the whole record knows its hashes.
        let agrees = seals.get(number).is_some_and(|(all, sealed)| count < all || (count == all && root == sealed));
        if !agrees {
            faults.push(format!("the events of {name} under seal {number} are not those that were sealed"));
        }
    }
    Ok((sha256, faults))
}
