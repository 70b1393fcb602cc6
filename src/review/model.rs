//! What is reviewed and where it stands; what happened to it and what was said.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::ids::{MessageId, OrganizationId, UserId};
use crate::organizations::directory::Names;

coded_enum! {
    /// What is reviewed.
    SubjectKind {
        /// An exporter's profile.
        Profile = "PROFILE",
        /// A coffee laboratory.
        Laboratory = "LABORATORY",
        /// A coffee taster.
        Taster = "TASTER",
        /// A certificate of competence.
        Competence = "COMPETENCE",
        /// An export licence.
        License = "LICENSE",
        /// A lot of coffee.
        Lot = "LOT",
        /// A quality inspection.
        Inspection = "INSPECTION",
        /// A sales contract.
        Contract = "CONTRACT",
        /// A buyer abroad.
        Buyer = "BUYER",
    }
}

impl SubjectKind {
    /// The name of its kind in `preregistration_documents.entity_type`, and of the entity in the record.
    #[must_use]
    pub const fn entity_type(self) -> &'static str {
        match self {
            Self::Profile => "exporter_profile",
            Self::Laboratory => "laboratory",
            Self::Taster => "taster",
            Self::Competence => "competence_certificate",
            Self::License => "export_license",
            Self::Lot => "coffee_lot",
            Self::Inspection => "quality_inspection",
            Self::Contract => "sales_contract",
            Self::Buyer => "buyer",
        }
    }

    /// The kind with this name in an address (`laboratory`).
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }

    /// Its name in an address.
    #[must_use]
    pub fn slug(self) -> String {
        self.code().to_ascii_lowercase()
    }
}

/// Where a subject stands: what every rule and page of reviews needs of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: Uuid,
    /// What people call it: its number, or a name before it has one.
    pub reference: String,
    /// Its status, as stored.
    pub state: String,
    /// How often it was changed.
    pub version: i32,
    /// Whose application it is.
    pub owner: OrganizationId,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// Who changed it last, by name; empty where time did.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryLine {
    /// The act, such as `approve`.
    pub action: String,
    /// Where it stood; empty for the first.
    pub from_state: String,
    /// Where it led.
    pub to_state: String,
    /// Who did it; nobody where time did.
    pub changed_by: Option<UserId>,
    /// For whom.
    pub organization_id: Option<OrganizationId>,
    /// Why.
    pub reason: Option<String>,
    /// What it changed, and what the form asked for.
    pub details: Value,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLine {
    /// Its id.
    pub message_id: MessageId,
    /// Who wrote it.
    pub author_id: UserId,
    /// For whom.
    pub organization_id: OrganizationId,
    /// What it says.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What happened to a subject and what was said about it, with the names of those who did and said it.
#[derive(Debug, Clone, Default)]
pub struct Dialogue {
    /// Newest first.
    pub history: Vec<HistoryLine>,
    /// Oldest first.
    pub messages: Vec<MessageLine>,
    /// Names of people and organisations in both.
    pub names: Names,
}
