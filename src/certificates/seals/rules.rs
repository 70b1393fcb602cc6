//! With which certificate a paper is sealed, and as of when. Pure.

use chrono::{DateTime, Duration, Utc};
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use crate::ids::OrganizationId;

/// A paper that is older than a certificate by no more was issued while that was being made.
const BEING_MADE: Duration = Duration::hours(1);

/// A time in which an organisation could issue papers that are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub issuer: Uuid,
    pub from: DateTime<Utc>,
    /// It holds no more.
    pub until: DateTime<Utc>,
}

/// Certificates of a profile that hold at `now` and whose key can be asked to sign here, the oldest first. The consortium's own are asked for by
/// their profile alone.
pub(super) fn good(
    all: &[CertificateFacts],
    profile: Profile,
    now: DateTime<Utc>,
) -> impl Iterator<Item = &CertificateFacts> {
    all.iter().filter(move |one| {
        // Nobody here can sign with a key that was made elsewhere, also where its certificate is the newest.
        (one.is_key_here || one.organization.is_none())
            && one.profile == profile
            && one.revocation.is_none()
            && one.not_before <= now
            && now < one.not_after
    })
}

/// The certificate with which an organisation seals at `now`: its newest.
pub(super) fn seal_of(
    all: &[CertificateFacts],
    organization: OrganizationId,
    now: DateTime<Utc>,
) -> Option<&CertificateFacts> {
    good(all, Profile::OrganizationSeal, now).filter(|one| one.organization == Some(organization.0)).last()
}

/// The times whose papers can be sealed at `now`, apart from each other: of each organisation that has a certificate to seal with, those in
/// which it had one, whatever became of that. What an organisation issued before it had any is in none of them.
pub(super) fn spans(all: &[CertificateFacts], now: DateTime<Utc>) -> Vec<Span> {
    let mut issuers: Vec<Uuid> = good(all, Profile::OrganizationSeal, now).filter_map(|one| one.organization).collect();
    issuers.sort_unstable();
    issuers.dedup();
    issuers.into_iter().flat_map(|issuer| spans_of(all, issuer)).collect()
}

fn spans_of(all: &[CertificateFacts], issuer: Uuid) -> Vec<Span> {
    let mut spans: Vec<Span> = all
        .iter()
        .filter(|one| one.profile == Profile::OrganizationSeal && one.organization == Some(issuer))
        // The key of one that was revoked may be gone; of any other it never was here.
        .filter(|one| one.is_key_here || one.revocation.is_some())
        .map(|one| {
            // In good faith until it was put out of force, whenever its key came into other hands.
            let until = one.revocation.map_or(one.not_after, |revocation| revocation.at.min(one.not_after));
            Span { issuer, from: one.not_before - BEING_MADE, until }
        })
        .filter(|span| span.from < span.until)
        .collect();
    spans.sort_unstable_by_key(|span| (span.from, span.until));
    let mut apart: Vec<Span> = Vec::new();
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
            _ => apart.push(span),
        }
    }
    apart
}

/// As of when a paper of `issuer` is sealed with a certificate that holds since `certified_since`: of its issue, or of the first moment of the
/// certificate where that came while the paper waited. None where its issuer had no certificate when it was issued.
pub(super) fn sealed_as_of(
    spans: &[Span],
    issuer: OrganizationId,
    issued_at: DateTime<Utc>,
    certified_since: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let holds = |span: &Span| span.issuer == issuer.0 && span.from <= issued_at && issued_at < span.until;
    spans.iter().any(holds).then(|| issued_at.max(certified_since))
}

#[cfg(test)]
mod tests {
    use jebena_signer::protocol::{Bytes, Revocation};
    use jebena_signer::x509::list::Reason;

    use super::*;

    const ISSUER: OrganizationId = OrganizationId(Uuid::from_u128(100));

    fn at(hours: i64) -> DateTime<Utc> {
        "2026-11-29T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::hours(hours)
    }

    /// A seal of the one organisation between two hours.
    fn seal(number: u128, from: i64, until: i64) -> CertificateFacts {
        CertificateFacts {
            certificate_id: Uuid::from_u128(number),
            profile: Profile::OrganizationSeal,
            organization: Some(ISSUER.0),
            certificate: Bytes(Vec::new()),
            serial: number.to_string(),
            not_before: at(from),
            not_after: at(until),
            is_key_here: true,
            revocation: None,
            changed_at: at(from),
        }
    }

    fn revoked(facts: CertificateFacts, hour: i64, reason: Reason) -> CertificateFacts {
        let invalid_from = Some(facts.not_before);
        CertificateFacts { revocation: Some(Revocation { at: at(hour), reason, invalid_from }), ..facts }
    }

    /// As of which hour a paper of an hour is sealed at another one.
    fn sealed(all: &[CertificateFacts], issued: i64, now: i64) -> Option<i64> {
        let by = seal_of(all, ISSUER, at(now))?;
        let as_of = sealed_as_of(&spans(all, at(now)), ISSUER, at(issued), by.not_before)?;
        Some((as_of - at(0)).num_hours())
    }

    #[test]
    fn a_paper_is_sealed_as_of_its_issue_and_none_of_before_the_certificate() {
        let one = [seal(1, 10, 100)];
        assert_eq!(sealed(&one, 12, 12), Some(12));
        assert_eq!(sealed(&one, 12, 90), Some(12));
        assert_eq!(sealed(&one, 9, 12), Some(10), "issued while it was being made");
        assert_eq!(sealed(&one, 8, 12), None, "it would say that the certificate was there");
        assert_eq!(sealed(&one, 12, 100), None, "nothing holds any more");
        assert_eq!(spans(&one, at(9)), []);
    }

    #[test]
    fn a_successor_seals_what_waited_as_of_its_own_beginning() {
        let next = seal(2, 60, 200);
        for before in [seal(1, 10, 100), seal(1, 10, 55), revoked(seal(1, 10, 100), 50, Reason::KeyCompromise)] {
            let both = [before, next.clone()];
            assert_eq!(sealed(&both, 20, 61), Some(60));
            assert_eq!(sealed(&both, 49, 150), Some(60));
            assert_eq!(sealed(&both, 70, 150), Some(70));
            assert_eq!(sealed(&both, 8, 61), None, "before the first");
        }
        let gone = CertificateFacts { is_key_here: false, ..revoked(seal(1, 10, 100), 50, Reason::KeyCompromise) };
        assert_eq!(sealed(&[gone.clone(), next.clone()], 49, 61), Some(60), "the key may be gone");
        assert_eq!(sealed(&[gone, next.clone()], 51, 61), None, "there was none between them");
        let elsewhere = CertificateFacts { is_key_here: false, ..seal(1, 10, 100) };
        assert_eq!(sealed(&[elsewhere, next.clone()], 49, 61), None, "nobody here could have sealed it");
        let held = revoked(seal(1, 10, 100), 50, Reason::CertificateHold);
        assert_eq!(sealed(&[held], 20, 51), None, "while it is suspended");
        let others = CertificateFacts { organization: Some(Uuid::from_u128(101)), ..seal(1, 10, 100) };
        assert_eq!(sealed(&[others, next], 49, 61), None);
    }

    #[test]
    fn spans_are_apart_so_that_no_paper_is_found_twice() {
        let all = [seal(1, 10, 30), seal(2, 20, 60), seal(3, 61, 70), seal(4, 100, 200)];
        let of = |from, until| Span { issuer: ISSUER.0, from: at(from), until: at(until) };
        assert_eq!(spans(&all, at(120)), [of(9, 70), of(99, 200)]);
    }
}
