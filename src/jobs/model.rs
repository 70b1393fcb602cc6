//! Jobs, their tries, and what a worker has to say of them.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::codes::coded_enum;
use crate::ids::{JobId, UserId};

coded_enum! {
    /// What there is to do.
    JobKind {
        /// What is kept for hours only is deleted: ended sessions, attempts to sign in, counts of requests.
        SweepSessions = "SWEEP_SESSIONS",
        /// Everything whose time is over goes, or is counted.
        ApplyRetention = "APPLY_RETENTION",
        /// Permits, registrations and contracts whose last day is over become expired.
        ExpireGrants = "EXPIRE_GRANTS",
        /// Files and rows of documents are brought into agreement.
        ReconcileFiles = "RECONCILE_FILES",
        /// A document that came while the scanner was not to be reached is scanned.
        ScanDocument = "SCAN_DOCUMENT",
        /// The holidays of the years to come are entered.
        FillHolidays = "FILL_HOLIDAYS",
        /// Years of the record whose time is over are written to files and taken off.
        ArchiveAudit = "ARCHIVE_AUDIT",
        /// An archived year is dropped, once its file was read again.
        DropArchive = "DROP_ARCHIVE",
        /// A mail is written and given to the mail server.
        SendMail = "SEND_MAIL",
        /// The mails of the day are asked for, for those whose hour has come.
        SendDigests = "SEND_DIGESTS",
        /// A copy of what is kept of a person is put together.
        CopyPersonalData = "COPY_PERSONAL_DATA",
        /// People whose day of erasure has come are erased.
        ErasePeople = "ERASE_PEOPLE",
        /// A paper gets its seal and its signed file.
        SealPaper = "SEAL_PAPER",
        /// Papers that were left without a seal get one.
        SealPapers = "SEAL_PAPERS",
        /// What was decided about a request for a certificate is carried out: it is issued, or the request is closed.
        FinishCertificateRequest = "FINISH_CERTIFICATE_REQUEST",
        /// What was decided about a certificate is done: it is suspended, reinstated or revoked.
        FinishCertificateAct = "FINISH_CERTIFICATE_ACT",
        /// Whoever can do something about it is told that a certificate ends.
        WatchCertificates = "WATCH_CERTIFICATES",
        /// Somebody is told that the signer has been away for long, or is back.
        WatchSigner = "WATCH_SIGNER",
    }
}

coded_enum! {
    /// How a job stands.
    JobStatus {
        /// Nobody has it, and its moment may be still to come.
        Waiting = "WAITING",
        /// A worker has it.
        Running = "RUNNING",
        /// Done.
        Done = "DONE",
        /// Given up after so many tries.
        Failed = "FAILED",
        /// Taken back by who runs the system.
        Cancelled = "CANCELLED",
    }
}

coded_enum! {
    /// How a try has ended.
    Outcome {
        /// The work is done.
        Done = "DONE",
        /// It went wrong.
        Failed = "FAILED",
        /// The worker was heard of no more.
        Lost = "LOST",
        /// The job was taken back meanwhile.
        Cancelled = "CANCELLED",
    }
}

/// A job to be entered.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What there is to do.
    pub kind: JobKind,
    /// What it is to work on: an object of ids, never personal data.
    pub payload: Value,
    /// Where given, the job is not entered while another of its kind with this key waits or runs.
    pub unique_key: Option<String>,
    /// Not before.
    pub run_at: DateTime<Utc>,
    /// Who asked for it, where it was a person.
    pub requested_by: Option<UserId>,
}

/// What was done, by name and number; names are such as `sessions`.
pub type Report = Vec<(&'static str, u64)>;

/// What a worker has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The work is done, and is still to be written down as done.
    Done(Report),
    /// The work and its end were committed together, see [`Run::finish`].
    Committed,
}

/// Why a try came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The job is somebody else's by now, or nobody's.
    #[error("the job is no longer this worker's")]
    Lost,
    /// It went wrong, and may go better next time.
    #[error("{0}")]
    Failed(String),
    /// It went wrong, and will always.
    #[error("{0}")]
    Hopeless(String),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A job in the hands of a worker.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which job.
    pub job: JobId,
    /// Which try of it, from 1: what proves that it is still this worker's.
    pub attempt: i32,
    /// Whether there is no other after it.
    pub is_last: bool,
    /// What there is to do.
    pub kind: JobKind,
    /// What it is to work on.
    pub payload: Value,
}

/// A job as the list shows it.
#[derive(Debug, Clone)]
pub(crate) struct JobLine {
    pub id: JobId,
    pub kind: JobKind,
    pub status: JobStatus,
    pub run_at: DateTime<Utc>,
    pub attempts: i32,
    pub attempts_allowed: i32,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub requested_by: Option<UserId>,
}

/// A try as the job's page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub attempt: i32,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub outcome: Option<Outcome>,
    pub report: Option<Value>,
    pub error: Option<String>,
}

/// What is done again and again.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub kind: JobKind,
    pub every_seconds: i32,
    pub next_run_at: DateTime<Utc>,
}

/// What the list is narrowed by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub status: Option<JobStatus>,
    pub kind: Option<JobKind>,
}
