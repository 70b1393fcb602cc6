//! Who may have an archived year dropped: two administrators, one after the other.

use super::model::ArchiveState;
use crate::ids::UserId;

/// Why an act about an archive is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is none.
    NotFound,
    /// It stands elsewhere by now.
    MovedOn(ArchiveState),
    /// Who asked agrees with themselves.
    OwnRequest,
    /// Somebody has asked to keep what is in it.
    Held,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found"),
            Self::MovedOn(state) => write!(f, "it is {state}"),
            Self::OwnRequest => f.write_str("the request is one's own"),
            Self::Held => f.write_str("it is held"),
        }
    }
}

/// What is done about an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// One wants it dropped.
    Ask,
    /// Another agrees.
    Approve,
    /// Somebody takes the request back.
    Withdraw,
}

/// What stands of an archive when somebody acts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub state: ArchiveState,
    pub asked_by: Option<UserId>,
    pub is_held: bool,
}

/// Whether `person` may do `act` now.
pub(super) fn check(act: Act, standing: Standing, person: UserId) -> Result<(), Refusal> {
    let needed = match act {
        Act::Ask => ArchiveState::Detached,
        Act::Approve | Act::Withdraw => ArchiveState::DropAsked,
    };
    if standing.state != needed {
        return Err(Refusal::MovedOn(standing.state));
    }
    if act == Act::Approve && standing.asked_by == Some(person) {
        return Err(Refusal::OwnRequest);
    }
    if act != Act::Withdraw && standing.is_held {
        return Err(Refusal::Held);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn two_people_are_needed_and_a_hold_stops_both() {
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let detached = Standing { state: ArchiveState::Detached, asked_by: None, is_held: false };
        let asked = Standing { state: ArchiveState::DropAsked, asked_by: Some(one), is_held: false };
        assert_eq!(check(Act::Ask, detached, one), Ok(()));
        assert_eq!(check(Act::Approve, asked, other), Ok(()));
        assert_eq!(check(Act::Approve, asked, one), Err(Refusal::OwnRequest));
        assert_eq!(check(Act::Withdraw, asked, one), Ok(()));
        assert_eq!(check(Act::Approve, detached, other), Err(Refusal::MovedOn(ArchiveState::Detached)));
        assert_eq!(check(Act::Ask, Standing { is_held: true, ..detached }, one), Err(Refusal::Held));
        assert_eq!(check(Act::Approve, Standing { is_held: true, ..asked }, other), Err(Refusal::Held));
        assert_eq!(check(Act::Withdraw, Standing { is_held: true, ..asked }, other), Ok(()));
        for state in [ArchiveState::Exported, ArchiveState::DropApproved, ArchiveState::Dropped] {
            for act in [Act::Ask, Act::Approve, Act::Withdraw] {
                assert_eq!(check(act, Standing { state, ..asked }, other), Err(Refusal::MovedOn(state)));
            }
        }
    }
}
