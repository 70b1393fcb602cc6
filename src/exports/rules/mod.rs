//! Whether somebody may act on an export, and why not. Pure functions over the export, its context and the
//! actor: the page asks them to draw the buttons, the service asks them again under the row's lock.

mod amending;
mod asking;
pub mod checklist;
mod context;
pub mod documents;
mod letter;
mod parting;
mod permit;
mod proceeds;
mod refusal;
#[cfg(test)]
mod tests;

pub use amending::{
    AGREEMENT, ANY_AGREEMENT, Difference, Revision, against_amending, against_asking_extension,
    against_changing_containers, against_extending, against_rebooking, against_refusing_extension, due_date,
    extension_range, is_with_exporter, needs_reason, revise,
};
pub use asking::{AskedLot, against_asking, asked_kg, bags_of, value_of};
pub use context::{AskedExtension, Context, FirstApproval, InspectionFacts, PermitFacts, PriorDecision};
pub use letter::{
    Drawn, Letter, LetterFault, WARN_DAYS, against_recording_letter, is_paid_by_letter, letter_faults, may_read_letter,
};
pub use parting::{LEAST_PART_KG, LotShare, Parted, part};
pub use permit::{Ground, GroundLicense, GroundLot, against_cancelling_permit, against_issuing, cancelling_permit};
pub use proceeds::{against_recording, against_settling, may_see_proceeds, reads_proceeds};
pub use refusal::{Refusal, RefusalKind};

use chrono::{DateTime, Duration, Utc};

use super::model::{ApprovalKind, Export, Stage, State};
use super::proceeds::Account;
use super::transitions::{self, ExportStep};
use crate::auth::{Actor, OrganizationKind, Permission, Permissions};
use crate::quantities::Grade;
use crate::workflow::{Decision, FieldProblems, Problem};

/// Whether `actor` stands where the step is decided: their organisation's kind, their role, and, for banks
/// and carriers, this export's own party.
#[must_use]
pub fn stands_at(export: &Export, step: &ExportStep, actor: &Actor) -> bool {
    actor.organization.kind == step.organization
        && actor.may(step.needs)
        && export.party_of(step.organization).is_none_or(|party| party == actor.organization.id)
}

/// Everything that stands against `actor` deciding step `kind`; empty when nothing does. What only an
/// approval needs (documents, balances, validity) does not stand against rejecting or sending back.
#[must_use]
pub fn against_deciding(
    export: &Export,
    kind: ApprovalKind,
    decision: Decision,
    actor: &Actor,
    context: &Context,
) -> Vec<Refusal> {
    let step = transitions::step_of(kind);
    if !stands_at(export, step, actor) {
        return vec![Refusal::NotYourStep];
    }
    if export.state != step.from {
        return vec![Refusal::WrongStage {
            stage: export.state.stage,
            by: context.changed_by_name.clone(),
            at: export.changed_at,
        }];
    }
    let mut refusals = four_eyes(export, kind, actor, context);
    if let (Some(claimer), Some(at)) = (export.claimed_by, export.claimed_at)
        && claimer != actor.user_id
    {
        refusals.push(Refusal::Claimed { by: context.claimed_by_name.clone().unwrap_or_default(), at });
    }
    if decision == Decision::Approve {
        refusals.extend(against_approval(export, kind, context));
    }
    refusals
}

fn four_eyes(export: &Export, kind: ApprovalKind, actor: &Actor, context: &Context) -> Vec<Refusal> {
    let mut refusals = against_involved(export, kind, actor, context);
    if context.first_approval.as_ref().is_some_and(|first| first.by == actor.user_id) {
        refusals.push(Refusal::SameOfficer);
    }
    refusals
}

/// Whoever asked for the export, or decided another of its steps, does not judge it at this one.
fn against_involved(export: &Export, kind: ApprovalKind, actor: &Actor, context: &Context) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if export.submitted_by == Some(actor.user_id) || export.created_by == actor.user_id {
        refusals.push(Refusal::OwnSubmission);
    }
    if let Some(prior) = context.prior.iter().find(|prior| prior.by == actor.user_id && prior.kind != kind) {
        refusals.push(Refusal::DecidedAnotherStep { kind: prior.kind });
    }
    refusals
}

fn against_approval(export: &Export, kind: ApprovalKind, context: &Context) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !context.missing_documents.is_empty() {
        refusals.push(Refusal::MissingDocuments { types: context.missing_documents.clone() });
    }
    match kind {
        ApprovalKind::BankCheck => {
            if context.delinquent {
                refusals.push(Refusal::Delinquent);
            }
            let faults = letter_faults(export, context.letter.as_ref(), context.today);
            refusals.extend(faults.into_iter().map(Refusal::Letter));
        }
        ApprovalKind::Quality => refusals.extend(against_quality(export, context)),
        ApprovalKind::Permit => {
            // The issue of the permit is where a lapsed gate stops a running export (domain 2.5).
            if !context.qualified {
                refusals.push(Refusal::NotQualified);
            }
            // A contract whose time is over takes no new exports; those that run go on (domain 2.8).
            if !matches!(context.contract_status.as_str(), "APPROVED" | "EXPIRED") {
                refusals.push(Refusal::ContractNotApproved);
            }
            refusals.extend(against_quality(export, context));
            let grounds = context.ground.iter().flat_map(|ground| permit::against_issuing(export, ground));
            for refusal in grounds {
                if !refusals.contains(&refusal) {
                    refusals.push(refusal);
                }
            }
        }
        ApprovalKind::Shipment | ApprovalKind::Customs | ApprovalKind::Loading => {
            refusals.extend(against_permit(context));
        }
        ApprovalKind::Settlement => {
            // One that was revoked meanwhile has to be replaced first.
            if !context.has_certificate {
                refusals.push(Refusal::NoCertificate);
            }
        }
        ApprovalKind::Fx | ApprovalKind::OriginSignature | ApprovalKind::Origin => {}
    }
    refusals
}

fn against_quality(export: &Export, context: &Context) -> Vec<Refusal> {
    let passed = context.inspections.iter().filter(|inspection| inspection.passed).count();
    if context.inspections.is_empty() || passed < context.lots.len() {
        return vec![Refusal::NotInspected];
    }
    let Ok(asked) = export.grade.parse::<Grade>() else { return Vec::new() };
    context
        .inspections
        .iter()
        .filter(|inspection| inspection.final_grade.parse::<Grade>().is_ok_and(|found| found > asked))
        .map(|inspection| Refusal::GradeBelowContract {
            found: inspection.final_grade.clone(),
            asked: export.grade.clone(),
        })
        .take(1)
        .collect()
}

fn against_permit(context: &Context) -> Option<Refusal> {
    match &context.permit {
        Some(permit) if permit.status == "ISSUED" && permit.valid_until >= context.today => None,
        Some(permit) if permit.status == "ISSUED" || permit.status == "EXPIRED" => {
            Some(Refusal::PermitExpired { on: permit.valid_until })
        }
        Some(_) | None => Some(Refusal::NoPermit),
    }
}

/// Why an approval needs a second officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondOfficer {
    /// The export is worth more than one officer decides on.
    Value,
    /// More of the proceeds is missing than one officer closes an export upon.
    Shortfall,
}

/// Why the approval of this step needs a second officer, if it does.
#[must_use]
pub fn second_officer(export: &Export, kind: ApprovalKind, context: &Context) -> Option<SecondOfficer> {
    if !transitions::step_of(kind).second_officer {
        return None;
    }
    let is_short = kind == ApprovalKind::Settlement
        && Account::of(export, context).lacks_more_than(context.shortfall_second_officer_above);
    if export.estimated_value > context.second_officer_above {
        Some(SecondOfficer::Value)
    } else {
        is_short.then_some(SecondOfficer::Shortfall)
    }
}

/// Whether `kind`'s approval by this actor completes the step, or is the first of two.
#[must_use]
pub fn is_first_of_two(export: &Export, kind: ApprovalKind, context: &Context) -> bool {
    second_officer(export, kind, context).is_some() && context.first_approval.is_none()
}

/// What stands against submitting a prepared request, or resubmitting a returned one.
#[must_use]
pub fn against_submitting(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !is_exporter_of(export, actor, Permission::RequestExport) {
        return vec![Refusal::NotYourStep];
    }
    match export.state.stage {
        Stage::Preparation | Stage::Returned => {}
        Stage::BankCheck
        | Stage::Fx
        | Stage::Quality
        | Stage::Permit
        | Stage::Scheduling
        | Stage::Clearance
        | Stage::Loading
        | Stage::OriginSignature
        | Stage::Origin
        | Stage::Settlement
        | Stage::Closed => {
            return vec![Refusal::WrongStage {
                stage: export.state.stage,
                by: context.changed_by_name.clone(),
                at: export.changed_at,
            }];
        }
    }
    let mut refusals = Vec::new();
    if export.state.stage == Stage::Preparation && !context.missing_documents.is_empty() {
        refusals.push(Refusal::MissingDocuments { types: context.missing_documents.clone() });
    }
    refusals
}

/// Where submitting leads from here.
#[must_use]
pub fn submission_target(export: &Export, context: &Context) -> Option<(State, &'static str)> {
    match (export.state.stage, export.resume_stage) {
        (Stage::Preparation, _) => Some((transitions::SUBMITTED, "submit")),
        (Stage::Returned, Some(_)) if asks_for_new_permit(export, context) => {
            Some((transitions::PERMIT_AGAIN, "resubmit"))
        }
        (Stage::Returned, Some(resume)) => transitions::resumed(resume).map(|state| (state, "resubmit")),
        _ => None,
    }
}

/// Whether a returned export would come back to a step that needs the permit, and the permit's time is over:
/// resubmitting it asks the authority for another one, and the steps after it are done again in their order.
#[must_use]
pub fn asks_for_new_permit(export: &Export, context: &Context) -> bool {
    export.state.stage == Stage::Returned
        && export.resume_stage.is_some_and(transitions::needs_permit)
        && against_permit(context).is_some()
}

/// What stands against cancelling.
#[must_use]
pub fn against_cancelling(export: &Export, actor: &Actor) -> Vec<Refusal> {
    if is_exporter_of(export, actor, Permission::CancelOwnExport) {
        return if transitions::exporter_may_cancel(export.state, export.resume_stage) {
            Vec::new()
        } else {
            vec![Refusal::TooLateToCancel]
        };
    }
    if actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::CancelAnyExport) {
        return if transitions::authority_may_cancel(export.state) {
            Vec::new()
        } else {
            vec![Refusal::TooLateToCancel]
        };
    }
    vec![Refusal::NotYourStep]
}

/// Whether a claim may be taken, given back or handed over: by the people in whose queue it stands.
#[must_use]
pub fn may_claim(export: &Export, actor: &Actor) -> bool {
    export.queue_organization_id == Some(actor.organization.id)
        && transitions::open_step(export.state).is_some_and(|step| actor.may(step.needs))
}

/// Whether `actor` may take at `now` what a colleague has in hand: whoever hands cases out, and after the time of the
/// parameter any colleague, so that an officer who is absent does not hold a case up.
#[must_use]
pub fn may_take_over(export: &Export, actor: &Actor, context: &Context, now: DateTime<Utc>) -> bool {
    let patience = Duration::minutes(context.claim_takeover_minutes);
    actor.may(Permission::ReassignClaims) || export.claimed_at.is_some_and(|at| now - at >= patience)
}

/// Whether somebody who may do this may have the case in hand: a case with who may not decide it waits for nobody.
#[must_use]
pub fn may_receive(export: &Export, permissions: Permissions) -> bool {
    transitions::open_step(export.state).is_some_and(|step| permissions.contains(step.needs))
}

/// Whether `actor` belongs to the exporter of this export and may do `permission` there.
#[must_use]
pub fn is_exporter_of(export: &Export, actor: &Actor, permission: Permission) -> bool {
    actor.organization.id == export.exporter_organization_id && actor.may(permission)
}

/// The facts of the form and of the inspection agree about the grade.
#[must_use]
pub fn grade_agrees(typed: &str, context: &Context) -> Option<FieldProblems> {
    let worst = context.inspections.iter().filter_map(|i| i.final_grade.parse::<Grade>().ok()).max();
    if typed.parse::<Grade>().ok() == worst {
        None
    } else {
        let mut problems = FieldProblems::default();
        problems.add("quality_grade", Problem::NotAChoice);
        Some(problems)
    }
}
