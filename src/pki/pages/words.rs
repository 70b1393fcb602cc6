//! Words that the pages of this area share.

use chrono::{DateTime, Utc};
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use crate::calendar::eat_date;
use crate::i18n::Lang;
use crate::ids::{OrganizationId, UserId};
use crate::organizations::directory::Names;
use crate::pki::rules::{self, OVER, Standing, State};
use crate::web::components::{Moment, Tag, Tone};

/// A day in both calendars.
pub(super) fn day(lang: Lang, at: DateTime<Utc>) -> String {
    Moment::legal_day(lang, eat_date(at)).text
}

pub(super) fn moment(lang: Lang, at: DateTime<Utc>) -> String {
    Moment::at(lang, at).text
}

/// What a certificate is worth at `now`.
pub(super) fn state_of(facts: &CertificateFacts, now: DateTime<Utc>) -> State {
    rules::state((facts.not_before, facts.not_after), facts.revocation, now)
}

pub(super) fn state_tag(state: State, lang: Lang) -> Tag {
    let tone = match state {
        State::InForce => Tone::Good,
        State::Ending | State::Suspended => Tone::Warn,
        State::Revoked => Tone::Bad,
        State::Expired | State::NotYet => Tone::Neutral,
    };
    Tag::new(lang.name_of("pki-state", state.code()), tone)
}

/// Of what is about to end and has no successor among `all`, within how many days; the nearer, the louder.
pub(super) fn rung_tag(
    facts: &CertificateFacts,
    all: &[CertificateFacts],
    now: DateTime<Utc>,
    lang: Lang,
) -> Option<Tag> {
    let rung = rules::due(facts, all, now).filter(|rung| *rung > OVER)?;
    let tone = if rung <= 14 { Tone::Bad } else { Tone::Warn };
    Some(Tag::new(lang.t_args("pki-within", &[("days", rung.into())]), tone))
}

/// How loud a standing is said.
pub(super) const fn standing_tone(standing: Standing) -> Tone {
    match standing {
        Standing::Open => Tone::Warn,
        Standing::Issuing => Tone::Info,
        Standing::Issued => Tone::Good,
        Standing::Rejected | Standing::Failed => Tone::Bad,
        Standing::Withdrawn | Standing::Expired => Tone::Neutral,
    }
}

pub(super) fn kind(profile: Profile, lang: Lang) -> String {
    lang.name_of("pki-kind", profile.code())
}

/// Whose a certificate is.
pub(super) fn holder(names: &Names, organization: Option<Uuid>, lang: Lang) -> String {
    match organization {
        None => lang.t("pki-consortium"),
        Some(id) => names.of(id, lang).map_or_else(|| id.to_string(), str::to_owned),
    }
}

pub(super) fn organization(names: &Names, id: OrganizationId, lang: Lang) -> String {
    holder(names, Some(id.0), lang)
}

pub(super) fn person(names: &Names, id: UserId, lang: Lang) -> String {
    names.of(id, lang).map_or_else(|| lang.t("audit-unknown"), str::to_owned)
}

/// A hash as people compare it: in groups, which also lets a narrow screen break it.
pub(super) fn digest(bytes: &[u8]) -> String {
    let digits = hex::encode(bytes);
    let groups: Vec<&str> =
        (0..digits.len()).step_by(8).filter_map(|at| digits.get(at..(at + 8).min(digits.len()))).collect();
    groups.join(" ")
}

/// A hash as it was sent back.
pub(super) fn read_digest(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.split_whitespace().collect::<String>()).ok()
}

/// The attribute organizationIdentifier, which RFC 4514 has no name for and writes in hexadecimal.
const IDENTIFIER: &str = "2.5.4.97=#";

/// A name as RFC 4514 writes it, with the number of the organisation to be read: a stranger compares it with what they know.
pub(super) fn distinguished(name: &str) -> String {
    let readable = || {
        let (before, rest) = name.split_once(IDENTIFIER)?;
        let (digits, after) = rest.split_at(rest.find([',', '+']).unwrap_or(rest.len()));
        // Tag and length before the text; a longer one than 127 bytes stays as it is.
        let value = hex::decode(digits).ok()?;
        let (header, text) = value.split_at_checked(2)?;
        let text = std::str::from_utf8(text).ok().filter(|text| usize::from(header[1]) == text.len())?;
        Some(format!("{before}organizationIdentifier={text}{after}"))
    };
    readable().unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use jebena_signer::x509::list::Reason;
    use jebena_signer::x509::request::Flaw;

    use super::*;
    use crate::pki::model::{ActKind, RevocationReason, Verdict};
    use crate::pki::rules::{NotNow, Refusal};

    #[test]
    fn a_digest_is_shown_in_groups_and_read_back() {
        let bytes: Vec<u8> = (0..32).collect();
        assert!(digest(&bytes).starts_with("00010203 04050607 "));
        assert_eq!(read_digest(&digest(&bytes)), Some(bytes));
        assert_eq!(read_digest("xyz"), None);
    }

    #[test]
    fn everything_has_its_words() {
        let flaws = [
            Flaw::TooLong,
            Flaw::NotARequest,
            Flaw::Version,
            Flaw::WeakKey,
            Flaw::OtherKey,
            Flaw::OtherCurve,
            Flaw::NotAPoint,
            Flaw::OtherAlgorithm,
            Flaw::Signature,
            Flaw::KnownKey,
            Flaw::NoName,
            Flaw::NameTwice,
            Flaw::NamePart,
            Flaw::ForeignName,
            Flaw::NameLength,
            Flaw::NameEncoding,
            Flaw::NameUnseen,
            Flaw::NameLookAlike,
            Flaw::Authority,
            Flaw::FurtherNames,
            Flaw::OtherUse,
            Flaw::Extension,
            Flaw::Twice,
            Flaw::Attribute,
        ];
        let refusals = [
            Refusal::Requester,
            Refusal::OwnOrganization,
            Refusal::NotAnApprover,
            Refusal::SamePerson,
            Refusal::SameOrganization,
            Refusal::OtherDigest,
            Refusal::Closed,
            Refusal::NotTheirs,
        ];
        for &lang in Lang::ALL {
            let has = |family: &str, code: &str| assert!(!lang.name_of(family, code).is_empty(), "{family} {code}");
            flaws.iter().for_each(|flaw| has("pki-flaw", &flaw.code()));
            Profile::ALL.iter().for_each(|profile| has("pki-kind", profile.code()));
            Profile::ALL.iter().for_each(|profile| has("pki-purpose", profile.code()));
            Reason::ALL.iter().for_each(|reason| has("pki-reason", reason.code()));
            State::ALL.iter().for_each(|state| has("pki-state", state.code()));
            let of_requests = || Standing::ALL.iter().filter(|standing| **standing != Standing::Failed);
            of_requests().for_each(|standing| has("pki-standing", standing.code()));
            // What waits says how many have approved.
            let bare = of_requests().filter(|standing| **standing != Standing::Open);
            bare.for_each(|standing| has("pki-standing-means", standing.code()));
            Verdict::ALL.iter().for_each(|verdict| has("pki-verdict", verdict.code()));
            for kind in ActKind::ALL {
                let families = ["pki-act", "pki-act-offer", "pki-act-title", "pki-act-submit", "pki-act-means"];
                families.iter().for_each(|family| has(family, kind.code()));
            }
            for code in ["ISSUING", "ISSUED", "READY", "HANDED_OUT", "REJECTED", "WITHDRAWN", "EXPIRED", "FAILED"] {
                ["pki-act-standing", "pki-act-standing-means"].iter().for_each(|family| has(family, code));
            }
            [NotNow::NotTheirs, NotNow::State, NotNow::NoKey].iter().for_each(|one| has("pki-not-now", one.code()));
            RevocationReason::ALL.iter().for_each(|reason| has("pki-reason", reason.code()));
            refusals.iter().for_each(|refusal| has("pki-refusal", refusal.code()));
            ["scheduled", "manual", "compromise", "emergency"].iter().for_each(|kind| has("pki-rotation", kind));
            ["in_progress", "completed", "failed", "rolled_back"]
                .iter()
                .for_each(|status| has("pki-rotation-status", status));
        }
    }

    #[test]
    fn the_number_of_an_organisation_can_be_read() {
        let name = "CN=Seal of X,2.5.4.97=#0c074e545245542d58,O=X,C=ET";
        assert_eq!(distinguished(name), "CN=Seal of X,organizationIdentifier=NTRET-X,O=X,C=ET");
        assert_eq!(distinguished("2.5.4.97=#0c0158"), "organizationIdentifier=X");
        for other in ["CN=X,O=Y", "2.5.4.97=#0c0258,C=ET", "2.5.4.97=#zz", "2.5.4.97=#", "2.5.4.97=#0c01ff"] {
            assert_eq!(distinguished(other), other);
        }
    }
}
