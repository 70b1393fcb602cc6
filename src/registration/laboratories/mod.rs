//! Coffee laboratories: the three facilities, the equipment, the authority's inspection.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{EQUIPMENT, Laboratory};
pub use rules::WORKFLOW;
pub use service::Laboratories;
