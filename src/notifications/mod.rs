//! What happened is told to the outside after the transaction that did it: the outbox.
//!
//! A command writes its event beside its own rows. A worker passes the events on and marks them, in order;
//! several instances may do so at once without telling twice. Never a NOTIFY in the writer's transaction: its
//! lock at commit would make every writer wait for the others.
//!
//! The same worker writes down who is to hear of what ([`rules`] say who, and how), in the transaction that marks the event.
//! People read it in their list, in a mail at once, or in the mail of the day.

mod model;
mod pages;
mod rules;
mod service;
mod store;
mod words;

pub use model::{Choice, MailChoice, NewsEvent, Times};
pub use pages::routes;
pub use rules::{Quiet, audience};
pub use service::{deliver, send_digests, write_digest, write_news};
