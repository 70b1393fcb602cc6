//! SQL of requests for a new password. Runs as the gate; what is for a mail, as the worker.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{OrganizationId, UserId};
use crate::organizations::link_token::LinkToken;

/// Somebody who asks for a new password.
pub(super) struct Asking {
    pub id: UserId,
    /// In which they are written to.
    pub language: String,
}

/// Whose name it is, if their account can be opened. A demonstration's own accounts share a password.
pub(super) async fn find_person(connection: &mut PgConnection, username: &str) -> sqlx::Result<Option<Asking>> {
    sqlx::query_as!(
        Asking,
        r#"select u.id as "id: UserId", u.language
           from users u
           join organizations o on o.organization_id = u.organization_id
           where u.username = $1 and u.is_active and o.is_active and not u.is_demo"#,
        username,
    )
    .fetch_optional(connection)
    .await
}

/// Notes a request; false when the form was sent before.
pub(super) async fn insert_reset(
    connection: &mut PgConnection,
    id: Uuid,
    person: Option<UserId>,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into password_resets (reset_id, user_id, asked_at, expires_at) values ($1, $2, $3, $4)
         on conflict (reset_id) do nothing",
        id,
        person.map(|UserId(id)| id),
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Notes a link that is handed over by hand. Runs as the gate.
pub(super) async fn insert_handed(
    connection: &mut PgConnection,
    person: UserId,
    token: &LinkToken,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    let token_hash = token.hash();
    sqlx::query!(
        "insert into password_resets (reset_id, user_id, token_hash, asked_at, expires_at) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        person.0,
        token_hash.as_slice(),
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// To whom a link goes.
pub(super) struct Receiver {
    pub full_name: String,
    pub username: String,
    pub email: String,
}

/// Gives a request that stands its link, if its person can be written to and had fewer than `most` links since `since`.
pub(super) async fn update_token(
    connection: &mut PgConnection,
    id: Uuid,
    token: &LinkToken,
    (since, most): (DateTime<Utc>, i64),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Receiver>> {
    let token_hash = token.hash();
    sqlx::query_as!(
        Receiver,
        r#"update password_resets r set token_hash = $2
           from users u
           where r.reset_id = $1 and u.id = r.user_id and r.used_at is null and r.expires_at > $5
             and u.is_active and u.email is not null and u.email_verified_at is not null
             and (select count(*) from password_resets x
                  where x.user_id = u.id and x.asked_at > $3 and x.token_hash is not null and x.reset_id <> $1) < $4
           returning u.full_name, u.username, u.email as "email!""#,
        id,
        token_hash.as_slice(),
        since,
        most,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Who can be told that their password was changed.
pub(super) async fn find_receiver(connection: &mut PgConnection, id: UserId) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select full_name, username, email as "email!" from users
           where id = $1 and email is not null and email_verified_at is not null"#,
        id.0,
    )
    .fetch_optional(connection)
    .await
}

/// Whose password a link opens.
pub(super) struct Opened {
    pub reset_id: Uuid,
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub username: String,
    pub full_name: String,
    pub organization_name: String,
}

/// What the link opens, if it still does.
pub(super) async fn find_open(
    connection: &mut PgConnection,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Opened>> {
    let token_hash = token.hash();
    sqlx::query_as!(
        Opened,
        r#"select r.reset_id, u.id as "user_id: UserId", u.organization_id as "organization_id: OrganizationId", u.username,
                  u.full_name, o.name as organization_name
           from password_resets r
           join users u on u.id = r.user_id
           join organizations o on o.organization_id = u.organization_id
           where r.token_hash = $1 and r.used_at is null and r.expires_at > $2 and u.is_active and o.is_active"#,
        token_hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Uses a request up; false when another was quicker.
pub(super) async fn update_used(
    connection: &mut PgConnection,
    (id, form): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update password_resets set used_at = $2, used_by_form = $3
         where reset_id = $1 and used_at is null and token_hash is not null",
        id,
        now,
        form,
    )
    .execute(connection)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Whether this very form has used the link.
pub(super) async fn is_used_by(connection: &mut PgConnection, token: &LinkToken, form: Uuid) -> sqlx::Result<bool> {
    let token_hash = token.hash();
    let found = sqlx::query_scalar!(
        "select true from password_resets where token_hash = $1 and used_by_form = $2",
        token_hash.as_slice(),
        form,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// Uses up every other link of the person.
pub(super) async fn update_others_used(
    connection: &mut PgConnection,
    person: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update password_resets set used_at = $2 where user_id = $1 and used_at is null and token_hash is not null",
        person.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
