//! The ICO identification mark, box 10 of the certificate of origin (ICC 102-9): `CCC/EEEE/PPPPP`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::stored::stored_as_text;

/// The mark on the bags: producing country, exporter, parcel.
///
/// Kept in one form, with leading zeros to 3, 4 and 4 digits: a mark is unique within a coffee year, and
/// `010/1402/7` is the same mark as `010/1402/0007`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IcoMark {
    country: u16,
    exporter: u16,
    parcel: u32,
}

/// Why a text is not an ICO mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IcoMarkError {
    /// Not three numbers of at most 3, 4 and 5 digits between slashes.
    #[error("an ICO mark is country, exporter and parcel, as in 010/1402/0007")]
    Shape,
}

impl IcoMark {
    /// Ethiopia's country code.
    pub const ETHIOPIA: u16 = 10;

    /// The producing country's code.
    #[must_use]
    pub const fn country(self) -> u16 {
        self.country
    }

    /// The exporter's code.
    #[must_use]
    pub const fn exporter(self) -> u16 {
        self.exporter
    }

    /// The parcel's number.
    #[must_use]
    pub const fn parcel(self) -> u32 {
        self.parcel
    }
}

fn part<T: FromStr>(text: &str, longest: usize) -> Result<T, IcoMarkError> {
    let fits = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().map_err(|_| IcoMarkError::Shape) } else { Err(IcoMarkError::Shape) }
}

impl FromStr for IcoMark {
    type Err = IcoMarkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(country), Some(exporter), Some(parcel), None) => {
                Ok(Self { country: part(country, 3)?, exporter: part(exporter, 4)?, parcel: part(parcel, 5)? })
            }
            _ => Err(IcoMarkError::Shape),
        }
    }
}

impl fmt::Display for IcoMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}/{:04}/{:04}", self.country, self.exporter, self.parcel)
    }
}

stored_as_text!(IcoMark);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_kept_in_one_form() {
        for text in ["10/1402/7", "010/1402/0007", " 010/1402/07 "] {
            assert_eq!(text.parse::<IcoMark>().unwrap().to_string(), "010/1402/0007");
        }
        assert_eq!("010/1116/12345".parse::<IcoMark>().unwrap().to_string(), "010/1116/12345");
        assert_eq!("010/1116/12345".parse::<IcoMark>().unwrap().country(), IcoMark::ETHIOPIA);
    }

    #[test]
    fn refuses_other_shapes() {
        for text in [
            "",
            "010/1402",
            "010/1402/",
            "0010/1402/1",
            "010/14020/1",
            "010/1402/123456",
            "010/1402/1/1",
            "a/b/c",
            "010-1402-1",
            "+10/1402/1",
        ] {
            assert_eq!(text.parse::<IcoMark>(), Err(IcoMarkError::Shape), "{text}");
        }
    }
}
