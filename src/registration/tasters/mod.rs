//! Coffee tasters: of age, with at least a diploma, with a certificate of proficiency, and of one exporter alone.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{Qualification, Taster};
pub use rules::WORKFLOW;
pub use service::Tasters;
