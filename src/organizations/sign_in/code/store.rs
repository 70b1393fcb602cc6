//! SQL of sign-ins that wait for a code. Runs as the gate.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::ids::{OrganizationId, UserId};

/// A sign-in that waits for a code.
pub(super) struct Pending {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub username: String,
    pub device_hash: Vec<u8>,
    pub device_is_known: bool,
    pub failures: i16,
}

pub(super) async fn insert_pending(
    connection: &mut PgConnection,
    token_hash: &[u8; 32],
    user: UserId,
    (device_hash, device_is_known): (&[u8; 32], bool),
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into pending_sign_ins (token_hash, user_id, device_hash, device_is_known, begun_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        token_hash.as_slice(),
        user.0,
        device_hash.as_slice(),
        device_is_known,
        now,
        expires_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The sign-in behind a ticket, locked, unless it is over or its person was disabled.
pub(super) async fn lock_pending(
    connection: &mut PgConnection,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Pending>> {
    sqlx::query_as!(
        Pending,
        r#"select p.user_id as "user_id: UserId", u.organization_id as "organization_id: OrganizationId", u.username,
                  p.device_hash, p.device_is_known, p.failures
           from pending_sign_ins p
           join users u on u.id = p.user_id
           join organizations o on o.organization_id = u.organization_id
           where p.token_hash = $1 and p.expires_at > $2 and u.is_active and o.is_active
           for update of p"#,
        token_hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Counts a wrong code.
pub(super) async fn update_failures(connection: &mut PgConnection, token_hash: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!("update pending_sign_ins set failures = failures + 1 where token_hash = $1", token_hash.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a sign-in that waits.
pub(super) async fn delete_pending(connection: &mut PgConnection, token_hash: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!("delete from pending_sign_ins where token_hash = $1", token_hash.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends every sign-in of a person that waits: the password, or the factor, is another.
pub(in crate::organizations) async fn delete_of(connection: &mut PgConnection, person: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from pending_sign_ins where user_id = $1", person.0).execute(connection).await?;
    Ok(())
}
