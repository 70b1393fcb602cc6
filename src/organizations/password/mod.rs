//! Changing one's own password: the current one opens the door once more, and afterwards one is signed in here only.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub(super) use store::update_password;
