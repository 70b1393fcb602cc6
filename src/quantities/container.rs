//! Container numbers after ISO 6346.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::stored::stored_as_text;

/// A container's number: owner code, equipment category, serial and a check digit that fits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerNumber(String);

/// Why a text is not a container number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ContainerNumberError {
    /// Not three letters, then U, J or Z, then seven digits.
    #[error("a container number is three letters, then U, J or Z, then seven digits")]
    Shape,
    /// The last digit does not fit the others.
    #[error("the check digit should be {expected}, not {found}")]
    CheckDigit {
        /// What the last digit should be.
        expected: u8,
        /// What it is.
        found: u8,
    },
}

impl ContainerNumber {
    /// The eleven characters, without spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a character is worth: digits themselves, letters from 10 on, leaving out the multiples of 11
/// (they would make the check blind for that letter).
fn worth(character: u8) -> u32 {
    match character {
        b'0'..=b'9' => u32::from(character - b'0'),
        b'A' => 10,
        b'B'..=b'K' => u32::from(character - b'B') + 12,
        b'L'..=b'U' => u32::from(character - b'L') + 23,
        _ => u32::from(character - b'V') + 34,
    }
}

fn check_digit(first_ten: &[u8]) -> u8 {
    let sum: u32 = first_ten.iter().enumerate().map(|(position, c)| worth(*c) << position).sum();
    u8::try_from(sum % 11 % 10).unwrap_or_default()
}

impl FromStr for ContainerNumber {
    type Err = ContainerNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // It is painted on the door as "MSCU 123456 6" and written with a dash before the check digit.
        let number: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let bytes = number.as_bytes();
        let well_formed = bytes.len() == 11
            && bytes[..3].iter().all(u8::is_ascii_uppercase)
            && matches!(bytes[3], b'U' | b'J' | b'Z')
            && bytes[4..].iter().all(u8::is_ascii_digit);
        if !well_formed {
            return Err(ContainerNumberError::Shape);
        }
        let (expected, found) = (check_digit(&bytes[..10]), bytes[10] - b'0');
        if expected != found {
            return Err(ContainerNumberError::CheckDigit { expected, found });
        }
        Ok(Self(number))
    }
}

impl fmt::Display for ContainerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

stored_as_text!(ContainerNumber);

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 7] =
        ["CSQU3054383", "MSCU1234566", "MSKU9070323", "TGHU3456780", "HLXU2008419", "CMAU7021139", "ETHU0000014"];

    #[test]
    fn takes_numbers_whose_check_digit_fits() {
        for number in GOOD {
            assert_eq!(number.parse::<ContainerNumber>().unwrap().as_str(), number);
        }
        assert_eq!(" mscu 123456-6".parse::<ContainerNumber>().unwrap().as_str(), "MSCU1234566");
    }

    #[test]
    fn names_the_digit_that_was_expected() {
        for number in GOOD {
            let (head, last) = number.split_at(10);
            let expected: u8 = last.parse().unwrap();
            for found in (0..10).filter(|found| *found != expected) {
                assert_eq!(
                    format!("{head}{found}").parse::<ContainerNumber>(),
                    Err(ContainerNumberError::CheckDigit { expected, found })
                );
            }
        }
    }

    #[test]
    fn refuses_other_shapes() {
        for text in ["", "MSCU123456", "MSCU12345667", "MSCX1234566", "M1CU1234566", "MSCU12345A6", "ኤMSCU123456"] {
            assert_eq!(text.parse::<ContainerNumber>(), Err(ContainerNumberError::Shape), "{text}");
        }
    }

    #[test]
    fn letters_skip_the_multiples_of_eleven() {
        let worths: Vec<u32> = (b'A'..=b'Z').map(worth).collect();
        assert_eq!(
            (worths[0], worths[1], worths[10], worths[11], worths[20], worths[21], worths[25]),
            (10, 12, 21, 23, 32, 34, 38)
        );
    }
}
