//! What happened is told to the outside after the transaction that did it: the outbox.
//!
//! A command writes its event beside its own rows. A worker passes the events on and marks them, in order;
//! several instances may do so at once without telling twice. Never a NOTIFY in the writer's transaction: its
//! lock at commit would make every writer wait for the others.

mod service;
mod store;

pub use service::{deliver, forget_old};
