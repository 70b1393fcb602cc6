//! The paper: what the record knows and what its form has added, put together. Pure.

use chrono::{DateTime, Utc};

use super::facts::{
    Facts, InstructionFacts, InvoiceFacts, MarkFacts, PackingFacts, Receivers, WayBillFacts, WeighingFacts,
};
use super::figures::{InvoicePrice, Weights, freight};
use super::marks;
use super::model::CommercialKind;
use super::record::Record;
use super::snapshot::{
    AccountPart, CommercialBody, CommercialSnapshot, GoodsPart, InstructedContainer, InstructionBody, InvoiceBody,
    PackingBody, ReceiversPart, ReferencesPart, RoutePart, SellerPart, WayBillBody, WeighingBody,
};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{ContractPart, Signatory};
use crate::i18n::Lang;
use crate::quantities::grouped;

/// The layout of the papers. A change that would make an old snapshot print differently gets a new one.
const EDITION: u32 = 2;

/// What is printed on every way bill.
const WAY_BILL_CONDITION_IDS: [&str; 4] = [
    "papers-way-bill-condition-dry",
    "papers-way-bill-condition-seals",
    "papers-way-bill-condition-route",
    "papers-way-bill-condition-delay",
];

/// The paper of `kind` under `number`, in the place of the one called `replaces`; nothing when the facts are those
/// of another paper, or the account is none of the seller's.
#[must_use]
pub fn compose(
    kind: CommercialKind,
    record: &Record,
    facts: &Facts,
    (number, replaces): (String, Option<String>),
    actor: &Actor,
    now: DateTime<Utc>,
) -> Option<CommercialSnapshot> {
    let (marks, weights, body) = match (kind, facts) {
        (CommercialKind::Proforma, Facts::Invoice(facts)) => {
            (&facts.marks, facts.weights.clone(), CommercialBody::Proforma(invoice(record, facts)?))
        }
        (CommercialKind::Invoice, Facts::Invoice(facts)) => {
            (&facts.marks, facts.weights.clone(), CommercialBody::Invoice(invoice(record, facts)?))
        }
        (CommercialKind::PackingList, Facts::PackingList(facts)) => {
            (&facts.marks, facts.weights.clone(), CommercialBody::PackingList(packing_list(facts)))
        }
        (CommercialKind::ShippingInstruction, Facts::ShippingInstruction(facts)) => {
            (&facts.marks, facts.weights.clone(), CommercialBody::ShippingInstruction(instruction(record, facts)))
        }
        (CommercialKind::WeightCertificate, Facts::WeightCertificate(facts)) => {
            (&facts.marks, facts.weights.clone(), CommercialBody::WeightCertificate(weighing(facts)))
        }
        (CommercialKind::WayBill, Facts::WayBill(facts)) => {
            (&facts.marks, on_truck(record, facts), CommercialBody::WayBill(way_bill(facts)))
        }
        _ => return None,
    };
    let export = &record.export;
    let booking = match facts {
        Facts::ShippingInstruction(facts) => facts.booking.clone(),
        Facts::Invoice(_) | Facts::PackingList(_) | Facts::WeightCertificate(_) | Facts::WayBill(_) => {
            record.booking.clone()
        }
    };
    Some(CommercialSnapshot {
        edition: EDITION,
        number,
        replaces,
        export_number: export.number.clone(),
        issued_on: eat_date(now),
        issued_at: now,
        seller: SellerPart {
            name: record.seller.name.clone(),
            address: record.seller.address.clone(),
            tin: record.seller.tin.clone(),
            phone: record.seller.phone.clone(),
            email: record.seller.email.clone(),
        },
        buyer: export.buyer_name.clone(),
        buyer_country: record.buyer_country.clone(),
        contract: ContractPart { number: record.contract_number.clone(), registered_on: record.contract_registered_on },
        goods: goods(record, marks, &weights),
        weights,
        route: RoutePart {
            transport: Bilingual::t(if record.is_by_sea() { "papers-transport-sea" } else { "papers-transport-air" }),
            port_of_loading: record.loading.clone(),
            port_of_discharge: record.discharge.clone(),
            destination: record.destination.clone(),
            carrier: record.carrier.clone(),
            vessel: export.vessel_name.clone(),
            voyage: export.voyage_number.clone(),
            on_board: record.on_board,
            incoterm: export.incoterm.clone(),
        },
        references: ReferencesPart {
            bank_permit: record.bank_permit.clone(),
            permit: record.permit.clone(),
            bill_of_lading: record.bill_of_lading.clone(),
            invoice: record
                .single(CommercialKind::Invoice)
                .or_else(|| record.single(CommercialKind::Proforma))
                .map(super::record::InForce::number),
            booking,
        },
        signatory: Signatory {
            name: actor.display_name.clone(),
            title: match &record.terms.signatory_title {
                Some(title) => Bilingual::new(title, ""),
                None => Bilingual::t("papers-title-for-the-exporter"),
            },
            organization: Bilingual::new(&actor.organization.name_en, &actor.organization.name_am),
        },
        body,
    })
}

fn goods(record: &Record, facts: &MarkFacts, weights: &Weights) -> GoodsPart {
    let export = &record.export;
    let name = |lang: Lang| {
        let grade = lang.fill("papers-grade-of", [("grade", export.grade.clone())]);
        let processing = lang.name_of("processing", &export.processing_method);
        format!("{}, {processing}, {grade}", record.coffee.in_lang(lang))
    };
    GoodsPart {
        description: marks::description(record),
        name: Bilingual::new(name(Lang::EN), name(Lang::AM)),
        origin: record.origin.clone(),
        packaging: marks::packaging(record, weights),
        marks: marks::lines(record, facts),
        ico_mark: facts.ico_mark.clone(),
        quality_certificates: record.quality_certificates.clone(),
    }
}

fn receivers(facts: &Receivers, second_notify: Option<String>) -> ReceiversPart {
    ReceiversPart { consignee: facts.consignee.clone(), notify: facts.notify.clone(), second_notify }
}

fn invoice(record: &Record, facts: &InvoiceFacts) -> Option<InvoiceBody> {
    let export = &record.export;
    let account = record.accounts.iter().find(|account| account.id == facts.account)?;
    Some(InvoiceBody {
        applicant: facts.applicant.clone(),
        receivers: receivers(&facts.receivers, None),
        hs_code: facts.hs_code.clone(),
        price: InvoicePrice::of(facts.basis, &export.currency, export.price_per_kg, record.net),
        payment: record.payment.clone(),
        letter: record.letter.clone(),
        shipment_type: facts.shipment_type,
        final_destination: facts.final_destination.clone(),
        chamber_certificate: facts.chamber_certificate.clone(),
        account: AccountPart {
            bank: account.bank_name.clone(),
            branch: account.branch.clone(),
            holder: account.holder.clone(),
            number: account.number.clone(),
            swift: account.swift.clone(),
            correspondent: account.correspondent.clone(),
            correspondent_swift: account.correspondent_swift.clone(),
        },
        declaration: Bilingual::t("papers-invoice-declaration"),
    })
}

fn packing_list(facts: &PackingFacts) -> PackingBody {
    PackingBody {
        receivers: receivers(&facts.receivers, None),
        packed_on: facts.packed_on,
        packed_at: facts.packed_at.clone(),
        loads: facts.loads.clone(),
    }
}

fn instruction(record: &Record, facts: &InstructionFacts) -> InstructionBody {
    let loads = record.known_loads().unwrap_or_default();
    let containers = facts.verified.iter().map(|(number, verified_kg)| InstructedContainer {
        number: number.clone(),
        load: loads.iter().find(|load| load.container == *number).cloned(),
        verified_kg: *verified_kg,
    });
    InstructionBody {
        receivers: receivers(&facts.receivers, facts.second_notify.clone()),
        bill_type: facts.bill_type,
        originals: facts.originals,
        freight: facts.freight,
        service_contract: facts.service_contract.clone(),
        departure: facts.departure,
        place_of_receipt: facts.place_of_receipt.clone(),
        place_of_delivery: facts.place_of_delivery.clone(),
        hs_code: facts.hs_code.clone(),
        container_type: facts.container_type.clone(),
        container_count: facts.container_count,
        containers: containers.collect(),
        partial_shipment: facts.partial_shipment,
    }
}

fn weighing(facts: &WeighingFacts) -> WeighingBody {
    WeighingBody {
        weighed_on: facts.weighed_on,
        weighed_at: facts.weighed_at.clone(),
        loads: facts.loads.iter().map(|(load, _)| load.clone()).collect(),
        weighbridge: facts.loads.iter().map(|(_, ticket)| ticket.clone()).collect(),
        declaration: Bilingual::t("papers-weight-declaration"),
    }
}

/// What is on the truck, in the export's bags.
fn on_truck(record: &Record, facts: &WayBillFacts) -> Weights {
    Weights {
        net_kg: facts.net_kg,
        gross_kg: facts.gross_kg,
        bags: facts.bags,
        bag_kg: record.export.bag_kg.normalize(),
        tare_kg: record.bag().tare(),
    }
}

fn way_bill(facts: &WayBillFacts) -> WayBillBody {
    let values =
        [("bags", facts.bags.to_string()), ("kg", grouped(facts.gross_kg)), ("destination", facts.destination.clone())];
    let declaration = |lang: Lang| lang.fill("papers-way-bill-declaration", values.clone());
    WayBillBody {
        transporter: facts.transporter.clone(),
        truck_plate: facts.truck_plate.clone(),
        trailer_plate: facts.trailer_plate.clone(),
        driver: facts.driver.clone(),
        driver_phone: facts.driver_phone.clone(),
        driver_license: facts.driver_license.clone(),
        destination: facts.destination.clone(),
        loaded_at: facts.loaded_at.clone(),
        loaded_on: facts.loaded_on,
        containers: facts.containers.clone(),
        birr_per_quintal: facts.birr_per_quintal,
        freight_birr: freight(facts.gross_kg, facts.birr_per_quintal),
        conditions: WAY_BILL_CONDITION_IDS.iter().map(|id| Bilingual::t(id)).collect(),
        special_conditions: facts.conditions.clone(),
        declaration: Bilingual::new(declaration(Lang::EN), declaration(Lang::AM)),
    }
}
