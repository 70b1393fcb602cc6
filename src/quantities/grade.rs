//! The grade of a lot: 1 (best) to 9, or under grade.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use thiserror::Error;

use super::stored::stored_as_text;

/// A grade; the better one is the smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grade(u8);

/// Why a text is not a grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GradeError {
    /// Not 1 to 9 or UG.
    #[error("a grade is 1 to 9 or UG")]
    Unknown,
}

/// How "under grade" is kept: after the ninth.
const UNDER: u8 = 10;

impl Grade {
    /// Worse than any grade: not for export.
    pub const UNDER_GRADE: Self = Self(UNDER);

    /// Every grade, best first.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=UNDER).map(Self)
    }

    /// The grade's number, or nothing for under grade.
    #[must_use]
    pub const fn number(self) -> Option<u8> {
        if self.0 < UNDER { Some(self.0) } else { None }
    }

    /// As the tables and forms have it: `2`, or `UG`.
    #[must_use]
    pub fn code(self) -> String {
        self.number().map_or_else(|| "UG".to_owned(), |number| number.to_string())
    }

    /// The grade for a total of `points` out of 100 (ECX coffee contracts, 2015).
    ///
    /// The bands are whole numbers, so that a fraction is rounded down. Nothing at 30 points or below:
    /// how the grades below the fifth are told apart there is not published, the taster decides.
    #[must_use]
    pub fn from_points(points: Decimal) -> Option<Self> {
        match points.floor().to_i64()? {
            85.. => Some(Self(1)),
            75..=84 => Some(Self(2)),
            63..=74 => Some(Self(3)),
            47..=62 => Some(Self(4)),
            31..=46 => Some(Self(5)),
            i64::MIN..=30 => None,
        }
    }

    /// The grade that a count of defects in 300 g suggests: a cross-check beside the points, never the grade.
    #[must_use]
    pub const fn from_defects(defects: u32) -> Self {
        match defects {
            0..=3 => Self(1),
            4..=12 => Self(2),
            13..=25 => Self(3),
            26..=45 => Self(4),
            46..=90 => Self(5),
            91.. => Self::UNDER_GRADE,
        }
    }

    /// Whether two ways of grading disagree by more than one grade, which asks for another look.
    #[must_use]
    pub const fn disagrees_with(self, other: Self) -> bool {
        self.0.abs_diff(other.0) > 1
    }
}

impl FromStr for Grade {
    type Err = GradeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        if text == "UG" {
            return Ok(Self::UNDER_GRADE);
        }
        // Lists of the trade write "G2", "Grade 2" and "2" for the same thing.
        let digit = text.strip_prefix("GRADE").or_else(|| text.strip_prefix('G')).unwrap_or(&text).trim_start();
        match digit.as_bytes() {
            [number @ b'1'..=b'9'] => Ok(Self(number - b'0')),
            _ => Err(GradeError::Unknown),
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => write!(f, "G{number}"),
            None => f.write_str("UG"),
        }
    }
}

stored_as_text!(Grade);

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn reads_the_trades_spellings() {
        for text in ["2", "G2", "g2", " Grade 2 ", "GRADE2"] {
            assert_eq!(text.parse::<Grade>().unwrap().to_string(), "G2", "{text}");
        }
        assert_eq!("ug".parse(), Ok(Grade::UNDER_GRADE));
        for text in ["", "0", "10", "A", "Premium", "G", "G 2 3"] {
            assert_eq!(text.parse::<Grade>(), Err(GradeError::Unknown), "{text}");
        }
    }

    #[test]
    fn every_grade_reads_back() {
        assert_eq!(Grade::all().count(), 10);
        for grade in Grade::all() {
            assert_eq!(grade.to_string().parse(), Ok(grade));
        }
    }

    #[test]
    fn points_are_rounded_down_before_the_look_up() {
        for (points, grade) in [
            (dec!(100), Some("G1")),
            (dec!(85), Some("G1")),
            (dec!(84.9), Some("G2")),
            (dec!(78.5), Some("G2")),
            (dec!(75), Some("G2")),
            (dec!(74.99), Some("G3")),
            (dec!(63), Some("G3")),
            (dec!(62), Some("G4")),
            (dec!(47), Some("G4")),
            (dec!(46), Some("G5")),
            (dec!(31), Some("G5")),
            (dec!(30.9), None),
            (dec!(0), None),
        ] {
            assert_eq!(Grade::from_points(points).map(|g| g.to_string()).as_deref(), grade, "{points}");
        }
    }

    #[test]
    fn defects_cross_check_the_points() {
        for (defects, grade) in
            [(0, "G1"), (3, "G1"), (4, "G2"), (12, "G2"), (13, "G3"), (26, "G4"), (46, "G5"), (90, "G5"), (91, "UG")]
        {
            assert_eq!(Grade::from_defects(defects).to_string(), grade);
        }
        assert!(!Grade(2).disagrees_with(Grade(3)));
        assert!(Grade(2).disagrees_with(Grade(4)));
        assert!(Grade(1) < Grade::UNDER_GRADE);
    }
}
