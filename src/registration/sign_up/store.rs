//! The one function of the gate through which a firm comes in.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::service::{Newcomer, Registered};
use crate::ids::{OrganizationId, UserId};

/// Writes firm, owner, their role and the beginning of their profile, once for each form.
pub(super) async fn register(
    connection: &mut PgConnection,
    newcomer: &Newcomer,
    (organization, person): (OrganizationId, UserId),
    code: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Registered> {
    let answer = sqlx::query_scalar!(
        r#"select gate.register_exporter($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as "answer!""#,
        newcomer.form.key,
        newcomer.form.request_hash.as_slice(),
        newcomer.location,
        organization as OrganizationId,
        code,
        newcomer.business_name,
        newcomer.business_type.code(),
        person as UserId,
        newcomer.username.as_str(),
        newcomer.email,
        password_hash,
        newcomer.full_name,
        newcomer.language.code(),
        now,
    )
    .fetch_one(connection)
    .await?;
    match answer.as_str() {
        "DONE" => Ok(Registered::Done),
        "REPLAYED" => Ok(Registered::Replayed),
        "KEY_REUSED" => Ok(Registered::KeyReused),
        "USERNAME_TAKEN" => Ok(Registered::UsernameTaken),
        "EMAIL_TAKEN" => Ok(Registered::EmailTaken),
        other => Err(sqlx::Error::Decode(format!("register_exporter answered {other}").into())),
    }
}
