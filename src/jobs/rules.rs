//! How often, how long, when again, and what may be done about it by hand.

use chrono::{DateTime, Duration, Utc};

use super::model::{JobKind, JobStatus};

/// For how long a worker has a job to itself without being heard of.
pub(super) const LEASE: Duration = Duration::seconds(60);

/// The pause after the first failure; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::seconds(10);
const LONGEST_PAUSE: Duration = Duration::hours(6);
/// The same where somebody cannot go on before it is done.
const LONGEST_PAUSE_WHERE_ONE_WAITS: Duration = Duration::minutes(10);

/// Tries of a job before it is given up.
pub(crate) const fn attempts_allowed(kind: JobKind) -> i32 {
    match kind {
        // The next one is due within minutes anyway, or an hour.
        JobKind::SweepSessions
        | JobKind::ExpireGrants
        | JobKind::ReconcileFiles
        | JobKind::ErasePeople
        | JobKind::SendDigests
        | JobKind::SealPapers
        | JobKind::WatchCertificates
        | JobKind::WatchSigner => 3,
        // Whoever waits for it can ask again; of the rest the next day's goes on.
        JobKind::CopyPersonalData | JobKind::ApplyRetention | JobKind::ArchiveAudit | JobKind::DropArchive => 3,
        // With the pauses between them, a day and a half: a mail server may be away over night.
        JobKind::FillHolidays | JobKind::SendMail => 12,
        // A scanner may be away over a long weekend; a file that nobody can open must not be forgotten. Nor must a paper
        // that nobody can check, or a certificate that was approved, when it is the signer that is away.
        JobKind::ScanDocument
        | JobKind::SealPaper
        | JobKind::FinishCertificateRequest
        | JobKind::FinishCertificateAct => 720,
    }
}

/// How long a try may take.
pub(crate) const fn time_limit(kind: JobKind) -> std::time::Duration {
    let seconds = match kind {
        JobKind::SweepSessions
        | JobKind::ExpireGrants
        | JobKind::FillHolidays
        | JobKind::SendDigests
        | JobKind::FinishCertificateRequest
        | JobKind::FinishCertificateAct
        | JobKind::WatchCertificates
        | JobKind::WatchSigner => 60,
        // A mail server may take its time for each of five answers; a paper is composed, signed twice and stored.
        JobKind::SendMail | JobKind::SealPaper | JobKind::SealPapers => 120,
        // It asks the storage about thousands of files.
        JobKind::ReconcileFiles => 30 * 60,
        // It reads every table, and packs every document that somebody has handed in.
        JobKind::CopyPersonalData => 30 * 60,
        // The store sends the file and the scanner reads it, each within its own limit.
        JobKind::ScanDocument => 10 * 60,
        // It counts in every table, for each person.
        JobKind::ErasePeople => 30 * 60,
        // A million rows of a class.
        JobKind::ApplyRetention => 30 * 60,
        // It reads the whole record, and packs a year of it.
        JobKind::ArchiveAudit | JobKind::DropArchive => 2 * 60 * 60,
    };
    std::time::Duration::from_secs(seconds)
}

/// The pause before the next try after `attempt` has failed.
pub(crate) fn pause_after(kind: JobKind, attempt: i32) -> Duration {
    let longest = match kind {
        JobKind::ScanDocument
        | JobKind::SealPaper
        | JobKind::FinishCertificateRequest
        | JobKind::FinishCertificateAct => LONGEST_PAUSE_WHERE_ONE_WAITS,
        _ => LONGEST_PAUSE,
    };
    let factor = 4_i32.checked_pow(u32::try_from(attempt - 1).unwrap_or(0));
    factor.and_then(|factor| FIRST_PAUSE.checked_mul(factor)).map_or(longest, |pause| pause.min(longest))
}

/// The first moment of a schedule after `now`. Moments that passed while nobody was there are not made up for.
pub(crate) fn next_moment(last: DateTime<Utc>, every: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let next = last + every;
    if next > now { next } else { now + every }
}

/// Whether a job may be put back into the queue by hand.
pub(crate) const fn may_retry(status: JobStatus) -> bool {
    matches!(status, JobStatus::Failed | JobStatus::Cancelled)
}

/// Whether a job may be taken back by hand.
pub(crate) const fn may_cancel(status: JobStatus) -> bool {
    matches!(status, JobStatus::Waiting | JobStatus::Running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_four_times_the_last_up_to_six_hours() {
        let pauses: Vec<i64> = (1..=8).map(|attempt| pause_after(JobKind::SendMail, attempt).num_seconds()).collect();
        assert_eq!(pauses, [10, 40, 160, 640, 2560, 10_240, 21_600, 21_600]);
        assert_eq!(pause_after(JobKind::SendMail, i32::MAX), LONGEST_PAUSE);
        let scans: Vec<i64> =
            (3..=6).map(|attempt| pause_after(JobKind::ScanDocument, attempt).num_seconds()).collect();
        assert_eq!(scans, [160, 600, 600, 600], "somebody waits");
    }

    #[test]
    fn a_schedule_keeps_its_beat_and_makes_nothing_up() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let every = Duration::seconds(600);
        assert_eq!(next_moment(at(1000), every, at(1005)), at(1600), "late by a little");
        assert_eq!(next_moment(at(1000), every, at(1600)), at(2200), "the next is due this very moment");
        assert_eq!(next_moment(at(1000), every, at(99_000)), at(99_600), "after a long absence");
    }

    #[test]
    fn what_is_over_can_be_tried_again_and_what_is_not_can_be_taken_back() {
        for status in JobStatus::ALL {
            assert!(!(may_retry(*status) && may_cancel(*status)), "{status}");
        }
        assert!(!may_retry(JobStatus::Done) && !may_cancel(JobStatus::Done));
    }
}
