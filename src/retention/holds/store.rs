//! SQL of holds.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Hold, Subject};
use crate::ids::UserId;

/// Holds, those that stand first, the newest first.
pub(super) async fn list_holds(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<Hold>> {
    sqlx::query_as!(
        Hold,
        r#"select hold_id as id, subject_kind as "subject: _", app.hold_subject_name(subject_kind, subject_id) as name, reason,
                  placed_by as "placed_by: UserId", placed_at, lifted_by as "lifted_by: UserId", lifted_at, lift_reason
           from legal_holds
           order by lifted_at is not null, placed_at desc, hold_id desc limit $1"#,
        most,
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn find_hold(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Hold>> {
    sqlx::query_as!(
        Hold,
        r#"select hold_id as id, subject_kind as "subject: _", app.hold_subject_name(subject_kind, subject_id) as name, reason,
                  placed_by as "placed_by: UserId", placed_at, lifted_by as "lifted_by: UserId", lifted_at, lift_reason
           from legal_holds where hold_id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

/// What is called so.
pub(super) async fn find_subject(
    connection: &mut PgConnection,
    subject: Subject,
    name: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select app.find_hold_subject($1, $2)", subject.code(), name).fetch_one(connection).await
}

/// Places a hold; false when one stands on it already.
pub(super) async fn insert_hold(
    connection: &mut PgConnection,
    id: Uuid,
    (subject, subject_id): (Subject, Uuid),
    (person, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into legal_holds (hold_id, subject_kind, subject_id, reason, placed_by, placed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (subject_kind, subject_id) where lifted_at is null do nothing",
        id,
        subject.code(),
        subject_id,
        reason,
        person.0,
        now,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Lifts a hold; false when it is lifted already, or the person's own.
pub(super) async fn update_lifted(
    connection: &mut PgConnection,
    id: Uuid,
    (person, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update legal_holds set lifted_by = $2, lifted_at = $3, lift_reason = $4 where hold_id = $1 and lifted_at is null",
        id,
        person.0,
        now,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
