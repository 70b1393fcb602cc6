//! Export licences: for which coffee, from where, how much a year; never beyond the certificate of competence.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::License;
pub use rules::WORKFLOW;
pub use service::Licenses;
