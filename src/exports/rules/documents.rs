//! Who may attach which documents to an export, until when one can be taken back, who may open them. Pure.

use chrono::{DateTime, Utc};

use crate::auth::{Actor, OrganizationKind, Permission};
use crate::documents::{Document, OTHER};
use crate::exports::model::Export;

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

/// Whether `actor`, who sees the export, may open this document: one that was removed is read by who had
/// attached it and by the auditor.
#[must_use]
pub fn may_open(document: &Document, actor: &Actor) -> bool {
    !document.is_removed()
        || document.organization_id == actor.organization.id
        || actor.organization.kind == OrganizationKind::Auditor
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
