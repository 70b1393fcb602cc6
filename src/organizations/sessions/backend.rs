//! [`SessionStore`] over the database: what the session layer asks and tells.
//!
//! Reading is one statement a request and brings the person along; writing happens at sign-in and
//! sign-out only. The person is never written back.

use std::{net::IpAddr, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use super::service::{EndedBy, ended};
use super::{LIFETIME, PATIENCE, TOUCH_EVERY, is_attended, store};
use crate::{
    audit::{self, Author, Event, Severity},
    auth::{
        Origin,
        session::{IDLE, STANDING_KEY, Standing, token_hash},
    },
    clock::Clock,
    database::{Db, Tx, within},
    ids::{OrganizationId, SessionId, UserId},
    organizations::sign_in::throttle::{Entrance, store::let_in},
    web::csrf::SessionSecret,
};

/// Where sign-in leaves what the new row needs.
pub(in crate::organizations) const ORIGIN_KEY: &str = "origin";

/// Who signed in, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::organizations) struct SessionOrigin {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub request_id: Option<Uuid>,
    pub ip_address: IpAddr,
    pub user_agent: Option<String>,
    pub entrance: Entrance,
    /// When the second factor was proved, if there is one.
    pub proved_at: Option<DateTime<Utc>>,
}

/// Sessions in `user_sessions`.
#[derive(Clone)]
pub struct DatabaseSessions {
    db: Db,
    clock: Arc<dyn Clock>,
    is_demo: bool,
    most: u32,
}

impl std::fmt::Debug for DatabaseSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseSessions")
    }
}

impl DatabaseSessions {
    /// Sessions in `db`, at most `most` of one person; those of demo accounts count only where `is_demo`.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, is_demo: bool, most: u32) -> Self {
        Self { db, clock, is_demo, most }
    }

    async fn touch(&self, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<()> {
        let mut tx = self.db.begin_gate().await?;
        store::touch(&mut tx, hash, now).await?;
        tx.commit().await
    }

    async fn insert(&self, record: &mut Record, origin: SessionOrigin) -> sqlx::Result<()> {
        let now = self.clock.now();
        let data = kept(record);
        let mut tx = self.db.begin_gate().await?;
        // The row of the person is locked: who signs in at two places at once does so one after the other.
        store::update_last_login(&mut tx, origin.user_id, now).await?;
        let begun = SessionId::new();
        loop {
            let hash = token_hash(record.id.0);
            let session = store::NewSession {
                id: begun,
                token_hash: &hash,
                user_id: origin.user_id,
                ip_address: Some(origin.ip_address.into()),
                user_agent: origin.user_agent.as_deref(),
                data: &data,
                proved_at: origin.proved_at,
                now,
                expires_at: now + LIFETIME,
            };
            if store::insert_session(&mut tx, &session).await? {
                break;
            }
            record.id = Id::default();
        }
        let_in(&mut tx, origin.user_id, &origin.entrance, now).await?;
        let surplus = store::delete_surplus(&mut tx, origin.user_id, begun, self.most).await?;
        record_sign_in(&mut tx, origin, begun, &surplus, now).await?;
        tx.commit().await
    }

    async fn update(&self, record: &Record) -> sqlx::Result<()> {
        let mut tx = self.db.begin_gate().await?;
        store::update_data(&mut tx, &token_hash(record.id.0), &kept(record)).await?;
        tx.commit().await
    }

    async fn find(&self, hash: &[u8], now: DateTime<Utc>) -> sqlx::Result<Option<store::FoundSession>> {
        let mut connection = self.db.acquire().await?;
        let found = store::find_session(&mut connection, hash, now, IDLE).await?;
        connection.commit().await?;
        let Some(found) = found.filter(|found| self.is_demo || !found.is_demo) else { return Ok(None) };
        // In read-only mode of the server itself this fails; the session is good all the same.
        if is_attended()
            && now - found.last_activity >= TOUCH_EVERY
            && let Err(error) = self.touch(hash, now).await
        {
            tracing::warn!(%error, "cannot note that a session is in use");
        }
        Ok(Some(found))
    }

    async fn remove(&self, hash: &[u8]) -> sqlx::Result<()> {
        let mut tx = self.db.begin_gate().await?;
        store::delete(&mut tx, hash).await?;
        tx.commit().await
    }
}

#[async_trait]
impl SessionStore for DatabaseSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let origin = record.data.get(ORIGIN_KEY).cloned();
        let origin: SessionOrigin = origin
            .and_then(|origin| serde_json::from_value(origin).ok())
            .ok_or_else(|| Error::Encode("only a sign-in begins a session".to_owned()))?;
        within(PATIENCE, self.insert(record, origin)).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        within(PATIENCE, self.update(record)).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = within(PATIENCE, self.find(&token_hash(id.0), self.clock.now())).await.map_err(backend)?;
        let Some(found) = found else { return Ok(None) };
        let shift = found.form_shift.as_slice().try_into();
        let shift = shift.map_err(|_| Error::Decode("a session's shift has not 32 bytes".to_owned()))?;
        let standing = Standing {
            session: found.id,
            secret: SessionSecret::of(id.0, shift),
            proved_at: found.proved_at,
            viewer: found.viewer,
        };
        let standing = serde_json::to_value(&standing).map_err(|error| Error::Decode(error.to_string()))?;
        let Value::Object(data) = found.data else {
            return Err(Error::Decode("a session's data is no object".to_owned()));
        };
        let mut record = Record { id: *id, data: data.into_iter().collect(), expiry_date: OffsetDateTime::UNIX_EPOCH };
        record.data.insert(STANDING_KEY.to_owned(), standing);
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        within(PATIENCE, self.remove(&token_hash(id.0))).await.map_err(backend)
    }
}

/// Who came in, and which of their sessions ended by it: in the transaction of their session, so that none is without the other.
async fn record_sign_in(
    tx: &mut Tx,
    by: SessionOrigin,
    SessionId(session): SessionId,
    surplus: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let origin = Origin {
        request_id: by.request_id,
        ip_address: Some(by.ip_address),
        user_agent: by.user_agent,
        session: Some(session),
    };
    let author = Author {
        user: Some(by.user_id),
        organization: Some(by.organization_id),
        roles: &[],
        delegations: &[],
        origin: &origin,
    };
    let about = |event| Event { entity_id: Some(by.user_id.0), ..event };
    let event = about(Event::security("LOGIN_SUCCESS", Severity::Low, json!({})));
    audit::record(tx, author, &event, now).await?;
    if !surplus.is_empty() {
        audit::record(tx, author, &about(ended(EndedBy::Limit, surplus)), now).await?;
    }
    Ok(())
}

/// What belongs into the row: neither the person, who is read anew each time, nor what has columns.
fn kept(record: &Record) -> Value {
    let own = |key: &str| key != STANDING_KEY && key != ORIGIN_KEY;
    Value::Object(record.data.iter().filter(|(key, _)| own(key)).map(|(k, v)| (k.clone(), v.clone())).collect())
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
