//! SQL over `user_profiles`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::Profile;
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};

/// The viewer's own profile.
pub(super) async fn find(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Option<Profile>> {
    let row = sqlx::query!(
        r#"select position, phone, tags, metadata as "metadata: Json<BTreeMap<String, String>>"
           from user_profiles where user_id = $1"#,
        viewer.user_id as UserId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Profile { position: row.position, phone: row.phone, tags: row.tags, facts: row.metadata.0 }))
}

/// Those of the viewer's organisation.
pub(super) async fn list(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<BTreeMap<UserId, Profile>> {
    let rows = sqlx::query!(
        r#"select p.user_id as "user_id: UserId", p.position, p.phone, p.tags,
                  p.metadata as "metadata: Json<BTreeMap<String, String>>"
           from user_profiles p
           join users u on u.id = p.user_id
           where u.organization_id = $1"#,
        viewer.organization.id as OrganizationId,
    )
    .fetch_all(connection)
    .await?;
    let profile = |position, phone, tags, facts| Profile { position, phone, tags, facts };
    Ok(rows.into_iter().map(|row| (row.user_id, profile(row.position, row.phone, row.tags, row.metadata.0))).collect())
}

/// Puts `profile` in the place of what the viewer had said.
pub(super) async fn save(
    connection: &mut PgConnection,
    viewer: &Actor,
    profile: &Profile,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into user_profiles (user_id, position, phone, tags, metadata, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)
         on conflict (user_id) do update set position = excluded.position, phone = excluded.phone, tags = excluded.tags,
             metadata = excluded.metadata, updated_at = excluded.updated_at",
        viewer.user_id as UserId,
        profile.position,
        profile.phone,
        &profile.tags,
        Json(&profile.facts) as _,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
