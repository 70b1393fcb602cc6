//! The papers of what is granted to a firm: its laboratory and taster, its certificate of competence and licence,
//! and the quality of its lots.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sqlx::PgConnection;

use super::terms::{COMPETENCE_DUTIES, FARMER_DUTIES, LABORATORY_DUTIES, LICENSE_CONDITIONS, TASTER_DUTIES};
use super::{EDITION, encoded, one_line, processing_in_words, signatory};
use crate::auth::Actor;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::seals;
use crate::certificates::snapshot::{
    CompetenceSnapshot, CupPart, GrantPart, HolderPart, InspectedLot, LaboratoryPart, LaboratorySnapshot,
    LicenseSnapshot, QualitySnapshot, RawPart, Snapshot, TasterPart, TasterSnapshot,
};
use crate::certificates::store::{self, HolderSource, NewPaper, PaperOf, QualitySource};
use crate::database::Tx;
use crate::ids::{CompetenceId, InspectionId, LaboratoryId, LicenseId, PaperId, TasterId};
use crate::numbering;
use crate::workflow::papers::PaperSubject;

/// The series of the authority's numbers for tasters.
const TASTER_SERIES: &str = "TASTER";

/// Issues the paper of `subject` from its rows.
pub(super) async fn issue(tx: &mut Tx, subject: PaperSubject, actor: &Actor, now: DateTime<Utc>) -> sqlx::Result<()> {
    // A taster's own certificate has the number of who gave it; the authority's paper has one of its series.
    let number = if let PaperSubject::Taster(_) = subject {
        tx.enter_system().await?;
        let number = numbering::next(tx, TASTER_SERIES, "", "", now).await?;
        tx.leave_system().await?;
        Some(number.text)
    } else {
        None
    };
    let paper = write(tx, subject, number, actor, now).await?;
    seals::ask_for(tx, paper, Some(actor.user_id), now).await
}

/// Writes the paper of what was granted without one, or before there were any: as [`issue`], outside a viewer's
/// transaction.
///
/// # Errors
/// When the database refuses.
pub async fn backfill_granted(
    connection: &mut PgConnection,
    subject: PaperSubject,
    issuer: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let number = if let PaperSubject::Taster(_) = subject {
        Some(numbering::next(connection, TASTER_SERIES, "", "", issued_at).await?.text)
    } else {
        None
    };
    write(connection, subject, number, issuer, issued_at).await?;
    Ok(())
}

async fn write(
    connection: &mut PgConnection,
    subject: PaperSubject,
    taster_number: Option<String>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<PaperId> {
    let (snapshot, number, firm) = match subject {
        PaperSubject::Laboratory(id) => laboratory(connection, id, actor, now).await?,
        PaperSubject::Taster(id) => taster(connection, id, taster_number.unwrap_or_default(), actor, now).await?,
        PaperSubject::Competence(id) => competence(connection, id, actor, now).await?,
        PaperSubject::License(id) => license(connection, id, actor, now).await?,
        PaperSubject::Inspection(id) => quality(connection, id, actor, now).await?,
    };
    let (stored, hash) = encoded(&snapshot)?;
    let paper = NewPaper { of: PaperOf::Granted(subject), number: &number, owner: firm.organization_id };
    store::insert_paper(connection, paper, &stored, &hash, actor, now).await
}

type Said = sqlx::Result<(Snapshot, String, HolderSource)>;

async fn laboratory(connection: &mut PgConnection, id: LaboratoryId, actor: &Actor, now: DateTime<Utc>) -> Said {
    let source = store::find_laboratory(connection, id).await?;
    let firm = store::find_holder(connection, source.exporter_id).await?;
    let grant = Grant {
        number: source.number.clone(),
        days: (source.valid_from, source.valid_until),
        title: "papers-title-laboratory-officer",
        statement: "papers-laboratory-statement",
        terms: &LABORATORY_DUTIES,
    };
    let snapshot = LaboratorySnapshot {
        grant: grant.part(actor, now),
        holder: holder(&firm),
        name: source.name,
        address: source.address,
        has_roasting: source.has_roasting,
        has_cupping_room: source.has_cupping_room,
        has_sample_storage: source.has_sample_storage,
        equipment: source.equipment,
        inspected_on: source.inspected_on,
        inspector: source.inspector,
    };
    Ok((Snapshot::Laboratory(snapshot), source.number, firm))
}

async fn taster(
    connection: &mut PgConnection,
    id: TasterId,
    number: String,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Said {
    let source = store::find_taster(connection, id).await?;
    let firm = store::find_holder(connection, source.exporter_id).await?;
    let grant = Grant {
        number: number.clone(),
        days: (source.valid_from, source.valid_until),
        title: "papers-title-taster-officer",
        statement: "papers-taster-statement",
        terms: &TASTER_DUTIES,
    };
    let snapshot = TasterSnapshot {
        grant: grant.part(actor, now),
        holder: holder(&firm),
        name: source.name,
        born_on: source.born_on,
        national_id: source.national_id,
        qualification: qualification(&source.qualification),
        proficiency_number: source.proficiency_number,
        employed_since: source.employed_since,
        is_exclusive: source.is_exclusive,
    };
    Ok((Snapshot::Taster(snapshot), number, firm))
}

async fn competence(connection: &mut PgConnection, id: CompetenceId, actor: &Actor, now: DateTime<Utc>) -> Said {
    let source = store::find_competence(connection, id).await?;
    let firm = store::find_holder(connection, source.exporter_id).await?;
    let is_farmer = firm.business_type == "FARMER";
    let grant = Grant {
        number: source.number.clone(),
        days: (source.valid_from, source.valid_until),
        title: "papers-title-competence-officer",
        statement: if is_farmer { "papers-competence-statement-farmer" } else { "papers-competence-statement" },
        terms: if is_farmer { &FARMER_DUTIES } else { &COMPETENCE_DUTIES },
    };
    // A farmer's paper names neither, whatever the row holds.
    let laboratory = match (source.laboratory_name, source.laboratory_number, source.laboratory_address) {
        (Some(name), number, Some(address)) if !is_farmer => {
            Some(LaboratoryPart { name, number: number.unwrap_or_default(), address })
        }
        _ => None,
    };
    let taster = match (source.taster_name, source.taster_number, source.taster_qualification) {
        (Some(name), Some(number), Some(level)) if !is_farmer => {
            Some(TasterPart { name, number, qualification: qualification(&level) })
        }
        _ => None,
    };
    let snapshot = CompetenceSnapshot {
        grant: grant.part(actor, now),
        holder: holder(&firm),
        laboratory,
        taster,
        inspected_on: source.inspected_on,
        has_quality_management: source.has_quality_management,
        storage_kg: source.storage_kg.map(|kg| kg.normalize()),
        storage_conditions: source.storage_conditions,
    };
    Ok((Snapshot::Competence(snapshot), source.number, firm))
}

async fn license(connection: &mut PgConnection, id: LicenseId, actor: &Actor, now: DateTime<Utc>) -> Said {
    let source = store::find_license(connection, id).await?;
    let firm = store::find_holder(connection, source.exporter_id).await?;
    let grant = Grant {
        number: source.number.clone(),
        days: (source.valid_from, source.valid_until),
        title: "papers-title-license-officer",
        statement: "papers-license-statement",
        terms: &LICENSE_CONDITIONS,
    };
    let snapshot = LicenseSnapshot {
        grant: grant.part(actor, now),
        holder: holder(&firm),
        eic_number: source.eic_number,
        competence_number: source.competence_number,
        coffee_types: source.coffee_types.0,
        origins: source.origins.0,
        annual_quota_kg: source.annual_quota_kg.map(|kg| kg.normalize()),
    };
    Ok((Snapshot::License(snapshot), source.number, firm))
}

async fn quality(connection: &mut PgConnection, id: InspectionId, actor: &Actor, now: DateTime<Utc>) -> Said {
    let source = store::find_quality(connection, id).await?;
    let firm = store::find_holder(connection, source.exporter_id).await?;
    let number = source.number.clone();
    let snapshot = quality_snapshot(source, &firm, actor, now);
    Ok((Snapshot::Quality(snapshot), number, firm))
}

fn quality_snapshot(source: QualitySource, firm: &HolderSource, actor: &Actor, now: DateTime<Utc>) -> QualitySnapshot {
    let attributes = [
        ("papers-cup-clean", source.clean_cup),
        ("papers-cup-acidity", source.acidity),
        ("papers-cup-body", source.body),
        ("papers-cup-flavour", source.flavour),
    ];
    QualitySnapshot {
        edition: EDITION,
        number: source.number,
        issued_at: now,
        inspected_on: source.inspected_on,
        fresh_until: source.inspected_on + Duration::days(source.fresh_days),
        centre: source.centre,
        sample_code: source.sample_code,
        exporter: firm.business_name.clone(),
        tin: firm.tin.clone(),
        lot: InspectedLot {
            number: source.lot_number,
            receipt: source.receipt,
            coffee: Bilingual::new(source.coffee, source.coffee_am),
            origin: Bilingual::new(source.origin, source.origin_am.unwrap_or_default()),
            processing: processing_in_words(&source.processing),
            crop_year: source.crop_year,
            bags: source.bags,
            net_kg: source.net_kg.normalize(),
        },
        raw: RawPart {
            score: source.raw_score.normalize(),
            moisture: source.moisture.normalize(),
            primary_defects: source.primary_defects,
            secondary_defects: source.secondary_defects,
            defects: source.defects,
            foreign_matter: source.foreign_matter.map(|grams| grams.normalize()),
            odour: source.odour.map(|points| points.normalize()),
            bean_size: source.bean_size,
            screen_15: source.screen_15.map(|percent| percent.normalize()),
            screens: source
                .screens
                .into_iter()
                .zip(source.screen_shares.into_iter().map(|share| share.normalize()))
                .collect(),
        },
        cup: CupPart {
            score: source.cup_score.normalize(),
            attributes: attributes
                .into_iter()
                .filter_map(|(id, points)| Some((Bilingual::t(id), points?.normalize())))
                .collect(),
            flavour: source.flavor_profile,
            panel: source.panel,
            spread: source.panel_spread.map(|points| points.normalize()),
            specialty: [("SCA 2004", source.sca_score), ("CVA", source.cva_score)]
                .into_iter()
                .filter_map(|(form, points)| Some((form.to_owned(), points?.normalize())))
                .collect(),
        },
        total_score: source.total_score.normalize(),
        grade: source.grade,
        ico_quality: source.ico_quality,
        passed: source.passed,
        remarks: source.remarks,
        signatory: signatory(actor, "papers-title-laboratory-head"),
    }
}

/// What the papers of a registration have in common, before it is put into words.
struct Grant<'a> {
    number: String,
    days: (NaiveDate, NaiveDate),
    title: &'a str,
    statement: &'a str,
    terms: &'a [&'a str],
}

impl Grant<'_> {
    fn part(self, actor: &Actor, now: DateTime<Utc>) -> GrantPart {
        let (valid_from, valid_until) = self.days;
        GrantPart {
            edition: EDITION,
            number: self.number,
            valid_from,
            valid_until,
            issued_at: now,
            signatory: signatory(actor, self.title),
            statement: Bilingual::t(self.statement),
            terms: self.terms.iter().map(|id| Bilingual::t(id)).collect(),
        }
    }
}

fn holder(firm: &HolderSource) -> HolderPart {
    HolderPart {
        name: firm.business_name.clone(),
        business_type: business_type(&firm.business_type),
        tin: firm.tin.clone(),
        registration_number: firm.registration_number.clone(),
        address: one_line(&[Some(&firm.office_address), firm.city.as_deref(), firm.region.as_deref()]),
        contact_person: firm.contact_person.clone(),
        phone: firm.phone.clone(),
        email: firm.email.clone(),
    }
}

fn business_type(code: &str) -> Bilingual {
    match code {
        "PRIVATE" => Bilingual::t("papers-business-private"),
        "TRADE_ASSOCIATION" => Bilingual::t("papers-business-trade-association"),
        "JOINT_STOCK" => Bilingual::t("papers-business-joint-stock"),
        "LLC" => Bilingual::t("papers-business-llc"),
        "FARMER" => Bilingual::t("papers-business-farmer"),
        other => Bilingual::new(other, other),
    }
}

fn qualification(code: &str) -> Bilingual {
    match code {
        "CERTIFICATE" => Bilingual::t("papers-qualification-certificate"),
        "DIPLOMA" => Bilingual::t("papers-qualification-diploma"),
        "DEGREE" => Bilingual::t("papers-qualification-degree"),
        "MASTER" => Bilingual::t("papers-qualification-master"),
        other => Bilingual::new(other, other),
    }
}
