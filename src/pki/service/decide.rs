//! Deciding about a request: row, record, news and job are one transaction. The signer is asked behind it, by the job.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::REQUESTS;
use super::finish::job_of;
use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::jobs;
use crate::pki::model::{Asked, Decision, Verdict};
use crate::pki::rules::{self, Refusal, Standing};
use crate::pki::store;
use crate::workflow::{Command, CommandError, Done, Effects, FormKey, Message, OutboxEvent, Reason, execute};

/// Somebody decides about a request, or gives their own up.
pub(in crate::pki) struct Decide {
    /// As the signer has it now.
    pub asked: Asked,
    pub verdict: Verdict,
    /// What was shown to who decides.
    pub digest: Vec<u8>,
    /// Why it is rejected.
    pub reason: Option<Reason>,
}

/// Carries the decision out. That somebody tried what takes another person or organisation, or approved something else, is on record.
///
/// # Errors
/// When the rules refuse, or the database cannot be reached.
pub(in crate::pki) async fn decide(
    db: &Db,
    actor: &Actor,
    key: FormKey,
    command: &Decide,
    now: DateTime<Utc>,
) -> Result<Done, CommandError<Refusal>> {
    let outcome = execute(db, actor, key, command, now).await;
    if let Err(CommandError::Refused(refusal)) = &outcome {
        let details =
            json!({ "why": refusal.code(), "verdict": command.verdict, "digest": hex::encode(&command.digest) });
        let event = Event::business(
            "CERTIFICATE_DECISION_REFUSED",
            "certificate_request",
            command.asked.id,
            refusal.severity(),
            details,
        );
        audit::record_alone(db, actor, &event, now).await?;
    }
    outcome
}

#[async_trait]
impl Command for Decide {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Refusal>> {
        let asked = &self.asked;
        store::lock_request(tx, asked.id).await?;
        let mut decisions = store::list_decisions(tx, &[asked.id]).await?;
        let allowed = match self.verdict {
            Verdict::Withdrawn => rules::may_withdraw(asked, &decisions, actor.user_id),
            Verdict::Approved | Verdict::Rejected => {
                rules::may_decide(asked, &decisions, (actor.user_id, actor.organization.id), &self.digest)
            }
        };
        allowed.map_err(CommandError::Refused)?;
        let (id, reason) = (Uuid::now_v7(), self.reason.as_ref().map(Reason::as_str));
        store::insert_decision(tx, actor, (asked, &self.digest), (id, self.verdict, reason), now).await?;
        decisions.push(Decision {
            id,
            request: asked.id,
            digest: self.digest.clone(),
            verdict: self.verdict,
            approver: actor.user_id,
            organization: actor.organization.id,
            reason: None,
            decided_at: now,
        });
        let is_over = rules::standing(asked, &decisions) != Standing::Open;
        if is_over {
            jobs::enter(tx, &job_of(asked.id, actor.user_id, now), now).await?;
        }
        let (event_type, severity, flash) = match self.verdict {
            Verdict::Approved if is_over => ("CERTIFICATE_APPROVED", Severity::High, "pki-approved-last"),
            Verdict::Approved => ("CERTIFICATE_APPROVED", Severity::High, "pki-approved"),
            Verdict::Rejected => ("CERTIFICATE_REJECTED", Severity::High, "pki-rejected"),
            Verdict::Withdrawn => ("CERTIFICATE_REQUEST_WITHDRAWN", Severity::Medium, "pki-withdrawn"),
        };
        let details = json!({ "approval": id, "digest": hex::encode(&self.digest) });
        Ok(Effects {
            location: format!("{REQUESTS}/{}", asked.id),
            flash: Message::new(flash),
            event: Event {
                private: reason.map(|reason| json!({ "reason": reason })),
                ..Event::business(event_type, "certificate_request", asked.id, severity, details)
            },
            // Who gives their own up knows.
            outbox: (is_over && self.verdict != Verdict::Withdrawn).then(|| OutboxEvent {
                kind: "certificate.decided",
                subject: "certificate_request",
                subject_id: asked.id,
                payload: json!({ "organization": asked.organization, "verdict": self.verdict }),
            }),
        })
    }
}
