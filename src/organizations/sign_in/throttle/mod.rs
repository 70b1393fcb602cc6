//! When the door stays closed for a while: by account, by known device and by network. Pure.
//!
//! An account that is not there is treated as one that is: what closes the door is the name that was typed. A device on which the
//! account has signed in before has a count of its own, so that strangers cannot lock its owner out, and is spared
//! the count of its network: an office behind one address does not stand still because five people have mistyped.

pub(in crate::organizations) mod store;

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::types::ipnetwork::{IpNetwork, Ipv4Network, Ipv6Network};

/// Beyond the limit of a window, failures of so long count together and close the door for as long.
const LOCK: Duration = Duration::hours(1);
/// How many bits of an address are one network: a house or an office, whose single addresses change.
const IPV4_PREFIX: u8 = 24;
const IPV6_PREFIX: u8 = 56;

/// What is kept of attempts reaches back so far; older ones say nothing any more.
pub const REMEMBERED: Duration = Duration::hours(2);

/// By which door somebody has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::organizations) struct Entrance {
    /// The hash of the name.
    pub name: [u8; 32],
    /// The hash of the device's token.
    pub device: [u8; 32],
    /// Whether the account knew the device before.
    pub is_known: bool,
}

/// How many failures close the door, and how many come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLimits {
    /// In which time failures are counted (`RATE_LIMIT_WINDOW_MS`).
    pub window: Duration,
    /// How many of one account, and of how many accounts from one network (`AUTH_RATE_LIMIT_MAX`).
    pub failures: usize,
    /// In how many places a person is signed in at most.
    pub sessions: u32,
}

impl Default for SignInLimits {
    /// Five in a quarter of an hour, and five places.
    fn default() -> Self {
        Self { window: Duration::minutes(15), failures: 5, sessions: 5 }
    }
}

impl SignInLimits {
    /// Until when an account is closed by its failures, given when they were: the newest first, none older than [`REMEMBERED`].
    ///
    /// As many as the limit within the window close it until the first of them is out of the window. More than that within an
    /// hour close it for an hour after the last.
    #[must_use]
    pub fn account_closed_until(&self, failures: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let locked = failures
            .first()
            .zip(failures.get(self.failures))
            .filter(|(last, first)| **last - **first <= LOCK)
            .map(|(last, _)| *last + LOCK);
        self.window_closed_until(failures).max(locked).filter(|until| *until > now)
    }

    /// Until when a network is closed by failures of several accounts, given when the last of each was, the newest first.
    #[must_use]
    pub fn network_closed_until(&self, failures: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.window_closed_until(failures).filter(|until| *until > now)
    }

    fn window_closed_until(&self, failures: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
        failures.get(self.failures.checked_sub(1)?).map(|first| *first + self.window)
    }
}

/// The network to which an address belongs.
#[must_use]
pub fn network_of(address: IpAddr) -> IpNetwork {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let network = Ipv4Network::new_checked(address, IPV4_PREFIX).map(|n| (n.network(), n.prefix()));
            let (address, prefix) = network.unwrap_or((address, 32));
            Ipv4Network::new_checked(address, prefix).map_or(IpNetwork::from(IpAddr::V4(address)), IpNetwork::V4)
        }
        IpAddr::V6(address) => {
            let network = Ipv6Network::new_checked(address, IPV6_PREFIX).map(|n| (n.network(), n.prefix()));
            let (address, prefix) = network.unwrap_or((address, 128));
            Ipv6Network::new_checked(address, prefix).map_or(IpNetwork::from(IpAddr::V6(address)), IpNetwork::V6)
        }
    }
}

/// Under what a name or a device is counted.
#[must_use]
pub(super) fn hash_of(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-29T09:00:00Z".parse().unwrap()
    }

    fn ago(minutes: &[i64]) -> Vec<DateTime<Utc>> {
        minutes.iter().map(|minutes| now() - Duration::minutes(*minutes)).collect()
    }

    #[test]
    fn five_failures_close_an_account_until_the_first_is_a_quarter_of_an_hour_old() {
        let limits = SignInLimits::default();
        assert_eq!(limits.account_closed_until(&ago(&[0, 1, 2, 3]), now()), None);
        let until = limits.account_closed_until(&ago(&[0, 1, 2, 3, 4]), now());
        assert_eq!(until, Some(now() + Duration::minutes(11)));
        assert_eq!(limits.account_closed_until(&ago(&[11, 12, 13, 14, 15]), now()), None, "the window is over");
    }

    #[test]
    fn more_than_that_in_an_hour_close_it_for_an_hour() {
        let limits = SignInLimits::default();
        let until = limits.account_closed_until(&ago(&[5, 30, 31, 32, 33, 34]), now());
        assert_eq!(until, Some(now() + Duration::minutes(55)));
        assert_eq!(limits.account_closed_until(&ago(&[5, 30, 31, 32, 33, 66]), now()), None, "61 minutes lie between");
        assert_eq!(limits.account_closed_until(&ago(&[60, 90, 91, 92, 93, 94]), now()), None, "the hour is over");
    }

    #[test]
    fn a_network_is_a_house_and_not_an_address() {
        let text = |address: &str| network_of(address.parse().unwrap()).to_string();
        assert_eq!(text("196.188.12.77"), "196.188.12.0/24");
        assert_eq!(text("::ffff:196.188.12.77"), "196.188.12.0/24");
        assert_eq!(text("2001:db8:1:2ff::1"), "2001:db8:1:200::/56");
    }

    proptest! {
        /// Whatever was tried, within any quarter of an hour no more than five are judged.
        #[test]
        fn no_window_lets_more_than_the_limit_through(gaps in prop::collection::vec(0i64..400, 1..60)) {
            let limits = SignInLimits::default();
            let mut judged: Vec<DateTime<Utc>> = Vec::new();
            let mut at = now();
            for gap in gaps {
                at += Duration::seconds(gap);
                let kept: Vec<_> = judged.iter().rev().copied().filter(|one| *one > at - REMEMBERED).collect();
                if limits.account_closed_until(&kept, at).is_none() {
                    judged.push(at);
                }
            }
            for (place, first) in judged.iter().enumerate() {
                let within = judged[place..].iter().filter(|one| **one - *first < limits.window).count();
                prop_assert!(within <= limits.failures, "{within} from {first}");
            }
        }
    }
}
