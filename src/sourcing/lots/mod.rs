//! Lots of coffee: registered by their owner, verified by the desk of their source, taken by exports (domain 2.6, 3.6).

pub mod form;
mod model;
mod pages;
pub mod receipt;
pub mod rules;
pub mod service;
mod store;
pub mod transitions;

pub use model::{Lot, LotStatus, Owner, Processing, Source, Verification};
pub use pages::routes;
pub use service::LotDoor;
