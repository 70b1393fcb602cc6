//! What every change of a running export leads to: the state, its line of the history, and the approvals that no
//! longer hold. Who changes what is the command's.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Failure, stale};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::model::{ApprovalKind, Export};
use crate::exports::rules::{Context, Refusal, Revision};
use crate::exports::store::revise::{self, HistoryDetails, Revised};
use crate::exports::transitions;
use crate::ids::ExportId;
use crate::workflow::{FieldProblems, Reason};

/// The reason of a change in `field`; `None` where none was given and none is needed.
pub(super) fn reason(
    fields: &BTreeMap<String, String>,
    field: &str,
    is_needed: bool,
) -> Result<Option<Reason>, FieldProblems> {
    let typed = fields.get(field).map_or("", String::as_str);
    if typed.trim().is_empty() && !is_needed {
        return Ok(None);
    }
    Reason::parse(typed).map(Some).map_err(|problem| {
        let mut problems = FieldProblems::default();
        problems.add(field, problem);
        problems
    })
}

/// What stands against a change that undoes approvals: that whoever makes it has not said to know which.
pub(super) fn not_agreed(fields: &BTreeMap<String, String>, revision: &Revision) -> Option<Refusal> {
    let agreed = fields.get(&revision.agreement()).is_some_and(|ticked| !ticked.is_empty());
    (!revision.undone.is_empty() && !agreed).then(|| Refusal::AgreeAgain(Box::new(revision.clone())))
}

/// Writes what `revision` leads to. `is_new_to_queue`: the organisation in whose queue it then stands is another.
#[allow(clippy::too_many_arguments, reason = "one call, of what one change is made of")]
pub(super) async fn carry_out(
    tx: &mut Tx,
    export: &Export,
    context: &Context,
    revision: &Revision,
    (action, reason): (&str, Option<&Reason>),
    is_new_to_queue: bool,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let moves = is_new_to_queue || revision.to.stage != export.state.stage;
    let details = HistoryDetails {
        changes: revision.changes.clone(),
        undone: revision.undone.iter().map(|kind| kind.code().to_owned()).collect(),
    };
    let revised = Revised {
        to: revision.to,
        resume: revision.resume,
        enters: moves.then(|| transitions::queue_of(revision.to)).flatten(),
        action,
        reason: reason.map(Reason::as_str),
        details: &details,
    };
    if !revise::revise(tx, export, &revised, actor, now).await? {
        return Err(stale(export, context).into());
    }
    undo(tx, export.id, &revision.undone, &revision.concerned, now).await
}

/// Takes the approvals of `undone` back with all that hangs on them, and every decision on the steps `concerned` out of
/// force.
pub(super) async fn undo(
    tx: &mut Tx,
    export: ExportId,
    undone: &[ApprovalKind],
    concerned: &[ApprovalKind],
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    if concerned.is_empty() {
        return Ok(());
    }
    if !undone.is_empty() {
        revise::clear_facts(tx, export, undone).await?;
    }
    tx.enter_system().await?;
    revise::supersede(tx, export, concerned, now).await?;
    if undone.contains(&ApprovalKind::Shipment) {
        revise::forget_containers(tx, export).await?;
    }
    if undone.contains(&ApprovalKind::Permit) {
        revise::cancel_permit(tx, export, now).await?;
    }
    tx.leave_system().await?;
    Ok(())
}
