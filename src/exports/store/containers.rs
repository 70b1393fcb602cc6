//! The containers of an export: booked by the carrier, then loaded and sealed.

use sqlx::PgConnection;

use crate::exports::facts::LoadedContainer;
use crate::ids::ExportId;

/// A container as it is booked, with the seal on its door where it has one already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// Its number.
    pub container_number: String,
    /// Such as 20DRY.
    pub container_type: String,
    /// Its seal.
    pub seal_number: Option<String>,
}

/// The containers of the export, by number.
pub(in crate::exports) async fn list(connection: &mut PgConnection, export: ExportId) -> sqlx::Result<Vec<Booked>> {
    sqlx::query_as!(
        Booked,
        "select container_number, container_type, seal_number from export_containers
         where export_id = $1 order by container_number",
        export as ExportId
    )
    .fetch_all(connection)
    .await
}

/// Writes the booking; a former one is replaced.
pub(in crate::exports) async fn book(
    connection: &mut PgConnection,
    export: ExportId,
    containers: &[Booked],
) -> sqlx::Result<()> {
    sqlx::query!("delete from export_containers where export_id = $1", export as ExportId)
        .execute(&mut *connection)
        .await?;
    for container in containers {
        sqlx::query!(
            "insert into export_containers (export_id, container_number, container_type, seal_number)
             values ($1, $2, $3, $4)",
            export as ExportId,
            container.container_number,
            container.container_type,
            container.seal_number
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Takes the containers off the export that are not among those `loaded`: they stayed behind.
pub(in crate::exports) async fn leave_behind(
    connection: &mut PgConnection,
    export: ExportId,
    loaded: &[LoadedContainer],
) -> sqlx::Result<()> {
    let numbers: Vec<String> = loaded.iter().map(|container| container.number.clone()).collect();
    sqlx::query!(
        "delete from export_containers where export_id = $1 and container_number <> all($2)",
        export as ExportId,
        &numbers
    )
    .execute(connection)
    .await?;
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
