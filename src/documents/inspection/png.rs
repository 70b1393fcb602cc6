//! The structure of a PNG file (ISO/IEC 15948): where it ends.

/// Bytes of the signature.
const SIGNATURE: usize = 8;
/// Bytes of a chunk besides its data: length, type, checksum.
const FRAME: usize = 12;

/// Where the last chunk ends; nothing if there is none.
pub(super) fn end_of_image(bytes: &[u8]) -> Option<usize> {
    let mut at = SIGNATURE;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let kind = bytes.get(at + 4..at + 8)?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        at = at.checked_add(FRAME)?.checked_add(usize::try_from(length).ok()?)?;
        if at > bytes.len() {
            return None;
        }
        if kind == b"IEND" {
            return Some(at);
        }
    }
}
