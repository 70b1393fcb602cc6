//! SQL over `user_sessions`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, postgres::types::PgInterval, types::ipnetwork::IpNetwork};
use uuid::Uuid;

use crate::{
    auth::{
        Actor, ActorOrganization, OrganizationKind, Permissions, Role,
        session::{IDLE, Viewer},
    },
    calendar::Calendar,
    i18n::Lang,
    ids::{GrantId, OrganizationId, SessionId, UserId},
    web::chrome::Density,
};

/// A session that is alive, with its person as they are at this moment.
#[derive(Debug)]
pub(super) struct FoundSession {
    pub data: Value,
    pub last_activity: DateTime<Utc>,
    pub is_demo: bool,
    pub id: SessionId,
    pub form_shift: Vec<u8>,
    pub proved_at: Option<DateTime<Utc>>,
    pub viewer: Viewer,
}

/// What a new session's row holds.
#[derive(Debug)]
pub(super) struct NewSession<'a> {
    pub id: SessionId,
    pub token_hash: &'a [u8],
    pub user_id: UserId,
    pub ip_address: Option<IpNetwork>,
    pub user_agent: Option<&'a str>,
    pub data: &'a Value,
    pub proved_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The session behind a token, unless it has ended or its person is disabled. Needs no context.
pub(super) async fn find_session(
    connection: &mut PgConnection,
    token_hash: &[u8],
    now: DateTime<Utc>,
    idle: chrono::Duration,
) -> sqlx::Result<Option<FoundSession>> {
    let idle = PgInterval { months: 0, days: 0, microseconds: idle.num_microseconds().unwrap_or(i64::MAX) };
    let row = sqlx::query!(
        r#"select data as "data!", last_activity as "last_activity!", is_demo as "is_demo!",
                  user_id as "user_id!: UserId", username as "username!", full_name as "full_name!",
                  language as "language!", calendar as "calendar!: Calendar", density as "density!: Density",
                  shortcuts_enabled as "shortcuts_enabled!",
                  organization_id as "organization_id!: OrganizationId",
                  organization_kind as "organization_kind!: OrganizationKind",
                  organization_code as "organization_code!", organization_name as "organization_name!",
                  organization_name_am as "organization_name_am!", role_names as "role_names!",
                  permission_codes as "permission_codes!", delegations as "delegations!: Vec<GrantId>",
                  session_id as "session_id!: SessionId", form_shift as "form_shift!", proved_at,
                  unread as "unread!"
           from gate.find_session($1, $2, $3)
           where user_id is not null"#,
        token_hash,
        now,
        idle,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| FoundSession {
        data: row.data,
        last_activity: row.last_activity,
        is_demo: row.is_demo,
        id: row.session_id,
        form_shift: row.form_shift,
        proved_at: row.proved_at,
        viewer: Viewer {
            user_id: row.user_id,
            username: row.username,
            full_name: row.full_name,
            language: Lang::from_code(&row.language).unwrap_or_default().with_days_in(row.calendar),
            density: row.density,
            shortcuts_enabled: row.shortcuts_enabled,
            unread: row.unread,
            organization: ActorOrganization {
                id: row.organization_id,
                kind: row.organization_kind,
                code: row.organization_code,
                name_en: row.organization_name,
                name_am: row.organization_name_am,
            },
            // A role that a newer version has granted gives nothing here.
            roles: row.role_names.iter().filter_map(|name| Role::from_code(name)).collect(),
            permissions: Permissions::from_codes(&row.permission_codes),
            delegations: row.delegations,
        },
    }))
}

/// Inserts a session; false when its token is taken already.
pub(super) async fn insert_session(connection: &mut PgConnection, session: &NewSession<'_>) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into user_sessions
             (id, user_id, token_hash, ip_address, user_agent, data, proved_at, created_at, last_activity, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
         on conflict (token_hash) do nothing",
        session.id.0,
        session.user_id.0,
        session.token_hash,
        session.ip_address,
        session.user_agent,
        session.data,
        session.proved_at,
        session.now,
        session.expires_at,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Notes when the person came in last.
pub(super) async fn update_last_login(
    connection: &mut PgConnection,
    user_id: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update users set last_login = $2 where id = $1", user_id.0, now).execute(connection).await?;
    Ok(())
}

/// Writes what the session keeps.
pub(super) async fn update_data(connection: &mut PgConnection, token_hash: &[u8], data: &Value) -> sqlx::Result<()> {
    sqlx::query!("update user_sessions set data = $2 where token_hash = $1", token_hash, data)
        .execute(connection)
        .await?;
    Ok(())
}

/// Another token for a session that goes on; false when it has ended.
pub(super) async fn update_token(
    connection: &mut PgConnection,
    id: SessionId,
    (token_hash, form_shift): (&[u8], &[u8]),
    proved_at: Option<DateTime<Utc>>,
) -> sqlx::Result<bool> {
    let renewed = sqlx::query!(
        "update user_sessions set token_hash = $2, form_shift = $3, proved_at = coalesce($4, proved_at) where id = $1",
        id.0,
        token_hash,
        form_shift,
        proved_at,
    )
    .execute(connection)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

/// Forgets that a factor was proved in the session: there is none any more.
pub(super) async fn delete_proof(connection: &mut PgConnection, id: SessionId) -> sqlx::Result<()> {
    sqlx::query!("update user_sessions set proved_at = null where id = $1", id.0).execute(connection).await?;
    Ok(())
}

/// Notes that the session is in use.
pub(super) async fn touch(connection: &mut PgConnection, token_hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update user_sessions set last_activity = $2 where token_hash = $1 and last_activity < $2",
        token_hash,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the session; false when it has ended before.
pub(super) async fn delete(connection: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<bool> {
    let deleted =
        sqlx::query!("delete from user_sessions where token_hash = $1", token_hash).execute(connection).await?;
    Ok(deleted.rows_affected() == 1)
}

/// Ends what the person has beyond `most` sessions, of which `begun` is one: the longest unused; their ids.
pub(super) async fn delete_surplus(
    connection: &mut PgConnection,
    user_id: UserId,
    begun: SessionId,
    most: u32,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"delete from user_sessions
           where id in (select s.id from user_sessions s where s.user_id = $1 and s.id <> $2
                        order by s.last_activity desc, s.created_at desc, s.id desc offset $3)
           returning id"#,
        user_id.0,
        begun.0,
        i64::from(most.saturating_sub(1)),
    )
    .fetch_all(connection)
    .await
}

/// Within whose sessions somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Their own.
    Own,
    /// Those of everybody in their organisation.
    Organization,
}

/// A session that is alive, as its person or an administrator sees it.
#[derive(Debug, Clone)]
pub(super) struct OpenSession {
    pub id: SessionId,
    pub name: String,
    pub username: String,
    pub ip_address: Option<IpNetwork>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_activity: DateTime<Utc>,
}

/// The sessions that are alive, the last used first.
pub(super) async fn list_open(
    connection: &mut PgConnection,
    viewer: &Actor,
    whose: Whose,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<OpenSession>> {
    sqlx::query_as!(
        OpenSession,
        r#"select s.id as "id: SessionId", u.full_name as name, u.username, s.ip_address, s.user_agent, s.created_at,
                  s.last_activity
           from user_sessions s join users u on u.id = s.user_id
           where u.organization_id = $1 and ($2::uuid is null or u.id = $2) and s.expires_at > $3 and s.last_activity > $4
           order by s.last_activity desc, s.id desc"#,
        viewer.organization.id as OrganizationId,
        only(viewer, whose) as Option<UserId>,
        now,
        now - IDLE,
    )
    .fetch_all(connection)
    .await
}

/// The one person whose sessions are meant, where it is one.
fn only(viewer: &Actor, whose: Whose) -> Option<UserId> {
    (whose == Whose::Own).then_some(viewer.user_id)
}

/// A session that was ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub person: UserId,
    pub name: String,
}

/// Ends a session within the actor's reach, if it is there. Runs as the gate.
pub(super) async fn end(
    connection: &mut PgConnection,
    actor: &Actor,
    whose: Whose,
    id: SessionId,
) -> sqlx::Result<Option<Ended>> {
    sqlx::query_as!(
        Ended,
        r#"delete from user_sessions s using users u
           where s.id = $3 and u.id = s.user_id and u.organization_id = $1 and ($2::uuid is null or u.id = $2)
           returning u.id as "person: UserId", u.full_name as name"#,
        actor.organization.id as OrganizationId,
        only(actor, whose) as Option<UserId>,
        id as SessionId,
    )
    .fetch_optional(connection)
    .await
}

/// Ends every session of a person; their ids. Runs as the gate.
pub(in crate::organizations) async fn end_all(connection: &mut PgConnection, id: UserId) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!("delete from user_sessions where user_id = $1 returning id", id as UserId)
        .fetch_all(connection)
        .await
}

/// Ends every session of the actor but the one that acts; their ids. Runs as the gate.
pub(in crate::organizations) async fn end_others(
    connection: &mut PgConnection,
    actor: &Actor,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "delete from user_sessions where user_id = $1 and id is distinct from $2 returning id",
        actor.user_id as UserId,
        actor.origin.session,
    )
    .fetch_all(connection)
    .await
}
