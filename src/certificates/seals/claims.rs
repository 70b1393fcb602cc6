//! What the seal of a paper says of it: taken from what the paper says, and from nothing else.
//!
//! A QR code has little room, so that each kind tells what somebody compares with the sheet in the hand, and long names are
//! cut; the hash of the content binds the rest.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use jebena_trust::claims::{Claims, ClaimsError, Signatory as Named};
use jebena_trust::facts::{Fact, Kind, Value};
use jebena_trust::moment::Moment;
use jebena_trust::text::is_harmful;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use thiserror::Error;

use crate::calendar::start_of_day;
use crate::certificates::VerifyCode;
use crate::certificates::commercial::snapshot::{CommercialBody, CommercialSnapshot};
use crate::certificates::model::PaperKind;
use crate::certificates::snapshot::{
    GrantPart, HolderPart, OriginSnapshot, PermitSnapshot, QualitySnapshot, Signatory, Snapshot, WeightUnit,
    in_one_line,
};

/// The longest text of a fact and of a name, in bytes.
const TEXT: usize = 40;
/// The longest number of a paper, which is never cut.
const NUMBER: usize = 96;

/// The international pound in kilograms.
const POUND: Decimal = Decimal::from_parts(45_359_237, 0, 0, false, 8);

/// A paper, as far as its seal tells of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The code of the organisation that issued it.
    pub issuer: &'a str,
    pub kind: PaperKind,
    pub number: &'a str,
    pub code: &'a VerifyCode,
    pub issued_at: DateTime<Utc>,
    pub duplicate: i32,
    pub content_sha256: [u8; 32],
    pub snapshot: &'a Snapshot,
}

/// Why a paper cannot be sealed; asking again does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unsealable {
    /// Its kind has no number in seals.
    #[error("a seal does not know this kind of paper")]
    Kind,
    /// Its code is no code.
    #[error("its code cannot be sealed")]
    Code,
    /// A day that no seal can name.
    #[error("a day of it cannot be sealed")]
    Day,
    /// What it says does not fit.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

/// What the seal of `subject` says.
pub(super) fn claims(subject: Subject<'_>) -> Result<Claims, Unsealable> {
    let said = Said::of(subject.snapshot);
    let issued_at = moment(subject.issued_at)?;
    let from = said.from.map(|day| moment(start_of_day(day))).transpose()?;
    Ok(Claims {
        issuer: subject.issuer.to_owned(),
        kind: Kind::coded(subject.kind.code()).ok_or(Unsealable::Kind)?,
        number: cut(subject.number, NUMBER),
        code: subject.code.as_str().parse().map_err(|_| Unsealable::Code)?,
        issued_at,
        valid_from: from.filter(|from| *from > issued_at),
        valid_until: said.until.map(end_of).transpose()?,
        content_sha256: subject.content_sha256,
        duplicate: u32::try_from(subject.duplicate).unwrap_or_default(),
        signatories: said.signatories.iter().map(|who| named(who)).collect(),
        facts: said.facts.0,
    }
    .checked()?)
}

/// What one kind of paper has to tell.
struct Said<'a> {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    signatories: Vec<&'a Signatory>,
    facts: Facts,
}

/// Facts by what they are; what is empty or not known is left out.
#[derive(Default)]
struct Facts(BTreeMap<Fact, Value>);

impl Facts {
    fn text(mut self, fact: Fact, text: &str) -> Self {
        let text = cut(text, TEXT);
        if !text.is_empty() {
            self.0.insert(fact, Value::Text(text));
        }
        self
    }

    /// The code of a country, where there is one.
    fn country(mut self, fact: Fact, code: &str) -> Self {
        if code.len() == 2 {
            self.0.insert(fact, Value::Text(code.to_ascii_uppercase()));
        }
        self
    }

    fn number(mut self, fact: Fact, number: Option<u64>) -> Self {
        if let Some(number) = number {
            self.0.insert(fact, Value::Number(number));
        }
        self
    }

    fn weight(self, kilograms: Decimal) -> Self {
        self.number(Fact::NetGrams, (kilograms * Decimal::ONE_THOUSAND).round().to_u64())
    }

    fn bags(self, bags: i32) -> Self {
        self.number(Fact::Bags, u64::try_from(bags).ok())
    }
}

impl<'a> Said<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        match snapshot {
            Snapshot::Permit(permit) => Self::of_permit(permit),
            Snapshot::Origin(certificate) => Self::of_origin(certificate),
            Snapshot::Quality(certificate) => Self::of_quality(certificate),
            Snapshot::Commercial(paper) => Self::of_commercial(paper),
            Snapshot::Competence(it) => Self::of_grant(&it.grant, of_holder(&it.holder)),
            Snapshot::License(it) => {
                let scope = in_one_line(&it.coffee_types, "papers-all-coffees");
                Self::of_grant(&it.grant, of_holder(&it.holder).text(Fact::Scope, &scope.en))
            }
            Snapshot::Laboratory(it) => Self::of_grant(
                &it.grant,
                of_holder(&it.holder).text(Fact::Scope, &it.name).text(Fact::Place, &it.address),
            ),
            Snapshot::Taster(it) => {
                let facts = Facts::default().text(Fact::Person, &it.name).text(Fact::Exporter, &it.holder.name);
                Self::of_grant(&it.grant, facts.text(Fact::Scope, &it.qualification.en))
            }
        }
    }

    fn of_grant(grant: &'a GrantPart, facts: Facts) -> Self {
        Self {
            from: Some(grant.valid_from),
            until: Some(grant.valid_until),
            signatories: vec![&grant.signatory],
            facts,
        }
    }

    fn of_permit(permit: &'a PermitSnapshot) -> Self {
        let lots: Vec<&str> = permit.lots.iter().map(|lot| lot.number.as_str()).collect();
        let facts = Facts::default()
            .text(Fact::Exporter, &permit.exporter.name)
            .country(Fact::BuyerCountry, &permit.buyer.country.code)
            .text(Fact::Coffee, &format!("{}, {}", permit.coffee.en, permit.processing.en))
            .weight(permit.net_kg)
            .bags(permit.bags)
            .text(Fact::Lot, &lots.join(", "))
            .country(Fact::Destination, &permit.destination.code)
            .text(Fact::Grade, &permit.grade)
            .text(Fact::Reference, &permit.contract.number);
        Self { from: None, until: Some(permit.valid_until), signatories: vec![&permit.signatory], facts }
    }

    fn of_origin(certificate: &'a OriginSnapshot) -> Self {
        let boxes = &certificate.boxes;
        let kilograms = match boxes.unit {
            WeightUnit::Kilograms => boxes.net_weight,
            WeightUnit::Pounds => boxes.net_weight * POUND,
        };
        let facts = Facts::default()
            .text(Fact::Exporter, &boxes.exporter.name)
            .text(Fact::Coffee, &certificate.goods.en)
            .weight(kilograms)
            .bags(certificate.bags)
            .text(Fact::IcoMarks, &boxes.marks.mark.to_string())
            .country(Fact::Destination, &boxes.destination.country.code)
            .text(Fact::Carrier, &boxes.carrier)
            .text(Fact::Reference, &certificate.permit_number);
        let signatories = vec![&boxes.customs.signatory, &boxes.certifying.signatory];
        Self { from: None, until: None, signatories, facts }
    }

    fn of_quality(certificate: &'a QualitySnapshot) -> Self {
        let lot = &certificate.lot;
        let facts = Facts::default()
            .text(Fact::Exporter, &certificate.exporter)
            .text(Fact::Coffee, &format!("{}, {}", lot.coffee.en, lot.processing.en))
            .text(Fact::CropYear, lot.crop_year.as_deref().unwrap_or_default())
            .weight(lot.net_kg)
            .text(Fact::Lot, &lot.number)
            .text(Fact::Grade, &certificate.grade)
            .number(Fact::ScoreHundredths, (certificate.total_score * Decimal::ONE_HUNDRED).round().to_u64())
            .text(Fact::Place, &certificate.centre);
        // It stays what it found; until when an export takes it as fresh is a rule of the export.
        Self { from: None, until: None, signatories: vec![&certificate.signatory], facts }
    }

    fn of_commercial(paper: &'a CommercialSnapshot) -> Self {
        let facts = Facts::default()
            .text(Fact::Exporter, &paper.seller.name)
            .country(Fact::BuyerCountry, &paper.buyer_country.code)
            .text(Fact::Coffee, &paper.goods.name.en)
            .weight(paper.weights.net_kg)
            .bags(paper.weights.bags)
            .text(Fact::IcoMarks, paper.goods.ico_mark.as_deref().unwrap_or_default())
            .country(Fact::Destination, &paper.route.destination.code)
            .text(Fact::Reference, &paper.contract.number);
        let facts = match &paper.body {
            CommercialBody::WayBill(bill) => {
                let containers: Vec<&str> = bill.containers.iter().map(|(number, _)| number.as_str()).collect();
                facts.text(Fact::Carrier, &bill.truck_plate).text(Fact::Containers, &containers.join(", "))
            }
            _ => facts,
        };
        Self { from: None, until: None, signatories: vec![&paper.signatory], facts }
    }
}

fn of_holder(holder: &HolderPart) -> Facts {
    Facts::default().text(Fact::Exporter, &holder.name).text(Fact::Tin, &holder.tin)
}

fn named(who: &Signatory) -> Named {
    // A form without a name is signed by hand.
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    Named { name: or(cut(&who.name, TEXT), "-"), office: or(cut(&who.title.en, TEXT), "-") }
}

/// `text` as a seal may carry it: without what cannot be seen, and at most `most` bytes, with a sign where it was cut.
fn cut(text: &str, most: usize) -> String {
    const CUT: &str = "…";
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_harmful(*c)).collect();
    let text = text.trim();
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most - CUT.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{CUT}", text[..end].trim_end())
}

fn moment(at: DateTime<Utc>) -> Result<Moment, Unsealable> {
    Moment::from_unix(at.timestamp()).ok_or(Unsealable::Day)
}

/// The first moment after `day`.
fn end_of(day: NaiveDate) -> Result<Moment, Unsealable> {
    let part = |part: u32| u8::try_from(part).map_err(|_| Unsealable::Day);
    let year = u16::try_from(day.year()).map_err(|_| Unsealable::Day)?;
    Moment::end_of_day(year, part(day.month())?, part(day.day())?).ok_or(Unsealable::Day)
}

#[cfg(test)]
mod tests {
    use fast_qr::ECL;
    use fast_qr::qr::QRBuilder;
    use jebena_trust::seal;

    use super::*;
    use crate::certificates::snapshot::{content_hash, samples};
    use crate::documents::qr::qr_svg;

    fn kind_of(snapshot: &Snapshot) -> PaperKind {
        match snapshot {
            Snapshot::Permit(_) => PaperKind::ExportPermit,
            Snapshot::Origin(_) => PaperKind::IcoCertificate,
            Snapshot::Competence(_) => PaperKind::CompetenceCertificate,
            Snapshot::License(_) => PaperKind::ExportLicense,
            Snapshot::Laboratory(_) => PaperKind::LaboratoryCertificate,
            Snapshot::Taster(_) => PaperKind::TasterCertificate,
            Snapshot::Quality(_) => PaperKind::QualityCertificate,
            Snapshot::Commercial(paper) => match paper.body {
                CommercialBody::Proforma(_) => PaperKind::ProformaInvoice,
                CommercialBody::Invoice(_) => PaperKind::CommercialInvoice,
                CommercialBody::PackingList(_) => PaperKind::PackingList,
                CommercialBody::ShippingInstruction(_) => PaperKind::ShippingInstruction,
                CommercialBody::WeightCertificate(_) => PaperKind::WeightCertificate,
                CommercialBody::WayBill(_) => PaperKind::WayBill,
            },
        }
    }

    fn claims_of(snapshot: &Snapshot) -> Claims {
        let code: VerifyCode = "ABCDEFGHIJKLMNOPQRSTUVWXYQ".parse().unwrap();
        let subject = Subject {
            issuer: "ECTA",
            kind: kind_of(snapshot),
            number: "ECTA-EP-2026-000123",
            code: &code,
            issued_at: snapshot.issued_at(),
            duplicate: 0,
            content_sha256: content_hash(&snapshot.encode().unwrap()),
            snapshot,
        };
        claims(subject).unwrap_or_else(|error| panic!("{:?}: {error}", kind_of(snapshot)))
    }

    #[test]
    fn every_paper_can_be_sealed_and_its_code_stays_readable() {
        let mut largest = (0, String::new());
        for (name, snapshot) in samples::all() {
            let claims = claims_of(&snapshot);
            // The longest signature of two numbers of 32 bytes.
            let length = seal::to_be_signed(&claims, &[7; 32]).len() + 64 + 30;
            let address = "https://jebena.example/v/".len() + 27 + length.div_ceil(3) * 4;
            if address > largest.0 {
                largest = (address, format!("{name}: {length} bytes"));
            }
            let text = "a".repeat(address);
            let code = QRBuilder::new(text.as_str()).ecl(ECL::M).build().unwrap();
            assert!(code.size <= 97, "{name}: {length} bytes of seal, {address} of address, {} modules", code.size);
            assert!(qr_svg(&text, "x").is_ok());
        }
        println!("largest {largest:?}");
    }

    #[test]
    fn a_permit_ends_after_its_last_day_and_names_what_is_compared() {
        let permit = samples::permit();
        let claims = claims_of(&Snapshot::Permit(permit.clone()));
        assert_eq!(claims.valid_until, Some(end_of(permit.valid_until).unwrap()));
        assert_eq!(claims.facts[&Fact::Exporter], Value::from(permit.exporter.name.as_str()));
        assert_eq!(claims.facts[&Fact::Bags], Value::from(u64::try_from(permit.bags).unwrap()));
        assert_eq!(claims.signatories[0].name, permit.signatory.name);
        let text = serde_json::to_string(&claims).unwrap();
        assert!(!text.contains(&permit.buyer.name) && !text.contains(&permit.price.value.to_string()), "{text}");
    }

    #[test]
    fn the_certificate_of_origin_names_both_who_signed_it() {
        let origin = samples::origin();
        let claims = claims_of(&Snapshot::Origin(origin.clone()));
        let names: Vec<&str> = claims.signatories.iter().map(|who| who.name.as_str()).collect();
        assert_eq!(names, [&origin.boxes.customs.signatory.name, &origin.boxes.certifying.signatory.name]);
        assert_eq!(claims.valid_until, None);
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_what_is_not_seen_is_left_out() {
        assert_eq!(cut(" Yirga\u{202e}cheffe\n ", 40), "Yirgacheffe");
        let long = "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን";
        let short = cut(long, TEXT);
        assert!(
            short.len() <= TEXT && short.ends_with('…') && long.starts_with(short.trim_end_matches('…')),
            "{short}"
        );
    }
}
