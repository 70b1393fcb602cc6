//! What a plot is, and what was stated of it.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::geometry::Bounds;
use crate::codes::coded_enum;
use crate::ids::{OrganizationId, PlotId};
use crate::workflow::{FieldReader, Reason};

coded_enum! {
    /// What shows that the land was not deforested after 31 December 2020.
    EvidenceKind {
        /// Pictures from satellites, before and after.
        Satellite = "SATELLITE",
        /// Somebody went there.
        FieldVisit = "FIELD_VISIT",
        /// A register of land or its use.
        LandRegister = "LAND_REGISTER",
        /// What a cooperative or a union has on record.
        Cooperative = "COOPERATIVE",
        /// Something else.
        Other = "OTHER",
    }
}

/// A statement about the cut-off date, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// What kind of evidence there is.
    pub kind: EvidenceKind,
    /// Which: title, number, day, where it is kept. 10 to 500 characters.
    pub evidence: String,
}

/// The field that makes the statement.
pub const CUTOFF_FIELD: &str = "cutoff_stated";
/// The field for the kind of evidence.
pub const CUTOFF_KIND_FIELD: &str = "cutoff_kind";
/// The field for the evidence.
pub const CUTOFF_EVIDENCE_FIELD: &str = "cutoff_evidence";
/// What shows that a statement is true.
pub const EVIDENCE_FIELDS: &[&str] = &[CUTOFF_KIND_FIELD, CUTOFF_EVIDENCE_FIELD];
/// The whole of a statement that may be left out.
pub const CUTOFF_FIELDS: &[&str] = &[CUTOFF_FIELD, CUTOFF_KIND_FIELD, CUTOFF_EVIDENCE_FIELD];

impl CutOff {
    /// The statement of a form, `None` where the box is not ticked: nothing is stated by leaving something alone.
    pub fn read(fields: &mut FieldReader<'_>) -> Option<Self> {
        if fields.raw(CUTOFF_FIELD).is_empty() { None } else { Self::demand(fields) }
    }

    /// The statement of a form that is for nothing else.
    pub fn demand(fields: &mut FieldReader<'_>) -> Option<Self> {
        let codes: Vec<&str> = EvidenceKind::ALL.iter().map(|kind| kind.code()).collect();
        let kind = EvidenceKind::from_code(&fields.choice(CUTOFF_KIND_FIELD, &codes));
        match Reason::parse(fields.raw(CUTOFF_EVIDENCE_FIELD)) {
            Ok(evidence) => kind.map(|kind| Self { kind, evidence: evidence.as_str().to_owned() }),
            Err(problem) => {
                fields.problems.add(CUTOFF_EVIDENCE_FIELD, problem);
                None
            }
        }
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// By name.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Whether a plot is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlotState {
    /// Lots may come from it.
    Active,
    /// No new lot comes from it; those that did still do.
    Retired {
        /// By whom, when.
        by: By,
        /// Why.
        reason: String,
    },
}

/// A plot of land, as one of its revisions says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    /// Of this revision.
    pub id: PlotId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The owner's name, in English and Amharic.
    pub owner: (String, String),
    /// Its number, the same through all revisions.
    pub number: String,
    /// Counts the revisions.
    pub revision: i32,
    /// Who grows coffee there.
    pub producer_name: String,
    /// ISO 3166 code.
    pub producer_country: String,
    /// What the place is called.
    pub production_place: String,
    /// Hectares.
    pub area: Decimal,
    /// `Point`, `Polygon`, ...
    pub geometry_kind: String,
    /// GeoJSON.
    pub geometry: String,
    /// How many places it has.
    pub positions: i32,
    /// The rectangle around it.
    pub bounds: Bounds,
    /// What was stated about the cut-off date, by whom; `None` when nothing was.
    pub cutoff: Option<(CutOff, By)>,
    /// The file from which it came.
    pub file_name: Option<String>,
    /// Whether it is in use.
    pub state: PlotState,
    /// The revision in its place.
    pub superseded_by: Option<PlotId>,
    /// Counts the changes to this revision.
    pub version: i32,
    /// Who mapped it.
    pub created: By,
}

impl Plot {
    /// Whether it is the revision in force.
    #[must_use]
    pub const fn is_in_force(&self) -> bool {
        self.superseded_by.is_none()
    }
}

/// A file that waits for a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingImport {
    /// Its name.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Who sent it.
    pub uploaded: By,
    /// Its bytes.
    pub content: Vec<u8>,
}
