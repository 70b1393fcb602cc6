//! The register of buyers abroad: one for all exporters. Whoever sells to a buyer for the first time names it, the
//! authority verifies it, and each exporter sees those that it deals with.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{FIELDS, name_key};
pub use pages::routes;
pub use rules::WORKFLOW;
pub use service::BuyerDoor;
