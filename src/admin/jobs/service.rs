//! What who runs the system sees of jobs, and does about them by hand; each act on record.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::JobId;
use crate::jobs::{Attempt, Filter, JobKind, JobLine, JobStatus, Schedule, rules, store};
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, CommandError, Effects, Message};

/// Jobs and schedules as `viewer` may see them.
pub(super) async fn list(
    db: &Db,
    viewer: &Actor,
    filter: Filter,
    after: Option<(DateTime<Utc>, uuid::Uuid)>,
    limit: i64,
) -> sqlx::Result<(Vec<JobLine>, Vec<Schedule>)> {
    let mut tx = db.begin_as(viewer).await?;
    let jobs = store::list_jobs(&mut tx, filter, after, limit).await?;
    let schedules = store::list_schedules(&mut tx).await?;
    tx.commit().await?;
    Ok((jobs, schedules))
}

/// One job with its tries, the last first, and the name of who asked for it.
pub(super) async fn find(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    id: JobId,
) -> sqlx::Result<Option<(JobLine, Vec<Attempt>, Names)>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(job) = store::find_job(&mut tx, id).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let attempts = store::list_attempts(&mut tx, id).await?;
    let names = directory.names(&mut tx, job.requested_by.map(Into::into)).await?;
    tx.commit().await?;
    Ok(Some((job, attempts, names)))
}

/// Why nothing was done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such job or schedule.
    NotFound,
    /// The job has moved on meanwhile.
    MovedOn(JobStatus),
    /// Another job of the same kind waits or runs, which does the same.
    Doubled,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::MovedOn(status) => write!(f, "it is {status}"),
            Self::Doubled => f.write_str("another one does the same"),
        }
    }
}

type Failure = CommandError<Refusal>;

/// A job is put back into the queue, with as many tries as a new one.
pub(super) struct Retry(pub JobId);

#[async_trait]
impl Command for Retry {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, _: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (kind, status, attempts) = lock(tx, self.0).await?;
        if !rules::may_retry(status) {
            return Err(CommandError::Refused(Refusal::MovedOn(status)));
        }
        let updated = store::update_waiting(tx, self.0, rules::attempts_allowed(kind), now).await;
        updated.map_err(|error| match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
            Some("jobs_once") => CommandError::Refused(Refusal::Doubled),
            _ => CommandError::Database(error),
        })?;
        Ok(effects("JOB_RETRIED", "job-retried", self.0, kind, json!({ "attempts": attempts, "was": status.code() })))
    }
}

/// A job is taken back; who runs it stops at the next word with the database.
pub(super) struct Cancel(pub JobId);

#[async_trait]
impl Command for Cancel {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, _: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (kind, status, attempts) = lock(tx, self.0).await?;
        if !rules::may_cancel(status) {
            return Err(CommandError::Refused(Refusal::MovedOn(status)));
        }
        store::update_cancelled(tx, self.0, now).await?;
        Ok(effects(
            "JOB_CANCELLED",
            "job-cancelled",
            self.0,
            kind,
            json!({ "attempts": attempts, "was": status.code() }),
        ))
    }
}

async fn lock(tx: &mut Tx, id: JobId) -> Result<(JobKind, JobStatus, i32), Failure> {
    store::lock_job(tx, id).await?.ok_or(CommandError::Refused(Refusal::NotFound))
}

fn effects(event_type: &'static str, said: &str, JobId(id): JobId, kind: JobKind, facts: Value) -> Effects {
    let mut facts = facts;
    facts["kind"] = json!(kind.code());
    Effects {
        location: format!("/admin/jobs/{id}"),
        flash: Message::new(said),
        event: Event {
            entity_type: "job",
            entity_id: Some(id),
            ..Event::security(event_type, Severity::Medium, facts)
        },
        outbox: None,
    }
}

/// What a schedule would do later is done now.
pub(super) struct Hasten(pub JobKind);

#[async_trait]
impl Command for Hasten {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, _: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !store::update_schedule(tx, self.0, now).await? {
            return Err(CommandError::Refused(Refusal::NotFound));
        }
        let event = Event::security("JOB_HASTENED", Severity::Medium, json!({ "kind": self.0.code() }));
        Ok(Effects {
            location: "/admin/jobs".to_owned(),
            flash: Message::new("job-hastened"),
            event: Event { entity_type: "job", ..event },
            outbox: None,
        })
    }
}
