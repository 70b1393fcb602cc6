//! The SQL of jobs.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Attempt, Filter, JobKind, JobLine, JobStatus, NewJob, Outcome, Report, Run, Schedule};
use super::rules;
use crate::i18n::Lang;
use crate::ids::{JobId, UserId};

/// Enters the job; false when one of its kind and key is there already.
pub(crate) async fn insert_job(connection: &mut PgConnection, job: &NewJob, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into jobs (job_id, kind, payload, unique_key, status, run_at, attempts_allowed, created_at, requested_by)
         values ($1, $2, $3, $4, 'WAITING', $5, $6, $7, $8)
         on conflict do nothing",
        JobId::new().0,
        job.kind.code(),
        job.payload,
        job.unique_key,
        job.run_at,
        rules::attempts_allowed(job.kind),
        now,
        job.requested_by.map(|UserId(id)| id),
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Enters jobs of one kind that no other can stand for.
pub(super) async fn insert_jobs(
    connection: &mut PgConnection,
    kind: JobKind,
    jobs: &[(Value, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = jobs.iter().map(|_| JobId::new().0).collect();
    let (payloads, moments): (Vec<Value>, Vec<DateTime<Utc>>) = jobs.iter().cloned().unzip();
    sqlx::query!(
        "insert into jobs (job_id, kind, payload, status, run_at, attempts_allowed, created_at)
         select id, $4, payload, 'WAITING', run_at, $5, $6
         from unnest($1::uuid[], $2::jsonb[], $3::timestamptz[]) as entered (id, payload, run_at)",
        &ids,
        &payloads,
        &moments,
        kind.code(),
        rules::attempts_allowed(kind),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The schedules whose moment has come, of the kinds that this instance knows; those that another instance has are left to it.
pub(crate) async fn lock_due_schedules(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Schedule>> {
    sqlx::query_as!(
        Schedule,
        r#"select kind as "kind: JobKind", every_seconds, next_run_at
           from job_schedules
           where next_run_at <= $1 and kind = any($2)
           order by kind
           for update skip locked"#,
        now,
        &known_kinds(),
    )
    .fetch_all(connection)
    .await
}

pub(crate) async fn update_schedule(
    connection: &mut PgConnection,
    kind: JobKind,
    next: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!("update job_schedules set next_run_at = $2 where kind = $1", kind.code(), next)
        .execute(connection)
        .await?;
    Ok(updated.rows_affected() == 1)
}

/// Puts jobs whose worker was heard of no more back into the queue, or gives them up after their last try; the number of them.
pub(crate) async fn release_lost(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let released = sqlx::query!(
        "with lost as (
            select job_id, attempts, attempts < attempts_allowed as has_more
            from jobs
            where status = 'RUNNING' and lease_until < $1
            order by lease_until
            limit 100
            for update skip locked
         ), ended as (
            update job_attempts a
            set ended_at = greatest($1, a.started_at), outcome = 'LOST'
            from lost l
            where a.job_id = l.job_id and a.attempt = l.attempts and a.outcome is null
         )
         update jobs j
         set status = case when l.has_more then 'WAITING' else 'FAILED' end, lease_until = null, run_at = $1,
             finished_at = case when l.has_more then null else $1::timestamptz end
         from lost l
         where j.job_id = l.job_id",
        now,
    )
    .execute(connection)
    .await?;
    Ok(released.rows_affected())
}

/// Takes the job that is due longest, until `lease_until`; none when none is due.
pub(crate) async fn take(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    lease_until: DateTime<Utc>,
) -> sqlx::Result<Option<Run>> {
    let taken = sqlx::query!(
        r#"with due as (
            select job_id
            from jobs
            where status = 'WAITING' and run_at <= $1 and kind = any($3)
            order by run_at, job_id
            limit 1
            for update skip locked
         ), taken as (
            update jobs j
            set status = 'RUNNING', attempts = j.attempts + 1, lease_until = $2
            from due
            where j.job_id = due.job_id
            returning j.job_id, j.kind, j.payload, j.attempts, j.attempts_allowed
         ), begun as (
            insert into job_attempts (job_id, attempt, started_at)
            select job_id, attempts, $1 from taken
         )
         select job_id as "job: JobId", kind as "kind: JobKind", payload, attempts,
                attempts >= attempts_allowed as "is_last!"
         from taken"#,
        now,
        lease_until,
        &known_kinds(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(taken.map(|row| Run {
        job: row.job,
        attempt: row.attempts,
        is_last: row.is_last,
        kind: row.kind,
        payload: row.payload,
    }))
}

/// A newer instance may enter what this one does not know.
fn known_kinds() -> Vec<String> {
    JobKind::ALL.iter().map(|kind| kind.code().to_owned()).collect()
}

/// Locks the job when it is held by this try.
pub(crate) async fn lock_held(connection: &mut PgConnection, job: JobId, attempt: i32) -> sqlx::Result<bool> {
    let held = sqlx::query_scalar!(
        "select true from jobs where job_id = $1 and attempts = $2 and status = 'RUNNING' for update",
        job.0,
        attempt,
    )
    .fetch_optional(connection)
    .await?;
    Ok(held.is_some())
}

/// Puts the end of the lease off; false when the job is held no more.
pub(crate) async fn extend_lease(connection: &mut PgConnection, run: &Run, until: DateTime<Utc>) -> sqlx::Result<bool> {
    let extended = sqlx::query!(
        "update jobs set lease_until = $3 where job_id = $1 and attempts = $2 and status = 'RUNNING'",
        run.job.0,
        run.attempt,
        until,
    )
    .execute(connection)
    .await?;
    Ok(extended.rows_affected() == 1)
}

/// Writes down that the job is done; false when it is held no more.
pub(crate) async fn end_done(
    connection: &mut PgConnection,
    run: &Run,
    report: &Report,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let has_words = |name: &str| Lang::ALL.iter().all(|lang| lang.find_name("job-count", name).is_some());
    debug_assert!(report.iter().all(|(name, _)| has_words(name)), "{report:?}: a name has no words");
    let report: Map<String, Value> = report.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())).collect();
    let ended = sqlx::query!(
        "with held as (
            update jobs set status = 'DONE', lease_until = null, finished_at = $3
            where job_id = $1 and attempts = $2 and status = 'RUNNING'
            returning job_id, attempts
         )
         update job_attempts a
         set ended_at = greatest($3, a.started_at), outcome = 'DONE', report = $4
         from held h
         where a.job_id = h.job_id and a.attempt = h.attempts",
        run.job.0,
        run.attempt,
        now,
        Value::Object(report),
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Writes down that the try has failed: the job waits until `again`, or is given up; false when it is held no more.
pub(crate) async fn end_failed(
    connection: &mut PgConnection,
    run: &Run,
    error: &str,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "with held as (
            update jobs
            set lease_until = null, run_at = coalesce($4, run_at),
                status = case when $4::timestamptz is null or attempts >= attempts_allowed then 'FAILED' else 'WAITING' end,
                finished_at =
                    case when $4::timestamptz is null or attempts >= attempts_allowed then $3::timestamptz end
            where job_id = $1 and attempts = $2 and status = 'RUNNING'
            returning job_id, attempts
         )
         update job_attempts a
         set ended_at = greatest($3, a.started_at), outcome = 'FAILED', error = left($5, 2000)
         from held h
         where a.job_id = h.job_id and a.attempt = h.attempts",
        run.job.0,
        run.attempt,
        now,
        again,
        error,
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Jobs, the newest first; `after` a place in the list.
pub(crate) async fn list_jobs(
    connection: &mut PgConnection,
    filter: Filter,
    after: Option<(DateTime<Utc>, uuid::Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<JobLine>> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        JobLine,
        r#"select job_id as "id: JobId", kind as "kind: JobKind", status as "status: JobStatus", run_at, attempts,
                  attempts_allowed, created_at, finished_at, requested_by as "requested_by: UserId"
           from jobs
           where ($1::text is null or status = $1) and ($2::text is null or kind = $2) and kind = any($6)
             and ($3::timestamptz is null or (created_at, job_id) < ($3, $4))
           order by created_at desc, job_id desc
           limit $5"#,
        filter.status.map(JobStatus::code),
        filter.kind.map(JobKind::code),
        at,
        id,
        limit,
        &known_kinds(),
    )
    .fetch_all(connection)
    .await
}

/// One job.
pub(crate) async fn find_job(connection: &mut PgConnection, id: JobId) -> sqlx::Result<Option<JobLine>> {
    sqlx::query_as!(
        JobLine,
        r#"select job_id as "id: JobId", kind as "kind: JobKind", status as "status: JobStatus", run_at, attempts,
                  attempts_allowed, created_at, finished_at, requested_by as "requested_by: UserId"
           from jobs
           where job_id = $1 and kind = any($2)"#,
        id.0,
        &known_kinds(),
    )
    .fetch_optional(connection)
    .await
}

/// How the job stands, locked until the transaction ends.
pub(crate) async fn lock_job(
    connection: &mut PgConnection,
    id: JobId,
) -> sqlx::Result<Option<(JobKind, JobStatus, i32)>> {
    let found = sqlx::query!(
        r#"select kind as "kind: JobKind", status as "status: JobStatus", attempts
           from jobs where job_id = $1 and kind = any($2) for update"#,
        id.0,
        &known_kinds(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|row| (row.kind, row.status, row.attempts)))
}

pub(crate) async fn list_attempts(connection: &mut PgConnection, id: JobId) -> sqlx::Result<Vec<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select attempt, started_at, ended_at, outcome as "outcome: Outcome", report, error
           from job_attempts where job_id = $1 order by attempt desc"#,
        id.0,
    )
    .fetch_all(connection)
    .await
}

pub(crate) async fn list_schedules(connection: &mut PgConnection) -> sqlx::Result<Vec<Schedule>> {
    sqlx::query_as!(
        Schedule,
        r#"select kind as "kind: JobKind", every_seconds, next_run_at
           from job_schedules where kind = any($1) order by kind"#,
        &known_kinds(),
    )
    .fetch_all(connection)
    .await
}

/// Puts a job back into the queue, for `more` tries.
pub(crate) async fn update_waiting(
    connection: &mut PgConnection,
    id: JobId,
    more: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update jobs set status = 'WAITING', run_at = $2, finished_at = null, attempts_allowed = attempts + $3
         where job_id = $1",
        id.0,
        now,
        more,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a job back, and ends the try that is under way.
pub(crate) async fn update_cancelled(connection: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update jobs set status = 'CANCELLED', lease_until = null, finished_at = $2 where job_id = $1",
        id.0,
        now,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update job_attempts set ended_at = greatest($2, started_at), outcome = 'CANCELLED'
         where job_id = $1 and outcome is null",
        id.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
