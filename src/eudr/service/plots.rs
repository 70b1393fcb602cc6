//! One plot: mapped, replaced by another revision, taken out of use, stated to be clear of the cut-off date.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, add, against_taken, keys};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::eudr::faults::{Faults, Place};
use crate::eudr::geojson::{PlotData, geometry_text};
use crate::eudr::model::{CutOff, Plot};
use crate::eudr::rules::{PlotRefusal, against_changing, against_stating};
use crate::eudr::store::{self, NewPlot};
use crate::ids::PlotId;
use crate::workflow::{Command, Effects, Message, Reason};

/// Maps a plot.
pub(in crate::eudr) struct AddPlot<'a> {
    pub data: &'a PlotData,
    pub cutoff: Option<&'a CutOff>,
}

#[async_trait]
impl Command for AddPlot<'_> {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        refuse_taken(tx, self.data, actor, |_| true).await?;
        let added = add(tx, &[self.data], self.cutoff, None, actor, now).await?;
        let (id, number) = added.into_iter().next().ok_or(sqlx::Error::RowNotFound)?;
        Ok(effects(
            "PLOT_MAPPED",
            "plots-mapped",
            id,
            &number,
            json!({ "number": number, "stated": self.cutoff.is_some() }),
        ))
    }
}

/// Puts another revision in the place of a plot. What was stated about the one before does not carry over: it was
/// stated of other land, or of another's.
pub(in crate::eudr) struct RevisePlot<'a> {
    pub plot: PlotId,
    pub version: i32,
    /// What it is from now on.
    pub data: &'a PlotData,
    pub cutoff: Option<&'a CutOff>,
}

#[async_trait]
impl Command for RevisePlot<'_> {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let plot = lock(tx, actor, (self.plot, self.version), against_changing).await?;
        let data = self.data;
        refuse_taken(tx, data, actor, |number| number != plot.number).await?;
        let id = PlotId::new();
        if !store::set_superseded(tx, &plot, id).await? {
            return Err(PlotRefusal::Stale.into());
        }
        let revision = plot.revision + 1;
        let row = NewPlot { id, number: plot.number.clone(), revision, data, cutoff: self.cutoff, file: None };
        store::insert(tx, &[row], actor, now).await?;
        let details = json!({
            "number": plot.number,
            "revision": revision,
            "replaces": plot.id,
            "moved": geometry_text(&data.geometry) != plot.geometry,
            "stated": self.cutoff.is_some(),
        });
        Ok(effects("PLOT_REVISED", "plots-revised", id, &plot.number, details))
    }
}

/// Takes a plot out of use.
pub(in crate::eudr) struct RetirePlot {
    pub plot: PlotId,
    pub version: i32,
    pub reason: Reason,
}

#[async_trait]
impl Command for RetirePlot {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let plot = lock(tx, actor, (self.plot, self.version), against_changing).await?;
        if !store::set_retired(tx, &plot, self.reason.as_str(), actor, now).await? {
            return Err(PlotRefusal::Stale.into());
        }
        let mut effects =
            effects("PLOT_RETIRED", "plots-retired", plot.id, &plot.number, json!({ "number": plot.number }));
        effects.event.private = Some(json!({ "reason": self.reason.as_str() }));
        Ok(effects)
    }
}

/// States that the land was not deforested after 31 December 2020.
pub(in crate::eudr) struct StateCutOff {
    pub plot: PlotId,
    pub version: i32,
    pub cutoff: CutOff,
}

#[async_trait]
impl Command for StateCutOff {
    type Refusal = PlotRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let plot = lock(tx, actor, (self.plot, self.version), against_stating).await?;
        if !store::set_cutoff(tx, &plot, &self.cutoff, actor, now).await? {
            return Err(PlotRefusal::Stale.into());
        }
        let details = json!({ "number": plot.number, "evidence": self.cutoff.kind });
        Ok(effects("PLOT_CUTOFF_STATED", "plots-stated", plot.id, &plot.number, details))
    }
}

/// The plot under its lock, unless something stands against the change or it is not as it was when the form was shown.
/// What has ended it says more than that it has changed, so it is said first.
async fn lock(
    tx: &mut Tx,
    actor: &Actor,
    (id, version): (PlotId, i32),
    against: fn(&Plot, &Actor) -> Option<PlotRefusal>,
) -> Result<Plot, Failure> {
    let plot = store::lock_visible(tx, actor, id).await?.ok_or(PlotRefusal::NotFound)?;
    match against(&plot, actor) {
        Some(refusal) => Err(refusal.into()),
        None if plot.version != version => Err(PlotRefusal::Stale.into()),
        None => Ok(plot),
    }
}

async fn refuse_taken(
    tx: &mut Tx,
    data: &PlotData,
    actor: &Actor,
    is_anothers: impl Fn(&str) -> bool,
) -> Result<(), Failure> {
    let (numbers, places) = keys([data]);
    let mut taken = store::lock_taken(tx, actor, &numbers, &places).await?;
    taken.places.retain(|_, number| is_anothers(number));
    let mut faults = Faults::default();
    against_taken([(Place::default(), data)], &taken).into_iter().for_each(|fault| faults.add(fault));
    if faults.is_empty() { Ok(()) } else { Err(PlotRefusal::Faulty(faults).into()) }
}

fn effects(event: &'static str, flash: &str, id: PlotId, number: &str, details: serde_json::Value) -> Effects {
    Effects {
        location: format!("/plots/{id}"),
        flash: Message::new(flash).with("number", number),
        event: Event::business(event, "plot", id.0, Severity::Medium, details),
        outbox: None,
    }
}
