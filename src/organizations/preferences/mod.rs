//! How pages are to be for a person: language, calendar, density, and the single-key shortcuts.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{choose_shortcuts, when_chosen};
