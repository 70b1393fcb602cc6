//! SQL over `coffee_tasters`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Qualification, Taster};
use crate::auth::Actor;
use crate::ids::{ExporterId, UserId};

struct Row {
    full_name: String,
    date_of_birth: Option<NaiveDate>,
    national_id: Option<String>,
    qualification_level: Qualification,
    proficiency_certificate_number: String,
    certificate_issue_date: NaiveDate,
    certificate_expiry_date: NaiveDate,
    employment_start_date: NaiveDate,
    is_exclusive_employee: bool,
    elsewhere: i64,
}

impl From<Row> for Taster {
    fn from(row: Row) -> Self {
        Self {
            full_name: row.full_name,
            // Without a date of birth nobody was ever of age.
            born_on: row.date_of_birth.unwrap_or(row.employment_start_date),
            national_id: row.national_id.unwrap_or_default(),
            qualification: row.qualification_level,
            proficiency_number: row.proficiency_certificate_number,
            issued_on: row.certificate_issue_date,
            expires_on: row.certificate_expiry_date,
            employed_since: row.employment_start_date,
            is_exclusive: row.is_exclusive_employee,
            elsewhere: row.elsewhere,
        }
    }
}

/// What a taster that the caller has found says; who sees all firms also sees where else the person is verified.
pub(super) async fn find(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Taster>> {
    let row = sqlx::query_as!(
        Row,
        r#"select t.full_name, t.date_of_birth, t.national_id, t.qualification_level as "qualification_level: Qualification",
                  t.proficiency_certificate_number, t.certificate_issue_date, t.certificate_expiry_date,
                  t.employment_start_date, t.is_exclusive_employee,
                  (select count(*) from coffee_tasters x
                   where x.national_id = t.national_id and x.exporter_id <> t.exporter_id and x.status = 'ACTIVE'
                     and x.superseded_by is null) as "elsewhere!"
           from coffee_tasters t where t.taster_id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Taster::from))
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, firm, renews): (Uuid, ExporterId, Option<Uuid>),
    taster: &Taster,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into coffee_tasters (taster_id, exporter_id, full_name, date_of_birth, national_id, qualification_level,
             proficiency_certificate_number, certificate_issue_date, certificate_expiry_date, employment_start_date,
             is_exclusive_employee, renews, submitted_by, state_since, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)",
        id,
        firm as ExporterId,
        taster.full_name,
        taster.born_on,
        taster.national_id,
        taster.qualification.code(),
        taster.proficiency_number,
        taster.issued_on,
        taster.expires_on,
        taster.employed_since,
        taster.is_exclusive,
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
    taster: &Taster,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update coffee_tasters set full_name = $3, date_of_birth = $4, national_id = $5, qualification_level = $6,
             proficiency_certificate_number = $7, certificate_issue_date = $8, certificate_expiry_date = $9,
             employment_start_date = $10, is_exclusive_employee = $11, status = 'PENDING', version = version + 1,
             submitted_by = $12, state_since = $13, resubmission_count = resubmission_count + 1, updated_at = $13
         where taster_id = $1 and version = $2",
        id,
        version,
        taster.full_name,
        taster.born_on,
        taster.national_id,
        taster.qualification.code(),
        taster.proficiency_number,
        taster.issued_on,
        taster.expires_on,
        taster.employed_since,
        taster.is_exclusive,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Verifies the taster.
pub(super) async fn verify(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    renewed_on: Option<NaiveDate>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update coffee_tasters set status = 'ACTIVE', verified_by = $3, verified_at = $4, last_renewal_date = $5,
             version = version + 1, state_since = $4, updated_at = $4
         where taster_id = $1 and version = $2",
        id,
        version,
        actor.user_id as UserId,
        now,
        renewed_on,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
