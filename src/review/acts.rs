//! Acts as data: who may do what from which state, and where it leads. The page draws its buttons from the table, the
//! service asks it under the lock, `legal_moves` in the database is the same table, and the tests compare them.

use super::model::SubjectKind;
use crate::audit::Severity;
use crate::auth::{OrganizationKind, Permission};
use crate::workflow::Limit;

/// How an act is answered for on the page, and what it has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The applicant hands in, or hands in again.
    Submit,
    /// The desk grants it.
    Approve,
    /// The desk refuses it, with a reason; the applicant may correct it and hand it in again.
    Reject,
    /// The desk asks, with a reason; the case comes back with the answer.
    Return,
    /// Another act of its own, with a reason: suspend, reinstate, revoke, cancel.
    WithReason,
    /// Another act of its own, without one: verify a capital.
    Other,
    /// What time does by itself.
    ByTime,
}

impl Answer {
    /// Whether a reason of 10 to 500 characters has to be given (domain 2, rule 2).
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Reject | Self::Return | Self::WithReason)
    }
}

/// One act of a workflow.
#[derive(Debug)]
pub struct Act {
    /// Its code in the history, in forms and in `legal_moves`: `approve`.
    pub code: &'static str,
    /// The states in which it may be done; `""` is before there is anything.
    pub from: &'static [&'static str],
    /// Where it leads; `None` where everything stays as it is.
    pub to: Option<&'static str>,
    /// Whose act it is.
    pub by: &'static [OrganizationKind],
    /// What the person must be allowed.
    pub needs: Permission,
    /// What it is.
    pub answer: Answer,
    /// Its name in the record (domain 5.9).
    pub event: &'static str,
    /// How much that matters.
    pub severity: Severity,
}

impl Act {
    /// Where it leads from `state`.
    #[must_use]
    pub fn target<'a>(&self, state: &'a str) -> &'a str
    where
        Self: 'a,
    {
        self.to.unwrap_or(state)
    }

    /// Whether it may be done in `state`.
    #[must_use]
    pub fn is_open_in(&self, state: &str) -> bool {
        self.from.contains(&state)
    }
}

/// The acts of one kind of subject.
#[derive(Debug)]
pub struct Workflow {
    /// Of what.
    pub subject: SubjectKind,
    /// The family of its states' names in the texts: `laboratory-state`.
    pub states: &'static str,
    /// The states in which it waits for a desk, and how long it may (domain 2.12).
    pub waiting: &'static [(&'static str, Limit)],
    /// The acts.
    pub acts: &'static [Act],
}

impl Workflow {
    /// The act with this code.
    #[must_use]
    pub fn act(&self, code: &str) -> Option<&'static Act> {
        self.acts.iter().find(|act| act.code == code)
    }

    /// Whether it is open in `state`: it waits for a desk, or its applicant may hand it in again.
    #[must_use]
    pub fn is_open_in(&self, state: &str) -> bool {
        let is_handed_in = |act: &Act| act.answer == Answer::Submit && act.is_open_in(state);
        self.limit_in(state).is_some() || self.acts.iter().any(is_handed_in)
    }

    /// How long it may wait in `state`, where it waits for a desk.
    #[must_use]
    pub fn limit_in(&self, state: &str) -> Option<Limit> {
        self.waiting.iter().find(|(waiting, _)| *waiting == state).map(|(_, limit)| *limit)
    }
}

/// Every move of a workflow, as `legal_moves` has it: from, act, to.
#[must_use]
pub fn legal_moves(workflow: &Workflow) -> Vec<(String, String, String)> {
    let mut moves: Vec<_> = workflow
        .acts
        .iter()
        .flat_map(|act| {
            act.from.iter().map(|from| ((*from).to_owned(), act.code.to_owned(), act.target(from).to_owned()))
        })
        .collect();
    moves.sort();
    moves
}
