//! Somebody has looked at an alert.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::alerts::rules::{Refusal, against_acknowledging};
use crate::alerts::store::read::{self as store, Viewer};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::AlertId;
use crate::workflow::{Command, CommandError, Effects, Message, OutboxEvent, Reason};

/// An alert is acknowledged, with what is to say of it.
pub(in crate::alerts) struct Acknowledge {
    pub id: AlertId,
    pub note: Reason,
}

#[async_trait]
impl Command for Acknowledge {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Refusal>> {
        let refused = CommandError::Refused;
        let viewer = Viewer::of(actor);
        let find = store::find_visible(tx, viewer, self.id).await?;
        let alert = find.ok_or(refused(Refusal::NotFound))?;
        if let Some(refusal) = against_acknowledging(&alert) {
            return Err(refused(refusal));
        }
        if !store::acknowledge(tx, self.id, actor, self.note.as_str(), now).await? {
            let now_stands = store::find_visible(tx, viewer, self.id).await?.and_then(|alert| alert.acknowledged);
            return Err(refused(now_stands.map_or(Refusal::NotFound, Refusal::Already)));
        }
        let details = json!({ "rule": alert.rule, "figure": alert.figure });
        Ok(Effects {
            location: format!("/security/alerts/{}", self.id),
            flash: Message::new("alerts-acknowledged"),
            event: Event {
                entity_type: "alert",
                entity_id: Some(self.id.0),
                // It may name a person.
                private: Some(json!({ "note": self.note.as_str() })),
                ..Event::security("ALERT_ACKNOWLEDGED", Severity::High, details)
            },
            outbox: Some(OutboxEvent {
                kind: "alert.acknowledged",
                subject: "alert",
                subject_id: self.id.0,
                payload: json!({ "organizations": alert.organization.into_iter().collect::<Vec<_>>() }),
            }),
        })
    }
}
