//! The SQL of what is told to one person because it is about them, whatever they may do.

use sqlx::PgConnection;

use super::filling::Told;
use crate::ids::NotificationId;
use crate::notifications::model::MailChoice;

/// Tells people of roles that they were given or that have ended. Whose work they do for a while has a mail of its own.
pub(in crate::notifications) async fn insert_role_changes(
    connection: &mut PgConnection,
    events: &[i64],
) -> sqlx::Result<Vec<Told>> {
    sqlx::query_as!(
        Told,
        r#"insert into notifications (notification_id, user_id, event, subject_kind, subject_id, facts, is_critical, in_app, mail,
               outbox_event_id, created_at)
           select distinct on (o.event_id, u.id) gen_random_uuid(), u.id, 'ROLE_CHANGED', 'ROLE', (t ->> 'grant')::uuid,
                  jsonb_strip_nulls(t - '{person,grant}'::text[]), true, true, 'IMMEDIATE', o.event_id, o.created_at
           from outbox o
           cross join lateral jsonb_array_elements(o.payload -> 'told') t
           join users u on u.id = (t ->> 'person')::uuid and u.is_active
           where o.event_id = any($1) and o.kind = 'role.changed'
           on conflict on constraint notifications_once do nothing
           returning notification_id as "id: NotificationId",
                     case when facts ->> 'change' = 'delegated' then 'OFF' else mail end as "mail!: MailChoice""#,
        events,
    )
    .fetch_all(connection)
    .await
}
