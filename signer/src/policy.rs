//! What a key may be used for, and by whom: the seed's access policy, and the question whether one use keeps to it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a key is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Seal what a paper says.
    SealPaper,
    /// Sign a paper's PDF.
    SignDocument,
    /// Issue a certificate.
    IssueCertificate,
    /// Sign a list of revoked certificates.
    SignRevocationList,
    /// Answer whether a certificate is revoked.
    AnswerStatus,
    /// State when something was there.
    StampTime,
    /// Sign the list of who is trusted.
    SignTrustList,
    /// Sign something that nobody needs, to see that the key and its certificate belong together.
    ProveItself,
    /// Be handed to its holder. No policy allows it: it is approved each time.
    LeaveHere,
}

impl Operation {
    /// Its word in the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SealPaper => "seal_paper",
            Self::SignDocument => "sign_document",
            Self::IssueCertificate => "issue_certificate",
            Self::SignRevocationList => "sign_revocation_list",
            Self::AnswerStatus => "answer_status",
            Self::StampTime => "stamp_time",
            Self::SignTrustList => "sign_trust_list",
            Self::ProveItself => "prove_itself",
            Self::LeaveHere => "leave_here",
        }
    }
}

/// The policy of a key. What is not allowed by name is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessPolicy {
    /// For what.
    pub allowed_operations: Vec<Operation>,
    /// For whom; nobody named is everybody whom the product lets.
    #[serde(default)]
    pub allowed_user_ids: Vec<Uuid>,
    /// How often in a day; not given: as often as it is asked.
    #[serde(default)]
    pub max_uses_per_day: Option<u32>,
    /// Whether the person must have shown a second factor for this very act.
    #[serde(default)]
    pub require_mfa: bool,
}

/// One use that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// For what.
    pub operation: Operation,
    /// For whom; none is the product itself.
    pub user: Option<Uuid>,
    /// Whether that person has shown a second factor for it.
    pub has_second_factor: bool,
}

/// Why a use is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The key is not for this.
    #[error("the key may not be used for this")]
    Operation,
    /// The key is not for this person.
    #[error("the key may not be used for this person")]
    Person,
    /// No second factor was shown.
    #[error("the key wants a second factor for each use")]
    SecondFactor,
    /// It was used as often as it may be today.
    #[error("the key was used today as often as it may be")]
    TooOften,
}

impl AccessPolicy {
    /// A policy that allows these operations and asks nothing else.
    #[must_use]
    pub fn of(operations: &[Operation]) -> Self {
        Self {
            allowed_operations: operations.to_vec(),
            allowed_user_ids: Vec::new(),
            max_uses_per_day: None,
            require_mfa: false,
        }
    }

    /// Whether this use keeps to the policy; how often the key was used is looked at by itself, under the row's lock.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(&self, asked: Use) -> Result<(), Refusal> {
        if !self.allowed_operations.contains(&asked.operation) {
            return Err(Refusal::Operation);
        }
        if !self.allowed_user_ids.is_empty() && !asked.user.is_some_and(|user| self.allowed_user_ids.contains(&user)) {
            return Err(Refusal::Person);
        }
        if self.require_mfa && !asked.has_second_factor {
            return Err(Refusal::SecondFactor);
        }
        Ok(())
    }

    /// Whether one more use stays within the day's number.
    ///
    /// # Errors
    /// When it does not.
    pub fn allows_number(&self, uses_today: u32) -> Result<(), Refusal> {
        match self.max_uses_per_day {
            Some(most) if uses_today > most => Err(Refusal::TooOften),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: Uuid = Uuid::from_u128(1);

    fn asked(operation: Operation) -> Use {
        Use { operation, user: Some(PERSON), has_second_factor: false }
    }

    #[test]
    fn what_is_not_allowed_is_refused() {
        let policy = AccessPolicy::of(&[Operation::SealPaper]);
        assert_eq!(policy.allows(asked(Operation::SealPaper)), Ok(()));
        assert_eq!(policy.allows(asked(Operation::IssueCertificate)), Err(Refusal::Operation));

        let named = AccessPolicy { allowed_user_ids: vec![Uuid::from_u128(2)], ..policy.clone() };
        assert_eq!(named.allows(asked(Operation::SealPaper)), Err(Refusal::Person));
        let nobody = Use { user: None, ..asked(Operation::SealPaper) };
        assert_eq!(named.allows(nobody), Err(Refusal::Person));

        let guarded = AccessPolicy { require_mfa: true, ..policy.clone() };
        assert_eq!(guarded.allows(asked(Operation::SealPaper)), Err(Refusal::SecondFactor));
        let shown = Use { has_second_factor: true, ..asked(Operation::SealPaper) };
        assert_eq!(guarded.allows(shown), Ok(()));

        let seldom = AccessPolicy { max_uses_per_day: Some(2), ..policy };
        assert_eq!(seldom.allows_number(2), Ok(()));
        assert_eq!(seldom.allows_number(3), Err(Refusal::TooOften));
    }

    #[test]
    fn a_policy_with_a_word_that_is_not_known_is_none() {
        let strange = r#"{"allowed_operations": ["seal_paper"], "require_mfaa": true}"#;
        assert!(serde_json::from_str::<AccessPolicy>(strange).is_err());
    }
}
