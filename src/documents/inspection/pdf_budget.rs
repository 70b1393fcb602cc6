//! Loading a PDF within bounds.
//!
//! A few kilobytes can unfold into gigabytes: a stream that inflates, objects inside a compressed stream
//! that overlap so that each is parsed out of the one before. The parser bounds the first; here the rest
//! is bounded, from inside the parser's filter, which it calls for every object that it has read and for
//! every container before it opens it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lopdf::{DecompressError, Document, Error, LoadOptions, Object, ObjectId, Stream};

use super::{FileKind, UploadRefusal};

/// The most bytes that one compressed stream of objects or cross references may inflate to.
const MOST_INFLATED: usize = 4 << 20;

/// The most memory for all objects together, by a rough count.
const MOST_MEMORY: usize = 128 << 20;

/// What an object costs at least.
const OBJECT_COST: usize = 64;

const TOO_COMPLEX: UploadRefusal = UploadRefusal::TooComplex { kind: FileKind::Pdf };

thread_local! {
    // The parser takes a plain function as its filter, so that the count cannot travel with it. It calls
    // the filter on the thread that loads (its parallel feature is off).
    static LEFT: Cell<usize> = const { Cell::new(0) };
}

/// How the filter stops the parser, which it can do in no other way.
struct BudgetSpent;

/// Parses `bytes` within the budget.
pub(super) fn load(bytes: &[u8]) -> Result<Document, UploadRefusal> {
    load_within(bytes, MOST_MEMORY)
}

/// Parses `bytes` with objects of at most about `memory` bytes.
pub(super) fn load_within(bytes: &[u8], memory: usize) -> Result<Document, UploadRefusal> {
    LEFT.set(memory);
    let options =
        LoadOptions { filter: Some(charge), max_decompressed_size: Some(MOST_INFLATED), ..LoadOptions::default() };
    // A panic of the parser over hostile bytes is a damaged file, not our end.
    match catch_unwind(AssertUnwindSafe(|| Document::load_mem_with_options(bytes, options))) {
        Ok(Ok(document)) => Ok(document),
        Ok(Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. }))) => Err(TOO_COMPLEX),
        Ok(Err(Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) | Error::Decryption(_))) => {
            Err(UploadRefusal::Encrypted)
        }
        Ok(Err(_)) => Err(UploadRefusal::Damaged { kind: FileKind::Pdf }),
        Err(panic) if panic.is::<BudgetSpent>() => Err(TOO_COMPLEX),
        Err(_) => Err(UploadRefusal::Damaged { kind: FileKind::Pdf }),
    }
}

fn charge(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    let left = LEFT.get().checked_sub(cost(object)).unwrap_or_else(|| resume_unwind(Box::new(BudgetSpent)));
    LEFT.set(left);
    if let Object::Stream(stream) = object {
        if stream.dict.has_type(b"ObjStm") && !is_disjoint(stream) {
            resume_unwind(Box::new(BudgetSpent));
        }
        // Only objects from inside a container are taken from the answer, and those are never streams.
        return Some((id, Object::Null));
    }
    Some((id, object.clone()))
}

fn cost(object: &Object) -> usize {
    OBJECT_COST
        + match object {
            Object::Name(bytes) | Object::String(bytes, _) => bytes.len(),
            Object::Array(items) => items.iter().map(cost).sum(),
            Object::Dictionary(dictionary) => {
                dictionary.iter().map(|(key, value)| OBJECT_COST + key.len() + cost(value)).sum()
            }
            Object::Stream(stream) => {
                stream.content.len() + stream.dict.iter().map(|(key, value)| key.len() + cost(value)).sum::<usize>()
            }
            _ => 0,
        }
}

/// Whether the objects of a container lie one after another, none inside another. A container that cannot
/// be read at all is left to the parser, which skips it.
fn is_disjoint(stream: &Stream) -> bool {
    let Ok(content) = stream.get_plain_content_with_limit(MOST_INFLATED) else { return true };
    let first = stream.dict.get(b"First").and_then(Object::as_i64).ok().and_then(|first| usize::try_from(first).ok());
    let Some((index, body)) = first.and_then(|first| content.split_at_checked(first)) else { return true };
    let Ok(index) = std::str::from_utf8(index) else { return true };
    let offsets = index.split_whitespace().skip(1).step_by(2).map(|offset| offset.parse::<usize>().ok());
    match offsets.collect::<Option<Vec<usize>>>() {
        Some(offsets) => begin_outside(body, &offsets),
        // Comments in the index, which no program writes: not worth reading.
        None => false,
    }
}

/// Whether the offsets ascend and each lies outside every bracket and string.
fn begin_outside(body: &[u8], offsets: &[usize]) -> bool {
    let mut offsets = offsets.iter().copied().peekable();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        match offsets.peek() {
            None => return true,
            Some(next) if *next < at => return false,
            Some(next) if *next == at => {
                if depth > 0 {
                    return false;
                }
                offsets.next();
            }
            Some(_) => {}
        }
        let pair = body.get(at..at + 2).unwrap_or_default();
        at = match (byte, pair) {
            (_, b"<<") => {
                depth += 1;
                at + 2
            }
            (_, b">>") => {
                depth = depth.saturating_sub(1);
                at + 2
            }
            (b'[', _) => {
                depth += 1;
                at + 1
            }
            (b']', _) => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            (b'<', _) => after(body, at, |byte| byte == b'>'),
            (b'%', _) => after(body, at, |byte| byte == b'\n' || byte == b'\r'),
            (b'(', _) => after_string(body, at),
            _ => at + 1,
        };
    }
    // Offsets at or behind the end hold nothing.
    offsets.all(|offset| offset >= body.len())
}

fn after(body: &[u8], at: usize, ends: impl Fn(u8) -> bool) -> usize {
    body[at..].iter().position(|byte| ends(*byte)).map_or(body.len(), |length| at + length + 1)
}

fn after_string(body: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while let Some(byte) = body.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_one_after_another_are_disjoint() {
        assert!(begin_outside(b"<</A [1 2]>> (a \\) [ b) [3] <AB> 5", &[0, 13, 24, 28, 33]));
        assert!(begin_outside(b"1 2", &[0, 2, 99]));
    }

    #[test]
    fn objects_inside_others_are_not() {
        assert!(!begin_outside(b"[[[1]]]", &[0, 1, 2]));
        assert!(!begin_outside(b"<</A 1>>", &[0, 5]));
        assert!(!begin_outside(b"(1 2 3)", &[0, 3]));
        assert!(!begin_outside(b"1 2 3", &[2, 0]));
        assert!(!begin_outside(b"1 2 3", &[2, 2]));
    }
}
