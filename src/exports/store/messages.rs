//! The SQL of messages.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::ids::{ExportId, MessageId, OrganizationId, UserId};

/// Writes what `author` says on the export.
pub(in crate::exports) async fn insert(
    connection: &mut PgConnection,
    id: MessageId,
    export: ExportId,
    author: &Actor,
    body: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into export_messages (message_id, export_id, author_id, organization_id, body, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        id as MessageId,
        export as ExportId,
        author.user_id as UserId,
        author.organization.id as OrganizationId,
        body,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
