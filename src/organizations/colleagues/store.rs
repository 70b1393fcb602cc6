//! SQL over colleagues and invitations: in the viewer's own organisation, and through the gate for who is no one yet.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Accepted, Colleague, Invitation, Invited, OpenInvitation};
use crate::auth::{Actor, Role};
use crate::ids::{InvitationId, OrganizationId, UserId};
use crate::mail::MailStatus;
use crate::organizations::link_token::LinkToken;

struct ColleagueRow {
    id: UserId,
    username: String,
    full_name: String,
    roles: Vec<String>,
    is_active: bool,
    last_login: Option<DateTime<Utc>>,
    is_erased: bool,
}

impl From<ColleagueRow> for Colleague {
    fn from(row: ColleagueRow) -> Self {
        Self {
            roles: row.roles.iter().filter_map(|code| Role::from_code(code)).collect(),
            id: row.id,
            username: row.username,
            full_name: row.full_name,
            is_active: row.is_active,
            last_login: row.last_login,
            is_erased: row.is_erased,
        }
    }
}

/// Everybody of the viewer's organisation who was not erased, by name.
pub(super) async fn list_colleagues(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Vec<Colleague>> {
    let rows = sqlx::query_as!(
        ColleagueRow,
        r#"select u.id as "id: UserId", u.username, u.full_name, u.is_active, u.last_login,
                  u.erased_at is not null as "is_erased!",
                  array(select distinct r.role_name from user_roles r
                        where r.user_id = u.id and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())
                        order by r.role_name) as "roles!"
           from users u
           where u.organization_id = $1 and u.erased_at is null
           order by u.full_name, u.id"#,
        viewer.organization.id as OrganizationId,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Colleague::from).collect())
}

/// One of them.
pub(super) async fn find_colleague(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: UserId,
) -> sqlx::Result<Option<Colleague>> {
    let row = sqlx::query_as!(
        ColleagueRow,
        r#"select u.id as "id: UserId", u.username, u.full_name, u.is_active, u.last_login,
                  u.erased_at is not null as "is_erased!",
                  array(select distinct r.role_name from user_roles r
                        where r.user_id = u.id and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())
                        order by r.role_name) as "roles!"
           from users u
           where u.organization_id = $1 and u.id = $2"#,
        viewer.organization.id as OrganizationId,
        id as UserId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Colleague::from))
}

/// Switches the account of a colleague; whether it was the other way round.
pub(super) async fn update_active(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: UserId,
    is_active: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let switched = sqlx::query!(
        "update users set is_active = $3, updated_at = $4
         where organization_id = $1 and id = $2 and is_active <> $3",
        viewer.organization.id as OrganizationId,
        id as UserId,
        is_active,
        now,
    )
    .execute(connection)
    .await?;
    Ok(switched.rows_affected() == 1)
}

/// The invitations of the viewer's organisation that can still be followed, newest first.
pub(super) async fn list_invitations(
    connection: &mut PgConnection,
    viewer: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select invitation_id as "id: InvitationId", full_name, role_name as "role: Role", expires_at, email,
                  (select status from mails where subject_id = invitation_id order by asked_at desc limit 1)
                      as "mail: MailStatus"
           from invitations
           where organization_id = $1 and accepted_at is null and withdrawn_at is null and expires_at > $2
           order by invited_at desc, invitation_id desc"#,
        viewer.organization.id as OrganizationId,
        now,
    )
    .fetch_all(connection)
    .await
}

/// The invitation of the viewer's organisation to an address that can still be followed.
pub(super) async fn find_invitation_to(
    connection: &mut PgConnection,
    viewer: &Actor,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<InvitationId>> {
    sqlx::query_scalar!(
        r#"select invitation_id as "id: InvitationId" from invitations
           where organization_id = $1 and email = $2 and accepted_at is null and withdrawn_at is null and expires_at > $3
           order by invited_at desc, invitation_id desc
           limit 1"#,
        viewer.organization.id as OrganizationId,
        email,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// An invitation about to be made.
pub(super) struct NewInvitation<'a> {
    pub id: InvitationId,
    pub token: &'a LinkToken,
    pub full_name: &'a str,
    pub role: Role,
    pub email: Option<&'a str>,
    pub expires_at: DateTime<Utc>,
}

pub(super) async fn insert_invitation(
    connection: &mut PgConnection,
    new: &NewInvitation<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let token_hash = new.token.hash();
    sqlx::query!(
        "insert into invitations (invitation_id, organization_id, token_hash, full_name, role_name, invited_by, invited_at,
             expires_at, email)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as InvitationId,
        actor.organization.id as OrganizationId,
        token_hash.as_slice(),
        new.full_name,
        new.role.code(),
        actor.user_id as UserId,
        now,
        new.expires_at,
        new.email,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes an invitation back; whose it was, when it could still be followed.
pub(super) async fn withdraw_invitation(
    connection: &mut PgConnection,
    actor: &Actor,
    id: InvitationId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update invitations set withdrawn_by = $3, withdrawn_at = $4
         where organization_id = $1 and invitation_id = $2 and accepted_at is null and withdrawn_at is null
         returning full_name",
        actor.organization.id as OrganizationId,
        id as InvitationId,
        actor.user_id as UserId,
        now,
    )
    .fetch_optional(connection)
    .await
}

/// What the link opens. Runs as the gate.
pub(super) async fn find_open(
    connection: &mut PgConnection,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<OpenInvitation>> {
    let token_hash = token.hash();
    sqlx::query_as!(
        OpenInvitation,
        r#"select organization_name as "organization_name!", organization_name_am as "organization_name_am!",
                  full_name as "full_name!", role_name as "role!: Role", expires_at as "expires_at!"
           from gate.find_invitation($1, $2)"#,
        token_hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}

/// Makes the account; for whom and as what, when it is new. Runs as the gate.
pub(super) async fn accept(
    connection: &mut PgConnection,
    token: &LinkToken,
    (person, username, password_hash): (UserId, &str, &str),
    language: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<(Accepted, Option<(OrganizationId, Role)>)> {
    let token_hash = token.hash();
    let answer = sqlx::query!(
        r#"select outcome as "outcome!", organization as "organization: OrganizationId", role as "role: Role"
           from gate.accept_invitation($1, $2, $3, $4, $5, $6)"#,
        token_hash.as_slice(),
        person as UserId,
        username,
        password_hash,
        language,
        now,
    )
    .fetch_one(connection)
    .await?;
    match answer.outcome.as_str() {
        "DONE" => Ok((Accepted::Done, answer.organization.zip(answer.role))),
        "REPLAYED" => Ok((Accepted::Done, None)),
        "GONE" => Ok((Accepted::Gone, None)),
        "USERNAME_TAKEN" => Ok((Accepted::UsernameTaken, None)),
        other => Err(sqlx::Error::Decode(format!("accept_invitation answered {other}").into())),
    }
}

/// Gives an invitation that can still be followed another link; who is invited, when there is such an invitation. Runs as
/// the worker.
pub(super) async fn update_token(
    connection: &mut PgConnection,
    id: InvitationId,
    token: &LinkToken,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Invited>> {
    let token_hash = token.hash();
    sqlx::query_as!(
        Invited,
        r#"update invitations i set token_hash = $2
           from organizations o
           where i.invitation_id = $1 and o.organization_id = i.organization_id and o.is_active and i.email is not null
             and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > $3
           returning o.name as organization_name, o.name_am as organization_name_am, i.full_name,
                     i.role_name as "role: Role", i.expires_at, i.email as "email!""#,
        id as InvitationId,
        token_hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
}
