//! The SQL of the record: events are appended, seals are appended, nothing else is ever written.

use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Author, Event, Prepared};
use crate::ids::{OrganizationId, UserId};

/// Appends the event with its private part, where it has one.
pub(super) async fn insert_event(
    connection: &mut PgConnection,
    author: Author<'_>,
    event: &Event,
    prepared: Prepared,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with event as (
             insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type,
                 entity_id, severity, compliance_relevant, details, request_id, private_commitment, row_hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, ''))
         insert into audit.event_private (event_id, occurred_at, salt, payload)
         select $1, $2, $13, $14 where $13::bytea is not null",
        prepared.event_id,
        now,
        author.user as Option<UserId>,
        author.organization as Option<OrganizationId>,
        event.event_type,
        event.entity_type,
        event.entity_id,
        event.severity.code(),
        event.compliance_relevant,
        prepared.details,
        author.origin.request_id,
        prepared.commitment,
        prepared.salt,
        prepared.payload,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the lock of the one who seals, for this transaction; false when another instance holds it.
pub(super) async fn try_lock_sealing(connection: &mut PgConnection, lock: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, lock).fetch_one(connection).await
}

/// An event that no seal covers yet.
pub(super) struct Unsealed {
    pub seq: i64,
    pub occurred_at: DateTime<Utc>,
    pub row_hash: Vec<u8>,
}

/// The first `limit` of the events that no seal covers yet.
pub(super) async fn list_unsealed(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Unsealed>> {
    sqlx::query_as!(
        Unsealed,
        // Each by its key: after many events at once the statistics of what waits are old, and the whole record would be read.
        r#"select u.seq, u.occurred_at, e.row_hash
           from (select seq, occurred_at from audit.unsealed order by seq limit $1) u
           cross join lateral (select e.row_hash from audit.events e
                               where e.seq = u.seq and e.occurred_at = u.occurred_at limit 1) e
           order by u.seq"#,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Puts the events under the seal.
pub(super) async fn move_under_seal(connection: &mut PgConnection, events: &[Unsealed], seal: i64) -> sqlx::Result<()> {
    let seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
    let times: Vec<DateTime<Utc>> = events.iter().map(|event| event.occurred_at).collect();
    sqlx::query!(
        "insert into audit.sealed (seq, occurred_at, seal_number)
         select seq, occurred_at, $3 from unnest($1::bigint[], $2::timestamptz[]) as batch (seq, occurred_at)",
        &seqs,
        &times,
        seal
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("delete from audit.unsealed where seq = any($1)", &seqs).execute(connection).await?;
    Ok(())
}

/// A seal of the chain.
pub(super) struct Seal {
    pub seal_number: i64,
    pub event_count: i32,
    pub root: Vec<u8>,
    pub previous: Vec<u8>,
    pub head: Vec<u8>,
}

pub(super) async fn insert_seal(connection: &mut PgConnection, seal: &Seal, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit.seals (seal_number, event_count, root, previous, head, sealed_at)
         values ($1, $2, $3, $4, $5, $6)",
        seal.seal_number,
        seal.event_count,
        seal.root,
        seal.previous,
        seal.head,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Number and head of the last seal.
pub(super) async fn find_last_seal(connection: &mut PgConnection) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    let last = sqlx::query!("select seal_number, head from audit.seals order by seal_number desc limit 1")
        .fetch_optional(connection)
        .await?;
    Ok(last.map(|seal| (seal.seal_number, seal.head)))
}

/// The chain from its beginning.
pub(super) async fn list_seals(connection: &mut PgConnection) -> sqlx::Result<Vec<Seal>> {
    sqlx::query_as!(Seal, "select seal_number, event_count, root, previous, head from audit.seals order by seal_number")
        .fetch_all(connection)
        .await
}

/// The first and the last number among what was sealed and what waits to be; none where there is nothing. Events that are neither
/// may have numbers before and after these.
pub(super) async fn find_bounds(connection: &mut PgConnection) -> sqlx::Result<Option<(i64, i64)>> {
    let bounds = sqlx::query!(
        "select least((select min(seq) from audit.unsealed), (select min(seq) from audit.sealed)) as first,
                greatest((select max(seq) from audit.unsealed), (select max(seq) from audit.sealed)) as last"
    )
    .fetch_one(connection)
    .await?;
    Ok(bounds.first.zip(bounds.last))
}

/// What stands under one number: an event, what was sealed, or both as they should.
pub(super) struct Entry {
    pub seq: i64,
    pub occurred_at: DateTime<Utc>,
    pub seal_number: Option<i64>,
    /// Whether an event without a seal waits for one.
    pub is_waiting: bool,
    /// Of an event that is not here: its hash, where a seal that covers two years needs it.
    pub archived_hash: Option<Vec<u8>>,
    /// None when the event is not here.
    pub row_hash: Option<Vec<u8>>,
    pub event_id: Option<Uuid>,
    pub actor_id: Option<Uuid>,
    pub organization_id: Option<Uuid>,
    pub event_type: Option<String>,
    pub entity_type: Option<String>,
    pub entity_id: Option<Uuid>,
    pub severity: Option<String>,
    pub compliance_relevant: Option<bool>,
    pub details: Option<String>,
    pub request_id: Option<Uuid>,
    pub private_commitment: Option<Vec<u8>>,
}

/// What stands under the numbers from `first` up to and without `until`, in no order: sorting whole events would take longer
/// than reading them.
pub(super) fn stream_entries(
    connection: &mut PgConnection,
    first: i64,
    until: i64,
) -> BoxStream<'_, sqlx::Result<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select coalesce(e.seq, s.seq) as "seq!", coalesce(e.occurred_at, s.occurred_at) as "occurred_at!",
                  s.seal_number as "seal_number?",
                  case when s.seq is null then exists (select from audit.unsealed u where u.seq = e.seq)
                       else false end as "is_waiting!",
                  case when e.seq is null then (select a.row_hash from audit.archived_hashes a
                                                where a.seq = s.seq and a.occurred_at = s.occurred_at)
                       end as archived_hash,
                  e.row_hash as "row_hash?", e.event_id as "event_id?", e.actor_id, e.organization_id,
                  e.event_type as "event_type?", e.entity_type as "entity_type?", e.entity_id,
                  e.severity as "severity?", e.compliance_relevant as "compliance_relevant?", e.details::text as details,
                  e.request_id, e.private_commitment
           from (select * from audit.events where seq >= $1 and seq < $2) e
           full join (select * from audit.sealed where seq >= $1 and seq < $2) s
                on s.seq = e.seq and s.occurred_at = e.occurred_at"#,
        first,
        until,
    )
    .fetch(connection)
}

/// A year that was taken off: what its manifest says.
pub(super) struct ArchivedYear {
    pub id: Uuid,
    pub partition: String,
    pub from_at: DateTime<Utc>,
    pub until_at: DateTime<Utc>,
    pub is_dropped: bool,
    pub event_count: i64,
    pub hashes_sha256: Vec<u8>,
    pub chain_head: Vec<u8>,
    pub sha256: Vec<u8>,
    pub created_at: DateTime<Utc>,
}

/// Every year that was taken off, the first first.
pub(super) async fn list_archived(connection: &mut PgConnection) -> sqlx::Result<Vec<ArchivedYear>> {
    sqlx::query_as!(
        ArchivedYear,
        r#"select manifest_id as id, partition, from_at, until_at, state = 'DROPPED' as "is_dropped!", event_count,
                  hashes_sha256, chain_head, sha256, created_at
           from audit.archive_manifests where state <> 'EXPORTED' order by partition"#
    )
    .fetch_all(connection)
    .await
}

/// What the record says of a file.
pub(super) async fn find_written(
    connection: &mut PgConnection,
    manifest: Uuid,
    event_type: &str,
) -> sqlx::Result<Option<serde_json::Value>> {
    sqlx::query_scalar!(
        "select details from audit.events where entity_type = 'archive' and entity_id = $1 and event_type = $2
         order by occurred_at limit 1",
        manifest,
        event_type,
    )
    .fetch_optional(connection)
    .await
}
