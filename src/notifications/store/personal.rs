//! The SQL of what is told to one person because it is about them, whatever they may do.

use sqlx::PgConnection;

use super::filling::Told;
use crate::ids::NotificationId;
use crate::notifications::model::MailChoice;

/// Tells people of roles that they were given or that have ended, and of files of theirs that are harmful. Whose work somebody does for a while has a
/// mail of its own.
pub(in crate::notifications) async fn insert_personal(
    connection: &mut PgConnection,
    events: &[i64],
) -> sqlx::Result<Vec<Told>> {
    sqlx::query_as!(
        Told,
        r#"with told (event_id, created_at, person, event, subject_kind, subject_id, facts) as (
               select o.event_id, o.created_at, (t ->> 'person')::uuid, 'ROLE_CHANGED', 'ROLE', (t ->> 'grant')::uuid,
                      jsonb_strip_nulls(t - '{person,grant}'::text[])
               from outbox o
               cross join lateral jsonb_array_elements(o.payload -> 'told') t
               where o.event_id = any($1) and o.kind = 'role.changed'
               union all
               select o.event_id, o.created_at, (o.payload ->> 'brought_by')::uuid, 'DOCUMENT_INFECTED',
                      o.payload ->> 'subject_kind', (o.payload ->> 'subject')::uuid,
                      jsonb_build_object('name', o.payload -> 'name', 'name_am', o.payload -> 'name_am')
               from outbox o
               where o.event_id = any($1) and o.kind = 'document.infected')
           insert into notifications (notification_id, user_id, event, subject_kind, subject_id, facts, is_critical, in_app, mail,
               outbox_event_id, created_at)
           select distinct on (t.event_id, u.id) gen_random_uuid(), u.id, t.event, t.subject_kind, t.subject_id, t.facts, true, true,
                  'IMMEDIATE', t.event_id, t.created_at
           from told t
           join users u on u.id = t.person and u.is_active
           on conflict on constraint notifications_once do nothing
           returning notification_id as "id: NotificationId",
                     case when facts ->> 'change' = 'delegated' then 'OFF' else mail end as "mail!: MailChoice""#,
        events,
    )
    .fetch_all(connection)
    .await
}
