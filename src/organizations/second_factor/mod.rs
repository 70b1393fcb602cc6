//! The second factor: six digits that a phone makes of a secret which it shares with us, and recovery codes for the day
//! on which it is lost; and beside them passkeys. Setting them up, proving with them, taking them away.

mod codes;
mod demo;
mod pages;
mod passkeys;
mod service;
mod store;

pub(super) use demo::code_hint;
pub use pages::{Proofs, ask_again, routes};
pub use passkeys::RelyingParty;
pub use service::{Keys, enrol_for_demo, is_enrolled, is_shared, seal_anew, write_told};
pub(super) use service::{ProveError, ProvedBy, ask_devices, list_enrolled, prove, remove};
