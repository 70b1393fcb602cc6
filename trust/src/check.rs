//! A seal held against a verified list, at a moment.
//!
//! The certificate of the signer has to be valid, and not revoked, at the moment at which the paper was issued, not at the
//! moment of the check: a seal made before its certificate ended stays good, as long as the paper itself is in force. The
//! moment of issue is the signer's own word. That is why a key that came into other hands is another matter: who has it
//! can write any date, and of a seal that says to be older nothing is certain without the site.

use serde::Serialize;

use crate::{
    claims::Claims,
    code::Code,
    moment::Moment,
    seal,
    trust_list::{Entry, EntryPurpose, State, Verified},
    verdict::{Reason, Verdict},
};

/// How far the clock of who checks may be behind the signer's.
const PATIENCE_SECONDS: u64 = 300;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// What the seal says. There also where the verdict is bad: it may be a forger's word then.
    pub claims: Option<Claims>,
    /// Whose certificate has signed, once the signature is known to fit.
    pub signer: Option<Signer>,
    /// As of when it is known: nothing that happened later is in it.
    pub as_of: Option<AsOf>,
}

/// Who has signed, by the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// The code of the organisation.
    pub organization: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// By which seals name the certificate.
    pub key_id: String,
}

/// The list that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// When it was made.
    pub issued_at: Moment,
    /// By when there is a newer one.
    pub next_update: Moment,
    /// Its number.
    pub sequence: u64,
}

impl Outcome {
    /// A verdict about something of which nothing more is known.
    #[must_use]
    pub const fn bare(verdict: Verdict, reason: Reason) -> Self {
        Self { verdict, reason, claims: None, signer: None, as_of: None }
    }

    /// The same seal in the address of a paper with this code, or beside it: a seal of another paper proves nothing of
    /// this one.
    #[must_use]
    pub fn beside(self, code: &Code) -> Self {
        match &self.claims {
            Some(claims) if claims.code != *code => {
                Self { verdict: Verdict::Altered, reason: Reason::OtherPaper, ..self }
            }
            _ => self,
        }
    }

    /// The same seal on a paper whose content has this hash.
    #[must_use]
    pub fn of_content(self, content_sha256: &[u8; 32]) -> Self {
        match &self.claims {
            Some(claims) if claims.content_sha256 != *content_sha256 => {
                Self { verdict: Verdict::Altered, reason: Reason::OtherContent, ..self }
            }
            _ => self,
        }
    }
}

/// Checks a seal against a list at a moment.
#[must_use]
pub fn check_seal(cose: &[u8], list: &Verified, at: Moment) -> Outcome {
    let as_of =
        AsOf { issued_at: list.list().issued_at, next_update: list.list().next_update, sequence: list.list().sequence };
    let seal = match seal::parse(cose) {
        Ok(seal) => seal,
        Err(error) => {
            let reason = Reason::NotASeal { what: error.to_string() };
            return Outcome { as_of: Some(as_of), ..Outcome::bare(Verdict::NotAProof, reason) };
        }
    };
    let found = list.find(&seal.key_id);
    let (verdict, reason) = match found {
        None => (Verdict::SignerNotTrusted, Reason::UnknownSigner { key_id: hex::encode(seal.key_id) }),
        Some((_, key)) if seal.verify(key).is_err() => (Verdict::Altered, Reason::Signature),
        Some((entry, _)) => judge(&seal.claims, entry, at),
    };
    let signer = found.filter(|_| reason != Reason::Signature).map(|(entry, _)| Signer {
        organization: entry.organization.clone(),
        name_en: entry.name_en.clone(),
        name_am: entry.name_am.clone(),
        key_id: entry.key_id.clone(),
    });
    Outcome { verdict, reason, claims: Some(seal.claims), signer, as_of: Some(as_of) }
}

/// What claims are worth whose signature fits the certificate of `entry`.
fn judge(claims: &Claims, entry: &Entry, at: Moment) -> (Verdict, Reason) {
    let issued_at = claims.issued_at;
    if !entry.purposes.contains(&EntryPurpose::Seal) {
        return (Verdict::SignerNotTrusted, Reason::OtherPurpose);
    }
    if claims.issuer != entry.organization {
        return (Verdict::SignerNotTrusted, Reason::OtherOrganization { signer: entry.organization.clone() });
    }
    if issued_at < entry.not_before || issued_at > entry.not_after {
        let reason = Reason::OutsideCertificate { from: entry.not_before, until: entry.not_after };
        return (Verdict::SignerNotTrusted, reason);
    }
    if issued_at > at.plus(PATIENCE_SECONDS) {
        return (Verdict::CannotTell, Reason::IssuedLater { issued_at });
    }
    match entry.state {
        State::Good => {}
        State::Suspended { since } if issued_at >= since => {
            return (Verdict::SignerSuspended, Reason::CertificateSuspended { since });
        }
        State::Suspended { .. } => {}
        State::Revoked { since, reason, invalidity_date } => {
            let since = invalidity_date.map_or(since, |earlier| earlier.min(since));
            if issued_at >= since {
                let why = reason.code().to_owned();
                return (Verdict::SignerRevoked, Reason::CertificateRevoked { since, why });
            }
            if reason.is_compromise() {
                return (Verdict::CannotTell, Reason::KeyCompromised { since });
            }
        }
    }
    if let Some(from) = claims.valid_from.filter(|from| *from > at) {
        return (Verdict::NotYetValid, Reason::NotBefore { from });
    }
    if let Some(since) = claims.valid_until.filter(|until| *until <= at) {
        return (Verdict::Expired, Reason::Over { since });
    }
    (Verdict::Valid, Reason::SealHolds)
}
