//! SQL of addresses and of what is asked of them. Runs as the gate; what is for a mail, as the worker.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{OrganizationId, UserId};
use crate::organizations::link_token::LinkToken;

/// The address of a person, and since when it is confirmed.
pub(super) async fn find_address(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Option<(String, Option<DateTime<Utc>>)>> {
    let found = sqlx::query!("select email, email_verified_at from users where id = $1", person.0)
        .fetch_optional(connection)
        .await?;
    Ok(found.and_then(|found| Some((found.email?, found.email_verified_at))))
}

/// Notes what is asked; false when the form was sent before. What was asked before ends now.
pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, person, email): (Uuid, UserId, &str),
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into email_confirmations (confirmation_id, user_id, email, asked_at, expires_at)
         values ($1, $2, $3, $4, $5) on conflict (confirmation_id) do nothing",
        id,
        person.0,
        email,
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// What a link confirms.
pub(super) struct Opened {
    pub confirmation_id: Uuid,
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub username: String,
    pub email: String,
}

/// What a link confirms, if it still does, locked: the latest question of its person alone is open.
pub(super) async fn lock_open(
    connection: &mut PgConnection,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Opened>> {
    let token_hash = token.hash();
    sqlx::query_as!(
        Opened,
        r#"select c.confirmation_id, u.id as "user_id: UserId", u.organization_id as "organization_id: OrganizationId",
                  u.username, c.email
           from email_confirmations c
           join users u on u.id = c.user_id
           join organizations o on o.organization_id = u.organization_id
           where c.token_hash = $1 and c.used_at is null and c.expires_at > $2 and u.is_active and o.is_active
             and not exists (select from email_confirmations x where x.user_id = c.user_id and x.asked_at > c.asked_at)
           for update of c, u"#,
        token_hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Makes an address a person's; false when it is somebody else's.
pub(super) async fn update_address(
    connection: &mut PgConnection,
    (person, email): (UserId, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update users set email = $2, email_verified_at = $3, updated_at = $3
         where id = $1 and not exists (select from users x where x.email = $2 and x.id <> $1)",
        person.0,
        email,
        now,
    )
    .execute(connection)
    .await;
    match updated {
        // Another has confirmed it at the same moment.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        updated => Ok(updated?.rows_affected() == 1),
    }
}

/// Uses a link up, which is locked.
pub(super) async fn update_used(
    connection: &mut PgConnection,
    (id, form): (Uuid, Uuid),
    replaced: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update email_confirmations set used_at = $2, used_by_form = $3, replaced_email = $4 where confirmation_id = $1",
        id,
        now,
        form,
        replaced,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether this very form has used the link.
pub(super) async fn is_used_by(connection: &mut PgConnection, token: &LinkToken, form: Uuid) -> sqlx::Result<bool> {
    let token_hash = token.hash();
    let found = sqlx::query_scalar!(
        "select true from email_confirmations where token_hash = $1 and used_by_form = $2",
        token_hash.as_slice(),
        form,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// To whom a mail goes.
pub(super) struct Receiver {
    pub full_name: String,
    pub username: String,
    pub email: String,
}

/// Gives a question that stands its link, if its person had fewer than `most` links since `since`.
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
        "update email_confirmations c set token_hash = $2
         from users u
         where c.confirmation_id = $1 and u.id = c.user_id and c.used_at is null and c.expires_at > $5 and u.is_active
           and (select count(*) from email_confirmations x
                where x.user_id = u.id and x.asked_at > $3 and x.token_hash is not null and x.confirmation_id <> $1) < $4
         returning u.full_name, u.username, c.email",
        id,
        token_hash.as_slice(),
        since,
        most,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Who is told that their address is another, at the one before.
pub(super) async fn find_replaced(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select u.full_name, u.username, c.replaced_email as "email!"
           from email_confirmations c join users u on u.id = c.user_id
           where c.confirmation_id = $1 and c.replaced_email is not null"#,
        id,
    )
    .fetch_optional(connection)
    .await
}
