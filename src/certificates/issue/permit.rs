//! The export permit: one export, once, under a licence and a certificate of competence that are in force.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use sqlx::PgConnection;

use super::{PERMIT_EDITION, number_in_use, one_line, processing_in_words, signatory, store_paper, take_number};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{
    BuyerPart, ContractPart, Country, CredentialPart, ExporterPart, LotPart, PermitSnapshot, Port, PricePart,
    QualityPart, Snapshot,
};
use crate::certificates::store::{self, NewPaper, NewPermit, PaperOf, PermitLot, PermitSource};
use crate::database::Tx;
use crate::exports::Export;
use crate::exports::rules::Refusal;
use crate::exports::service::{Failure, StepRecord};
use crate::ids::PermitId;
use crate::quantities::{Kilograms, amount_in_words};

/// What is printed on every permit.
const CONDITION_IDS: [&str; 4] = [
    "papers-permit-condition-once",
    "papers-permit-condition-holder",
    "papers-permit-condition-license",
    "papers-permit-condition-goods",
];

pub(super) async fn issue(
    tx: &mut Tx,
    export: &Export,
    valid_until: NaiveDate,
    special_conditions: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<StepRecord, Failure> {
    let today = eat_date(now);
    let source = store::find_permit_source(tx, export.id, today).await?.ok_or(Refusal::NotQualified)?;
    let lots = store::list_permit_lots(tx, export.id, export.exporter_id).await?;
    // A lot of somebody else, or one without an inspection that passed, is not in the list.
    let Some(main) = lots.first() else { return Err(Refusal::LotDoesNotMatch.into()) };
    if lots.iter().map(|lot| lot.quantity_kg).sum::<Decimal>() != export.quantity {
        return Err(Refusal::LotDoesNotMatch.into());
    }
    tx.enter_system().await?;
    store::expire_permit(tx, export.id, today, now).await?;
    tx.leave_system().await?;
    let number = take_number(tx, "EXPORT_PERMIT", "", "", now).await?.text;
    let permit_id = PermitId::new();
    let permit = NewPermit {
        permit_id,
        number: &number,
        export,
        license_id: source.license_id,
        competence_id: source.competence_id,
        main_lot: main,
        issued_on: today,
        valid_until,
    };
    store::insert_permit(tx, &permit, actor, now).await.map_err(number_in_use)?;
    store::insert_permit_lots(tx, permit_id, &lots).await?;
    let snapshot = Snapshot::Permit(snapshot(&permit, source, &lots, special_conditions, actor, now));
    let paper =
        NewPaper { of: PaperOf::Permit(permit_id, export.id), number: &number, owner: export.exporter_organization_id };
    store_paper(tx, paper, &snapshot, actor).await?;
    let mut record = StepRecord::default();
    record.data.insert("permit_number".to_owned(), json!(number));
    Ok(record)
}

/// The paper of a permit that was issued without one: number and days are those of the permit's row.
pub(super) async fn paper_of(
    connection: &mut PgConnection,
    export: &Export,
    (permit_id, number, valid_until): (PermitId, &str, NaiveDate),
    special_conditions: Option<&str>,
    actor: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<Option<PermitSnapshot>> {
    let issued_on = eat_date(issued_at);
    let Some(source) = store::find_permit_source(connection, export.id, issued_on).await? else { return Ok(None) };
    let lots = store::list_permit_lots(connection, export.id, export.exporter_id).await?;
    let Some(main_lot) = lots.first() else { return Ok(None) };
    let (license_id, competence_id) = (source.license_id, source.competence_id);
    let permit = NewPermit { permit_id, number, export, license_id, competence_id, main_lot, issued_on, valid_until };
    Ok(Some(snapshot(&permit, source, &lots, special_conditions, actor, issued_at)))
}

fn snapshot(
    permit: &NewPermit<'_>,
    source: PermitSource,
    lots: &[PermitLot],
    special_conditions: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> PermitSnapshot {
    let export = permit.export;
    let transport = match export.transport_mode.as_str() {
        "AIR" => "papers-transport-air",
        _ => "papers-transport-sea",
    };
    PermitSnapshot {
        edition: PERMIT_EDITION,
        number: permit.number.to_owned(),
        export_number: export.number.clone(),
        issued_on: permit.issued_on,
        valid_until: permit.valid_until,
        issued_at: now,
        exporter: ExporterPart {
            name: source.business_name,
            address: one_line(&[Some(&source.office_address), source.city.as_deref(), source.region.as_deref()]),
            tin: source.tin,
            registration_number: source.registration_number,
            license: CredentialPart { number: source.license_number, expires_on: source.license_expires_on },
            competence: CredentialPart { number: source.competence_number, expires_on: source.competence_expires_on },
        },
        buyer: BuyerPart {
            name: export.buyer_name.clone(),
            address: export.buyer_address.clone(),
            country: Country {
                code: export.buyer_country.clone(),
                name: Bilingual::new(source.buyer_country_en, source.buyer_country_am),
            },
        },
        contract: ContractPart { number: source.contract_number, registered_on: source.contract_registered_on },
        destination: Country {
            code: export.destination_country.clone(),
            name: Bilingual::new(source.destination_en, source.destination_am),
        },
        coffee: Bilingual::new(&export.coffee_type, source.coffee_am),
        origin: Bilingual::new(&export.origin_region, source.origin_am.unwrap_or_default()),
        processing: processing_in_words(&export.processing_method),
        grade: permit.main_lot.final_grade.clone(),
        crop_year: source.crop_year.or_else(|| permit.main_lot.crop_year.clone()),
        lots: lots.iter().map(lot_part).collect(),
        net_kg: export.quantity.normalize(),
        net_in_words: Kilograms::try_from(export.quantity).map(Kilograms::in_words).unwrap_or_default(),
        bags: export.bags,
        bag_kg: export.bag_kg.normalize(),
        price: PricePart {
            currency: export.currency.clone(),
            per_kg: export.price_per_kg.normalize(),
            value: export.estimated_value,
            value_in_words: format!("{} {}", amount_in_words(export.estimated_value), export.currency),
            incoterm: export.incoterm.clone(),
            payment: Bilingual::new(source.payment_en, source.payment_am),
        },
        port_of_loading: Port {
            code: export.port_of_loading.clone(),
            name: source.loading_name,
            country: Country {
                code: source.loading_country,
                name: Bilingual::new(source.loading_country_en, source.loading_country_am),
            },
        },
        port_of_discharge: Port {
            code: export.port_of_discharge.clone(),
            name: source.discharge_name,
            country: Country {
                code: source.discharge_country,
                name: Bilingual::new(source.discharge_country_en, source.discharge_country_am),
            },
        },
        transport: Bilingual::t(transport),
        conditions: CONDITION_IDS.iter().map(|id| Bilingual::t(id)).collect(),
        special_conditions: special_conditions.map(str::to_owned),
        signatory: signatory(actor, "papers-title-permit-officer"),
    }
}

fn lot_part(lot: &PermitLot) -> LotPart {
    LotPart {
        number: lot.lot_number.clone(),
        receipt: lot.receipt.clone(),
        warehouse: one_line(&[lot.warehouse_name.as_deref(), Some(&lot.warehouse_location)]),
        net_kg: lot.quantity_kg.normalize(),
        quality: QualityPart {
            certificate_number: lot.quality_certificate.clone(),
            inspected_on: lot.inspected_on,
            score: lot.score.normalize(),
            grade: lot.final_grade.clone(),
        },
    }
}
