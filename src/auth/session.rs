//! The person behind a request: what a session says, read once a request.
//!
//! The session store puts the person, the organisation and the roles of this very moment beside what the
//! session keeps, under [`STANDING_KEY`], and never writes them back. A role that is taken away, a delegation that begins or is
//! over and a person who is disabled are so at the next request.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use chrono::{DateTime, Duration, Utc};
use http::{Extensions, request::Parts};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{Actor, ActorOrganization, Origin, Permissions, Role, permission::ceiling_of};
use crate::{
    error::AppError,
    i18n::Lang,
    ids::{GrantId, SessionId, UserId},
    web::{chrome::Density, csrf::SessionSecret, exchange::Exchange},
};

/// A session ends after so long without a request.
pub const IDLE: Duration = Duration::minutes(30);
/// After so long its person is asked whether they are still there.
pub const ASKED_AFTER: Duration = Duration::minutes(25);

/// Where the session's record holds its [`Standing`].
pub const STANDING_KEY: &str = "standing";

/// A session and the person behind it, as the database describes them at this moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Standing {
    /// The session's own id, under which the record knows it. It opens nothing.
    pub session: SessionId,
    /// What its forms prove to know.
    pub secret: SessionSecret,
    /// When the second factor was last proved in it; never by who has none.
    pub proved_at: Option<DateTime<Utc>>,
    /// The person.
    pub viewer: Viewer,
}

/// The person behind a session, as the database describes them at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their id.
    pub user_id: UserId,
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub full_name: String,
    /// The language of their account, with the calendar of its days.
    pub language: Lang,
    /// How close the rows of their tables stand.
    pub density: Density,
    /// Whether they want single-key shortcuts.
    pub shortcuts_enabled: bool,
    /// What they were told and have not read, at most a hundred.
    pub unread: i64,
    /// For whom they act.
    pub organization: ActorOrganization,
    /// What they are there.
    pub roles: Vec<Role>,
    /// What the database says that those roles allow there.
    pub permissions: Permissions,
    /// The grants by which they do the work of somebody who is absent.
    pub delegations: Vec<GrantId>,
}

/// A signed-in person with their session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts.
    pub actor: Actor,
    /// The language of their account, with the calendar of its days.
    pub language: Lang,
    /// How close the rows of their tables stand.
    pub density: Density,
    /// Whether they want single-key shortcuts.
    pub shortcuts_enabled: bool,
    /// What they were told and have not read, at most a hundred.
    pub unread: i64,
    /// What the session's forms prove to know.
    pub secret: SessionSecret,
    /// When the second factor was last proved in this session; never by who has none.
    pub proved_at: Option<DateTime<Utc>>,
}

impl SignedIn {
    /// The person that a session speaks for.
    #[must_use]
    pub fn new(standing: Standing, origin: Origin) -> Self {
        let Standing { session, secret, proved_at, viewer } = standing;
        let origin = Origin { session: Some(session.0), ..origin };
        // What the database allows, and never beyond the ceiling that the code knows.
        let permissions = viewer.permissions.intersection(ceiling_of(viewer.organization.kind, &viewer.roles));
        Self {
            actor: Actor {
                user_id: viewer.user_id,
                username: viewer.username,
                display_name: viewer.full_name,
                organization: viewer.organization,
                roles: viewer.roles,
                permissions,
                delegations: viewer.delegations,
                origin,
            },
            language: viewer.language,
            density: viewer.density,
            shortcuts_enabled: viewer.shortcuts_enabled,
            unread: viewer.unread,
            secret,
            proved_at,
        }
    }
}

/// Who is signed in, if anybody. The database is asked at most once a request.
///
/// # Errors
/// [`AppError::Unavailable`] when the database is away.
pub async fn signed_in(extensions: &Extensions) -> Result<Option<Arc<SignedIn>>, AppError> {
    let exchange = Exchange::of(extensions)?;
    if let Some(signed_in) = exchange.signed_in() {
        return Ok(Some(Arc::clone(signed_in)));
    }
    // Without the session layer there are no sessions: a part of the router under test, say.
    let Some(session) = extensions.get::<Session>() else { return Ok(None) };
    let Some(standing) = session.get::<Standing>(STANDING_KEY).await? else { return Ok(None) };
    Ok(Some(exchange.remember(Arc::new(SignedIn::new(standing, exchange.origin())))))
}

/// The person who acts, on routes that need one.
impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let signed_in = signed_in(&parts.extensions).await?;
        signed_in.map(|s| s.actor.clone()).ok_or(AppError::SignInRequired)
    }
}

/// The person who acts, on routes that strangers may call too. Who still has to set up a second factor is a stranger there.
impl<S: Sync> OptionalFromRequestParts<S> for Actor {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, AppError> {
        let rule = Exchange::of(&parts.extensions)?.factor_rule();
        let signed_in = signed_in(&parts.extensions).await?;
        Ok(signed_in.filter(|s| !rule.must_enrol(&s.actor, s.proved_at)).map(|s| s.actor.clone()))
    }
}

/// The hash under which a session's token is stored: who reads the table cannot take a session over.
#[must_use]
pub fn token_hash(token: i128) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(token.to_be_bytes()).into()
}
