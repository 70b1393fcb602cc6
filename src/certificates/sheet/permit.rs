//! The boxes of an export permit.

use serde::Serialize;

use super::{BoxView, DayView, Line, PermitSheet, SignatureView};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{Country, CredentialPart, LotPart, PermitSnapshot, Port};
use crate::exports::place_of_delivery;
use crate::i18n::Lang;
use crate::quantities::{grouped, grouped_fixed};

/// A lot in the table.
#[derive(Serialize)]
pub(super) struct LotView {
    pub number: String,
    pub receipt: String,
    pub warehouse: String,
    pub net_kg: String,
    pub certificate: String,
    pub inspected_on: String,
    pub inspected_on_ethiopian: String,
    pub score: String,
    pub grade: String,
}

pub(super) fn sheet(permit: &PermitSnapshot) -> PermitSheet {
    PermitSheet {
        is_dense: is_dense(permit),
        validity: (DayView::of(permit.issued_on), DayView::of(permit.valid_until)),
        parties: parties(permit),
        lots: permit.lots.iter().map(|part| lot(part, permit.edition)).collect(),
        terms: terms(permit),
        conditions: permit.conditions.clone(),
        special_conditions: permit.special_conditions.clone(),
        signature: SignatureView {
            name: permit.signatory.name.clone(),
            title: permit.signatory.title.clone(),
            organization: permit.signatory.organization.clone(),
            place: None,
            day: DayView::of(permit.issued_on),
        },
    }
}

/// Whether names, lots and notes are so long that they need smaller letters to stay on one page.
fn is_dense(permit: &PermitSnapshot) -> bool {
    let texts = [&permit.exporter.name, &permit.exporter.address, &permit.buyer.name];
    let optional = [permit.buyer.address.as_ref(), permit.special_conditions.as_ref()];
    let warehouses = permit.lots.iter().map(|lot| &lot.warehouse);
    let typed = texts.into_iter().chain(optional.into_iter().flatten()).chain(warehouses);
    permit.lots.len() > 2 || typed.map(|text| text.chars().count()).sum::<usize>() > 500
}

fn parties(permit: &PermitSnapshot) -> Vec<BoxView> {
    let (exporter, buyer, contract) = (&permit.exporter, &permit.buyer, &permit.contract);
    vec![
        BoxView::new("", "papers-exporter", 6)
            .text(&exporter.name)
            .line(Line::plain(&exporter.address).small())
            .line(Line::plain(&exporter.tin).label("papers-tin").small())
            .line(Line::plain(&exporter.registration_number).label("papers-registration").small()),
        BoxView::new("", "papers-buyer", 6)
            .text(&buyer.name)
            .line(Line::plain(buyer.address.clone().unwrap_or_default()).small())
            .line(country(&buyer.country)),
        credential("papers-license", &exporter.license),
        credential("papers-competence", &exporter.competence),
        BoxView::new("", "papers-contract", 3)
            .text(&contract.number)
            .line(DayView::line(contract.registered_on).label("papers-registered").small()),
        BoxView::new("", "papers-export-request", 3).text(&permit.export_number),
        BoxView::new("", "papers-coffee", 3).line(Line::both(permit.coffee.clone())),
        BoxView::new("", "papers-origin", 3).line(Line::both(permit.origin.clone())),
        BoxView::new("", "papers-processing", 3).line(Line::both(permit.processing.clone())),
        BoxView::new("", "papers-grade", 3)
            .text(&permit.grade)
            .line(Line::plain(permit.crop_year.clone().unwrap_or_default()).label("papers-crop-year").small()),
    ]
}

fn credential(caption_id: &str, credential: &CredentialPart) -> BoxView {
    BoxView::new("", caption_id, 3)
        .text(&credential.number)
        .line(DayView::line(credential.expires_on).label("papers-expires").small())
}

fn terms(permit: &PermitSnapshot) -> Vec<BoxView> {
    let price = &permit.price;
    vec![
        BoxView::new("", "papers-net-weight", 4)
            .text(format!("{} kg", grouped(permit.net_kg)))
            .line(Line { small: true, ..bags(permit) }),
        BoxView::new("", "papers-in-words", 8).text(capitalized(&permit.net_in_words)),
        BoxView::new("", "papers-value", 4)
            .text(format!("{} {}", price.currency, grouped_fixed(price.value, 2)))
            .line(Line::plain(format!("{} {}", price.incoterm, place_of(permit))).small()),
        BoxView::new("", "papers-in-words", 8).text(capitalized(&price.value_in_words)),
        BoxView::new("", "papers-price", 4).text(format!("{} {}", price.currency, grouped(price.per_kg))),
        BoxView::new("", "papers-payment", 4).line(Line::both(price.payment.clone())),
        BoxView::new("", "papers-transport", 4).line(Line::both(permit.transport.clone())),
        port("papers-port-of-loading", &permit.port_of_loading),
        port("papers-port-of-discharge", &permit.port_of_discharge),
        BoxView::new("", "papers-destination", 4).line(country(&permit.destination)),
    ]
}

/// The place that stands behind the Incoterm. The first edition of the form put the port of loading there, whatever the
/// Incoterm; what was issued on it prints as it was issued.
fn place_of(permit: &PermitSnapshot) -> &str {
    let (loading, discharge) = (&permit.port_of_loading.name, &permit.port_of_discharge.name);
    if permit.edition == 1 { loading } else { place_of_delivery(&permit.price.incoterm, loading, discharge) }
}

fn bags(permit: &PermitSnapshot) -> Line {
    let kg = grouped(permit.bag_kg);
    let words = |lang: Lang| format!("{} {}", permit.bags, lang.t_args("papers-bags", &[("kg", kg.as_str().into())]));
    Line::both(Bilingual::new(words(Lang::EN), words(Lang::AM)))
}

fn port(caption_id: &str, port: &Port) -> BoxView {
    BoxView::new("", caption_id, 4).text(format!("{} ({})", port.name, port.code)).line(country(&port.country).small())
}

fn country(country: &Country) -> Line {
    Line::both(Bilingual::new(format!("{} ({})", country.name.en, country.code), &country.name.am))
}

/// A lot as the form of `edition` shows it. The first had the Ethiopian day without its era, which reads as one of ours.
fn lot(lot: &LotPart, edition: u32) -> LotView {
    let inspected_on = DayView::short_ethiopian(lot.quality.inspected_on);
    LotView {
        number: lot.number.clone(),
        receipt: lot.receipt.clone(),
        warehouse: lot.warehouse.clone(),
        net_kg: grouped(lot.net_kg),
        certificate: lot.quality.certificate_number.clone(),
        inspected_on: DayView::of(lot.quality.inspected_on).gregorian,
        inspected_on_ethiopian: if edition == 1 { inspected_on } else { format!("{inspected_on} ዓ.ም.") },
        score: grouped(lot.quality.score),
        grade: lot.quality.grade.clone(),
    }
}

fn capitalized(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
