//! Lots that wait for inspection, samples, signed inspections.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::ids::{InspectionId, LotId, OrganizationId, SampleId, UserId};

coded_enum! {
    /// What has become of a sample.
    SampleStatus {
        /// It is being examined.
        Drawn = "DRAWN",
        /// Its inspection is signed.
        Signed = "SIGNED",
        /// It was given up.
        Abandoned = "ABANDONED",
    }
}

/// What an inspection needs to know of a lot.
#[derive(Debug, Clone, PartialEq)]
pub struct LotFacts {
    /// Its id.
    pub lot_id: LotId,
    /// Its number.
    pub number: String,
    /// Whose firm's it is.
    pub owner: OrganizationId,
    /// WASHED, NATURAL or HONEY.
    pub processing_method: String,
    /// When its receipt was verified; nothing before.
    pub verified_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub status: String,
    /// Kilograms that exports have taken.
    pub reserved_kg: Decimal,
    /// The inspection in force: its own, or that of the lot that it was split off.
    pub inspection: Option<(InspectionId, bool)>,
    /// Whether that is its own, which the next one takes out of force; the whole's stays in force for the whole.
    pub is_own_inspection: bool,
    /// Whether a sample of it is being examined.
    pub has_open_sample: bool,
}

/// A sample under its code.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// Of which lot; the pages of who cups do not show it.
    pub lot_id: LotId,
    /// Whose lot.
    pub owner: OrganizationId,
    /// The blind code.
    pub code: String,
    /// Where.
    pub center: String,
    /// How much was drawn, in grams.
    pub grams: Decimal,
    /// When.
    pub drawn_on: NaiveDate,
    /// By whom.
    pub drawn_by: UserId,
    /// By name.
    pub drawn_by_name: String,
    /// How the raw coffee is scored.
    pub raw_form: String,
    /// WASHED, NATURAL or HONEY: it decides how many cups are brewed.
    pub processing_method: String,
    /// Why the lot is inspected again.
    pub again_because: Option<String>,
    /// What has become of it.
    pub status: SampleStatus,
    /// How often it was changed.
    pub version: i32,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl Sample {
    /// How many cups each taster is served: seven of washed coffee, eight of natural (IRD study of the laboratory).
    #[must_use]
    pub fn cups(&self) -> u8 {
        if self.processing_method == "WASHED" { 7 } else { 8 }
    }
}

/// A line of the desk's queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueLine {
    /// The lot or the sample.
    pub id: Uuid,
    /// A lot's number, or a sample's code.
    pub reference: String,
    /// What coffee: nothing for a sample, which is blind.
    pub coffee: Option<(String, String)>,
    /// Whose; nothing for a sample.
    pub owner: Option<String>,
    /// Kilograms; nothing for a sample.
    pub quantity: Option<Decimal>,
    /// The centre of a sample.
    pub center: Option<String>,
    /// Since when it waits.
    pub since: DateTime<Utc>,
}

/// A signed inspection, with everything that it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// Its id.
    pub id: InspectionId,
    /// Number of the certificate of quality.
    pub certificate_number: String,
    /// Of which lot.
    pub lot_id: LotId,
    /// The lot's number.
    pub lot_number: String,
    /// Whose.
    pub owner_name: String,
    /// When.
    pub inspected_on: NaiveDate,
    /// Where.
    pub center: String,
    /// Under which code.
    pub sample_code: Option<String>,
    /// Who signed, by name.
    pub signed_by: String,
    /// Points of 40.
    pub raw_score: Decimal,
    /// Points of 60.
    pub cup_score: Decimal,
    /// Points of 100.
    pub total_score: Decimal,
    /// The grade.
    pub grade: String,
    /// What the defects suggest.
    pub defect_grade: Option<String>,
    /// Defects in 300 g.
    pub primary_defects: i32,
    /// Defects in 300 g.
    pub secondary_defects: i32,
    /// Grams.
    pub foreign_matter: Option<Decimal>,
    /// Percent.
    pub moisture: Decimal,
    /// The ICO's code.
    pub ico_code: Option<String>,
    /// Points of 100 by the form of 2004.
    pub sca_score: Option<Decimal>,
    /// Points of 100 by the affective form.
    pub cva_score: Option<Decimal>,
    /// Points between the tasters.
    pub panel_spread: Option<Decimal>,
    /// Why that was accepted.
    pub spread_reason: Option<String>,
    /// Notes of flavour.
    pub flavour_notes: Option<String>,
    /// What the laboratory adds.
    pub remarks: Option<String>,
    /// Whether it passed.
    pub passed: bool,
    /// Why not.
    pub failed_because: Option<String>,
    /// The inspection in its place.
    pub superseded_by: Option<InspectionId>,
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
}

/// A taster's row of a signed inspection.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelLine {
    /// The form.
    pub form: String,
    /// Who tasted.
    pub taster: String,
    /// Scores by item.
    pub scores: Value,
    /// Their total.
    pub total: Decimal,
}
