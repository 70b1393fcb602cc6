//! Submitting a prepared request, and resubmitting a returned one.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Failure, Refusals, lock, move_details, moved, refuse_if_any, refuse_stale, revise, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::model::Stage;
use crate::exports::revisions::WITH_PERMIT;
use crate::exports::rules::{self, Refusal};
use crate::exports::store::{self, Changes, Move};
use crate::exports::transitions;
use crate::ids::ExportId;
use crate::workflow::{Command, CommandError, Effects, Message};

/// The exporter hands the request on.
pub struct Submit {
    /// Which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
}

#[async_trait]
impl Command for Submit {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        let refusals = rules::against_submitting(&export, actor, &context);
        if let Some(Refusal::NotYourStep | Refusal::WrongStage { .. }) = refusals.first() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        refuse_stale(&export, self.version, &context)?;
        refuse_if_any(refusals)?;
        let Some((to, action)) = rules::submission_target(&export, &context) else {
            return Err(stale(&export, &context).into());
        };
        let again = export.state.stage == Stage::Returned;
        let move_to = Move {
            to,
            resume: None,
            queue: transitions::queue_of(to),
            action: action.to_owned(),
            reason: None,
            changes: Changes { submitted: true, resubmitted: again, ..Changes::default() },
        };
        if !store::move_state(tx, &export, &move_to, actor, now).await? {
            return Err(stale(&export, &context).into());
        }
        if to == transitions::PERMIT_AGAIN && rules::asks_for_new_permit(&export, &context) {
            // The permit itself ran out; what rested on it is done again.
            revise::undo(tx, export.id, &WITH_PERMIT[1..], WITH_PERMIT, now).await?;
        }
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new(if again { "flash-resubmitted" } else { "flash-submitted" })
                .with("number", export.number.clone())
                .with("stage", to.stage.code()),
            event: Event::business(
                if again { "EXPORT_RESUBMITTED" } else { "EXPORT_SUBMITTED" },
                "export",
                export.id.0,
                Severity::Medium,
                move_details(&export, to, None),
            ),
            outbox: Some(moved(&export)),
        })
    }
}
