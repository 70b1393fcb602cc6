//! Plots of land, and the data that buyers in the European Union need of them (Regulation (EU) 2023/1115).
//!
//! Geometry and file format are pure and stand by themselves; an exporter's plots, which lots come from them, and what
//! a buyer has told of a due diligence statement are rows. Nothing here says that land is clear: it says what was
//! stated, by whom, and what is missing.

pub mod faults;
pub mod geojson;
pub mod geometry;
mod map;
mod model;
pub mod origins;
mod pages;
mod rules;
mod service;
mod store;

use crate::app::AppState;
use crate::web::routes::Routes;

/// The routes of plots and of where coffee grew.
#[must_use]
pub fn routes() -> Routes<AppState> {
    pages::routes().merge(origins::routes())
}
