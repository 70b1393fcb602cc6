//! Papers of an application: handed in, replaced, taken back, read. A file is in the store, durably, before its row
//! commits; one that got no row is deleted here where that is certain, and by the reconciler otherwise.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Door, Failure, Refusals};
use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::documents::intake::{Accepted, KeptFile};
use crate::documents::service::{self as reception, NotKept, ReceiveError, Reception};
use crate::documents::share::Shares;
use crate::documents::storage::StorageError;
use crate::documents::words;
use crate::ids::DocumentId;
use crate::review::files::{ApplicationFile, FileKinds};
use crate::review::model::{Standing, SubjectKind};
use crate::review::rules::Refusal;
use crate::review::store::{self, NewFile};
use crate::workflow::{Command, Done, Effects, FormKey, Message, Reason, done_before, execute, is_certainly_undone};

/// What is to be handed in.
pub(in crate::review) struct HandIn<'a> {
    pub kind: SubjectKind,
    pub door: &'a dyn Door,
    pub id: Uuid,
    pub document_type: String,
    pub reference_number: Option<String>,
    pub file: Accepted,
}

/// Why handing in fails.
#[derive(Debug, thiserror::Error)]
pub(in crate::review) enum HandInError {
    #[error(transparent)]
    Command(#[from] Failure),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the file is not kept: {0:?}")]
    NotKept(NotKept),
}

impl From<ReceiveError> for HandInError {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::NotKept(why) => Self::NotKept(why),
            ReceiveError::Storage(error) => Self::Storage(error),
            ReceiveError::Database(error) => Self::Command(error.into()),
        }
    }
}

/// Hands a paper in: its file scanned and durable first, then its row. The same form sent twice makes one paper.
pub(in crate::review) async fn hand_in(
    reception: &Reception<'_>,
    actor: &Actor,
    form: FormKey,
    paper: HandIn<'_>,
    now: DateTime<Utc>,
) -> Result<Done, HandInError> {
    let HandIn { kind, door, id, document_type, reference_number, file } = paper;
    let about = json!({ "subject": kind, "subject_id": id, "document_type": document_type });
    let file = match reception.receive(actor, file, about, now).await {
        Ok(file) => file,
        // The same form may have taken the last room itself.
        Err(ReceiveError::NotKept(why @ NotKept::NoRoom(_))) => {
            let before = done_before(reception.db, actor, form).await.map_err(Failure::from)?;
            return before.ok_or(HandInError::NotKept(why));
        }
        Err(error) => return Err(error.into()),
    };
    let (paper, allowed) = (DocumentId::new(), reception.shares);
    let command = Attach { paper, kind, door, id, document_type, reference_number, file, allowed };
    let outcome = execute(reception.db, actor, form, &command, now).await;
    if is_certainly_undone(&outcome)
        && let Err(error) = reception.storage.delete(&command.file.key).await
    {
        tracing::warn!(%error, key = %command.file.key, "a file that got no row is left to the reconciler");
    }
    Ok(outcome?)
}

struct Attach<'a> {
    paper: DocumentId,
    kind: SubjectKind,
    door: &'a dyn Door,
    id: Uuid,
    document_type: String,
    reference_number: Option<String>,
    file: KeptFile,
    allowed: Shares,
}

#[async_trait]
impl Command for Attach<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let standing = self.door.find(tx, actor, self.id).await?.ok_or(Refusal::NotFound)?;
        if !self.door.file_kinds(&standing, actor).contains(&self.document_type.as_str()) {
            return Err(Refusal::NotYours.into());
        }
        let version = store::replace_file(tx, &standing, self.kind, &self.document_type, actor, now).await? + 1;
        let new = NewFile {
            id: self.paper,
            subject: self.kind,
            document_type: &self.document_type,
            reference_number: self.reference_number.as_deref(),
            version,
            file: &self.file,
        };
        store::insert_file(tx, &standing, &new, actor, now).await?;
        if let Some(exceeded) = reception::settle(tx, (self.paper, &self.file), self.allowed, now).await? {
            let (text_id, values) = words::no_room(&exceeded);
            return Err(Refusal::rule(text_id, values).into());
        }
        let digest = &self.file.digest;
        let (event_type, flash) = if version == 1 {
            ("DOCUMENT_UPLOADED", "documents-attached")
        } else {
            ("DOCUMENT_REPLACED", "documents-replaced-now")
        };
        let details = json!({
            "number": standing.reference,
            "subject": self.kind,
            "subject_id": standing.id,
            "document_type": self.document_type,
            "version": version,
            "sha256": digest.sha256_hex(),
            "cid": digest.cid,
            "size_bytes": digest.size_bytes,
            "media_type": self.file.kind.media_type(),
            "scan": self.file.scan.code(),
        });
        let mut event = Event::business(event_type, "document", self.paper.0, Severity::Medium, details);
        event.private = Some(json!({ "file_name": self.file.name }));
        Ok(Effects {
            location: files_page(self.kind, standing.id),
            flash: Message::new(flash).with("name", self.file.name.clone()),
            event,
            outbox: None,
        })
    }
}

/// Takes a paper back. Its file stays, and no longer counts.
pub(in crate::review) struct TakeBack<'a> {
    pub kind: SubjectKind,
    pub door: &'a dyn Door,
    pub id: Uuid,
    pub paper: DocumentId,
    pub reason: Reason,
}

#[async_trait]
impl Command for TakeBack<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let standing = self.door.find(tx, actor, self.id).await?.ok_or(Refusal::NotFound)?;
        let file = store::find_file(tx, self.paper).await?;
        let file = file.filter(|file| file.subject == self.kind && file.subject_id == standing.id);
        let file = file.ok_or(Refusal::NotFound)?;
        let kinds = self.door.file_kinds(&standing, actor);
        if !file.may_be_taken_back_by(actor) || !kinds.contains(&file.document_type.as_str()) {
            return Err(Refusal::forbidden("review-refusal-paper-kept", Vec::new()).into());
        }
        if !store::end_file(tx, file.id, self.reason.as_str(), actor, now).await? {
            return Err(Refusal::Stale { by: String::new(), at: now }.into());
        }
        let details = json!({
            "number": standing.reference,
            "subject": self.kind,
            "subject_id": standing.id,
            "document_type": file.document_type,
            "version": file.version,
            "sha256": file.sha256,
        });
        let mut event = Event::business("DOCUMENT_DEACTIVATED", "document", file.id.0, Severity::Medium, details);
        event.private = Some(json!({ "file_name": file.name, "reason": self.reason.as_str() }));
        Ok(Effects {
            location: files_page(self.kind, standing.id),
            flash: Message::new("documents-removed-now").with("name", file.name),
            event,
            outbox: None,
        })
    }
}

/// Where the papers of a subject are handed in.
pub(in crate::review) fn files_page(kind: SubjectKind, id: Uuid) -> String {
    format!("/applications/{}/{id}/papers", kind.slug())
}

/// A subject that the viewer may see, with its papers and those that are asked for.
pub(in crate::review) struct Listed {
    pub standing: Standing,
    pub files: Vec<ApplicationFile>,
    pub names: FileKinds,
    pub asked: Vec<&'static str>,
}

/// A subject that the viewer may see, with its papers.
pub(in crate::review) async fn list(
    db: &Db,
    actor: &Actor,
    kind: SubjectKind,
    door: &dyn Door,
    id: Uuid,
) -> sqlx::Result<Option<Listed>> {
    let mut tx = db.begin_as(actor).await?;
    let found = match door.find(&mut tx, actor, id).await? {
        Some(standing) => {
            let (files, names) = list_in(&mut tx, kind, id).await?;
            let asked = door.asked(&mut tx, actor, id).await?;
            Some(Listed { standing, files, names, asked })
        }
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// The papers of a subject that the viewer has found, with the names of their kinds.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_in(tx: &mut Tx, kind: SubjectKind, id: Uuid) -> sqlx::Result<(Vec<ApplicationFile>, FileKinds)> {
    let files = store::list_files(tx, kind, id).await?;
    Ok((files, FileKinds::new(store::list_file_kinds(tx).await?)))
}

/// A paper whose subject the viewer may see.
pub(in crate::review) async fn find(
    db: &Db,
    actor: &Actor,
    doors: &super::Doors,
    id: DocumentId,
) -> sqlx::Result<Option<ApplicationFile>> {
    let mut tx = db.begin_as(actor).await?;
    let mut found = store::find_file(&mut tx, id).await?;
    if let Some(file) = &found {
        let is_seen = match doors.of(file.subject) {
            Some(door) => door.find(&mut tx, actor, file.subject_id).await?.is_some(),
            None => false,
        };
        found = found.filter(|_| is_seen);
    }
    tx.commit().await?;
    Ok(found)
}

/// Puts on record that a paper leaves the system.
pub(in crate::review) async fn record_download(
    db: &Db,
    actor: &Actor,
    file: &ApplicationFile,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({
        "subject": file.subject,
        "subject_id": file.subject_id,
        "document_type": file.document_type,
        "version": file.version,
    });
    let mut event = Event::business("DOCUMENT_DOWNLOADED", "document", file.id.0, Severity::Low, details);
    event.compliance_relevant = false;
    audit::record_alone(db, actor, &event, now).await
}
