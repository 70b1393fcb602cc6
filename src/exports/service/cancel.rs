//! Giving an export up: what it had taken of lot, contract and quota is free again.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, Refusals, lock, move_details, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::rules;
use crate::exports::store::{self, Changes, Move};
use crate::exports::transitions::CANCELLED;
use crate::ids::ExportId;
use crate::workflow::{Command, Effects, Message, Reason};

/// A cancellation, by the exporter or by the authority.
pub struct Cancel {
    /// Which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// Why.
    pub reason: Reason,
}

#[async_trait]
impl Command for Cancel {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_cancelling(&export, actor))?;
        refuse_stale(&export, self.version, &context)?;
        let move_to = Move {
            to: CANCELLED,
            resume: None,
            queue: None,
            action: "cancel".to_owned(),
            reason: Some(self.reason.as_str()),
            changes: Changes { cancellation_reason: Some(self.reason.as_str().to_owned()), ..Changes::default() },
        };
        if !store::move_state(tx, &export, &move_to, actor, now).await? {
            return Err(stale(&export, &context).into());
        }
        tx.enter_system().await?;
        store::balances::release(tx, export.id, now).await?;
        tx.leave_system().await?;
        let mut event = Event::business(
            "EXPORT_CANCELLED",
            "export",
            export.id.0,
            Severity::High,
            move_details(&export, CANCELLED, None),
        );
        event.private = Some(json!({ "reason": self.reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new("flash-cancelled").with("number", export.number.clone()),
            event,
            outbox: Some(moved(&export)),
        })
    }
}
