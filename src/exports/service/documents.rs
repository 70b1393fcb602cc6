//! The documents of an export: attached, taken back, read.
//!
//! A file is in the store, durably, before its row commits. Whatever goes wrong in between leaves at most a
//! file without a row, which is deleted here where that is certain, and by the reconciler otherwise.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::moved;
use crate::audit::{self, Event, Severity};
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::documents::intake::{Accepted, KeptFile};
use crate::documents::service::{self as reception, NotKept, ReceiveError, Reception};
use crate::documents::share::Shares;
use crate::documents::storage::StorageError;
use crate::documents::store::{self, NewDocument};
use crate::documents::{Document, OTHER, Waiver};
use crate::exports::PaperLine;
use crate::exports::model::Export;
use crate::exports::rules::Context;
use crate::exports::rules::documents::{Change, DocumentRefusal, against_removing, may_attach, may_bring, may_find};
use crate::exports::store as exports;
use crate::ids::{DocumentId, ExportId};
use crate::workflow::{
    Command, CommandError, Done, Effects, FormKey, Message, Reason, done_before, execute, is_certainly_undone,
};

impl From<DocumentRefusal> for CommandError<DocumentRefusal> {
    fn from(refusal: DocumentRefusal) -> Self {
        Self::Refused(refusal)
    }
}

type Failure = CommandError<DocumentRefusal>;

/// What is to be attached.
#[derive(Debug)]
pub struct Attachment {
    /// To which export.
    pub export: ExportId,
    /// Which kind of document it is.
    pub document_type: String,
    /// The number that the paper bears, at most 60 characters.
    pub reference_number: Option<String>,
    /// The file.
    pub file: Accepted,
}

/// Why an attachment fails.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// The command failed.
    #[error(transparent)]
    Command(#[from] Failure),
    /// The store failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The file is not taken.
    #[error("the file is not kept: {0:?}")]
    NotKept(NotKept),
}

impl From<ReceiveError> for AttachError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotKept(why) => Self::NotKept(why),
            ReceiveError::Storage(error) => Self::Storage(error),
            ReceiveError::Database(error) => Self::Command(error.into()),
        }
    }
}

/// Attaches a document: its file scanned and durable first, then its row. The same form sent twice makes one document.
///
/// # Errors
/// [`AttachError`]; nothing is attached then.
pub async fn attach(
    reception: &Reception<'_>,
    actor: &Actor,
    form: FormKey,
    attachment: Attachment,
    now: DateTime<Utc>,
) -> Result<Done, AttachError> {
    let Attachment { export, document_type, reference_number, file } = attachment;
    let about = json!({ "export_id": export, "document_type": document_type });
    let file = match reception.receive(actor, file, about, now).await {
        Ok(file) => file,
        // The same form may have taken the last room itself.
        Err(ReceiveError::NotKept(why @ NotKept::NoRoom(_))) => {
            let before = done_before(reception.db, actor, form).await.map_err(Failure::from)?;
            return before.ok_or(AttachError::NotKept(why));
        }
        Err(error) => return Err(error.into()),
    };
    let allowed = reception.shares;
    let command = Attach { id: DocumentId::new(), export, document_type, reference_number, file, allowed };
    let outcome = execute(reception.db, actor, form, &command, now).await;
    if is_certainly_undone(&outcome)
        && let Err(error) = reception.storage.delete(&command.file.key).await
    {
        tracing::warn!(%error, key = %command.file.key, "a file that got no row is left to the reconciler");
    }
    match outcome {
        Err(CommandError::Refused(DocumentRefusal::NoRoom(exceeded))) => {
            Err(AttachError::NotKept(NotKept::NoRoom(exceeded)))
        }
        outcome => Ok(outcome?),
    }
}

struct Attach {
    id: DocumentId,
    export: ExportId,
    document_type: String,
    reference_number: Option<String>,
    file: KeptFile,
    allowed: Shares,
}

#[async_trait]
impl Command for Attach {
    type Refusal = DocumentRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let export = exports::lock_visible(tx, actor, self.export).await?.ok_or(DocumentRefusal::NotFound)?;
        if !actor.may(Permission::AttachDocuments) {
            return Err(DocumentRefusal::MayNotAttach.into());
        }
        if !may_attach(&export, actor) {
            let by = store::find_person_name(tx, export.changed_by).await?;
            return Err(DocumentRefusal::Closed(Change { by, at: export.changed_at }).into());
        }
        let provider = store::find_provider(tx, &self.document_type).await?.ok_or(DocumentRefusal::UnknownType)?;
        if !may_bring(actor.organization.kind, &self.document_type, &provider) {
            return Err(DocumentRefusal::NotYoursToBring.into());
        }
        let version = store::lock_newest_version(tx, export.id, &self.document_type).await? + 1;
        let replaced = if self.document_type == OTHER {
            None
        } else {
            store::set_replaced(tx, export.id, &self.document_type, actor, now).await?
        };
        let document = NewDocument {
            id: self.id,
            export_id: export.id,
            document_type: &self.document_type,
            reference_number: self.reference_number.as_deref(),
            version,
            file: &self.file,
        };
        store::insert(tx, &document, actor, now).await?;
        if let Some(exceeded) = reception::settle(tx, (self.id, &self.file), self.allowed, now).await? {
            return Err(DocumentRefusal::NoRoom(exceeded).into());
        }
        let (event_type, flash) = match replaced {
            None => ("DOCUMENT_UPLOADED", "documents-attached"),
            Some(_) => ("DOCUMENT_REPLACED", "documents-replaced-now"),
        };
        let digest = &self.file.digest;
        let details = json!({
            "number": export.number,
            "export_id": export.id,
            "document_type": self.document_type,
            "version": version,
            "replaces": replaced,
            "sha256": digest.sha256_hex(),
            "cid": digest.cid,
            "size_bytes": digest.size_bytes,
            "media_type": self.file.kind.media_type(),
            "scan": self.file.scan.code(),
        });
        let mut event = Event::business(event_type, "document", self.id.0, Severity::Medium, details);
        event.private = Some(json!({ "file_name": self.file.name }));
        Ok(Effects {
            location: format!("/exports/{}/documents", export.id),
            flash: Message::new(flash).with("name", self.file.name.clone()),
            event,
            outbox: Some(moved(&export)),
        })
    }
}

/// Takes a document back. Its file stays, and no longer counts.
pub struct Remove {
    /// Of which export.
    pub export: ExportId,
    /// Which.
    pub document: DocumentId,
    /// Why.
    pub reason: Reason,
}

#[async_trait]
impl Command for Remove {
    type Refusal = DocumentRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let export = exports::lock_visible(tx, actor, self.export).await?.ok_or(DocumentRefusal::NotFound)?;
        let document = store::find(tx, self.document).await?.filter(|document| document.export_id == export.id);
        let document = document.ok_or(DocumentRefusal::NotFound)?;
        let changed_by = store::find_person_name(tx, export.changed_by).await?;
        if let Some(refusal) = against_removing(&export, &changed_by, &document, actor) {
            return Err(refusal.into());
        }
        if !store::set_removed(tx, document.id, self.reason.as_str(), actor, now).await? {
            // Somebody was quicker by a moment; the next look says who.
            return Err(DocumentRefusal::Gone(Change { by: String::new(), at: now }).into());
        }
        let details = json!({
            "number": export.number,
            "export_id": export.id,
            "document_type": document.document_type,
            "version": document.version,
            "sha256": document.sha256,
        });
        let mut event = Event::business("DOCUMENT_DEACTIVATED", "document", document.id.0, Severity::Medium, details);
        event.private = Some(json!({ "file_name": document.name, "reason": self.reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}/documents", export.id),
            flash: Message::new("documents-removed-now").with("name", document.name),
            event,
            outbox: Some(moved(&export)),
        })
    }
}

/// An export with its documents, whatever became of them.
#[derive(Debug)]
pub struct CaseDocuments {
    /// The export.
    pub export: Export,
    /// In the order of the checklist, newest version first.
    pub documents: Vec<Document>,
    /// The papers that were issued of it here.
    pub papers: Vec<PaperLine>,
    /// What it does without.
    pub waivers: Vec<Waiver>,
    /// What the rules need beside it.
    pub context: Context,
}

/// An export with its documents; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(db: &Db, actor: &Actor, id: ExportId, now: DateTime<Utc>) -> sqlx::Result<Option<CaseDocuments>> {
    let mut tx = db.begin_as(actor).await?;
    let found = match exports::find_visible(&mut tx, actor, id).await? {
        Some(export) => Some(CaseDocuments {
            context: exports::read_context(&mut tx, &export, eat_date(now)).await?,
            waivers: store::list_waivers(&mut tx, id).await?,
            export,
            documents: store::list(&mut tx, id).await?,
            papers: exports::case_file::list_papers(&mut tx, id).await?,
        }),
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// One document with its export.
#[derive(Debug)]
pub struct CaseDocument {
    /// The export.
    pub export: Export,
    /// Who changed it last, by name.
    pub changed_by: String,
    /// The document.
    pub document: Document,
}

/// A document with its export; `None` when it is not the viewer's to know of.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(db: &Db, actor: &Actor, id: DocumentId) -> sqlx::Result<Option<CaseDocument>> {
    let mut tx = db.begin_as(actor).await?;
    let found = find_in(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(found)
}

async fn find_in(tx: &mut Tx, actor: &Actor, id: DocumentId) -> sqlx::Result<Option<CaseDocument>> {
    let Some(document) = store::find(tx, id).await?.filter(|document| may_find(document, actor)) else {
        return Ok(None);
    };
    let Some(export) = exports::find_visible(tx, actor, document.export_id).await? else { return Ok(None) };
    let changed_by = store::find_person_name(tx, export.changed_by).await?;
    Ok(Some(CaseDocument { export, changed_by, document }))
}

/// Puts on record that a document leaves the system.
///
/// # Errors
/// When the database cannot be reached; it does not leave then.
pub async fn record_download(
    db: &Db,
    actor: &Actor,
    CaseDocument { export, document, .. }: &CaseDocument,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({
        "number": export.number,
        "export_id": export.id,
        "document_type": document.document_type,
        "version": document.version,
    });
    let mut event = Event::business("DOCUMENT_DOWNLOADED", "document", document.id.0, Severity::Low, details);
    event.compliance_relevant = false;
    audit::record_alone(db, actor, &event, now).await
}
