//! The SQL of a person's list.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::ids::{NotificationId, UserId};
use crate::mail::MailStatus;
use crate::notifications::model::{News, NewsEvent};

/// The last row of the page before.
#[derive(Debug, Clone, Copy)]
pub(in crate::notifications) struct Place {
    pub is_unread: bool,
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

/// The viewer's news, the unread ones first, the newest first; `limit` of them from `after` on.
pub(in crate::notifications) async fn list_own(
    connection: &mut PgConnection,
    viewer: &Actor,
    only_unread: bool,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<News>> {
    sqlx::query_as!(
        News,
        r#"select n.notification_id as "id: NotificationId", n.event as "event: NewsEvent", n.subject_kind, n.subject_id,
                  n.facts, n.is_critical, n.created_at, n.read_at, m.status as "mail?: MailStatus"
           from notifications n
           left join mails m on m.mail_id = n.mail_id
           where n.user_id = $1 and n.in_app and (not $2 or n.read_at is null)
             and ($3::timestamptz is null or (n.read_at is null, n.created_at, n.notification_id) < ($4, $3, $5))
           order by (n.read_at is null) desc, n.created_at desc, n.notification_id desc
           limit $6"#,
        viewer.user_id as UserId,
        only_unread,
        after.map(|place| place.at),
        after.is_some_and(|place| place.is_unread),
        after.map_or_else(Uuid::nil, |place| place.id),
        limit,
    )
    .fetch_all(connection)
    .await
}

/// One of the viewer's.
pub(in crate::notifications) async fn find_own(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: NotificationId,
) -> sqlx::Result<Option<News>> {
    sqlx::query_as!(
        News,
        r#"select n.notification_id as "id: NotificationId", n.event as "event: NewsEvent", n.subject_kind, n.subject_id,
                  n.facts, n.is_critical, n.created_at, n.read_at, null::text as "mail?: MailStatus"
           from notifications n where n.notification_id = $2 and n.user_id = $1"#,
        viewer.user_id as UserId,
        id as NotificationId,
    )
    .fetch_optional(connection)
    .await
}

/// Marks one of the viewer's as read.
pub(in crate::notifications) async fn update_read(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: NotificationId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update notifications set read_at = $3 where notification_id = $2 and user_id = $1 and read_at is null",
        viewer.user_id as UserId,
        id as NotificationId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks what the viewer was told until `shown_at` as read; how many.
pub(in crate::notifications) async fn update_all_read(
    connection: &mut PgConnection,
    viewer: &Actor,
    shown_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let marked = sqlx::query!(
        "update notifications set read_at = $3
         where user_id = $1 and in_app and read_at is null and created_at <= $2",
        viewer.user_id as UserId,
        shown_at,
        now,
    )
    .execute(connection)
    .await?;
    Ok(marked.rows_affected())
}
