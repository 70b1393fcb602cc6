//! The people of one's own organisation: who they are, who may come in, and who no longer may.
//!
//! A colleague is invited by a link that works once and for seven days. Where it is mailed, its token is made when the mail is
//! written; where it is shown to who invites, from the session's secret and the form's key, so that a form that is sent twice
//! shows the same link. What is stored is its hash.

mod model;
mod pages;
mod service;
mod store;

pub use model::{Colleague, Invitation};
pub use pages::routes;
pub use service::write_invitation;
