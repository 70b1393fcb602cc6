//! The list of who may seal, made of what the signer knows and signed by it.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use jebena_signer::client::{ClientError, SignerClient};
use jebena_signer::protocol::{Answer, Bytes, CertificateFacts, Request};
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use jebena_trust::certificate::Certificate;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, Entry, EntryPurpose, Revocation, State, TrustList, VERSION};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::source::{NoList, Published, TrustSource};
use super::{moment, store};
use crate::database::Db;

/// How long what the signer said is believed: a revocation is on the list within seconds.
const FRESH: Duration = Duration::from_secs(3);
/// How long a page waits for the signer where a list is known already: one that hangs keeps no visitor for longer.
const PATIENCE: Duration = Duration::from_secs(2);
/// A list is good for a week: whoever is without a network works with it so long.
const LASTS_SECONDS: u64 = 7 * 24 * 3600;
/// A new list is made every hour even when nothing changed.
const EVERY_SECONDS: i64 = 3600;

/// The signer's list. Instances of the server that ask at about the same time make the same one: its moment is that of the last change, or
/// of the hour, and not that of the question.
#[derive(Debug)]
pub struct SignerSource {
    signer: SignerClient,
    db: Db,
    seen: Mutex<Seen>,
}

/// What came of the last look.
#[derive(Debug, Default)]
struct Seen {
    believed_until: Option<Instant>,
    /// Why the signer said nothing then.
    fault: Option<NoList>,
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    published: Published,
    of: Vec<CertificateFacts>,
    numbered: (u64, Moment),
}

impl Seen {
    fn is_fresh(&self) -> bool {
        self.believed_until.is_some_and(|until| Instant::now() < until)
    }

    /// The list as of the last look. What is known stays good until its end, as of its moment: a signer that is started anew takes no
    /// list away.
    fn list(&self, now: DateTime<Utc>) -> Result<Published, NoList> {
        match (&self.known, &self.fault) {
            (Some(known), None) => Ok(known.published.clone()),
            (Some(known), Some(_)) if known.numbered.1.plus(LASTS_SECONDS) > moment(now) => Ok(known.published.clone()),
            (_, Some(fault)) => Err(fault.clone()),
            (None, None) => Err(unreadable("nobody has looked yet")),
        }
    }
}

impl SignerSource {
    /// The list of this signer; the names of its holders are in the product's database.
    #[must_use]
    pub fn new(signer: SignerClient, db: Db) -> Self {
        Self { signer, db, seen: Mutex::default() }
    }

    async fn ask(&self) -> Result<Vec<CertificateFacts>, NoList> {
        match self.signer.ask(&Request::Certificates {}).await {
            Ok(Answer::Certificates { certificates }) => Ok(certificates),
            Ok(_) => Err(unreadable(ClientError::Strange)),
            Err(error) => Err(unreadable(error)),
        }
    }

    async fn make(
        &self,
        certificates: &[CertificateFacts],
        (sequence, issued_at): (u64, Moment),
    ) -> Result<Published, NoList> {
        let der_of = |profile: Profile| {
            let newest = certificates.iter().rfind(|one| one.profile == profile && one.revocation.is_none());
            newest
                .map(|one| one.certificate.0.clone())
                .ok_or_else(|| NoList::Unreadable("there is no authority yet".to_owned()))
        };
        let chain = vec![der_of(Profile::TrustList)?, der_of(Profile::IssuingCa)?, der_of(Profile::RootCa)?];
        let root = jebena_trust::sha256(chain.last().map(Vec::as_slice).unwrap_or_default());
        let list = TrustList {
            version: VERSION,
            sequence,
            issued_at,
            next_update: issued_at.plus(LASTS_SECONDS),
            root: hex::encode(root),
            issuers: certificates
                .iter()
                .filter(|one| one.profile == Profile::IssuingCa)
                .map(|one| String::from(one.certificate.clone()))
                .collect(),
            entries: self.entries(certificates).await?,
        };
        let to_be_signed = trust_list::to_be_signed(&list, &chain)?;
        let request = Request::SignTrustList { message: Bytes(to_be_signed.clone()) };
        let signed = self.signer.sign(&request).await.map_err(unreadable)?;
        let signer = Certificate::from_der(&signed.certificate).map_err(unreadable)?;
        let text = trust_list::assemble(&to_be_signed, &signed.signature, &signer)?;
        // As a stranger would read it, before any does.
        let verified = trust_list::verify(&text, &root, issued_at, None)?;
        Ok(Published::of(&text, verified, &root))
    }

    async fn entries(&self, certificates: &[CertificateFacts]) -> Result<Vec<Entry>, NoList> {
        let seals: Vec<(Uuid, &CertificateFacts)> = certificates
            .iter()
            .filter(|one| one.profile == Profile::OrganizationSeal)
            .filter_map(|one| Some((one.organization?, one)))
            .collect();
        let ids: Vec<Uuid> = seals.iter().map(|(holder, _)| *holder).collect();
        let holders = {
            let mut tx = self.db.begin_worker().await.map_err(unreadable)?;
            let holders = store::list_holders(&mut tx, &ids).await.map_err(unreadable)?;
            tx.commit().await.map_err(unreadable)?;
            holders
        };
        let mut entries = Vec::new();
        for (holder, facts) in seals {
            let Some(holder) = holders.iter().find(|one| one.id == holder) else { continue };
            let certificate = Certificate::from_der(&facts.certificate.0).map_err(unreadable)?;
            let names = (holder.code.as_str(), holder.name.as_str(), holder.name_am.as_str());
            entries.push(Entry::new(
                names,
                &certificate,
                vec![EntryPurpose::Seal, EntryPurpose::Document],
                state(facts),
            ));
        }
        Ok(entries)
    }
}

#[async_trait]
impl TrustSource for SignerSource {
    async fn current(&self, now: DateTime<Utc>) -> Result<Published, NoList> {
        let mut seen = self.seen.lock().await;
        if seen.is_fresh() {
            return seen.list(now);
        }
        let begun = Instant::now();
        let asked = match &seen.known {
            Some(_) => tokio::time::timeout(PATIENCE, self.ask()).await.unwrap_or(Err(unreadable(ClientError::Slow))),
            None => self.ask().await,
        };
        let certificates = match asked {
            Ok(certificates) => certificates,
            Err(error) => {
                tracing::warn!(%error, "the signer does not say who may seal");
                seen.fault = Some(error);
                // For as long as it took: those who wait behind this visitor do not each ask a signer that hangs.
                seen.believed_until = Some(Instant::now() + begun.elapsed());
                return seen.list(now);
            }
        };
        seen.fault = None;
        let numbered = numbered(&certificates, now);
        if seen.known.as_ref().is_none_or(|known| known.numbered != numbered || known.of != certificates) {
            // Something else is known than what the list of before says: if no other can be made it is not given.
            let published = self.make(&certificates, numbered).await?;
            seen.known = Some(Known { published, of: certificates, numbered });
        }
        seen.believed_until = Some(Instant::now() + FRESH);
        seen.list(now)
    }
}

/// Number and moment of the list: of the last change, or of the beginning of the hour where nothing changed in it. The number counts
/// milliseconds, so that two changes of one second make two lists.
fn numbered(certificates: &[CertificateFacts], now: DateTime<Utc>) -> (u64, Moment) {
    let hour = now.timestamp() - now.timestamp().rem_euclid(EVERY_SECONDS);
    let changed = certificates.iter().map(|one| one.changed_at.timestamp_millis()).max().unwrap_or_default();
    let number = changed.max(hour * 1000);
    (number.unsigned_abs(), Moment::from_unix(number / 1000).unwrap_or(Moment::EPOCH))
}

fn state(facts: &CertificateFacts) -> State {
    match facts.revocation {
        None => State::Good,
        Some(revocation) if revocation.reason == Reason::CertificateHold => {
            State::Suspended { since: moment(revocation.at) }
        }
        Some(revocation) => State::Revoked {
            since: moment(revocation.at),
            reason: match revocation.reason {
                Reason::KeyCompromise => Revocation::KeyCompromise,
                Reason::CaCompromise => Revocation::CaCompromise,
                Reason::AffiliationChanged => Revocation::AffiliationChanged,
                Reason::Superseded => Revocation::Superseded,
                Reason::CessationOfOperation => Revocation::CessationOfOperation,
                Reason::PrivilegeWithdrawn => Revocation::PrivilegeWithdrawn,
                Reason::Unspecified | Reason::CertificateHold | Reason::AaCompromise => Revocation::Unspecified,
            },
            invalidity_date: revocation.invalid_from.map(moment),
        },
    }
}

fn unreadable(error: impl std::fmt::Display) -> NoList {
    NoList::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(changed_at: &str) -> CertificateFacts {
        let changed_at: DateTime<Utc> = changed_at.parse().unwrap();
        CertificateFacts {
            certificate_id: Uuid::nil(),
            profile: Profile::OrganizationSeal,
            organization: None,
            certificate: Bytes(Vec::new()),
            serial: "1".to_owned(),
            not_before: changed_at,
            not_after: changed_at,
            is_key_here: true,
            revocation: None,
            changed_at,
        }
    }

    #[test]
    fn those_who_ask_in_one_hour_are_told_the_same_until_something_changes() {
        let old = [certificate("2026-11-01T00:00:00Z")];
        let at = |text: &str, certificates: &[CertificateFacts]| {
            let (number, moment) = numbered(certificates, text.parse().unwrap());
            (number % 1000, moment.to_string())
        };
        assert_eq!(at("2026-11-29T12:00:01Z", &old), at("2026-11-29T12:59:59Z", &old));
        assert_ne!(at("2026-11-29T12:59:59Z", &old), at("2026-11-29T13:00:00Z", &old));
        let changed = [certificate("2026-11-01T00:00:00Z"), certificate("2026-11-29T12:30:00.7Z")];
        assert_eq!(at("2026-11-29T12:30:05Z", &changed), (700, "2026-11-29T12:30:00Z".to_owned()));
    }
}
