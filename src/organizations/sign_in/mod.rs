//! Signing in and out, and the choice of language.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::SignInRefusal;
