//! Exports: a request that walks from organisation to organisation until the coffee is shipped and paid.

pub mod facts;
pub mod model;
pub mod rules;
pub mod service;
mod settlement;
mod shipping;
mod store;
pub mod transitions;

pub use model::{ApprovalKind, Export, ExportStatus, Stage, State};
pub use store::request::{Applicant, Choice, ContractChoice, LotChoice};
