//! What is lacking of an origin, where a consignment stands, and who may change what. Pure: pages ask to draw buttons and
//! sentences, the service asks again under the lock.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::lines::{Line, LineFault};
use super::model::{Consignment, EudrState, Origin, Share, Statement, TracedLot};
use crate::auth::{Actor, Permission};
use crate::eudr::geojson::MOST_FEATURES;
use crate::eudr::model::By;
use crate::ids::{LotId, PlotId};
use crate::sourcing::lots::{LotStatus, Source, Verification};
use crate::workflow::FieldProblems;

/// Something that an origin lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// There is no lot at all.
    NoLot,
    /// A lot is traced to no plot.
    Untraced {
        /// The lot.
        lot: LotId,
        /// Its number.
        number: String,
        /// How its owner came by it: what was bought at the exchange's auction often cannot be traced.
        source: Source,
    },
    /// Its plots account for a part of a lot only.
    PartUntraced {
        /// The lot.
        lot: LotId,
        /// Its number.
        number: String,
        /// How much nobody knows the plot of, in kilograms.
        kg: Decimal,
    },
    /// The cut-off date was not stated of a plot.
    Unstated {
        /// The plot.
        plot: PlotId,
        /// Its number.
        number: String,
    },
    /// There are more plots than a file takes.
    TooManyPlots {
        /// How many.
        count: usize,
    },
}

/// What `origins` lack for a buyer's file: lots first, then plots, each named once.
#[must_use]
pub fn gaps(origins: &[Origin]) -> Vec<Gap> {
    if origins.is_empty() {
        return vec![Gap::NoLot];
    }
    let mut gaps: Vec<Gap> = origins.iter().filter_map(gap_of).collect();
    let plots = distinct(origins);
    let unstated = plots.iter().filter(|share| !share.is_stated);
    gaps.extend(unstated.map(|share| Gap::Unstated { plot: share.plot, number: share.number.clone() }));
    if plots.len() > MOST_FEATURES {
        gaps.push(Gap::TooManyPlots { count: plots.len() });
    }
    gaps
}

/// What a lot lacks. Where a share is not known, the plots account for the lot together.
fn gap_of(origin: &Origin) -> Option<Gap> {
    let (lot, number) = (origin.lot, origin.number.clone());
    if origin.shares.is_empty() {
        return Some(Gap::Untraced { lot, number, source: origin.source });
    }
    let known: Option<Decimal> = origin.shares.iter().map(|share| share.kg).sum();
    let kg = origin.quantity - known?;
    (kg > Decimal::ZERO).then_some(Gap::PartUntraced { lot, number, kg })
}

/// The plots of `origins`, each once, by number: one from which several lots come is one.
#[must_use]
pub fn distinct(origins: &[Origin]) -> Vec<&Share> {
    let mut plots: Vec<&Share> = origins.iter().flat_map(|origin| &origin.shares).collect();
    plots.sort_by(|one, other| (&one.number, one.plot).cmp(&(&other.number, other.plot)));
    plots.dedup_by_key(|share| share.plot);
    plots
}

/// The same as a file has them, each place once: a plot that was taken out of use may lie where another lies now, and the
/// EU's format knows places only.
#[must_use]
pub fn in_file(origins: &[Origin]) -> Vec<&Share> {
    let mut places = BTreeSet::new();
    distinct(origins).into_iter().filter(|share| places.insert(share.geometry.as_str())).collect()
}

/// Where a consignment stands. What a buyer has told goes first; what it leaves lacking is still told.
#[must_use]
pub fn state_of(is_eu: bool, statement: Option<&Statement>, gaps: &[Gap]) -> EudrState {
    if statement.is_some_and(Statement::counts) {
        EudrState::Declared
    } else if !is_eu {
        EudrState::NotApplicable
    } else if !gaps.is_empty() {
        EudrState::Incomplete
    } else {
        EudrState::Ready
    }
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq)]
pub enum OriginRefusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// It is another exporter's.
    NotYours,
    /// The lot was made of others: it comes from where they come from.
    MadeOfOthers,
    /// Nothing of the lot is here any more.
    LotGone,
    /// Its desk has refused the lot.
    LotRejected,
    /// What is wrong with the lines of the form.
    Lines(Vec<LineFault>),
    /// More came from its plots than the lot weighs.
    TooHeavy {
        /// What the lot weighs, in kilograms.
        lot: Decimal,
        /// What came from its plots, in kilograms.
        plots: Decimal,
    },
    /// The link was ended before.
    Unlinked(By),
    /// The export was given up.
    Cancelled,
    /// The export is still prepared: it goes by the links as they stand.
    Preparing,
    /// The export is closed.
    Closed,
    /// The origin is the one that the export goes by.
    Unchanged,
    /// The buyer has made the statement upon the file as it is.
    Declared,
    /// Something was put on record since the form was shown.
    Stale,
    /// What was typed is not fit to be stored.
    Invalid(FieldProblems),
}

impl OriginRefusal {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::NotYours => "eudr-refusal-not-yours",
            Self::MadeOfOthers => "eudr-refusal-made-of-others",
            Self::LotGone => "eudr-refusal-lot-gone",
            Self::LotRejected => "eudr-refusal-lot-rejected",
            Self::Lines(_) | Self::Invalid(_) => "common-error-summary",
            Self::TooHeavy { .. } => "eudr-refusal-too-heavy",
            Self::Unlinked(_) => "eudr-refusal-unlinked",
            Self::Cancelled => "eudr-refusal-cancelled",
            Self::Preparing => "eudr-refusal-preparing",
            Self::Closed => "eudr-refusal-closed",
            Self::Unchanged => "eudr-refusal-unchanged",
            Self::Declared => "eudr-refusal-declared",
            Self::Stale => "eudr-refusal-stale",
        }
    }
}

impl std::fmt::Display for OriginRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

/// What stands against `actor` linking plots to `lot`, or ending a link. The lot has to be one that grew somewhere, not one
/// that was made of others, and some of it has to be here.
#[must_use]
pub fn against_linking(lot: &TracedLot, actor: &Actor) -> Option<OriginRefusal> {
    if !actor.may(Permission::ManagePlots) || lot.owner != actor.organization.id {
        Some(OriginRefusal::NotYours)
    } else if lot.generation > 0 {
        Some(OriginRefusal::MadeOfOthers)
    } else if lot.verification == Verification::Rejected {
        Some(OriginRefusal::LotRejected)
    } else if lot.status == LotStatus::Exported {
        Some(OriginRefusal::LotGone)
    } else {
        None
    }
}

/// What stands against the weights of `new` lines beside those `known` before: plots do not give more than the lot weighs.
#[must_use]
pub fn against_weights(lot: &TracedLot, known: Decimal, new: &[Line]) -> Option<OriginRefusal> {
    let plots = known + new.iter().filter_map(|line| line.kg).sum::<Decimal>();
    (plots > lot.quantity).then_some(OriginRefusal::TooHeavy { lot: lot.quantity, plots })
}

/// Whether the consignment is the viewer's to declare.
#[must_use]
pub fn declares(consignment: &Consignment, actor: &Actor) -> bool {
    actor.may(Permission::ManagePlots) && consignment.owner == actor.organization.id
}

/// What stands against `actor` having the consignment go by the origin of now.
#[must_use]
pub fn against_taking(
    consignment: &Consignment,
    statement: Option<&Statement>,
    has_changed: bool,
    actor: &Actor,
) -> Option<OriginRefusal> {
    if !declares(consignment, actor) {
        Some(OriginRefusal::NotYours)
    } else if !consignment.is_open {
        Some(OriginRefusal::Closed)
    } else if consignment.origin_at.is_none() {
        Some(OriginRefusal::Preparing)
    } else if statement.is_some_and(Statement::counts) {
        Some(OriginRefusal::Declared)
    } else if !has_changed {
        Some(OriginRefusal::Unchanged)
    } else {
        None
    }
}

/// What stands against `actor` putting on record what the buyer has told. It may be told, and told otherwise, long after the
/// goods have left.
#[must_use]
pub fn against_recording(consignment: &Consignment, actor: &Actor) -> Option<OriginRefusal> {
    if !declares(consignment, actor) {
        Some(OriginRefusal::NotYours)
    } else if consignment.is_cancelled {
        Some(OriginRefusal::Cancelled)
    } else {
        None
    }
}

#[cfg(test)]
pub(in crate::eudr::origins) mod samples;
#[cfg(test)]
mod tests;
