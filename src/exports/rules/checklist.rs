//! Which documents a case asks for, and which of them it lacks. Pure.

use super::documents::Stand;
use crate::auth::{Actor, Permission};
use crate::documents::checklist::{Requirement, Terms, required};
use crate::documents::{Check, Filed, Shut, Verdict, Waiver};
use crate::exports::PaperLine;
use crate::exports::model::{Export, Stage};
use crate::exports::transitions;

/// The document that the proforma does for.
const INVOICE: &str = "INVOICE";
/// As an export notes it, beside its documents, once its exporter has issued one.
const PROFORMA: &str = "PROFORMA_INVOICE";
/// The document for which the reference of the buyer's due diligence statement does.
pub const EUDR_STATEMENT: &str = "EUDR_STATEMENT";
/// The other documents that an exporter issues here, by the name that the paper has as well.
const ISSUED_HERE: [&str; 2] = ["PACKING_LIST", "WEIGHT_CERTIFICATE"];

/// The documents that the authority grants here, by the name that the paper has as well. Which of its papers count for an
/// export is the database's to say (`gate.granted_papers`); what became of them since takes nothing away.
const GRANTED: [&str; 3] = ["EXPORT_LICENSE", "COMPETENCE_CERTIFICATE", "QUALITY_CERTIFICATE"];

/// The terms by which the checklist is drawn up.
pub fn terms_of(export: &Export, destination_is_eu: bool) -> Terms<'_> {
    Terms {
        payment_method: &export.payment_method,
        incoterm: &export.incoterm,
        destination: &export.destination_country,
        destination_is_eu,
        transport_mode: &export.transport_mode,
        requested: &export.requested_documents,
    }
}

/// The kinds of documents that the step at which the export stands asks for and that are not there.
#[must_use]
pub fn missing(export: &Export, rules: &[Requirement], destination_is_eu: bool) -> Vec<String> {
    let with_exporter = matches!(export.state.stage, Stage::Preparation | Stage::Returned);
    let stage = asking_stage(export);
    if stage == Stage::Closed {
        return Vec::new();
    }
    required(rules, &terms_of(export, destination_is_eu))
        .into_iter()
        // What an earlier step has asked for has to be there still: it may have been taken away meanwhile.
        .filter(|rule| Stage::from_code(&rule.needed_for_stage).is_some_and(|asked| transitions::reaches(stage, asked)))
        // The others bring their own papers at their own steps; they do not hold a submission up.
        .filter(|rule| !with_exporter || rule.provided_by == "EXPORTER")
        .filter(|rule| !is_there(&export.attached_documents, &rule.document_type, stage))
        .map(|rule| rule.document_type.clone())
        .collect()
}

/// The step at which an export's documents are looked at: who submits or resubmits looks at what the next one asks for.
fn asking_stage(export: &Export) -> Stage {
    match export.state.stage {
        Stage::Preparation => Stage::BankCheck,
        Stage::Returned => export.resume_stage.unwrap_or(Stage::BankCheck),
        stage => stage,
    }
}

/// Whether a document is among those `attached` for a step: uploaded, issued here by the exporter, or granted here.
#[must_use]
pub fn is_there(attached: &[String], document_type: &str, stage: Stage) -> bool {
    let has = |wanted: &str| attached.iter().any(|name| name == wanted);
    has(document_type) || (document_type == INVOICE && has(PROFORMA) && proforma_does(stage))
}

/// Until the goods are cleared the proforma does for the invoice: the bank grants its permit upon it (domain 4.5).
/// Customs asks for the invoice itself.
fn proforma_does(stage: Stage) -> bool {
    !transitions::reaches(stage, Stage::Clearance) && stage != Stage::Closed
}

/// Whether the authority grants the document here, so that its paper is on record without being uploaded.
#[must_use]
pub fn is_granted(document_type: &str) -> bool {
    GRANTED.contains(&document_type)
}

/// Whether `actor`, who sells the coffee, can issue the document here instead of uploading it.
#[must_use]
pub fn may_issue_here(export: &Export, actor: &Actor, document_type: &str) -> bool {
    (document_type == INVOICE || ISSUED_HERE.contains(&document_type)) && may_prepare_papers(export, actor)
}

/// Whether `actor` prepares the commercial papers of those who sell this coffee.
#[must_use]
pub fn is_seller(export: &Export, actor: &Actor) -> bool {
    actor.may(Permission::PrepareCommercialPapers) && export.exporter_organization_id == actor.organization.id
}

/// Whether the commercial papers of the export are the viewer's to prepare, and not too late.
#[must_use]
pub fn may_prepare_papers(export: &Export, actor: &Actor) -> bool {
    is_seller(export, actor) && export.state.is_open()
}

/// The paper issued here that is the document, or does for it at the step at which the export stands: one in force of the
/// exporter's, or what the authority has granted. Nobody has to print, scan and upload it.
#[must_use]
pub fn paper_for<'p>(export: &Export, papers: &'p [PaperLine], document_type: &str) -> Option<&'p PaperLine> {
    let of_kind = |kind: &str| papers.iter().rev().find(|paper| paper.kind == kind && paper.state == "VALID");
    match document_type {
        INVOICE => {
            of_kind("COMMERCIAL_INVOICE").or_else(|| of_kind(PROFORMA).filter(|_| proforma_does(asking_stage(export))))
        }
        granted if is_granted(granted) => papers.iter().rev().find(|paper| paper.kind == granted),
        other => of_kind(other).filter(|_| ISSUED_HERE.contains(&other)),
    }
}

/// How a kind of document stands on the checklist of an export.
#[derive(Debug)]
pub enum Standing<'a, D> {
    /// Nothing is there.
    Missing,
    /// A file that nobody has looked at yet.
    Uploaded(&'a D),
    /// A file that is in order.
    Checked(&'a D, &'a Check),
    /// A file that is not in order, and no other: it counts as missing.
    Rejected(&'a D, &'a Check),
    /// A file that a scanner keeps shut, and no other: it counts as missing, since nobody could have read it.
    Shut(&'a D, Shut),
    /// A paper that was issued here, by the exporter or by the authority.
    Issued(&'a PaperLine),
    /// The export does without it.
    Waived(&'a Waiver),
    /// What stands for it is on record here: the reference that the buyer has told of its due diligence statement, or a paper
    /// of the authority that is not the viewer's to read.
    OnRecord,
}

// References only: what stands behind them need not be copied.
impl<D> Clone for Standing<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Standing<'_, D> {}

impl<'a, D> Standing<'a, D> {
    /// Whether a step that asks for it may be approved.
    #[must_use]
    pub const fn counts(&self) -> bool {
        match self {
            Self::Uploaded(_) | Self::Checked(..) | Self::Issued(_) | Self::Waived(_) | Self::OnRecord => true,
            Self::Missing | Self::Rejected(..) | Self::Shut(..) => false,
        }
    }

    /// The file that answers it.
    #[must_use]
    pub const fn file(&self) -> Option<&'a D> {
        match self {
            Self::Uploaded(file) | Self::Checked(file, _) | Self::Rejected(file, _) | Self::Shut(file, _) => Some(file),
            Self::Missing | Self::Issued(_) | Self::Waived(_) | Self::OnRecord => None,
        }
    }

    /// The same, for who may do without it.
    #[must_use]
    pub fn stand(&self) -> Stand<'a> {
        match self {
            Self::Waived(waiver) => Stand::Waived { by: &waiver.by_name, at: waiver.at },
            Self::Uploaded(_) | Self::Checked(..) | Self::Issued(_) | Self::OnRecord => Stand::There,
            Self::Missing | Self::Rejected(..) | Self::Shut(..) => Stand::Lacking,
        }
    }
}

/// How `document_type` stands, given the files that are in force, the newest first. A file that is in order goes before
/// one that nobody has looked at, and that before a paper issued here, before a waiver and before what the buyer has told; one
/// that waits for its scan, a rejected one and an infected one come last.
#[must_use]
pub fn standing<'a, D: Filed>(
    export: &Export,
    document_type: &str,
    files: &'a [D],
    papers: &'a [PaperLine],
    waivers: &'a [Waiver],
) -> Standing<'a, D> {
    let of_kind = || files.iter().filter(|file| file.document_type() == document_type && file.scan().shut().is_none());
    let shut = |shut: Shut| {
        let mut all = files.iter().filter(|file| file.document_type() == document_type);
        all.find(|file| file.scan().shut() == Some(shut)).map(|file| Standing::Shut(file, shut))
    };
    let found = |verdict: Verdict| {
        of_kind().find_map(|file| file.check().filter(|check| check.verdict == verdict).map(|check| (file, check)))
    };
    if let Some((file, check)) = found(Verdict::Checked) {
        return Standing::Checked(file, check);
    }
    if let Some(file) = of_kind().find(|file| file.check().is_none()) {
        return Standing::Uploaded(file);
    }
    if let Some(paper) = paper_for(export, papers, document_type) {
        return Standing::Issued(paper);
    }
    if let Some(waiver) = waivers.iter().find(|waiver| waiver.document_type == document_type) {
        return Standing::Waived(waiver);
    }
    // It is noted among what is there, and nothing else has noted it.
    let may_be_unseen = document_type == EUDR_STATEMENT || is_granted(document_type);
    if may_be_unseen && export.attached_documents.iter().any(|there| there == document_type) {
        return Standing::OnRecord;
    }
    shut(Shut::Waiting)
        .or_else(|| found(Verdict::Rejected).map(|(file, check)| Standing::Rejected(file, check)))
        .or_else(|| shut(Shut::Infected))
        .unwrap_or(Standing::Missing)
}
