//! What may become of a paper, and by whom. Pure: the page asks for its buttons, the service asks again.

use super::model::{OtherCertificate, PaperKind, PaperLine, PaperState};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::exports::Export;
use crate::exports::model::Stage;
use crate::exports::rules::{self, Refusal, RefusalKind};
use crate::exports::service::Refusals;
use crate::workflow::{CommandError, FieldProblems};

/// Why something is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum PaperRefusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// Not for one's organisation or role.
    NotYours,
    /// Four eyes: one has decided another step of this export.
    DecidedAnotherStep,
    /// It is not in the state in which this can be done to it (any more).
    NotInForce {
        /// What it is worth.
        state: PaperState,
    },
    /// It is not withdrawn by itself: what was granted is suspended or revoked, or the inspection superseded.
    NotByItself,
    /// Somebody was quicker.
    Changed,
    /// A certificate of this kind is on record for the export.
    OnRecord,
    /// What stands against it on the export's side.
    Export(Refusal),
    /// Something about the form.
    Invalid(FieldProblems),
}

impl PaperRefusal {
    /// What the answer to the browser is.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::NotYours | Self::DecidedAnotherStep => RefusalKind::Forbidden,
            Self::NotInForce { .. } | Self::NotByItself | Self::Changed | Self::OnRecord => RefusalKind::Conflict,
            Self::Export(refusal) => refusal.kind(),
            Self::Invalid(_) => RefusalKind::Invalid,
        }
    }

    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "papers-refused-not-found",
            Self::NotYours => "papers-refused-not-yours",
            Self::DecidedAnotherStep => "papers-refused-another-step",
            Self::NotInForce { .. } => "papers-refused-not-in-force",
            Self::NotByItself => "papers-refused-not-by-itself",
            Self::Changed => "papers-refused-changed",
            Self::OnRecord => "papers-refused-on-record",
            Self::Export(refusal) => refusal.text_id(),
            Self::Invalid(_) => "refusal-invalid",
        }
    }
}

/// Everything that stands against a command on a paper.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperRefusals(pub Vec<PaperRefusal>);

impl PaperRefusals {
    /// What the answer to the browser is: that of the first, which weighs most.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.0.first().map_or(RefusalKind::Conflict, PaperRefusal::kind)
    }
}

impl std::fmt::Display for PaperRefusals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for refusal in &self.0 {
            write!(f, "{} ", refusal.text_id())?;
        }
        Ok(())
    }
}

/// How a command on a paper fails.
pub type PaperFailure = CommandError<PaperRefusals>;

impl From<PaperRefusal> for PaperFailure {
    fn from(refusal: PaperRefusal) -> Self {
        Self::Refused(PaperRefusals(vec![refusal]))
    }
}

impl From<CommandError<Refusals>> for PaperFailure {
    fn from(failure: CommandError<Refusals>) -> Self {
        match failure {
            CommandError::Refused(Refusals(refusals)) => {
                let ours = |refusal| match refusal {
                    Refusal::NotFound => PaperRefusal::NotFound,
                    Refusal::Invalid(problems) => PaperRefusal::Invalid(problems),
                    other => PaperRefusal::Export(other),
                };
                Self::Refused(PaperRefusals(refusals.into_iter().map(ours).collect()))
            }
            CommandError::KeyReused => Self::KeyReused,
            CommandError::Database(error) => Self::Database(error),
        }
    }
}

/// What stands against taking a paper back: an unused permit is cancelled, a certificate of origin revoked.
#[must_use]
pub fn against_withdrawing(paper: &PaperLine, actor: &Actor) -> Option<PaperRefusal> {
    if !is_for_supervisor(actor) {
        return Some(PaperRefusal::NotYours);
    }
    if !matches!(paper.kind, PaperKind::ExportPermit | PaperKind::IcoCertificate) {
        return Some(PaperRefusal::NotByItself);
    }
    (paper.state != PaperState::Valid).then_some(PaperRefusal::NotInForce { state: paper.state })
}

/// What stands against issuing another certificate of origin in the place of one that is in force or was revoked.
/// Whoever issues it puts their name to it, so that the four eyes of the walk hold here too.
#[must_use]
pub fn against_replacing(paper: &PaperLine, actor: &Actor, decided_another_step: bool) -> Option<PaperRefusal> {
    if !is_for_supervisor(actor) {
        return Some(PaperRefusal::NotYours);
    }
    if paper.kind != PaperKind::IcoCertificate {
        return Some(PaperRefusal::NotByItself);
    }
    if !matches!(paper.state, PaperState::Valid | PaperState::Revoked) {
        return Some(PaperRefusal::NotInForce { state: paper.state });
    }
    decided_another_step.then_some(PaperRefusal::DecidedAnotherStep)
}

/// What stands against issuing a marked duplicate of a paper whose sheet was lost.
#[must_use]
pub fn against_reissuing(paper: &PaperLine, actor: &Actor) -> Option<PaperRefusal> {
    if actor.organization.kind != OrganizationKind::Ecta || !actor.may(Permission::ReissuePapers) {
        return Some(PaperRefusal::NotYours);
    }
    // Of its own papers the exporter prints as many copies as it likes.
    if paper.kind.is_of_exporter() {
        return Some(PaperRefusal::NotByItself);
    }
    // What is not good any more is not made good by a new sheet.
    (!paper.state.is_good()).then_some(PaperRefusal::NotInForce { state: paper.state })
}

fn is_for_supervisor(actor: &Actor) -> bool {
    actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::WithdrawPapers)
}

/// What stands against recording a certificate of origin that another has issued: the chamber's, or the exporter's own
/// statement for the EU. The exporter brings it, or the authority.
#[must_use]
pub fn against_recording(export: &Export, actor: &Actor) -> Option<PaperRefusal> {
    let is_exporter = rules::is_exporter_of(export, actor, Permission::PrepareCommercialPapers);
    let is_authority = actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::IssueOrigin);
    if !is_exporter && !is_authority {
        return Some(PaperRefusal::NotYours);
    }
    // Before it is submitted there is nothing of which to certify the origin; a cancelled one never left.
    let is_too_early = export.state.stage == Stage::Preparation;
    let is_given_up = export.state == crate::exports::transitions::CANCELLED;
    (is_too_early || is_given_up).then_some(PaperRefusal::Export(Refusal::NoPermit))
}

/// What stands against striking out one that is on record: whoever put it there does.
#[must_use]
pub fn against_striking(certificate: &OtherCertificate, actor: &Actor) -> Option<PaperRefusal> {
    let may = actor.may(Permission::PrepareCommercialPapers) || actor.may(Permission::IssueOrigin);
    if certificate.organization_id != actor.organization.id || !may {
        return Some(PaperRefusal::NotYours);
    }
    certificate.withdrawn.is_some().then_some(PaperRefusal::Changed)
}

#[cfg(test)]
mod tests;
