//! A moment to the second, as certificates, seals and lists write it.

use std::{fmt, time::Duration};

use der::DateTime;
use serde::{Deserialize, Serialize};

/// The last second of the year 9999, which is the last that a certificate can name.
const LAST: u64 = 253_402_300_799;
/// East Africa Time, in which days of legal force begin and end: three hours before UTC, the whole year.
const EAST_AFRICA_SECONDS: u64 = 3 * 3_600;
const DAY_SECONDS: u64 = 86_400;

/// Seconds since 1970 in UTC, up to the end of the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Moment(u64);

/// A number that is no moment between 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no moment between 1970 and 9999")]
pub struct NoMoment(pub u64);

impl Moment {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(0);

    /// The moment so many seconds after the beginning of 1970; `None` before it, or after the year 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        u64::try_from(seconds).ok().and_then(|seconds| Self::try_from(seconds).ok())
    }

    /// Seconds since the beginning of 1970.
    #[must_use]
    pub const fn unix(self) -> u64 {
        self.0
    }

    /// The moment so much later, the last there is at most.
    #[must_use]
    pub fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds).min(LAST))
    }

    /// The day in East Africa at this moment, as `2026-11-29`.
    #[must_use]
    pub fn day(self) -> String {
        let text = Self(self.0.saturating_add(EAST_AFRICA_SECONDS).min(LAST)).to_string();
        text.get(..10).unwrap_or_default().to_owned()
    }

    /// The first moment after the East African day `year`-`month`-`day`: when a paper that is valid until then ends.
    #[must_use]
    pub fn end_of_day(year: u16, month: u8, day: u8) -> Option<Self> {
        let midnight = DateTime::new(year, month, day, 0, 0, 0).ok()?.unix_duration().as_secs();
        Self::try_from((midnight + DAY_SECONDS).checked_sub(EAST_AFRICA_SECONDS)?).ok()
    }

    /// The moment that `2026-11-29T14:05:00Z` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let moment: DateTime = text.parse().ok()?;
        Self::try_from(moment.unix_duration().as_secs()).ok()
    }
}

impl TryFrom<u64> for Moment {
    type Error = NoMoment;

    fn try_from(seconds: u64) -> Result<Self, NoMoment> {
        if seconds <= LAST { Ok(Self(seconds)) } else { Err(NoMoment(seconds)) }
    }
}

impl From<Moment> for u64 {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_unix_duration(Duration::from_secs(self.0)) {
            Ok(moment) => moment.fmt(f),
            Err(_) => self.0.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_its_law_is_in_force() {
        let end = Moment::end_of_day(2026, 12, 31).unwrap();
        assert_eq!(end.to_string(), "2026-12-31T21:00:00Z");
        assert_eq!(end.day(), "2027-01-01");
        assert_eq!(Moment::from_unix(i64::try_from(end.unix()).unwrap() - 1).unwrap().day(), "2026-12-31");
        assert_eq!(Moment::end_of_day(2026, 2, 30), None);
    }

    #[test]
    fn moments_are_read_as_they_are_written() {
        let moment = Moment::from_unix(1_800_000_000).unwrap();
        assert_eq!(moment.to_string(), "2027-01-15T08:00:00Z");
        assert_eq!(Moment::parse("2027-01-15T08:00:00Z"), Some(moment));
        for wrong in ["2027-01-15", "2027-01-15T08:00:00", "2027-01-15T08:00:00+03:00", "2027-13-15T08:00:00Z", ""] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Moment::from_unix(-1), None);
        assert_eq!(Moment::try_from(LAST + 1), Err(NoMoment(LAST + 1)));
    }
}
