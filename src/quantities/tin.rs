//! The tax payer's identification number.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::stored::stored_as_text;

/// An Ethiopian TIN: ten digits. No public rule for a check digit is known, so that none is applied.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tin(String);

/// Why a text is not a TIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TinError {
    /// Something else than digits.
    #[error("a TIN has digits only")]
    NotDigits,
    /// More or fewer than ten digits.
    #[error("a TIN has ten digits, not {found}")]
    Length {
        /// How many were given.
        found: usize,
    },
}

impl Tin {
    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tin {
    type Err = TinError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Forms and letters often show it in groups.
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TinError::NotDigits);
        }
        if digits.len() != 10 {
            return Err(TinError::Length { found: digits.len() });
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for Tin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

stored_as_text!(Tin);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_ten_digits_in_groups_or_not() {
        assert_eq!("0000000001".parse::<Tin>().unwrap().as_str(), "0000000001");
        assert_eq!(" 000-000 0001 ".parse::<Tin>().unwrap().as_str(), "0000000001");
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!("000000001".parse::<Tin>(), Err(TinError::Length { found: 9 }));
        assert_eq!("".parse::<Tin>(), Err(TinError::Length { found: 0 }));
        assert_eq!("00000000OI".parse::<Tin>(), Err(TinError::NotDigits));
    }
}
