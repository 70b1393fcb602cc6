//! The SQL of files of plots that wait for a yes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::eudr::model::{By, PendingImport};
use crate::ids::{OrganizationId, PlotImportId, UserId};

/// A file to be kept until somebody says yes.
#[derive(Debug)]
pub(in crate::eudr) struct NewImport<'a> {
    pub id: PlotImportId,
    pub file_name: &'a str,
    pub sha256: [u8; 32],
    pub features: usize,
    pub content: &'a [u8],
}

/// Keeps a file; the one that the same person had waiting gives way.
pub(in crate::eudr) async fn insert(
    connection: &mut PgConnection,
    import: &NewImport<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    // A person's own forms one after the other: of two at once, the later takes the place of the earlier.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("plot import {}", actor.user_id))
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update plot_imports set status = 'DISCARDED', content = null, settled_at = $2
         where uploaded_by = $1 and status = 'PENDING'",
        actor.user_id as UserId,
        now,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into plot_imports (import_id, organization_id, uploaded_by, uploaded_at, file_name, file_sha256,
             features, content)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        import.id as PlotImportId,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
        import.file_name,
        import.sha256.as_slice(),
        i32::try_from(import.features).unwrap_or(i32::MAX),
        import.content,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A file of the viewer's organisation that still waits; `Some(None)` when it was settled.
pub(in crate::eudr) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: PlotImportId,
) -> sqlx::Result<Option<Option<PendingImport>>> {
    let row = sqlx::query!(
        "select file_name, file_sha256, uploaded_at, gate.person_name(uploaded_by) as uploaded_by_name, content
         from plot_imports where import_id = $1 and organization_id = $2",
        id as PlotImportId,
        viewer.organization.id as OrganizationId,
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let Some(content) = row.content else { return Ok(None) };
        let sha256 = row.file_sha256.try_into().map_err(|_| sqlx::Error::Decode("no SHA-256".into()))?;
        let uploaded = By { name: row.uploaded_by_name.unwrap_or_default(), at: row.uploaded_at };
        Ok(Some(PendingImport { file_name: row.file_name, sha256, uploaded, content }))
    })
    .transpose()
}

/// Lets a waiting file go; false when another was quicker.
pub(in crate::eudr) async fn settle(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: PlotImportId,
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update plot_imports set status = $3, content = null, settled_at = $4
         where import_id = $1 and organization_id = $2 and status = 'PENDING'",
        id as PlotImportId,
        viewer.organization.id as OrganizationId,
        status,
        now,
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}
