//! The SQL of figures, rates, prices and code lists, and of their history.

pub(super) mod figures;
pub(super) mod lists;
pub(super) mod prices;
pub(super) mod rates;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Change, Subject};
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};

/// Lines of a history that a page shows.
const MOST_CHANGES: i64 = 50;

/// A change about to be recorded.
pub(super) struct NewChange<'a> {
    pub subject: Subject,
    pub key: &'a str,
    pub valid_from: NaiveDate,
    pub old_value: Option<&'a Value>,
    pub new_value: Option<&'a Value>,
    pub reason: Option<&'a str>,
}

pub(super) async fn insert_change(
    connection: &mut PgConnection,
    new: &NewChange<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into reference_changes (change_id, subject, key, valid_from, old_value, new_value, reason, changed_by,
             organization_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        new.subject.code(),
        new.key,
        new.valid_from,
        new.old_value,
        new.new_value,
        new.reason,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// What was ever changed of `key`, newest first; of every key where none is given.
pub(super) async fn list_changes(
    connection: &mut PgConnection,
    subject: Subject,
    key: Option<&str>,
) -> sqlx::Result<Vec<Change>> {
    sqlx::query_as!(
        Change,
        r#"select key, valid_from, old_value, new_value, reason, changed_by as "changed_by: UserId",
                  organization_id as "organization_id: OrganizationId", created_at
           from reference_changes
           where subject = $1 and ($2::text is null or key = $2)
           order by created_at desc, change_id desc
           limit $3"#,
        subject.code(),
        key,
        MOST_CHANGES,
    )
    .fetch_all(connection)
    .await
}

/// Lets nobody else change `key` until the transaction ends. There is no row to lock: what stands may be nothing yet.
pub(super) async fn lock(connection: &mut PgConnection, subject: Subject, key: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('reference ' || $1 || ' ' || $2, 0)) is null as locked",
        subject.code(),
        key
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

/// How often `key` was changed: the version for which a form is shown.
pub(super) async fn count_changes(connection: &mut PgConnection, subject: Subject, key: &str) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select count(*)::int as "count!" from reference_changes where subject = $1 and key = $2"#,
        subject.code(),
        key
    )
    .fetch_one(connection)
    .await
}
