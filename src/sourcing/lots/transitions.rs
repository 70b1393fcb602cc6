//! What may be done with a lot that was registered: two tables of the same acts, since the exchange verifies the lots of
//! its auction and the authority all others (domain 2.6, reading 8).

use super::model::Source;
use crate::audit::Severity;
use crate::auth::{OrganizationKind, Permission};
use crate::review::{Act, Answer, SubjectKind, Workflow};
use crate::workflow::Limit;

/// How long a lot may wait for its desk (domain 2.12).
pub const LIMIT: Limit = Limit { warn_days: 1, late_days: 2 };

/// The act that registers a lot.
pub const REGISTER: Act = Act {
    code: "register",
    from: &[""],
    to: Some("PENDING"),
    by: &[OrganizationKind::Exporter],
    needs: Permission::RegisterLots,
    answer: Answer::Submit,
    event: "LOT_REGISTERED",
    severity: Severity::Medium,
};

/// The act that hands in what came back.
pub const RESUBMIT: Act = Act {
    code: "resubmit",
    from: &["REJECTED", "RETURNED"],
    to: Some("PENDING"),
    by: &[OrganizationKind::Exporter],
    needs: Permission::RegisterLots,
    answer: Answer::Submit,
    event: "LOT_RESUBMITTED",
    severity: Severity::Medium,
};

const fn made(code: &'static str, event: &'static str) -> Act {
    Act {
        code,
        from: &[""],
        to: Some("VERIFIED"),
        by: &[OrganizationKind::Exporter],
        needs: Permission::RegisterLots,
        answer: Answer::Submit,
        event,
        severity: Severity::Medium,
    }
}

/// A lot is split off another, and verified as that was.
pub const SPLIT_OFF: Act = made("split", "LOT_SPLIT");
/// A lot is put together of lots of the same coffee.
pub const MERGED: Act = made("merge", "LOT_MERGED");
/// A lot is put together of lots that differ.
pub const BLENDED: Act = made("blend", "LOT_BLENDED");

/// The act that registers the lots of a file.
pub const IMPORT: Act = Act { code: "import", ..REGISTER };

const fn decision(
    code: &'static str,
    to: &'static str,
    by: &'static [OrganizationKind],
    answer: Answer,
    event: &'static str,
) -> Act {
    Act {
        code,
        from: &["PENDING"],
        to: Some(to),
        by,
        needs: Permission::VerifyLots,
        answer,
        event,
        severity: Severity::High,
    }
}

const fn workflow(acts: &'static [Act]) -> Workflow {
    Workflow { subject: SubjectKind::Lot, states: "lot-verification", waiting: &[("PENDING", LIMIT)], acts }
}

macro_rules! table {
    ($desk:expr) => {
        &[
            REGISTER,
            IMPORT,
            SPLIT_OFF,
            MERGED,
            BLENDED,
            RESUBMIT,
            decision("approve", "VERIFIED", &[$desk], Answer::Approve, "LOT_VERIFIED"),
            decision("return", "RETURNED", &[$desk], Answer::Return, "LOT_RETURNED"),
            decision("reject", "REJECTED", &[$desk], Answer::Reject, "LOT_REJECTED"),
        ]
    };
}

/// The acts on lots of the exchange's auction.
pub static OF_THE_EXCHANGE: Workflow = workflow(table!(OrganizationKind::Ecx));

/// The acts on all other lots.
pub static OF_THE_AUTHORITY: Workflow = workflow(table!(OrganizationKind::Ecta));

/// The acts on lots of this source.
#[must_use]
pub fn workflow_of(source: Source) -> &'static Workflow {
    match source {
        Source::Ecx => &OF_THE_EXCHANGE,
        Source::Vertical | Source::OwnFarm | Source::Union | Source::Mixed => &OF_THE_AUTHORITY,
    }
}

/// The organisation that verifies lots of this source.
#[must_use]
pub const fn desk_of(source: Source) -> OrganizationKind {
    match source {
        Source::Ecx => OrganizationKind::Ecx,
        Source::Vertical | Source::OwnFarm | Source::Union | Source::Mixed => OrganizationKind::Ecta,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::legal_moves;

    #[test]
    fn both_desks_have_the_same_moves_and_each_its_own_people() {
        assert_eq!(legal_moves(&OF_THE_EXCHANGE), legal_moves(&OF_THE_AUTHORITY));
        for source in Source::ALL {
            let approve = workflow_of(*source).act("approve").unwrap();
            assert_eq!(approve.by, [desk_of(*source)]);
        }
    }

    #[test]
    fn every_state_has_a_way_on_but_the_last() {
        for state in super::super::Verification::ALL {
            let ways = OF_THE_EXCHANGE.acts.iter().filter(|act| act.is_open_in(state.code())).count();
            assert_eq!(ways > 0, *state != super::super::Verification::Verified, "{state}");
        }
    }
}
