//! Which documents a case asks for, and which of them it lacks. Pure.

use crate::documents::checklist::{Requirement, Terms, required};
use crate::exports::model::{Export, Stage};
use crate::exports::transitions;

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
    // Who submits or resubmits looks at what the next step asks for.
    let with_exporter = matches!(export.state.stage, Stage::Preparation | Stage::Returned);
    let stage = match export.state.stage {
        Stage::Preparation => Stage::BankCheck,
        Stage::Returned => export.resume_stage.unwrap_or(Stage::BankCheck),
        stage => stage,
    };
    if stage == Stage::Closed {
        return Vec::new();
    }
    required(rules, &terms_of(export, destination_is_eu))
        .into_iter()
        // What an earlier step has asked for has to be there still: it may have been taken away meanwhile.
        .filter(|rule| Stage::from_code(&rule.needed_for_stage).is_some_and(|asked| transitions::reaches(stage, asked)))
        // The others bring their own papers at their own steps; they do not hold a submission up.
        .filter(|rule| !with_exporter || rule.provided_by == "EXPORTER")
        .filter(|rule| !export.attached_documents.contains(&rule.document_type))
        .map(|rule| rule.document_type.clone())
        .collect()
}
