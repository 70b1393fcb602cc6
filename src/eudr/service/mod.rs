//! What people do with plots.

pub(super) mod import;
mod plots;
pub(super) mod read;

pub(super) use import::{DiscardImport, KeepImport, StoreImport};
pub(super) use plots::{AddPlot, RetirePlot, RevisePlot, StateCutOff};

use chrono::{DateTime, Utc};

use super::faults::{Fault, FaultKind, Place};
use super::geojson::{PlotData, geometry_text};
use super::model::CutOff;
use super::rules::PlotRefusal;
use super::store::{self, NewPlot, Taken};
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::PlotId;
use crate::numbering;
use crate::workflow::CommandError;

/// How a command on plots fails.
pub(super) type Failure = CommandError<PlotRefusal>;

impl From<PlotRefusal> for Failure {
    fn from(refusal: PlotRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What of `plots` is there already: each with its place in the file.
fn against_taken<'p>(plots: impl IntoIterator<Item = (Place, &'p PlotData)>, taken: &Taken) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, plot) in plots {
        if let Some(number) = plot.number.as_ref().filter(|number| taken.numbers.contains(*number)) {
            faults.push(Fault::new(place, FaultKind::NumberInUse { number: number.clone() }));
        }
        if let Some(number) = taken.places.get(&store::place_hash(&geometry_text(&plot.geometry))) {
            faults.push(Fault::new(place, FaultKind::GeometryInUse { number: number.clone() }));
        }
    }
    faults
}

/// The numbers and places of plots, as the store compares them.
fn keys<'p>(plots: impl IntoIterator<Item = &'p PlotData>) -> (Vec<String>, Vec<Vec<u8>>) {
    let mut numbers = Vec::new();
    let mut places = Vec::new();
    for plot in plots {
        numbers.extend(plot.number.clone());
        places.push(store::place_hash(&geometry_text(&plot.geometry)).to_vec());
    }
    (numbers, places)
}

/// Adds plots, each with its own number or the next of the series; their ids and numbers.
async fn add(
    tx: &mut Tx,
    plots: &[&PlotData],
    cutoff: Option<&CutOff>,
    file: Option<(&str, [u8; 32])>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(PlotId, String)>> {
    let count = plots.iter().filter(|plot| plot.number.is_none()).count();
    let mut series = Vec::new();
    if let Ok(count @ 1..) = u32::try_from(count) {
        tx.enter_system().await?;
        series = numbering::next_many(tx, "PLOT", &actor.organization.code, "", count, now).await?;
        tx.leave_system().await?;
    }
    let mut series = series.into_iter();
    let mut added = Vec::with_capacity(plots.len());
    let mut rows = Vec::with_capacity(plots.len());
    for plot in plots {
        let number = plot.number.clone().or_else(|| series.next().map(|number| number.text)).unwrap_or_default();
        let id = PlotId::new();
        added.push((id, number.clone()));
        rows.push(NewPlot { id, number, revision: 1, data: plot, cutoff, file });
    }
    store::insert(tx, &rows, actor, now).await?;
    Ok(added)
}
