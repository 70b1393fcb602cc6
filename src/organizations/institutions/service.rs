//! What an operator does with institutions from the command line, all of which goes on record.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::{Institution, InstitutionError, NewInstitution, check};
use super::store::{self, Inserted};
use crate::audit::{Event, Severity};
use crate::database::Db;
use crate::ids::OrganizationId;
use crate::organizations::operator::record;

/// Sets an institution up; its people come next, by [`staff::create`](crate::organizations::staff::create).
///
/// # Errors
/// [`InstitutionError`]; nothing is changed then.
pub async fn create(
    db: &Db,
    institution: &NewInstitution,
    now: DateTime<Utc>,
) -> Result<OrganizationId, InstitutionError> {
    check(institution)?;
    let mut tx = db.begin_admin().await?;
    let id = OrganizationId::new();
    match store::insert(&mut tx, id, institution, now).await? {
        Inserted::Done => {}
        Inserted::CodeTaken => return Err(InstitutionError::Taken(institution.code.clone())),
        Inserted::KindTaken => return Err(InstitutionError::OnlyOne(institution.kind)),
    }
    tx.enter_gate().await?;
    let details = json!({ "code": institution.code, "kind": institution.kind.code(), "name": institution.name });
    let event = Event {
        entity_type: "organization",
        entity_id: Some(id.0),
        ..Event::security("ORGANIZATION_CREATED", Severity::High, details)
    };
    record(&mut tx, id, &event, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Every institution, by kind and name.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db) -> sqlx::Result<Vec<Institution>> {
    let mut tx = db.begin_admin().await?;
    let institutions = store::list(&mut tx).await?;
    tx.commit().await?;
    Ok(institutions)
}
