//! What the process does beside answering requests.
//!
//! Every instance runs all of it; where two must not do the same at once, the database says who may. Each run has an
//! end, also when the database falls silent in the middle: the next one takes another connection. What follows the record
//! within a second goes round and round here; what is done now and then, or because somebody asked for it, is a job
//! ([`crate::jobs`]).

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use tokio::task::JoinSet;

use super::{AppState, chores, limits};
use crate::audit::seal;
use crate::database::{Db, within};
use crate::{alerts, jobs, notifications, reports};

/// How soon an event is sealed and told after its transaction, when nothing waits.
const TELL: Duration = Duration::from_millis(200);
/// How soon what was sealed is looked at for alerts, when nothing waits.
const WATCH: Duration = Duration::from_secs(1);
/// How often what has changed is counted: the figures of reports and dashboards are at most a minute old.
const COUNT: Duration = Duration::from_secs(20);
/// Jobs that an instance does at once.
const WORKERS: usize = 2;
/// The pause after a failure: the database is away, and is not asked five times a second.
const RECOVER: Duration = Duration::from_secs(2);

/// One batch of events; a full one takes a fraction of a second.
const BATCH_LIMIT: Duration = Duration::from_secs(10);
/// One sharing of counts.
const CHORE_LIMIT: Duration = Duration::from_secs(60);
/// One counting. The first counts everything.
const COUNT_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Starts everything; it ends when the set is dropped.
pub(super) fn start(state: &AppState) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(state.modes.clone().follow(state.db.clone()));
    tasks.spawn(state.live.clone().follow(state.db.options()));
    tasks.spawn(while_there_is_more(TELL, "events are not sealed", state.clone(), seal));
    tasks.spawn(while_there_is_more(TELL, "events are not passed on", state.clone(), tell));
    tasks.spawn(while_there_is_more(WATCH, "alerts are not raised", state.clone(), watch));
    tasks.spawn(count(state.clone()));
    let told = "requests are counted by this instance alone";
    tasks.spawn(every(limits::SHARE, told, state.clone(), share_counts(state)));
    for _ in 0..WORKERS {
        tasks.spawn(jobs::work(state.db.clone(), state.clock.clone(), chores::chores(state)));
    }
    tasks
}

/// Repeats `work`, which says how much it did; without a pause while there is more.
async fn while_there_is_more<F, W>(pause: Duration, complaint: &'static str, state: AppState, work: W)
where
    W: Fn(Db, DateTime<Utc>) -> F,
    F: Future<Output = sqlx::Result<usize>>,
{
    loop {
        let pause = match within(BATCH_LIMIT, work(state.db.clone(), state.clock.now())).await {
            Ok(0) => pause,
            Ok(_) => Duration::ZERO,
            Err(error) => failed(complaint, &error),
        };
        tokio::time::sleep(pause).await;
    }
}

async fn seal(db: Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    seal::seal_batch(&db, now).await
}

async fn tell(db: Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    notifications::deliver(&db, now).await
}

async fn watch(db: Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    alerts::watch(&db, now).await
}

fn failed(what: &'static str, error: &sqlx::Error) -> Duration {
    tracing::warn!(%error, "{what}");
    RECOVER
}

async fn every<F, W>(pause: Duration, complaint: &'static str, state: AppState, work: W)
where
    W: Fn(Db, DateTime<Utc>) -> F,
    F: Future<Output = sqlx::Result<()>>,
{
    let mut ticks = tokio::time::interval(pause);
    loop {
        ticks.tick().await;
        if let Err(error) = within(CHORE_LIMIT, work(state.db.clone(), state.clock.now())).await {
            tracing::warn!(%error, "{complaint}");
        }
    }
}

/// Adds what this instance has counted of requests to the count of all.
fn share_counts(state: &AppState) -> impl Fn(Db, DateTime<Utc>) -> BoxFuture<'static, sqlx::Result<()>> + use<> {
    let requests = state.requests.clone();
    move |db, now| {
        let requests = requests.clone();
        Box::pin(async move { requests.share(&db, now).await })
    }
}

/// Keeps the sums behind reports and dashboards.
async fn count(state: AppState) {
    loop {
        let pause = match within(COUNT_LIMIT, reports::service::catch_up(&state.db, state.clock.now())).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => COUNT,
            Err(error) => failed("what has changed is not counted for reports", &error),
        };
        tokio::time::sleep(pause).await;
    }
}
