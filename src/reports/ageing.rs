//! How far something is from its day: buckets and their edges. Pure.

use chrono::NaiveDate;

use crate::calendar::Expiry;
use crate::codes::coded_enum;
use crate::web::components::Tone;

coded_enum! {
    /// How proceeds stand against the day on which they are due.
    DueBucket {
        /// More than 90 days late.
        Over90 = "over-90",
        /// 61 to 90 days late.
        Over60 = "over-60",
        /// 31 to 60 days late.
        Over30 = "over-30",
        /// 1 to 30 days late.
        Overdue = "overdue",
        /// Due today or within 30 days.
        Within30 = "within-30",
        /// Due in 31 to 60 days.
        Within60 = "within-60",
        /// Due later.
        Later = "later",
    }
}

impl DueBucket {
    /// Where what is due on `due` stands on `today`. On its day a thing is due, and not late.
    #[must_use]
    pub fn of(due: NaiveDate, today: NaiveDate) -> Self {
        match (due - today).num_days() {
            i64::MIN..=-91 => Self::Over90,
            -90..=-61 => Self::Over60,
            -60..=-31 => Self::Over30,
            -30..=-1 => Self::Overdue,
            0..=30 => Self::Within30,
            31..=60 => Self::Within60,
            61.. => Self::Later,
        }
    }

    /// Whether its day is over.
    #[must_use]
    pub const fn is_overdue(self) -> bool {
        matches!(self, Self::Over90 | Self::Over60 | Self::Over30 | Self::Overdue)
    }

    /// Its colour.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Over90 | Self::Over60 | Self::Over30 | Self::Overdue => Tone::Bad,
            Self::Within30 => Tone::Warn,
            Self::Within60 | Self::Later => Tone::Info,
        }
    }
}

coded_enum! {
    /// What is left of a certificate, as far as a report on expiry shows it.
    ExpiryBucket {
        /// Its last day is over.
        Expired = "expired",
        /// At most 30 days are left.
        Within30 = "within-30",
        /// 31 to 90 days are left.
        Within90 = "within-90",
    }
}

/// So many days before its end a certificate enters the report: renewals begin then.
pub const EXPIRY_HORIZON_DAYS: u64 = 90;

impl ExpiryBucket {
    /// Where what ends on `last_day` stands on `today`; `None` when that is far away.
    #[must_use]
    pub fn of(last_day: NaiveDate, today: NaiveDate) -> Option<Self> {
        match Expiry::of(last_day, today) {
            Expiry::Expired => Some(Self::Expired),
            Expiry::Soon => Some(Self::Within30),
            Expiry::Due => Some(Self::Within90),
            Expiry::Far => None,
        }
    }

    /// Its colour.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Expired => Tone::Bad,
            Self::Within30 => Tone::Warn,
            Self::Within90 => Tone::Info,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    fn today() -> NaiveDate {
        "2026-11-20".parse().unwrap()
    }

    #[test]
    fn proceeds_change_their_bucket_on_these_days() {
        for (first, last, bucket) in [
            (-400, -91, DueBucket::Over90),
            (-90, -61, DueBucket::Over60),
            (-60, -31, DueBucket::Over30),
            (-30, -1, DueBucket::Overdue),
            (0, 30, DueBucket::Within30),
            (31, 60, DueBucket::Within60),
            (61, 400, DueBucket::Later),
        ] {
            for days in [first, last] {
                assert_eq!(DueBucket::of(today() + Duration::days(days), today()), bucket, "{days}");
            }
            assert_eq!(bucket.is_overdue(), last < 0);
        }
    }

    #[test]
    fn a_certificate_is_valid_on_its_last_day() {
        for (days, bucket) in [
            (-1, Some(ExpiryBucket::Expired)),
            (0, Some(ExpiryBucket::Within30)),
            (30, Some(ExpiryBucket::Within30)),
            (31, Some(ExpiryBucket::Within90)),
            (90, Some(ExpiryBucket::Within90)),
            (91, None),
        ] {
            assert_eq!(ExpiryBucket::of(today() + Duration::days(days), today()), bucket, "{days}");
        }
        let horizon = today() + chrono::Days::new(EXPIRY_HORIZON_DAYS);
        assert!(
            ExpiryBucket::of(horizon, today()).is_some()
                && ExpiryBucket::of(horizon + Duration::days(1), today()).is_none()
        );
    }
}
