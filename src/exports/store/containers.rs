//! The containers of an export: booked by the carrier, then loaded and sealed.

use sqlx::PgConnection;

use crate::exports::facts::{BookedContainer, LoadedContainer};
use crate::ids::ExportId;

/// Writes the booking; a former one, before a resubmission, is replaced.
pub(in crate::exports) async fn book(
    connection: &mut PgConnection,
    export: ExportId,
    containers: &[BookedContainer],
) -> sqlx::Result<()> {
    sqlx::query!("delete from export_containers where export_id = $1", export as ExportId)
        .execute(&mut *connection)
        .await?;
    for container in containers {
        sqlx::query!(
            "insert into export_containers (export_id, container_number, container_type) values ($1, $2, $3)",
            export as ExportId,
            container.number.as_str(),
            container.container_type
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Writes what was loaded into each container.
pub(in crate::exports) async fn load(
    connection: &mut PgConnection,
    export: ExportId,
    containers: &[LoadedContainer],
) -> sqlx::Result<()> {
    for container in containers {
        sqlx::query!(
            "update export_containers set seal_number = $3, packages = $4, net_kg = $5, gross_kg = $6
             where export_id = $1 and container_number = $2",
            export as ExportId,
            container.number,
            container.seal_number,
            container.packages,
            container.net_kg,
            container.gross_kg
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
