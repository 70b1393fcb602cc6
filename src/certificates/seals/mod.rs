//! What proves a paper without us: the seal that its QR code carries, and the signed file.
//!
//! A signature cannot be rolled back, so that none is made in the transaction that issues a paper: that enters a job, and
//! the job signs, stores, and enters nothing twice. Whatever stops on the way is done by the next try, or by the round that
//! looks every minute for papers without a seal. What an organisation issued before it had a certificate has none: a seal would
//! say that the certificate was there.

mod claims;
mod credential;
#[cfg(feature = "pdf")]
mod file;
mod given_out;
pub(in crate::certificates) mod pages;
mod rules;
mod service;
mod store;

pub(in crate::certificates) use credential::did;
pub(in crate::certificates) use given_out::GivenOut;
pub(in crate::certificates) use service::{ask_for, find_given_out};
pub use service::{seal_paper, seal_waiting};
pub(in crate::certificates) use store::{find_seal, find_sealed_at};
