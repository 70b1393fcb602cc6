//! The sequencer: binds the hashes of events into a chain of seals, batch by batch.
//!
//! One instance at a time does it, under an advisory lock. An event's number is given before its transaction
//! commits, so numbers do not arrive in order; a seal therefore lists its events instead of naming a range.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::store::{self, Seal};
use crate::database::Db;

/// Events in one seal at most.
pub(crate) const BATCH: i64 = 5_000;

/// Held by the instance that seals ("jebena-s").
const SEALER_LOCK: i64 = 0x6a65_6265_6e61_2d73;

/// Seals what waits, one batch. The number of events sealed; 0 when nothing waits or another instance is at it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn seal_batch(db: &Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut tx = db.begin_worker().await?;
    if !store::try_lock_sealing(&mut tx, SEALER_LOCK).await? {
        tx.rollback().await?;
        return Ok(0);
    }
    let waiting = store::list_unsealed(&mut tx, BATCH).await?;
    if waiting.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let root = root_of(waiting.iter().map(|row| row.row_hash.as_slice()));
    let count = i32::try_from(waiting.len()).unwrap_or(i32::MAX);
    let number = append(&mut tx, count, &root, now).await?;
    store::move_under_seal(&mut tx, &waiting, number).await?;
    tx.commit().await?;
    Ok(waiting.len())
}

/// Appends the next seal to the chain: `count` events whose hashes have this root. Returns its number.
///
/// # Errors
/// When the database refuses, as it does when another instance was quicker.
pub(crate) async fn append(
    connection: &mut PgConnection,
    count: i32,
    root: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let (last, previous) = store::find_last_seal(&mut *connection).await?.unwrap_or_else(|| (0, GENESIS.to_vec()));
    let seal_number = last + 1;
    let head = head_of(seal_number, usize::try_from(count).unwrap_or(0), root, &previous).to_vec();
    let seal = Seal { seal_number, event_count: count, root: root.to_vec(), previous, head };
    store::insert_seal(connection, &seal, now).await?;
    Ok(seal_number)
}

/// What the first seal follows.
pub(super) const GENESIS: [u8; 32] = [0; 32];

/// SHA-256 over the row hashes of a batch, in order.
pub(super) fn root_of<'a>(hashes: impl Iterator<Item = &'a [u8]>) -> [u8; 32] {
    hashes.fold(Sha256::new(), Digest::chain_update).finalize().into()
}

/// SHA-256 over number, count, root and the head before: the new head of the chain.
pub(super) fn head_of(number: i64, count: usize, root: &[u8], previous: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(number.to_be_bytes())
        .chain_update((count as u64).to_be_bytes())
        .chain_update(root)
        .chain_update(previous)
        .finalize()
        .into()
}
