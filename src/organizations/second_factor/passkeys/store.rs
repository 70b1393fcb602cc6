//! SQL of passkeys and of what devices were asked. Runs as the gate.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::UserId;

/// What a device was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A key that it did not have.
    Make,
    /// An answer with one that it has.
    Prove,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::Make => "MAKE",
            Self::Prove => "PROVE",
        }
    }
}

/// Keeps what a device is asked; of the person's others the `most` latest stay, unless they are over.
pub(super) async fn insert_challenge(
    connection: &mut PgConnection,
    (challenge, person, purpose): (Uuid, UserId, Purpose),
    state: &Value,
    most: i64,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from passkey_challenges where user_id = $1 and (expires_at <= $2 or challenge_id not in (
             select challenge_id from passkey_challenges where user_id = $1 order by asked_at desc limit $3))",
        person.0,
        now,
        most,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into passkey_challenges (challenge_id, user_id, purpose, state, asked_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        challenge,
        person.0,
        purpose.code(),
        state,
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes what a device was asked, once.
pub(super) async fn take_challenge(
    connection: &mut PgConnection,
    (challenge, person, purpose): (Uuid, UserId, Purpose),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!(
        "delete from passkey_challenges where challenge_id = $1 and user_id = $2 and purpose = $3 and expires_at > $4
         returning state",
        challenge,
        person.0,
        purpose.code(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// A passkey as its person sees it.
pub struct Kept {
    /// Its key.
    pub passkey_id: Uuid,
    /// What its person calls it.
    pub name: String,
    /// Since when.
    pub made_at: DateTime<Utc>,
    /// When it last answered.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The passkeys of a person, the oldest first.
pub(super) async fn list(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Vec<Kept>> {
    sqlx::query_as!(
        Kept,
        "select passkey_id, name, made_at, last_used_at from passkeys where user_id = $1 order by made_at, passkey_id",
        person.0,
    )
    .fetch_all(connection)
    .await
}

/// What the library keeps of each passkey of a person.
pub(super) async fn list_credentials(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Vec<Value>> {
    sqlx::query_scalar!("select credential from passkeys where user_id = $1 order by made_at, passkey_id", person.0)
        .fetch_all(connection)
        .await
}

/// The passkey of a person that a device names so, locked.
pub(super) async fn lock(
    connection: &mut PgConnection,
    (person, credential_id): (UserId, &[u8]),
) -> sqlx::Result<Option<(Uuid, Value)>> {
    let found = sqlx::query!(
        "select passkey_id, credential from passkeys where user_id = $1 and credential_id = $2 for update",
        person.0,
        credential_id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| (found.passkey_id, found.credential)))
}

/// Notes that a passkey has answered.
pub(super) async fn update_used(
    connection: &mut PgConnection,
    (passkey, credential): (Uuid, &Value),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update passkeys set credential = $2, last_used_at = $3 where passkey_id = $1",
        passkey,
        credential,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A passkey to be kept.
pub(super) struct NewPasskey<'a> {
    pub passkey_id: Uuid,
    pub person: UserId,
    pub credential_id: &'a [u8],
    pub credential: &'a Value,
    pub name: &'a str,
}

/// Keeps a passkey; false when a passkey of anybody has that key.
pub(super) async fn insert(
    connection: &mut PgConnection,
    passkey: &NewPasskey<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into passkeys (passkey_id, user_id, credential_id, credential, name, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (credential_id) do nothing",
        passkey.passkey_id,
        passkey.person.0,
        passkey.credential_id,
        passkey.credential,
        passkey.name,
        now,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Takes one passkey of a person away; its name, if there was one.
pub(super) async fn delete(
    connection: &mut PgConnection,
    (person, passkey): (UserId, Uuid),
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("delete from passkeys where user_id = $1 and passkey_id = $2 returning name", person.0, passkey)
        .fetch_optional(connection)
        .await
}
