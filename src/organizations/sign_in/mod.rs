//! Signing in and out, and the choice of language.

mod pages;
mod service;
mod store;
pub(super) mod throttle;

pub(super) use pages::{Opened, open, wait};
pub use pages::{known_device, routes};
pub use service::{SignInRefusal, forget_attempts};
pub(super) use service::{forget_failures, may_be_name};
pub use throttle::{SignInLimits, network_of};
