//! Checks the record against its hashes and its chain of seals, and names what does not agree.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::iter;

use futures::TryStreamExt;
use futures::future::try_join_all;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::seal::{GENESIS, head_of};
use super::store::{self, ArchivedYear, Entry, Seal};
use crate::database::Tx;

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
/// Numbers that one connection reads at once, at most: their hashes are in memory until the next. Each reading has to look through
/// the summaries of all years' blocks (BRIN), so that small parts cost more than they spare: 10,000 take the database a sixth longer.
const PART: i64 = 50_000;

/// Recomputes every row's hash, every seal's root and head, and compares. The hashes are made here and not by the functions of
/// the database, which whoever could change the record could change too. Of years that were taken off the chain, their number
/// of events and what the record says of their file are checked; the file is looked into elsewhere. With `known_head` (hex, kept
/// elsewhere), also that this head is still part of the chain: a chain rewritten as a whole shows there. The transactions `beside`
/// read events at the same time; each has to see the record, and none needs to see the same moment, as the seals are read first.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(
    connection: &mut PgConnection,
    beside: &mut [Tx],
    known_head: Option<&str>,
) -> sqlx::Result<Report> {
    let mut report = Report::default();
    let mut faults = Faults::default();
    // Before the events: what these seals cover is there by then, and what comes later is none of theirs.
    let seals = store::list_seals(&mut *connection).await?;
    let years = store::list_archived(&mut *connection).await?;
    check_manifests(connection, &years, &mut faults).await?;
    report.seals = seals.len() as u64;
    report.head = check_chain(&seals, &years, known_head, &mut faults);
    let connections = iter::once(connection).chain(beside.iter_mut().map(|tx| &mut **tx)).collect();
    let batches = check_events(connections, &years, (&mut report, &mut faults)).await?;
    check_batches(&seals, batches, &mut faults);
    report.archived = years.iter().map(Archived::of).collect();
    report.faults = faults.told();
    Ok(report)
}

#[derive(Default)]
struct Faults {
    listed: Vec<String>,
    further: u64,
}

impl Faults {
    fn add(&mut self, sentence: String) {
        if self.listed.len() < LISTED { self.listed.push(sentence) } else { self.further += 1 }
    }

    fn told(mut self) -> Vec<String> {
        if self.further > 0 {
            self.listed.push(format!("and {} more", self.further));
        }
        self.listed
    }
}

/// What the record says of each archived year's file is what its manifest says.
async fn check_manifests(
    connection: &mut PgConnection,
    years: &[ArchivedYear],
    faults: &mut Faults,
) -> sqlx::Result<()> {
    for year in years {
        // Written down before it was taken off, so the chain of seals covers it; a year that is archived itself took it along.
        let written = store::find_written(&mut *connection, year.id, ARCHIVE_WRITTEN).await?;
        let is_gone = years.iter().any(|other| (other.from_at..other.until_at).contains(&year.created_at));
        match written {
            Some(facts) if says_the_same(&facts, year) => {}
            None if is_gone => {}
            _ => faults.add(format!("the manifest of {} is not what the record says", year.partition)),
        }
    }
    Ok(())
}

/// Every seal follows the one before it, and its head is that of its contents. The last head, in hex.
fn check_chain(seals: &[Seal], years: &[ArchivedYear], known_head: Option<&str>, faults: &mut Faults) -> String {
    let heads: HashSet<&[u8]> = seals.iter().map(|seal| seal.head.as_slice()).collect();
    for year in years.iter().filter(|year| !heads.contains(year.chain_head.as_slice())) {
        faults.add(format!("the head with which {} was archived is not part of this chain", year.partition));
    }
    let mut previous = GENESIS.to_vec();
    for (position, seal) in seals.iter().enumerate() {
        let expected = i64::try_from(position).unwrap_or(i64::MAX) + 1;
        if seal.seal_number != expected {
            faults.add(format!("seal {expected} is missing (found {})", seal.seal_number));
        }
        if seal.previous != previous {
            faults.add(format!("seal {} does not follow the one before it", seal.seal_number));
        }
        let head =
            head_of(seal.seal_number, usize::try_from(seal.event_count).unwrap_or(0), &seal.root, &seal.previous);
        if seal.head != head {
            faults.add(format!("seal {} was changed: its head is not that of its contents", seal.seal_number));
        }
        previous.clone_from(&seal.head);
    }
    let known_seen = known_head.is_none_or(|known| hex::decode(known).is_ok_and(|known| heads.contains(&*known)));
    if !known_seen {
        faults.add("the head that was kept elsewhere is not part of this chain".to_owned());
    }
    hex::encode(previous)
}

/// Every event's hash is that of its contents, and every event is sealed or waits to be. What was found of each seal: the hashes
/// of its events in their order.
async fn check_events(
    mut connections: Vec<&mut PgConnection>,
    years: &[ArchivedYear],
    (report, faults): (&mut Report, &mut Faults),
) -> sqlx::Result<BTreeMap<i64, Batch>> {
    let mut batches: BTreeMap<i64, Batch> = BTreeMap::new();
    let mut archived = vec![0_i64; years.len()];
    let mut uncovered = 0_u64;
    let bounds = match connections.first_mut() {
        Some(connection) => store::find_bounds(connection).await?.unwrap_or((0, 0)),
        None => (0, -1),
    };
    let (mut first, last) = bounds;
    // A short record is shared out as well.
    let share = last.saturating_sub(first) / i64::try_from(connections.len()).unwrap_or(1).max(1) + 1;
    let share = share.clamp(1, PART);
    while first <= last {
        let parts = connections.iter_mut().zip(0..).map_while(|(connection, place)| {
            let numbers = part_of(bounds, first.saturating_add(share * place), share)?;
            Some(read_part(connection, numbers, years))
        });
        // In the order of their numbers: a seal may cover the end of one part and the beginning of the next.
        for part in try_join_all(parts).await? {
            report.events += part.events;
            report.unsealed += part.unsealed;
            uncovered += part.uncovered;
            archived.iter_mut().zip(part.archived).for_each(|(all, more)| *all += more);
            part.faults.into_iter().for_each(|fault| faults.add(fault));
            for (_, seal, row_hash) in part.sealed {
                batches.entry(seal).or_default().add(row_hash.as_deref());
            }
        }
        first = first.saturating_add(share * i64::try_from(connections.len()).unwrap_or(1).max(1));
    }
    if uncovered > 0 {
        faults.add(format!("{uncovered} events are neither sealed nor waiting to be"));
    }
    for (year, events) in years.iter().zip(archived) {
        if events != year.event_count {
            faults.add(format!("{} of {} archived events of {} are sealed", events, year.event_count, year.partition));
        }
    }
    Ok(batches)
}

/// What stands under some numbers.
#[derive(Default)]
struct Part {
    events: u64,
    unsealed: u64,
    /// Neither sealed nor waiting to be.
    uncovered: u64,
    /// Sealed events that stand in a file, by year.
    archived: Vec<i64>,
    /// Number, seal and hash of each sealed event, by number.
    sealed: Vec<(i64, i64, Option<Vec<u8>>)>,
    faults: Vec<String>,
}

/// The numbers that are read together, from `from` on: `share` of them, or none where all were. The first and the last part are open
/// at their ends, for events that nobody has sealed.
fn part_of((first, last): (i64, i64), from: i64, share: i64) -> Option<(i64, i64)> {
    let until = from.saturating_add(share);
    let start = if from == first { i64::MIN } else { from };
    (from <= last).then_some((start, if until > last { i64::MAX } else { until }))
}

/// Reads the numbers from `first` up to and without `until`, and makes every hash anew.
async fn read_part(
    connection: &mut PgConnection,
    (first, until): (i64, i64),
    years: &[ArchivedYear],
) -> sqlx::Result<Part> {
    let mut part = Part { archived: vec![0; years.len()], ..Part::default() };
    let mut entries = store::stream_entries(connection, first, until);
    while let Some(entry) = entries.try_next().await? {
        if let Some(row_hash) = &entry.row_hash {
            part.events += 1;
            if hash_of(&entry).as_slice() != row_hash.as_slice() {
                let id = entry.event_id.unwrap_or_default();
                let fault = format!("event {} ({id}) was changed: its hash is not that of its contents", entry.seq);
                part.faults.push(fault);
            }
        }
        match entry.seal_number {
            Some(seal) => {
                let year = years.iter().position(|year| (year.from_at..year.until_at).contains(&entry.occurred_at));
                if let Some(place) = year.filter(|_| entry.row_hash.is_none()) {
                    part.archived[place] += 1;
                }
                let row_hash = entry.row_hash.or(entry.archived_hash);
                if row_hash.is_none() && year.is_none() {
                    part.faults.push(format!("event {} was sealed and is no longer there", entry.seq));
                } else {
                    part.sealed.push((entry.seq, seal, row_hash));
                }
            }
            None if entry.is_waiting => part.unsealed += 1,
            None => part.uncovered += 1,
        }
    }
    drop(entries);
    part.sealed.sort_unstable_by_key(|(seq, ..)| *seq);
    Ok(part)
}

/// The events under each seal are those that were sealed.
fn check_batches(seals: &[Seal], mut batches: BTreeMap<i64, Batch>, faults: &mut Faults) {
    for seal in seals {
        let batch = batches.remove(&seal.seal_number).unwrap_or_default();
        // A seal whose events all stand in files is checked with those.
        if batch.archived == seal.event_count && batch.here == 0 {
            continue;
        }
        if batch.archived > 0 || batch.here != seal.event_count || batch.hash.finalize().as_slice() != seal.root {
            faults.add(format!("the events under seal {} are not those that were sealed", seal.seal_number));
        }
    }
}

/// SHA-256 of the event's canonical text: what the database has written as its hash, unless one of them was changed.
fn hash_of(entry: &Entry) -> [u8; 32] {
    Sha256::digest(text_of(entry)).into()
}

/// The canonical text of an event, which `audit.text_of` makes in the database: a JSON array as the type `jsonb` prints it.
fn text_of(entry: &Entry) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    let string = |text: &mut Vec<u8>, value: Option<&str>| {
        text.extend_from_slice(b", ");
        // Escapes what PostgreSQL escapes, as it does; writing to memory does not fail.
        let _ = serde_json::to_writer(text, &value);
    };
    let id = |text: &mut Vec<u8>, value: Option<Uuid>| match value {
        Some(value) => write!(text, ", \"{value}\""),
        None => write!(text, ", null"),
    };
    let _ = write!(text, "[{}", entry.seq);
    let _ = id(&mut text, entry.event_id);
    let _ = write!(text, ", {}", entry.occurred_at.timestamp_micros());
    let _ = id(&mut text, entry.actor_id);
    let _ = id(&mut text, entry.organization_id);
    string(&mut text, entry.event_type.as_deref());
    string(&mut text, entry.entity_type.as_deref());
    let _ = id(&mut text, entry.entity_id);
    string(&mut text, entry.severity.as_deref());
    let _ = write!(text, ", {}", entry.compliance_relevant.unwrap_or_default());
    // Written by PostgreSQL from what it keeps, in its one form.
    let _ = write!(text, ", {}", entry.details.as_deref().unwrap_or("null"));
    let _ = id(&mut text, entry.request_id);
    string(&mut text, entry.private_commitment.as_ref().map(hex::encode).as_deref());
    text.push(b']');
    text
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

impl Batch {
    /// The next event, with its hash where that is here.
    fn add(&mut self, row_hash: Option<&[u8]>) {
        if let Some(row_hash) = row_hash {
            self.hash.update(row_hash);
            self.here += 1;
        } else {
            self.archived += 1;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_leave_no_number_out() {
        for (bounds, share) in [((1, 100), 30), ((1, 90), 30), ((5, 5), 1), ((0, 0), 1), ((-3, 40), 7)] {
            let starts = (0..).map(|n| bounds.0 + n * share);
            let parts: Vec<(i64, i64)> = starts.map_while(|from| part_of(bounds, from, share)).collect();
            assert_eq!((parts[0].0, parts[parts.len() - 1].1), (i64::MIN, i64::MAX), "{bounds:?}");
            assert!(parts.windows(2).all(|two| two[0].1 == two[1].0), "{parts:?}");
        }
        assert_eq!(part_of((0, -1), 0, 1), None);
    }
}
