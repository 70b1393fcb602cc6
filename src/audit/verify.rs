//! Checks the record against its hashes and its chain of seals, and names what does not agree.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::seal::{GENESIS, head_of};
use super::store;

/// What a check found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Events looked at.
    pub events: u64,
    /// Seals looked at.
    pub seals: u64,
    /// Events that no seal covers yet.
    pub unsealed: u64,
    /// The head of the chain, in hex; to be kept elsewhere and compared later.
    pub head: String,
    /// What does not agree, as sentences.
    pub faults: Vec<String>,
}

impl Report {
    /// Whether nothing disagrees.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Faults that are listed one by one; more are counted.
const LISTED: usize = 100;

/// Recomputes every row's hash, every seal's root and head, and compares. With `known_head` (hex, kept
/// elsewhere), also that this head is still part of the chain: a chain rewritten as a whole shows there.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(connection: &mut PgConnection, known_head: Option<&str>) -> sqlx::Result<Report> {
    let mut report = Report::default();
    let mut further = 0_u64;
    let mut fault = |report: &mut Report, sentence: String| {
        if report.faults.len() < LISTED { report.faults.push(sentence) } else { further += 1 }
    };

    let changed = store::list_changed(&mut *connection, LISTED as i64 + 1).await?;
    for row in changed {
        fault(
            &mut report,
            format!("event {} ({}) was changed: its hash is not that of its contents", row.seq, row.event_id),
        );
    }

    let counts = store::count_events(&mut *connection).await?;
    report.events = counts.events.unsigned_abs();
    report.unsealed = counts.unsealed.unsigned_abs();
    if counts.uncovered > 0 {
        fault(&mut report, format!("{} events are neither sealed nor waiting to be", counts.uncovered));
    }

    let seals = store::list_seals(&mut *connection).await?;
    let mut previous = GENESIS.to_vec();
    let mut known_seen = known_head.is_none();
    for (position, seal) in seals.iter().enumerate() {
        let expected = i64::try_from(position).unwrap_or(i64::MAX) + 1;
        if seal.seal_number != expected {
            fault(&mut report, format!("seal {expected} is missing (found {})", seal.seal_number));
        }
        if seal.previous != previous {
            fault(&mut report, format!("seal {} does not follow the one before it", seal.seal_number));
        }
        let head =
            head_of(seal.seal_number, usize::try_from(seal.event_count).unwrap_or(0), &seal.root, &seal.previous);
        if seal.head != head {
            fault(&mut report, format!("seal {} was changed: its head is not that of its contents", seal.seal_number));
        }
        known_seen |= known_head.is_some_and(|known| known.eq_ignore_ascii_case(&hex::encode(&seal.head)));
        previous.clone_from(&seal.head);
    }
    report.seals = seals.len() as u64;
    report.head = hex::encode(&previous);
    if !known_seen {
        fault(&mut report, "the head that was kept elsewhere is not part of this chain".to_owned());
    }

    // Each seal's events, in one pass: the batch's hashes in order, and how many of them are still there.
    let mut batches: BTreeMap<i64, (Sha256, i32)> = BTreeMap::new();
    let mut covered = store::stream_sealed(&mut *connection);
    while let Some(row) = covered.try_next().await? {
        let Some(row_hash) = row.row_hash else {
            fault(&mut report, format!("event {} was sealed and is no longer there", row.seq));
            continue;
        };
        let (hash, count) = batches.entry(row.seal_number).or_default();
        hash.update(&row_hash);
        *count += 1;
    }
    for seal in &seals {
        let (hash, count) = batches.remove(&seal.seal_number).unwrap_or_default();
        if count != seal.event_count || hash.finalize().as_slice() != seal.root {
            fault(&mut report, format!("the events under seal {} are not those that were sealed", seal.seal_number));
        }
    }
    if further > 0 {
        report.faults.push(format!("and {further} more"));
    }
    Ok(report)
}
