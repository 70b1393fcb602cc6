//! What may be changed of an export where it stands: the exporter's corrections of a request that is with them,
//! and the National Bank's extension of the time for the proceeds.

use chrono::{Days, NaiveDate};

use super::{Context, Refusal, is_exporter_of};
use crate::auth::{Actor, Permission};
use crate::exports::model::{Export, Stage};

/// So many days may be granted at once.
pub const LONGEST_EXTENSION_DAYS: u64 = 365;

/// What of a request its exporter may correct, by how far it has come. Box 2 of the ICO form and the exporter's own
/// reference may be corrected as long as anything may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correctable {
    /// Until the bank has granted its permit.
    pub bank: bool,
    /// Until the booking.
    pub carrier: bool,
    /// Until the export permit, which names them.
    pub ports: bool,
    /// Until the quality is certified.
    pub lots: bool,
    /// Whether the foreign exchange is approved, so that the weight may only shrink.
    pub up_to_approved: bool,
}

/// What may be corrected where the export stands; nothing while it is in somebody else's hands.
#[must_use]
pub const fn correctable(export: &Export) -> Option<Correctable> {
    let all = Correctable { bank: true, carrier: true, ports: true, lots: true, up_to_approved: false };
    let stage = match (export.state.stage, export.resume_stage) {
        (Stage::Returned, Some(resume)) => resume,
        (stage, _) => stage,
    };
    if !matches!(export.state.stage, Stage::Preparation | Stage::Returned) {
        return None;
    }
    match stage {
        Stage::Preparation | Stage::BankCheck => Some(all),
        Stage::Fx => Some(Correctable { bank: false, ..all }),
        Stage::Quality => Some(Correctable { bank: false, up_to_approved: true, ..all }),
        Stage::Permit => Some(Correctable { bank: false, lots: false, up_to_approved: true, ..all }),
        Stage::Scheduling => {
            Some(Correctable { bank: false, carrier: true, ports: false, lots: false, up_to_approved: true })
        }
        Stage::Clearance
        | Stage::Loading
        | Stage::OriginSignature
        | Stage::Origin
        | Stage::Settlement
        | Stage::Returned
        | Stage::Closed => None,
    }
}

/// What stands against correcting a request.
#[must_use]
pub fn against_correcting(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !is_exporter_of(export, actor, Permission::RequestExport) {
        return vec![Refusal::NotYourStep];
    }
    if correctable(export).is_none() {
        return vec![wrong_stage(export, context)];
    }
    Vec::new()
}

/// What stands against putting the due date of the proceeds off.
#[must_use]
pub fn against_extending(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !actor.may(Permission::ExtendSettlement) {
        return vec![Refusal::NotYourStep];
    }
    // Before the bank's permit there is no date, and after the settlement no use for one.
    if export.settlement_due_date.is_none() || !export.state.is_open() {
        return vec![wrong_stage(export, context)];
    }
    Vec::new()
}

/// First and last day to which a due date may be put off.
#[must_use]
pub fn extension_range(due: NaiveDate, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let earliest = due.max(today) + Days::new(1);
    (earliest, due.max(today) + Days::new(LONGEST_EXTENSION_DAYS))
}

fn wrong_stage(export: &Export, context: &Context) -> Refusal {
    Refusal::WrongStage { stage: export.state.stage, by: context.changed_by_name.clone(), at: export.changed_at }
}
