//! SQL of people's copies of their data.

use chrono::{DateTime, Utc};
use futures::Stream;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Asked, DataCopy, Entry, OwnFile};
use crate::auth::Actor;
use crate::i18n::Lang;
use crate::ids::UserId;

/// The whole register, in the order in which people read it.
pub(super) async fn list_register(connection: &mut PgConnection) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select source, person_column, purpose as "purpose: _", legal_basis as "legal_basis: _", kept as "kept: _", told
           from processing_register
           order by purpose, source, person_column"#
    )
    .fetch_all(connection)
    .await
}

/// The last copies of the viewer, the newest first.
pub(super) async fn list_own(connection: &mut PgConnection, viewer: &Actor, most: i64) -> sqlx::Result<Vec<DataCopy>> {
    sqlx::query_as!(
        DataCopy,
        r#"select copy_id as id, asked_at, parts_done, parts_total, size_bytes, sha256, expires_at, taken_at, failed_at
           from personal_data_copies where user_id = $1
           order by asked_at desc, copy_id desc limit $2"#,
        viewer.user_id.0,
        most,
    )
    .fetch_all(connection)
    .await
}

/// Whether a copy of the person's is being made, or waits for them.
pub(super) async fn is_one_under_way(
    connection: &mut PgConnection,
    person: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from personal_data_copies
                          where user_id = $1 and failed_at is null and taken_at is null
                            and (expires_at is null or expires_at > $2)) as "is_there!""#,
        person.0,
        now,
    )
    .fetch_one(connection)
    .await
}

/// Notes that somebody asks for a copy; false when one is being made.
pub(super) async fn insert_copy(
    connection: &mut PgConnection,
    id: Uuid,
    (person, lang): (UserId, Lang),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into personal_data_copies (copy_id, user_id, language, asked_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        id,
        person.0,
        lang.code(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Hands a copy over, once and in its time; where it lies.
pub(super) async fn take(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"update personal_data_copies set taken_at = $3
           where copy_id = $1 and user_id = $2 and taken_at is null and expires_at > $3 and storage_key is not null
           returning storage_key as "storage_key!""#,
        id,
        viewer.user_id.0,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Whether it is a copy of the viewer's.
pub(super) async fn is_own(connection: &mut PgConnection, viewer: &Actor, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from personal_data_copies where copy_id = $1 and user_id = $2) as "is_there!""#,
        id,
        viewer.user_id.0,
    )
    .fetch_one(connection)
    .await
}

/// Whose copy is to be made, while it still is.
pub(super) async fn find_asked(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Asked>> {
    let row = sqlx::query!(
        r#"select u.id as "id: UserId", u.full_name, u.username, c.language
           from personal_data_copies c join users u on u.id = c.user_id
           where c.copy_id = $1 and c.ready_at is null and c.failed_at is null"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Asked {
        person: row.id,
        full_name: row.full_name,
        username: row.username,
        lang: Lang::from_code(&row.language).unwrap_or_default(),
    }))
}

/// How far it has come.
pub(super) async fn update_progress(
    connection: &mut PgConnection,
    id: Uuid,
    (done, total): (i32, i32),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update personal_data_copies set parts_done = $2, parts_total = $3 where copy_id = $1",
        id,
        done,
        total
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A copy that lies in the store.
pub(super) struct Laid<'a> {
    pub key: &'a str,
    pub size_bytes: i64,
    pub sha256: &'a [u8],
}

/// It is ready, until `expires_at`.
pub(super) async fn update_ready(
    connection: &mut PgConnection,
    id: Uuid,
    laid: &Laid<'_>,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update personal_data_copies set storage_key = $2, size_bytes = $3, sha256 = $4, ready_at = $5, expires_at = $6
         where copy_id = $1",
        id,
        laid.key,
        laid.size_bytes,
        laid.sha256,
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// It will not be made.
pub(super) async fn update_failed(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update personal_data_copies set failed_at = $2 where copy_id = $1 and ready_at is null and failed_at is null",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives up what was asked for before `moment` and nobody makes any more.
pub(super) async fn update_abandoned(
    connection: &mut PgConnection,
    moment: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update personal_data_copies set failed_at = $2 where asked_at < $1 and ready_at is null and failed_at is null",
        moment,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// To whom the news of a copy goes, while it can be had.
pub(super) struct Receiver {
    pub full_name: String,
    pub email: String,
    pub expires_at: DateTime<Utc>,
}

/// Who learns that copy `id` is ready; none when they cannot be written to, or have it already.
pub(super) async fn find_receiver(
    connection: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select u.full_name, u.email as "email!", c.expires_at as "expires_at!"
           from personal_data_copies c join users u on u.id = c.user_id
           where c.copy_id = $1 and c.taken_at is null and c.expires_at > $2
             and u.email is not null and u.email_verified_at is not null and u.is_active"#,
        id,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// The rows of one entry of the register that name the person whose copy is made, as they are told.
pub(super) fn stream_rows<'a>(
    connection: &'a mut PgConnection,
    entry: &'a Entry,
) -> impl Stream<Item = sqlx::Result<Value>> + 'a {
    sqlx::query_scalar!(r#"select own_rows as "row!" from app.own_rows($1, $2)"#, entry.source, entry.person_column)
        .fetch(connection)
}

/// The files that the person has handed in; what a scanner has found infected is handed to nobody.
pub(super) async fn list_files(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Vec<OwnFile>> {
    sqlx::query_as!(
        OwnFile,
        r#"select document_id as "id!", document_name as "name!", document_path as "path!" from export_documents
           where uploaded_by = $1 and scan_status <> 'INFECTED'
           union all
           select document_id, file_name, storage_key from preregistration_documents
           where uploaded_by = $1 and scan_status <> 'INFECTED'
           order by 1"#,
        person.0,
    )
    .fetch_all(connection)
    .await
}
