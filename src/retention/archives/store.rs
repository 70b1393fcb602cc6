//! SQL of archives. Taking off and dropping are functions of the database, which alone may.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use sqlx::PgConnection;
use uuid::Uuid;

use super::file::{Line, Tally};
use super::model::{ArchiveState, Manifest, Partition};
use crate::ids::UserId;

/// Lets this transaction take an hour: a year of the record is read.
pub(super) async fn take_time(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        r#"select set_config('statement_timeout', '3600000', true) as "statement",
                  set_config('idle_in_transaction_session_timeout', '3600000', true) as "idle""#
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// Makes the partitions of the years up to `year`; how many were missing.
pub(super) async fn prepare_years(connection: &mut PgConnection, year: i32) -> sqlx::Result<i32> {
    sqlx::query_scalar!(r#"select audit.prepare_years($1) as "made!""#, year).fetch_one(connection).await
}

/// Partitions that are attached and not in a file, the oldest first: those whose time is over, or all.
///
/// A year goes as a whole: with events of business in it, by their period, which is the longer one.
pub(super) async fn list_attached(
    connection: &mut PgConnection,
    over_at: Option<DateTime<Utc>>,
) -> sqlx::Result<Vec<Partition>> {
    sqlx::query_as!(
        Partition,
        r#"select p.name as "name!", p.from_at as "from_at!", p.until_at as "until_at!"
           from (select c.relname::text as name, make_timestamptz(right(c.relname, 4)::int, 1, 1, 0, 0, 0, 'UTC') as from_at,
                        make_timestamptz(right(c.relname, 4)::int + 1, 1, 1, 0, 0, 0, 'UTC') as until_at
                 from pg_inherits i join pg_class c on c.oid = i.inhrelid
                 where i.inhparent = 'audit.events'::regclass) p
           where not exists (select from audit.archive_manifests m where m.partition = p.name)
             and ($1::timestamptz is null
                  or p.until_at + (select r.kept from retention_policies r
                                   where r.class = case when exists (
                                       select from audit.events e
                                       where e.occurred_at >= p.from_at and e.occurred_at < p.until_at and e.compliance_relevant)
                                       then 'BUSINESS_EVENTS' else 'SECURITY_EVENTS' end) <= $1)
           order by p.name"#,
        over_at,
    )
    .fetch_all(connection)
    .await
}

/// For how many days events are kept: the longest period first, which is that of business.
pub(super) async fn list_periods(connection: &mut PgConnection) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select (extract(epoch from kept) / 86400)::bigint as "days!" from retention_policies
           where class in ('BUSINESS_EVENTS', 'SECURITY_EVENTS') order by kept desc"#
    )
    .fetch_all(connection)
    .await
}

/// Whether somebody has asked to keep what stands in the partition.
pub(super) async fn is_held(connection: &mut PgConnection, partition: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select audit.is_held($1) as "held!""#, partition).fetch_one(connection).await
}

/// Events of a time.
pub(super) async fn count_events(connection: &mut PgConnection, partition: &Partition) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from audit.events where occurred_at >= $1 and occurred_at < $2"#,
        partition.from_at,
        partition.until_at,
    )
    .fetch_one(connection)
    .await
}

/// The sealed events of a time, by their numbers. They can be millions: they come as they are read, each looked up by its key as
/// the seals name it, since a join would sort them all first.
pub(super) fn stream_lines<'a>(
    connection: &'a mut PgConnection,
    partition: &'a Partition,
) -> BoxStream<'a, sqlx::Result<Line>> {
    sqlx::query_as!(
        Line,
        r#"select s.seq, s.seal_number, e.row_hash, e.text as "text!"
           from audit.sealed s
           cross join lateral (
               select e.row_hash, audit.text_of(e) as text
               from audit.events e
               where e.seq = s.seq and e.occurred_at = s.occurred_at
               limit 1) e
           where s.occurred_at >= $1 and s.occurred_at < $2
           order by s.seq"#,
        partition.from_at,
        partition.until_at,
    )
    .fetch(connection)
}

/// What is written down of a file.
pub(super) struct Laid<'a> {
    pub key: &'a str,
    pub size_bytes: i64,
    pub sha256: &'a [u8],
    pub chain_head: &'a [u8],
    pub job: Uuid,
}

pub(super) async fn insert_manifest(
    connection: &mut PgConnection,
    id: Uuid,
    (partition, tally, laid): (&Partition, &Tally, &Laid<'_>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (first, last) = (tally.first.as_ref(), tally.last.as_ref());
    sqlx::query!(
        "insert into audit.archive_manifests (manifest_id, partition, from_at, until_at, state, event_count, first_seq, last_seq,
             first_hash, last_hash, hashes_sha256, chain_head, storage_key, size_bytes, sha256, created_by_job, created_at)
         values ($1, $2, $3, $4, 'EXPORTED', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        id,
        partition.name,
        partition.from_at,
        partition.until_at,
        tally.events,
        first.map(|place| place.0),
        last.map(|place| place.0),
        first.map(|place| place.1.as_slice()),
        last.map(|place| place.1.as_slice()),
        tally.hashes(),
        laid.chain_head,
        laid.key,
        laid.size_bytes,
        laid.sha256,
        laid.job,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Guards the partition and takes it off.
pub(super) async fn detach(connection: &mut PgConnection, partition: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("select audit.detach_archived($1)", partition).execute(&mut *connection).await?;
    sqlx::query!(
        "update audit.archive_manifests set state = 'DETACHED', detached_at = $2 where partition = $1",
        partition,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Drops the partition whose file was just found to have this fingerprint.
pub(super) async fn drop_partition(
    connection: &mut PgConnection,
    partition: &str,
    sha256: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("select audit.drop_archived($1, $2)", partition, sha256).execute(&mut *connection).await?;
    sqlx::query!(
        "update audit.archive_manifests set state = 'DROPPED', dropped_at = $2 where partition = $1",
        partition,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Every archive, the last year first.
pub(super) async fn list_manifests(connection: &mut PgConnection) -> sqlx::Result<Vec<Manifest>> {
    sqlx::query_as!(
        Manifest,
        r#"select manifest_id as id, partition, from_at, until_at, state as "state: _", event_count, first_seq, last_seq,
                  hashes_sha256, chain_head, storage_key, size_bytes, sha256, created_at, detached_at,
                  drop_asked_by as "drop_asked_by: UserId", drop_asked_at, drop_reason, approved_by as "approved_by: UserId",
                  approved_at, dropped_at
           from audit.archive_manifests order by partition desc"#
    )
    .fetch_all(connection)
    .await
}

/// The archive of a partition.
pub(super) async fn find_manifest(connection: &mut PgConnection, partition: &str) -> sqlx::Result<Option<Manifest>> {
    let all = list_manifests(connection).await?;
    Ok(all.into_iter().find(|manifest| manifest.partition == partition))
}

/// Somebody wants it dropped; false when it stands elsewhere by now.
pub(super) async fn update_asked(
    connection: &mut PgConnection,
    partition: &str,
    (person, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update audit.archive_manifests set state = 'DROP_ASKED', drop_asked_by = $2, drop_asked_at = $3, drop_reason = $4
         where partition = $1 and state = 'DETACHED'",
        partition,
        person.0,
        now,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Another agrees; false when it stands elsewhere by now.
pub(super) async fn update_approved(
    connection: &mut PgConnection,
    partition: &str,
    person: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update audit.archive_manifests set state = 'DROP_APPROVED', approved_by = $2, approved_at = $3
         where partition = $1 and state = 'DROP_ASKED'",
        partition,
        person.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Nobody wants it dropped any more; false when it does not stand at `from`.
pub(super) async fn update_withdrawn(
    connection: &mut PgConnection,
    partition: &str,
    from: ArchiveState,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update audit.archive_manifests
         set state = 'DETACHED', drop_asked_by = null, drop_asked_at = null, drop_reason = null, approved_by = null,
             approved_at = null
         where partition = $1 and state = $2",
        partition,
        from.code(),
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What the chain says of the seals that cover the events of a file: how many events, and the root.
pub(super) async fn list_seals(
    connection: &mut PgConnection,
    numbers: &[i64],
) -> sqlx::Result<BTreeMap<i64, (i32, Vec<u8>)>> {
    let seals =
        sqlx::query!("select seal_number, event_count, root from audit.seals where seal_number = any($1)", numbers)
            .fetch_all(connection)
            .await?;
    Ok(seals.into_iter().map(|seal| (seal.seal_number, (seal.event_count, seal.root))).collect())
}
