//! Passkeys: keys that a device holds for this site's name, and that answer where a code would be typed. Beside the digits, never
//! in their place: a device is lost, and a desk has no reader.

pub(super) mod pages;
mod relying_party;
pub(super) mod service;
mod store;

pub use relying_party::RelyingParty;

/// Whether what stands in a field for a code is a device's answer.
pub(super) fn is_answer(typed: &str) -> bool {
    typed.starts_with('{')
}
