//! The sequencer: binds the hashes of events into a chain of seals, batch by batch.
//!
//! One instance at a time does it, under an advisory lock. An event's number is given before its transaction
//! commits, so numbers do not arrive in order; a seal therefore lists its events instead of naming a range.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

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
    let mine = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, SEALER_LOCK)
        .fetch_one(&mut *tx)
        .await?;
    if !mine {
        tx.rollback().await?;
        return Ok(0);
    }
    let waiting = sqlx::query!(
        r#"select u.seq, u.occurred_at, e.row_hash
           from audit.unsealed u
           join audit.events e on e.seq = u.seq and e.occurred_at = u.occurred_at
           order by u.seq
           limit $1"#,
        BATCH
    )
    .fetch_all(&mut *tx)
    .await?;
    if waiting.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let root = root_of(waiting.iter().map(|row| row.row_hash.as_slice()));
    let count = i32::try_from(waiting.len()).unwrap_or(i32::MAX);
    let number = append(&mut tx, count, &root, now).await?;
    let seqs: Vec<i64> = waiting.iter().map(|row| row.seq).collect();
    let times: Vec<DateTime<Utc>> = waiting.iter().map(|row| row.occurred_at).collect();
    sqlx::query!(
        "insert into audit.sealed (seq, occurred_at, seal_number)
         select seq, occurred_at, $3 from unnest($1::bigint[], $2::timestamptz[]) as batch (seq, occurred_at)",
        &seqs,
        &times,
        number
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!("delete from audit.unsealed where seq = any($1)", &seqs).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(seqs.len())
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
    let (last, previous) = last_seal(&mut *connection).await?;
    let number = last + 1;
    let head = head_of(number, usize::try_from(count).unwrap_or(0), root, &previous);
    sqlx::query!(
        "insert into audit.seals (seal_number, event_count, root, previous, head, sealed_at)
         values ($1, $2, $3, $4, $5, $6)",
        number,
        count,
        root,
        previous,
        head.as_slice(),
        now
    )
    .execute(connection)
    .await?;
    Ok(number)
}

async fn last_seal(connection: &mut PgConnection) -> sqlx::Result<(i64, Vec<u8>)> {
    let last = sqlx::query!("select seal_number, head from audit.seals order by seal_number desc limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(last.map_or_else(|| (0, GENESIS.to_vec()), |seal| (seal.seal_number, seal.head)))
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
