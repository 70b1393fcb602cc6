//! Whether somebody may act on an export, and why not. Pure functions over the export, its context and the
//! actor: the page asks them to draw the buttons, the service asks them again under the row's lock.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::model::{ApprovalKind, Export, Stage, State};
use super::transitions::{self, ExportStep};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::ids::UserId;
use crate::quantities::Grade;
use crate::workflow::{Decision, FieldProblems, Problem};

/// A decision in force on another step of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorDecision {
    /// Which step.
    pub kind: ApprovalKind,
    /// Who approved it.
    pub by: UserId,
}

/// A first officer's approval that waits for the second's.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstApproval {
    /// Who gave it.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The facts that they recorded, as the form's approval data.
    pub facts: serde_json::Value,
}

/// The inspection of the export's lots that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct InspectionFacts {
    /// Number of the quality certificate.
    pub certificate_number: String,
    /// Day of the inspection.
    pub inspected_on: NaiveDate,
    /// The grade found.
    pub final_grade: String,
    /// Whether it passed.
    pub passed: bool,
    /// Points of 100.
    pub total_score: Decimal,
    /// Percent.
    pub moisture: Decimal,
}

/// The permit of the export, in force or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitFacts {
    /// Its number.
    pub number: String,
    /// ISSUED, USED, EXPIRED or CANCELLED.
    pub status: String,
    /// Last day of its validity.
    pub valid_until: NaiveDate,
}

/// What the rules need beside the export itself, read under its lock.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The day in Addis Ababa.
    pub today: NaiveDate,
    /// Document types that the current stage asks for and that are not there.
    pub missing_documents: Vec<String>,
    /// Approvals in force.
    pub prior: Vec<PriorDecision>,
    /// The first of two approvals of the current step.
    pub first_approval: Option<FirstApproval>,
    /// On the National Bank's list of delinquent exporters.
    pub delinquent: bool,
    /// Whether the exporter passes all its gates today.
    pub qualified: bool,
    /// APPROVED, EXPIRED, ...
    pub contract_status: String,
    /// One for each lot.
    pub inspections: Vec<InspectionFacts>,
    /// Lots of the export.
    pub lot_count: i64,
    /// The newest permit.
    pub permit: Option<PermitFacts>,
    /// Numbers of the booked containers.
    pub containers: Vec<String>,
    /// Who has claimed it, by name.
    pub claimed_by_name: Option<String>,
    /// Who changed it last, by name.
    pub changed_by_name: String,
    /// Values above this need a second officer, in the export's currency.
    pub second_officer_above: Decimal,
    /// Days until the proceeds have to be in.
    pub settlement_days: i64,
    /// Days that a permit may be valid.
    pub permit_validity_days: i64,
    /// Retention rules by first day, newest first: percent that the exporter keeps.
    pub retention: Vec<(NaiveDate, Decimal)>,
}

impl Context {
    /// Percent of proceeds received on `day` that the exporter keeps.
    #[must_use]
    pub fn retain_pct_on(&self, day: NaiveDate) -> Decimal {
        self.retention.iter().find(|(from, _)| *from <= day).map_or(Decimal::ZERO, |(_, percent)| *percent)
    }
}

/// Why something is refused. Each has its sentence in both languages (`refusal-*`).
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// Somebody changed it since the form was shown.
    Stale {
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It does not wait for this step (any more).
    WrongStage {
        /// What it waits for.
        stage: Stage,
        /// Who moved it last.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Another organisation's step, or a step that one's role does not include.
    NotYourStep,
    /// Four eyes: one's own request.
    OwnSubmission,
    /// Four eyes: one has decided another step of this export.
    DecidedAnotherStep {
        /// Which.
        kind: ApprovalKind,
    },
    /// The second officer has to be another than the first.
    SameOfficer,
    /// A colleague has it.
    Claimed {
        /// Who.
        by: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Documents that this step needs are missing.
    MissingDocuments {
        /// Their types.
        types: Vec<String>,
    },
    /// The exporter is on the National Bank's list.
    Delinquent,
    /// The exporter does not pass its gates today.
    NotQualified,
    /// The contract is not approved.
    ContractNotApproved,
    /// A lot has no inspection that passed.
    NotInspected,
    /// The coffee is below the contract's grade.
    GradeBelowContract {
        /// Found.
        found: String,
        /// Asked.
        asked: String,
    },
    /// There is no permit in force.
    NoPermit,
    /// The permit's time is over.
    PermitExpired {
        /// Since this day.
        on: NaiveDate,
    },
    /// Too late to cancel.
    TooLateToCancel,
    /// The lot has not that much left.
    LotBalance,
    /// The contract has not that much left.
    ContractBalance,
    /// The licence's quota has not that much left.
    QuotaBalance,
    /// The licence does not cover this coffee or origin.
    NotLicensed,
    /// The lot does not match the contract.
    LotDoesNotMatch,
    /// The ICO mark or another number is in use.
    NumberInUse,
    /// The authority has given the exporter no ICO code yet, and box 1 needs it.
    NoExporterCode,
    /// Something about the form.
    Invalid(FieldProblems),
}

/// What the answer to the browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 409.
    Conflict,
    /// 422.
    Invalid,
}

impl Refusal {
    /// What the answer to the browser is.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::NotYourStep | Self::OwnSubmission | Self::DecidedAnotherStep { .. } | Self::SameOfficer => {
                RefusalKind::Forbidden
            }
            Self::Stale { .. }
            | Self::WrongStage { .. }
            | Self::Claimed { .. }
            | Self::TooLateToCancel
            | Self::LotBalance
            | Self::ContractBalance
            | Self::QuotaBalance
            | Self::NumberInUse => RefusalKind::Conflict,
            Self::MissingDocuments { .. }
            | Self::Delinquent
            | Self::NotQualified
            | Self::ContractNotApproved
            | Self::NotInspected
            | Self::GradeBelowContract { .. }
            | Self::NoPermit
            | Self::PermitExpired { .. }
            | Self::NotLicensed
            | Self::LotDoesNotMatch
            | Self::NoExporterCode
            | Self::Invalid(_) => RefusalKind::Invalid,
        }
    }

    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::Stale { .. } => "refusal-stale",
            Self::WrongStage { .. } => "refusal-wrong-stage",
            Self::NotYourStep => "refusal-not-your-step",
            Self::OwnSubmission => "refusal-own-submission",
            Self::DecidedAnotherStep { .. } => "refusal-decided-another-step",
            Self::SameOfficer => "refusal-same-officer",
            Self::Claimed { .. } => "refusal-claimed",
            Self::MissingDocuments { .. } => "refusal-missing-documents",
            Self::Delinquent => "refusal-delinquent",
            Self::NotQualified => "refusal-not-qualified",
            Self::ContractNotApproved => "refusal-contract-not-approved",
            Self::NotInspected => "refusal-not-inspected",
            Self::GradeBelowContract { .. } => "refusal-grade-below-contract",
            Self::NoPermit => "refusal-no-permit",
            Self::PermitExpired { .. } => "refusal-permit-expired",
            Self::TooLateToCancel => "refusal-too-late-to-cancel",
            Self::LotBalance => "refusal-lot-balance",
            Self::ContractBalance => "refusal-contract-balance",
            Self::QuotaBalance => "refusal-quota-balance",
            Self::NotLicensed => "refusal-not-licensed",
            Self::LotDoesNotMatch => "refusal-lot-does-not-match",
            Self::NumberInUse => "refusal-number-in-use",
            Self::NoExporterCode => "refusal-no-exporter-code",
            Self::Invalid(_) => "refusal-invalid",
        }
    }

    /// The values in its sentence, by name. Codes of documents, stages and steps, moments (RFC 3339)
    /// and days (`2026-11-20`) are put into words by the page.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Stale { by, at } | Self::Claimed { by, at } => {
                vec![("by", by.clone()), ("at", at.to_rfc3339())]
            }
            Self::WrongStage { stage, by, at } => {
                vec![("stage", stage.code().to_owned()), ("by", by.clone()), ("at", at.to_rfc3339())]
            }
            Self::DecidedAnotherStep { kind } => vec![("step", kind.code().to_owned())],
            Self::MissingDocuments { types } => vec![("documents", types.join(","))],
            Self::GradeBelowContract { found, asked } => vec![("found", found.clone()), ("asked", asked.clone())],
            Self::PermitExpired { on } => vec![("date", on.to_string())],
            Self::NotFound
            | Self::NotYourStep
            | Self::OwnSubmission
            | Self::SameOfficer
            | Self::Delinquent
            | Self::NotQualified
            | Self::ContractNotApproved
            | Self::NotInspected
            | Self::NoPermit
            | Self::TooLateToCancel
            | Self::LotBalance
            | Self::ContractBalance
            | Self::QuotaBalance
            | Self::NotLicensed
            | Self::LotDoesNotMatch
            | Self::NumberInUse
            | Self::NoExporterCode
            | Self::Invalid(_) => Vec::new(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

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
    let mut refusals = Vec::new();
    if export.submitted_by == Some(actor.user_id) || export.created_by == actor.user_id {
        refusals.push(Refusal::OwnSubmission);
    }
    if let Some(prior) = context.prior.iter().find(|prior| prior.by == actor.user_id && prior.kind != kind) {
        refusals.push(Refusal::DecidedAnotherStep { kind: prior.kind });
    }
    if context.first_approval.as_ref().is_some_and(|first| first.by == actor.user_id) {
        refusals.push(Refusal::SameOfficer);
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
        }
        ApprovalKind::Quality => refusals.extend(against_quality(export, context)),
        ApprovalKind::Permit => {
            // The issue of the permit is where a lapsed gate stops a running export (domain 2.5).
            if !context.qualified {
                refusals.push(Refusal::NotQualified);
            }
            if context.contract_status != "APPROVED" {
                refusals.push(Refusal::ContractNotApproved);
            }
            refusals.extend(against_quality(export, context));
        }
        ApprovalKind::Shipment | ApprovalKind::Customs | ApprovalKind::Loading => {
            refusals.extend(against_permit(context));
        }
        ApprovalKind::Fx | ApprovalKind::OriginSignature | ApprovalKind::Origin | ApprovalKind::Settlement => {}
    }
    refusals
}

fn against_quality(export: &Export, context: &Context) -> Vec<Refusal> {
    let passed = context.inspections.iter().filter(|inspection| inspection.passed).count();
    if context.inspections.is_empty() || i64::try_from(passed).unwrap_or(0) < context.lot_count {
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

/// Whether the approval of this step needs a second officer.
#[must_use]
pub fn needs_second_officer(export: &Export, kind: ApprovalKind, context: &Context) -> bool {
    transitions::step_of(kind).second_officer && export.estimated_value > context.second_officer_above
}

/// Whether `kind`'s approval by this actor completes the step, or is the first of two.
#[must_use]
pub fn is_first_of_two(export: &Export, kind: ApprovalKind, context: &Context) -> bool {
    needs_second_officer(export, kind, context) && context.first_approval.is_none()
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
pub fn submission_target(export: &Export) -> Option<(State, &'static str)> {
    match (export.state.stage, export.resume_stage) {
        (Stage::Preparation, _) => Some((transitions::SUBMITTED, "submit")),
        (Stage::Returned, Some(resume)) => transitions::resumed(resume).map(|state| (state, "resubmit")),
        _ => None,
    }
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
