//! The parts of a list: which applications stand together.

use chrono::{Duration, NaiveDate};

use crate::codes::coded_enum;
use crate::registration::applications::Narrowed;

coded_enum! {
    /// A part of the desk's list.
    Part {
        /// Waits for the authority.
        Pending = "pending",
        /// Sent back with a question.
        Returned = "returned",
        /// Granted.
        Active = "active",
        /// Granted, and near its end.
        Expiring = "expiring",
        /// Refused.
        Rejected = "rejected",
        /// Suspended.
        Suspended = "suspended",
        /// Revoked or run out.
        Ended = "ended",
    }
}

/// How many days before its end something is in the part of what runs out.
pub(super) const EXPIRING_DAYS: i64 = 90;

impl Part {
    /// The states that stand in it.
    pub(super) const fn states(self) -> &'static [&'static str] {
        match self {
            Self::Pending => &["PENDING", "PENDING_APPROVAL"],
            Self::Returned => &["RETURNED"],
            Self::Active | Self::Expiring => &["ACTIVE"],
            Self::Rejected => &["REJECTED"],
            Self::Suspended => &["SUSPENDED"],
            Self::Ended => &["REVOKED", "EXPIRED"],
        }
    }

    /// What a list of it is narrowed by, on `today`.
    pub(super) fn narrowed(self, today: NaiveDate) -> Narrowed {
        Narrowed {
            states: self.states().to_vec(),
            expires: (self == Self::Expiring).then(|| (today, today + Duration::days(EXPIRING_DAYS))),
            ..Narrowed::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::{KINDS, workflow_of};

    #[test]
    fn every_state_of_every_kind_stands_in_one_part() {
        for kind in KINDS {
            let states = crate::review::legal_moves(workflow_of(kind).unwrap());
            for state in states.iter().map(|(_, _, to)| to.as_str()) {
                let parts: Vec<_> = Part::ALL
                    .iter()
                    .filter(|part| **part != Part::Expiring && part.states().contains(&state))
                    .collect();
                assert_eq!(parts.len(), 1, "{kind} {state}");
            }
        }
    }
}
