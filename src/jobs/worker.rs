//! Doing jobs, one after the other. An instance has several workers; a job that fails, panics or takes too long spoils no other.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;

use super::model::{Finished, JobError, Run};
use super::{rules, service};
use crate::clock::Clock;
use crate::database::{Db, within};

/// How long a worker rests when nothing is due.
const REST: Duration = Duration::from_millis(500);
/// How often a worker says that it lives: four times in a lease.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// The pause after the database has failed.
const RECOVER: Duration = Duration::from_secs(2);
/// One word with the database about a job.
const WORD: Duration = Duration::from_secs(10);

/// Does job after job by `carry_out`, until it is dropped. What it was doing then is done again when its lease is over.
pub async fn work<W, F>(db: Db, clock: Arc<dyn Clock>, carry_out: W)
where
    W: Fn(Run) -> F,
    F: Future<Output = Result<Finished, JobError>>,
{
    loop {
        match carry_out_next(&db, clock.as_ref(), &carry_out).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(REST).await,
            Err(error) => {
                tracing::warn!(%error, "jobs are not done");
                tokio::time::sleep(RECOVER).await;
            }
        }
    }
}

/// Does the next job; false when none is due.
///
/// # Errors
/// When the database cannot be reached. The job is taken again when its lease is over.
pub async fn carry_out_next<W, F>(db: &Db, clock: &dyn Clock, carry_out: &W) -> sqlx::Result<bool>
where
    W: Fn(Run) -> F,
    F: Future<Output = Result<Finished, JobError>>,
{
    let Some(run) = within(WORD, service::take_next(db, clock.now())).await? else { return Ok(false) };
    let limit = rules::time_limit(run.kind);
    let came_to = tokio::select! {
        came_to = AssertUnwindSafe(carry_out(run.clone())).catch_unwind() => {
            came_to.unwrap_or_else(|_| Err(JobError::Failed("it panicked; the log says more".to_owned())))
        }
        () = until_lost(db, clock, &run) => Err(JobError::Lost),
        () = tokio::time::sleep(limit) => {
            Err(JobError::Failed(format!("it was not done within {} s", limit.as_secs())))
        }
    };
    within(WORD, service::settle(db, &run, came_to, clock.now())).await?;
    Ok(true)
}

/// Keeps the lease, and ends when it is this worker's no more.
async fn until_lost(db: &Db, clock: &dyn Clock, run: &Run) {
    loop {
        tokio::time::sleep(SIGN_OF_LIFE).await;
        match within(WORD, service::keep(db, run, clock.now())).await {
            Ok(true) => {}
            Ok(false) => return,
            // The database is away: whether the job is lost is seen when it is back.
            Err(error) => tracing::warn!(%error, job = %run.job, "a job's lease is not put off"),
        }
    }
}
