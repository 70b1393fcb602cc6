//! The structure of a JPEG file (ITU T.81, annex B): where it ends.

const START: [u8; 3] = [0xff, 0xd8, 0xff];
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// Where the last image of the file ends; nothing if it does not.
///
/// Phones append small versions of the picture as further whole images (CIPA DC-007); they are JPEG
/// through and through and do not count as trailing data.
pub(super) fn end_of_image(bytes: &[u8]) -> Option<usize> {
    let mut end = end_of_one(bytes, 0)?;
    loop {
        let padding = bytes[end..].iter().take_while(|byte| **byte == 0).count();
        if !bytes[end + padding..].starts_with(&START) {
            return Some(end);
        }
        end = end_of_one(bytes, end + padding)?;
    }
}

fn end_of_one(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 2;
    loop {
        // Any number of fill bytes may stand before a marker.
        if *bytes.get(at)? != 0xff {
            return None;
        }
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            END_OF_IMAGE => return Some(at),
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => {}
            // A second start inside an image, or stuffing where a marker should stand.
            0x00 | 0xd8 => return None,
            _ => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
                if length < 2 {
                    return None;
                }
                at += length;
                if marker == START_OF_SCAN {
                    at = end_of_scan(bytes, at)?;
                }
            }
        }
    }
}

/// Skips compressed data, in which FF stands only before 00 and restart markers.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            _ => return Some(at),
        }
    }
}
