//! Running the system: its state at a glance, the read-only mode, announcements. No business case is
//! seen or decided here.

mod jobs;
mod pages;
mod service;
mod store;

pub use pages::routes;
