//! SQL of retention. What goes is deleted by functions of the database, which alone may.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Cause, Policy, Rhythm, RunLine};
use crate::ids::{JobId, UserId};

/// Every policy, with what came of it last.
pub(super) async fn list_policies(connection: &mut PgConnection) -> sqlx::Result<Vec<Policy>> {
    sqlx::query_as!(
        Policy,
        r#"select p.class, p.source, p.method as "method: _", p.legal_basis as "legal_basis: _",
                  (extract(epoch from p.kept) / 60)::bigint as kept_minutes, applied.started_at as "applied_at?",
                  applied.rows_removed as "removed?", counted.started_at as "counted_at?", counted.rows_counted as "counted?"
           from retention_policies p
           left join lateral (select r.started_at, r.rows_removed from retention_runs r
                              where r.class = p.class and not r.is_dry order by r.started_at desc limit 1) applied on true
           left join lateral (select r.started_at, r.rows_counted from retention_runs r
                              where r.class = p.class and r.is_dry order by r.started_at desc limit 1) counted on true
           order by p.place"#
    )
    .fetch_all(connection)
    .await
}

/// The classes that are carried out row by row, in their order: those of one rhythm, or all.
pub(super) async fn list_classes(connection: &mut PgConnection, rhythm: Option<Rhythm>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select class from retention_policies where runs is not null and ($1::text is null or runs = $1) order by place",
        rhythm.map(Rhythm::code),
    )
    .fetch_all(connection)
    .await
}

/// Lets the statements of this transaction take ten minutes: years are counted, and nobody waits for the answer.
pub(super) async fn take_time(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(r#"select set_config('statement_timeout', '600000', true) as "set""#).fetch_one(connection).await?;
    Ok(())
}

/// Rows of the class whose time is over.
pub(super) async fn count_due(connection: &mut PgConnection, class: &str, now: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select app.count_retention($1, $2) as "count!""#, class, now).fetch_one(connection).await
}

/// What a part of a run has done.
pub(super) struct Part {
    pub rows: i64,
    /// Files that nothing names any more.
    pub files: Vec<String>,
}

/// Carries the policy out on `most` rows.
pub(super) async fn apply(
    connection: &mut PgConnection,
    class: &str,
    now: DateTime<Utc>,
    most: i32,
) -> sqlx::Result<Part> {
    sqlx::query_as!(
        Part,
        r#"select affected as "rows!", files as "files!" from app.apply_retention($1, $2, $3)"#,
        class,
        now,
        most,
    )
    .fetch_one(connection)
    .await
}

/// A run that begins.
pub(super) struct NewRun<'a> {
    pub id: Uuid,
    pub class: &'a str,
    pub is_dry: bool,
    pub cause: Cause,
    pub requested_by: Option<UserId>,
    pub counted: i64,
}

pub(super) async fn insert_run(
    connection: &mut PgConnection,
    run: &NewRun<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into retention_runs (run_id, class, is_dry, cause, requested_by, started_at, rows_counted)
         values ($1, $2, $3, $4, $5, $6, $7)",
        run.id,
        run.class,
        run.is_dry,
        run.cause.code(),
        run.requested_by.map(|person| person.0),
        now,
        run.counted,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds to what a run has removed.
pub(super) async fn update_removed(connection: &mut PgConnection, run: Uuid, rows: i64) -> sqlx::Result<()> {
    sqlx::query!("update retention_runs set rows_removed = rows_removed + $2 where run_id = $1", run, rows)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn update_ended(connection: &mut PgConnection, run: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update retention_runs set ended_at = greatest($2, started_at) where run_id = $1", run, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// The last runs.
pub(super) async fn list_runs(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<RunLine>> {
    sqlx::query_as!(
        RunLine,
        r#"select class, is_dry, cause as "cause: _", requested_by as "requested_by: UserId", started_at, ended_at,
                  rows_counted as counted, rows_removed as removed
           from retention_runs order by started_at desc, run_id desc limit $1"#,
        most,
    )
    .fetch_all(connection)
    .await
}

/// Who asked for the job.
pub(super) async fn find_requester(connection: &mut PgConnection, job: JobId) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!(r#"select requested_by as "person: UserId" from jobs where job_id = $1"#, job.0)
        .fetch_one(connection)
        .await
}
