//! SQL of erasures. The erasing itself is a function of the database: nobody else may touch what it touches.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Counted, Erasure, LedgerEntry, Place, Plan, Refusal};
use crate::auth::{Actor, Role};
use crate::i18n::Lang;
use crate::ids::{GrantId, OrganizationId, UserId};
use crate::organizations::link_token::LinkToken;
use crate::workflow::OutboxEvent;

/// What erasing does, by reason.
pub(super) async fn list_plan(connection: &mut PgConnection) -> sqlx::Result<Vec<Plan>> {
    sqlx::query_as!(
        Plan,
        r#"select on_erasure as "on_erasure: _", purpose as "purpose: _", legal_basis as "legal_basis: _", kept as "kept: _",
                  array_agg(distinct source order by source) as "sources!"
           from processing_register
           group by on_erasure, purpose, legal_basis, kept
           order by array_position('{DELETE,CLEAR,KEEP}', on_erasure), purpose, kept"#
    )
    .fetch_all(connection)
    .await
}

/// Every place of the register.
pub(super) async fn list_places(connection: &mut PgConnection) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as!(
        Place,
        r#"select source, person_column, legal_basis as "legal_basis: _", on_erasure as "on_erasure: _"
           from processing_register order by source, person_column"#
    )
    .fetch_all(connection)
    .await
}

/// Rows of one place that name the person of this transaction.
pub(super) async fn count_rows(connection: &mut PgConnection, place: &Place) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from app.own_rows($1, $2)"#, place.source, place.person_column)
        .fetch_one(connection)
        .await
}

/// The viewer's erasures, the newest first.
pub(super) async fn list_own(connection: &mut PgConnection, viewer: &Actor, most: i64) -> sqlx::Result<Vec<Erasure>> {
    sqlx::query_as!(
        Erasure,
        r#"select erasure_id as id, asked_at, expires_at, confirmed_at, due_at, withdrawn_at, refused_at,
                  refusal as "refusal: _", done_at, counts as "counts: _"
           from erasures where user_id = $1
           order by asked_at desc, erasure_id desc limit $2"#,
        viewer.user_id.0,
        most,
    )
    .fetch_all(connection)
    .await
}

/// Everybody's, the newest first, for who runs or audits the system.
pub(super) async fn list_all(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<Erasure>> {
    sqlx::query_as!(
        Erasure,
        r#"select erasure_id as id, asked_at, expires_at, confirmed_at, due_at, withdrawn_at, refused_at,
                  refusal as "refusal: _", done_at, counts as "counts: _"
           from erasures order by asked_at desc, erasure_id desc limit $1"#,
        most,
    )
    .fetch_all(connection)
    .await
}

/// One that is done, for who runs or audits the system.
pub(super) async fn find_done(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Erasure>> {
    sqlx::query_as!(
        Erasure,
        r#"select erasure_id as id, asked_at, expires_at, confirmed_at, due_at, withdrawn_at, refused_at,
                  refusal as "refusal: _", done_at, counts as "counts: _"
           from erasures where erasure_id = $1 and done_at is not null"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// The one whose certificate a link opens.
pub(super) async fn find_certified(connection: &mut PgConnection, token: &LinkToken) -> sqlx::Result<Option<Erasure>> {
    let hash = token.hash();
    sqlx::query_as!(
        Erasure,
        r#"select erasure_id as id, asked_at, expires_at, confirmed_at, due_at, withdrawn_at, refused_at,
                  refusal as "refusal: _", done_at, counts as "counts: _"
           from erasures where certificate_hash = $1 and done_at is not null"#,
        hash.as_slice(),
    )
    .fetch_optional(connection)
    .await
}

/// Whether the viewer can be written to.
pub(super) async fn has_address(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select app.has_address() as "is_there!""#).fetch_one(connection).await
}

/// Why the person cannot be erased now.
pub(super) async fn find_refusal(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Option<Refusal>> {
    sqlx::query_scalar!(r#"select app.erasure_refusal($1) as "refusal: Refusal""#, person.0).fetch_one(connection).await
}

/// Ends what the viewer asked for and did not confirm in time, so that they can ask again.
pub(super) async fn update_lapsed(
    connection: &mut PgConnection,
    viewer: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update erasures set withdrawn_at = $2
         where user_id = $1 and confirmed_at is null and withdrawn_at is null and refused_at is null and done_at is null
           and expires_at <= $2",
        viewer.user_id.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that the person asks; false when one is under way.
pub(super) async fn insert_asked(
    connection: &mut PgConnection,
    id: Uuid,
    (person, lang): (UserId, Lang),
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into erasures (erasure_id, user_id, language, asked_at, expires_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        id,
        person.0,
        lang.code(),
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Takes back what the viewer has under way; which one it was.
pub(super) async fn update_withdrawn(
    connection: &mut PgConnection,
    viewer: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update erasures set withdrawn_at = $2
         where user_id = $1 and withdrawn_at is null and refused_at is null and done_at is null
           and (confirmed_at is not null or expires_at > $2)
         returning erasure_id",
        viewer.user_id.0,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// What a link opens.
pub(super) struct Opened {
    pub id: Uuid,
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub username: String,
    pub full_name: String,
    /// When it will be done, once it is confirmed.
    pub due_at: Option<DateTime<Utc>>,
    pub language: String,
}

/// What the link opens, if it still does.
pub(super) async fn find_open(
    connection: &mut PgConnection,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Opened>> {
    let hash = token.hash();
    sqlx::query_as!(
        Opened,
        r#"select e.erasure_id as id, u.id as "user_id: UserId", u.organization_id as "organization_id: OrganizationId",
                  u.username, u.full_name, e.due_at, e.language
           from erasures e join users u on u.id = e.user_id
           where e.token_hash = $1 and (e.confirmed_at is not null or e.expires_at > $2)
             and e.withdrawn_at is null and e.refused_at is null and e.done_at is null"#,
        hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Confirms it; false when it is confirmed already, or open no more.
pub(super) async fn update_confirmed(
    connection: &mut PgConnection,
    id: Uuid,
    (now, due_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update erasures set confirmed_at = $2, due_at = $3
         where erasure_id = $1 and confirmed_at is null and expires_at > $2
           and withdrawn_at is null and refused_at is null and done_at is null",
        id,
        now,
        due_at,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// An erasure whose day has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub id: Uuid,
    pub person: UserId,
}

/// Those whose day has come, the longest due first.
pub(super) async fn list_due(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Due>> {
    sqlx::query_as!(
        Due,
        r#"select erasure_id as id, user_id as "person: UserId" from erasures
           where due_at <= $1 and withdrawn_at is null and refused_at is null and done_at is null
           order by due_at, erasure_id"#,
        now,
    )
    .fetch_all(connection)
    .await
}

/// Who a person is to the last mail and to the record.
pub(super) struct Leaving {
    pub email: Option<String>,
    pub language: String,
}

/// Locks one that is still due. None when it was withdrawn or done meanwhile, or another has it.
pub(super) async fn lock_due(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Leaving>> {
    sqlx::query_as!(
        Leaving,
        r#"select (select u.email from users u where u.id = e.user_id and u.email_verified_at is not null) as email,
                  e.language
           from erasures e
           where e.erasure_id = $1 and e.due_at <= $2
             and e.withdrawn_at is null and e.refused_at is null and e.done_at is null
           for update of e skip locked"#,
        id,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// It cannot be done.
pub(super) async fn update_refused(
    connection: &mut PgConnection,
    id: Uuid,
    refusal: Refusal,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update erasures set refused_at = $2, refusal = $3 where erasure_id = $1", id, now, refusal.code())
        .execute(connection)
        .await?;
    Ok(())
}

/// A role that ends with whoever is erased.
pub(super) struct EndedGrant {
    pub id: GrantId,
    /// The person, or who has done their work.
    pub holder: UserId,
    pub role: Role,
}

/// Ends what the person holds, and what others do in their place; which grants these were.
pub(super) async fn end_roles(
    connection: &mut PgConnection,
    person: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<EndedGrant>> {
    sqlx::query_as!(
        EndedGrant,
        r#"select grant_id as "id!: GrantId", holder as "holder!: UserId", held_as as "role!: Role"
           from app.end_roles($1, $2)"#,
        person.0,
        now,
    )
    .fetch_all(connection)
    .await
}

/// Puts news of an erasure into the outbox.
pub(super) async fn insert_outbox(
    connection: &mut PgConnection,
    event: &OutboxEvent,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at) values ($1, $2, $3, $4, $5)",
        event.kind,
        event.subject,
        event.subject_id,
        event.payload,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Erases the person as the register says.
pub(super) async fn erase(connection: &mut PgConnection, person: UserId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("select app.erase_person($1, $2)", person.0, now).execute(connection).await?;
    Ok(())
}

/// It is done; the last mail goes to `farewell_to`.
pub(super) async fn update_done(
    connection: &mut PgConnection,
    id: Uuid,
    (counts, farewell_to): (&[Counted], Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update erasures set done_at = $2, counts = $3, farewell_to = $4 where erasure_id = $1",
        id,
        now,
        Json(counts) as _,
        farewell_to,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// To whom a mail goes before the erasure.
pub(super) struct Receiver {
    pub full_name: String,
    pub email: String,
    pub due_at: Option<DateTime<Utc>>,
    pub refusal: Option<Refusal>,
}

/// Gives an erasure that waits to be confirmed its link.
pub(super) async fn update_token(
    connection: &mut PgConnection,
    id: Uuid,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Receiver>> {
    let hash = token.hash();
    sqlx::query_as!(
        Receiver,
        r#"update erasures e set token_hash = $2
           from users u
           where e.erasure_id = $1 and u.id = e.user_id and e.confirmed_at is null and e.expires_at > $3
             and e.withdrawn_at is null and e.refused_at is null and e.done_at is null
             and u.is_active and u.email is not null and u.email_verified_at is not null
           returning u.full_name, u.email as "email!", e.due_at, e.refusal as "refusal: _""#,
        id,
        hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Who is told of an erasure that is not done.
pub(super) async fn find_receiver(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select u.full_name, u.email as "email!", e.due_at, e.refusal as "refusal: _"
           from erasures e join users u on u.id = e.user_id
           where e.erasure_id = $1 and e.done_at is null and e.withdrawn_at is null
             and u.email is not null and u.email_verified_at is not null"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// Gives a certificate its link; to which address that goes.
pub(super) async fn update_certificate(
    connection: &mut PgConnection,
    id: Uuid,
    token: &LinkToken,
) -> sqlx::Result<Option<String>> {
    let hash = token.hash();
    sqlx::query_scalar!(
        r#"update erasures set certificate_hash = $2 where erasure_id = $1 and farewell_to is not null
           returning farewell_to as "farewell_to!""#,
        id,
        hash.as_slice(),
    )
    .fetch_optional(connection)
    .await
}

/// Forgets where the last mail went.
pub(super) async fn update_farewell(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update erasures set farewell_to = null where erasure_id = $1", id).execute(connection).await?;
    Ok(())
}

/// Everybody who was erased, the first first.
pub(super) async fn list_ledger(connection: &mut PgConnection) -> sqlx::Result<Vec<LedgerEntry>> {
    sqlx::query_as!(
        LedgerEntry,
        r#"select erasure_id as erasure, user_id as person, asked_at, confirmed_at as "confirmed_at!", due_at as "due_at!",
                  done_at as "done_at!"
           from erasures where done_at is not null order by done_at, erasure_id"#
    )
    .fetch_all(connection)
    .await
}

/// How a line of the ledger stands in this database.
pub(super) struct Standing {
    /// Whether the person is there.
    pub is_known: bool,
    /// Whether this erasure is done here.
    pub is_done: bool,
    /// Whether a legal hold stands on them.
    pub is_held: bool,
}

/// How a line of the ledger stands in this database.
pub(super) async fn find_standing(connection: &mut PgConnection, entry: &LedgerEntry) -> sqlx::Result<Standing> {
    sqlx::query_as!(
        Standing,
        r#"select exists (select from users where id = $1) as "is_known!",
                  exists (select from erasures where erasure_id = $2 and done_at is not null) as "is_done!",
                  app.is_person_held($1) as "is_held!""#,
        entry.person,
        entry.erasure,
    )
    .fetch_one(connection)
    .await
}

/// Writes a line of the ledger as done.
pub(super) async fn insert_replayed(
    connection: &mut PgConnection,
    entry: &LedgerEntry,
    counts: &[Counted],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into erasures (erasure_id, user_id, language, asked_at, expires_at, confirmed_at, due_at, done_at, counts)
         values ($1, $2, 'en', $3::timestamptz, $3::timestamptz + interval '1 day', $4, $5, $6, $7)
         on conflict (erasure_id) do update set confirmed_at = excluded.confirmed_at, due_at = excluded.due_at,
             done_at = excluded.done_at, counts = excluded.counts, withdrawn_at = null, refused_at = null, refusal = null",
        entry.erasure,
        entry.person,
        entry.asked_at,
        entry.confirmed_at,
        entry.due_at,
        entry.done_at,
        Json(counts) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
