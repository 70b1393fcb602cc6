//! Self-registration: a firm that wants to export, with its owner. Everybody else is invited.

mod pages;
mod service;
mod store;

pub use pages::routes;
