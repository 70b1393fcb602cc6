//! The address in a paper's QR code: the public page by its code, and behind `#` the seal, which never leaves the phone.

use thiserror::Error;

use crate::{
    code::Code,
    seal::LARGEST,
    text::{base64url, from_base64url},
};

/// What a QR code of version 18 with error correction M holds: 89 modules, which a phone reads at 4 cm.
pub const VERSION_18_M_BYTES: usize = 560;

/// What a QR code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port.
    pub origin: String,
    /// The code of the paper.
    pub code: Code,
    /// Its seal, not yet looked at.
    pub seal: Vec<u8>,
}

/// Why a text is no address of a sealed paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// Not `https://host/v/CODE#...`.
    #[error("it is no address of a paper")]
    NotAnAddress,
    /// No seal behind it.
    #[error("the address has no seal behind #")]
    NoSeal,
    /// What stands behind it is not base64url in its one spelling, or too long.
    #[error("what stands behind # is no seal")]
    NotASeal,
}

/// The address for a paper's QR code. `origin` is scheme and host as the site names itself, such as
/// `https://coffee.example`.
#[must_use]
pub fn write(origin: &str, code: &Code, seal: &[u8]) -> String {
    format!("{origin}/v/{code}#{}", base64url(seal))
}

/// Reads such an address, exactly as [`write()`] writes it: over TLS, or from this very machine.
///
/// # Errors
/// [`AddressError`].
pub fn parse(text: &str) -> Result<Address, AddressError> {
    let (address, fragment) = text.split_once('#').ok_or(if text.contains("/v/") {
        AddressError::NoSeal
    } else {
        AddressError::NotAnAddress
    })?;
    let (origin, code) = address.rsplit_once("/v/").ok_or(AddressError::NotAnAddress)?;
    if !is_origin(origin) {
        return Err(AddressError::NotAnAddress);
    }
    let code = code.parse().map_err(|_| AddressError::NotAnAddress)?;
    if fragment.is_empty() {
        return Err(AddressError::NoSeal);
    }
    // Four characters carry three bytes.
    if fragment.len() > LARGEST / 3 * 4 + 4 {
        return Err(AddressError::NotASeal);
    }
    let seal = from_base64url(fragment).ok_or(AddressError::NotASeal)?;
    Ok(Address { origin: origin.to_owned(), code, seal })
}

fn is_origin(origin: &str) -> bool {
    let is_local = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let (is_safe, rest) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return false,
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_port =
        port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port));
    let is_name = !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|part| {
            let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !part.is_empty()
                && part.len() <= 63
                && part.chars().all(is_part)
                && !part.starts_with('-')
                && !part.ends_with('-')
        });
    is_port && (is_local(host) || (is_safe && is_name))
}
