//! Where this site is: its public address, the names by which it may be called, and the proxies in front.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use http::{Extensions, HeaderMap, HeaderName};
use sqlx::types::ipnetwork::IpNetwork;
use url::Url;

use super::exchange::Exchange;
use crate::error::AppError;

/// Names of the machine itself, under which a demonstration answers on any port.
const LOOPBACK_NAMES: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// The addresses that a request has passed, as each proxy adds the one before it.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What the site knows about its own place.
#[derive(Debug, Clone)]
pub struct Site {
    public_url: Url,
    demo: bool,
    trusted_proxies: Vec<IpNetwork>,
}

impl Site {
    /// A site that visitors reach at `public_url`. With `demo` it answers under the machine's own names too.
    #[must_use]
    pub const fn new(public_url: Url, demo: bool, trusted_proxies: Vec<IpNetwork>) -> Self {
        Self { public_url, demo, trusted_proxies }
    }

    /// Whether visitors come over TLS, so that cookies can be bound to it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Whether this is a demonstration with invented data.
    #[must_use]
    pub const fn is_demo(&self) -> bool {
        self.demo
    }

    /// Scheme, host and port, as browsers send them in `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Where visitors reach it.
    #[must_use]
    pub const fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// The origin under a name, if there is one: what a browser keeps for a name it keeps for no address.
    #[must_use]
    pub fn named_origin(&self) -> Option<Url> {
        let mut origin = self.public_url.clone();
        if self.demo && origin.host_str().is_some_and(is_loopback_name) {
            origin.set_host(Some("localhost")).ok()?;
        }
        origin.domain().is_some().then_some(origin)
    }

    /// The whole address of `path`, for papers and mails. Never made from a request's own `Host`.
    #[must_use]
    pub fn absolute_url(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// The name of the cookie `name` here. With TLS the browser itself then refuses one that another
    /// host, another path or plain HTTP has set.
    #[must_use]
    pub fn cookie_name(&self, name: &str) -> String {
        if self.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// Whether a request with this `Host` is for this site.
    #[must_use]
    pub fn is_own_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let own = self.public_url.host_str().unwrap_or_default();
        let is_own = match (host.strip_prefix(own), self.public_url.port()) {
            (Some(""), None) => true,
            // A default port may be written out.
            (Some(port), None) => self.public_url.port_or_known_default().is_some_and(|p| port == format!(":{p}")),
            (Some(port), Some(own)) => port == format!(":{own}"),
            (None, _) => false,
        };
        is_own || (self.demo && is_loopback_name(&host))
    }

    /// Where a request comes from: the connection's address or, behind proxies that are trusted, the last
    /// address that one of them vouches for.
    #[must_use]
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let mut client = peer;
        let forwarded = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            let Ok(address) = hop.parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(address))
    }
}

fn is_loopback_name(host: &str) -> bool {
    LOOPBACK_NAMES.iter().any(|name| {
        host.strip_prefix(name).is_some_and(|port| {
            port.is_empty()
                || port.strip_prefix(':').is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
        })
    })
}

/// The address from which a request comes; an extractor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address behind a request's parts.
    pub(super) fn of(site: &Site, extensions: &Extensions, headers: &HeaderMap) -> Self {
        // Only a test calls the router without a connection.
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |info| info.0.ip());
        Self(site.client_address(peer, headers))
    }
}

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let exchange = Exchange::of(&parts.extensions)?;
        Ok(Self::of(exchange.site(), &parts.extensions, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(url: &str, demo: bool) -> Site {
        Site::new(url.parse().unwrap(), demo, vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()])
    }

    #[test]
    fn only_its_own_names_are_answered() {
        let https = site("https://jebena.example", false);
        for own in ["jebena.example", "JEBENA.example", "jebena.example:443"] {
            assert!(https.is_own_host(own), "{own}");
        }
        for other in
            ["", "jebena.example:80", "jebena.example.evil", "evil", "localhost", "jebena.example:", "127.0.0.1"]
        {
            assert!(!https.is_own_host(other), "{other}");
        }
        let demo = site("http://127.0.0.1:8080", true);
        for own in ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "localhost"] {
            assert!(demo.is_own_host(own), "{own}");
        }
        for other in ["localhost.evil", "localhost:", "localhost:80a", "evil"] {
            assert!(!demo.is_own_host(other), "{other}");
        }
    }

    #[test]
    fn addresses_are_made_from_the_configuration() {
        assert_eq!(site("https://jebena.example/", false).absolute_url("/v/AB"), "https://jebena.example/v/AB");
        assert_eq!(site("http://127.0.0.1:8080", true).origin(), "http://127.0.0.1:8080");
    }

    #[test]
    fn cookies_are_bound_to_the_host_where_tls_allows() {
        assert_eq!(site("https://jebena.example", false).cookie_name("jebena"), "__Host-jebena");
        assert_eq!(site("http://localhost:8080", true).cookie_name("jebena"), "jebena");
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let site = site("https://jebena.example", false);
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, "198.51.100.9, 203.0.113.7".parse().unwrap());
        headers.append(FORWARDED_FOR, "10.0.0.2".parse().unwrap());
        let address = |peer: &str| site.client_address(peer.parse().unwrap(), &headers).to_string();
        assert_eq!(address("203.0.113.99"), "203.0.113.99", "a stranger's word does not count");
        assert_eq!(address("10.0.0.1"), "203.0.113.7", "what stands before it was said by the client");
        assert_eq!(address("::ffff:10.0.0.1"), "203.0.113.7", "a mapped address is the same address");
        headers.insert(FORWARDED_FOR, "nonsense".parse().unwrap());
        assert_eq!(site.client_address("10.0.0.1".parse().unwrap(), &headers).to_string(), "10.0.0.1");
    }
}
