//! Steps as data: from which state, by whom, to which states.

use super::fields::{Problem, is_strange};
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

impl Reason {
    /// The fewest characters that say something.
    pub const SHORTEST: usize = 10;
    /// The most that a reader takes in.
    pub const LONGEST: usize = 500;

    /// The reason in `text`, without the space around it; a line break counts once, however it was sent.
    ///
    /// # Errors
    /// When it is missing, has fewer than 10 or more than 500 characters, or hides some of them.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim().replace("\r\n", "\n");
        match text.chars().count() {
            0 => Err(Problem::Missing),
            1..Self::SHORTEST => Err(Problem::TooShort { least: Self::SHORTEST }),
            Self::SHORTEST..=Self::LONGEST if text.chars().any(is_strange) => Err(Problem::StrangeCharacters),
            Self::SHORTEST..=Self::LONGEST => Ok(Self(text)),
            _ => Err(Problem::TooLong { most: Self::LONGEST }),
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
        assert_eq!(Reason::parse("  "), Err(Problem::Missing));
        assert_eq!(Reason::parse(" 123456789 "), Err(Problem::TooShort { least: 10 }));
        assert!(Reason::parse("1234567890").is_ok());
        assert!(Reason::parse(&"ቡ".repeat(500)).is_ok());
        assert_eq!(Reason::parse(&"x".repeat(501)), Err(Problem::TooLong { most: 500 }));
    }

    #[test]
    fn a_line_break_of_a_browser_counts_once() {
        let lines = format!("{}\r\n{}", "x".repeat(249), "y".repeat(250));
        assert_eq!(Reason::parse(&lines).unwrap().as_str().chars().count(), 500);
    }

    #[test]
    fn a_reason_that_reads_otherwise_than_it_is_stored_is_refused() {
        for text in ["The invoice \u{202E}gnorw si", "The invoice\u{0007} is wrong", "The in\u{200B}voice is wrong"] {
            assert_eq!(Reason::parse(text), Err(Problem::StrangeCharacters), "{text:?}");
        }
        assert!(Reason::parse("The invoice is wrong.\nThe weight as well.").is_ok());
    }
}
