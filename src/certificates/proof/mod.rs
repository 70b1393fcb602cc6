//! Papers that prove themselves: the list of who may seal, and the page that checks a seal without a network.
//!
//! The rules are crate `jebena-trust`'s; the same check runs in the browser as a script, with the words, keys and tables
//! that the page brings along.

mod file_page;
mod given;
mod pages;
mod service;
mod source;
mod store;
mod words;

use chrono::{DateTime, Utc};
pub use given::check_given;
use jebena_trust::moment::Moment;

pub(super) use pages::{list, routes};
pub use service::SignerSource;
pub use source::{FileSource, ListKey, NoList, Published, TrustSource};
pub(super) use words::{reason, verdict};

/// The verdict on a code under which nothing was issued, in the vocabulary of every check.
pub(super) const NOT_ISSUED_HERE: &str = jebena_trust::verdict::Verdict::NotIssuedHere.code();

/// A moment of the clock in the words of seals; what they cannot name is taken for the first that they can, at which nothing holds.
pub(super) fn moment(at: DateTime<Utc>) -> Moment {
    Moment::from_unix(at.timestamp()).unwrap_or(Moment::EPOCH)
}
