//! Who may attach which documents to an export, until when one can be taken back, who may open them, who looks at
//! them and who may do without one. Pure.

use chrono::{DateTime, Utc};

use super::{Context, against_involved, stands_at};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::documents::checklist::Requirement;
use crate::documents::share::Exceeded;
use crate::documents::{Document, OTHER, Shut, Verdict};
use crate::exports::model::{Export, Stage};
use crate::exports::transitions::{self, ExportStep};

/// Why something is not done with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentRefusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// The viewer's role does not include it.
    MayNotAttach,
    /// The export is closed.
    Closed(Change),
    /// There is no such kind of document.
    UnknownType,
    /// Another organisation brings it.
    NotYoursToBring,
    /// Another organisation attached it.
    NotOwn,
    /// The case is no longer with who attached it: others have relied on it.
    TooLate(Change),
    /// It was replaced or removed before.
    Gone(Change),
    /// The export does not call for a document of this kind.
    NotAskedFor,
    /// Another organisation's step asks for it, or the viewer's role does not include looking at it.
    NotYoursToCheck,
    /// The request is still the exporter's own affair.
    NotSubmitted,
    /// The step that asks for it is passed: what was decided stands on it.
    StepPassed(Change),
    /// The viewer has a part in it: attached it, asked for the export, or decided another of its steps.
    OwnPart,
    /// That was found before.
    FoundBefore(Change),
    /// It is there: there is nothing to do without.
    IsThere,
    /// The export does without it already.
    WaivedBefore(Change),
    /// Nobody has waived it, or the waiver was taken back before.
    NotWaived,
    /// A scanner keeps it shut: nobody could have read it.
    Shut(Shut),
    /// There is no room for it.
    NoRoom(Exceeded),
}

/// Who changed something, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// By name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl DocumentRefusal {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::MayNotAttach => "documents-may-not-attach",
            Self::Closed(_) => "documents-export-closed",
            Self::UnknownType => "documents-choose-type",
            Self::NotYoursToBring => "documents-not-yours-to-bring",
            Self::NotOwn => "documents-removal-not-own",
            Self::TooLate(_) => "documents-removal-too-late",
            Self::Gone(_) => "documents-removal-gone",
            Self::NotAskedFor => "documents-not-asked-for",
            Self::NotYoursToCheck => "documents-not-yours-to-check",
            Self::NotSubmitted => "documents-not-submitted",
            Self::StepPassed(_) => "documents-step-passed",
            Self::OwnPart => "documents-own-part",
            Self::FoundBefore(_) => "documents-found-before",
            Self::IsThere => "documents-is-there",
            Self::WaivedBefore(_) => "documents-waived-before",
            Self::NotWaived => "documents-not-waived",
            Self::Shut(shut) => shut.text_id(),
            Self::NoRoom(_) => "documents-no-room",
        }
    }
}

impl std::fmt::Display for DocumentRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

/// Whether an organisation of `kind` brings documents of a type that `provided_by` normally brings. The
/// exporter brings everything but the bank's and the carrier's own papers.
#[must_use]
pub fn may_bring(kind: OrganizationKind, document_type: &str, provided_by: &str) -> bool {
    let of_bank_or_carrier = [OrganizationKind::CommercialBank, OrganizationKind::ShippingLine]
        .iter()
        .any(|other| other.code() == provided_by);
    match kind {
        OrganizationKind::Exporter => !of_bank_or_carrier,
        OrganizationKind::CommercialBank
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::Auditor
        | OrganizationKind::Administration => document_type == OTHER || provided_by == kind.code(),
    }
}

/// Whether `actor` may attach documents to an export that they see.
#[must_use]
pub const fn may_attach(export: &Export, actor: &Actor) -> bool {
    actor.may(Permission::AttachDocuments) && export.state.is_open()
}

/// What stands against `actor` taking a document back. It has to be their organisation's, and the case has to
/// be with them, so that nobody has relied upon it since. `changed_by` is who changed the export last, by name.
#[must_use]
pub fn against_removing(
    export: &Export,
    changed_by: &str,
    document: &Document,
    actor: &Actor,
) -> Option<DocumentRefusal> {
    let last_change = || Change { by: changed_by.to_owned(), at: export.changed_at };
    if !actor.may(Permission::AttachDocuments) {
        Some(DocumentRefusal::MayNotAttach)
    } else if document.organization_id != actor.organization.id {
        Some(DocumentRefusal::NotOwn)
    } else if let Some(ended) = &document.ended {
        Some(DocumentRefusal::Gone(Change { by: ended.by_name.clone(), at: ended.at }))
    } else if !export.state.is_open() {
        Some(DocumentRefusal::Closed(last_change()))
    } else if export.queue_organization_id == Some(actor.organization.id) {
        None
    } else {
        Some(DocumentRefusal::TooLate(last_change()))
    }
}

/// The step that asks for a document.
#[must_use]
pub fn step_asking(rule: &Requirement) -> Option<&'static ExportStep> {
    let stage = Stage::from_code(&rule.needed_for_stage)?;
    transitions::STEPS.iter().find(|step| step.from.stage == stage)
}

/// What stands against `actor` judging the documents that `rule` asks for, with the permission that the act needs. It is
/// for the organisation at whose step they are needed, with the permission of that step too, from the submission on until
/// the step is passed.
fn against_judging(
    export: &Export,
    rule: Option<&Requirement>,
    actor: &Actor,
    needs: Permission,
    context: &Context,
) -> Option<DocumentRefusal> {
    let Some(rule) = rule else { return Some(DocumentRefusal::NotAskedFor) };
    let Some(step) = step_asking(rule).filter(|step| stands_at(export, step, actor) && actor.may(needs)) else {
        return Some(DocumentRefusal::NotYoursToCheck);
    };
    let last_change = || Change { by: context.changed_by_name.clone(), at: export.changed_at };
    if !export.state.is_open() {
        Some(DocumentRefusal::Closed(last_change()))
    } else if export.state.stage == Stage::Preparation {
        Some(DocumentRefusal::NotSubmitted)
    } else if context.prior.iter().any(|prior| prior.kind == step.kind) {
        Some(DocumentRefusal::StepPassed(last_change()))
    } else if !against_involved(export, step.kind, actor, context).is_empty() {
        Some(DocumentRefusal::OwnPart)
    } else {
        None
    }
}

/// What stands against `actor` finding `verdict` about a document, which `rule` asks for.
#[must_use]
pub fn against_checking(
    export: &Export,
    rule: Option<&Requirement>,
    document: &Document,
    verdict: Verdict,
    actor: &Actor,
    context: &Context,
) -> Option<DocumentRefusal> {
    against_judging(export, rule, actor, Permission::CheckDocuments, context).or_else(|| {
        if let Some(ended) = &document.ended {
            return Some(DocumentRefusal::Gone(Change { by: ended.by_name.clone(), at: ended.at }));
        }
        if document.uploaded_by == actor.user_id {
            return Some(DocumentRefusal::OwnPart);
        }
        if let Some(shut) = document.scan.shut() {
            return Some(DocumentRefusal::Shut(shut));
        }
        let before = document.check.as_ref().filter(|check| check.verdict == verdict)?;
        Some(DocumentRefusal::FoundBefore(Change { by: before.by_name.clone(), at: before.at }))
    })
}

/// What stands against `actor` letting the export do without what `rule` asks for. A supervisor's word: who says that a
/// document is not needed is not one of those who would have looked at it.
#[must_use]
pub fn against_waiving(
    export: &Export,
    rule: Option<&Requirement>,
    standing: Stand<'_>,
    actor: &Actor,
    context: &Context,
) -> Option<DocumentRefusal> {
    against_judging(export, rule, actor, Permission::WaiveDocuments, context).or(match standing {
        Stand::Lacking => None,
        Stand::There => Some(DocumentRefusal::IsThere),
        Stand::Waived { by, at } => Some(DocumentRefusal::WaivedBefore(Change { by: by.to_owned(), at })),
    })
}

/// What stands against `actor` taking a waiver back.
#[must_use]
pub fn against_revoking(
    export: &Export,
    rule: Option<&Requirement>,
    standing: Stand<'_>,
    actor: &Actor,
    context: &Context,
) -> Option<DocumentRefusal> {
    against_judging(export, rule, actor, Permission::WaiveDocuments, context)
        .or_else(|| (!matches!(standing, Stand::Waived { .. })).then_some(DocumentRefusal::NotWaived))
}

/// How a kind of document stands, for who may do without it.
#[derive(Debug, Clone, Copy)]
pub enum Stand<'a> {
    /// Missing, or rejected.
    Lacking,
    /// A document, or what does for it.
    There,
    /// The export does without it.
    Waived {
        /// By whose word, by name.
        by: &'a str,
        /// When.
        at: DateTime<Utc>,
    },
}

/// Whether `actor`, who sees the export, may know of this document: one that was removed is for who had attached it
/// and for the auditor. Whether it is opened is the scanner's to say, too.
#[must_use]
pub fn may_find(document: &Document, actor: &Actor) -> bool {
    !document.is_removed()
        || document.organization_id == actor.organization.id
        || actor.organization.kind == OrganizationKind::Auditor
}

/// Whether `actor`, who sees the export, may open this document.
#[must_use]
pub fn may_open(document: &Document, actor: &Actor) -> bool {
    may_find(document, actor) && document.scan.against_opening(document.organization_id, actor).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organisation_brings_its_own_papers() {
        use OrganizationKind as O;
        for (kind, document_type, provided_by, may) in [
            (O::Exporter, "INVOICE", "EXPORTER", true),
            (O::Exporter, "CUSTOMS_DECLARATION", "CUSTOMS", true),
            (O::Exporter, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", false),
            (O::Exporter, "BILL_OF_LADING", "SHIPPING_LINE", false),
            (O::Exporter, OTHER, "EXPORTER", true),
            (O::CommercialBank, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", true),
            (O::CommercialBank, "INVOICE", "EXPORTER", false),
            (O::CommercialBank, OTHER, "EXPORTER", true),
            (O::ShippingLine, "BILL_OF_LADING", "SHIPPING_LINE", true),
            (O::ShippingLine, "LETTER_OF_CREDIT", "COMMERCIAL_BANK", false),
            (O::Customs, "CUSTOMS_DECLARATION", "CUSTOMS", true),
        ] {
            assert_eq!(may_bring(kind, document_type, provided_by), may, "{kind} {document_type}");
        }
    }
}
