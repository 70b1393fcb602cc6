//! How near something is to its end: the colour beside a licence, a permit, a certificate.

use chrono::NaiveDate;

/// How much of a validity is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expiry {
    /// Its last day is over.
    Expired,
    /// At most 30 days are left.
    Soon,
    /// At most 90 days are left.
    Due,
    /// More than 90 days are left.
    Far,
}

impl Expiry {
    /// How near `last_day` is on `today`. On its last day a thing is still valid.
    #[must_use]
    pub fn of(last_day: NaiveDate, today: NaiveDate) -> Self {
        match (last_day - today).num_days() {
            i64::MIN..=-1 => Self::Expired,
            0..=30 => Self::Soon,
            31..=90 => Self::Due,
            91.. => Self::Far,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn turns_at_ninety_thirty_and_below_zero_days() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        for (days, expiry) in [
            (91, Expiry::Far),
            (90, Expiry::Due),
            (31, Expiry::Due),
            (30, Expiry::Soon),
            (0, Expiry::Soon),
            (-1, Expiry::Expired),
        ] {
            assert_eq!(Expiry::of(today + Duration::days(days), today), expiry, "{days}");
        }
    }
}
