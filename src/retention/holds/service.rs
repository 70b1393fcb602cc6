//! Placing and lifting holds; each on record.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Hold, Subject};
use super::rules::{self, Refusal};
use super::store;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, CommandError, Effects, Message, Reason};

/// Where the list is.
pub(super) const HOME: &str = "/admin/holds";
/// Holds in the list.
const SHOWN: i64 = 200;

type Failure = CommandError<Refusal>;

/// Holds with the names of who placed and lifted them, as `viewer` may see them.
pub(super) async fn list((db, directory): (&Db, &Directory), viewer: &Actor) -> sqlx::Result<(Vec<Hold>, Names)> {
    let mut tx = db.begin_as(viewer).await?;
    let holds = store::list_holds(&mut tx, SHOWN).await?;
    let mut people: Vec<Uuid> = Vec::with_capacity(holds.len());
    for hold in &holds {
        people.extend([Some(hold.placed_by), hold.lifted_by].into_iter().flatten().map(|person| person.0));
    }
    let names = directory.names(&mut tx, people).await?;
    tx.commit().await?;
    Ok((holds, names))
}

/// One of them.
pub(super) async fn find(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    id: Uuid,
) -> sqlx::Result<Option<(Hold, Names)>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(hold) = store::find_hold(&mut tx, id).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let people = [Some(hold.placed_by), hold.lifted_by].into_iter().flatten();
    let names = directory.names(&mut tx, people.map(Into::into)).await?;
    tx.commit().await?;
    Ok(Some((hold, names)))
}

/// What somebody has written as a reason is theirs, and stands with the hold: the record holds it where it can be erased.
fn effects((event_type, flash): (&'static str, &'static str), id: Uuid, reason: &str, facts: Value) -> Effects {
    Effects {
        location: format!("{HOME}/{id}"),
        flash: Message::new(flash),
        event: Event {
            event_type,
            entity_type: "hold",
            entity_id: Some(id),
            severity: Severity::Critical,
            compliance_relevant: true,
            details: facts,
            private: Some(json!({ "reason": reason })),
        },
        outbox: None,
    }
}

/// A hold is placed.
pub(super) struct Place {
    pub subject: Subject,
    pub name: String,
    pub reason: Reason,
}

#[async_trait]
impl Command for Place {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let found = store::find_subject(tx, self.subject, &self.name).await?;
        let subject_id = found.ok_or(CommandError::Refused(Refusal::NoSubject))?;
        let id = Uuid::now_v7();
        if !store::insert_hold(tx, id, (self.subject, subject_id), (actor.user_id, self.reason.as_str()), now).await? {
            return Err(CommandError::Refused(Refusal::AlreadyHeld));
        }
        let facts = json!({ "subject_kind": self.subject.code(), "subject_id": subject_id });
        Ok(effects(("LEGAL_HOLD_PLACED", "hold-placed"), id, self.reason.as_str(), facts))
    }
}

/// A hold is lifted, by another than who placed it.
pub(super) struct Lift {
    pub id: Uuid,
    pub reason: Reason,
}

#[async_trait]
impl Command for Lift {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let found = store::find_hold(tx, self.id).await?;
        let hold = found.ok_or(CommandError::Refused(Refusal::NotFound))?;
        rules::may_lift(&hold, actor.user_id).map_err(CommandError::Refused)?;
        if !store::update_lifted(tx, self.id, (actor.user_id, self.reason.as_str()), now).await? {
            return Err(CommandError::Refused(Refusal::Lifted));
        }
        let facts = json!({ "subject_kind": hold.subject.code() });
        Ok(effects(("LEGAL_HOLD_LIFTED", "hold-lifted"), self.id, self.reason.as_str(), facts))
    }
}
