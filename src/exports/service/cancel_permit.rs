//! The authority takes an unused permit back: its approval and what rests on it no longer hold, and an export that
//! needs it is with its exporter again. The area that issues permits carries this out in a command of its own.

use chrono::{DateTime, Utc};

use super::{Failure, lock, refuse_if_any, revise};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::model::Export;
use crate::exports::rules;
use crate::exports::store;
use crate::exports::transitions::{self, CANCEL_PERMIT};
use crate::ids::ExportId;
use crate::workflow::Reason;

/// Cancels the permit in force of the export; the export as it was before.
///
/// # Errors
/// A refusal, or a database error.
pub async fn cancel_permit(
    tx: &mut Tx,
    actor: &Actor,
    id: ExportId,
    reason: &Reason,
    now: DateTime<Utc>,
) -> Result<Export, Failure> {
    let (export, context) = lock(tx, actor, id, now).await?;
    refuse_if_any(rules::against_cancelling_permit(actor, &context))?;
    let revision = rules::cancelling_permit(&export, &context);
    let is_new_to_queue = transitions::queue_of(revision.to) != transitions::queue_of(export.state);
    tx.enter_system().await?;
    store::permits::cancel(tx, id, reason.as_str(), actor.user_id, now).await?;
    tx.leave_system().await?;
    let act = (CANCEL_PERMIT, Some(reason));
    revise::carry_out(tx, &export, &context, &revision, act, is_new_to_queue, actor, now).await?;
    Ok(export)
}
