//! Where to go after signing in: a path of ours, whatever the address said.

use http::{HeaderMap, HeaderName, Uri, header};
use url::form_urlencoded;

use super::htmx::HX_CURRENT_URL;

/// The page that stands for "no particular page".
const HOME: &str = "/";

/// A path with its query, on this site for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPath(String);

impl NextPath {
    /// `text` when it is a path on this site, else the start page.
    ///
    /// `//host`, `/\host` and control characters are read as other sites by browsers.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let is_local = text.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
        let is_plain = text.len() <= 2_000 && text.chars().all(|c| c.is_ascii_graphic()) && !text.contains('\\');
        // Back to the sign-in page would be a circle.
        let is_page = !text.starts_with("/sign-in") && !text.starts_with("/sign-out");
        if is_local && is_plain && is_page { Self(text.to_owned()) } else { Self(HOME.to_owned()) }
    }

    /// The path that this request asked for.
    #[must_use]
    pub fn of_uri(uri: &Uri) -> Self {
        Self::parse(uri.path_and_query().map_or(HOME, http::uri::PathAndQuery::as_str))
    }

    /// The page on which an htmx request was made.
    #[must_use]
    pub fn current_page(headers: &HeaderMap) -> Self {
        Self::of_header(headers, &HX_CURRENT_URL)
    }

    /// The page from which a browser has sent a form.
    #[must_use]
    pub fn referring(headers: &HeaderMap) -> Self {
        Self::of_header(headers, &header::REFERER)
    }

    fn of_header(headers: &HeaderMap, name: &HeaderName) -> Self {
        let page = headers.get(name).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<Uri>().ok());
        page.map_or_else(|| Self(HOME.to_owned()), |uri| Self::of_uri(&uri))
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says more than "the start page".
    #[must_use]
    pub fn is_particular(&self) -> bool {
        self.0 != HOME
    }

    /// The sign-in page that leads back here.
    #[must_use]
    pub fn sign_in_location(&self) -> String {
        if self.is_particular() {
            let next: String = form_urlencoded::byte_serialize(self.0.as_bytes()).collect();
            format!("/sign-in?next={next}")
        } else {
            "/sign-in".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for local in ["/inbox", "/exports?status=PENDING&after=x", "/v/AB12"] {
            assert_eq!(NextPath::parse(local).as_str(), local);
        }
        for foreign in [
            "",
            "inbox",
            "//evil.example",
            "/\\evil.example",
            "/a\\b",
            "https://evil.example/",
            "/\n/evil",
            "/\t/x",
            "javascript:alert(1)",
            "/sign-in?next=/",
            "/sign-out",
            "/ሀ",
        ] {
            assert_eq!(NextPath::parse(foreign).as_str(), "/", "{foreign:?}");
        }
    }

    #[test]
    fn the_query_survives_the_detour() {
        let next = NextPath::of_uri(&"/exports?status=PENDING&q=a+b".parse().unwrap());
        assert_eq!(next.sign_in_location(), "/sign-in?next=%2Fexports%3Fstatus%3DPENDING%26q%3Da%2Bb");
        assert_eq!(NextPath::parse("/").sign_in_location(), "/sign-in");
    }

    #[test]
    fn an_htmx_request_leads_back_to_its_page() {
        let mut headers = HeaderMap::new();
        headers.insert(HX_CURRENT_URL, "https://jebena.example/inbox?page=2".parse().unwrap());
        assert_eq!(NextPath::current_page(&headers).as_str(), "/inbox?page=2");
        assert_eq!(NextPath::current_page(&HeaderMap::new()).as_str(), "/");
    }
}
