//! SQL over `users` for signing in. Runs in the gate's context, the only one that reads password hashes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    i18n::Lang,
    ids::{OrganizationId, UserId},
};

/// What is needed to judge an attempt.
#[derive(Debug)]
pub(super) struct Account {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub password_hash: String,
    pub language: String,
    /// Whether both the person and the organisation are active.
    pub is_active: bool,
    pub is_demo: bool,
    pub last_login: Option<DateTime<Utc>>,
}

pub(super) async fn find_account(connection: &mut PgConnection, username: &str) -> sqlx::Result<Option<Account>> {
    sqlx::query_as!(
        Account,
        r#"select u.id as "user_id: UserId", u.organization_id as "organization_id: OrganizationId",
                  u.password_hash, u.language, u.is_active and o.is_active as "is_active!", u.is_demo,
                  u.last_login
           from users u
           join organizations o on o.organization_id = u.organization_id
           where u.username = $1"#,
        username,
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn update_language(
    connection: &mut PgConnection,
    user_id: UserId,
    lang: Lang,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update users set language = $2, updated_at = $3 where id = $1", user_id.0, lang.code(), now)
        .execute(connection)
        .await?;
    Ok(())
}
