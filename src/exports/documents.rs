//! The documents of an export: who may attach which, until when one can be taken back, who may read them.
//!
//! A file is in the store, durably, before its row commits. Whatever goes wrong in between leaves at most a
//! file without a row, which is deleted here where that is certain, and by the reconciler otherwise.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::Export;
use super::service::moved;
use super::store as exports;
use crate::audit::{self, Event, Severity};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::database::{Db, Tx};
use crate::documents::intake::{Accepted, KeptFile};
use crate::documents::storage::{Storage, StorageError};
use crate::documents::store::{self, NewDocument};
use crate::documents::{Document, OTHER};
use crate::ids::{DocumentId, ExportId};
use crate::workflow::{Command, CommandError, Done, Effects, FormKey, Message, Reason, execute};

/// Why something is not done with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentRefusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// The viewer's role does not include it.
    MayNotAttach,
    /// The export is closed.
    Closed(Change),
    /// There is no such kind of document.
    UnknownType,
    /// Another organisation brings it.
    NotYoursToBring,
    /// Another organisation attached it.
    NotOwn,
    /// The case is no longer with who attached it: others have relied on it.
    TooLate(Change),
    /// It was replaced or removed before.
    Gone(Change),
}

/// Who changed something, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// By name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl DocumentRefusal {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::MayNotAttach => "documents-may-not-attach",
            Self::Closed(_) => "documents-export-closed",
            Self::UnknownType => "documents-choose-type",
            Self::NotYoursToBring => "documents-not-yours-to-bring",
            Self::NotOwn => "documents-removal-not-own",
            Self::TooLate(_) => "documents-removal-too-late",
            Self::Gone(_) => "documents-removal-gone",
        }
    }
}

impl std::fmt::Display for DocumentRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

impl From<DocumentRefusal> for CommandError<DocumentRefusal> {
    fn from(refusal: DocumentRefusal) -> Self {
        Self::Refused(refusal)
    }
}

type Failure = CommandError<DocumentRefusal>;

/// Whether an organisation of `kind` brings documents of a type that `provided_by` normally brings. The
/// exporter brings everything but the bank's and the carrier's own papers.
#[must_use]
pub fn may_bring(kind: OrganizationKind, document_type: &str, provided_by: &str) -> bool {
    let of_bank_or_carrier = [OrganizationKind::CommercialBank, OrganizationKind::ShippingLine]
        .iter()
        .any(|other| other.code() == provided_by);
    match kind {
        OrganizationKind::Exporter => !of_bank_or_carrier,
        OrganizationKind::CommercialBank
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::Auditor
        | OrganizationKind::Administration => document_type == OTHER || provided_by == kind.code(),
    }
}

/// Whether `actor` may attach documents to an export that they see.
#[must_use]
pub const fn may_attach(export: &Export, actor: &Actor) -> bool {
    actor.may(Permission::AttachDocuments) && export.state.is_open()
}

/// What stands against `actor` taking a document back. It has to be their organisation's, and the case has to
/// be with them, so that nobody has relied upon it since. `changed_by` is who changed the export last, by name.
#[must_use]
pub fn against_removing(
    export: &Export,
    changed_by: &str,
    document: &Document,
    actor: &Actor,
) -> Option<DocumentRefusal> {
    let last_change = || Change { by: changed_by.to_owned(), at: export.changed_at };
    if !actor.may(Permission::AttachDocuments) {
        Some(DocumentRefusal::MayNotAttach)
    } else if document.organization_id != actor.organization.id {
        Some(DocumentRefusal::NotOwn)
    } else if let Some(ended) = &document.ended {
        Some(DocumentRefusal::Gone(Change { by: ended.by_name.clone(), at: ended.at }))
    } else if !export.state.is_open() {
        Some(DocumentRefusal::Closed(last_change()))
    } else if export.queue_organization_id == Some(actor.organization.id) {
        None
    } else {
        Some(DocumentRefusal::TooLate(last_change()))
    }
}

/// Whether `actor`, who sees the export, may open this document: one that was removed is read by who had
/// attached it and by the auditor.
#[must_use]
pub fn may_open(document: &Document, actor: &Actor) -> bool {
    !document.is_removed()
        || document.organization_id == actor.organization.id
        || actor.organization.kind == OrganizationKind::Auditor
}

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
}

/// Attaches a document: its file durably first, then its row. The same form sent twice makes one document.
///
/// # Errors
/// [`AttachError`]; nothing is attached then.
pub async fn attach(
    db: &Db,
    storage: &Storage,
    actor: &Actor,
    form: FormKey,
    attachment: Attachment,
    now: DateTime<Utc>,
) -> Result<Done, AttachError> {
    let Attachment { export, document_type, reference_number, file } = attachment;
    let command =
        Attach { id: DocumentId::new(), export, document_type, reference_number, file: file.keep(storage).await? };
    let outcome = execute(db, actor, form, &command, now).await;
    if is_certainly_unused(&outcome)
        && let Err(error) = storage.delete(&command.file.key).await
    {
        tracing::warn!(%error, key = %command.file.key, "a file that got no row is left to the reconciler");
    }
    Ok(outcome?)
}

/// Whether no row can name the file. When the connection broke, the commit may have happened all the same:
/// such a file is left to the reconciler, which asks the rows.
fn is_certainly_unused(outcome: &Result<Done, Failure>) -> bool {
    match outcome {
        Ok(done) => done.replayed,
        Err(CommandError::Refused(_) | CommandError::KeyReused) => true,
        // 08 connection, 57 shut down in the middle; with any other the server has said that it rolled back.
        Err(CommandError::Database(sqlx::Error::Database(error))) => {
            error.code().is_some_and(|code| !code.starts_with("08") && !code.starts_with("57"))
        }
        Err(CommandError::Database(_)) => false,
    }
}

struct Attach {
    id: DocumentId,
    export: ExportId,
    document_type: String,
    reference_number: Option<String>,
    file: KeptFile,
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
}

/// An export with its documents; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(db: &Db, actor: &Actor, id: ExportId) -> sqlx::Result<Option<CaseDocuments>> {
    let mut tx = db.begin_as(actor).await?;
    let found = match exports::find_visible(&mut tx, actor, id).await? {
        Some(export) => Some(CaseDocuments { export, documents: store::list(&mut tx, id).await? }),
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

/// A document with its export; `None` when the viewer may not open it.
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
    let Some(document) = store::find(tx, id).await?.filter(|document| may_open(document, actor)) else {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_brings_its_own_papers() {
        use OrganizationKind as O;
        for (kind, document_type, provided_by, may) in [
            (O::Exporter, "INVOICE", "EXPORTER", true),
            (O::Exporter, "CUSTOMS_DECLARATION", "CUSTOMS", true),
            (O::Exporter, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", false),
            (O::Exporter, "BILL_OF_LADING", "SHIPPING_LINE", false),
            (O::Exporter, OTHER, "EXPORTER", true),
            (O::CommercialBank, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", true),
            (O::CommercialBank, "INVOICE", "EXPORTER", false),
            (O::CommercialBank, OTHER, "EXPORTER", true),
            (O::ShippingLine, "BILL_OF_LADING", "SHIPPING_LINE", true),
            (O::ShippingLine, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", false),
            (O::Customs, "CUSTOMS_DECLARATION", "CUSTOMS", true),
        ] {
            assert_eq!(may_bring(kind, document_type, provided_by), may, "{kind} {document_type}");
        }
    }

    #[test]
    fn a_file_is_deleted_only_when_no_row_can_name_it() {
        let done = |replayed| Done { location: String::new(), flash: Message::new("documents-attached"), replayed };
        assert!(is_certainly_unused(&Ok(done(true))));
        assert!(!is_certainly_unused(&Ok(done(false))));
        assert!(is_certainly_unused(&Err(DocumentRefusal::NotFound.into())));
        assert!(is_certainly_unused(&Err(CommandError::KeyReused)));
        let broken = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        assert!(!is_certainly_unused(&Err(CommandError::Database(broken))), "the commit may have happened");
    }
}
