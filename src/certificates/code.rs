//! The code under which anybody can look a paper up: what its QR code carries.
//!
//! 128 random bits, so that nobody finds a paper by trying; not the number, which can be guessed. Base32
//! (RFC 4648, without padding): capitals and digits only, none of them easily taken for another.

use std::fmt;
use std::str::FromStr;

use rand::Rng;
use thiserror::Error;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// 128 bits in groups of five.
const LENGTH: usize = 26;
/// Characters that a person reads at a time.
const GROUP: usize = 5;

/// The code of one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyCode(String);

/// Not the shape of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a code has 26 letters and digits from A to Z and 2 to 7")]
pub struct NotACode;

impl VerifyCode {
    /// A code that nobody can foresee.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0_u8; 16];
        rand::rng().fill_bytes(&mut bytes);
        Self::of_bytes(bytes)
    }

    fn of_bytes(bytes: [u8; 16]) -> Self {
        let bits = u128::from_be_bytes(bytes);
        let character = |place: usize| {
            let end = 128 - 5 * (place + 1).min(25);
            // The last character holds the three bits that are left, then two zeros.
            let five = if place == LENGTH - 1 { bits << 2 } else { bits >> end };
            char::from(ALPHABET[usize::try_from(five & 31).unwrap_or_default()])
        };
        Self((0..LENGTH).map(character).collect())
    }

    /// The code as it stands in an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as a person compares or types it: `ABCDE FGHIJ KLMNO PQRST UVWXY Z`.
    #[must_use]
    pub fn grouped(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        characters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The path of the public page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/v/{}", self.0)
    }
}

/// As it is typed or scanned: small letters, spaces and dashes do not matter, nor does the address before it.
impl FromStr for VerifyCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code = text.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let code: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let code = code.to_ascii_uppercase();
        let is_code = code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        if is_code { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl fmt::Display for VerifyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, bit by bit.
    fn by_definition(bytes: [u8; 16]) -> String {
        let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        bits.chunks(5)
            .map(|five| {
                let value = (0..5).fold(0, |value, place| value << 1 | five.get(place).copied().unwrap_or(0));
                char::from(ALPHABET[usize::from(value)])
            })
            .collect()
    }

    #[test]
    fn holds_all_128_bits() {
        for bytes in [[0; 16], [255; 16], *b"coffee of origin", std::array::from_fn(|i| 17 * u8::try_from(i).unwrap())]
        {
            assert_eq!(VerifyCode::of_bytes(bytes).as_str(), by_definition(bytes));
        }
        assert_eq!(VerifyCode::of_bytes([255; 16]).as_str(), format!("{}4", "7".repeat(25)));
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(VerifyCode::random(), VerifyCode::random());
    }

    #[test]
    fn is_read_however_it_is_typed() {
        let code = VerifyCode::of_bytes(*b"coffee of origin");
        assert_eq!(code.grouped().len(), 26 + 5);
        for typed in [
            code.as_str().to_owned(),
            code.as_str().to_ascii_lowercase(),
            format!(" {} ", code.grouped()),
            format!("https://coffee.example/v/{code}"),
            format!("HTTPS://COFFEE.EXAMPLE/V/{code}/"),
        ] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in ["", "ABC", "01890189018901890189018901", "ABCDEFGHIJKLMNOPQRSTUVWXY!", "' or 1=1 --"] {
            assert_eq!(typed.parse::<VerifyCode>(), Err(NotACode), "{typed}");
        }
    }
}
