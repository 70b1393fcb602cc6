//! What administrators do about an archive.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{HOME, event};
use crate::audit::Severity;
use crate::auth::Actor;
use crate::database::Tx;
use crate::jobs::{self, JobKind, NewJob};
use crate::retention::archives::model::{ArchiveState, Manifest};
use crate::retention::archives::rules::{Act, Refusal, Standing, check};
use crate::retention::archives::store;
use crate::workflow::{Command, CommandError, Effects, Message, Reason};

type Failure = CommandError<Refusal>;

/// The archive, if `actor` may do `act` about it now.
async fn allowed(tx: &mut Tx, partition: &str, act: Act, actor: &Actor) -> Result<Manifest, Failure> {
    let found = store::find_manifest(tx, partition).await?;
    let manifest = found.ok_or(CommandError::Refused(Refusal::NotFound))?;
    let is_held = manifest.state != ArchiveState::Dropped && store::is_held(tx, partition).await?;
    let standing = Standing { state: manifest.state, asked_by: manifest.drop_asked_by, is_held };
    check(act, standing, actor.user_id).map_err(CommandError::Refused)?;
    Ok(manifest)
}

/// Somebody was quicker.
const fn moved_on(manifest: &Manifest) -> Failure {
    CommandError::Refused(Refusal::MovedOn(manifest.state))
}

fn effects(
    (event_type, flash): (&'static str, &'static str),
    manifest: &Manifest,
    facts: serde_json::Value,
) -> Effects {
    Effects {
        location: format!("{HOME}/{}", manifest.partition),
        flash: Message::new(flash),
        event: event(event_type, Severity::Critical, Some(manifest.id), facts),
        outbox: None,
    }
}

/// Somebody wants it dropped.
pub(in crate::retention::archives) struct AskDrop {
    pub partition: String,
    pub reason: Reason,
}

#[async_trait]
impl Command for AskDrop {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let manifest = allowed(tx, &self.partition, Act::Ask, actor).await?;
        if !store::update_asked(tx, &self.partition, (actor.user_id, self.reason.as_str()), now).await? {
            return Err(moved_on(&manifest));
        }
        let facts = json!({ "partition": self.partition });
        let mut effects = effects(("ARCHIVE_DROP_ASKED", "archive-drop-asked"), &manifest, facts);
        // What somebody has written is theirs.
        effects.event.private = Some(json!({ "reason": self.reason.as_str() }));
        Ok(effects)
    }
}

/// Another agrees; a job checks the file once more and drops the partition.
pub(in crate::retention::archives) struct ApproveDrop(pub String);

#[async_trait]
impl Command for ApproveDrop {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let manifest = allowed(tx, &self.0, Act::Approve, actor).await?;
        if !store::update_approved(tx, &self.0, actor.user_id, now).await? {
            return Err(moved_on(&manifest));
        }
        let job = NewJob {
            kind: JobKind::DropArchive,
            payload: json!({ "partition": self.0 }),
            unique_key: Some(self.0.clone()),
            run_at: now,
            requested_by: Some(actor.user_id),
        };
        jobs::enter(tx, &job, now).await?;
        let facts = json!({ "partition": self.0 });
        Ok(effects(("ARCHIVE_DROP_APPROVED", "archive-drop-approved"), &manifest, facts))
    }
}

/// It is not to be dropped after all.
pub(in crate::retention::archives) struct WithdrawDrop(pub String);

#[async_trait]
impl Command for WithdrawDrop {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, _: DateTime<Utc>) -> Result<Effects, Failure> {
        let manifest = allowed(tx, &self.0, Act::Withdraw, actor).await?;
        if !store::update_withdrawn(tx, &self.0, ArchiveState::DropAsked).await? {
            return Err(moved_on(&manifest));
        }
        let facts = json!({ "partition": self.0 });
        Ok(effects(("ARCHIVE_DROP_WITHDRAWN", "archive-drop-withdrawn"), &manifest, facts))
    }
}
