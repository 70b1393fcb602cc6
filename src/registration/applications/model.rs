//! An application as its rules and pages see it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::ids::ExporterId;
use crate::registration::gates::Facts;
use crate::review::{ApplicationFile, FileKinds, Standing, SubjectKind};

/// An application in the shape that all kinds share.
#[derive(Debug, Clone)]
pub struct Registered {
    /// Of what.
    pub kind: SubjectKind,
    /// Where it stands.
    pub standing: Standing,
    /// Whose it is.
    pub exporter_id: ExporterId,
    /// The firm's name.
    pub business_name: String,
    /// The firm's region.
    pub region: Option<String>,
    /// What it is: the laboratory's name, the taster's, the firm's.
    pub title: String,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// Since when it stands where it stands.
    pub state_since: DateTime<Utc>,
    /// Its last day, once it has one.
    pub expires_on: Option<NaiveDate>,
    /// How often it was handed in again.
    pub resubmission_count: i32,
    /// Whether another has taken its place.
    pub is_superseded: bool,
    /// Which one it is to supersede.
    pub renews: Option<Uuid>,
}

/// An application under decision: what it says, and what the rules need beside.
#[derive(Debug, Clone)]
pub struct Case<A> {
    /// What all kinds share.
    pub registered: Registered,
    /// What its form says.
    pub answers: A,
    /// What the firm's gates are judged by.
    pub facts: Facts,
    /// Papers handed in.
    pub files: Vec<ApplicationFile>,
    /// The names of their kinds.
    pub kinds: FileKinds,
    /// The day in Addis Ababa.
    pub today: NaiveDate,
}

impl<A> Case<A> {
    /// Where it stands.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.registered.standing
    }
}
