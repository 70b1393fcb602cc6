//! Entering jobs, taking the next one, settling it.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::model::{Finished, JobError, JobKind, NewJob, Report, Run};
use super::{rules, store};
use crate::database::{Db, Tx};

/// Of two moments of a schedule, the second enters nothing while the job of the first waits or runs.
const SCHEDULED: &str = "schedule";

/// Enters `job` in the transaction of the deed that asks for it: both or neither. False when one of its kind and key is
/// there already.
///
/// # Errors
/// When the database refuses.
pub async fn enter(tx: &mut Tx, job: &NewJob, now: DateTime<Utc>) -> sqlx::Result<bool> {
    store::insert_job(tx, job, now).await
}

/// Enters many jobs of one kind, each with what it is to work on and its moment, in one statement.
///
/// # Errors
/// When the database refuses.
pub async fn enter_all(
    tx: &mut Tx,
    kind: JobKind,
    jobs: &[(Value, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::insert_jobs(tx, kind, jobs, now).await
}

/// Enters what the schedules ask for at `now`, puts back what silent workers had, and takes the job that is due longest.
///
/// # Errors
/// When the database cannot be reached.
pub async fn take_next(db: &Db, now: DateTime<Utc>) -> sqlx::Result<Option<Run>> {
    let mut tx = db.begin_worker().await?;
    for schedule in store::lock_due_schedules(&mut tx, now).await? {
        store::insert_job(&mut tx, &scheduled(schedule.kind, now), now).await?;
        let every = Duration::seconds(schedule.every_seconds.into());
        store::update_schedule(&mut tx, schedule.kind, rules::next_moment(schedule.next_run_at, every, now)).await?;
    }
    let lost = store::release_lost(&mut tx, now).await?;
    let taken = store::take(&mut tx, now, now + rules::LEASE).await?;
    tx.commit().await?;
    if lost > 0 {
        tracing::warn!(lost, "jobs are put back whose workers were heard of no more");
    }
    Ok(taken)
}

fn scheduled(kind: JobKind, now: DateTime<Utc>) -> NewJob {
    NewJob { kind, payload: json!({}), unique_key: Some(SCHEDULED.to_owned()), run_at: now, requested_by: None }
}

impl Run {
    /// Begins a transaction of background work in which the job is certainly this worker's: nobody can take it before the
    /// transaction has ended.
    ///
    /// # Errors
    /// [`JobError::Lost`] when it is this worker's no more.
    pub async fn begin(&self, db: &Db) -> Result<Tx, JobError> {
        let mut tx = db.begin_worker().await?;
        if store::lock_held(&mut tx, self.job, self.attempt).await? {
            return Ok(tx);
        }
        tx.rollback().await?;
        Err(JobError::Lost)
    }

    /// Commits the work of `tx` together with the job's end: both or neither.
    ///
    /// # Errors
    /// [`JobError::Lost`] when the job is this worker's no more; nothing is committed then.
    pub async fn finish(&self, mut tx: Tx, report: &Report, now: DateTime<Utc>) -> Result<Finished, JobError> {
        if !store::end_done(&mut tx, self, report, now).await? {
            tx.rollback().await?;
            return Err(JobError::Lost);
        }
        tx.commit().await?;
        Ok(Finished::Committed)
    }
}

/// Puts the end of the lease off; false when the job is this worker's no more.
pub(super) async fn keep(db: &Db, run: &Run, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let mut tx = db.begin_worker().await?;
    let is_held = store::extend_lease(&mut tx, run, now + rules::LEASE).await?;
    tx.commit().await?;
    Ok(is_held)
}

/// Writes down what a worker has come to. What is reported of a job that is held no more is not taken.
pub(super) async fn settle(
    db: &Db,
    run: &Run,
    came_to: Result<Finished, JobError>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = db.begin_worker().await?;
    let is_taken = match came_to {
        Ok(Finished::Committed) => true,
        Ok(Finished::Done(report)) => store::end_done(&mut tx, run, &report, now).await?,
        Err(JobError::Lost) => false,
        Err(error) => {
            let again = match error {
                JobError::Hopeless(_) => None,
                _ => Some(now + rules::pause_after(run.kind, run.attempt)),
            };
            tracing::warn!(job = %run.job, kind = %run.kind, attempt = run.attempt, %error, "a job has failed");
            store::end_failed(&mut tx, run, &error.to_string(), again, now).await?
        }
    };
    tx.commit().await?;
    if !is_taken {
        tracing::warn!(job = %run.job, kind = %run.kind, attempt = run.attempt, "a job was lost to its worker");
    }
    Ok(())
}
