//! A compact JWS (RFC 7515) by a key that is elsewhere.

use serde::Serialize;

use crate::key::{PublicKey, WrongSignature};
use crate::text::base64url;

/// What has to be signed: header and payload as JSON, in the order of their fields.
///
/// # Errors
/// When one of them does not become JSON.
pub fn to_be_signed(header: &impl Serialize, payload: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let header = base64url(&serde_json::to_vec(header)?);
    let payload = base64url(&serde_json::to_vec(payload)?);
    Ok(format!("{header}.{payload}").into_bytes())
}

/// The whole, when `signature` over `to_be_signed` by `key` is handed in, in DER or as two numbers of full length.
///
/// # Errors
/// [`WrongSignature`] when it does not fit the key, or what was signed is no text.
pub fn assemble(to_be_signed: &[u8], signature: &[u8], key: &PublicKey) -> Result<String, WrongSignature> {
    let raw = if key.verify_raw(to_be_signed, signature).is_ok() {
        signature.to_vec()
    } else {
        key.verify_der(key.hash(), to_be_signed, signature)?;
        raw_of_der(key, signature).ok_or(WrongSignature)?
    };
    let text = std::str::from_utf8(to_be_signed).map_err(|_| WrongSignature)?;
    Ok(format!("{text}.{}", base64url(&raw)))
}

fn raw_of_der(key: &PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    match key {
        PublicKey::P256(_) => p256::ecdsa::Signature::from_der(signature).ok().map(|read| read.to_bytes().to_vec()),
        PublicKey::P384(_) => p384::ecdsa::Signature::from_der(signature).ok().map(|read| read.to_bytes().to_vec()),
    }
}
