//! The address at which a person is written to: confirmed by a link in a mail that went there, at registration and whenever it
//! is to be another.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{Address, ask, find_own, write_confirmation, write_replaced};
