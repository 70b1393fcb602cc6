//! The second step of signing in. Who has given the password only has no session but a ticket of five minutes to the page
//! that asks for a code: whatever needs somebody who is signed in is closed to them, without a rule of its own.

mod pages;
mod service;
mod store;

pub(super) use pages::{ask, routes};
pub(in crate::organizations) use service::{Again, Judge, judge_again};
pub(in crate::organizations) use store::delete_of as end_pending;
