//! Where people are signed in, and ending it; each end on record.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Ended, OpenSession, Whose};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::{SessionId, UserId};
use crate::workflow::{Command, CommandError, Effects, Message};

/// Who or what has ended a session before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndedBy {
    /// Its person, from another place.
    Person,
    /// An administrator of the organisation.
    Administrator,
    /// Their own next session: there are only so many at once.
    Limit,
}

/// The record of sessions that were ended, by their ids.
pub(super) fn ended(by: EndedBy, sessions: &[Uuid]) -> Event {
    let (by, severity) = match by {
        EndedBy::Person => ("person", Severity::Medium),
        EndedBy::Administrator => ("administrator", Severity::High),
        EndedBy::Limit => ("limit", Severity::Low),
    };
    Event::security("SESSION_ENDED", severity, json!({ "by": by, "sessions": sessions }))
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such session within the actor's reach, or no more.
    NotFound,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not found")
    }
}

type Failure = CommandError<Refusal>;

/// The sessions that are alive, of the viewer or of everybody in the viewer's organisation: the last used first.
pub(super) async fn list(db: &Db, viewer: &Actor, whose: Whose, now: DateTime<Utc>) -> sqlx::Result<Vec<OpenSession>> {
    let mut tx = db.begin_as(viewer).await?;
    let sessions = store::list_open(&mut tx, viewer, whose, now).await?;
    tx.commit().await?;
    Ok(sessions)
}

/// A session is to end.
pub(super) struct End {
    pub id: SessionId,
    pub whose: Whose,
}

#[async_trait]
impl Command for End {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, _: DateTime<Utc>) -> Result<Effects, Failure> {
        tx.enter_gate().await?;
        let found = store::end(tx, actor, self.whose, self.id).await?;
        tx.leave_system().await?;
        let Ended { person, name } = found.ok_or(CommandError::Refused(Refusal::NotFound))?;
        let (by, location) = match self.whose {
            Whose::Own => (EndedBy::Person, "/account"),
            Whose::Organization => (EndedBy::Administrator, "/staff/sessions"),
        };
        Ok(Effects {
            location: location.to_owned(),
            flash: Message::new("session-ended").with("name", name),
            event: Event { entity_id: Some(person.0), ..ended(by, &[self.id.0]) },
            outbox: None,
        })
    }
}

/// Every other session of the actor is to end.
pub(super) struct EndOthers;

#[async_trait]
impl Command for EndOthers {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, _: DateTime<Utc>) -> Result<Effects, Failure> {
        let others = end_others(tx, actor).await?;
        let UserId(person) = actor.user_id;
        Ok(Effects {
            location: "/account".to_owned(),
            flash: Message::new("sessions-ended").with("count", others.len().to_string()),
            event: Event { entity_id: Some(person), ..ended(EndedBy::Person, &others) },
            outbox: None,
        })
    }
}

/// Ends every session of `actor` but the one that acts; their ids.
async fn end_others(tx: &mut Tx, actor: &Actor) -> sqlx::Result<Vec<Uuid>> {
    tx.enter_gate().await?;
    let others = store::end_others(tx, actor).await?;
    tx.leave_system().await?;
    Ok(others)
}
