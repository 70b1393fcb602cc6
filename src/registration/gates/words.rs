//! Gates in words: where each stands, why, and where one goes on.

use super::model::{Gate, GateKind, Why};
use crate::auth::{Actor, Permission};
use crate::i18n::Lang;
use crate::ids::OrganizationId;
use crate::quantities::grouped_fixed;
use crate::registration::applications::may_see;
use crate::review::SubjectKind;
use crate::web::components::{Check, Moment, Tone};

/// The gates of the firm of `owner` as a list of checks, those that are closed with their reason and, for who can do
/// something about it, with a link to where.
#[must_use]
pub fn gate_checks(gates: &[Gate], owner: OrganizationId, viewer: &Actor, lang: Lang) -> Vec<Check> {
    gates.iter().map(|gate| check(gate, owner, viewer, lang)).collect()
}

fn check(gate: &Gate, owner: OrganizationId, viewer: &Actor, lang: Lang) -> Check {
    let name = lang.name_of("gate", gate.kind.code());
    let (tone, state) = match (gate.closed, gate.until) {
        (None, None) => (Tone::Good, lang.t("gate-state-open")),
        (None, Some(until)) => {
            (Tone::Good, lang.fill("gate-state-until", [("date", Moment::legal_day(lang, until).text)]))
        }
        (Some(why), _) => (tone_of(why), why_in_words(why, lang)),
    };
    Check { tone, text: format!("{name}: {state}"), href: href(gate, owner, viewer) }
}

const fn tone_of(why: Why) -> Tone {
    match why {
        Why::Waiting => Tone::Info,
        Why::NotApplied | Why::Returned | Why::CapitalUnverified => Tone::Warn,
        Why::Rejected
        | Why::Suspended
        | Why::Revoked
        | Why::Expired(_)
        | Why::CapitalBelow { .. }
        | Why::NoThreshold
        | Why::NotExclusive
        | Why::CertificateNotInForce => Tone::Bad,
    }
}

fn why_in_words(why: Why, lang: Lang) -> String {
    match why {
        Why::NotApplied => lang.t("gate-why-not-applied"),
        Why::Waiting => lang.t("gate-why-waiting"),
        Why::Returned => lang.t("gate-why-returned"),
        Why::Rejected => lang.t("gate-why-rejected"),
        Why::Suspended => lang.t("gate-why-suspended"),
        Why::Revoked => lang.t("gate-why-revoked"),
        Why::Expired(last) => lang.fill("gate-why-expired", [("date", Moment::legal_day(lang, last).text)]),
        Why::CapitalUnverified => lang.t("gate-why-capital-unverified"),
        Why::CapitalBelow { verified, threshold } => lang.fill(
            "gate-why-capital-below",
            [("verified", grouped_fixed(verified, 2)), ("threshold", grouped_fixed(threshold, 2))],
        ),
        Why::NoThreshold => lang.t("gate-why-no-threshold"),
        Why::NotExclusive => lang.t("gate-why-not-exclusive"),
        Why::CertificateNotInForce => lang.t("gate-why-certificate"),
    }
}

/// What a gate is about.
#[must_use]
pub const fn subject_of(kind: GateKind) -> SubjectKind {
    match kind {
        GateKind::Profile | GateKind::Capital => SubjectKind::Profile,
        GateKind::Laboratory => SubjectKind::Laboratory,
        GateKind::Taster => SubjectKind::Taster,
        GateKind::Competence => SubjectKind::Competence,
        GateKind::License => SubjectKind::License,
    }
}

/// Where the next thing about it is done, or where it stands.
fn href(gate: &Gate, owner: OrganizationId, viewer: &Actor) -> Option<String> {
    let kind = subject_of(gate.kind);
    if !may_see(kind, viewer) {
        return None;
    }
    let is_own = viewer.organization.id == owner && viewer.may(Permission::ApplyToExport);
    let place = format!("/registration/{}", kind.slug());
    match (gate.row, gate.closed) {
        (None, _) => is_own.then(|| format!("{place}/new")),
        (Some(row), Some(Why::Expired(_) | Why::Returned | Why::Rejected)) if is_own => {
            Some(format!("{place}/{row}/form"))
        }
        (Some(row), _) => Some(format!("{place}/{row}")),
    }
}
