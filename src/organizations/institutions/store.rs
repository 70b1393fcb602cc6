//! SQL over `organizations` in the context of the administration.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Institution, NewInstitution};
use crate::auth::OrganizationKind;
use crate::ids::OrganizationId;

/// What came of an insert.
pub(super) enum Inserted {
    Done,
    /// Another organisation has the code.
    CodeTaken,
    /// There is one of the kind, of which there is only one.
    KindTaken,
}

/// Inserts an institution, unless its code or its place is taken.
pub(super) async fn insert(
    connection: &mut PgConnection,
    id: OrganizationId,
    institution: &NewInstitution,
    now: DateTime<Utc>,
) -> sqlx::Result<Inserted> {
    // Both unique indexes are asked; which of them refused is looked up afterwards, for the message alone.
    let inserted = sqlx::query!(
        "insert into organizations
             (organization_id, code, kind, name, name_am, contact_email, contact_phone, address, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict do nothing",
        id.0,
        institution.code,
        institution.kind.code(),
        institution.name.trim(),
        institution.name_am.trim(),
        institution.email,
        institution.phone,
        institution.address,
        now,
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Inserted::Done);
    }
    let has_code = sqlx::query_scalar!(
        r#"select exists (select from organizations where code = $1) as "taken!""#,
        institution.code,
    )
    .fetch_one(connection)
    .await?;
    Ok(if has_code { Inserted::CodeTaken } else { Inserted::KindTaken })
}

/// Everybody but the exporters.
pub(super) async fn list(connection: &mut PgConnection) -> sqlx::Result<Vec<Institution>> {
    sqlx::query_as!(
        Institution,
        r#"select o.code, o.kind as "kind: OrganizationKind", o.name, o.name_am,
               (select count(*) from users u where u.organization_id = o.organization_id and u.is_active) as "people!"
           from organizations o
           where o.kind <> 'EXPORTER'
           order by o.kind, o.name"#,
    )
    .fetch_all(connection)
    .await
}
