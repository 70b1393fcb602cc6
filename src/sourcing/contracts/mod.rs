//! Sales contracts: registered with all their terms, held against the minimum price of their week, approved by the
//! authority, amended while they run, ended by their date.

mod form;
mod model;
mod pages;
mod price;
pub mod revisions;
mod rules;
mod service;
mod store;

pub use form::FIELDS;
pub use pages::routes;
pub use rules::WORKFLOW;
pub use service::{ContractDoor, expire_contracts};
