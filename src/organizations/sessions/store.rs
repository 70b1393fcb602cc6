//! SQL over `user_sessions`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, postgres::types::PgInterval, types::ipnetwork::IpNetwork};
use uuid::Uuid;

use super::IDLE;
use crate::{
    auth::{Actor, ActorOrganization, OrganizationKind, Role, session::Viewer},
    i18n::Lang,
    ids::{OrganizationId, SessionId, UserId},
};

/// A session that is alive, with its person as they are at this moment.
#[derive(Debug)]
pub(super) struct FoundSession {
    pub data: Value,
    pub last_activity: DateTime<Utc>,
    pub is_demo: bool,
    pub viewer: Viewer,
}

/// What a new session's row holds.
#[derive(Debug)]
pub(super) struct NewSession<'a> {
    pub token_hash: &'a [u8],
    pub user_id: UserId,
    pub ip_address: Option<IpNetwork>,
    pub user_agent: Option<&'a str>,
    pub data: &'a Value,
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
                  language as "language!", shortcuts_enabled as "shortcuts_enabled!",
                  organization_id as "organization_id!: OrganizationId",
                  organization_kind as "organization_kind!: OrganizationKind",
                  organization_code as "organization_code!", organization_name as "organization_name!",
                  organization_name_am as "organization_name_am!", role_names as "role_names!", unread as "unread!"
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
        viewer: Viewer {
            user_id: row.user_id,
            username: row.username,
            full_name: row.full_name,
            language: Lang::from_code(&row.language).unwrap_or_default(),
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
        },
    }))
}

/// Inserts a session; false when its token is taken already.
pub(super) async fn insert_session(connection: &mut PgConnection, session: &NewSession<'_>) -> sqlx::Result<bool> {
    let inserted = sqlx::query!(
        "insert into user_sessions
             (user_id, token_hash, ip_address, user_agent, data, created_at, last_activity, expires_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7)
         on conflict (token_hash) do nothing",
        session.user_id.0,
        session.token_hash,
        session.ip_address,
        session.user_agent,
        session.data,
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

/// Ends what the person has beyond `most` sessions, of which `begun` is one: the longest unused; their references.
pub(super) async fn delete_surplus(
    connection: &mut PgConnection,
    user_id: UserId,
    begun: Uuid,
    most: u32,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"delete from user_sessions
           where id in (select s.id from user_sessions s where s.user_id = $1 and s.reference <> $2
                        order by s.last_activity desc, s.created_at desc, s.id desc offset $3)
           returning reference as "reference!""#,
        user_id.0,
        begun,
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
    /// Under which name the record knows it.
    pub reference: Uuid,
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
                  s.last_activity, s.reference as "reference!"
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
    pub reference: Uuid,
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
           returning u.id as "person: UserId", u.full_name as name, s.reference as "reference!""#,
        actor.organization.id as OrganizationId,
        only(actor, whose) as Option<UserId>,
        id as SessionId,
    )
    .fetch_optional(connection)
    .await
}

/// What is left of a session that was ended.
#[derive(Debug)]
pub(in crate::organizations) struct EndedSession {
    /// Under which name the record knows it.
    pub reference: Uuid,
    /// When it would have ended by its age.
    pub expires_at: DateTime<Utc>,
}

/// Ends every session of a person. Runs as the gate.
pub(in crate::organizations) async fn end_all(
    connection: &mut PgConnection,
    id: UserId,
) -> sqlx::Result<Vec<EndedSession>> {
    sqlx::query_as!(
        EndedSession,
        r#"delete from user_sessions where user_id = $1 returning reference as "reference!", expires_at"#,
        id as UserId,
    )
    .fetch_all(connection)
    .await
}

/// Ends every session of the actor but the one that acts; their references. Runs as the gate.
pub(in crate::organizations) async fn end_others(
    connection: &mut PgConnection,
    actor: &Actor,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"delete from user_sessions where user_id = $1 and reference is distinct from $2 returning reference as "reference!""#,
        actor.user_id as UserId,
        actor.origin.session,
    )
    .fetch_all(connection)
    .await
}

/// Deletes what has ended by age or by silence.
pub(super) async fn delete_ended(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    silent_since: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let deleted =
        sqlx::query!("delete from user_sessions where expires_at <= $1 or last_activity <= $2", now, silent_since)
            .execute(connection)
            .await?;
    Ok(deleted.rows_affected())
}
