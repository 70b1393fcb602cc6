//! The second factors of a demonstration: their secrets are fixed, so that a page can say the code of now. Nobody has a phone at
//! hand to look at a product.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::codes;
use super::service::ProveError;
use crate::web::exchange::Exchange;

/// The secret that everybody may know.
pub(super) fn secret_of(username: &str) -> Zeroizing<Vec<u8>> {
    let mut secret = Sha256::digest(format!("a second factor of the demonstration: {username}")).to_vec();
    secret.truncate(codes::SECRET_BYTES);
    Zeroizing::new(secret)
}

/// What a field for a code says of itself: the sentence `usual`, or in a demonstration the code of now.
///
/// # Errors
/// When the library cannot make one.
pub fn code_hint(exchange: &Exchange, username: &str, usual: &str) -> Result<String, ProveError> {
    let lang = exchange.lang();
    if !exchange.site().is_demo() {
        return Ok(lang.t(usual));
    }
    let code = codes::code_at(&secret_of(username), exchange.now())?;
    Ok(lang.fill("factor-code-hint-demo", [("code", code)]))
}
