//! Erasures, how they stand, and what they do to which records.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::i18n::Lang;
use crate::organizations::own_data::{Kept, LegalBasis, Purpose};

/// What pages call a person who was erased; the database says the same in `app.erased_name`.
#[must_use]
pub fn erased_name(lang: Lang) -> String {
    lang.t("erased-person")
}

coded_enum! {
    /// What erasing does to the rows of one place.
    Did {
        /// They go.
        Delete = "DELETE",
        /// They lose what names the person.
        Clear = "CLEAR",
        /// They stay, with an id that names nobody any more.
        Keep = "KEEP",
    }
}

coded_enum! {
    /// Why somebody cannot be erased now.
    Refusal {
        /// A legal hold stands on them, on their organisation or on a case in which they have acted.
        LegalHold = "LEGAL_HOLD",
        /// They have claimed exports that wait for them.
        OpenClaims = "OPEN_CLAIMS",
        /// Nobody else could let people into their organisation.
        SoleAdministrator = "SOLE_ADMINISTRATOR",
    }
}

coded_enum! {
    /// How an erasure stands.
    ErasureState {
        /// A link was mailed, or will be.
        Asked = "ASKED",
        /// Nobody followed the link in time.
        Lapsed = "LAPSED",
        /// It will be done when its day has come.
        Confirmed = "CONFIRMED",
        /// The person has thought better of it.
        Withdrawn = "WITHDRAWN",
        /// When its day had come, it could not be done.
        Refused = "REFUSED",
        /// It is done.
        Done = "DONE",
    }
}

/// An erasure. Its id is the number of its certificate.
#[derive(Debug, Clone)]
pub(super) struct Erasure {
    pub id: Uuid,
    pub asked_at: DateTime<Utc>,
    /// When the link ends.
    pub expires_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub due_at: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub refused_at: Option<DateTime<Utc>>,
    pub refusal: Option<Refusal>,
    pub done_at: Option<DateTime<Utc>>,
    /// What was done, once it was.
    pub counts: Option<sqlx::types::Json<Vec<Counted>>>,
}

impl Erasure {
    /// How it stands at `now`.
    pub fn state(&self, now: DateTime<Utc>) -> ErasureState {
        match (self.done_at, self.refused_at, self.withdrawn_at, self.confirmed_at) {
            (Some(_), ..) => ErasureState::Done,
            (_, Some(_), ..) => ErasureState::Refused,
            (_, _, Some(_), _) => ErasureState::Withdrawn,
            (_, _, _, Some(_)) => ErasureState::Confirmed,
            _ if now < self.expires_at => ErasureState::Asked,
            _ => ErasureState::Lapsed,
        }
    }

    /// Whether it can be withdrawn at `now`.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        matches!(self.state(now), ErasureState::Asked | ErasureState::Confirmed)
    }
}

/// A place of the register.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub source: String,
    pub person_column: String,
    pub legal_basis: LegalBasis,
    pub on_erasure: Did,
}

/// What was done in one place. No personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    pub source: String,
    pub column: String,
    pub did: Did,
    pub basis: LegalBasis,
    pub rows: i64,
}

/// What will be done in places that have the same reasons.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub on_erasure: Did,
    pub purpose: Purpose,
    pub legal_basis: LegalBasis,
    pub kept: Kept,
    /// The tables.
    pub sources: Vec<String>,
}

/// A line of the ledger that is kept outside: whom a restored database has to erase again. Ids and times only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Which erasure.
    pub erasure: Uuid,
    /// Whose.
    pub person: Uuid,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When the link was followed.
    pub confirmed_at: DateTime<Utc>,
    /// When it was to be done.
    pub due_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn an_erasure_is_open_until_it_lapses_or_ends() {
        let now = DateTime::from_timestamp(1_764_400_000, 0).unwrap();
        let asked = Erasure {
            id: Uuid::nil(),
            asked_at: now,
            expires_at: now + Duration::hours(24),
            confirmed_at: None,
            due_at: None,
            withdrawn_at: None,
            refused_at: None,
            refusal: None,
            done_at: None,
            counts: None,
        };
        assert_eq!(asked.state(now), ErasureState::Asked);
        assert_eq!(asked.state(asked.expires_at), ErasureState::Lapsed);
        assert!(asked.is_open(now) && !asked.is_open(asked.expires_at));
        let confirmed = Erasure { confirmed_at: Some(now), due_at: Some(now + Duration::days(30)), ..asked };
        assert_eq!(confirmed.state(now + Duration::days(31)), ErasureState::Confirmed);
        assert!(!Erasure { withdrawn_at: Some(now), ..confirmed.clone() }.is_open(now));
        assert_eq!(Erasure { done_at: Some(now), ..confirmed }.state(now), ErasureState::Done);
    }
}
