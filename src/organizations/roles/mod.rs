//! Who holds which role from when until when, who does whose work meanwhile, and what a role may not do here.
//!
//! What a role may do at most is the code's and the table's (`auth::permission`); what a person may do at a moment is read with
//! their session. Here is what changes it: grants, delegations and restrictions, each with its period and who made it.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub(in crate::organizations) use model::{Rests, RoleChange};
pub use pages::routes;
pub use service::write_delegated;
pub(in crate::organizations) use service::{list_resting, told};
