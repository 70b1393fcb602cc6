//! Handing in, and what the pages read.

mod expiry;

pub use expiry::expire;

use std::collections::BTreeMap;
use std::marker::PhantomData;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::ids::ExporterId;
use crate::organizations::directory::Directory;
use crate::reference;
use crate::registration::applications::model::{Case, Registered};
use crate::registration::applications::rules::within_renewal;
use crate::registration::applications::store;
use crate::registration::gates;
use crate::review::{
    Cause, Dialogue, Failure, Move, Refusal, Refusals, SubjectKind, Workflow, dialogue, draft_in, list_files,
    record_move, take_draft,
};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, FieldReader, Message};

/// What an area brings for what is written and handed in.
#[async_trait]
pub trait Written: Send + Sync {
    /// Of what.
    const SUBJECT: SubjectKind;
    /// What the form offers to choose from.
    type Offer: Send + Sync;
    /// The form, typed.
    type Answers: Send + Sync + Clone + std::fmt::Debug;

    /// Its acts.
    fn workflow() -> &'static Workflow;

    /// What the form of `firm` offers; none before there is a profile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn offer(tx: &mut Tx, firm: Option<ExporterId>, today: NaiveDate) -> sqlx::Result<Self::Offer>;

    /// The form in `values`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    fn read(
        offer: &Self::Offer,
        values: &BTreeMap<String, String>,
        today: NaiveDate,
    ) -> Result<Self::Answers, FieldProblems>;

    /// What the form of `answers` has in it.
    fn values(answers: &Self::Answers) -> BTreeMap<String, String>;

    /// What stands against handing one in, beyond the form.
    fn against_handing_in(offer: &Self::Offer, firm: Option<&gates::Facts>, today: NaiveDate) -> Vec<Refusal>;

    /// Papers that have to be there before it is granted.
    fn asked(answers: &Self::Answers) -> Vec<&'static str>;

    /// Writes it; what people call it.
    ///
    /// # Errors
    /// [`Failure`]; nothing is kept then.
    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &Self::Answers,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure>;

    /// Writes it anew over what was refused or questioned; whether it was still the version seen.
    ///
    /// # Errors
    /// [`Failure`]; nothing is kept then.
    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &Self::Answers,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure>;

    /// What the row with this id says.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<Self::Answers>>;
}

/// Something about to be written.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose it is; none where it is the profile itself.
    pub firm: Option<ExporterId>,
    /// What it is to supersede.
    pub renews: Option<&'a Registered>,
}

/// Hands the draft in: of something new, or of the renewal of what is granted.
pub struct HandIn<W> {
    /// The id that it gets, made before, so that a retry makes the same one.
    id: Uuid,
    renews: Option<Uuid>,
    kind: PhantomData<fn() -> W>,
}

impl<W> HandIn<W> {
    /// Of something new, or (`renews`) of a renewal.
    #[must_use]
    pub fn new(renews: Option<Uuid>) -> Self {
        Self { id: Uuid::now_v7(), renews, kind: PhantomData }
    }
}

#[async_trait]
impl<W: Written> Command for HandIn<W> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (workflow, today) = (W::workflow(), eat_date(now));
        let act = workflow.act("submit").ok_or(Refusal::NotFound)?;
        if !actor.may(act.needs) || !act.by.contains(&actor.organization.kind) {
            return Err(Refusal::NotYours.into());
        }
        let firm = gates::find_exporter(tx, actor).await?;
        if let Some(firm) = firm {
            store::lock_profile(tx, firm).await?;
        }
        let facts = match firm {
            Some(firm) => gates::facts_in(tx, firm, today).await?,
            None => None,
        };
        let renewed = match self.renews {
            Some(id) => Some(renewable(tx, actor, W::SUBJECT, id, today).await?),
            None => None,
        };
        let offer = W::offer(tx, firm, today).await?;
        let refusals = W::against_handing_in(&offer, facts.as_ref(), today);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let draft = draft_in(tx, actor, W::SUBJECT, self.renews).await?;
        let draft = draft.ok_or(Refusal::rule("registration-refusal-no-draft", Vec::new()))?;
        let answers = W::read(&offer, &draft.values(), today)?;
        let new = New { id: self.id, firm, renews: renewed.as_ref() };
        let reference = W::insert(tx, new, &answers, actor, now).await?;
        let details = match &renewed {
            Some(renewed) => json!({ "renews": renewed.standing.reference }),
            None => Value::Null,
        };
        let moved = Move::first(workflow, self.id, actor.organization.id, act, details);
        let cause = Cause::Person { actor, reason: None };
        record_move(tx, &moved, &cause, now).await?;
        take_draft(tx, actor, W::SUBJECT, self.renews).await?;
        Ok(Effects {
            location: format!("/applications/{}/{}/papers", W::SUBJECT.slug(), self.id),
            flash: Message::new("registration-handed-in")
                .with("subject", W::SUBJECT.code())
                .with("number", reference.clone()),
            event: moved.event(act, &reference, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// What is to be renewed, if it is the actor's, was granted, and is near its end.
async fn renewable(
    tx: &mut Tx,
    actor: &Actor,
    kind: SubjectKind,
    id: Uuid,
    today: NaiveDate,
) -> Result<Registered, Failure> {
    let found = store::find_visible(tx, actor, kind, id).await?.ok_or(Refusal::NotFound)?;
    match against_renewal(&found, today, renewal_window(tx, today).await?) {
        None => Ok(found),
        Some(refusal) => Err(refusal.into()),
    }
}

/// Within how many days before its end a grant may be renewed.
async fn renewal_window(tx: &mut Tx, today: NaiveDate) -> sqlx::Result<i64> {
    Ok(reference::whole_parameter(tx, "renewal_window_days", today, 90).await?.into())
}

/// What stands against renewing a grant on `today`. Pure; the page asks it for its link.
pub(super) fn against_renewal(found: &Registered, today: NaiveDate, window_days: i64) -> Option<Refusal> {
    let is_granted = matches!(found.standing.state.as_str(), "ACTIVE" | "EXPIRED") && !found.is_superseded;
    match found.expires_on {
        Some(last) if is_granted && within_renewal(last, today, window_days) => None,
        Some(last) if is_granted => Some(Refusal::rule(
            "registration-refusal-too-early",
            vec![("date", (last - chrono::Duration::days(window_days)).to_string())],
        )),
        _ => Some(Refusal::rule("registration-refusal-not-renewable", Vec::new())),
    }
}

/// What a form begins with.
pub(super) struct Begun<W: Written> {
    pub offer: W::Offer,
    pub values: BTreeMap<String, String>,
    /// What is corrected or renewed.
    pub of: Option<Registered>,
    /// What stands against handing it in, said before somebody fills it in.
    pub against: Vec<Refusal>,
    /// Whether there is a draft.
    pub is_drafted: bool,
}

/// The form of something new, of a correction or of a renewal, filled in as far as it has come. `None` when what it
/// speaks of is not there for the actor.
pub(super) async fn begin<W: Written>(
    db: &Db,
    actor: &Actor,
    of: Option<Uuid>,
    today: NaiveDate,
) -> sqlx::Result<Option<Begun<W>>> {
    let mut tx = db.begin_as(actor).await?;
    let registered = match of {
        Some(id) => match store::find_visible(&mut tx, actor, W::SUBJECT, id).await? {
            Some(found) => Some(found),
            None => return Ok(None),
        },
        None => None,
    };
    let firm = gates::find_exporter(&mut tx, actor).await?;
    let facts = match firm {
        Some(firm) => gates::facts_in(&mut tx, firm, today).await?,
        None => None,
    };
    let offer = W::offer(&mut tx, firm, today).await?;
    let mut against = Vec::new();
    let is_correction = registered.as_ref().is_some_and(|found| is_open_to_correction(&found.standing.state));
    if !is_correction {
        against = W::against_handing_in(&offer, facts.as_ref(), today);
        if let Some(found) = &registered {
            against.extend(against_renewal(found, today, renewal_window(&mut tx, today).await?));
        }
    }
    let draft = draft_in(&mut tx, actor, W::SUBJECT, of).await?;
    let is_drafted = draft.is_some();
    let values = match (draft, of) {
        (Some(draft), _) => draft.values(),
        (None, Some(id)) => W::find(&mut tx, id).await?.map(|answers| W::values(&answers)).unwrap_or_default(),
        (None, None) => BTreeMap::new(),
    };
    tx.commit().await?;
    Ok(Some(Begun { offer, values, of: registered, against, is_drafted }))
}

/// Whether the applicant may correct it where it stands.
pub(super) fn is_open_to_correction(state: &str) -> bool {
    matches!(state, "REJECTED" | "RETURNED")
}

/// An application with everything that its rules and its page need, if the viewer may see it.
pub(in crate::registration) async fn find_case<W: Written>(
    tx: &mut Tx,
    viewer: &Actor,
    id: Uuid,
    today: NaiveDate,
) -> sqlx::Result<Option<Case<W::Answers>>> {
    let Some(registered) = store::find_visible(tx, viewer, W::SUBJECT, id).await? else { return Ok(None) };
    let Some(answers) = W::find(tx, id).await? else { return Ok(None) };
    let Some(facts) = gates::facts_in(tx, registered.exporter_id, today).await? else { return Ok(None) };
    let (files, kinds) = list_files(tx, W::SUBJECT, id).await?;
    Ok(Some(Case { registered, answers, facts, files, kinds, today }))
}

/// As [`find_case`], with the offer of its form, in a transaction of its own.
pub(super) async fn read_case<W: Written>(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    id: Uuid,
    today: NaiveDate,
) -> sqlx::Result<Option<ShownCase<W>>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(case) = find_case::<W>(&mut tx, viewer, id, today).await? else { return Ok(None) };
    let offer = W::offer(&mut tx, Some(case.registered.exporter_id), today).await?;
    let others = store::list_of_firm(&mut tx, viewer, case.registered.exporter_id).await?;
    let window = renewal_window(&mut tx, today).await?;
    let may_be_renewed = against_renewal(&case.registered, today, window).is_none();
    let dialogue = dialogue(&mut tx, directory, W::SUBJECT, id).await?;
    tx.commit().await?;
    Ok(Some(ShownCase { case, offer, others, may_be_renewed, dialogue }))
}

/// A case for its page.
pub(super) struct ShownCase<W: Written> {
    pub case: Case<W::Answers>,
    pub offer: W::Offer,
    /// Everything of the same firm.
    pub others: Vec<Registered>,
    pub may_be_renewed: bool,
    /// What happened to it, and what was said.
    pub dialogue: Dialogue,
}

/// Everything of a firm, for its own page.
pub(in crate::registration) async fn list_own(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<Registered>> {
    let mut tx = db.begin_as(viewer).await?;
    let all = match gates::find_exporter(&mut tx, viewer).await? {
        Some(firm) => store::list_of_firm(&mut tx, viewer, firm).await?,
        None => Vec::new(),
    };
    tx.commit().await?;
    Ok(all)
}

/// Nothing else is applied for before there is a profile.
pub(in crate::registration) fn needs_firm(firm: Option<&gates::Facts>) -> Option<Refusal> {
    firm.is_none().then(|| Refusal::rule("registration-refusal-no-profile", Vec::new()))
}

/// What the database refuses because another row of the firm stands: one application at a time, one grant in force.
pub(in crate::registration) fn against_another_open(error: sqlx::Error) -> Failure {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some(
            "coffee_laboratories_one_open"
            | "coffee_tasters_one_open"
            | "competence_certificates_one_open"
            | "export_licenses_one_open",
        ) => Refusal::rule("registration-refusal-another-open", Vec::new()).into(),
        Some(
            "coffee_laboratories_in_force"
            | "coffee_tasters_one_employer"
            | "competence_certificates_in_force"
            | "export_licenses_in_force",
        ) => Refusal::rule("registration-refusal-another-in-force", Vec::new()).into(),
        _ => CommandError::Database(error),
    }
}

/// The day of an inspection, which is not to come and not long past.
pub(in crate::registration) fn inspection_day(
    values: &BTreeMap<String, String>,
    field: &str,
    today: NaiveDate,
) -> Result<NaiveDate, FieldProblems> {
    let mut reader = FieldReader::new(values);
    let earliest = today.checked_sub_months(chrono::Months::new(12)).unwrap_or(today);
    let day = reader.date(field, earliest, today);
    reader.finish(day)
}
