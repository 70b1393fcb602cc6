//! What came of the last act, carried over one redirect in a cookie of its own.
//!
//! Not in the session: a write to the database for a sentence that is shown once would cost more than
//! the page. The text is escaped like any other where it is shown.

use axum::response::{IntoResponseParts, ResponseParts};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue};

use super::{
    chrome::{Flash, FlashKind},
    cookie,
    site::Site,
};

const COOKIE: &str = "jebena-flash";
/// A redirect takes a second; a tab that was closed before must not greet the next day with it.
const MAX_AGE_S: u32 = 60;
/// A cookie larger than 4 KB is dropped by browsers.
const MAX_TEXT_BYTES: usize = 2_000;

impl Flash {
    /// It was done.
    #[must_use]
    pub fn success(text: impl Into<String>) -> Self {
        Self { kind: FlashKind::Success, text: text.into() }
    }

    /// Something to know.
    #[must_use]
    pub fn notice(text: impl Into<String>) -> Self {
        Self { kind: FlashKind::Notice, text: text.into() }
    }

    /// It was not done.
    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        Self { kind: FlashKind::Problem, text: text.into() }
    }
}

/// Beside a redirect: `(Flash::success(".."), htmx.see_other("/inbox"))`.
impl IntoResponseParts for Flash {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// The flash that came with a request.
#[must_use]
pub(super) fn received(site: &Site, headers: &HeaderMap) -> Option<Flash> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie::find(site, headers, COOKIE)?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (kind, text) = text.split_at_checked(1)?;
    let kind = match kind {
        "s" => FlashKind::Success,
        "n" => FlashKind::Notice,
        "p" => FlashKind::Problem,
        _ => return None,
    };
    Some(Flash { kind, text: text.to_owned() })
}

/// Sends `flash` along with the answer.
#[must_use]
pub(super) fn carried(site: &Site, flash: &Flash) -> Option<HeaderValue> {
    let kind = match flash.kind {
        FlashKind::Success => "s",
        FlashKind::Notice => "n",
        FlashKind::Problem => "p",
    };
    let end = flash.text.floor_char_boundary(MAX_TEXT_BYTES);
    let value = URL_SAFE_NO_PAD.encode(format!("{kind}{}", &flash.text[..end]));
    cookie::set(site, COOKIE, &value, MAX_AGE_S)
}

/// Removes the flash once it was shown.
#[must_use]
pub(super) fn removed(site: &Site) -> Option<HeaderValue> {
    cookie::set(site, COOKIE, "", 0)
}

#[cfg(test)]
mod tests {
    use http::header;

    use super::*;

    #[test]
    fn a_flash_survives_the_redirect_in_any_script() {
        let site = Site::new("http://localhost:8080".parse().unwrap(), true, Vec::new());
        let flash = Flash::success("ጸድቋል; approved = done, \"yes\"");
        let line = carried(&site, &flash).unwrap();
        let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
        let headers = HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())]);
        assert_eq!(received(&site, &headers), Some(flash));
    }

    #[test]
    fn a_long_or_foreign_flash_does_no_harm() {
        let site = Site::new("http://localhost:8080".parse().unwrap(), true, Vec::new());
        assert!(carried(&site, &Flash::notice("ሀ".repeat(5_000))).unwrap().len() < 4_096);
        for foreign in ["jebena-flash=", "jebena-flash=!!", "jebena-flash=eA", "jebena-flash=__8"] {
            let headers = HeaderMap::from_iter([(header::COOKIE, foreign.parse().unwrap())]);
            assert_eq!(received(&site, &headers), None, "{foreign}");
        }
    }
}
