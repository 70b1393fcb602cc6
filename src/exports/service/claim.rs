//! Claims: who of an organisation has a case in hand. A claim can be given back, and handed over when an
//! officer is absent.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, Refusals, lock, moved, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::rules::{self, Refusal};
use crate::exports::store;
use crate::ids::{ExportId, UserId};
use crate::workflow::{Command, Effects, FieldProblems, Message, Problem};

/// What is done with the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimAct {
    /// Take the case.
    Take,
    /// Give it back to the queue.
    Release,
    /// Give it to a colleague.
    HandOver(UserId),
}

/// A change of the claim.
pub struct Claim {
    /// Which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// What is done.
    pub act: ClaimAct,
    /// Where the browser goes.
    pub location: String,
}

#[async_trait]
impl Command for Claim {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        if !rules::may_claim(&export, actor) {
            return Err(Refusal::NotYourStep.into());
        }
        refuse_stale(&export, self.version, &context)?;
        let mine = export.claimed_by.is_none_or(|claimer| claimer == actor.user_id);
        if !mine && !rules::may_take_over(&export, actor, &context, now) {
            let (by, at) = (context.claimed_by_name.unwrap_or_default(), export.claimed_at.unwrap_or(now));
            return Err(Refusal::Claimed { by, at }.into());
        }
        let (claimed_by, flash, act) = match self.act {
            ClaimAct::Take => (Some(actor.user_id), "flash-claimed", "take"),
            ClaimAct::Release => (None, "flash-released", "release"),
            ClaimAct::HandOver(colleague) => {
                // Who is no active colleague may do nothing here.
                let permissions = store::find_permissions(tx, colleague).await?;
                if colleague == actor.user_id || !rules::may_receive(&export, permissions) {
                    return Err(unknown_colleague().into());
                }
                (Some(colleague), "flash-handed-over", "hand-over")
            }
        };
        if !store::set_claim(tx, &export, claimed_by, now).await? {
            return Err(stale(&export, &context).into());
        }
        let mut event = Event::business(
            "EXPORT_CLAIM_CHANGED",
            "export",
            export.id.0,
            Severity::Low,
            json!({ "act": act, "old": export.claimed_by, "new": claimed_by }),
        );
        event.compliance_relevant = false;
        Ok(Effects {
            location: self.location.clone(),
            flash: Message::new(flash).with("number", export.number.clone()),
            event,
            outbox: Some(moved(&export)),
        })
    }
}

fn unknown_colleague() -> Refusal {
    let mut problems = FieldProblems::default();
    problems.add("user_id", Problem::NotAChoice);
    Refusal::Invalid(problems)
}
