//! The inspection desk: a sample of a verified lot is drawn under a blind code, examined raw and in the cup, and signed by
//! another person than who drew it. What is signed is never changed; another inspection takes its place (domain 2.7).

pub mod cupping;
pub mod findings;
mod model;
mod pages;
pub mod rules;
pub mod service;
mod store;
pub mod verdict;

pub use pages::{SampleDoor, routes};
