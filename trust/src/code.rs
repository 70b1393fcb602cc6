//! The code under which a paper is looked up: 128 bits, in Base32 (RFC 4648) without padding.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LENGTH: usize = 26;

/// The code of one paper. As text it has 26 characters, the last of which holds three bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code([u8; 16]);

/// Not the shape of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a code has 26 capitals and digits from A to Z and 2 to 7")]
pub struct NotACode;

impl Code {
    /// The code of these bits.
    #[must_use]
    pub const fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bits.
    #[must_use]
    pub const fn bytes(&self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = u128::from_be_bytes(self.0);
        for place in 0..LENGTH {
            let five = if place == LENGTH - 1 { bits << 2 } else { bits >> (123 - 5 * place) };
            let character = usize::try_from(five & 31).ok().and_then(|five| ALPHABET.get(five)).copied();
            write!(f, "{}", char::from(character.unwrap_or(b'A')))?;
        }
        Ok(())
    }
}

/// Exactly as it is written: other spellings are for the page on which people type.
impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        if text.len() != LENGTH {
            return Err(NotACode);
        }
        let mut bits = 0_u128;
        for (place, byte) in text.bytes().enumerate() {
            let five = ALPHABET.iter().position(|known| *known == byte).ok_or(NotACode)? as u128;
            if place < LENGTH - 1 {
                bits = bits << 5 | five;
            } else if five & 3 == 0 {
                bits = bits << 3 | five >> 2;
            } else {
                return Err(NotACode);
            }
        }
        Ok(Self(bits.to_be_bytes()))
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_all_bits_in_one_spelling() {
        for bytes in [[0; 16], [255; 16], *b"coffee of origin"] {
            let text = Code(bytes).to_string();
            assert_eq!(text.len(), 26);
            assert_eq!(text.parse(), Ok(Code(bytes)));
        }
        assert_eq!(Code([255; 16]).to_string(), format!("{}4", "7".repeat(25)));
        let zeros = "A".repeat(26);
        assert_eq!(zeros.parse(), Ok(Code([0; 16])));
        for wrong in
            [&zeros[1..], &zeros.to_ascii_lowercase(), &format!("{}B", &zeros[1..]), &format!("{}1", &zeros[1..])]
        {
            assert_eq!(wrong.parse::<Code>(), Err(NotACode), "{wrong}");
        }
    }
}
