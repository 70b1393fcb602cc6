//! What people do with exports: request, submit, decide, claim, cancel, write. Each is a
//! [`Command`](crate::workflow::Command), carried out whole or not at all.

mod amend;
mod cancel;
mod cancel_permit;
mod checks;
mod claim;
mod decide;
pub mod documents;
mod download;
mod effects;
mod expire;
mod extend;
pub mod extension_requests;
mod letter;
mod message;
mod part;
pub mod proceeds;
pub mod read;
mod rebook;
mod request;
mod revise;
mod submit;

use serde_json::{Value, json};

pub use amend::{Amend, AmendmentOptions, amendment_options};
pub use cancel::Cancel;
pub use cancel_permit::cancel_permit;
pub use checks::{CheckDocument, RevokeWaiver, Waive};
pub use claim::{Claim, ClaimAct};
pub use decide::Decide;
pub use download::record_download;
pub use effects::{StepEffects, StepRecord};
pub use expire::expire_permits;
pub use extend::Extend;
pub use extension_requests::{AskExtension, RefuseExtension};
pub use letter::{AmendLetter, LetterFile, LetterLine, LetterVersion, RecordLetter, letter_file};
pub use message::PostMessage;
pub use rebook::{Booking, ChangeContainers, RollOver, booking};
pub use request::{Request, RequestForm, RequestOptions, request_options};
pub use submit::Submit;

use super::model::{Export, State};
use super::rules::{Context, Refusal, RefusalKind};
use super::store;
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{ExportId, OrganizationId};
use crate::workflow::{CommandError, OutboxEvent};

/// Everything that stands against a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusals(pub Vec<Refusal>);

impl Refusals {
    /// What the answer to the browser is: that of the first, which weighs most.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.0.first().map_or(RefusalKind::Conflict, Refusal::kind)
    }
}

impl std::fmt::Display for Refusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for refusal in &self.0 {
            write!(f, "{refusal} ")?;
        }
        Ok(())
    }
}

impl From<Refusal> for CommandError<Refusals> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Refusals(vec![refusal]))
    }
}

/// How a command on an export fails.
pub type Failure = CommandError<Refusals>;

fn refuse_if_any(refusals: Vec<Refusal>) -> Result<(), Failure> {
    if refusals.is_empty() { Ok(()) } else { Err(CommandError::Refused(Refusals(refusals))) }
}

/// The export under its lock, with what the rules need, in the transaction of an area that acts on it.
///
/// # Errors
/// A refusal when it is not the viewer's to see, or a database error.
pub async fn lock(
    tx: &mut Tx,
    actor: &Actor,
    id: ExportId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Export, Context), Failure> {
    let export = store::lock_visible(tx, actor, id).await?.ok_or(Refusal::NotFound)?;
    let context = store::read_context(tx, &export, crate::calendar::eat_date(now)).await?;
    Ok((export, context))
}

/// A form that was shown for another version is stale.
fn refuse_stale(export: &Export, version: i32, context: &Context) -> Result<(), Failure> {
    if export.version == version { Ok(()) } else { Err(stale(export, context).into()) }
}

fn stale(export: &Export, context: &Context) -> Refusal {
    Refusal::Stale { by: context.changed_by_name.clone(), at: export.changed_at }
}

/// An export as `viewer` may see it, within a transaction that another area has opened.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(connection: &mut sqlx::PgConnection, viewer: &Actor, id: ExportId) -> sqlx::Result<Option<Export>> {
    store::find_visible(connection, viewer, id).await
}

/// As [`find`], and nobody else may change it until the transaction ends.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_locked(
    connection: &mut sqlx::PgConnection,
    viewer: &Actor,
    id: ExportId,
) -> sqlx::Result<Option<Export>> {
    store::lock_visible(connection, viewer, id).await
}

/// Tells those who are looking at the case or at a queue, when another area has changed something about it.
#[must_use]
pub fn changed(export: &Export) -> OutboxEvent {
    moved(export)
}

/// What the record says about a move, besides its type. The number stands in the event by which the export began. The action is
/// told where the type leaves it open: what is refused may be sent back or rejected.
fn move_details(export: &Export, to: State, refused_by: Option<&str>) -> Value {
    let mut details = json!({ "old": export.state.code(), "new": to.code() });
    if let Some(action) = refused_by {
        details["action"] = json!(action);
    }
    details
}

/// Tells those who are looking at the case or at a queue.
#[must_use]
pub fn moved(export: &Export) -> OutboxEvent {
    moved_to(export, &[])
}

/// As [`moved`], and those who have become a party to it.
fn moved_to(export: &Export, parties: &[OrganizationId]) -> OutboxEvent {
    let mut told = vec![export.exporter_organization_id, export.bank_organization_id, export.shipping_organization_id];
    told.extend(parties.iter().filter(|party| !told.contains(party)).collect::<Vec<_>>());
    OutboxEvent {
        kind: "export.changed",
        subject: "export",
        subject_id: export.id.0,
        payload: json!({ "organizations": told, "version": export.version + 1 }),
    }
}
