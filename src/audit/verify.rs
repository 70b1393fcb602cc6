//! Checks the record against its hashes and its chain of seals, and names what does not agree.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::seal::{GENESIS, head_of};
use super::store::{self, ArchivedYear};

/// The event that binds what a manifest says to the chain.
pub const ARCHIVE_WRITTEN: &str = "ARCHIVE_WRITTEN";

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
    /// Years that were taken off: their events are sealed and counted here, and stand in a file.
    pub archived: Vec<Archived>,
    /// What does not agree, as sentences.
    pub faults: Vec<String>,
}

/// A year of the record that stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Such as `events_2024`.
    pub partition: String,
    /// Its events.
    pub events: u64,
    /// Whether the file alone has it.
    pub is_dropped: bool,
    /// Fingerprint of the file, in hex.
    pub sha256: String,
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

/// Recomputes every row's hash, every seal's root and head, and compares. Of years that were taken off the chain, their number
/// of events and what the record says of their file are checked; the file is looked into elsewhere. With `known_head` (hex, kept
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
    let years = store::list_archived(&mut *connection).await?;
    for year in &years {
        // Written down before it was taken off, so the chain of seals covers it; a year that is archived itself took it along.
        let written = store::find_written(&mut *connection, year.id, ARCHIVE_WRITTEN).await?;
        let is_gone = years.iter().any(|other| (other.from_at..other.until_at).contains(&year.created_at));
        match written {
            Some(facts) if says_the_same(&facts, year) => {}
            None if is_gone => {}
            _ => fault(&mut report, format!("the manifest of {} is not what the record says", year.partition)),
        }
    }
    let heads: Vec<String> = seals.iter().map(|seal| hex::encode(&seal.head)).collect();
    for year in years.iter().filter(|year| !heads.contains(&hex::encode(&year.chain_head))) {
        fault(&mut report, format!("the head with which {} was archived is not part of this chain", year.partition));
    }
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
    let mut batches: BTreeMap<i64, Batch> = BTreeMap::new();
    let mut archived = vec![0_i64; years.len()];
    let mut covered = store::stream_sealed(&mut *connection);
    while let Some(row) = covered.try_next().await? {
        let year = years.iter().position(|year| (year.from_at..year.until_at).contains(&row.occurred_at));
        if let Some(place) = year.filter(|_| !row.is_here) {
            archived[place] += 1;
        }
        let batch = batches.entry(row.seal_number).or_default();
        match (row.row_hash, year) {
            (Some(row_hash), _) => {
                batch.hash.update(&row_hash);
                batch.here += 1;
            }
            (None, Some(_)) => batch.archived += 1,
            (None, None) => fault(&mut report, format!("event {} was sealed and is no longer there", row.seq)),
        }
    }
    for (year, events) in years.iter().zip(archived) {
        if events != year.event_count {
            fault(
                &mut report,
                format!("{} of {} archived events of {} are sealed", events, year.event_count, year.partition),
            );
        }
    }
    report.archived = years.iter().map(Archived::of).collect();
    for seal in &seals {
        let batch = batches.remove(&seal.seal_number).unwrap_or_default();
        // A seal whose events all stand in files is checked with those.
        if batch.archived == seal.event_count && batch.here == 0 {
            continue;
        }
        if batch.archived > 0 || batch.here != seal.event_count || batch.hash.finalize().as_slice() != seal.root {
            fault(&mut report, format!("the events under seal {} are not those that were sealed", seal.seal_number));
        }
    }
    if further > 0 {
        report.faults.push(format!("and {further} more"));
    }
    Ok(report)
}

/// What was found of one seal.
#[derive(Default)]
struct Batch {
    hash: Sha256,
    /// Events whose hashes are here.
    here: i32,
    /// Events that stand in a file.
    archived: i32,
}

impl Archived {
    fn of(year: &ArchivedYear) -> Self {
        Self {
            partition: year.partition.clone(),
            events: year.event_count.unsigned_abs(),
            is_dropped: year.is_dropped,
            sha256: hex::encode(&year.sha256),
        }
    }
}

fn says_the_same(facts: &serde_json::Value, year: &ArchivedYear) -> bool {
    let says = |name: &str, expected: &[u8]| {
        facts.get(name).and_then(serde_json::Value::as_str) == Some(hex::encode(expected).as_str())
    };
    facts.get("partition").and_then(serde_json::Value::as_str) == Some(&year.partition)
        && facts.get("events").and_then(serde_json::Value::as_i64) == Some(year.event_count)
        && says("sha256", &year.sha256)
        && says("hashes_sha256", &year.hashes_sha256)
        && says("head", &year.chain_head)
}
