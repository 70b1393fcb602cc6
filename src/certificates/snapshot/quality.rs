//! What a certificate of quality says: the raw coffee by 40 points and the cup by 60.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Essentials, Goods, Signatory};
use crate::certificates::bilingual::Bilingual;

/// A certificate of quality as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualitySnapshot {
    /// Which layout of the form it was issued on.
    pub edition: u32,
    /// Its number.
    pub number: String,
    /// The moment of its issue.
    pub issued_at: DateTime<Utc>,
    /// The day of the inspection.
    pub inspected_on: NaiveDate,
    /// Until when it is taken as fresh; an export after that is warned.
    pub fresh_until: NaiveDate,
    /// At which centre.
    pub centre: String,
    /// Under which code the sample was cupped.
    pub sample_code: Option<String>,
    /// Whose coffee it is.
    pub exporter: String,
    /// Taxpayer number.
    pub tin: String,
    /// The lot.
    pub lot: InspectedLot,
    /// Raw coffee: up to 40 points.
    pub raw: RawPart,
    /// Cup: up to 60 points.
    pub cup: CupPart,
    /// Points out of 100.
    pub total_score: Decimal,
    /// The grade found.
    pub grade: String,
    /// S or X with defects and moisture, as ICO Resolution 420 asks; papers before had no place for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ico_quality: Option<String>,
    /// Whether it may be exported.
    pub passed: bool,
    /// What the inspector adds.
    pub remarks: Option<String>,
    /// Who signs for the laboratory.
    pub signatory: Signatory,
}

/// The lot as it was when it was inspected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectedLot {
    /// The exchange's number, or an internal one.
    pub number: String,
    /// The warehouse receipt.
    pub receipt: String,
    /// Coffee type.
    pub coffee: Bilingual,
    /// Where it grew.
    pub origin: Bilingual,
    /// WASHED, NATURAL or HONEY in words.
    pub processing: Bilingual,
    /// Season of the harvest.
    pub crop_year: Option<String>,
    /// Bags, where they are counted.
    pub bags: Option<i32>,
    /// Kilograms.
    pub net_kg: Decimal,
}

/// The raw coffee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawPart {
    /// Points out of 40.
    pub score: Decimal,
    /// Percent.
    pub moisture: Decimal,
    /// Primary defects in the sample.
    pub primary_defects: i32,
    /// Secondary defects in the sample.
    pub secondary_defects: i32,
    /// All defects in 300 g, where they were counted.
    pub defects: Option<i32>,
    /// Grams.
    pub foreign_matter: Option<Decimal>,
    /// Points for odour.
    pub odour: Option<Decimal>,
    /// The size of the beans.
    pub bean_size: Option<String>,
    /// Percent above screen 15.
    pub screen_15: Option<Decimal>,
    /// Percent that stay on each screen, the smallest first; papers before said screen 15 alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screens: Vec<(i32, Decimal)>,
}

/// The cup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CupPart {
    /// Points out of 60.
    pub score: Decimal,
    /// What the points are for, with them.
    pub attributes: Vec<(Bilingual, Decimal)>,
    /// What it tastes of.
    pub flavour: Option<String>,
    /// Who cupped it, by initials.
    pub panel: Vec<String>,
    /// How far the tasters are apart, in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<Decimal>,
    /// Other forms by which it was cupped beside, with their points out of 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<(String, Decimal)>,
}

impl QualitySnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        let plain = |text: String| Bilingual::new(text, "");
        Essentials {
            goods: Some(Goods {
                coffee: self.lot.described(&self.grade),
                net_kg: self.lot.net_kg,
                bags: self.lot.bags,
            }),
            particulars: vec![
                ("papers-lot", plain(self.lot.number.clone())),
                ("papers-score", plain(format!("{} / 100", self.total_score.normalize()))),
                ("papers-result", self.result()),
            ],
            ..Essentials::of_holder(&self.exporter)
        }
    }

    /// Whether it passed, in words.
    #[must_use]
    pub fn result(&self) -> Bilingual {
        Bilingual::t(if self.passed { "papers-passed" } else { "papers-not-passed" })
    }
}

impl InspectedLot {
    fn described(&self, found: &str) -> Bilingual {
        let grade = Bilingual::t("papers-grade");
        Bilingual {
            en: format!("{}, {}, {} {found}", self.coffee.en, self.processing.en, grade.en),
            am: format!("{}፣ {}፣ {} {found}", self.coffee.am, self.processing.am, grade.am),
        }
    }
}
