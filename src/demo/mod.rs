//! The demo: invented firms, staff and some hundred exports in every state, so that a newcomer finds work in
//! each portal.
//!
//! Made in sets by SQL, since a million exports have to be there within minutes. The walks come from the
//! product's step table ([`walks`]), so the data cannot go where the product does not.

mod bulk;
mod commercial;
mod documents;
mod papers;
pub mod people;
mod plots;
mod registers;
mod sample_pdf;
mod seed;
mod walk_tables;
mod walks;

pub use seed::{SeedError, seed};

/// The one password of all demo accounts. Refused outside the demo, as the accounts are.
pub const DEMO_PASSWORD: &str = "buna-from-jimma-2026";
