//! SQL over `competence_certificates`.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Application;
use crate::auth::Actor;
use crate::ids::{ExporterId, UserId};
use crate::registration::applications::Named;
use crate::registration::profiles::BusinessType;

/// What kind of business a firm is.
pub(super) async fn business_type(
    connection: &mut PgConnection,
    firm: ExporterId,
) -> sqlx::Result<Option<BusinessType>> {
    sqlx::query_scalar!(
        r#"select business_type as "business_type: BusinessType" from exporter_profiles where exporter_id = $1"#,
        firm as ExporterId,
    )
    .fetch_optional(connection)
    .await
}

/// Laboratories of a firm that were ever certified: those in force, and those that an application may name still.
pub(super) async fn list_laboratories(connection: &mut PgConnection, firm: ExporterId) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select laboratory_id::text as "code!", concat_ws(' · ', laboratory_name, certification_number) as "en!",
                  concat_ws(' · ', laboratory_name, certification_number) as "am!"
           from coffee_laboratories
           where exporter_id = $1 and status not in ('PENDING', 'RETURNED', 'REJECTED')
           order by superseded_by is not null, expiry_date desc, laboratory_id"#,
        firm as ExporterId,
    )
    .fetch_all(connection)
    .await
}

/// Tasters of a firm that were ever verified.
pub(super) async fn list_tasters(connection: &mut PgConnection, firm: ExporterId) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select taster_id::text as "code!", concat_ws(' · ', full_name, proficiency_certificate_number) as "en!",
                  concat_ws(' · ', full_name, proficiency_certificate_number) as "am!"
           from coffee_tasters
           where exporter_id = $1 and status not in ('PENDING', 'RETURNED', 'REJECTED')
           order by superseded_by is not null, certificate_expiry_date desc, taster_id"#,
        firm as ExporterId,
    )
    .fetch_all(connection)
    .await
}

struct Row {
    laboratory_id: Option<Uuid>,
    taster_id: Option<Uuid>,
    has_quality_management_system: bool,
    storage_capacity: Option<Decimal>,
    storage_conditions: Option<String>,
    facility_inspection_date: Option<NaiveDate>,
}

/// What an application that the caller has found says.
pub(super) async fn find(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Application>> {
    let row = sqlx::query_as!(
        Row,
        "select laboratory_id, taster_id, has_quality_management_system, storage_capacity, storage_conditions,
                facility_inspection_date
         from competence_certificates where certificate_id = $1",
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Application {
        laboratory: row.laboratory_id,
        taster: row.taster_id,
        has_quality_management: row.has_quality_management_system,
        storage_kg: row.storage_capacity.unwrap_or_default(),
        storage_conditions: row.storage_conditions.unwrap_or_default(),
        inspected_on: row.facility_inspection_date,
    }))
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, firm, renews): (Uuid, ExporterId, Option<Uuid>),
    application: &Application,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into competence_certificates (certificate_id, exporter_id, laboratory_id, taster_id,
             has_quality_management_system, storage_capacity, storage_conditions, renews, submitted_by, state_since,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)",
        id,
        firm as ExporterId,
        application.laboratory,
        application.taster,
        application.has_quality_management,
        application.storage_kg,
        application.storage_conditions,
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
    application: &Application,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update competence_certificates set laboratory_id = $3, taster_id = $4, has_quality_management_system = $5,
             storage_capacity = $6, storage_conditions = $7, status = 'PENDING', version = version + 1, submitted_by = $8,
             state_since = $9, resubmission_count = resubmission_count + 1, updated_at = $9
         where certificate_id = $1 and version = $2",
        id,
        version,
        application.laboratory,
        application.taster,
        application.has_quality_management,
        application.storage_kg,
        application.storage_conditions,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// A certificate about to be issued.
pub(super) struct Issued<'a> {
    pub number: &'a str,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub inspected_on: NaiveDate,
    /// Lines that join the history of renewals.
    pub renewals: &'a Value,
}

pub(super) async fn issue(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    issued: &Issued<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update competence_certificates set status = 'ACTIVE', certificate_number = $3, issued_date = $4, expiry_date = $5,
             facility_inspection_date = $6, inspected_by = $7, inspection_passed = true, approved_by = $7, approved_at = $8,
             renewal_history = renewal_history || $9::jsonb, version = version + 1, state_since = $8, updated_at = $8
         where certificate_id = $1 and version = $2",
        id,
        version,
        issued.number,
        issued.from,
        issued.until,
        issued.inspected_on,
        actor.user_id as UserId,
        now,
        issued.renewals,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The history of renewals of what is renewed, and its last day.
pub(super) async fn find_renewed(
    connection: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<(Value, Option<NaiveDate>)>> {
    let row =
        sqlx::query!("select renewal_history, expiry_date from competence_certificates where certificate_id = $1", id)
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|row| (row.renewal_history, row.expiry_date)))
}
