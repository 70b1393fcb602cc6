//! Holds.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::ids::UserId;

coded_enum! {
    /// What a hold stands on.
    Subject {
        /// An export, by its number.
        Export = "EXPORT",
        /// An organisation, by its code.
        Organization = "ORGANIZATION",
        /// A person, by their user name.
        Person = "PERSON",
    }
}

/// A hold.
#[derive(Debug, Clone)]
pub(super) struct Hold {
    pub id: Uuid,
    pub subject: Subject,
    /// Number, code or name; none when there is no such thing any more.
    pub name: Option<String>,
    pub reason: String,
    pub placed_by: UserId,
    pub placed_at: DateTime<Utc>,
    pub lifted_by: Option<UserId>,
    pub lifted_at: Option<DateTime<Utc>>,
    pub lift_reason: Option<String>,
}
