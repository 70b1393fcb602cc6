//! SQL over `coffee_laboratories`.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Laboratory;
use crate::auth::Actor;
use crate::ids::{ExporterId, UserId};

/// What a laboratory that the caller has found says.
pub(super) async fn find(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Laboratory>> {
    sqlx::query_as!(
        Laboratory,
        r#"select laboratory_name as name, address, has_roasting_facility as has_roasting, has_cupping_room, has_sample_storage,
                  array(select jsonb_array_elements_text(equipment)) as "equipment!", last_inspection_date as inspected_on
           from coffee_laboratories where laboratory_id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, firm, renews): (Uuid, ExporterId, Option<Uuid>),
    laboratory: &Laboratory,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into coffee_laboratories (laboratory_id, exporter_id, laboratory_name, address, has_roasting_facility,
             has_cupping_room, has_sample_storage, equipment, renews, submitted_by, state_since, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11)",
        id,
        firm as ExporterId,
        laboratory.name,
        laboratory.address,
        laboratory.has_roasting,
        laboratory.has_cupping_room,
        laboratory.has_sample_storage,
        json!(laboratory.equipment),
        renews,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the form over what was refused or questioned, and hands it in again.
pub(super) async fn update(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    laboratory: &Laboratory,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update coffee_laboratories set laboratory_name = $3, address = $4, has_roasting_facility = $5, has_cupping_room = $6,
             has_sample_storage = $7, equipment = $8, status = 'PENDING', version = version + 1, submitted_by = $9,
             state_since = $10, resubmission_count = resubmission_count + 1, updated_at = $10
         where laboratory_id = $1 and version = $2",
        id,
        version,
        laboratory.name,
        laboratory.address,
        laboratory.has_roasting,
        laboratory.has_cupping_room,
        laboratory.has_sample_storage,
        json!(laboratory.equipment),
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Certifies it.
pub(super) async fn certify(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    (number, from, until): (&str, NaiveDate, NaiveDate),
    inspected_on: NaiveDate,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update coffee_laboratories set status = 'ACTIVE', certification_number = $3, certified_date = $4, expiry_date = $5,
             last_inspection_date = $6, inspected_by = $7, version = version + 1, state_since = $8, updated_at = $8
         where laboratory_id = $1 and version = $2",
        id,
        version,
        number,
        from,
        until,
        inspected_on,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
