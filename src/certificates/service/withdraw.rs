//! Taking papers back: an unused permit is cancelled, a certificate of origin revoked, or another one issued in its
//! place; a sheet that was lost is issued anew as a marked duplicate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::find_visible;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::issue::origin::{self, OfficersBoxes};
use crate::certificates::model::{PaperKind, PaperLine, PaperState};
use crate::certificates::rules::{self, PaperFailure, PaperRefusal, PaperRefusals};
use crate::certificates::{seals, store};
use crate::database::Tx;
use crate::exports::facts::Facts;
use crate::exports::{ApprovalKind, service as exports};
use crate::ids::{ExportId, OriginCertificateId, PaperId};
use crate::workflow::{Command, Effects, FieldProblems, Message, Reason};

/// The field in which somebody says why a paper is taken back.
pub const WITHDRAWAL_REASON: &str = "withdrawal_reason";
/// The field in which somebody says why a certificate is replaced.
pub const REPLACEMENT_REASON: &str = "replacement_reason";
/// The field in which somebody says how a sheet was lost.
pub const DUPLICATE_REASON: &str = "duplicate_reason";

/// Takes a paper back.
pub struct Withdraw<'a> {
    /// Which paper.
    pub paper: PaperId,
    /// Why, as typed into [`WITHDRAWAL_REASON`].
    pub reason: &'a str,
}

/// Issues another certificate of origin in the place of one, with the next serial.
pub struct Replace<'a> {
    /// The paper of the one that is replaced.
    pub paper: PaperId,
    /// The officer's boxes as typed, and [`REPLACEMENT_REASON`].
    pub fields: &'a BTreeMap<String, String>,
}

/// Issues a marked duplicate of a paper whose sheet was lost.
pub struct Reissue<'a> {
    /// The paper whose sheet was lost.
    pub paper: PaperId,
    /// How it was lost, as typed into [`DUPLICATE_REASON`].
    pub reason: &'a str,
}

#[async_trait]
impl Command for Withdraw<'_> {
    type Refusal = PaperRefusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, PaperFailure> {
        let paper = visible(tx, actor, self.paper, now).await?;
        if let Some(refusal) = rules::against_withdrawing(&paper, actor) {
            return Err(refusal.into());
        }
        let reason = parse_reason(WITHDRAWAL_REASON, self.reason)?;
        let export = export_of(&paper)?;
        let (event_type, flash, outbox) = match paper.kind {
            PaperKind::ExportPermit => {
                let export = exports::cancel_permit(tx, actor, export, &reason, now).await?;
                ("PERMIT_CANCELLED", "papers-permit-cancelled", Some(exports::moved(&export)))
            }
            _ => {
                // Under the export's lock, so that a settlement does not pass by it.
                exports::lock(tx, actor, export, now).await?;
                let certificate = certificate_of(tx, &paper).await?;
                withdraw_certificate(tx, certificate, &reason, actor, now).await?;
                ("CERTIFICATE_REVOKED", "papers-certificate-revoked", None)
            }
        };
        Ok(Effects {
            location: record_of(paper.id),
            flash: Message::new(flash).with("number", paper.number.clone()),
            event: about(event_type, &paper, &reason),
            outbox,
        })
    }
}

#[async_trait]
impl Command for Replace<'_> {
    type Refusal = PaperRefusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, PaperFailure> {
        let paper = visible(tx, actor, self.paper, now).await?;
        let (export, context) = exports::lock(tx, actor, export_of(&paper)?, now).await?;
        let decided = store::decided_another_step(tx, export.id, actor.user_id).await?;
        if let Some(refusal) = rules::against_replacing(&paper, actor, decided) {
            return Err(refusal.into());
        }
        let typed = self.fields.get(REPLACEMENT_REASON).map_or("", String::as_str);
        let reason = Reason::parse(typed);
        let facts = Facts::parse(ApprovalKind::Origin, self.fields, &export, &context, eat_date(now));
        let (facts, reason) = match (facts, reason) {
            (Ok(facts), Ok(reason)) => (facts, reason),
            (facts, reason) => {
                let mut problems = facts.err().unwrap_or_default();
                if let Err(problem) = reason {
                    problems.add(REPLACEMENT_REASON, problem);
                }
                return Err(PaperRefusal::Invalid(problems).into());
            }
        };
        let Some(boxes) = OfficersBoxes::of(&facts) else { return Err(PaperRefusal::NotFound.into()) };
        let old = certificate_of(tx, &paper).await?;
        if paper.state == PaperState::Valid {
            withdraw_certificate(tx, old, &reason, actor, now).await?;
        }
        let issued = origin::write(tx, &export, &boxes, actor, now).await?;
        tx.enter_system().await?;
        let is_replaced = store::replace_certificate(tx, old, issued.id).await?;
        tx.leave_system().await?;
        if !is_replaced {
            return Err(PaperRefusal::Changed.into());
        }
        let mut event = about("CERTIFICATE_REPLACED", &paper, &reason);
        event.details["replaced_by"] = json!(issued.number);
        Ok(Effects {
            location: format!("/exports/{}/papers", export.id),
            flash: Message::new("papers-certificate-replaced")
                .with("number", paper.number.clone())
                .with("new", issued.number),
            event,
            outbox: None,
        })
    }
}

#[async_trait]
impl Command for Reissue<'_> {
    type Refusal = PaperRefusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, PaperFailure> {
        let paper = visible(tx, actor, self.paper, now).await?;
        if let Some(refusal) = rules::against_reissuing(&paper, actor) {
            return Err(refusal.into());
        }
        let reason = parse_reason(DUPLICATE_REASON, self.reason)?;
        let (id, n) = store::insert_duplicate(tx, paper.id, reason.as_str(), actor, now).await.map_err(quicker)?;
        seals::ask_for(tx, id, Some(actor.user_id), now).await?;
        let mut event = about("PAPER_REISSUED", &paper, &reason);
        event.details["duplicate"] = json!(n);
        Ok(Effects {
            location: record_of(id),
            flash: Message::new("papers-duplicate-issued")
                .with("number", paper.number.clone())
                .with("n", n.to_string()),
            event,
            outbox: None,
        })
    }
}

async fn visible(tx: &mut Tx, actor: &Actor, id: PaperId, now: DateTime<Utc>) -> Result<PaperLine, PaperFailure> {
    Ok(find_visible(tx, actor, id, eat_date(now)).await?.ok_or(PaperRefusal::NotFound)?)
}

fn export_of(paper: &PaperLine) -> Result<ExportId, PaperRefusal> {
    paper.export_id.ok_or(PaperRefusal::NotByItself)
}

async fn certificate_of(tx: &mut Tx, paper: &PaperLine) -> Result<OriginCertificateId, PaperFailure> {
    Ok(store::find_certificate(tx, paper.id).await?.ok_or(PaperRefusal::NotByItself)?)
}

async fn withdraw_certificate(
    tx: &mut Tx,
    id: OriginCertificateId,
    reason: &Reason,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), PaperFailure> {
    tx.enter_system().await?;
    let is_withdrawn = store::withdraw_certificate(tx, id, reason.as_str(), actor.user_id, now).await?;
    tx.leave_system().await?;
    if is_withdrawn { Ok(()) } else { Err(PaperRefusal::Changed.into()) }
}

/// The reason that was typed into `field`.
pub(super) fn parse_reason(field: &str, typed: &str) -> Result<Reason, PaperRefusal> {
    Reason::parse(typed).map_err(|problem| {
        let mut problems = FieldProblems::default();
        problems.add(field, problem);
        PaperRefusal::Invalid(problems)
    })
}

/// The sheet has its duplicate already: somebody was quicker.
fn quicker(error: sqlx::Error) -> PaperFailure {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        PaperRefusal::Changed.into()
    } else {
        error.into()
    }
}

fn record_of(id: PaperId) -> String {
    format!("/papers/{id}/record")
}

fn about(event_type: &'static str, paper: &PaperLine, reason: &Reason) -> Event {
    let details = json!({ "kind": paper.kind, "number": paper.number, "export": paper.export_id });
    let mut event = Event::business(event_type, "paper", paper.id.0, Severity::High, details);
    event.private = Some(json!({ "reason": reason.as_str() }));
    event
}
