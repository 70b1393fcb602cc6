//! Signing in and out, and the choice of language.

mod code;
mod pages;
mod service;
mod store;
pub(super) mod throttle;

pub use code::forget_pending;
pub(super) use code::{Again, Judge, end_pending, judge_again};
pub(super) use pages::{Opened, device_of, open, wait};
pub use pages::{known_device, routes};
pub use service::{SignInRefusal, forget_attempts};
pub(super) use service::{forget_failures, forgive, may_be_name};
pub use throttle::{SignInLimits, network_of};
