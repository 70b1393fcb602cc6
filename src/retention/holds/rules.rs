//! Who may place a hold, and who may lift it.

use super::model::Hold;
use crate::ids::UserId;

/// Why nothing was placed or lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such hold.
    NotFound,
    /// Nothing is called so.
    NoSubject,
    /// One stands on it already.
    AlreadyHeld,
    /// It is lifted already.
    Lifted,
    /// Who placed it lifts it.
    OwnHold,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "there is no such hold",
            Self::NoSubject => "nothing is called so",
            Self::AlreadyHeld => "a hold stands on it already",
            Self::Lifted => "it is lifted already",
            Self::OwnHold => "it is one's own",
        })
    }
}

/// Whether `person` may lift `hold`.
pub(super) fn may_lift(hold: &Hold, person: UserId) -> Result<(), Refusal> {
    match hold.lifted_at {
        Some(_) => Err(Refusal::Lifted),
        None if hold.placed_by == person => Err(Refusal::OwnHold),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::retention::holds::model::Subject;

    #[test]
    fn another_than_who_placed_it_lifts_a_hold_and_once() {
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let placed_at = DateTime::from_timestamp(1_764_400_000, 0).unwrap();
        let hold = Hold {
            id: Uuid::nil(),
            subject: Subject::Export,
            name: None,
            reason: "A court has asked for it.".to_owned(),
            placed_by: one,
            placed_at,
            lifted_by: None,
            lifted_at: None,
            lift_reason: None,
        };
        assert_eq!(may_lift(&hold, other), Ok(()));
        assert_eq!(may_lift(&hold, one), Err(Refusal::OwnHold));
        let lifted = Hold { lifted_by: Some(other), lifted_at: Some(placed_at), ..hold };
        assert_eq!(may_lift(&lifted, other), Err(Refusal::Lifted));
    }
}
