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
        r#"select u.seq, u.occurred_at, e.row_hash
           from audit.unsealed u
           join audit.events e on e.seq = u.seq and e.occurred_at = u.occurred_at
           order by u.seq
           limit $1"#,
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

/// An event whose hash is not that of its contents.
pub(super) struct Changed {
    pub seq: i64,
    pub event_id: Uuid,
}

/// The first `limit` of the events that were changed.
pub(super) async fn list_changed(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Changed>> {
    sqlx::query_as!(
        Changed,
        r#"select e.seq, e.event_id
           from audit.events e
           where e.row_hash <> audit.hash_of(e)
           order by e.seq
           limit $1"#,
        limit
    )
    .fetch_all(connection)
    .await
}

/// How many events there are, wait to be sealed, and are neither sealed nor waiting.
pub(super) struct Counts {
    pub events: i64,
    pub unsealed: i64,
    pub uncovered: i64,
}

pub(super) async fn count_events(connection: &mut PgConnection) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select (select count(*) from audit.events) as "events!", (select count(*) from audit.unsealed) as "unsealed!",
                  (select count(*) from audit.events e
                   where not exists (select from audit.sealed s where s.seq = e.seq)
                     and not exists (select from audit.unsealed u where u.seq = e.seq)) as "uncovered!""#
    )
    .fetch_one(connection)
    .await
}

/// An event under a seal; without a hash when it is no longer there.
pub(super) struct Sealed {
    pub seal_number: i64,
    pub seq: i64,
    pub occurred_at: DateTime<Utc>,
    pub row_hash: Option<Vec<u8>>,
    /// Whether the event itself is there, and not its hash alone.
    pub is_here: bool,
}

/// Each seal's events in their order. They can be millions: they come as they are read.
pub(super) fn stream_sealed(connection: &mut PgConnection) -> BoxStream<'_, sqlx::Result<Sealed>> {
    sqlx::query_as!(
        Sealed,
        r#"select s.seal_number, s.seq, s.occurred_at, coalesce(e.row_hash, a.row_hash) as row_hash,
                  e.seq is not null as "is_here!"
           from audit.sealed s
           left join audit.events e on e.seq = s.seq and e.occurred_at = s.occurred_at
           left join audit.archived_hashes a on a.seq = s.seq and a.occurred_at = s.occurred_at
           order by s.seal_number, s.seq"#
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
