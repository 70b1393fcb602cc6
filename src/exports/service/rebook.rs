//! What the carrier changes of a booking until the coffee is on board: another vessel, other containers, other seals.
//!
//! A roll-over leaves the clearance standing: customs has cleared containers and their weight, and reads which vessel
//! takes them. Another container was not cleared; customs has to agree to it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::{Failure, Refusals, lock, moved, refuse_if_any, refuse_stale, revise};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::exports::FieldChange;
use crate::exports::facts::{Voyage, containers_of};
use crate::exports::model::Export;
use crate::exports::revisions::Subject;
use crate::exports::rules::{self, Context, Difference, Refusal, Revision};
use crate::exports::store::containers::{self, Booked};
use crate::exports::store::{self, amend};
use crate::ids::ExportId;
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Reason};

/// A booking as its forms show it.
#[derive(Debug)]
pub struct Booking {
    /// The export.
    pub export: Export,
    /// The carrier's booking number.
    pub booking_number: Option<String>,
    /// Estimated arrival.
    pub arrival_date: Option<NaiveDate>,
    /// Its containers; none by air.
    pub containers: Vec<Booked>,
}

/// The booking that the viewer may change; `None` when it is not theirs, or not any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn booking(db: &Db, actor: &Actor, export: ExportId, now: DateTime<Utc>) -> sqlx::Result<Option<Booking>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = store::find_visible(&mut tx, actor, export).await? else { return Ok(None) };
    let context = store::read_context(&mut tx, &export, eat_date(now)).await?;
    if !rules::against_rebooking(&export, actor, &context).is_empty() {
        return Ok(None);
    }
    let row = amend::find_booking(&mut tx, export.id).await?;
    let containers = containers::list(&mut tx, export.id).await?;
    tx.commit().await?;
    Ok(Some(Booking { export, booking_number: row.booking_number, arrival_date: row.arrival_date, containers }))
}

/// The same containers on another vessel.
pub struct RollOver<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: those of a booking's vessel, and `reason`.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for RollOver<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_rebooking(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let mut f = FieldReader::new(self.fields);
        let voyage = Voyage::read(&mut f, eat_date(now));
        let reason = with_reason(self.fields, f)?;
        let row = amend::find_booking(tx, export.id).await?;
        let old = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        let day = |date: Option<NaiveDate>| old(date.map(|date| date.to_string()));
        let differences = [
            ("field-vessel-name", old(export.vessel_name.clone()), voyage.vessel_name.clone()),
            ("field-voyage-number", old(export.voyage_number.clone()), voyage.voyage_number.clone()),
            ("field-booking-number", old(row.booking_number), voyage.booking_number.clone()),
            ("field-departure-date", day(export.departure_date), voyage.departure_date.to_string()),
            ("field-arrival-date", day(row.arrival_date), voyage.arrival_date.to_string()),
        ];
        let differences = differences.into_iter().filter(|(_, old, new)| old != new);
        let differences: Vec<Difference> =
            differences.map(|(label, old, new)| difference(Subject::Vessel, label, old, new)).collect();
        let revision = revised(&export, &context, differences)?;
        amend::write_voyage(tx, export.id, &voyage).await?;
        let what = ("roll-over", Some(&reason));
        revise::carry_out(tx, &export, &context, &revision, what, false, actor, now).await?;
        Ok(effects(&export, &revision, "SHIPMENT_ROLLED_OVER", "flash-rolled-over", &reason))
    }
}

/// Other containers or seals.
pub struct ChangeContainers<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: number, type and seal of each container, `reason`, and the box that says that one knows what
    /// is undone.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for ChangeContainers<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_changing_containers(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let mut f = FieldReader::new(self.fields);
        let new = read_containers(&mut f, &export);
        let reason = with_reason(self.fields, f)?;
        let old = containers::list(tx, export.id).await?;
        let revision = revised(&export, &context, differences(&old, &new))?;
        refuse_if_any(revise::not_agreed(self.fields, &revision).into_iter().collect())?;
        containers::book(tx, export.id, &new).await?;
        let what = ("containers", Some(&reason));
        revise::carry_out(tx, &export, &context, &revision, what, false, actor, now).await?;
        let flash =
            if revision.undone.is_empty() { "flash-containers-changed" } else { "flash-containers-cleared-again" };
        Ok(effects(&export, &revision, "CONTAINERS_CHANGED", flash, &reason))
    }
}

fn read_containers(f: &mut FieldReader<'_>, export: &Export) -> Vec<Booked> {
    let mut containers: Vec<Booked> = containers_of(f, export)
        .into_iter()
        .map(|(row, container)| Booked {
            container_number: container.number.as_str().to_owned(),
            container_type: container.container_type,
            seal_number: f.optional_text(&format!("seal_number_{row}"), 30),
        })
        .collect();
    containers.sort_by(|one, other| one.container_number.cmp(&other.container_number));
    containers
}

/// What is different: the containers as a whole, and the seal of each that stays.
fn differences(old: &[Booked], new: &[Booked]) -> Vec<Difference> {
    let in_words = |containers: &[Booked]| {
        let each = containers.iter().map(|one| format!("{} {}", one.container_number, one.container_type));
        each.collect::<Vec<_>>().join(", ")
    };
    let mut differences = Vec::new();
    let (before, after) = (in_words(old), in_words(new));
    if before != after {
        differences.push(difference(Subject::Containers, "field-containers", before, after));
    }
    for container in new {
        let former = old.iter().find(|one| one.container_number == container.container_number);
        let seal = |seal: Option<&String>| {
            format!("{} {}", container.container_number, seal.map_or("–", |seal| seal.as_str()))
        };
        let (before, after) = (former.and_then(|one| one.seal_number.as_ref()), container.seal_number.as_ref());
        if before != after {
            differences.push(difference(Subject::Seals, "field-seal-number", seal(before), seal(after)));
        }
    }
    differences
}

fn difference(subject: Subject, label: &str, old: String, new: String) -> Difference {
    Difference { subject, change: FieldChange { label: label.to_owned(), old, new } }
}

fn revised(export: &Export, context: &Context, differences: Vec<Difference>) -> Result<Revision, Failure> {
    if differences.is_empty() {
        return Err(Refusal::NothingToChange.into());
    }
    Ok(rules::revise(export, context, differences))
}

/// The reason, when nothing else is wrong with the form either.
fn with_reason(fields: &BTreeMap<String, String>, f: FieldReader<'_>) -> Result<Reason, Failure> {
    let FieldProblems(mut problems) = f.problems;
    match Reason::parse(fields.get("reason").map_or("", String::as_str)) {
        Ok(reason) if problems.is_empty() => return Ok(reason),
        Ok(_) => {}
        Err(problem) => problems.push(("reason".to_owned(), problem)),
    }
    Err(Refusal::Invalid(FieldProblems(problems)).into())
}

fn effects(export: &Export, revision: &Revision, kind: &'static str, flash: &str, reason: &Reason) -> Effects {
    let mut event = Event::business(
        kind,
        "export",
        export.id.0,
        Severity::High,
        json!({ "changes": revision.changes, "undone": revision.undone }),
    );
    event.private = Some(json!({ "reason": reason.as_str() }));
    Effects {
        location: format!("/exports/{}", export.id),
        flash: Message::new(flash).with("number", export.number.clone()),
        event,
        outbox: Some(moved(export)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(number: &str, seal: Option<&str>) -> Booked {
        let (container_number, seal_number) = (number.to_owned(), seal.map(str::to_owned));
        Booked { container_number, container_type: "20DRY".to_owned(), seal_number }
    }

    #[test]
    fn a_container_that_changes_is_not_a_seal_that_changes() {
        let old = [container("CMAU7021139", Some("SL-1")), container("MSCU1234566", None)];
        let subjects = |new: &[Booked]| differences(&old, new).into_iter().map(|one| one.subject).collect::<Vec<_>>();
        assert_eq!(subjects(&old), []);
        let sealed = [container("CMAU7021139", Some("SL-1")), container("MSCU1234566", Some("SL-2"))];
        assert_eq!(subjects(&sealed), [Subject::Seals]);
        let without = [container("CMAU7021139", Some("SL-1"))];
        assert_eq!(subjects(&without), [Subject::Containers]);
        let other = [container("CMAU7021139", None), container("TGHU3456780", Some("SL-3"))];
        assert_eq!(subjects(&other), [Subject::Containers, Subject::Seals, Subject::Seals]);
        let larger = Booked { container_type: "40DRY".to_owned(), ..old[1].clone() };
        assert_eq!(subjects(&[old[0].clone(), larger]), [Subject::Containers]);
    }
}
