//! The ICO certificate of origin: after the coffee is on board and a customs officer has signed.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::PgConnection;

use super::{EDITION, number_in_use, one_line, processing_in_words, signatory, store_paper, take_number};
use crate::auth::Actor;
use crate::calendar::{CoffeeYear, eat_date};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{
    CertificateReference, CoffeeKind, Country, ExporterBox, GreenProcessing, IcoBoxes, IcoCountry, IcoMarks,
    OriginSnapshot, Processing, ShippedIn, Signatory, Signature, Snapshot, WeightUnit, default_processing,
};
use crate::certificates::store::{self, NewCertificate, NewPaper, OriginSource, PaperOf};
use crate::database::Tx;
use crate::exports::Export;
use crate::exports::facts::Facts;
use crate::exports::rules::Refusal;
use crate::exports::service::{Failure, StepRecord};
use crate::ids::OriginCertificateId;
use crate::quantities::{IcoMark, grouped};
use crate::workflow::{FieldProblems, Problem};

/// The most defects in 300 g of arabica, and the moisture in percent, that ICO Resolution 420 asks for.
const MOST_DEFECTS: i32 = 86;
const MOISTURE: (Decimal, Decimal) = (crate::dec!(8), crate::dec!(12.5));

/// The boxes that the certifying officer fills.
pub(in crate::certificates) struct OfficersBoxes<'a> {
    pub notify_address: &'a str,
    pub ico_port_code: &'a str,
    pub transshipment: &'a str,
    pub shipped_in: &'a [String],
    pub green_processing: &'a str,
    pub decaffeinated: bool,
    pub organic: bool,
    pub other_information: Option<&'a str>,
    pub place: &'a str,
}

impl<'a> OfficersBoxes<'a> {
    /// The boxes among the facts of the origin step; nothing of another step.
    pub(in crate::certificates) fn of(facts: &'a Facts) -> Option<Self> {
        let Facts::Origin {
            notify_address,
            ico_port_code,
            transshipment,
            shipped_in,
            green_processing,
            decaffeinated,
            organic,
            other_information,
            place,
        } = facts
        else {
            return None;
        };
        Some(Self {
            notify_address,
            ico_port_code,
            transshipment,
            shipped_in,
            green_processing,
            decaffeinated: *decaffeinated,
            organic: *organic,
            other_information: other_information.as_deref(),
            place,
        })
    }
}

/// A certificate that has just been issued.
pub(in crate::certificates) struct IssuedCertificate {
    pub id: OriginCertificateId,
    pub number: String,
    mark: IcoMark,
}

pub(super) async fn issue(
    tx: &mut Tx,
    export: &Export,
    boxes: &OfficersBoxes<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<StepRecord, Failure> {
    let issued = write(tx, export, boxes, actor, now).await?;
    let mut record = StepRecord::default();
    record.data.insert("certificate_number".to_owned(), json!(issued.number));
    record.data.insert("ico_mark".to_owned(), json!(issued.mark.to_string()));
    Ok(record)
}

/// Issues a certificate with the next serial and mark: for the step, or in the place of one that was revoked.
pub(in crate::certificates) async fn write(
    tx: &mut Tx,
    export: &Export,
    boxes: &OfficersBoxes<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<IssuedCertificate, Failure> {
    let source = store::find_origin_source(tx, export.id).await?.ok_or(Refusal::NoPermit)?;
    let exporter_code = source.ico_exporter_code.clone().ok_or(Refusal::NoExporterCode)?;
    let green = green_processing(boxes.green_processing, &export.processing_method)?;
    let coffee_year = CoffeeYear::of(eat_date(now)).to_string();

    let serial = take_number(tx, "ICO_CERTIFICATE", "", boxes.ico_port_code, now).await?;
    let mark = take_number(tx, "ICO_MARK", &exporter_code, "", now).await?.text;
    let mark: IcoMark =
        mark.parse().map_err(|error: crate::quantities::IcoMarkError| sqlx::Error::Decode(error.into()))?;
    // The serial starts again each coffee year, so the number among all years names it.
    let number = format!("{} ({coffee_year})", serial.text);

    let id = OriginCertificateId::new();
    let snapshot = snapshot(export, &source, boxes, (exporter_code, green), (&number, serial.serial, mark), actor, now);
    let certificate = NewCertificate { id, export, source: &source, snapshot: &snapshot };
    store::insert_certificate(tx, &certificate, actor, now).await.map_err(number_in_use)?;
    let paper =
        NewPaper { of: PaperOf::Certificate(id, export.id), number: &number, owner: export.exporter_organization_id };
    store_paper(tx, paper, &Snapshot::Origin(snapshot), actor).await?;
    Ok(IssuedCertificate { id, number, mark })
}

/// The paper of a certificate that was issued without one: what was decided, by whom and when, is in `boxes` and
/// `actor`; number and mark are those of the certificate's row.
pub(super) async fn paper_of(
    connection: &mut PgConnection,
    export: &Export,
    boxes: &OfficersBoxes<'_>,
    (number, serial, mark): (&str, i64, IcoMark),
    actor: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<Option<OriginSnapshot>> {
    let Some(source) = store::find_origin_source(connection, export.id).await? else { return Ok(None) };
    let (Some(code), Some(green)) =
        (source.ico_exporter_code.clone(), GreenProcessing::from_code(boxes.green_processing))
    else {
        return Ok(None);
    };
    Ok(Some(snapshot(export, &source, boxes, (code, green), (number, serial, mark), actor, issued_at)))
}

fn snapshot(
    export: &Export,
    source: &OriginSource,
    boxes: &OfficersBoxes<'_>,
    (exporter_code, green): (String, GreenProcessing),
    (number, serial, mark): (&str, i64, IcoMark),
    actor: &Actor,
    now: DateTime<Utc>,
) -> OriginSnapshot {
    let today = eat_date(now);
    OriginSnapshot {
        edition: EDITION,
        number: number.to_owned(),
        coffee_year: CoffeeYear::of(today).to_string(),
        export_number: export.number.clone(),
        permit_number: source.permit_number.clone(),
        bill_of_lading: source.bill_of_lading.clone(),
        issued_on: today,
        issued_at: now,
        goods: goods(export, source),
        buyer_country: Country {
            code: export.buyer_country.clone(),
            name: Bilingual::new(&source.buyer_country_en, &source.buyer_country_am),
        },
        buyer: export.buyer_name.clone(),
        bags: export.bags,
        boxes: fill(export, source, boxes, exporter_code, green, (serial, mark), actor, now),
    }
}

#[allow(clippy::too_many_arguments, reason = "one form, of what it is filled from")]
fn fill(
    export: &Export,
    source: &OriginSource,
    boxes: &OfficersBoxes<'_>,
    exporter_code: String,
    green: GreenProcessing,
    (serial, mark): (i64, IcoMark),
    actor: &Actor,
    now: DateTime<Utc>,
) -> IcoBoxes {
    IcoBoxes {
        exporter: ExporterBox {
            name: source.business_name.clone(),
            address: one_line(&[Some(&source.office_address), source.city.as_deref(), Some(&source.producing_en)]),
            code: exporter_code,
        },
        notify_address: boxes.notify_address.to_owned(),
        internal_reference: source.exporter_reference.clone(),
        reference: CertificateReference {
            country: source.producing_ico.clone(),
            port: boxes.ico_port_code.to_owned(),
            serial,
        },
        producing_country: IcoCountry {
            country: Country {
                code: "ET".to_owned(),
                name: Bilingual::new(&source.producing_en, &source.producing_am),
            },
            ico_code: Some(source.producing_ico.clone()),
        },
        destination: IcoCountry {
            country: Country {
                code: export.destination_country.clone(),
                name: Bilingual::new(&source.destination_en, &source.destination_am),
            },
            ico_code: source.destination_ico.clone(),
        },
        exported_on: source.on_board_date,
        transshipment: boxes.transshipment.to_owned(),
        carrier: one_line(&[export.vessel_name.as_deref(), export.voyage_number.as_deref()]),
        marks: IcoMarks { mark, other: other_marks(export, source) },
        shipped_in: boxes.shipped_in.iter().filter_map(|code| ShippedIn::from_code(code)).collect(),
        net_weight: export.quantity.normalize(),
        unit: WeightUnit::Kilograms,
        // Ethiopia exports arabica, and this walk exports it green.
        form: CoffeeKind::GreenArabica,
        processing: Processing { green, decaffeinated: boxes.decaffeinated, organic: boxes.organic },
        statement: Bilingual::t("papers-ico-statement"),
        customs: Signature {
            signatory: Signatory {
                name: source.customs_officer.clone(),
                title: Bilingual::t("papers-title-customs-officer"),
                organization: Bilingual::new(&source.customs_en, &source.customs_am),
            },
            place: source.customs_place.clone(),
            signed_at: source.customs_signed_at,
        },
        certifying: Signature {
            signatory: signatory(actor, "papers-title-certifying-officer"),
            place: boxes.place.to_owned(),
            signed_at: now,
        },
        other_information: other_information(export, source, boxes),
    }
}

fn goods(export: &Export, source: &OriginSource) -> Bilingual {
    let (form, processing) = (Bilingual::t("papers-ico-green-arabica"), processing_in_words(&export.processing_method));
    let grade = Bilingual::t("papers-grade");
    let number = &source.permit_grade;
    Bilingual {
        en: format!("{}: {}, {}, {} {number}", form.en, export.coffee_type, processing.en, grade.en),
        am: format!("{}፦ {}፣ {}፣ {} {number}", form.am, source.coffee_am, processing.am, grade.am),
    }
}

/// What else stands on the bags: the coffee, its season, the lots.
fn other_marks(export: &Export, source: &OriginSource) -> Option<String> {
    let mut marks =
        vec![format!("PRODUCE OF ETHIOPIA · {} · GRADE {}", export.coffee_type.to_uppercase(), source.permit_grade)];
    if let Some(crop_year) = &source.crop_year {
        marks.push(format!("CROP {crop_year}"));
    }
    marks.push(format!("{} BAGS × {} KG", export.bags, grouped(export.bag_kg)));
    Some(marks.join(" · "))
}

/// Box 17: what the officer typed, and what the inspection knows.
fn other_information(export: &Export, source: &OriginSource, boxes: &OfficersBoxes<'_>) -> Option<String> {
    let mut parts: Vec<String> = boxes.other_information.map(str::to_owned).into_iter().collect();
    parts.push(format!("HS {}", if boxes.decaffeinated { "0901.12" } else { "0901.11" }));
    if export.processing_method == "HONEY" {
        parts.push("Honey processed".to_owned());
    }
    if let Some(moisture) = source.moisture {
        parts.push(format!("Moisture {} %", grouped(moisture)));
        if conforms(moisture, source.defects) {
            parts.push("ICO Resolution 420 quality code S".to_owned());
        }
    }
    Some(parts.join("; "))
}

/// Whether arabica meets both targets of ICO Resolution 420. Without a count of defects nothing is claimed.
fn conforms(moisture: Decimal, defects: Option<i32>) -> bool {
    let (driest, wettest) = MOISTURE;
    (driest..=wettest).contains(&moisture) && defects.is_some_and(|defects| defects <= MOST_DEFECTS)
}

/// Box 15 says what the coffee is: a natural cannot be certified as wet, nor a washed coffee as dry.
fn green_processing(code: &str, method: &str) -> Result<GreenProcessing, Failure> {
    let chosen = GreenProcessing::from_code(code);
    match (chosen, default_processing(method)) {
        (Some(chosen), None) => Ok(chosen),
        (Some(chosen), Some(expected)) if chosen == expected => Ok(chosen),
        (chosen, _) => {
            let problem = if chosen.is_some() { Problem::ContradictsRecord } else { Problem::NotAChoice };
            let mut problems = FieldProblems::default();
            problems.add("green_processing", problem);
            Err(Refusal::Invalid(problems).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn box_15_agrees_with_the_coffee() {
        assert_eq!(green_processing("DRY", "NATURAL").unwrap(), GreenProcessing::Dry);
        assert_eq!(green_processing("WET", "WASHED").unwrap(), GreenProcessing::Wet);
        for code in ["DRY", "WET"] {
            assert!(green_processing(code, "HONEY").is_ok(), "honey has no box: the officer chooses");
        }
        for (code, method) in [("WET", "NATURAL"), ("DRY", "WASHED"), ("", "HONEY")] {
            assert!(green_processing(code, method).is_err(), "{code} {method}");
        }
    }

    #[test]
    fn quality_is_claimed_only_when_both_targets_are_known_to_be_met() {
        use crate::dec;
        assert!(conforms(dec!(8), Some(86)) && conforms(dec!(12.5), Some(0)));
        assert!(!conforms(dec!(7.9), Some(5)) && !conforms(dec!(12.6), Some(5)));
        assert!(!conforms(dec!(11), Some(87)) && !conforms(dec!(11), None));
    }
}
