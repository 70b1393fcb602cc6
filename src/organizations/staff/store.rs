//! SQL over `users` and `user_roles` in the context of the administration; over sessions and what a person
//! prefers in the gate's.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{NewPerson, Person};
use crate::auth::{OrganizationKind, Role};
use crate::ids::{OrganizationId, UserId};

pub(super) struct Organization {
    pub id: OrganizationId,
    pub kind: OrganizationKind,
}

pub(super) struct User {
    pub id: UserId,
    pub organization_id: OrganizationId,
}

pub(super) async fn find_organization(connection: &mut PgConnection, code: &str) -> sqlx::Result<Option<Organization>> {
    sqlx::query_as!(
        Organization,
        r#"select organization_id as "id: OrganizationId", kind as "kind: OrganizationKind"
           from organizations
           where code = $1"#,
        code,
    )
    .fetch_optional(connection)
    .await
}

/// Inserts the person; false when the name is taken.
pub(super) async fn insert_person(
    connection: &mut PgConnection,
    id: UserId,
    organization: OrganizationId,
    person: &NewPerson,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into users (id, username, password_hash, organization_id, role, full_name, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (username) do nothing",
        id.0,
        person.username.as_str(),
        password_hash,
        organization.0,
        person.role.code(),
        person.full_name,
        now,
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    insert_role(connection, id, person.role, now).await?;
    Ok(true)
}

async fn insert_role(connection: &mut PgConnection, id: UserId, role: Role, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into user_roles (user_id, role_name, granted_at) values ($1, $2, $3)",
        id.0,
        role.code(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Switches the account on or off; `None` when there is none.
pub(super) async fn update_active(
    connection: &mut PgConnection,
    username: &str,
    is_active: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        r#"update users set is_active = $2, updated_at = $3
           where username = $1 and erased_at is null
           returning id as "id: UserId", organization_id as "organization_id: OrganizationId""#,
        username,
        is_active,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Gives the account another password; `None` when there is none. A statement of its own: the administration may
/// write the hash and not read it, not even to leave it as it is.
pub(super) async fn update_password(
    connection: &mut PgConnection,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        r#"update users set password_hash = $2, updated_at = $3
           where username = $1 and erased_at is null
           returning id as "id: UserId", organization_id as "organization_id: OrganizationId""#,
        username,
        password_hash,
        now,
    )
    .fetch_optional(connection)
    .await
}

pub(super) async fn list_people(connection: &mut PgConnection) -> sqlx::Result<Vec<Person>> {
    sqlx::query_as!(
        Person,
        r#"select u.username, u.full_name, o.code as organization_code, u.is_active, u.is_demo, u.last_login,
                  array(select distinct r.role_name from user_roles r
                        where r.user_id = u.id and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())
                        order by r.role_name) as "roles!"
           from users u
           join organizations o on o.organization_id = u.organization_id
           order by o.code, u.username"#
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn has_demo_people(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from users where is_demo) as "found!""#).fetch_one(connection).await
}
