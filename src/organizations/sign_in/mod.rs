//! Signing in and out, and the choice of language.

mod code;
mod pages;
mod password_check;
mod service;
mod store;
pub(super) mod throttle;

pub(super) use code::{Again, Judge, end_pending, judge_again};
pub(super) use pages::{device_of, set_language};
pub use pages::{known_device, routes};
pub(super) use password_check::{Shut, check_password};
pub use service::{DEVICE_KNOWN, SignInRefusal};
pub(super) use service::{forget_failures, may_be_name};
pub use throttle::{REMEMBERED, SignInLimits, network_of};
