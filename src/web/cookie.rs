//! Cookies that are set beside the session layer: language, flash, and the token of a session that goes on under another.

use http::{HeaderMap, HeaderValue, header};

use super::site::Site;

/// The value of the cookie `name` (without prefix) that came with a request.
#[must_use]
pub fn find<'h>(site: &Site, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let name = site.cookie_name(name);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Sets the cookie `name` (without prefix) for `max_age_s` seconds; 0 removes it.
///
/// `value` is of our own making: letters, digits, `-` and `_`.
#[must_use]
pub fn set(site: &Site, name: &str, value: &str, max_age_s: u32) -> Option<HeaderValue> {
    write(site, name, value, &format!("; Max-Age={max_age_s}"))
}

/// Sets the cookie `name` (without prefix) until the browser is closed.
#[must_use]
pub fn set_until_closed(site: &Site, name: &str, value: &str) -> Option<HeaderValue> {
    write(site, name, value, "")
}

fn write(site: &Site, name: &str, value: &str, life: &str) -> Option<HeaderValue> {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let name = site.cookie_name(name);
    HeaderValue::from_str(&format!("{name}={value}; Path=/{life}; HttpOnly; SameSite=Lax{secure}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let site = Site::new("https://jebena.example".parse().unwrap(), false, Vec::new());
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; __Host-jebena-lang=am".parse().unwrap());
        headers.append(header::COOKIE, "jebena-lang=en".parse().unwrap());
        assert_eq!(find(&site, &headers, "jebena-lang"), Some("am"), "the one that the browser protects");
        assert_eq!(find(&site, &headers, "b"), None);
    }

    #[test]
    fn a_cookie_is_bound_to_tls_and_hidden_from_scripts() {
        let site = Site::new("https://jebena.example".parse().unwrap(), false, Vec::new());
        let cookie = set(&site, "jebena-lang", "am", 60).unwrap();
        assert_eq!(cookie, "__Host-jebena-lang=am; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        let cookie = set_until_closed(&site, "jebena", "x").unwrap();
        assert_eq!(cookie, "__Host-jebena=x; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
