//! What htmx 4 says about a request, and what it understands in an answer.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};

/// Set by every request that htmx makes.
pub const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
/// `full` when a whole page is wanted, `partial` otherwise.
pub const HX_REQUEST_TYPE: HeaderName = HeaderName::from_static("hx-request-type");
/// The element that made the request: `div#queue`.
pub const HX_SOURCE: HeaderName = HeaderName::from_static("hx-source");
/// Set when the browser goes back to a page that htmx has not kept.
pub const HX_HISTORY_RESTORE_REQUEST: HeaderName = HeaderName::from_static("hx-history-restore-request");
/// The address of the page that made the request.
pub const HX_CURRENT_URL: HeaderName = HeaderName::from_static("hx-current-url");
/// Sends the whole page elsewhere.
pub const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
/// Events to fire on the page, as JSON.
pub const HX_TRIGGER: HeaderName = HeaderName::from_static("hx-trigger");

/// Whether htmx made this request.
#[must_use]
pub fn is_htmx(headers: &HeaderMap) -> bool {
    says_true(headers, &HX_REQUEST)
}

/// Whether the answer should be the fragment and not the page around it.
#[must_use]
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    is_htmx(headers)
        && !says_true(headers, &HX_HISTORY_RESTORE_REQUEST)
        && headers.get(HX_REQUEST_TYPE).is_none_or(|kind| kind != "full")
}

fn says_true(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get(name).is_some_and(|value| value == "true")
}

/// How the answer will be used; an extractor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Htmx {
    /// A browser shows it as a page.
    Page,
    /// htmx shows it as a page.
    PageByHtmx,
    /// htmx puts it into the page.
    Fragment,
}

impl Htmx {
    /// What these request headers ask for.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        if wants_fragment(headers) {
            Self::Fragment
        } else if is_htmx(headers) {
            Self::PageByHtmx
        } else {
            Self::Page
        }
    }

    /// Whether the answer should be the fragment.
    #[must_use]
    pub const fn is_fragment(self) -> bool {
        match self {
            Self::Fragment => true,
            Self::Page | Self::PageByHtmx => false,
        }
    }

    /// Sends the viewer to `location`, a path of ours, after a form has had its effect.
    ///
    /// A browser follows a 303. To htmx a 303 would be followed inside the fetch and its page put into
    /// the middle of this one, so htmx is told to go there itself.
    #[must_use]
    pub fn see_other(self, location: &str) -> Response {
        match self {
            Self::Page => Redirect::to(location).into_response(),
            // To a place on the page where it already is, a browser would jump without asking for the page.
            Self::PageByHtmx | Self::Fragment => match HeaderValue::from_str(without_place(location)) {
                Ok(location) => ([(HX_REDIRECT, location)], "").into_response(),
                Err(_) => Redirect::to("/").into_response(),
            },
        }
    }
}

/// An address without what follows its `#`.
fn without_place(location: &str) -> &str {
    location.split('#').next().unwrap_or(location)
}

impl<S: Sync> FromRequestParts<S> for Htmx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_fragment_is_given_only_to_htmx_that_asks_for_a_part() {
        assert_eq!(Htmx::of(&headers(&[])), Htmx::Page);
        assert_eq!(Htmx::of(&headers(&[(HX_REQUEST, "true")])), Htmx::Fragment);
        assert_eq!(Htmx::of(&headers(&[(HX_REQUEST, "true"), (HX_REQUEST_TYPE, "partial")])), Htmx::Fragment);
        assert_eq!(Htmx::of(&headers(&[(HX_REQUEST, "true"), (HX_REQUEST_TYPE, "full")])), Htmx::PageByHtmx);
        let restored = headers(&[(HX_REQUEST, "true"), (HX_HISTORY_RESTORE_REQUEST, "true")]);
        assert_eq!(Htmx::of(&restored), Htmx::PageByHtmx);
    }

    #[test]
    fn a_redirect_takes_the_form_that_the_client_follows() {
        let plain = Htmx::Page.see_other("/inbox");
        assert_eq!((plain.status(), &plain.headers()["location"]), (StatusCode::SEE_OTHER, &"/inbox".parse().unwrap()));
        let fragment = Htmx::Fragment.see_other("/inbox");
        assert_eq!((fragment.status(), &fragment.headers()[HX_REDIRECT]), (StatusCode::OK, &"/inbox".parse().unwrap()));
        let place = Htmx::Fragment.see_other("/exports/1#messages");
        assert_eq!(place.headers()[HX_REDIRECT], "/exports/1");
    }
}
