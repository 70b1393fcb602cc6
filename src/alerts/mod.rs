//! Security: what the record shows that somebody should look at.
//!
//! Who watches follows the seals of the record ([`watch`]), holds what is new against the rules, and raises an alert or adds to
//! the one that is open. Whoever runs the system and an organisation's administrators see what concerns them and acknowledge it;
//! nobody does so where it is about themselves. Nothing here changes what an alert is about.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{Measure, Rule, SubjectKind};
pub use pages::routes;
pub use service::{count_open, watch};
