//! The fingerprint of a file: SHA-256 of its bytes and its IPFS content identifier, both in one pass and
//! in constant memory.
//!
//! The identifier follows the profile `unixfs-v1-2025` (IPIP-499): CIDv1 in base32, SHA-256, chunks of
//! 1 MiB as raw leaves, a balanced tree of at most 1024 links a node. Anyone can check it with an IPFS
//! tool of that profile; up to 1 MiB it is the plain SHA-256 in other letters.

use cid::Cid;
use cid::multihash::Multihash;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The profile's name, kept beside the identifier: other profiles give other identifiers.
pub const PROFILE: &str = "unixfs-v1-2025";

const CHUNK_BYTES: usize = 1 << 20;
const LINKS_PER_NODE: usize = 1024;

/// Multicodec `raw`: the block is the bytes themselves.
const RAW: u64 = 0x55;
/// Multicodec `dag-pb`: the block is a node with links.
const DAG_PB: u64 = 0x70;
/// Multihash `sha2-256`.
const SHA2_256: u64 = 0x12;
/// UnixFS data type `File`.
const UNIXFS_FILE: u64 = 2;

/// What identifies a file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest {
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// The content identifier, CIDv1 in base32.
    pub cid: String,
    /// How many bytes there are.
    pub size_bytes: u64,
}

impl FileDigest {
    /// SHA-256 in hexadecimal, as `sha256sum` prints it.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        hex::encode(self.sha256)
    }
}

/// The identifier could not be written down. Impossible with the digests used here.
#[derive(Debug, Error)]
#[error("the content identifier could not be written")]
pub struct CidError(#[from] cid::multihash::Error);

/// A link of a node: a block, or a tree of them.
#[derive(Clone)]
struct Link {
    cid: Vec<u8>,
    /// Bytes of the file below it.
    file_bytes: u64,
    /// Bytes of all blocks below it, its own included.
    tree_bytes: u64,
}

/// Takes a file's bytes piece by piece and gives its fingerprint at the end.
pub struct FileHasher {
    whole: Sha256,
    chunk: Sha256,
    chunk_filled: usize,
    size_bytes: u64,
    /// Links that wait for their parent, leaves first: never more than a node's worth a level.
    levels: Vec<Vec<Link>>,
    links_per_node: usize,
}

impl Default for FileHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl FileHasher {
    /// Ready for the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self::with_links_per_node(LINKS_PER_NODE)
    }

    fn with_links_per_node(links_per_node: usize) -> Self {
        Self {
            whole: Sha256::new(),
            chunk: Sha256::new(),
            chunk_filled: 0,
            size_bytes: 0,
            levels: vec![Vec::new()],
            links_per_node,
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.whole.update(bytes);
        self.size_bytes += bytes.len() as u64;
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.chunk_filled == CHUNK_BYTES {
                self.close_chunk();
            }
            let (now, later) = rest.split_at(rest.len().min(CHUNK_BYTES - self.chunk_filled));
            self.chunk.update(now);
            self.chunk_filled += now.len();
            rest = later;
        }
    }

    /// How many bytes were taken so far.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The fingerprint of all bytes taken.
    ///
    /// # Errors
    /// [`CidError`], which cannot happen with SHA-256.
    pub fn finish(mut self) -> Result<FileDigest, CidError> {
        // An empty file is one empty leaf.
        if self.chunk_filled > 0 || self.size_bytes == 0 {
            self.close_chunk();
        }
        let mut level = 0;
        let root = loop {
            let is_top = level + 1 == self.levels.len();
            match (is_top, self.levels[level].as_slice()) {
                (true, [root]) => break root.clone(),
                (_, []) => level += 1,
                _ => {
                    self.close_node(level);
                    level += 1;
                }
            }
        };
        let sha256: [u8; 32] = self.whole.finalize().into();
        let codec = if self.levels.len() == 1 { RAW } else { DAG_PB };
        let hash = Multihash::<64>::wrap(SHA2_256, &root.cid[root.cid.len() - 32..])?;
        Ok(FileDigest { sha256, cid: Cid::new_v1(codec, hash).to_string(), size_bytes: self.size_bytes })
    }

    fn close_chunk(&mut self) {
        let digest = std::mem::take(&mut self.chunk).finalize();
        let bytes = self.chunk_filled as u64;
        self.chunk_filled = 0;
        self.push(0, Link { cid: cid_bytes(RAW, &digest), file_bytes: bytes, tree_bytes: bytes });
    }

    fn push(&mut self, level: usize, link: Link) {
        if self.levels.len() == level {
            self.levels.push(Vec::new());
        }
        // A full node is closed only when another link comes: exactly full it may still be the root.
        if self.levels[level].len() == self.links_per_node {
            self.close_node(level);
        }
        self.levels[level].push(link);
    }

    fn close_node(&mut self, level: usize) {
        let links = std::mem::take(&mut self.levels[level]);
        let block = file_node(&links);
        let file_bytes = links.iter().map(|link| link.file_bytes).sum();
        let tree_bytes = block.len() as u64 + links.iter().map(|link| link.tree_bytes).sum::<u64>();
        self.push(level + 1, Link { cid: cid_bytes(DAG_PB, &Sha256::digest(&block)), file_bytes, tree_bytes });
    }
}

/// CIDv1 as links carry it: version, codec, hash function, hash length, hash. Each number is below 128 and
/// so one byte as a varint.
fn cid_bytes(codec: u64, digest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + digest.len());
    for number in [1, codec, SHA2_256, digest.len() as u64] {
        write_varint(&mut bytes, number);
    }
    bytes.extend_from_slice(digest);
    bytes
}

/// The dag-pb block of a file's inner node: the links first, then the UnixFS data, as the format demands.
fn file_node(links: &[Link]) -> Vec<u8> {
    let mut block = Vec::with_capacity(links.len() * 56);
    for link in links {
        let mut entry = Vec::with_capacity(52);
        write_bytes(&mut entry, 1, &link.cid);
        write_bytes(&mut entry, 2, b"");
        write_number(&mut entry, 3, link.tree_bytes);
        write_bytes(&mut block, 2, &entry);
    }
    let mut data = Vec::with_capacity(links.len() * 5);
    write_number(&mut data, 1, UNIXFS_FILE);
    write_number(&mut data, 3, links.iter().map(|link| link.file_bytes).sum());
    for link in links {
        write_number(&mut data, 4, link.file_bytes);
    }
    write_bytes(&mut block, 1, &data);
    block
}

/// A protobuf field of a number.
fn write_number(out: &mut Vec<u8>, field: u64, value: u64) {
    write_varint(out, field << 3);
    write_varint(out, value);
}

/// A protobuf field of bytes.
fn write_bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    write_varint(out, field << 3 | 2);
    write_varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn write_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
#[path = "cid_tests.rs"]
mod tests;
