//! What people do with buyers: name, correct, verify, reject, suspend, reinstate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{Buyer, BuyerForm};
use super::rules::{self, PROOF, WORKFLOW, act_of};
use super::store::{self, Line, Row};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::database::{Db, Tx};
use crate::ids::BuyerId;
use crate::organizations::directory::Directory;
use crate::review::{
    Act, ActForm, Applied, Cause, Dialogue, Door, Failure, FileKinds, Move, Refusal, Refusals, Standing, Subject,
    SubjectKind, Workflow, against, dialogue, list_files, record_move, take_draft,
};
use crate::workflow::{Command, CommandError, Effects, Message};

/// A page of the buyers that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn list(
    db: &Db,
    viewer: &Actor,
    filter: (Option<&str>, Option<&str>),
    after: Option<(DateTime<Utc>, BuyerId)>,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let mut tx = db.begin_as(viewer).await?;
    let lines = store::list_visible(&mut tx, viewer, filter, after, limit).await?;
    tx.commit().await?;
    Ok(lines)
}

async fn complete(tx: &mut Tx, row: Row) -> sqlx::Result<Buyer> {
    let alike = store::list_alike(tx, row.id, &row.form).await?;
    let (files, _) = list_files(tx, SubjectKind::Buyer, row.id.0).await?;
    Ok(Buyer { id: row.id, standing: row.standing, form: row.form, contracts: row.contracts, alike, files })
}

/// A buyer with what happened to it.
pub(super) struct BuyerFile {
    pub buyer: Buyer,
    pub dialogue: Dialogue,
    pub kinds: FileKinds,
}

/// A buyer with what happened to it; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn buyer_file(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    id: BuyerId,
) -> sqlx::Result<Option<BuyerFile>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(row) = store::find_visible(&mut tx, viewer, id).await? else { return Ok(None) };
    let buyer = complete(&mut tx, row).await?;
    let dialogue = dialogue(&mut tx, directory, SubjectKind::Buyer, id.0).await?;
    let (_, kinds) = list_files(&mut tx, SubjectKind::Buyer, id.0).await?;
    tx.commit().await?;
    Ok(Some(BuyerFile { buyer, dialogue, kinds }))
}

fn refuse(refusals: Vec<Refusal>) -> Result<(), Failure> {
    if refusals.is_empty() { Ok(()) } else { Err(CommandError::Refused(Refusals(refusals))) }
}

/// Names a buyer. One that is in the register already is not named again: the exporter deals with it from now on.
pub(super) struct NameBuyer<'a> {
    /// Its id, made before, so that a retry makes the same one.
    pub id: BuyerId,
    pub fields: &'a BTreeMap<String, String>,
    pub countries: Vec<&'a str>,
}

#[async_trait]
impl Command for NameBuyer<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !(actor.organization.kind == OrganizationKind::Exporter && actor.may(Permission::RegisterContracts)) {
            return Err(Refusal::NotYours.into());
        }
        let form = BuyerForm::parse(self.fields, &self.countries).map_err(Refusal::Invalid)?;
        tx.enter_system().await?;
        let same = store::find_same(tx, &form).await?;
        let id = same.unwrap_or(self.id);
        if same.is_none() {
            store::insert(tx, id, &form, actor, now).await?;
        }
        let is_new = store::link(tx, id, actor.organization.id, now).await?;
        tx.leave_system().await?;
        take_draft(tx, actor, SubjectKind::Buyer, None).await?;
        if same.is_some() {
            let flash = if is_new { "buyer-flash-found" } else { "buyer-flash-known" };
            return Ok(Effects {
                location: format!("/buyers/{id}"),
                flash: Message::new(flash).with("name", form.name.clone()),
                event: Event::business("BUYER_LINKED", "buyer", id.0, Severity::Low, json!({ "is_new": is_new })),
                outbox: None,
            });
        }
        let act = act_of("name");
        let moved = Move::first(&WORKFLOW, id.0, actor.organization.id, act, json!({ "country": form.country }));
        let cause = Cause::Person { actor, reason: None };
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: format!("/applications/buyer/{id}/papers"),
            flash: Message::new("buyer-flash-named").with("name", form.name.clone()),
            event: moved.event(act, &form.name, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// Corrects what is said of a buyer that is not verified.
pub(super) struct CorrectBuyer<'a> {
    pub id: BuyerId,
    /// For which version the form was shown.
    pub version: i32,
    pub fields: &'a BTreeMap<String, String>,
    pub countries: Vec<&'a str>,
}

#[async_trait]
impl Command for CorrectBuyer<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        store::lock(tx, actor, self.id).await?;
        let row = store::find_visible(tx, actor, self.id).await?.ok_or(Refusal::NotFound)?;
        let (standing, act) = (&row.standing, act_of("correct"));
        refuse(against(&WORKFLOW, standing, act, actor))?;
        let stale = || Refusal::Stale { by: standing.changed_by.clone(), at: standing.changed_at };
        if standing.version != self.version {
            return Err(stale().into());
        }
        let form = BuyerForm::parse(self.fields, &self.countries).map_err(Refusal::Invalid)?;
        if form == row.form && standing.state == "PENDING" {
            return Err(Refusal::rule("contract-refusal-no-change", Vec::new()).into());
        }
        if !store::rewrite(tx, (self.id, self.version), &form, now).await? {
            return Err(stale().into());
        }
        take_draft(tx, actor, SubjectKind::Buyer, Some(self.id.0)).await?;
        let moved = Move::of(&WORKFLOW, standing, act, json!({ "name": form.name, "country": form.country }));
        let cause = Cause::Person { actor, reason: None };
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: format!("/buyers/{}", self.id),
            flash: Message::new("buyer-flash-corrected").with("name", form.name.clone()),
            event: moved.event(act, &form.name, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// Buyers, for the engine of reviews.
pub(super) struct BuyerSubject;

#[async_trait]
impl Subject for BuyerSubject {
    type Case = Buyer;

    fn workflow(&self) -> &'static Workflow {
        &WORKFLOW
    }

    fn standing<'a>(&self, case: &'a Buyer) -> &'a Standing {
        &case.standing
    }

    fn location(&self, case: &Buyer) -> String {
        format!("/buyers/{}", case.id)
    }

    fn against(&self, case: &Buyer, act: &Act, _: &Actor) -> Vec<Refusal> {
        rules::against(case, act)
    }

    async fn lock(&self, tx: &mut Tx, viewer: &Actor, id: Uuid, _: DateTime<Utc>) -> sqlx::Result<Option<Buyer>> {
        store::lock(tx, viewer, BuyerId(id)).await?;
        match store::find_visible(tx, viewer, BuyerId(id)).await? {
            Some(row) => complete(tx, row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Buyer,
        act: &Act,
        _: &ActForm<'_>,
        _: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        if !matches!(act.code, "verify" | "reject" | "suspend" | "reinstate") {
            return Err(Refusal::NotYours.into());
        }
        let to = act.target(&case.standing.state);
        let is_moved = store::move_status(tx, (case.id, case.standing.version), to, now).await?;
        Ok(is_moved.then(Applied::default))
    }
}

/// How papers, messages and drafts find a buyer.
pub struct BuyerDoor;

#[async_trait]
impl Door for BuyerDoor {
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
        Ok(store::find_visible(tx, viewer, BuyerId(id)).await?.map(|row| row.standing))
    }

    fn location(&self, id: Uuid) -> String {
        format!("/buyers/{id}")
    }

    fn form_location(&self, id: Option<Uuid>) -> String {
        match id {
            None => "/buyers/new".to_owned(),
            Some(id) => format!("/buyers/{id}/form"),
        }
    }

    fn may_draft(&self, actor: &Actor) -> bool {
        actor.may(Permission::RegisterContracts)
    }

    fn may_write(&self, standing: &Standing, viewer: &Actor) -> bool {
        let is_own = viewer.organization.id == standing.owner;
        is_own && viewer.may(Permission::RegisterContracts) || viewer.may(Permission::DecideContracts)
    }

    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str> {
        let is_own = viewer.organization.id == standing.owner && viewer.may(Permission::RegisterContracts);
        let is_open = matches!(standing.state.as_str(), "PENDING" | "REJECTED");
        if is_own && is_open { vec![PROOF, "other"] } else { Vec::new() }
    }

    async fn asked(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Vec<&'static str>> {
        let row = store::find_visible(tx, viewer, BuyerId(id)).await?;
        Ok(row.filter(|row| WORKFLOW.is_open_in(&row.standing.state)).map(|_| vec![PROOF]).unwrap_or_default())
    }
}
