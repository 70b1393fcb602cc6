//! The desks of the banks, carriers and authorities: whom to ask.

mod service;
mod store;

pub use service::list;
pub use store::Desk;
