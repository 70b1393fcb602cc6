//! Messages between the parties on a case.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, Refusals, moved};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, Permission};
use crate::database::Tx;
use crate::exports::rules::Refusal;
use crate::exports::store;
use crate::ids::{ExportId, MessageId};
use crate::workflow::{Command, Effects, Message, OutboxEvent};

/// A message, 1 to 2,000 characters; the form has checked it.
pub struct PostMessage {
    /// On which export.
    pub export: ExportId,
    /// What it says.
    pub body: String,
}

#[async_trait]
impl Command for PostMessage {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let export = store::find_visible(tx, actor, self.export).await?.ok_or(Refusal::NotFound)?;
        if !actor.may(Permission::WriteMessages) {
            return Err(Refusal::NotYourStep.into());
        }
        let id = MessageId::new();
        store::messages::insert(tx, id, export.id, actor, &self.body, now).await?;
        Ok(Effects {
            location: format!("/exports/{}#messages", export.id),
            flash: Message::new("flash-message-sent"),
            event: Event::business(
                "EXPORT_MESSAGE_SENT",
                "export",
                export.id.0,
                Severity::Low,
                json!({ "message_id": id }),
            ),
            // No move: its version is the next one's.
            outbox: Some(OutboxEvent { kind: "export.message", ..moved(&export) }),
        })
    }
}
