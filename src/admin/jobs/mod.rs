//! The queue of [`crate::jobs`] as who runs the system sees it.

mod pages;
mod service;

pub(super) use pages::routes;
