//! Proof that a form came from a page of this session.
//!
//! Two walls: the browser's own word about the origin (a layer over everything, see [`origin_layer`]) and
//! a token in each form that only this session's pages hold. The token is derived from the session's
//! token, so that the database does not hold it, and it is masked anew on every page, so that the length of
//! compressed pages tells nothing about it. When the session gets another token, forms that are open stay good.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Extensions, request::Parts};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};

use super::{exchange::Exchange, routes::FormOrigin, site::Site};
use crate::error::{AppError, Forbidden};

const SECRET_BYTES: usize = 32;

/// What a session's forms prove to know.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct SessionSecret([u8; SECRET_BYTES]);

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret")
    }
}

impl SessionSecret {
    /// The secret of the session with this token whose row keeps `shift`. Neither can be had back from it, and who reads the
    /// row alone cannot make it.
    #[must_use]
    pub fn of(token: i128, shift: &[u8; SECRET_BYTES]) -> Self {
        let own: [u8; SECRET_BYTES] =
            Sha256::new().chain_update(b"form token").chain_update(token.to_be_bytes()).finalize().into();
        Self(xor(&own, shift))
    }

    /// The secret of a session that begins with this token: its row keeps no shift yet.
    #[must_use]
    pub fn of_new(token: i128) -> Self {
        Self::of(token, &[0; SECRET_BYTES])
    }

    /// What the row has to keep for this secret to stay under another token.
    #[must_use]
    pub fn shift_for(&self, token: i128) -> [u8; SECRET_BYTES] {
        xor(&self.0, &Self::of_new(token).0)
    }

    /// Something else that only this session can make: the same for the same `purpose` and `seed`.
    #[must_use]
    pub fn derive(&self, purpose: &[u8], seed: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(self.0).chain_update(purpose).chain_update([0]).chain_update(seed).finalize().into()
    }

    /// A token for the forms of one page.
    #[must_use]
    pub fn token(&self) -> String {
        let mask: [u8; SECRET_BYTES] = rand::random();
        let mut token = [0; 2 * SECRET_BYTES];
        let (front, back) = token.split_at_mut(SECRET_BYTES);
        front.copy_from_slice(&mask);
        back.copy_from_slice(&xor(&mask, &self.0));
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Whether `token` was made for this session, in constant time.
    #[must_use]
    pub fn accepts(&self, token: &str) -> bool {
        let Ok(token) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Ok(token) = <[u8; 2 * SECRET_BYTES]>::try_from(token) else { return false };
        let (Some(mask), Some(masked)) = (token.first_chunk(), token.last_chunk()) else { return false };
        xor(mask, masked).ct_eq(&self.0).into()
    }
}

fn xor(a: &[u8; SECRET_BYTES], b: &[u8; SECRET_BYTES]) -> [u8; SECRET_BYTES] {
    std::array::from_fn(|i| a[i] ^ b[i])
}

/// Checks the token of a form that is read without [`super::form::Submission`], such as an upload; an
/// extractor.
#[derive(Debug, Clone)]
pub struct FormGuard {
    origin: FormOrigin,
    secret: Option<SessionSecret>,
}

impl FormGuard {
    /// The guard of the route that a request has reached.
    ///
    /// # Errors
    /// [`AppError::Internal`] outside a request.
    pub(super) fn of(extensions: &Extensions) -> Result<Self, AppError> {
        let origin = extensions.get::<FormOrigin>().copied().unwrap_or(FormOrigin::OwnSession);
        Ok(Self { origin, secret: Exchange::of(extensions)?.signed_in().map(|s| s.secret) })
    }

    /// Accepts the form's token.
    ///
    /// # Errors
    /// [`Forbidden::FormToken`] when the form was not rendered for this session.
    pub fn check(&self, token: Option<&str>) -> Result<(), AppError> {
        let is_accepted = match self.origin {
            FormOrigin::OwnSite => true,
            FormOrigin::OwnSession => {
                self.secret.is_some_and(|secret| token.is_some_and(|token| secret.accepts(token)))
            }
        };
        if is_accepted { Ok(()) } else { Err(AppError::Forbidden(Forbidden::FormToken)) }
    }
}

impl<S: Sync> FromRequestParts<S> for FormGuard {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Self::of(&parts.extensions)
    }
}

/// Makes the answer to a form of another site.
pub type Refusal = fn(ProtectionError) -> Response;

/// Refuses forms that the browser says were sent by another site. A client that sends neither `Origin` nor
/// `Sec-Fetch-Site` is no browser, and cannot be made to send somebody else's cookie.
///
/// # Errors
/// When the public address has no origin that browsers would send.
pub fn origin_layer(site: &Site) -> Result<CsrfLayer<Refusal>, ConfigError> {
    // A proxy may rewrite `Host`; browsers still send the public origin.
    let layer = CsrfLayer::new().add_trusted_origin(site.origin())?;
    Ok(layer.with_rejection_response(refuse as Refusal))
}

fn refuse(_: ProtectionError) -> Response {
    AppError::Forbidden(Forbidden::ForeignSite).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stays_under_another_token_and_the_row_alone_tells_nothing() {
        let before = SessionSecret::of(1, &[0; 32]);
        let shift = before.shift_for(2);
        assert!(SessionSecret::of(2, &shift).accepts(&before.token()));
        assert!(!SessionSecret::of(2, &[0; 32]).accepts(&before.token()));
        assert!(!SessionSecret::of(3, &shift).accepts(&before.token()));
        assert!(!SessionSecret(shift).accepts(&before.token()));
    }

    #[test]
    fn a_session_accepts_its_own_tokens_only() {
        let (ours, theirs) = (SessionSecret::of(1, &[0; 32]), SessionSecret::of(2, &[0; 32]));
        assert!(ours.accepts(&ours.token()));
        assert!(!ours.accepts(&theirs.token()));
        for forged in ["", "x", &URL_SAFE_NO_PAD.encode([0; 64]), &URL_SAFE_NO_PAD.encode([0; 63]), &"A".repeat(10_000)]
        {
            assert!(!ours.accepts(forged), "{forged}");
        }
    }

    #[test]
    fn every_page_gets_another_token() {
        let secret = SessionSecret::of(1, &[0; 32]);
        assert_ne!(secret.token(), secret.token());
    }

    #[test]
    fn a_form_of_a_session_needs_its_token() {
        let secret = SessionSecret::of(1, &[0; 32]);
        let own = FormGuard { origin: FormOrigin::OwnSession, secret: Some(secret) };
        assert!(own.check(Some(&secret.token())).is_ok());
        assert!(own.check(None).is_err());
        assert!(FormGuard { origin: FormOrigin::OwnSession, secret: None }.check(Some("x")).is_err());
        assert!(FormGuard { origin: FormOrigin::OwnSite, secret: None }.check(None).is_ok());
    }
}
