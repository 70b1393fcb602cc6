//! The exporter's profile: who it is, its capital, and whether the authority has taken it up.

mod model;

pub use model::BusinessType;
