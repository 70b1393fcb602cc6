//! The record: who did what, when, to what.
//!
//! Events are appended in the transaction of the deed and can be neither changed nor removed. The database
//! hashes each row as it comes; [`seal`] binds the hashes into a chain later, so that no writer waits for a
//! common head; [`verify`] finds what was changed after all. Personal data stands in a detachable part,
//! bound to its event by a salted commitment.

pub mod address;
mod catalogue;
pub mod seal;
mod service;
mod store;
pub mod verify;
pub mod words;

pub use catalogue::{ENTITY_KINDS, EVENT_TYPES, is_known, is_known_kind};
pub use service::record_alone;

use chrono::{DateTime, Utc};
use rand::Rng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::{Actor, Origin, Role};
use crate::codes::coded_enum;
use crate::ids::{GrantId, OrganizationId, UserId};

coded_enum! {
    /// How much an event matters.
    Severity {
        /// Reading.
        Low = "LOW",
        /// Creating, submitting.
        Medium = "MEDIUM",
        /// Approving, rejecting, issuing.
        High = "HIGH",
        /// Revoking, changing roles, failed authorisation.
        Critical = "CRITICAL",
    }
}

/// What happened, before it is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Such as `FX_APPROVED` (domain 5.9): one of [`EVENT_TYPES`].
    pub event_type: &'static str,
    /// Such as `export`: one of [`ENTITY_KINDS`].
    pub entity_type: &'static str,
    /// Which one.
    pub entity_id: Option<Uuid>,
    /// How much it matters.
    pub severity: Severity,
    /// Whether it belongs in a compliance report.
    pub compliance_relevant: bool,
    /// Facts without personal data.
    pub details: Value,
    /// What a person may ask to have erased; with the request's origin.
    pub private: Option<Value>,
}

impl Event {
    /// An act of business: compliance-relevant, no private part of its own.
    #[must_use]
    pub const fn business(
        event_type: &'static str,
        entity_type: &'static str,
        entity_id: Uuid,
        severity: Severity,
        details: Value,
    ) -> Self {
        Self {
            event_type,
            entity_type,
            entity_id: Some(entity_id),
            severity,
            compliance_relevant: true,
            details,
            private: None,
        }
    }

    /// An act of security, such as a sign-in.
    #[must_use]
    pub const fn security(event_type: &'static str, severity: Severity, details: Value) -> Self {
        Self {
            event_type,
            entity_type: "user",
            entity_id: None,
            severity,
            compliance_relevant: false,
            details,
            private: None,
        }
    }
}

/// Who is written down as having done it.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The person, where there is one.
    pub user: Option<UserId>,
    /// For whom they acted.
    pub organization: Option<OrganizationId>,
    /// What they were there at that moment; none where nobody acted or it is not known.
    pub roles: &'a [Role],
    /// By which delegations they had some of those roles.
    pub delegations: &'a [GrantId],
    /// Where the request came from.
    pub origin: &'a Origin,
}

/// Nobody's request.
static NOWHERE: Origin = Origin { request_id: None, ip_address: None, user_agent: None, session: None };

impl Author<'static> {
    /// The product itself, for an organisation where it is one's matter.
    #[must_use]
    pub const fn product(organization: Option<OrganizationId>) -> Self {
        Self { user: None, organization, roles: &[], delegations: &[], origin: &NOWHERE }
    }
}

impl<'a> From<&'a Actor> for Author<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self {
            user: Some(actor.user_id),
            organization: Some(actor.organization.id),
            roles: &actor.roles,
            delegations: &actor.delegations,
            origin: &actor.origin,
        }
    }
}

/// Appends `event` in the transaction given.
///
/// # Errors
/// When the database refuses; the whole transaction then has to be given up.
pub async fn record(
    connection: &mut PgConnection,
    author: Author<'_>,
    event: &Event,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    store::insert_event(connection, author, event, Prepared::new(author, event), now).await
}

/// The parts of an event that are made here: its id, the facts with the author's role, and the private part with
/// its commitment.
pub(crate) struct Prepared {
    pub(crate) event_id: Uuid,
    pub(crate) details: Value,
    pub(crate) salt: Option<Vec<u8>>,
    pub(crate) payload: Option<Value>,
    pub(crate) commitment: Option<Vec<u8>>,
}

impl Prepared {
    pub(crate) fn new(author: Author<'_>, event: &Event) -> Self {
        // Each event passes here on its way to the record, so that the tests prove the catalogue whole.
        debug_assert!(is_known(event.event_type), "{} is not in the catalogue of events", event.event_type);
        debug_assert!(is_known_kind(event.entity_type), "{} is not in the catalogue of kinds", event.entity_type);
        let mut payload = serde_json::Map::new();
        if let Some(ip) = author.origin.ip_address {
            payload.insert("ip_address".into(), json!(ip.to_string()));
        }
        if let Some(agent) = &author.origin.user_agent {
            payload.insert("user_agent".into(), json!(agent));
        }
        if let Some(session) = author.origin.session {
            payload.insert("session_id".into(), json!(session));
        }
        if let Some(Value::Object(private)) = &event.private {
            payload.extend(private.clone());
        }
        let (event_id, details) = (Uuid::now_v7(), details_of(author, event));
        if payload.is_empty() {
            return Self { event_id, details, salt: None, payload: None, commitment: None };
        }
        let mut salt = [0_u8; 16];
        rand::rng().fill_bytes(&mut salt);
        let payload = Value::Object(payload);
        // serde_json writes a map in the order of its keys, so the text is canonical.
        let commitment = Sha256::new().chain_update(salt).chain_update(payload.to_string()).finalize().to_vec();
        Self { event_id, details, salt: Some(salt.to_vec()), payload: Some(payload), commitment: Some(commitment) }
    }
}

/// The event's facts, and what its author was: a role that is taken away later was theirs at that moment.
fn details_of(author: Author<'_>, event: &Event) -> Value {
    let mut details = event.details.clone();
    if let Value::Object(facts) = &mut details
        && !author.roles.is_empty()
    {
        let roles: Vec<_> = author.roles.iter().map(|role| role.code()).collect();
        facts.insert("actor_role".into(), json!(roles.join(", ")));
        // Whose work it was stands with the grant.
        if !author.delegations.is_empty() {
            let grants: Vec<_> = author.delegations.iter().map(ToString::to_string).collect();
            facts.insert("by_delegation".into(), json!(grants.join(", ")));
        }
    }
    details
}
