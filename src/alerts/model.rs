//! Alerts, what raises them, and the figures of the security page.

use chrono::{DateTime, Duration, DurationRound, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::audit::Severity;
use crate::auth::{Actor, Permission};
use crate::codes::coded_enum;
use crate::ids::{AlertId, OrganizationId, UserId};

coded_enum! {
    /// What raises an alert.
    Rule {
        /// So many sign-ins failed within minutes: of one account, or of several names from one network.
        FailedSignIns = "FAILED_SIGN_INS",
        /// Somebody may do more than before, or less, or was let in or shut out.
        PrivilegeChange = "PRIVILEGE_CHANGE",
        /// Somebody takes away much more than they usually do.
        UnusualExports = "UNUSUAL_EXPORTS",
        /// Somebody has brought a file in which the scanner found something.
        InfectedFiles = "INFECTED_FILES",
        /// A certificate has ended, and there is none in its place.
        CertificateEnded = "CERTIFICATE_ENDED",
        /// Another key was due before now.
        RotationOverdue = "ROTATION_OVERDUE",
        /// Keys are used much more than on their busiest day.
        UnusualKeyUse = "UNUSUAL_KEY_USE",
        /// Another list of what was revoked was due before now.
        ListOverdue = "LIST_OVERDUE",
        /// The signer has written down something critical, such as a key that does not open.
        SignerAlarm = "SIGNER_ALARM",
        /// The signer has not answered for a while.
        SignerAway = "SIGNER_AWAY",
        /// The record is not what was written down.
        AuditNotSound = "AUDIT_NOT_SOUND",
        /// The file of an archived year is not what was written.
        ArchiveFaulty = "ARCHIVE_FAULTY",
    }
}

coded_enum! {
    /// What an alert is about.
    SubjectKind {
        /// A person and their account.
        User = "USER",
        /// From where names were tried. Its address stands in the erasable part of an event alone.
        Network = "NETWORK",
        /// Somebody who is to come in.
        Invitation = "INVITATION",
        /// The keys of an organisation, or the consortium's, which have the nil id.
        Keys = "KEYS",
        /// A certificate.
        Certificate = "CERTIFICATE",
        /// The signer: a key of it, a time in which it was away, or its lists, which have the nil id.
        Signer = "SIGNER",
        /// The record: an archived year of it, or the whole, which has the nil id.
        Record = "RECORD",
    }
}

coded_enum! {
    /// What was counted.
    Measure {
        /// Sign-ins that failed.
        Failures = "FAILURES",
        /// Changes of what somebody may do.
        Changes = "CHANGES",
        /// Rows of lists and reports.
        Rows = "ROWS",
        /// Files.
        Files = "FILES",
        /// Uses of keys.
        Uses = "USES",
        /// What was found of the signer or the record.
        Findings = "FINDINGS",
    }
}

/// From how much on something is an alert: parameters, each in force from a day on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Terms {
    /// So many failures.
    pub failures: usize,
    /// Within this time.
    pub within: Duration,
    /// More than so many times what is usual.
    pub factor: Decimal,
    /// And from so many rows on.
    pub rows: i64,
    /// Or from so many files on.
    pub files: i64,
}

/// An event of the record that some rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub event_type: String,
    pub actor: Option<Uuid>,
    pub organization: Option<Uuid>,
    pub entity_type: String,
    pub entity: Option<Uuid>,
    pub details: Value,
}

/// An event as an alert keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Noted {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub event_type: String,
    pub actor: Option<Uuid>,
}

impl From<&Seen> for Noted {
    fn from(seen: &Seen) -> Self {
        Self { id: seen.id, at: seen.at, event_type: seen.event_type.clone(), actor: seen.actor }
    }
}

/// An alert as lists show it.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    pub id: AlertId,
    pub rule: Rule,
    pub subject_kind: SubjectKind,
    pub subject: Uuid,
    pub organization: Option<OrganizationId>,
    pub severity: Severity,
    pub measure: Measure,
    pub figure: i64,
    pub threshold: i64,
    /// What a day of this person usually has.
    pub usual: Option<i64>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub opened_at: DateTime<Utc>,
    pub acknowledged: Option<Acknowledged>,
    /// Whether it is about the viewer, or about what they have done.
    pub concerns_viewer: bool,
}

/// That somebody has looked at an alert, and what they say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Acknowledged {
    pub at: DateTime<Utc>,
    pub by: UserId,
    pub note: String,
}

/// An event that an alert was raised for, as far as the viewer may read it.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub event_type: String,
    pub actor: Option<Uuid>,
    /// Its facts; none where the event is not the viewer's to read.
    pub details: Option<Value>,
}

/// A failed sign-in or a denied access.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    /// Who was refused something, or whose account was tried; nobody where no account has the name.
    pub person: Option<Uuid>,
    pub organization: Option<Uuid>,
    pub details: Value,
    /// From where, as far as the viewer may know and it is still kept.
    pub address: Option<String>,
}

/// What happened in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Activity {
    pub events: i64,
    pub sign_ins: i64,
    pub failures: i64,
    pub denials: i64,
    pub exports: i64,
}

impl std::ops::AddAssign for Activity {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.sign_ins += other.sign_ins;
        self.failures += other.failures;
        self.denials += other.denials;
        self.exports += other.exports;
    }
}

coded_enum! {
    /// How far back the figures reach.
    Period {
        /// The last 24 hours, the present one among them.
        Day = "24h",
        /// The last seven days.
        Week = "7d",
    }
}

impl Period {
    const fn hours(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::Week => 7 * 24,
        }
    }

    /// The beginning of its first hour.
    pub(super) fn begins(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let hour = Duration::hours(1);
        // An hour divides every moment; it begins at the same time in Addis Ababa.
        let present = now.duration_trunc(hour).unwrap_or(now);
        present - hour * i32::try_from(self.hours() - 1).unwrap_or(i32::MAX)
    }
}

/// Whose alerts and figures a viewer sees: everybody's (`None`) or those of their own organisation.
pub(super) fn scope_of(viewer: &Actor) -> Option<OrganizationId> {
    (!viewer.may(Permission::ViewAudit)).then_some(viewer.organization.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_with_an_hour_and_ends_with_the_present_one() {
        let now: DateTime<Utc> = "2026-11-29T09:41:12.5Z".parse().unwrap();
        assert_eq!(Period::Day.begins(now).to_rfc3339(), "2026-11-28T10:00:00+00:00");
        assert_eq!(Period::Week.begins(now).to_rfc3339(), "2026-11-22T10:00:00+00:00");
    }
}
