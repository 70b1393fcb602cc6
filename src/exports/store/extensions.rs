//! The SQL of the National Bank's extensions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use sqlx::PgConnection;

use crate::ids::{ExportId, UserId};

/// A due date that was put off.
#[derive(Debug, Clone, Deserialize)]
pub struct ExtensionLine {
    /// When the proceeds were due before.
    pub due_from: NaiveDate,
    /// When they are due by it.
    pub due_to: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: DateTime<Utc>,
}

/// The extensions of an export, the first one first.
pub(in crate::exports) async fn list(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Vec<ExtensionLine>> {
    sqlx::query_as!(
        ExtensionLine,
        r#"select due_from, due_to, reason, granted_by as "granted_by: UserId", granted_at
           from settlement_extensions where export_id = $1 order by granted_at, extension_id"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await
}
