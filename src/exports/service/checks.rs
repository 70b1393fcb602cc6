//! Documents of an export judged by the organisation whose step asks for them: found in order, rejected, done without.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::moved;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::documents::{Document, Verdict, store};
use crate::exports::model::Export;
use crate::exports::rules::Context;
use crate::exports::rules::checklist::{Standing, standing};
use crate::exports::rules::documents::{Change, DocumentRefusal, against_checking, against_revoking, against_waiving};
use crate::exports::store as exports;
use crate::ids::{DocumentId, ExportId};
use crate::workflow::{Command, CommandError, Effects, Message, Reason};

type Failure = CommandError<DocumentRefusal>;

/// The export under its lock, with what the rules need.
async fn lock(tx: &mut Tx, actor: &Actor, id: ExportId, now: DateTime<Utc>) -> Result<(Export, Context), Failure> {
    let export = exports::lock_visible(tx, actor, id).await?.ok_or(DocumentRefusal::NotFound)?;
    let context = exports::read_context(tx, &export, eat_date(now)).await?;
    Ok((export, context))
}

/// Writes down what was found about a document.
pub struct CheckDocument {
    /// Of which export.
    pub export: ExportId,
    /// Which.
    pub document: DocumentId,
    /// Why it is rejected; without a reason it is in order.
    pub rejection: Option<Reason>,
}

#[async_trait]
impl Command for CheckDocument {
    type Refusal = DocumentRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        let document = store::find(tx, self.document).await?.filter(|document| document.export_id == export.id);
        let document = document.ok_or(DocumentRefusal::NotFound)?;
        // Of two that look at once, the second sees what the first has found.
        store::lock_newest_version(tx, export.id, &document.document_type).await?;
        let document = store::find(tx, document.id).await?.ok_or(DocumentRefusal::NotFound)?;
        let verdict = if self.rejection.is_some() { Verdict::Rejected } else { Verdict::Checked };
        let rule = context.rule_for(&document.document_type);
        if let Some(refusal) = against_checking(&export, rule, &document, verdict, actor, &context) {
            return Err(refusal.into());
        }
        let reason = self.rejection.as_ref().map(Reason::as_str);
        store::insert_check(tx, &document, verdict, reason, actor, now).await?;
        Ok(self.effects(&export, &document, verdict))
    }
}

impl CheckDocument {
    fn effects(&self, export: &Export, document: &Document, verdict: Verdict) -> Effects {
        let (event_type, flash) = match verdict {
            Verdict::Checked => ("DOCUMENT_CHECKED", "documents-checked-now"),
            Verdict::Rejected => ("DOCUMENT_REJECTED", "documents-rejected-now"),
        };
        let details = json!({
            "number": export.number,
            "export_id": export.id,
            "document_type": document.document_type,
            "version": document.version,
            "sha256": document.sha256,
        });
        let mut event = Event::business(event_type, "document", document.id.0, Severity::High, details);
        event.private = self.rejection.as_ref().map(|reason| json!({ "reason": reason.as_str() }));
        Effects {
            location: format!("/exports/{}/documents", export.id),
            flash: Message::new(flash).with("name", document.name.clone()),
            event,
            outbox: Some(moved(export)),
        }
    }
}

/// Lets an export do without a kind of document.
pub struct Waive {
    /// Which export.
    pub export: ExportId,
    /// Which kind.
    pub document_type: String,
    /// Why.
    pub reason: Reason,
}

#[async_trait]
impl Command for Waive {
    type Refusal = DocumentRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        store::lock_newest_version(tx, export.id, &self.document_type).await?;
        let facts = Facts::read(tx, &export).await?;
        let stand = facts.standing(&export, &self.document_type).stand();
        let rule = context.rule_for(&self.document_type);
        if let Some(refusal) = against_waiving(&export, rule, stand, actor, &context) {
            return Err(refusal.into());
        }
        let reason = self.reason.as_str();
        if !store::insert_waiver(tx, export.id, &self.document_type, reason, actor, now).await? {
            return Err(DocumentRefusal::WaivedBefore(Change { by: String::new(), at: now }).into());
        }
        let mut event = waiver_event("DOCUMENT_WAIVED", &export, &self.document_type);
        event.private = Some(json!({ "reason": reason }));
        Ok(effects_of(&export, "documents-waived-now", event))
    }
}

/// Takes a waiver back.
pub struct RevokeWaiver {
    /// Of which export.
    pub export: ExportId,
    /// Of which kind of document.
    pub document_type: String,
}

#[async_trait]
impl Command for RevokeWaiver {
    type Refusal = DocumentRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        store::lock_newest_version(tx, export.id, &self.document_type).await?;
        let facts = Facts::read(tx, &export).await?;
        // A waiver ends also where a document has come meanwhile.
        let stand = facts.waivers.iter().find(|waiver| waiver.document_type == self.document_type).map_or_else(
            || facts.standing(&export, &self.document_type).stand(),
            |waiver| Standing::<Document>::Waived(waiver).stand(),
        );
        let rule = context.rule_for(&self.document_type);
        if let Some(refusal) = against_revoking(&export, rule, stand, actor, &context) {
            return Err(refusal.into());
        }
        if !store::set_waiver_revoked(tx, export.id, &self.document_type, actor, now).await? {
            return Err(DocumentRefusal::NotWaived.into());
        }
        let event = waiver_event("DOCUMENT_WAIVER_REVOKED", &export, &self.document_type);
        Ok(effects_of(&export, "documents-waiver-revoked-now", event))
    }
}

/// What a kind of document's standing is read from.
struct Facts {
    documents: Vec<Document>,
    papers: Vec<crate::exports::PaperLine>,
    waivers: Vec<crate::documents::Waiver>,
}

impl Facts {
    async fn read(tx: &mut Tx, export: &Export) -> sqlx::Result<Self> {
        let mut documents = store::list(tx, export.id).await?;
        documents.retain(Document::is_active);
        Ok(Self {
            documents,
            papers: exports::case_file::list_papers(tx, export.id).await?,
            waivers: store::list_waivers(tx, export.id).await?,
        })
    }

    fn standing(&self, export: &Export, document_type: &str) -> Standing<'_, Document> {
        standing(export, document_type, &self.documents, &self.papers, &self.waivers)
    }
}

fn waiver_event(event_type: &'static str, export: &Export, document_type: &str) -> Event {
    let details = json!({ "document_type": document_type });
    Event::business(event_type, "export", export.id.0, Severity::High, details)
}

fn effects_of(export: &Export, flash: &str, event: Event) -> Effects {
    Effects {
        location: format!("/exports/{}/documents", export.id),
        flash: Message::new(flash),
        event,
        outbox: Some(moved(export)),
    }
}
