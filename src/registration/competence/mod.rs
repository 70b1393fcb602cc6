//! Certificates of competence for coffee export: laboratory, taster, storage, quality management, and the authority's
//! inspection of the facility.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::Application;
pub use rules::WORKFLOW;
pub use service::Competence;
