//! What the four papers of a registration say: certificate of competence, export licence, and the certificates of
//! laboratory and taster.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Essentials, Signatory};
use crate::certificates::bilingual::Bilingual;

/// The firm to which a paper was issued, as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderPart {
    /// Its name.
    pub name: String,
    /// Its business type in words.
    pub business_type: Bilingual,
    /// Taxpayer number.
    pub tin: String,
    /// Registration with the authority.
    pub registration_number: String,
    /// Its office, with city and region.
    pub address: String,
    /// Whom to ask for.
    pub contact_person: String,
    /// Its telephone.
    pub phone: String,
    /// Its e-mail.
    pub email: String,
}

/// From when to when a paper holds, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantPart {
    /// Which layout of the form it was issued on.
    pub edition: u32,
    /// Its number.
    pub number: String,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub valid_until: NaiveDate,
    /// The moment of its issue.
    pub issued_at: DateTime<Utc>,
    /// Who issued it.
    pub signatory: Signatory,
    /// What is certified or allowed.
    pub statement: Bilingual,
    /// The holder's duties, or the conditions.
    pub terms: Vec<Bilingual>,
}

/// A certificate of competence as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompetenceSnapshot {
    /// Number, days, statement and the holder's duties.
    pub grant: GrantPart,
    /// To whom.
    pub holder: HolderPart,
    /// The certified laboratory; a farmer needs none.
    pub laboratory: Option<LaboratoryPart>,
    /// The qualified taster; a farmer needs none.
    pub taster: Option<TasterPart>,
    /// The day on which the facility was inspected and passed.
    pub inspected_on: Option<NaiveDate>,
    /// Whether there is a quality management system.
    pub has_quality_management: bool,
    /// How much the store holds, in kilograms.
    pub storage_kg: Option<Decimal>,
    /// How it is kept there.
    pub storage_conditions: Option<String>,
}

/// A laboratory, as a certificate of competence names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaboratoryPart {
    /// Its name.
    pub name: String,
    /// The number of its certification.
    pub number: String,
    /// Where it is.
    pub address: String,
}

/// A taster, as a certificate of competence names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasterPart {
    /// Their name.
    pub name: String,
    /// The number of their proficiency certificate.
    pub number: String,
    /// CERTIFICATE, DIPLOMA, DEGREE or MASTER in words.
    pub qualification: Bilingual,
}

/// An export licence as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LicenseSnapshot {
    /// Number, days, authorisation and conditions.
    pub grant: GrantPart,
    /// To whom.
    pub holder: HolderPart,
    /// Registration with the investment commission.
    pub eic_number: String,
    /// The certificate of competence that it rests on.
    pub competence_number: String,
    /// Which coffees; none named means every one.
    pub coffee_types: Vec<Bilingual>,
    /// From which regions; none named means all of Ethiopia.
    pub origins: Vec<Bilingual>,
    /// Kilograms in its year, where there is a quota.
    pub annual_quota_kg: Option<Decimal>,
}

/// The certification of a laboratory as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaboratorySnapshot {
    /// Number, days, statement and duties.
    pub grant: GrantPart,
    /// Whose laboratory it is.
    pub holder: HolderPart,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Whether coffee is roasted there.
    pub has_roasting: bool,
    /// Whether there is a room to cup it in.
    pub has_cupping_room: bool,
    /// Whether samples are stored there.
    pub has_sample_storage: bool,
    /// Its equipment.
    pub equipment: Vec<String>,
    /// The day of the last inspection.
    pub inspected_on: Option<NaiveDate>,
    /// Who inspected it.
    pub inspector: Option<String>,
}

/// A taster's certificate of proficiency as it was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TasterSnapshot {
    /// Number, days, statement and duties.
    pub grant: GrantPart,
    /// Who employs them.
    pub holder: HolderPart,
    /// Their name.
    pub name: String,
    /// Their day of birth.
    pub born_on: Option<NaiveDate>,
    /// Their national identity number.
    pub national_id: Option<String>,
    /// CERTIFICATE, DIPLOMA, DEGREE or MASTER in words.
    pub qualification: Bilingual,
    /// The number of the proficiency certificate that they brought.
    pub proficiency_number: String,
    /// Since when they are employed.
    pub employed_since: NaiveDate,
    /// Whether they work for this exporter alone.
    pub is_exclusive: bool,
}

impl CompetenceSnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        let laboratory = self.laboratory.as_ref().map(|laboratory| Bilingual::new(&laboratory.name, ""));
        Essentials {
            particulars: laboratory.into_iter().map(|name| ("papers-laboratory", name)).collect(),
            ..Essentials::of_holder(&self.holder.name)
        }
    }
}

impl LicenseSnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        Essentials {
            particulars: vec![
                ("papers-coffee", in_one_line(&self.coffee_types, "papers-all-coffees")),
                ("papers-origin", in_one_line(&self.origins, "papers-all-regions")),
            ],
            ..Essentials::of_holder(&self.holder.name)
        }
    }
}

impl LaboratorySnapshot {
    pub(super) fn essentials(&self) -> Essentials<'_> {
        Essentials {
            particulars: vec![
                ("papers-laboratory", Bilingual::new(&self.name, "")),
                ("papers-address", Bilingual::new(&self.address, "")),
            ],
            ..Essentials::of_holder(&self.holder.name)
        }
    }
}

impl TasterSnapshot {
    /// Neither birth nor identity number: they are between the taster and who holds the sheet.
    pub(super) fn essentials(&self) -> Essentials<'_> {
        Essentials {
            particulars: vec![
                ("papers-taster", Bilingual::new(&self.name, "")),
                ("papers-qualification", self.qualification.clone()),
            ],
            ..Essentials::of_holder(&self.holder.name)
        }
    }
}

/// The names in one line of each language; where none is given, the sentence `none_id` that says so.
#[must_use]
pub fn in_one_line(names: &[Bilingual], none_id: &str) -> Bilingual {
    if names.is_empty() {
        return Bilingual::t(none_id);
    }
    let english: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
    // A name without Amharic stands there as it is in English.
    let amharic: Vec<&str> =
        names.iter().map(|name| if name.am.is_empty() { &name.en } else { &name.am }.as_str()).collect();
    Bilingual::new(english.join(", "), amharic.join("፣ "))
}
