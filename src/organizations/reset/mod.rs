//! A new password for who has forgotten the old one, by a link to the address that is known to be theirs.
//!
//! Whether a name is anybody's cannot be learned here: the same rows are written and the same words said for one that is not.

mod pages;
mod service;
mod store;

pub use pages::routes;
pub use service::{HANDED_LIFE, write_changed, write_reset};
pub(super) use service::{end_links, open_by_hand};
