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
    actor.organization.kind.sees_every_export()
        || [export.exporter_organization_id, export.bank_organization_id].contains(&actor.organization.id)
}

/// Whether `actor` has to do with proceeds at all: with those of its own exports, or with all.
#[must_use]
pub fn reads_proceeds(actor: &Actor) -> bool {
    let kind = actor.organization.kind;
    kind.sees_every_export() || matches!(kind, OrganizationKind::Exporter | OrganizationKind::CommercialBank)
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

/// What stands against approving `kind`, where it settles an export, as paid or as `short` of something: the account says
/// otherwise. Who confirms what a first officer has settled asks the account no more.
#[must_use]
pub fn against_settling(export: &Export, kind: ApprovalKind, context: &Context, short: bool) -> Option<Refusal> {
    if kind != ApprovalKind::Settlement || context.first_approval.is_some() {
        return None;
    }
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
