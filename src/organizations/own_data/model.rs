//! The register of processing, and the copies that people have asked for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::i18n::Lang;
use crate::ids::UserId;

coded_enum! {
    /// What something is kept for.
    Purpose {
        /// Having an account.
        Account = "ACCOUNT",
        /// Running the organisation's part of the system.
        Administration = "ADMINISTRATION",
        /// What people write to each other.
        Correspondence = "CORRESPONDENCE",
        /// Making the system work.
        Operation = "OPERATION",
        /// Keeping others out, and knowing who was in.
        Security = "SECURITY",
        /// The exports themselves: who has done and decided what.
        Trade = "TRADE",
    }
}

coded_enum! {
    /// What allows keeping it.
    LegalBasis {
        /// A law demands the record.
        LegalObligation = "LEGAL_OBLIGATION",
        /// The consortium's and everybody's interest in a safe system.
        LegitimateInterest = "LEGITIMATE_INTEREST",
        /// The person uses the system for their organisation.
        Service = "SERVICE",
    }
}

coded_enum! {
    /// For how long it is kept.
    Kept {
        /// As long as there is the account.
        WithAccount = "WITH_ACCOUNT",
        /// Twelve hours.
        Hours12 = "HOURS_12",
        /// Seven days.
        Days7 = "DAYS_7",
        /// Thirty days.
        Days30 = "DAYS_30",
        /// Ninety days.
        Days90 = "DAYS_90",
        /// A year.
        Year1 = "YEAR_1",
        /// Seven years.
        Years7 = "YEARS_7",
        /// Ten years.
        Years10 = "YEARS_10",
        /// Seven years, where business is among it ten.
        Years7Or10 = "YEARS_7_OR_10",
        /// Addresses and browsers ninety days, the rest seven years.
        Days90OrYears7 = "DAYS_90_OR_YEARS_7",
    }
}

/// What people call the records of a table.
pub(in crate::organizations) fn source_name(source: &str, lang: Lang) -> String {
    lang.name_of("own-data-source", &source.replace('.', "-"))
}

/// What people call the place where `person_column` of `source` names somebody.
pub(in crate::organizations) fn place_name(source: &str, person_column: &str, lang: Lang) -> String {
    let records = source_name(source, lang);
    lang.fill("own-data-place", [("records", records), ("as", lang.name_of("own-data-as", person_column))])
}

/// One place where people stand in the records.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Entry {
    /// The table, such as `exports`.
    pub source: String,
    /// The column that names the person.
    pub person_column: String,
    pub purpose: Purpose,
    pub legal_basis: LegalBasis,
    pub kept: Kept,
    /// The columns that the person is told.
    pub told: Vec<String>,
}

impl Entry {
    /// What people call it.
    pub fn name(&self, lang: Lang) -> String {
        place_name(&self.source, &self.person_column, lang)
    }

    /// What its files in the copy are called, without the ending.
    pub fn file_name(&self) -> String {
        format!("{}-{}", self.source, self.person_column)
    }
}

coded_enum! {
    /// How a copy stands.
    CopyState {
        /// A job has it, or will.
        BeingMade = "BEING_MADE",
        /// It can be downloaded.
        Ready = "READY",
        /// It was.
        Taken = "TAKEN",
        /// Nobody downloaded it in time.
        Expired = "EXPIRED",
        /// It could not be made.
        Failed = "FAILED",
    }
}

/// A copy that somebody has asked for.
#[derive(Debug, Clone)]
pub(super) struct DataCopy {
    pub id: Uuid,
    pub asked_at: DateTime<Utc>,
    /// Entries of the register that are in it.
    pub parts_done: i32,
    /// Of how many; 0 before it is begun.
    pub parts_total: i32,
    pub size_bytes: Option<i64>,
    pub sha256: Option<Vec<u8>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub taken_at: Option<DateTime<Utc>>,
    pub failed_at: Option<DateTime<Utc>>,
}

impl DataCopy {
    /// How it stands at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> CopyState {
        match (self.failed_at, self.taken_at, self.expires_at) {
            (Some(_), ..) => CopyState::Failed,
            (_, Some(_), _) => CopyState::Taken,
            (_, _, None) => CopyState::BeingMade,
            (_, _, Some(end)) if now < end => CopyState::Ready,
            _ => CopyState::Expired,
        }
    }
}

/// Whose copy a job is to make.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub person: UserId,
    pub full_name: String,
    pub username: String,
    pub lang: Lang,
}

/// A file that the person has handed in.
#[derive(Debug, Clone)]
pub(super) struct OwnFile {
    pub id: Uuid,
    pub name: String,
    /// Where it lies in the store.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn a_copy_can_be_had_for_its_time_and_once() {
        let now = DateTime::from_timestamp(1_764_400_000, 0).unwrap();
        let mut copy = DataCopy {
            id: Uuid::nil(),
            asked_at: now - Duration::hours(1),
            parts_done: 0,
            parts_total: 0,
            size_bytes: None,
            sha256: None,
            expires_at: None,
            taken_at: None,
            failed_at: None,
        };
        assert_eq!(copy.state(now), CopyState::BeingMade);
        copy.expires_at = Some(now + Duration::seconds(1));
        assert_eq!(copy.state(now), CopyState::Ready);
        assert_eq!(copy.state(now + Duration::seconds(1)), CopyState::Expired);
        copy.taken_at = Some(now);
        assert_eq!(copy.state(now), CopyState::Taken);
        copy = DataCopy { failed_at: Some(now), expires_at: None, taken_at: None, ..copy };
        assert_eq!(copy.state(now), CopyState::Failed);
    }
}
