//! Whether a sample may be drawn, given up or signed, and why not. Pure: the pages and the commands ask the same.

use super::findings::Findings;
use super::model::{LotFacts, Sample, SampleStatus};
use super::verdict::{Limits, Verdict};
use crate::audit::Severity;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::review::{Act, Answer, Refusal, SubjectKind, Workflow};
use crate::workflow::Limit;

const ECTA: &[OrganizationKind] = &[OrganizationKind::Ecta];

/// The acts on a sample.
pub const WORKFLOW: Workflow = Workflow {
    subject: SubjectKind::Inspection,
    states: "sample-state",
    // Three to seven days, fourteen in the season (domain 2.7, 2.12).
    waiting: &[("DRAWN", Limit { warn_days: 3, late_days: 7 })],
    acts: &[
        Act {
            code: "draw",
            from: &[""],
            to: Some("DRAWN"),
            by: ECTA,
            needs: Permission::InspectLots,
            answer: Answer::Submit,
            event: "SAMPLE_DRAWN",
            severity: Severity::Medium,
        },
        Act {
            code: "sign",
            from: &["DRAWN"],
            to: Some("SIGNED"),
            by: ECTA,
            needs: Permission::InspectLots,
            answer: Answer::Approve,
            event: "QUALITY_INSPECTED",
            severity: Severity::High,
        },
        Act {
            code: "cancel",
            from: &["DRAWN"],
            to: Some("ABANDONED"),
            by: ECTA,
            needs: Permission::InspectLots,
            answer: Answer::WithReason,
            event: "SAMPLE_ABANDONED",
            severity: Severity::Medium,
        },
    ],
};

/// The act with this code.
///
/// A code that the table does not have is given the first act; the tests know all of them.
#[must_use]
pub fn act(code: &str) -> &'static Act {
    WORKFLOW.act(code).unwrap_or(&WORKFLOW.acts[0])
}

/// What stands against drawing a sample of the lot: its receipt is not verified, a sample of it is being examined, all of
/// it has left.
#[must_use]
pub fn against_drawing(lot: &LotFacts, actor: &Actor) -> Vec<Refusal> {
    if !may_inspect(actor) {
        return vec![Refusal::NotYours];
    }
    let mut refusals = Vec::new();
    if lot.verified_at.is_none() {
        refusals.push(Refusal::rule("inspection-refusal-unverified", Vec::new()));
    }
    if lot.has_open_sample {
        refusals.push(Refusal::rule("inspection-refusal-open-sample", Vec::new()));
    }
    if lot.status == "EXPORTED" {
        refusals.push(Refusal::rule("inspection-refusal-exported", Vec::new()));
    }
    refusals
}

/// Whether a lot that was inspected before has to say why it is inspected again.
#[must_use]
pub const fn is_again(lot: &LotFacts) -> bool {
    lot.inspection.is_some()
}

/// What stands against signing what was found: who drew the sample signs nothing (four eyes); a panel has its tasters;
/// tasters far apart cup again or the laboratory says why not; a grade that the points leave open is said.
#[must_use]
pub fn against_signing(sample: &Sample, findings: &Findings, limits: &Limits, actor: &Actor) -> Vec<Refusal> {
    let mut refusals = against_handling(sample, actor);
    if sample.drawn_by == actor.user_id {
        refusals.push(Refusal::forbidden("inspection-refusal-drawn-by-you", Vec::new()));
    }
    let verdict = Verdict::of(findings, limits);
    if findings.panel.cups.len() < limits.panel_minimum {
        refusals.push(Refusal::rule(
            "inspection-refusal-panel",
            vec![("there", findings.panel.cups.len().to_string()), ("least", limits.panel_minimum.to_string())],
        ));
    }
    if verdict.spread_is_wide && findings.spread_reason.is_none() {
        refusals.push(Refusal::rule(
            "inspection-refusal-spread",
            vec![("spread", verdict.spread.normalize().to_string()), ("most", limits.spread.normalize().to_string())],
        ));
    }
    if verdict.grade.is_none() {
        refusals.push(Refusal::rule("inspection-refusal-grade", Vec::new()));
    }
    refusals
}

/// What stands against working on the sample at all.
#[must_use]
pub fn against_handling(sample: &Sample, actor: &Actor) -> Vec<Refusal> {
    if !may_inspect(actor) {
        return vec![Refusal::NotYours];
    }
    if sample.status == SampleStatus::Drawn {
        Vec::new()
    } else {
        vec![Refusal::WrongState {
            states: WORKFLOW.states,
            state: sample.status.code().to_owned(),
            by: String::new(),
            at: sample.updated_at,
        }]
    }
}

/// Whether somebody works at the inspection desk.
#[must_use]
pub fn may_inspect(actor: &Actor) -> bool {
    actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::InspectLots)
}
