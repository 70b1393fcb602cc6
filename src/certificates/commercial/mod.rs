//! The commercial set: proforma and commercial invoice, packing list, shipping instruction, weight certificate and
//! way bills. The exporter prepares them on its export's case from what is on record; what the record does not know
//! is asked, computed figures are never typed, and a correction takes the place of what it corrects.

mod backfill;
mod compose;
mod facts;
pub(super) mod figures;
mod form;
mod marks;
pub(super) mod model;
pub(super) mod pages;
mod record;
mod rules;
mod seller;
mod service;
pub(super) mod snapshot;
mod store;

pub use backfill::backfill;
pub use model::CommercialKind;

#[cfg(test)]
pub(super) mod samples;
