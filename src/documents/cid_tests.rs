//! The identifiers against the published vectors of the profile (their bytes are a ChaCha20 key stream).

use super::*;

/// The key stream of ChaCha20 (RFC 8439) with key SHA-256(seed), nonce and counter zero.
struct KeyStream {
    state: [u32; 16],
}

impl KeyStream {
    fn new(seed: &str) -> Self {
        let key = Sha256::digest(seed.as_bytes());
        let mut state = [0; 16];
        state[..4].copy_from_slice(&[0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]);
        for (word, bytes) in state[4..12].iter_mut().zip(key.chunks_exact(4)) {
            *word = u32::from_le_bytes(bytes.try_into().unwrap());
        }
        Self { state }
    }

    fn fill(&mut self, out: &mut [u8]) {
        for block in out.chunks_mut(64) {
            let bytes = self.next_block();
            block.copy_from_slice(&bytes[..block.len()]);
        }
    }

    fn next_block(&mut self) -> [u8; 64] {
        fn quarter(s: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
            for (left, right) in [(16, 12), (8, 7)] {
                s[a] = s[a].wrapping_add(s[b]);
                s[d] = (s[d] ^ s[a]).rotate_left(left);
                s[c] = s[c].wrapping_add(s[d]);
                s[b] = (s[b] ^ s[c]).rotate_left(right);
            }
        }
        let mut s = self.state;
        for _ in 0..10 {
            quarter(&mut s, 0, 4, 8, 12);
            quarter(&mut s, 1, 5, 9, 13);
            quarter(&mut s, 2, 6, 10, 14);
            quarter(&mut s, 3, 7, 11, 15);
            quarter(&mut s, 0, 5, 10, 15);
            quarter(&mut s, 1, 6, 11, 12);
            quarter(&mut s, 2, 7, 8, 13);
            quarter(&mut s, 3, 4, 9, 14);
        }
        let mut bytes = [0; 64];
        for (out, (worked, initial)) in bytes.chunks_exact_mut(4).zip(s.iter().zip(self.state)) {
            out.copy_from_slice(&worked.wrapping_add(initial).to_le_bytes());
        }
        self.state[12] = self.state[12].wrapping_add(1);
        bytes
    }
}

/// The fingerprint of the first `size` bytes of the key stream, taken in pieces of `piece` bytes (a
/// multiple of 64, but for the last).
fn digest_of_stream(seed: &str, size: usize, piece: usize) -> FileDigest {
    let mut stream = KeyStream::new(seed);
    let mut hasher = FileHasher::new();
    let mut buffer = vec![0; piece];
    let mut left = size;
    while left > 0 {
        let now = left.min(piece);
        stream.fill(&mut buffer[..now]);
        hasher.update(&buffer[..now]);
        left -= now;
    }
    hasher.finish().unwrap()
}

#[test]
fn the_key_stream_is_chacha20() {
    // RFC 8439, appendix A.1, test vector 1: key, nonce and counter all zero.
    let mut stream = KeyStream::new("");
    stream.state[4..12].fill(0);
    let block = stream.next_block();
    assert_eq!(hex::encode(&block[..16]), "76b8e0ada0f13d90405d6ae55386bd28");
}

#[test]
fn small_files_are_one_raw_leaf() {
    let mut hasher = FileHasher::new();
    hasher.update(b"hello world");
    let digest = hasher.finish().unwrap();
    assert_eq!(digest.cid, "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
    assert_eq!(digest.sha256_hex(), "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
    assert_eq!(digest.size_bytes, 11);

    let empty = FileHasher::new().finish().unwrap();
    assert_eq!(empty.cid, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku");
    assert_eq!(empty.size_bytes, 0);
}

#[test]
fn a_full_chunk_is_a_leaf_and_one_byte_more_a_tree() {
    for piece in [1 << 20, 4096, 64 * 999] {
        assert_eq!(
            digest_of_stream("chunk-v1-seed", 1_048_576, piece).cid,
            "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta"
        );
        assert_eq!(
            digest_of_stream("chunk-v1-seed", 1_048_577, piece).cid,
            "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64"
        );
    }
}

/// The tree built from all leaves at once, level by level: slower, and another way to the same root.
fn root_by_levels(file: &[u8], links_per_node: usize) -> Vec<u8> {
    let leaf = |chunk: &[u8]| Link {
        cid: cid_bytes(RAW, &Sha256::digest(chunk)),
        file_bytes: chunk.len() as u64,
        tree_bytes: chunk.len() as u64,
    };
    let mut links: Vec<Link> = file.chunks(CHUNK_BYTES).map(leaf).collect();
    while links.len() > 1 {
        links = links
            .chunks(links_per_node)
            .map(|children| {
                let block = file_node(children);
                Link {
                    cid: cid_bytes(DAG_PB, &Sha256::digest(&block)),
                    file_bytes: children.iter().map(|link| link.file_bytes).sum(),
                    tree_bytes: block.len() as u64 + children.iter().map(|link| link.tree_bytes).sum::<u64>(),
                }
            })
            .collect();
    }
    links[0].cid.clone()
}

#[test]
fn deeper_trees_close_as_they_would_level_by_level() {
    let mut file = vec![0; 10 * CHUNK_BYTES + 1];
    KeyStream::new("levels").fill(&mut file);
    for chunks in 1..=10 {
        for size in [chunks * CHUNK_BYTES, chunks * CHUNK_BYTES + 1] {
            let mut hasher = FileHasher::with_links_per_node(2);
            for piece in file[..size].chunks(3 * CHUNK_BYTES / 2) {
                hasher.update(piece);
            }
            let cid: Cid = hasher.finish().unwrap().cid.parse().unwrap();
            assert_eq!(cid.to_bytes(), root_by_levels(&file[..size], 2), "{size}");
        }
    }
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let mut hasher = FileHasher::with_links_per_node(4);
    let chunk = vec![7; CHUNK_BYTES];
    for _ in 0..70 {
        hasher.update(&chunk);
        assert!(hasher.levels.iter().all(|links| links.len() <= 4));
    }
    assert_eq!(hasher.size_bytes(), 70 << 20);
}
