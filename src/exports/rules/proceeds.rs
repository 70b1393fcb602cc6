//! Who may record, take back and close proceeds, and who may see them.

use super::{Context, Refusal, stands_at};
use crate::auth::{Actor, OrganizationKind};
use crate::exports::model::{ApprovalKind, Export};
use crate::exports::proceeds::Account;
use crate::exports::transitions;

/// Whether proceeds are shown to `actor`, who may see the export: they are between the exporter, its bank and the
/// regulators, and no business of the carrier.
#[must_use]
pub fn may_see_proceeds(export: &Export, actor: &Actor) -> bool {
    match actor.organization.kind {
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Customs
        | OrganizationKind::Auditor => true,
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::Ecx
        | OrganizationKind::ShippingLine
        | OrganizationKind::Administration => {
            [export.exporter_organization_id, export.bank_organization_id].contains(&actor.organization.id)
        }
    }
}

/// What stands against recording a receipt, or taking one back: it is the export's bank that does, at the settlement, and
/// not while a colleague has it in hand.
#[must_use]
pub fn against_recording(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    let step = transitions::step_of(ApprovalKind::Settlement);
    if !stands_at(export, step, actor) {
        return vec![Refusal::NotYourStep];
    }
    if export.state != step.from {
        return vec![super::amending::wrong_stage(export, context)];
    }
    match (export.claimed_by, export.claimed_at) {
        (Some(by), Some(at)) if by != actor.user_id => {
            vec![Refusal::Claimed { by: context.claimed_by_name.clone().unwrap_or_default(), at }]
        }
        _ => Vec::new(),
    }
}

/// What stands against settling an export as paid, or as `short` of something: the account says otherwise.
#[must_use]
pub fn against_settling(export: &Export, context: &Context, short: bool) -> Option<Refusal> {
    let account = Account::of(export, context);
    match (account.is_paid(), short) {
        (false, false) => {
            let (currency, amount) = (export.currency.clone(), account.outstanding());
            Some(Refusal::ProceedsOutstanding { currency, amount })
        }
        (true, true) => Some(Refusal::NothingOutstanding),
        (true, false) | (false, true) => None,
    }
}
