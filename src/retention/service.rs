//! Carrying the policies out, or counting what would go.

use std::convert::Infallible;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Applied, Cause, Policy, Rhythm, RunLine};
use super::store::{self, NewRun};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::documents::storage::{Storage, StorageKey};
use crate::ids::UserId;
use crate::jobs::{self, Finished, JobError, JobKind, NewJob, Report, Run};
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, CommandError, Effects, Message};

/// Where the page is.
pub(super) const HOME: &str = "/admin/retention";
/// Rows in one transaction: a fraction of a second.
const BATCH: i32 = 5_000;
/// Transactions of one class in one run; what is left goes the next time.
const BATCHES: usize = 200;
/// Runs on the page.
const SHOWN: i64 = 50;

/// Which classes a round takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// What is kept for hours.
    Often,
    /// Everything that is carried out row by row.
    All,
    /// One class.
    Class(String),
}

/// One round over classes.
#[derive(Debug, Clone)]
pub struct Round {
    /// Which.
    pub scope: Scope,
    /// Whether it only counts.
    pub is_dry: bool,
    /// Who began it.
    pub cause: Cause,
    /// The person, where it was one.
    pub requested_by: Option<UserId>,
}

impl Round {
    /// What the schedule asks for.
    #[must_use]
    pub const fn scheduled(scope: Scope) -> Self {
        Self { scope, is_dry: false, cause: Cause::Schedule, requested_by: None }
    }
}

/// Goes over the classes of `round`, each by itself and part by part: what was done stays done when it is broken off, and the
/// next round goes on. What it did with each class that had something to do.
///
/// # Errors
/// When the database cannot be reached. A file that cannot be deleted is left to the reconciler: nothing names it any more.
pub async fn apply(db: &Db, storage: &Storage, round: &Round, now: DateTime<Utc>) -> sqlx::Result<Vec<Applied>> {
    let mut tx = db.begin_worker().await?;
    let classes = match &round.scope {
        Scope::Often => store::list_classes(&mut tx, Some(Rhythm::Often)).await?,
        Scope::All => store::list_classes(&mut tx, None).await?,
        Scope::Class(class) => vec![class.clone()],
    };
    tx.commit().await?;
    let mut applied = Vec::with_capacity(classes.len());
    for class in classes {
        applied.extend(apply_class(db, storage, round, class, now).await?);
    }
    let removed: Vec<&Applied> = applied.iter().filter(|one| one.removed > 0).collect();
    // Of what is looked at every ten minutes the list of runs is enough.
    if round.scope != Scope::Often && !removed.is_empty() {
        let counts: Value = removed.iter().map(|one| (one.class.clone(), json!(one.removed))).collect();
        record(db, round, counts, now).await?;
    }
    Ok(applied)
}

async fn apply_class(
    db: &Db,
    storage: &Storage,
    round: &Round,
    class: String,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Applied>> {
    let mut tx = db.begin_worker().await?;
    store::take_time(&mut tx).await?;
    let counted = store::count_due(&mut tx, &class, now).await?;
    if counted == 0 && round.scope == Scope::Often {
        tx.rollback().await?;
        return Ok(None);
    }
    let (is_dry, cause, requested_by) = (round.is_dry, round.cause, round.requested_by);
    let run = NewRun { id: Uuid::now_v7(), class: &class, is_dry, cause, requested_by, counted };
    store::insert_run(&mut tx, &run, now).await?;
    if is_dry || counted == 0 {
        store::update_ended(&mut tx, run.id, db.now()).await?;
        tx.commit().await?;
        return Ok(Some(Applied { class, counted, removed: 0 }));
    }
    tx.commit().await?;
    let mut removed = 0;
    for _ in 0..BATCHES {
        let mut tx = db.begin_worker().await?;
        let part = store::apply(&mut tx, &class, now, BATCH).await?;
        store::update_removed(&mut tx, run.id, part.rows).await?;
        tx.commit().await?;
        delete_files(storage, &part.files).await;
        removed += part.rows;
        if part.rows < i64::from(BATCH) {
            break;
        }
    }
    let mut tx = db.begin_worker().await?;
    store::update_ended(&mut tx, run.id, db.now()).await?;
    tx.commit().await?;
    Ok(Some(Applied { class, counted, removed }))
}

async fn delete_files(storage: &Storage, paths: &[String]) {
    for path in paths {
        if let Some(key) = StorageKey::from_path(path)
            && let Err(error) = storage.delete(&key).await
        {
            tracing::warn!(%error, %key, "a file whose time is over is left to the reconciler");
        }
    }
}

async fn record(db: &Db, round: &Round, counts: Value, now: DateTime<Utc>) -> sqlx::Result<()> {
    let author = Author::product(None);
    let facts = json!({ "cause": round.cause.code(), "removed": counts });
    let event = Event {
        entity_type: "system",
        compliance_relevant: true,
        ..Event::security("RETENTION_APPLIED", Severity::Medium, facts)
    };
    let mut tx = db.begin_worker().await?;
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await
}

/// Does what a job asks for: everything whose time is over goes, or is counted.
///
/// # Errors
/// [`JobError`]; the next run goes on where this one stopped.
pub async fn carry_out(db: &Db, storage: &Storage, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let is_dry = run.payload.get("dry").and_then(Value::as_bool).unwrap_or(false);
    let mut tx = db.begin_worker().await?;
    let requested_by = store::find_requester(&mut tx, run.job).await?;
    tx.commit().await?;
    let cause = if requested_by.is_some() { Cause::Person } else { Cause::Schedule };
    let round = Round { scope: Scope::All, is_dry, cause, requested_by };
    Ok(Finished::Done(report(&apply(db, storage, &round, now).await?)))
}

/// What was done, for the job's page.
#[must_use]
pub fn report(applied: &[Applied]) -> Report {
    let sum = |of: fn(&Applied) -> i64| applied.iter().map(|one| of(one).unsigned_abs()).sum();
    vec![("rows_due", sum(|one| one.counted)), ("rows_removed", sum(|one| one.removed))]
}

/// Every policy, with what came of it last.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_policies(db: &Db) -> sqlx::Result<Vec<Policy>> {
    let mut tx = db.begin_worker().await?;
    let policies = store::list_policies(&mut tx).await?;
    tx.commit().await?;
    Ok(policies)
}

/// What the page shows.
pub(super) struct Overview {
    pub policies: Vec<Policy>,
    pub runs: Vec<RunLine>,
    pub names: Names,
}

/// Policies and runs as `viewer` may see them.
pub(super) async fn overview((db, directory): (&Db, &Directory), viewer: &Actor) -> sqlx::Result<Overview> {
    let mut tx = db.begin_as(viewer).await?;
    let policies = store::list_policies(&mut tx).await?;
    let runs = store::list_runs(&mut tx, SHOWN).await?;
    let people = runs.iter().filter_map(|run| run.requested_by).map(Into::into);
    let names = directory.names(&mut tx, people).await?;
    tx.commit().await?;
    Ok(Overview { policies, runs, names })
}

/// It is counted what would go. A job does it, since who runs the system sees none of these rows.
pub(super) struct CountDue;

#[async_trait]
impl Command for CountDue {
    type Refusal = Infallible;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Infallible>> {
        let job = NewJob {
            kind: JobKind::ApplyRetention,
            payload: json!({ "dry": true }),
            unique_key: Some("dry".to_owned()),
            run_at: now,
            requested_by: Some(actor.user_id),
        };
        // One that waits counts as well.
        jobs::enter(tx, &job, now).await?;
        let event = Event::security("RETENTION_COUNT_ASKED", Severity::Low, json!({}));
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("retention-count-asked"),
            event: Event { entity_type: "system", ..event },
            outbox: None,
        })
    }
}
