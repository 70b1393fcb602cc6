//! Deciding about a request or an act: row, record, news and job are one transaction. The signer is asked behind it, by the job.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{ACTS, REQUESTS, act, finish};
use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::jobs;
use crate::pki::model::{ActKind, Decision, Verdict};
use crate::pki::rules::{self, Ballot, Refusal, Standing};
use crate::pki::store;
use crate::workflow::{Command, CommandError, Done, Effects, FormKey, Message, OutboxEvent, Reason, execute};

/// What is decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pki) enum About {
    /// A request for a certificate.
    Request,
    /// What is to become of one.
    Act(ActKind),
}

impl About {
    /// Where it is.
    fn place(self, id: Uuid) -> String {
        match self {
            Self::Request => format!("{REQUESTS}/{id}"),
            Self::Act(_) => format!("{ACTS}/{id}"),
        }
    }

    /// What the record calls it.
    const fn kind(self) -> &'static str {
        match self {
            Self::Request => "certificate_request",
            Self::Act(_) => "certificate_act",
        }
    }
}

/// Somebody decides about something, or gives up what they asked for.
pub(in crate::pki) struct Decide {
    pub about: About,
    /// As it stands now.
    pub ballot: Ballot,
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
            command.about.kind(),
            command.ballot.id,
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
        let ballot = &self.ballot;
        store::lock_request(tx, ballot.id).await?;
        let mut decisions = store::list_decisions(tx, &[ballot.id]).await?;
        let allowed = match self.verdict {
            Verdict::Withdrawn => rules::may_withdraw(ballot, &decisions, actor.user_id),
            Verdict::Approved | Verdict::Rejected => {
                rules::may_decide(ballot, &decisions, (actor.user_id, actor.organization.id), &self.digest)
            }
        };
        allowed.map_err(CommandError::Refused)?;
        let (id, reason) = (Uuid::now_v7(), self.reason.as_ref().map(Reason::as_str));
        store::insert_decision(tx, actor, (ballot, &self.digest), (id, self.verdict, reason), now).await?;
        decisions.push(Decision {
            id,
            request: ballot.id,
            digest: self.digest.clone(),
            verdict: self.verdict,
            approver: actor.user_id,
            organization: actor.organization.id,
            reason: None,
            decided_at: now,
        });
        let standing = rules::standing(ballot, &decisions);
        let is_over = standing != Standing::Open;
        let job = match self.about {
            About::Request => is_over.then(|| finish::job_of(ballot.id, actor.user_id, now)),
            // A key is fetched by who asked for it; and of an act that is not done, the signer has never heard.
            About::Act(ActKind::ExportKey) => None,
            About::Act(_) => (standing == Standing::Issuing).then(|| act::job_of(ballot.id, actor.user_id, now)),
        };
        if let Some(job) = job {
            jobs::enter(tx, &job, now).await?;
        }
        let (event_type, severity, flash) = self.words(is_over);
        let details = json!({ "approval": id, "digest": hex::encode(&self.digest) });
        Ok(Effects {
            location: self.about.place(ballot.id),
            flash: Message::new(flash),
            event: Event {
                private: reason.map(|reason| json!({ "reason": reason })),
                ..Event::business(event_type, self.about.kind(), ballot.id, severity, details)
            },
            outbox: self.news(is_over),
        })
    }
}

impl Decide {
    /// What the record calls it, how grave it is, and what who decided is told.
    const fn words(&self, is_over: bool) -> (&'static str, Severity, &'static str) {
        match (self.about, self.verdict) {
            (About::Request, Verdict::Approved) if is_over => {
                ("CERTIFICATE_APPROVED", Severity::High, "pki-approved-last")
            }
            (About::Request, Verdict::Approved) => ("CERTIFICATE_APPROVED", Severity::High, "pki-approved"),
            (About::Request, Verdict::Rejected) => ("CERTIFICATE_REJECTED", Severity::High, "pki-rejected"),
            (About::Request, Verdict::Withdrawn) => {
                ("CERTIFICATE_REQUEST_WITHDRAWN", Severity::Medium, "pki-withdrawn")
            }
            (About::Act(_), Verdict::Approved) if is_over => {
                ("CERTIFICATE_ACT_APPROVED", Severity::High, "pki-act-approved-last")
            }
            (About::Act(_), Verdict::Approved) => ("CERTIFICATE_ACT_APPROVED", Severity::High, "pki-approved"),
            (About::Act(_), Verdict::Rejected) => ("CERTIFICATE_ACT_REJECTED", Severity::High, "pki-rejected"),
            (About::Act(_), Verdict::Withdrawn) => ("CERTIFICATE_ACT_WITHDRAWN", Severity::Medium, "pki-withdrawn"),
        }
    }

    /// Who is told. Who gives their own up knows; what is done with a certificate is told when it is done.
    fn news(&self, is_over: bool) -> Option<OutboxEvent> {
        let ballot = &self.ballot;
        let (kind, payload) = match self.about {
            About::Request => {
                ("certificate.decided", json!({ "organization": ballot.organization, "verdict": self.verdict }))
            }
            About::Act(act) if act == ActKind::ExportKey || self.verdict == Verdict::Rejected => (
                "certificate.act_decided",
                json!({ "organization": ballot.asking, "verdict": self.verdict, "kind": act }),
            ),
            About::Act(_) => return None,
        };
        (is_over && self.verdict != Verdict::Withdrawn).then_some(OutboxEvent {
            kind,
            subject: self.about.kind(),
            subject_id: ballot.id,
            payload,
        })
    }
}
