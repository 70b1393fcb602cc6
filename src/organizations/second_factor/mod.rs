//! The second factor: six digits that a phone makes of a secret which it shares with us, and recovery codes for the day
//! on which it is lost. Setting it up, proving it, taking it away.

mod codes;
mod pages;
mod service;
mod store;

pub use pages::{Proofs, ask_again, routes};
pub use service::write_told;
pub(super) use service::{ProveError, ProvedBy, is_enrolled, list_enrolled, prove, remove};
