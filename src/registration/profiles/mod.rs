//! The exporter's profile: who it is, its capital, and whether the authority has taken it up.

mod form;
mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{BusinessType, Profile, ProfileStatus};
pub use rules::WORKFLOW;
pub use service::Profiles;
