//! Carrying out an act: lock, rules, the area's own writes, history, record, outbox and the answer to the form; all of
//! it or nothing.

mod drafts;
mod files;

pub use drafts::{Draft, discard_draft, draft_in, find_draft, save_draft, take_draft};
pub use files::list_in as list_files;
pub(super) use files::{
    HandIn, HandInError, Listed, TakeBack, files_page, find as find_file, hand_in, list, record_download,
};

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::acts::{Act, Answer, Workflow};
use super::model::{Dialogue, Standing, SubjectKind};
use super::rules::{self, Refusal, RefusalKind};
use super::store::{self, NewMove};
use crate::audit::{self, Author, Event};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::{MessageId, OrganizationId};
use crate::organizations::directory::Directory;
use crate::workflow::{Command, CommandError, Effects, FieldProblems, Message, OutboxEvent, Reason};

/// Everything that stands against an act.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusals(pub Vec<Refusal>);

impl Refusals {
    /// What the answer to the browser is: that of the first, which weighs most.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.0.first().map_or(RefusalKind::Conflict, Refusal::kind)
    }
}

impl std::fmt::Display for Refusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for refusal in &self.0 {
            write!(f, "{refusal} ")?;
        }
        Ok(())
    }
}

impl From<Refusal> for CommandError<Refusals> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Refusals(vec![refusal]))
    }
}

impl From<FieldProblems> for CommandError<Refusals> {
    fn from(problems: FieldProblems) -> Self {
        Refusal::Invalid(problems).into()
    }
}

/// How an act fails.
pub type Failure = CommandError<Refusals>;

/// What an act has left behind in the area's rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// What it changed, and facts of the form: for the history and the record, without personal data.
    pub details: Value,
    /// What people call it from now on, where the act gave it a number.
    pub reference: Option<String>,
}

/// What an area brings for one kind of subject.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The row with whatever the rules need beside it.
    type Case: Send + Sync;

    /// Its acts.
    fn workflow(&self) -> &'static Workflow;

    /// Where it stands.
    fn standing<'a>(&self, case: &'a Self::Case) -> &'a Standing;

    /// Where its page is.
    fn location(&self, case: &Self::Case) -> String;

    /// What stands against the act beyond the table. Pure; the page asks it for its buttons.
    fn against(&self, case: &Self::Case, act: &Act, actor: &Actor) -> Vec<Refusal>;

    /// The row under its lock, if the viewer may see it.
    ///
    /// # Errors
    /// When the database fails.
    async fn lock(&self, tx: &mut Tx, viewer: &Actor, id: Uuid, now: DateTime<Utc>)
    -> sqlx::Result<Option<Self::Case>>;

    /// Reads the form and writes the area's rows: facts, numbers, the new status and version where the version is
    /// still the case's, papers, and what follows elsewhere. `None` when somebody was quicker.
    ///
    /// # Errors
    /// [`Failure`]; nothing is kept then.
    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Self::Case,
        act: &Act,
        form: &ActForm<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure>;
}

/// What the form of an act said.
#[derive(Debug, Clone)]
pub struct ActForm<'a> {
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
    /// Why, where the act has to say.
    pub reason: Option<Reason>,
}

/// One act on one subject, as the form sent it.
pub struct Decide<'a, S> {
    /// The kind of subject.
    pub subject: &'a S,
    /// Which.
    pub id: Uuid,
    /// The act.
    pub act: &'static Act,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: the facts of the act, and `reason`.
    pub fields: &'a BTreeMap<String, String>,
}

/// The field in which the desk gives the reason of its answer.
pub(super) const REASON_FIELD: &str = "reason";
/// That of an act with a field of its own, whichever it is, as a form declares it.
pub(super) const ANY_REASON_FIELD: &str = "reason_*";

/// The field in which the reason of an act is given: the answers share one, each other act has its own on the page.
pub(super) fn reason_field(act: &Act) -> String {
    if is_answer(act.answer) {
        REASON_FIELD.to_owned()
    } else {
        format!("{REASON_FIELD}_{}", act.code.replace('-', "_"))
    }
}

#[async_trait]
impl<S: Subject> Command for Decide<'_, S> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (subject, act) = (self.subject, self.act);
        let case = subject.lock(tx, actor, self.id, now).await?.ok_or(Refusal::NotFound)?;
        let (workflow, standing) = (subject.workflow(), subject.standing(&case));
        let refusals = rules::against(workflow, standing, act, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let stale = || Refusal::Stale { by: standing.changed_by.clone(), at: standing.changed_at };
        if standing.version != self.version {
            return Err(stale().into());
        }
        let refusals = subject.against(&case, act, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let form = ActForm { fields: self.fields, reason: self.reason()? };
        let Some(applied) = subject.apply(tx, &case, act, &form, actor, now).await? else {
            return Err(stale().into());
        };
        let cause = Cause::Person { actor, reason: form.reason.as_ref() };
        let moved = Move::of(workflow, standing, act, applied.details);
        insert_move(tx, &moved, &cause, now).await?;
        let reference = applied.reference.unwrap_or_else(|| standing.reference.clone());
        Ok(Effects {
            location: subject.location(&case),
            flash: Message::new("review-flash-done")
                .with("subject", workflow.subject.code())
                .with("number", reference.clone())
                .with("act", act.code)
                .with("states", workflow.states)
                .with("state", moved.to.clone()),
            event: moved.event(act, &reference, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

impl<S> Decide<'_, S> {
    fn reason(&self) -> Result<Option<Reason>, Failure> {
        if !self.act.answer.needs_reason() {
            return Ok(None);
        }
        let field = reason_field(self.act);
        let typed = self.fields.get(&field).map_or("", String::as_str);
        Reason::parse(typed).map(Some).map_err(|problem| {
            let mut problems = FieldProblems::default();
            problems.add(field, problem);
            problems.into()
        })
    }
}

/// A move that has been written to the area's row and is to be recorded.
#[derive(Debug, Clone)]
pub struct Move {
    subject: SubjectKind,
    id: Uuid,
    owner: OrganizationId,
    version: i32,
    from: String,
    action: &'static str,
    /// Where it leads.
    pub to: String,
    details: Value,
}

impl Move {
    /// The move of `act` from where the subject stands; its version is the next one.
    #[must_use]
    pub fn of(workflow: &Workflow, standing: &Standing, act: &Act, details: Value) -> Self {
        Self {
            subject: workflow.subject,
            id: standing.id,
            owner: standing.owner,
            version: standing.version + 1,
            from: standing.state.clone(),
            action: act.code,
            to: act.target(&standing.state).to_owned(),
            details: if details.is_null() { json!({}) } else { details },
        }
    }

    /// The first move: something has been handed in and stands in `act`'s target.
    #[must_use]
    pub fn first(workflow: &Workflow, id: Uuid, owner: OrganizationId, act: &Act, details: Value) -> Self {
        Self {
            subject: workflow.subject,
            id,
            owner,
            version: 1,
            from: String::new(),
            action: act.code,
            to: act.target("").to_owned(),
            details: if details.is_null() { json!({}) } else { details },
        }
    }

    /// The record of it.
    #[must_use]
    pub fn event(&self, act: &Act, reference: &str, cause: &Cause<'_>) -> Event {
        let mut event = Event::business(
            act.event,
            self.subject.entity_type(),
            self.id,
            act.severity,
            json!({
                "number": reference,
                "action": self.action,
                "old": { "status": self.from },
                "new": { "status": self.to },
                "details": self.details,
            }),
        );
        event.private = cause.reason().map(|reason| json!({ "reason": reason }));
        event
    }

    /// For the outside.
    #[must_use]
    pub fn outbox(&self) -> OutboxEvent {
        OutboxEvent {
            kind: "review.moved",
            subject: "review",
            subject_id: self.id,
            payload: json!({
                "review_subject": self.subject,
                "organizations": [self.owner],
                "action": self.action,
                "version": self.version,
            }),
        }
    }
}

/// Why something moved.
#[derive(Debug)]
pub enum Cause<'a> {
    /// A person did it.
    Person {
        /// Who.
        actor: &'a Actor,
        /// Why, where the act says.
        reason: Option<&'a Reason>,
    },
    /// It follows from what a person did to something else: a licence goes with its profile.
    Consequence {
        /// Who.
        actor: &'a Actor,
        /// Why.
        reason: Option<&'a str>,
    },
    /// Time did it.
    Time,
}

impl Cause<'_> {
    fn reason(&self) -> Option<&str> {
        match self {
            Self::Person { reason, .. } => reason.map(Reason::as_str),
            Self::Consequence { reason, .. } => *reason,
            Self::Time => None,
        }
    }

    fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Person { actor, .. } | Self::Consequence { actor, .. } => Some(actor),
            Self::Time => None,
        }
    }
}

/// Puts a move into the history. For the first move of what is handed in, whose command brings its record and outbox
/// event in its own effects ([`Move::event`], [`Move::outbox`]).
///
/// # Errors
/// When the database refuses it: it is no legal move, or the version has been made already.
pub async fn record_move(tx: &mut Tx, moved: &Move, cause: &Cause<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    insert_move(tx, moved, cause, now).await
}

/// Puts a move into the history and on record by itself: what follows from a decision about something else, or what
/// time does. Within the caller's transaction.
///
/// # Errors
/// As [`record_move`].
pub async fn record_move_alone(
    tx: &mut Tx,
    moved: &Move,
    act: &Act,
    reference: &str,
    cause: &Cause<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    insert_move(tx, moved, cause, now).await?;
    let author = cause.actor().map_or(Author::product(None), Author::from);
    audit::record(tx, author, &moved.event(act, reference, cause), now).await
}

async fn insert_move(tx: &mut Tx, moved: &Move, cause: &Cause<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    let row = NewMove {
        subject: moved.subject,
        subject_id: moved.id,
        owner: moved.owner,
        version: moved.version,
        from: &moved.from,
        action: moved.action,
        to: &moved.to,
        by: cause.actor().map(|actor| (actor.user_id, actor.organization.id)),
        reason: cause.reason(),
        details: &moved.details,
    };
    store::insert_move(tx, &row, now).await
}

/// What happened to a subject that the viewer has found, and what was said about it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn dialogue(tx: &mut Tx, directory: &Directory, subject: SubjectKind, id: Uuid) -> sqlx::Result<Dialogue> {
    let history = store::list_history(tx, subject, id).await?;
    let messages = store::list_messages(tx, subject, id).await?;
    let people = history.iter().filter_map(|line| line.changed_by).chain(messages.iter().map(|line| line.author_id));
    let firms =
        history.iter().filter_map(|line| line.organization_id).chain(messages.iter().map(|line| line.organization_id));
    let ids: Vec<Uuid> = people.map(Uuid::from).chain(firms.map(Uuid::from)).collect();
    let names = directory.names(tx, ids).await?;
    Ok(Dialogue { history, messages, names })
}

/// How the parts of a review that are the same for all (messages, papers) find a subject of an area.
#[async_trait]
pub trait Door: Send + Sync {
    /// Where the subject stands, if the viewer may see it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>>;

    /// Where its page is.
    fn location(&self, id: Uuid) -> String;

    /// Where its form is: of something new, or of the correction of `id`.
    fn form_location(&self, id: Option<Uuid>) -> String;

    /// Whether `actor` writes such things, and so may keep a draft of one.
    fn may_draft(&self, actor: &Actor) -> bool;

    /// Whether the viewer takes part in the conversation about it.
    fn may_write(&self, standing: &Standing, viewer: &Actor) -> bool;

    /// The kinds of papers that `viewer` may hand in or replace now; none when it is closed to them.
    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str>;

    /// The kinds of papers that a decision on the subject asks for; none unless an area says so.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn asked(&self, _tx: &mut Tx, _viewer: &Actor, _id: Uuid) -> sqlx::Result<Vec<&'static str>> {
        Ok(Vec::new())
    }
}

/// Where subject `id` stands, for a viewer who may see it through `door`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_standing(db: &Db, viewer: &Actor, door: &dyn Door, id: Uuid) -> sqlx::Result<Option<Standing>> {
    let mut tx = db.begin_as(viewer).await?;
    let standing = door.find(&mut tx, viewer, id).await?;
    tx.commit().await?;
    Ok(standing)
}

/// The doors of all areas, by kind of subject.
#[derive(Default)]
pub struct Doors(Vec<(SubjectKind, Box<dyn Door>)>);

impl Doors {
    /// With one more.
    #[must_use]
    pub fn with(mut self, kind: SubjectKind, door: impl Door + 'static) -> Self {
        self.0.push((kind, Box::new(door)));
        self
    }

    /// The door to subjects of this kind.
    #[must_use]
    pub fn of(&self, kind: SubjectKind) -> Option<&dyn Door> {
        self.0.iter().find(|(own, _)| *own == kind).map(|(_, door)| &**door)
    }
}

/// A question or an answer, 1 to 2,000 characters; the form has checked it.
pub(super) struct PostMessage<'a> {
    pub kind: SubjectKind,
    pub door: &'a dyn Door,
    pub id: Uuid,
    pub body: String,
}

#[async_trait]
impl Command for PostMessage<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let standing = self.door.find(tx, actor, self.id).await?.ok_or(Refusal::NotFound)?;
        if !self.door.may_write(&standing, actor) {
            return Err(Refusal::NotYours.into());
        }
        let id = MessageId::new();
        store::insert_message(tx, id, (self.kind, &standing), actor, &self.body, now).await?;
        Ok(Effects {
            location: format!("{}#messages", self.door.location(standing.id)),
            flash: Message::new("flash-message-sent"),
            event: Event::business(
                "REVIEW_MESSAGE_SENT",
                self.kind.entity_type(),
                standing.id,
                audit::Severity::Low,
                json!({ "number": standing.reference, "message_id": id }),
            ),
            outbox: None,
        })
    }
}

/// Whether an act is one of the desk's answers to what waits: they share one form.
pub(super) const fn is_answer(answer: Answer) -> bool {
    matches!(answer, Answer::Approve | Answer::Reject | Answer::Return)
}
