//! The SQL of names.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Name;

/// The names of people and organisations with these ids.
pub(super) async fn list_names(connection: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<(Uuid, Name)>> {
    let rows = sqlx::query!(r#"select id as "id!", name as "name!", name_am as "name_am!" from gate.names($1)"#, ids)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, Name { en: row.name, am: row.name_am })).collect())
}
