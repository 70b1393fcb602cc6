//! The headers that every answer carries.

use http::{HeaderName, HeaderValue, Response, header};

use super::exchange::Exchange;

/// Nothing from elsewhere, nothing inline, in nobody's frame.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
/// The same, for a page that shows a document of ours in a frame. Set by the handler.
pub const FRAMING_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";
/// For an uploaded file shown in such a frame: it may not do anything at all. Set by the handler.
pub const DOCUMENT_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'self'";

static ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: browsers then send `Origin: null` with our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];
const YEAR_OF_TLS: &str = "max-age=31536000; includeSubDomains";
/// A page is a fragment or whole, and in the viewer's language.
const VARY: &str = "HX-Request, HX-Request-Type, Cookie, Accept-Language";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds what the handler has not set itself.
pub(super) fn add<B>(exchange: &Exchange, response: &mut Response<B>) {
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    if exchange.site().is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(YEAR_OF_TLS));
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.append(header::VARY, HeaderValue::from_static(VARY));
    }
    // What a signed-in person sees stays in no cache, not even on their own disk.
    let caching = if exchange.signed_in().is_some() { "no-store" } else { "no-cache" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(caching));
    if let Ok(id) = HeaderValue::from_str(&exchange.request_id().to_string()) {
        headers.insert(REQUEST_ID, id);
    }
}
