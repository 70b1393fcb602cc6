//! What may happen to a contract, and what stands against it. Pure: the pages ask for their buttons and sentences, the
//! service asks again under the lock.

use rust_decimal::Decimal;

use super::model::Contract;
use super::price::PriceVerdict;
use crate::audit::Severity;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::review::{Act, Answer, Refusal, SubjectKind, Workflow};
use crate::workflow::Limit;

const EXPORTER: &[OrganizationKind] = &[OrganizationKind::Exporter];
const ECTA: &[OrganizationKind] = &[OrganizationKind::Ecta];

/// The paper of the contract itself.
pub const CONTRACT_PAPER: &str = "contract_document";
/// The buyer's proof of business; what the register has verified needs none.
pub const BUYER_PAPER: &str = "buyer_proof_of_business";

const fn act(
    code: &'static str,
    from: &'static [&'static str],
    to: Option<&'static str>,
    (by, needs): (&'static [OrganizationKind], Permission),
    answer: Answer,
    (event, severity): (&'static str, Severity),
) -> Act {
    Act { code, from, to, by, needs, answer, event, severity }
}

const OWN: (&[OrganizationKind], Permission) = (EXPORTER, Permission::RegisterContracts);
const DESK: (&[OrganizationKind], Permission) = (ECTA, Permission::DecideContracts);
const SUPERVISOR: (&[OrganizationKind], Permission) = (ECTA, Permission::OverrideMinimumPrice);

/// The acts on a contract (domain 2.8).
#[rustfmt::skip]
pub const WORKFLOW: Workflow = Workflow {
    subject: SubjectKind::Contract,
    states: "contract-state",
    // A day and three working days at the authority (Directive 433/2011 E.C. art. 11).
    waiting: &[("REGISTERED", Limit { warn_days: 1, late_days: 3 })],
    acts: &[
        act("register", &[""], Some("REGISTERED"), OWN, Answer::Submit, ("CONTRACT_REGISTERED", Severity::Medium)),
        act("resubmit", &["RETURNED", "REJECTED"], Some("REGISTERED"), OWN, Answer::Submit, ("CONTRACT_RESUBMITTED", Severity::Medium)),
        // What has to be agreed to again, and what has not.
        act("amend", &["REGISTERED", "APPROVED"], Some("REGISTERED"), OWN, Answer::Submit, ("CONTRACT_AMENDED", Severity::High)),
        act("correct", &["REGISTERED", "APPROVED"], None, OWN, Answer::Submit, ("CONTRACT_CORRECTED", Severity::Medium)),
        act("approve", &["REGISTERED"], Some("APPROVED"), DESK, Answer::Approve, ("CONTRACT_APPROVED", Severity::High)),
        act("return", &["REGISTERED"], Some("RETURNED"), DESK, Answer::Return, ("CONTRACT_RETURNED", Severity::Medium)),
        act("reject", &["REGISTERED"], Some("REJECTED"), DESK, Answer::Reject, ("CONTRACT_REJECTED", Severity::High)),
        act("approve-below", &["REGISTERED"], Some("APPROVED"), SUPERVISOR, Answer::WithReason, ("CONTRACT_APPROVED", Severity::Critical)),
        act("cancel", &["REGISTERED", "RETURNED", "APPROVED"], Some("CANCELLED"), OWN, Answer::WithReason, ("CONTRACT_CANCELLED", Severity::High)),
        act("revoke", &["REGISTERED", "APPROVED"], Some("CANCELLED"), DESK, Answer::WithReason, ("CONTRACT_CANCELLED", Severity::Critical)),
        act("expire", &["APPROVED"], Some("EXPIRED"), DESK, Answer::ByTime, ("CONTRACT_EXPIRED", Severity::Medium)),
    ],
};

/// The act with this code.
///
/// A code that the table does not have is given the first act; the tests know all of them.
#[must_use]
pub fn act_of(code: &str) -> &'static Act {
    WORKFLOW.act(code).unwrap_or(&WORKFLOW.acts[0])
}

/// Who registers contracts, with what they may sell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant {
    /// The profile.
    pub exporter_id: crate::ids::ExporterId,
    /// As registered.
    pub business_name: String,
    /// PRIVATE, FARMER, ...
    pub business_type: String,
    /// Whether every gate is passed today.
    pub is_qualified: bool,
    /// Coffee types that the licence in force covers.
    pub coffee_types: Vec<String>,
}

/// What stands against registering any contract: a gate that is not passed.
#[must_use]
pub fn against_registering(applicant: &Applicant) -> Vec<Refusal> {
    if applicant.is_qualified { Vec::new() } else { vec![Refusal::rule("contract-refusal-not-qualified", Vec::new())] }
}

/// What stands against `act` beyond the table.
#[must_use]
pub fn against(contract: &Contract, act: &Act, _actor: &Actor) -> Vec<Refusal> {
    match act.code {
        "approve" => {
            let mut refusals = against_approval(contract);
            if contract.verdict.is_below() {
                refusals.push(below(&contract.verdict));
            }
            refusals
        }
        "approve-below" => {
            let mut refusals = against_approval(contract);
            if !contract.verdict.is_below() {
                refusals.push(Refusal::rule("contract-refusal-not-below", Vec::new()));
            }
            refusals
        }
        "cancel" | "revoke" if contract.has_live_permit => {
            vec![Refusal::rule("contract-refusal-live-permit", Vec::new())]
        }
        _ => Vec::new(),
    }
}

/// Papers that an approval asks for, where it is still to be given: a buyer whom the register has verified needs no
/// proof.
pub(super) fn asked(state: &str, buyer_status: Option<&str>) -> Vec<&'static str> {
    match (state, buyer_status) {
        ("REGISTERED" | "RETURNED" | "REJECTED", Some("VERIFIED")) => vec![CONTRACT_PAPER],
        ("REGISTERED" | "RETURNED" | "REJECTED", _) => vec![CONTRACT_PAPER, BUYER_PAPER],
        _ => Vec::new(),
    }
}

fn against_approval(contract: &Contract) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let buyer = contract.buyer_status.as_deref();
    let mut missing = asked(&contract.standing.state, buyer);
    missing.retain(|kind| !contract.has_paper(kind));
    if !missing.is_empty() {
        refusals.push(Refusal::MissingFiles { kinds: missing });
    }
    if matches!(buyer, Some("REJECTED" | "SUSPENDED")) {
        refusals.push(Refusal::rule("contract-refusal-buyer", Vec::new()));
    }
    if let Some(last) = contract.shipment_deadline.filter(|_| contract.is_past()) {
        refusals.push(Refusal::rule("contract-refusal-past", vec![("date", last.to_string())]));
    }
    if contract.verdict == PriceVerdict::NoRate {
        let arguments = vec![("currency", contract.terms.currency.clone())];
        refusals.push(Refusal::rule("contract-refusal-no-rate", arguments));
    }
    refusals
}

fn below(verdict: &PriceVerdict) -> Refusal {
    let PriceVerdict::Held { price, minimum, check } = verdict else {
        return Refusal::rule("contract-refusal-below", Vec::new());
    };
    Refusal::rule(
        "contract-refusal-below",
        vec![
            ("price", price.usd_per_kg.normalize().to_string()),
            ("minimum", minimum.price.usd_per_kg.normalize().to_string()),
            ("gap", check.gap_percent.abs().normalize().to_string()),
            ("number", minimum.price.number.clone()),
        ],
    )
}

/// Whether a price is so high that a slipped decimal point is likely (domain 3.8).
#[must_use]
pub fn is_striking(usd_per_kg: Option<Decimal>, warning: Decimal) -> bool {
    usd_per_kg.is_some_and(|price| price > warning)
}
