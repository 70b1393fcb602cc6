//! The part of CBOR that seals are written in, with exactly one spelling for everything (RFC 8949, section 4.2.1).
//!
//! Whole numbers, bytes, texts, arrays, maps and tags, of definite length, each head as short as can be, the keys of a
//! map in the order of their bytes. What a general library would read leniently is an error here, so that a seal whose
//! bytes differ is never read as the same seal.

use thiserror::Error;

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;

/// Why bytes are not what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// They end too early.
    #[error("it ends too early")]
    TooShort,
    /// Something follows.
    #[error("something follows its end")]
    Trailing,
    /// A head is longer than needed, or of indefinite or reserved length.
    #[error("a number is not written in its one spelling")]
    NotShortest,
    /// Another type stands there.
    #[error("another type was expected")]
    OtherType,
    /// The keys of a map are not in order, or one stands twice.
    #[error("keys are out of order or stand twice")]
    KeyOrder,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    NotText,
}

/// Writes item after item; who writes keeps the order of keys.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    pub fn unsigned(&mut self, number: u64) -> &mut Self {
        self.head(UNSIGNED, number)
    }

    pub fn integer(&mut self, number: i64) -> &mut Self {
        match u64::try_from(number) {
            Ok(number) => self.head(UNSIGNED, number),
            Err(_) => self.head(NEGATIVE, number.unsigned_abs() - 1),
        }
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.head(BYTES, bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.head(TEXT, text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    pub fn array(&mut self, length: usize) -> &mut Self {
        self.head(ARRAY, length as u64)
    }

    pub fn map(&mut self, length: usize) -> &mut Self {
        self.head(MAP, length as u64)
    }

    pub fn tag(&mut self, tag: u64) -> &mut Self {
        self.head(TAG, tag)
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn head(&mut self, major: u8, argument: u64) -> &mut Self {
        let first = major << 5;
        let bytes = argument.to_be_bytes();
        match argument {
            0..=23 => self.0.push(first | bytes[7]),
            24..=0xff => self.0.extend_from_slice(&[first | 24, bytes[7]]),
            0x100..=0xffff => {
                self.0.push(first | 25);
                self.0.extend_from_slice(&bytes[6..]);
            }
            0x1_0000..=0xffff_ffff => {
                self.0.push(first | 26);
                self.0.extend_from_slice(&bytes[4..]);
            }
            _ => {
                self.0.push(first | 27);
                self.0.extend_from_slice(&bytes);
            }
        }
        self
    }
}

/// Reads item after item.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn unsigned(&mut self) -> Result<u64, Fault> {
        self.expect(UNSIGNED)
    }

    pub fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.expect(BYTES)?;
        self.take(length)
    }

    pub fn text(&mut self) -> Result<&'a str, Fault> {
        let length = self.expect(TEXT)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| Fault::NotText)
    }

    /// How many items follow.
    pub fn array(&mut self) -> Result<usize, Fault> {
        self.count(ARRAY)
    }

    /// How many pairs follow, and what watches over their keys.
    pub fn map(&mut self) -> Result<(usize, Keys<'a>), Fault> {
        Ok((self.count(MAP)?, Keys { last: None }))
    }

    pub fn tag(&mut self) -> Result<u64, Fault> {
        self.expect(TAG)
    }

    pub fn is_text(&self) -> bool {
        self.rest.first().is_some_and(|first| first >> 5 == TEXT)
    }

    pub fn end(&self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::Trailing) }
    }

    /// Every item takes a byte at least, so that a short text cannot announce a long list.
    fn count(&mut self, major: u8) -> Result<usize, Fault> {
        let count = usize::try_from(self.expect(major)?).map_err(|_| Fault::TooShort)?;
        if count > self.rest.len() { Err(Fault::TooShort) } else { Ok(count) }
    }

    pub fn integer(&mut self) -> Result<i64, Fault> {
        let (major, argument) = self.head()?;
        let number = i64::try_from(argument).map_err(|_| Fault::OtherType)?;
        match major {
            UNSIGNED => Ok(number),
            NEGATIVE => Ok(-1 - number),
            _ => Err(Fault::OtherType),
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<u64, Fault> {
        let (major, argument) = self.head()?;
        if major == wanted { Ok(argument) } else { Err(Fault::OtherType) }
    }

    fn head(&mut self) -> Result<(u8, u64), Fault> {
        let first = *self.rest.first().ok_or(Fault::TooShort)?;
        self.rest = &self.rest[1..];
        let (length, least) = match first & 31 {
            small @ 0..=23 => return Ok((first >> 5, u64::from(small))),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(Fault::NotShortest),
        };
        let argument = self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        if argument < least { Err(Fault::NotShortest) } else { Ok((first >> 5, argument)) }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Fault> {
        let length = usize::try_from(length).map_err(|_| Fault::TooShort)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Fault::TooShort)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// The keys of one map, which are whole numbers here.
#[derive(Debug)]
pub struct Keys<'a> {
    last: Option<&'a [u8]>,
}

impl<'a> Keys<'a> {
    /// The next key, which comes after the one before it.
    pub fn next(&mut self, reader: &mut Reader<'a>) -> Result<i64, Fault> {
        let before = reader.rest;
        let key = reader.integer()?;
        let written = &before[..before.len() - reader.rest.len()];
        if self.last.is_some_and(|last| last >= written) {
            return Err(Fault::KeyOrder);
        }
        self.last = Some(written);
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_shows() {
        // RFC 8949, appendix A.
        for (number, wanted) in [
            (0, "00"),
            (23, "17"),
            (24, "1818"),
            (100, "1864"),
            (1000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (-1, "20"),
            (-100, "3863"),
            (-1000, "3903e7"),
            (-65_537, "3a00010000"),
        ] {
            let mut writer = Writer::default();
            writer.integer(number);
            let written = writer.finish();
            assert_eq!(hex::encode(&written), wanted);
            assert_eq!(Reader::new(&written).integer(), Ok(number));
        }
    }

    #[test]
    fn other_spellings_of_a_number_are_refused() {
        for wrong in ["1800", "1817", "190000", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1c", "1f", "5f", "7f"] {
            let bytes = hex::decode(wrong).unwrap();
            assert_eq!(Reader::new(&bytes).head(), Err(Fault::NotShortest), "{wrong}");
        }
        assert_eq!(Reader::new(&[0x18]).head(), Err(Fault::TooShort));
        assert_eq!(Reader::new(&[0x9a, 0x7f, 0xff, 0xff, 0xff]).array(), Err(Fault::TooShort));
        assert_eq!(Reader::new(&[0x43, 1, 2]).bytes(), Err(Fault::TooShort));
        assert_eq!(Reader::new(&[0x61, 0xff]).text(), Err(Fault::NotText));
    }

    #[test]
    fn keys_come_once_and_in_order() {
        let read = |bytes: &[u8]| {
            let mut reader = Reader::new(bytes);
            let (count, mut keys) = reader.map()?;
            (0..count).map(|_| keys.next(&mut reader)).collect::<Result<Vec<_>, _>>()
        };
        assert_eq!(read(&[0xa4, 1, 7, 0x18, 24, 0x20]), Ok(vec![1, 7, 24, -1]));
        assert_eq!(read(&[0xa2, 1, 1]), Err(Fault::KeyOrder));
        assert_eq!(read(&[0xa2, 2, 1]), Err(Fault::KeyOrder));
        assert_eq!(read(&[0xa2, 0x20, 1]), Err(Fault::KeyOrder));
    }
}
