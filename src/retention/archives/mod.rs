//! Years of the record whose time is over: checked, written to a file, taken off, and dropped when two administrators agree.
//!
//! A file is packed text, a line for each event: number of its seal, hash, and the text of which that is the hash. Who has the file
//! and SHA-256 can check it without this product, and the chain of seals, which stays here, says that nothing is missing.

mod file;
mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use model::{ArchiveState, Checked};
pub(super) use pages::routes;
pub use service::{archive_due, check_files, drop_approved};
