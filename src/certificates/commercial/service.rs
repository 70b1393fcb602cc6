//! Preparing, correcting and withdrawing the papers of the set.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::compose::compose;
use super::facts::Facts;
use super::form;
use super::model::CommercialKind;
use super::record::{InForce, Record, printed_number};
use super::rules::{Refusal, against_preparing};
use super::snapshot::CommercialSnapshot;
use super::store::{self, NewCommercial};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::issue::{encoded, take_number};
use crate::certificates::seals;
use crate::certificates::snapshot::Snapshot;
use crate::certificates::store::{NewPaper, PaperOf, insert_paper};
use crate::database::{Db, Tx};
use crate::exports;
use crate::i18n::Lang;
use crate::ids::{ExportId, PaperId};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, Message, Reason};

type Failure = CommandError<Refusal>;

/// The field in which the reason of a withdrawal is given.
pub(super) const WITHDRAWAL_REASON: &str = "withdrawal_reason";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Which paper is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A new one of an export.
    New(ExportId, CommercialKind),
    /// One in the place of this one.
    Correction(PaperId),
}

/// What the seller's pages of an export show; `None` when it is not the viewer's to sell.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn find_record(
    db: &Db,
    actor: &Actor,
    export: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Record>> {
    let mut tx = db.begin_as(actor).await?;
    let record = own_record(&mut tx, actor, export, now, false).await?;
    tx.commit().await?;
    Ok(record)
}

/// What a form shows: the record, which paper it is for, and the one that it corrects.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn find_target(
    db: &Db,
    actor: &Actor,
    target: Target,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Record, CommercialKind, Option<InForce>)>> {
    let mut tx = db.begin_as(actor).await?;
    let found = read_target(&mut tx, actor, target, now, false).await?;
    tx.commit().await?;
    Ok(found)
}

/// The record of an export of which the viewer's organisation is the seller.
async fn own_record(
    tx: &mut Tx,
    actor: &Actor,
    export: ExportId,
    now: DateTime<Utc>,
    lock: bool,
) -> sqlx::Result<Option<Record>> {
    let found = if lock {
        exports::service::find_locked(tx, actor, export).await?
    } else {
        exports::service::find(tx, actor, export).await?
    };
    match found.filter(|export| export.exporter_organization_id == actor.organization.id) {
        Some(export) => Ok(Some(store::find_record(tx, export, eat_date(now)).await?)),
        None => Ok(None),
    }
}

/// The record with the paper that is corrected; that one is missing where it is no longer in force.
async fn read_target(
    tx: &mut Tx,
    actor: &Actor,
    target: Target,
    now: DateTime<Utc>,
    lock: bool,
) -> sqlx::Result<Option<(Record, CommercialKind, Option<InForce>)>> {
    let (export, of) = match target {
        Target::New(export, kind) => (Some(export), Err(kind)),
        Target::Correction(paper) => (store::find_export_of(tx, paper).await?.map(|(export, _)| export), Ok(paper)),
    };
    let Some(export) = export else { return Ok(None) };
    let Some(record) = own_record(tx, actor, export, now, lock).await? else { return Ok(None) };
    Ok(match of {
        Err(kind) => Some((record, kind, None)),
        Ok(paper) => {
            let corrected = record.in_force.iter().find(|in_force| in_force.id == paper).cloned();
            let kind = store::find_export_of(tx, paper).await?.map(|(_, kind)| kind);
            kind.map(|kind| (record, kind, corrected))
        }
    })
}

/// Issues a paper, new or in the place of another.
pub(super) struct Prepare<'a> {
    /// Which.
    pub target: Target,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Prepare<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let found = read_target(tx, actor, self.target, now, true).await?;
        let (record, kind, corrected) = found.ok_or(Refusal::NotFound)?;
        if let Some(refusal) = against_preparing(kind, &record, actor) {
            return Err(refusal.into());
        }
        self.refuse_stale(&record, kind, corrected.as_ref())?;
        let (facts, reason) = self.parse(&record, kind, corrected.as_ref(), now).map_err(Refusal::Invalid)?;

        let number = number(tx, &record, kind, corrected.as_ref(), now).await?;
        let printed = printed_number(&number.0, number.1);
        let former = corrected.as_ref().map(InForce::number);
        let said = compose(kind, &record, &facts, (printed.clone(), former.clone()), actor, now);
        // The account was among those offered a moment ago, under the same lock.
        let said = said.ok_or(Refusal::NoAccount)?;
        let groups = form::groups(kind, &record, corrected.as_ref(), Lang::EN, eat_date(now));
        let asked = form::names(&groups)
            .into_iter()
            .filter(|name| *name != form::CORRECTION_REASON)
            .filter_map(|name| Some((name.to_owned(), self.fields.get(name)?.clone())))
            .collect();
        let id = write(tx, (kind, said), number, &asked, actor, record.export.id).await.map_err(number_in_use)?;
        seals::ask_for(tx, id, Some(actor.user_id), now).await?;
        if let (Some(corrected), Some(reason)) = (&corrected, &reason) {
            store::insert_withdrawal(tx, corrected.id, Some(id), reason.as_str(), actor, now).await?;
        }
        let (issued, replaced) = kind.event_types();
        let details = json!({
            "kind": kind.paper(),
            "number": printed,
            "export": record.export.number,
            "export_id": record.export.id,
            "replaces": former,
        });
        let event_type = if former.is_some() { replaced } else { issued };
        let mut event = Event::business(event_type, "paper", id.0, Severity::High, details);
        event.private = reason.map(|reason| json!({ "reason": reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}/commercial", record.export.id),
            flash: match former {
                Some(former) => Message::new("commercial-replaced").with("number", printed).with("former", former),
                None => Message::new("commercial-issued").with("number", printed),
            },
            event,
            outbox: Some(exports::service::changed(&record.export)),
        })
    }
}

/// Stores a paper with its number and revision and with what was typed for it; says under which id.
pub(super) async fn write(
    connection: &mut PgConnection,
    (kind, said): (CommercialKind, CommercialSnapshot),
    (series_number, revision): (String, i32),
    asked: &BTreeMap<String, String>,
    actor: &Actor,
    export: ExportId,
) -> sqlx::Result<PaperId> {
    let (printed, issued_at) = (said.number.clone(), said.issued_at);
    let (stored, hash) = encoded(&Snapshot::Commercial(Box::new(said)))?;
    let owner = actor.organization.id;
    let paper = NewPaper { of: PaperOf::Commercial(kind.paper(), export), number: &printed, owner };
    let id = insert_paper(connection, paper, &stored, &hash, actor, issued_at).await?;
    let new = NewCommercial { paper: id, owner, export, kind, series_number: &series_number, revision, asked };
    store::insert_commercial(connection, &new).await?;
    Ok(id)
}

impl Prepare<'_> {
    /// Of most papers an export has one: what the form was for has to be what is in force.
    fn refuse_stale(&self, record: &Record, kind: CommercialKind, corrected: Option<&InForce>) -> Result<(), Refusal> {
        let number = |paper: Option<&InForce>| paper.map(InForce::number).unwrap_or_default();
        match (self.target, corrected) {
            (Target::Correction(_), None) => Err(Refusal::Stale { number: number(record.single(kind)) }),
            (Target::Correction(_), Some(_)) => Ok(()),
            (Target::New(..), _) => match record.single(kind) {
                Some(paper) if kind.is_single() => Err(Refusal::Stale { number: paper.number() }),
                _ if kind == CommercialKind::WayBill && super::rules::left_to_carry(record, None).0 <= 0 => {
                    Err(Refusal::AllOnTheWay)
                }
                _ => Ok(()),
            },
        }
    }

    /// The facts, and why another paper is taken out of force for them.
    fn parse(
        &self,
        record: &Record,
        kind: CommercialKind,
        corrected: Option<&InForce>,
        now: DateTime<Utc>,
    ) -> Result<(Facts, Option<Reason>), FieldProblems> {
        let replaced = corrected.map(|paper| paper.id);
        let facts = Facts::parse(kind, self.fields, record, replaced, eat_date(now));
        let reason = match corrected {
            Some(_) => {
                let typed = self.fields.get(form::CORRECTION_REASON).map(String::as_str).unwrap_or_default();
                Reason::parse(typed).map(Some)
            }
            None => Ok(None),
        };
        match (facts, reason) {
            (Ok(facts), Ok(reason)) => Ok((facts, reason)),
            (facts, reason) => {
                let mut problems = facts.err().unwrap_or_default();
                if let Err(problem) = reason {
                    problems.add(form::CORRECTION_REASON, problem);
                }
                Err(problems)
            }
        }
    }
}

/// Number and revision. A correction keeps the number, and so do the paper that comes after a withdrawal and the
/// invoice that comes after its proforma.
async fn number(
    tx: &mut Tx,
    record: &Record,
    kind: CommercialKind,
    corrected: Option<&InForce>,
    now: DateTime<Utc>,
) -> Result<(String, i32), Failure> {
    let former = match (corrected, kind) {
        (Some(paper), _) => Some(paper.series_number.clone()),
        (None, CommercialKind::Proforma | CommercialKind::Invoice) => record.invoice_number.clone(),
        (None, CommercialKind::WayBill) => None,
        (
            None,
            CommercialKind::PackingList | CommercialKind::ShippingInstruction | CommercialKind::WeightCertificate,
        ) => store::find_series_number(tx, record.export.id, kind).await?,
    };
    match former {
        Some(number) => {
            let owner = record.export.exporter_organization_id;
            let revisions = store::count_revisions(tx, owner, kind, &number).await?;
            Ok((number, revisions + 1))
        }
        None => Ok((take_number(tx, kind.series(), &record.seller.scope, "", now).await?.text, 1)),
    }
}

fn number_in_use(error: sqlx::Error) -> Failure {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        Refusal::NumberInUse.into()
    } else {
        error.into()
    }
}

/// Takes a paper out of force for nothing else in its place.
pub(super) struct Withdraw<'a> {
    /// Which.
    pub paper: PaperId,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Withdraw<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let found = read_target(tx, actor, Target::Correction(self.paper), now, true).await?;
        let (record, kind, paper) = found.ok_or(Refusal::NotFound)?;
        if let Some(refusal) = super::rules::against_withdrawing(&record, actor) {
            return Err(refusal.into());
        }
        let paper = paper.ok_or(Refusal::Stale { number: String::new() })?;
        let typed = self.fields.get(WITHDRAWAL_REASON).map(String::as_str).unwrap_or_default();
        let reason = Reason::parse(typed).map_err(|problem| {
            let mut problems = FieldProblems::default();
            problems.add(WITHDRAWAL_REASON, problem);
            Refusal::Invalid(problems)
        })?;
        store::insert_withdrawal(tx, paper.id, None, reason.as_str(), actor, now).await?;
        let number = paper.number();
        let details = json!({
            "kind": kind.paper(),
            "number": number,
            "export": record.export.number,
            "export_id": record.export.id,
        });
        let mut event = Event::business("COMMERCIAL_PAPER_REVOKED", "paper", paper.id.0, Severity::Critical, details);
        event.private = Some(json!({ "reason": reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}/commercial", record.export.id),
            flash: Message::new("commercial-withdrawn").with("number", number),
            event,
            outbox: Some(exports::service::changed(&record.export)),
        })
    }
}
