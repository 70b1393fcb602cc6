//! When a certificate is spoken of before its end, and when its end is nobody's concern. Pure; pages and the job that tells people ask the
//! same.

use chrono::{DateTime, Utc};
use jebena_signer::protocol::CertificateFacts;

use super::{State, rung, state};

/// The rung of what is over.
pub(in crate::pki) const OVER: i64 = 0;

/// From this rung on those who approve the next one hear of it as well.
const FORTNIGHT: i64 = 14;

/// The rung that has come for a certificate at `now`, among `all` that there are; [`OVER`] when it has ended. None where there is nothing to
/// do: it holds for longer, was put out of force, or has a successor.
pub(in crate::pki) fn due(facts: &CertificateFacts, all: &[CertificateFacts], now: DateTime<Utc>) -> Option<i64> {
    let life = (facts.not_before, facts.not_after);
    let mut later = all.iter().filter(|one| follows(one, facts));
    match state(life, facts.revocation, now) {
        State::Ending => rung(life, now)
            .filter(|_| !later.any(|one| state((one.not_before, one.not_after), one.revocation, now).holds())),
        // Whatever became of the next one: the end of this one is no news any more.
        State::Expired => later.next().is_none().then_some(OVER),
        State::InForce | State::NotYet | State::Suspended | State::Revoked => None,
    }
}

/// Whether those who approve the next one hear of a rung.
pub(in crate::pki) const fn is_for_approvers(rung: i64) -> bool {
    rung <= FORTNIGHT
}

/// Whether `one` can stand in the place of `facts`: of the same holder, for longer. What seals papers here is followed by nothing whose key
/// is elsewhere.
fn follows(one: &CertificateFacts, facts: &CertificateFacts) -> bool {
    (one.profile, one.organization) == (facts.profile, facts.organization)
        && (one.not_after, one.certificate_id) > (facts.not_after, facts.certificate_id)
        && (one.is_key_here || !facts.is_key_here)
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use jebena_signer::protocol::{Bytes, Revocation};
    use jebena_signer::x509::list::Reason;
    use jebena_signer::x509::profile::Profile;
    use uuid::Uuid;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-29T09:00:00Z".parse().unwrap()
    }

    /// A seal of the one organisation that ends in so many days, of a year.
    fn seal(number: u128, days: i64) -> CertificateFacts {
        let until = now() + Duration::days(days);
        CertificateFacts {
            certificate_id: Uuid::from_u128(number),
            profile: Profile::OrganizationSeal,
            organization: Some(Uuid::from_u128(100)),
            certificate: Bytes(Vec::new()),
            serial: number.to_string(),
            not_before: until - Duration::days(365),
            not_after: until,
            is_key_here: true,
            revocation: None,
            changed_at: now(),
        }
    }

    fn revoked(facts: CertificateFacts, reason: Reason) -> CertificateFacts {
        CertificateFacts { revocation: Some(Revocation { at: now(), reason, invalid_from: None }), ..facts }
    }

    #[test]
    fn each_rung_comes_in_its_days_and_the_last_when_it_is_over() {
        let rung_of = |days| due(&seal(1, days), &[seal(1, days)], now());
        let rungs =
            [(91, None), (90, Some(90)), (45, Some(60)), (14, Some(14)), (1, Some(1)), (0, Some(OVER)), (-9, Some(0))];
        for (days, expected) in rungs {
            assert_eq!(rung_of(days), expected, "{days}");
        }
        let told = super::super::RUNGS.map(is_for_approvers);
        assert_eq!(told, [false, false, false, true, true, true]);
        assert!(is_for_approvers(OVER));
    }

    #[test]
    fn what_has_a_successor_is_not_spoken_of() {
        let (old, new) = (seal(1, 10), seal(2, 300));
        let both = |new: CertificateFacts| due(&old, &[old.clone(), new], now());
        assert_eq!(both(new.clone()), None);
        assert_eq!(both(revoked(new.clone(), Reason::KeyCompromise)), Some(14), "what is revoked follows nobody");
        assert_eq!(both(revoked(new.clone(), Reason::CertificateHold)), Some(14), "nor what is suspended");
        assert_eq!(both(CertificateFacts { organization: Some(Uuid::from_u128(101)), ..new.clone() }), Some(14));
        assert_eq!(both(CertificateFacts { profile: Profile::Officer, ..new.clone() }), Some(14));
        let elsewhere = CertificateFacts { is_key_here: false, ..new.clone() };
        assert_eq!(both(elsewhere.clone()), Some(14), "papers here are not sealed with it");
        assert_eq!(due(&elsewhere, &[seal(3, 400), elsewhere.clone()], now()), None);

        // Of what is over, the newest alone, also where the next one was revoked.
        let (old, all) = (seal(1, -10), [seal(1, -10), revoked(seal(2, 300), Reason::KeyCompromise)]);
        assert_eq!(due(&old, &all, now()), None);
        assert_eq!(due(&all[1], &all, now()), None);
        let twins = [seal(1, -10), seal(2, -10)];
        assert_eq!([due(&twins[0], &twins, now()), due(&twins[1], &twins, now())], [None, Some(OVER)]);
    }

    #[test]
    fn what_was_put_out_of_force_is_not_spoken_of() {
        for reason in [Reason::KeyCompromise, Reason::CertificateHold] {
            let facts = revoked(seal(1, 10), reason);
            assert_eq!(due(&facts, std::slice::from_ref(&facts), now()), None);
        }
    }
}
