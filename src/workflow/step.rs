//! Steps as data: from which state, by whom, to which states.

use crate::auth::{OrganizationKind, Permission};
use crate::codes::coded_enum;

coded_enum! {
    /// The answers that every step allows.
    Decision {
        /// The case goes on.
        Approve = "approve",
        /// The case is refused at this step; the applicant may correct and resubmit it.
        Reject = "reject",
        /// A query to the applicant: the case comes back to this step with the answer.
        Return = "return",
    }
}

/// How long a case may wait at a step before it is shown as due, and as late. In working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// From here it is due.
    pub warn_days: u32,
    /// From here it is late.
    pub late_days: u32,
}

/// One step of a workflow. Engine, queue, stepper, permission matrix, diagrams and the exhaustive tests all
/// read the same table of these.
#[derive(Debug)]
pub struct Step<Kind: 'static, State: 'static> {
    /// Which step it is.
    pub kind: Kind,
    /// The state in which a case waits for it.
    pub from: State,
    /// Where approval leads.
    pub approved: State,
    /// Where rejection leads.
    pub rejected: State,
    /// Where a query to the applicant leads.
    pub returned: State,
    /// Whose queue it is.
    pub organization: OrganizationKind,
    /// What the decider must be allowed.
    pub needs: Permission,
    /// How long it may take (domain 2.12).
    pub limit: Limit,
    /// Whether a value above the parameter `second_officer_above` needs a second officer.
    pub second_officer: bool,
}

impl<Kind, State: Copy> Step<Kind, State> {
    /// Where `decision` leads.
    #[must_use]
    pub const fn target(&self, decision: Decision) -> State {
        match decision {
            Decision::Approve => self.approved,
            Decision::Reject => self.rejected,
            Decision::Return => self.returned,
        }
    }
}

/// Why a decision that is not an approval was taken: 10 to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// A reason that is too short or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason has 10 to 500 characters, this one has {characters}")]
pub struct BadReason {
    /// How many it has, without the space around it.
    pub characters: usize,
}

impl Reason {
    /// The fewest characters that say something.
    pub const SHORTEST: usize = 10;
    /// The most that a reader takes in.
    pub const LONGEST: usize = 500;

    /// The reason in `text`, without the space around it.
    ///
    /// # Errors
    /// When it has fewer than 10 or more than 500 characters.
    pub fn parse(text: &str) -> Result<Self, BadReason> {
        let text = text.trim();
        let characters = text.chars().count();
        if (Self::SHORTEST..=Self::LONGEST).contains(&characters) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadReason { characters })
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_of_nine_characters_is_too_short_and_of_ten_is_enough() {
        assert_eq!(Reason::parse(" 123456789 "), Err(BadReason { characters: 9 }));
        assert!(Reason::parse("1234567890").is_ok());
        assert!(Reason::parse(&"ቡ".repeat(500)).is_ok());
        assert_eq!(Reason::parse(&"x".repeat(501)), Err(BadReason { characters: 501 }));
    }
}
