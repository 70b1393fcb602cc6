//! Lots of coffee: registered by their owner, verified by the desk of their source, taken by exports (domain 2.6, 3.6).

pub mod balance;
pub mod descent;
pub mod form;
pub mod genealogy;
pub mod import;
mod model;
mod pages;
pub mod receipt;
pub mod rules;
pub mod service;
mod store;
pub mod transitions;

pub use model::{Derivation, Lot, LotStatus, Owner, Processing, Source, Verification};
pub use pages::routes;
pub use service::LotDoor;
