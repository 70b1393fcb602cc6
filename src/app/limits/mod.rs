//! How many requests are answered: of a stranger by address, of a person by session. Beyond that the answer is "later".
//!
//! An instance counts in memory and adds what it has counted to the database once a second, where it finds what the others
//! have counted (`counter`, `service`). So a request costs no statement, a restart forgets a second, and two instances are one
//! second apart: for a limit of a quarter of an hour that is near enough. Failures to sign in are counted to the last one, in
//! `organizations::sign_in::throttle`.

mod counter;
mod service;
mod store;

use std::net::IpAddr;
use std::time::Duration as Pause;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, Utc};

pub use counter::RequestCounter;

use super::AppState;
use crate::auth::session::signed_in;
use crate::error::AppError;
use crate::organizations::sign_in;
use crate::web::exchange::Exchange;

/// How often what was counted is added to what others have counted.
pub(super) const SHARE: Pause = Pause::from_secs(1);
/// A person with many pages that ask for news may send so many times what a stranger may.
const PER_PERSON: u32 = 6;
/// Nobody's requests: what pages are drawn with, which a browser keeps, and what the operator's probes ask.
const UNCOUNTED: [&str; 4] = ["/static/", "/healthz", "/readyz", "/version"];

/// How many requests are answered in which time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    /// In which time they are counted (`RATE_LIMIT_WINDOW_MS`).
    pub window: Duration,
    /// Those of an address from which nobody is signed in (`RATE_LIMIT_MAX_REQUESTS`).
    pub strangers: u32,
}

impl Default for RequestLimits {
    /// A hundred in a quarter of an hour.
    fn default() -> Self {
        Self { window: Duration::minutes(15), strangers: 100 }
    }
}

impl RequestLimits {
    /// Those of one session, or of a device on which somebody has signed in before.
    #[must_use]
    pub const fn people(&self) -> u32 {
        self.strangers.saturating_mul(PER_PERSON)
    }
}

/// The layer behind the session: lets a request through, or says when the next one is.
pub(super) async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if UNCOUNTED.iter().any(|path| request.uri().path().starts_with(path)) {
        return next.run(request).await;
    }
    let Ok(exchange) = Exchange::of(request.extensions()).cloned() else { return next.run(request).await };
    // Without a database nobody can be told from a stranger: the pages that need none are shown all the same.
    let Ok(person) = signed_in(request.extensions()).await else { return next.run(request).await };
    let (limits, now) = (state.requests.limits(), exchange.now());
    let session = person.and_then(|person| person.actor.origin.session);
    let taken = match session {
        Some(session) => state.requests.take(&format!("session {session}"), limits.people(), now),
        None => match state.requests.take(&address(exchange.client().0), limits.strangers, now) {
            // An office behind one address: who has signed in on their device before is known by that.
            Err(until) => match sign_in::known_device(&state.db, &exchange, request.headers()).await {
                Some(device) => state.requests.take(&format!("device {device}"), limits.people(), now),
                None => Err(until),
            },
            Ok(()) => Ok(()),
        },
    };
    match taken {
        Ok(()) => next.run(request).await,
        Err(until) => refusal(until, now).into_response(),
    }
}

fn refusal(until: DateTime<Utc>, now: DateTime<Utc>) -> AppError {
    let seconds = (until - now).num_seconds().max(0) + 1;
    AppError::TooManyRequests { retry_after_s: u32::try_from(seconds).unwrap_or(u32::MAX) }
}

/// The address as it is counted: of version 6, a subscriber has a whole network.
fn address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_one_address() {
        let of = |text: &str| address(text.parse().unwrap());
        assert_eq!(of("203.0.113.7"), "address 203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7"), "address 203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "address 2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::1"));
    }
}
