//! Whether anything happened on a case, for pages that cannot keep a stream open.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::ids::ExportId;

/// Whether somebody other than the viewer did something on the export since `since`: moved it, took it, wrote,
/// attached or took back a document, or the scanner gave its verdict on one later. The export was found before; row-level security
/// keeps the rest to the viewer's.
pub async fn happened_since(
    conn: &mut PgConnection,
    actor: &Actor,
    id: ExportId,
    since: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from export_status_history
                          where export_id = $1 and created_at > $2 and changed_by <> $3)
               or exists (select from exports where export_id = $1 and claimed_at > $2 and claimed_by <> $3)
               or exists (select from export_messages where export_id = $1 and created_at > $2 and author_id <> $3)
               or exists (select from export_documents
                          where export_id = $1 and (uploaded_at > $2 and uploaded_by <> $3
                                                    or deactivated_at > $2 and deactivated_by <> $3
                                                    or scanned_at > $2 and scanned_at > uploaded_at)) as "happened!""#,
        id.0,
        since,
        actor.user_id.0
    )
    .fetch_one(conn)
    .await
}
