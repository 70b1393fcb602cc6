//! The crate as its users see it, with certificates and keys made for each run.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails should panic")]

mod chains;
mod given;
mod independent;
mod lists;
mod pki;
mod seals;
