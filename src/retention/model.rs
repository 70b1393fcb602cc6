//! Policies, and what a run has come to.

use chrono::{DateTime, Utc};

use crate::codes::coded_enum;
use crate::ids::UserId;
use crate::organizations::own_data::LegalBasis;

coded_enum! {
    /// What becomes of the rows of a class.
    Method {
        /// They go.
        Delete = "DELETE",
        /// They lose a part.
        Clear = "CLEAR",
        /// They are exported as a whole, and taken off.
        Detach = "DETACH",
        /// They stay until a law or a person says otherwise.
        Keep = "KEEP",
    }
}

coded_enum! {
    /// How often a policy is carried out.
    Rhythm {
        /// Every ten minutes.
        Often = "OFTEN",
        /// Once a day.
        Daily = "DAILY",
    }
}

coded_enum! {
    /// Who began a run.
    Cause {
        /// Its moment had come.
        Schedule = "SCHEDULE",
        /// Somebody pressed a button.
        Person = "PERSON",
        /// An operator, at the command line.
        Command = "COMMAND",
    }
}

/// For how long a class of records is kept, and what came of it last.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its code, such as `ORIGINS`.
    pub class: String,
    /// The table.
    pub source: String,
    /// What becomes of the rows.
    pub method: Method,
    /// What allows keeping them.
    pub legal_basis: LegalBasis,
    /// For how long; none as long as there is what they belong to.
    pub kept_minutes: Option<i64>,
    /// When rows went last.
    pub applied_at: Option<DateTime<Utc>>,
    /// How many those were.
    pub removed: Option<i64>,
    /// When it was counted last what would go.
    pub counted_at: Option<DateTime<Utc>>,
    /// How much that was.
    pub counted: Option<i64>,
}

impl Policy {
    /// Whether it is carried out row by row.
    #[must_use]
    pub const fn is_by_rows(&self) -> bool {
        matches!(self.method, Method::Delete | Method::Clear)
    }
}

/// What a run has come to in one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Which class.
    pub class: String,
    /// Rows whose time was over when it began.
    pub counted: i64,
    /// Rows that went, or lost a part.
    pub removed: i64,
}

/// A run as the page shows it.
#[derive(Debug, Clone)]
pub(super) struct RunLine {
    pub class: String,
    pub is_dry: bool,
    pub cause: Cause,
    pub requested_by: Option<UserId>,
    pub started_at: DateTime<Utc>,
    /// None while it is under way, and where it was broken off.
    pub ended_at: Option<DateTime<Utc>>,
    pub counted: i64,
    pub removed: i64,
}

/// A period, in the largest unit that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    WithWhatItBelongsTo,
    AtOnce,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// Years, of so many days in all: what a law says in years is kept in days.
    Years {
        years: i64,
        days: i64,
    },
}

impl Period {
    pub const fn of(minutes: Option<i64>) -> Self {
        match minutes {
            None => Self::WithWhatItBelongsTo,
            Some(0) => Self::AtOnce,
            Some(minutes) if minutes % (24 * 60) == 0 => Self::of_days(minutes / (24 * 60)),
            Some(minutes) if minutes % 60 == 0 => Self::Hours(minutes / 60),
            Some(minutes) => Self::Minutes(minutes),
        }
    }

    /// That of `days`: years where only the days of leap years are over.
    pub const fn of_days(days: i64) -> Self {
        let years = days / 365;
        if years > 0 && days % 365 <= (years + 3) / 4 { Self::Years { years, days } } else { Self::Days(days) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_said_in_the_largest_unit_that_fits() {
        let said =
            [None, Some(0), Some(30), Some(120), Some(2_880), Some(90 * 1_440), Some(366 * 1_440)].map(Period::of);
        let expected = [
            Period::WithWhatItBelongsTo,
            Period::AtOnce,
            Period::Minutes(30),
            Period::Hours(2),
            Period::Days(2),
            Period::Days(90),
            Period::Years { years: 1, days: 366 },
        ];
        assert_eq!(said, expected);
        assert_eq!(Period::of_days(2_555), Period::Years { years: 7, days: 2_555 });
        assert_eq!(Period::of_days(3_653), Period::Years { years: 10, days: 3_653 });
        assert_eq!(Period::of_days(400), Period::Days(400));
    }
}
