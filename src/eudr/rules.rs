//! Whether somebody may change a plot, and why not. Pure: the page asks to draw its buttons, the service asks again
//! under the row's lock.

use super::faults::Faults;
use super::model::{By, Plot, PlotState};
use crate::auth::{Actor, Permission};
use crate::workflow::FieldProblems;

/// Why something is not done with a plot.
#[derive(Debug, Clone, PartialEq)]
pub enum PlotRefusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// It is another exporter's.
    NotYours,
    /// A later revision stands in its place.
    Superseded,
    /// It is no longer in use.
    Retired(By),
    /// It has changed since the form was shown.
    Stale,
    /// The statement about the cut-off date has been made.
    Stated(By),
    /// The file was stored or discarded before.
    Settled,
    /// What a file holds is not fit to be stored.
    Faulty(Faults),
    /// What was typed is not fit to be stored.
    Invalid(FieldProblems),
}

impl PlotRefusal {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::NotYours => "plots-refusal-not-yours",
            Self::Superseded => "plots-refusal-superseded",
            Self::Retired(_) => "plots-refusal-retired",
            Self::Stale => "plots-refusal-stale",
            Self::Stated(_) => "plots-refusal-stated",
            Self::Settled => "plots-refusal-settled",
            Self::Faulty(_) => "plots-refusal-faulty",
            Self::Invalid(_) => "common-error-summary",
        }
    }
}

impl std::fmt::Display for PlotRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

/// Whether `actor` manages the plots of the exporter to whom `plot` belongs.
#[must_use]
pub fn manages(plot: &Plot, actor: &Actor) -> bool {
    actor.may(Permission::ManagePlots) && plot.organization == actor.organization.id
}

/// What stands against replacing a plot by another revision, or retiring it.
#[must_use]
pub fn against_changing(plot: &Plot, actor: &Actor) -> Option<PlotRefusal> {
    if !manages(plot, actor) {
        return Some(PlotRefusal::NotYours);
    }
    if !plot.is_in_force() {
        return Some(PlotRefusal::Superseded);
    }
    match &plot.state {
        PlotState::Active => None,
        PlotState::Retired { by, .. } => Some(PlotRefusal::Retired(by.clone())),
    }
}

/// What stands against stating that the land was not deforested after the cut-off date. A statement that was made
/// stands; with another revision, another is made.
#[must_use]
pub fn against_stating(plot: &Plot, actor: &Actor) -> Option<PlotRefusal> {
    against_changing(plot, actor).or_else(|| plot.cutoff.as_ref().map(|(_, by)| PlotRefusal::Stated(by.clone())))
}
