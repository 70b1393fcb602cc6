//! Who the holders of certificates are.

use sqlx::PgConnection;
use uuid::Uuid;

/// An organisation as the list of who may seal names it.
pub(super) struct Holder {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub name_am: String,
}

pub(super) async fn list_holders(connection: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<Vec<Holder>> {
    sqlx::query_as!(
        Holder,
        "select organization_id as id, code, name, name_am from organizations where organization_id = any($1)",
        ids
    )
    .fetch_all(connection)
    .await
}
