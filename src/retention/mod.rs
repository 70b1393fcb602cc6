//! For how long what is kept. `retention_policies` says it, two functions of the database carry it out, class by class and part by
//! part; `retention_runs` knows what was counted and what went. Who runs the system counts beforehand what would go.

pub(crate) mod archives;
mod holds;
mod model;
mod pages;
mod service;
mod store;
mod words;

pub use archives::{ArchiveState, Checked, check_files as check_archives};
pub use model::{Applied, Cause, Method, Policy, Rhythm};
pub use pages::routes;
pub use service::{Round, Scope, apply, carry_out, list_policies, report};
