//! SQL over `user_roles` and `role_restrictions`, as far as the viewer sees them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Colleague, Grant, House, Period, Restriction, Rests, RoleChange};
use crate::auth::{Actor, OrganizationKind, Permission, Role};
use crate::ids::{GrantId, OrganizationId, RestrictionId, UserId};

/// The organisation with this code.
pub(super) async fn find_house(connection: &mut PgConnection, code: &str) -> sqlx::Result<Option<House>> {
    sqlx::query_as!(
        House,
        r#"select organization_id as "id: OrganizationId", kind as "kind: OrganizationKind", code, name as name_en,
                  name_am
           from organizations
           where code = $1"#,
        code,
    )
    .fetch_optional(connection)
    .await
}

/// Everybody of an organisation who was not erased, by name.
pub(super) async fn list_people(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> sqlx::Result<Vec<Colleague>> {
    sqlx::query_as!(
        Colleague,
        r#"select id as "id: UserId", full_name as name, is_active from users
           where organization_id = $1 and erased_at is null
           order by full_name, id"#,
        organization as OrganizationId,
    )
    .fetch_all(connection)
    .await
}

/// The grants of an organisation's people, by name; those that ended before `since` are left out.
pub(super) async fn list_grants(
    connection: &mut PgConnection,
    organization: OrganizationId,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Grant>> {
    let rows = sqlx::query!(
        r#"select r.id as "id: GrantId", r.user_id as "person: UserId", gate.person_name(u.id) as "full_name!",
                  case when u.erased_at is null then u.username else '' end as "username!",
                  r.role_name as "role: Role", r.granted_at,
                  gate.person_name(r.granted_by) as granted_by,
                  r.valid_from, r.valid_until, r.revoked_at, gate.person_name(r.revoked_by) as revoked_by,
                  s.user_id as "delegator?: UserId", gate.person_name(s.user_id) as delegator_name, r.reason
           from user_roles r
           join users u on u.id = r.user_id
           left join user_roles s on s.id = r.delegated_from
           where u.organization_id = $1 and coalesce(least(r.valid_until, r.revoked_at), 'infinity') > $2
           order by u.full_name, r.granted_at, r.id"#,
        organization as OrganizationId,
        since,
    )
    .fetch_all(connection)
    .await?;
    let grants = rows.into_iter().map(|row| Grant {
        id: row.id,
        person: row.person,
        name: row.full_name,
        username: row.username,
        role: row.role,
        granted_at: row.granted_at,
        granted_by: row.granted_by,
        period: Period { from: row.valid_from, until: row.valid_until },
        revoked_at: row.revoked_at,
        revoked_by: row.revoked_by,
        delegated_by: row.delegator.map(|id| (id, row.delegator_name.unwrap_or_default())),
        reason: row.reason,
    });
    Ok(grants.collect())
}

/// What an organisation takes away from its roles; what was over before `since` is left out. What a newer version has taken
/// away is nothing here.
pub(super) async fn list_restrictions(
    connection: &mut PgConnection,
    organization: OrganizationId,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Restriction>> {
    let rows = sqlx::query!(
        r#"select restriction_id as "id: RestrictionId", role_name as "role: Role", permission, valid_from, valid_until,
                  reason, gate.person_name(set_by) as set_by, lifted_at
           from role_restrictions
           where organization_id = $1 and coalesce(least(valid_until, lifted_at), 'infinity') > $2
           order by valid_from desc, restriction_id desc"#,
        organization as OrganizationId,
        since,
    )
    .fetch_all(connection)
    .await?;
    let known = rows.into_iter().filter_map(|row| {
        Some(Restriction {
            id: row.id,
            role: row.role,
            permission: Permission::from_code(&row.permission)?,
            from: row.valid_from,
            until: row.valid_until,
            reason: row.reason,
            set_by: row.set_by,
            lifted_at: row.lifted_at,
        })
    });
    Ok(known.collect())
}

/// A grant about to be made.
pub(super) struct NewGrant<'a> {
    pub id: GrantId,
    pub person: UserId,
    pub role: Role,
    pub period: Period,
    pub delegated_from: Option<GrantId>,
    pub reason: Option<&'a str>,
}

pub(super) async fn insert_grant(
    connection: &mut PgConnection,
    actor: &Actor,
    new: &NewGrant<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into user_roles (id, user_id, role_name, granted_at, granted_by, valid_from, valid_until, delegated_from,
             reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as GrantId,
        new.person as UserId,
        new.role.code(),
        now,
        actor.user_id as UserId,
        new.period.from,
        new.period.until,
        new.delegated_from as Option<GrantId>,
        new.reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a grant; whether it had not ended before.
pub(super) async fn update_ended(
    connection: &mut PgConnection,
    actor: &Actor,
    id: GrantId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update user_roles set revoked_at = $3, revoked_by = $2
         where id = $1 and revoked_at is null and (valid_until is null or valid_until > $3)",
        id as GrantId,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// The delegations that rest on something and have not ended.
pub(super) async fn list_resting(
    connection: &mut PgConnection,
    on: Rests,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<RoleChange>> {
    let (grant, person) = match on {
        Rests::OnGrant(grant) => (Some(grant), None),
        Rests::OnPerson(person) => (None, Some(person)),
    };
    let rows = sqlx::query!(
        r#"select d.id as "id: GrantId", d.user_id as "person: UserId", d.role_name as "role: Role"
           from user_roles d
           join user_roles s on s.id = d.delegated_from
           where (s.id = $1 or s.user_id = $2) and d.revoked_at is null and d.valid_until > $3
           order by d.id"#,
        grant as Option<GrantId>,
        person as Option<UserId>,
        now,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| RoleChange::delegation_ended((row.person, row.id, row.role))).collect())
}

/// A restriction about to be made.
pub(super) struct NewRestriction<'a> {
    pub id: RestrictionId,
    pub role: Role,
    pub permission: Permission,
    pub until: Option<DateTime<Utc>>,
    pub reason: &'a str,
}

pub(super) async fn insert_restriction(
    connection: &mut PgConnection,
    actor: &Actor,
    new: &NewRestriction<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into role_restrictions (restriction_id, organization_id, role_name, permission, valid_from, valid_until,
             reason, set_by, set_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $5)",
        new.id as RestrictionId,
        actor.organization.id as OrganizationId,
        new.role.code(),
        new.permission.code(),
        now,
        new.until,
        new.reason,
        actor.user_id as UserId,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lifts a restriction of the actor's organisation; what it took away from which role, when it was in force.
pub(super) async fn update_lifted(
    connection: &mut PgConnection,
    actor: &Actor,
    id: RestrictionId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Role, String)>> {
    let lifted = sqlx::query!(
        r#"update role_restrictions set lifted_by = $3, lifted_at = $4
           where restriction_id = $1 and organization_id = $2 and lifted_at is null
             and (valid_until is null or valid_until > $4)
           returning role_name as "role: Role", permission"#,
        id as RestrictionId,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
    )
    .fetch_optional(connection)
    .await?;
    Ok(lifted.map(|row| (row.role, row.permission)))
}

/// What the mail to a delegate says.
pub(super) struct Told {
    pub email: String,
    pub full_name: String,
    pub role: Role,
    pub absent: String,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// Whom a mail about a delegation goes to; none when it is over, or nobody is known to read mail there. Runs as the worker.
pub(super) async fn find_told(
    connection: &mut PgConnection,
    id: GrantId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Told>> {
    sqlx::query_as!(
        Told,
        r#"select u.email as "email!", u.full_name, r.role_name as "role: Role", a.full_name as absent,
                  r.valid_from as "from!", r.valid_until as "until!"
           from user_roles r
           join users u on u.id = r.user_id
           join user_roles s on s.id = r.delegated_from
           join users a on a.id = s.user_id
           where r.id = $1 and r.revoked_at is null and r.valid_until > $2
             and u.is_active and u.email_verified_at is not null"#,
        id as GrantId,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// The language of a colleague, in which they are written to.
pub(super) async fn find_language(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select language from users where id = $1", person as UserId).fetch_optional(connection).await
}
