//! The file of an archive: written line by line, packed off the threads that answer requests, and read back to be checked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// What stands in the first line, before the name of the partition.
const FORMAT: &str = "jebena-audit-1";
/// Text that is packed in one go.
const CHUNK_BYTES: usize = 1 << 20;
/// A line that is longer is none of ours.
const LONGEST_LINE: u64 = 16 << 20;
/// Faults that are listed one by one.
const LISTED: usize = 20;

/// Why a file could not be written or read.
#[derive(Debug, Error)]
pub(super) enum FileError {
    #[error("the archive cannot be written or read: {0}")]
    Io(#[from] io::Error),
    #[error("the thread that wrote the archive has ended")]
    Gone(#[from] tokio::task::JoinError),
    /// An event's hash is not that of its text: nothing is archived then.
    #[error("event {0} was changed: its hash is not that of its contents")]
    Changed(i64),
}

/// An event as a line of the file.
pub(super) struct Line {
    pub seq: i64,
    pub seal_number: i64,
    pub row_hash: Vec<u8>,
    /// What the hash is of.
    pub text: String,
}

/// What the lines of a file come to.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub events: i64,
    /// Number and hash of the first event and of the last.
    pub first: Option<(i64, Vec<u8>)>,
    pub last: Option<(i64, Vec<u8>)>,
    hashes: Sha256,
}

impl Tally {
    fn add(&mut self, seq: i64, row_hash: &[u8]) {
        self.events += 1;
        self.hashes.update(row_hash);
        let place = (seq, row_hash.to_vec());
        self.first.get_or_insert_with(|| place.clone());
        self.last = Some(place);
    }

    /// SHA-256 over the hashes of all events in their order.
    pub fn hashes(&self) -> Vec<u8> {
        self.hashes.clone().finalize().to_vec()
    }
}

/// A file being written. What failed in one step is not gone on with.
pub(super) struct Writer {
    packer: Box<GzEncoder<File>>,
    waiting: Vec<u8>,
    tally: Tally,
}

impl Writer {
    /// Begins the file of `partition`.
    pub fn begin(file: File, partition: &str) -> Self {
        let packer = Box::new(GzEncoder::new(file, Compression::default()));
        Self { packer, waiting: format!("{FORMAT}\t{partition}\n").into_bytes(), tally: Tally::default() }
    }

    /// Adds an event, whose hash is computed anew.
    pub async fn add(mut self, line: &Line) -> Result<Self, FileError> {
        if Sha256::digest(line.text.as_bytes()).as_slice() != line.row_hash {
            return Err(FileError::Changed(line.seq));
        }
        self.tally.add(line.seq, &line.row_hash);
        let text = format!("{}\t{}\t{}\n", line.seal_number, hex::encode(&line.row_hash), line.text);
        self.waiting.extend_from_slice(text.as_bytes());
        if self.waiting.len() < CHUNK_BYTES { Ok(self) } else { self.pack().await }
    }

    /// Writes what is left; what was in it.
    pub async fn finish(self) -> Result<Tally, FileError> {
        let Self { packer, tally, .. } = self.pack().await?;
        tokio::task::spawn_blocking(move || packer.finish()?.sync_all()).await??;
        Ok(tally)
    }

    async fn pack(self) -> Result<Self, FileError> {
        let Self { mut packer, mut waiting, tally } = self;
        tokio::task::spawn_blocking(move || {
            packer.write_all(&waiting)?;
            waiting.clear();
            Ok(Self { packer, waiting, tally })
        })
        .await?
    }
}

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub tally: Tally,
    /// Of each seal the number of its events in the file, and SHA-256 over their hashes.
    pub seals: BTreeMap<i64, (i32, Vec<u8>)>,
    /// What does not agree with itself.
    pub faults: Vec<String>,
}

/// Reads a file whole, and computes every hash anew. Blocks.
pub(super) fn read(file: File, partition: &str) -> io::Result<Contents> {
    let mut lines = BufReader::new(GzDecoder::new(BufReader::new(file)));
    let mut contents = Contents::default();
    let mut seals: BTreeMap<i64, (i32, Sha256)> = BTreeMap::new();
    let mut line = String::new();
    for number in 1_u64.. {
        line.clear();
        if io::Read::take(&mut lines, LONGEST_LINE).read_line(&mut line)? == 0 {
            break;
        }
        let text = line.strip_suffix('\n').unwrap_or(&line);
        if number == 1 {
            if text != format!("{FORMAT}\t{partition}") {
                contents.faults.push(format!("this is no file of {partition}"));
                break;
            }
            continue;
        }
        match parse(text) {
            Some(found) => {
                contents.tally.add(found.seq, &found.row_hash);
                let (count, root) = seals.entry(found.seal_number).or_default();
                *count += 1;
                root.update(&found.row_hash);
            }
            None if contents.faults.len() < LISTED => {
                contents.faults.push(format!("line {number} is not as it was written"));
            }
            None => {}
        }
    }
    contents.seals = seals.into_iter().map(|(seal, (count, root))| (seal, (count, root.finalize().to_vec()))).collect();
    Ok(contents)
}

/// The event that a line holds; none when its hash is not that of its text.
fn parse(line: &str) -> Option<Line> {
    let (seal_number, rest) = line.split_once('\t')?;
    let (row_hash, text) = rest.split_once('\t')?;
    let row_hash = hex::decode(row_hash).ok()?;
    // The first thing that an event says is its number.
    let seq = text.strip_prefix('[')?.split(',').next()?.trim().parse().ok()?;
    let is_whole = Sha256::digest(text.as_bytes()).as_slice() == row_hash;
    is_whole.then_some(Line { seq, seal_number: seal_number.parse().ok()?, row_hash, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    fn line(seq: i64, seal_number: i64) -> Line {
        let text = format!("[{seq}, \"a\\tb\", 1]");
        Line { seq, seal_number, row_hash: Sha256::digest(text.as_bytes()).to_vec(), text }
    }

    async fn written(lines: &[Line]) -> (File, Tally) {
        let mut file = tempfile::tempfile().unwrap();
        let mut writer = Writer::begin(file.try_clone().unwrap(), "events_2024");
        for line in lines {
            writer = writer.add(line).await.unwrap();
        }
        let tally = writer.finish().await.unwrap();
        file.rewind().unwrap();
        (file, tally)
    }

    #[tokio::test]
    async fn a_file_says_what_was_written() {
        let (file, tally) = written(&[line(1, 1), line(2, 1), line(5, 2)]).await;
        let contents = read(file, "events_2024").unwrap();
        assert_eq!(contents.faults, Vec::<String>::new());
        assert_eq!((contents.tally.events, contents.tally.first.unwrap().0, contents.tally.last.unwrap().0), (3, 1, 5));
        assert_eq!(
            contents.seals.iter().map(|(seal, (count, _))| (*seal, *count)).collect::<Vec<_>>(),
            [(1, 2), (2, 1)]
        );
        let root = Sha256::new().chain_update(line(1, 1).row_hash).chain_update(line(2, 1).row_hash).finalize();
        assert_eq!(contents.seals[&1].1, root.to_vec());
        assert_eq!(tally.events, 3);
    }

    #[tokio::test]
    async fn an_event_that_was_changed_is_not_written_and_a_line_that_was_is_found() {
        let writer = Writer::begin(tempfile::tempfile().unwrap(), "events_2024");
        let changed = Line { text: "[1, \"other\"]".to_owned(), ..line(1, 1) };
        assert!(matches!(writer.add(&changed).await, Err(FileError::Changed(1))));

        let mut file = tempfile::tempfile().unwrap();
        let mut packer = GzEncoder::new(file.try_clone().unwrap(), Compression::fast());
        let hash = hex::encode(line(1, 1).row_hash);
        write!(packer, "{FORMAT}\tevents_2024\n1\t{hash}\t[1, \"b\"]\n").unwrap();
        packer.finish().unwrap();
        file.rewind().unwrap();
        let again = file.try_clone().unwrap();
        assert_eq!(read(file, "events_2024").unwrap().faults, ["line 2 is not as it was written"]);
        let mut other = again;
        other.rewind().unwrap();
        assert_eq!(read(other, "events_2025").unwrap().faults, ["this is no file of events_2025"]);
    }
}
