//! SQL over `export_licenses`.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{License, Scope};
use crate::auth::Actor;
use crate::ids::{ExporterId, UserId};

/// The certificate of competence of a firm that is in force on a day, with its last day.
pub(super) async fn find_competence(
    connection: &mut PgConnection,
    firm: ExporterId,
    today: NaiveDate,
) -> sqlx::Result<Option<(Uuid, NaiveDate)>> {
    let row = sqlx::query!(
        r#"select certificate_id, expiry_date as "expiry_date!" from competence_certificates
           where exporter_id = $1 and status = 'ACTIVE' and superseded_by is null and expiry_date >= $2
           order by expiry_date desc limit 1"#,
        firm as ExporterId,
        today,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.certificate_id, row.expiry_date)))
}

struct Row {
    eic_registration_number: String,
    coffee_types: Vec<String>,
    origins: Vec<String>,
    annual_quota: Option<Decimal>,
    competence_certificate_id: Uuid,
}

/// What an application that the caller has found says.
pub(super) async fn find(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<License>> {
    let row = sqlx::query_as!(
        Row,
        r#"select eic_registration_number, array(select jsonb_array_elements_text(authorized_coffee_types)) as "coffee_types!",
                  array(select jsonb_array_elements_text(authorized_origins)) as "origins!", annual_quota,
                  competence_certificate_id
           from export_licenses where license_id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| License {
        eic_number: row.eic_registration_number,
        scope: Scope { coffee_types: row.coffee_types, origins: row.origins, annual_quota_kg: row.annual_quota },
        competence: Some(row.competence_certificate_id),
    }))
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, firm, renews): (Uuid, ExporterId, Option<Uuid>),
    (license, competence): (&License, Uuid),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into export_licenses (license_id, exporter_id, competence_certificate_id, eic_registration_number,
             authorized_coffee_types, authorized_origins, annual_quota, renews, submitted_by, state_since, created_at,
             updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)",
        id,
        firm as ExporterId,
        competence,
        license.eic_number,
        json!(license.scope.coffee_types),
        json!(license.scope.origins),
        license.scope.annual_quota_kg,
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
    (license, competence): (&License, Uuid),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update export_licenses set competence_certificate_id = $3, eic_registration_number = $4,
             authorized_coffee_types = $5, authorized_origins = $6, annual_quota = $7, status = 'PENDING',
             version = version + 1, submitted_by = $8, state_since = $9, resubmission_count = resubmission_count + 1,
             updated_at = $9
         where license_id = $1 and version = $2",
        id,
        version,
        competence,
        license.eic_number,
        json!(license.scope.coffee_types),
        json!(license.scope.origins),
        license.scope.annual_quota_kg,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// A licence about to be issued.
pub(super) struct Issued<'a> {
    pub number: &'a str,
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub scope: &'a Scope,
    /// The certificate of competence in force.
    pub competence: Uuid,
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
        "update export_licenses set status = 'ACTIVE', license_number = $3, issued_date = $4, expiry_date = $5,
             authorized_coffee_types = $6, authorized_origins = $7, annual_quota = $8, approved_by = $9, approved_at = $10,
             renewal_history = renewal_history || $11::jsonb, competence_certificate_id = $12, version = version + 1,
             state_since = $10, updated_at = $10
         where license_id = $1 and version = $2",
        id,
        version,
        issued.number,
        issued.from,
        issued.until,
        json!(issued.scope.coffee_types),
        json!(issued.scope.origins),
        issued.scope.annual_quota_kg,
        actor.user_id as UserId,
        now,
        issued.renewals,
        issued.competence,
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
    let row = sqlx::query!("select renewal_history, expiry_date from export_licenses where license_id = $1", id)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| (row.renewal_history, row.expiry_date)))
}
