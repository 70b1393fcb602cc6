//! What may happen to a buyer of the register. Pure.

use super::model::Buyer;
use crate::audit::Severity;
use crate::auth::{OrganizationKind, Permission};
use crate::review::{Act, Answer, Refusal, SubjectKind, Workflow};
use crate::workflow::Limit;

/// The paper that shows a buyer's business.
pub const PROOF: &str = "buyer_proof_of_business";

const fn act(
    code: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    needs: Permission,
    answer: Answer,
    event: &'static str,
) -> Act {
    let by: &'static [OrganizationKind] = match needs {
        Permission::RegisterContracts => &[OrganizationKind::Exporter],
        _ => &[OrganizationKind::Ecta],
    };
    let severity = match answer {
        Answer::Submit => Severity::Medium,
        _ => Severity::High,
    };
    Act { code, from, to: Some(to), by, needs, answer, event, severity }
}

/// The acts on a buyer.
#[rustfmt::skip]
pub const WORKFLOW: Workflow = Workflow {
    subject: SubjectKind::Buyer,
    states: "buyer-state",
    waiting: &[("PENDING", Limit { warn_days: 3, late_days: 5 })],
    acts: &[
        act("name", &[""], "PENDING", Permission::RegisterContracts, Answer::Submit, "BUYER_NAMED"),
        act("correct", &["PENDING", "REJECTED"], "PENDING", Permission::RegisterContracts, Answer::Submit, "BUYER_CORRECTED"),
        act("verify", &["PENDING"], "VERIFIED", Permission::DecideContracts, Answer::Approve, "BUYER_APPROVED"),
        act("reject", &["PENDING"], "REJECTED", Permission::DecideContracts, Answer::Reject, "BUYER_REJECTED"),
        act("suspend", &["VERIFIED"], "SUSPENDED", Permission::SuspendRegistrations, Answer::WithReason, "BUYER_SUSPENDED"),
        act("reinstate", &["SUSPENDED"], "VERIFIED", Permission::SuspendRegistrations, Answer::WithReason, "BUYER_REINSTATED"),
    ],
};

/// The act with this code.
///
/// A code that the table does not have is given the first act; the tests know all of them.
#[must_use]
pub fn act_of(code: &str) -> &'static Act {
    WORKFLOW.act(code).unwrap_or(&WORKFLOW.acts[0])
}

/// What stands against `act` beyond the table: nobody is verified without a proof of business.
#[must_use]
pub fn against(buyer: &Buyer, act: &Act) -> Vec<Refusal> {
    let has_proof = buyer.files.iter().any(|file| file.counts() && file.document_type == PROOF);
    if act.code == "verify" && !has_proof { vec![Refusal::MissingFiles { kinds: vec![PROOF] }] } else { Vec::new() }
}
