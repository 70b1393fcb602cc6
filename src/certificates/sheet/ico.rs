//! The boxes of an ICO certificate of origin, as the form of ICC 102-9 (Annex II-A) numbers them.

use super::{BoxView, DayView, IcoSheet, Line, SignatureView, Tick, form_id};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{
    CoffeeKind, GreenProcessing, IcoBoxes, IcoCountry, OriginSnapshot, ShippedIn, WeightUnit,
};
use crate::quantities::grouped;

pub(super) fn sheet(certificate: &OriginSnapshot) -> IcoSheet {
    let boxes = &certificate.boxes;
    let information = BoxView::new("17", "papers-ico-information", 12);
    IcoSheet {
        is_dense: is_dense(boxes),
        boxes: numbered(boxes),
        statement: boxes.statement.clone(),
        signatures: vec![
            (Bilingual::t("papers-ico-customs"), SignatureView::of(&boxes.customs)),
            (Bilingual::t("papers-ico-certifying"), SignatureView::of(&boxes.certifying)),
        ],
        information: information.line(Line::plain(boxes.other_information.clone().unwrap_or_default()).small()),
        papers: vec![
            Line::plain(&certificate.permit_number).label("papers-ico-permit"),
            Line::plain(&certificate.bill_of_lading).label("papers-ico-transport-document"),
            Line::plain(&certificate.export_number).label("papers-export-request"),
        ],
    }
}

/// Whether what people typed is so long that it needs smaller letters to stay on one page.
fn is_dense(boxes: &IcoBoxes) -> bool {
    let typed = [&boxes.exporter.name, &boxes.exporter.address, &boxes.notify_address];
    let other = boxes.other_information.as_ref().map_or(0, |text| text.chars().count());
    typed.iter().map(|text| text.chars().count()).sum::<usize>() + other > 450
}

/// Boxes 1 to 15, in the order in which they fill the grid.
fn numbered(boxes: &IcoBoxes) -> Vec<BoxView> {
    let reference = &boxes.reference;
    vec![
        BoxView::new("1", "papers-ico-exporter", 6)
            .rows(2)
            .text(&boxes.exporter.name)
            .line(Line::plain(&boxes.exporter.address).small())
            .code("papers-ico-exporter-code", Some(boxes.exporter.code.clone())),
        BoxView::new("3", "papers-ico-reference-own", 6).text(boxes.internal_reference.clone().unwrap_or_default()),
        BoxView::new("4", "papers-ico-reference", 6)
            .code("papers-ico-reference-country", Some(reference.country.clone()))
            .code("papers-ico-reference-port", Some(reference.port.clone()))
            .code("papers-ico-reference-serial", Some(reference.serial.to_string())),
        BoxView::new("2", "papers-ico-notify", 6).rows(3).line(Line::plain(&boxes.notify_address)),
        country("5", "papers-ico-producing", &boxes.producing_country),
        country("6", "papers-ico-destination", &boxes.destination),
        BoxView::new("7", "papers-ico-exported-on", 6).line(DayView::line(boxes.exported_on)),
        BoxView::new("8", "papers-ico-transshipment", 6).text(&boxes.transshipment),
        BoxView::new("9", "papers-ico-carrier", 6).text(&boxes.carrier),
        BoxView::new("10", "papers-ico-mark", 6)
            .rows(2)
            .mark(boxes.marks.mark.to_string())
            .line(Line::plain(boxes.marks.other.clone().unwrap_or_default()).small()),
        BoxView::new("11", "papers-ico-shipped-in", 6).ticks(None, shipped_in(&boxes.shipped_in)),
        BoxView::new("12", "papers-ico-net-weight", 3).text(grouped(boxes.net_weight)),
        BoxView::new("13", "papers-ico-unit", 3).ticks(None, unit(boxes.unit)),
        BoxView::new("14", "papers-ico-description", 5).ticks(None, description(boxes.form)),
        processing(boxes),
    ]
}

fn country(number: &'static str, caption_id: &str, country: &IcoCountry) -> BoxView {
    BoxView::new(number, caption_id, 6)
        .line(Line::both(country.country.name.clone()))
        .code("papers-ico-exporter-code", country.ico_code.clone())
}

fn shipped_in(ways: &[ShippedIn]) -> Vec<Tick> {
    ShippedIn::ALL
        .iter()
        .map(|way| {
            let label = match way {
                ShippedIn::Bags => "papers-ico-shipped-bags",
                ShippedIn::Bulk => "papers-ico-shipped-bulk",
                ShippedIn::Containers => "papers-ico-shipped-containers",
                ShippedIn::Other => "papers-ico-shipped-other",
            };
            Tick::new(label, ways.contains(way))
        })
        .collect()
}

fn unit(unit: WeightUnit) -> Vec<Tick> {
    vec![
        Tick::new("papers-ico-unit-kg", unit == WeightUnit::Kilograms),
        Tick::new("papers-ico-unit-lb", unit == WeightUnit::Pounds),
    ]
}

/// Box 14: the ticks come from one value, so that exactly one is set.
pub(super) fn description(form: CoffeeKind) -> Vec<Tick> {
    CoffeeKind::ALL.iter().map(|kind| Tick::new(form_id(*kind), *kind == form)).collect()
}

fn processing(boxes: &IcoBoxes) -> BoxView {
    let processing = boxes.processing;
    BoxView::new("15", "papers-ico-processing", 7)
        .ticks(
            Some("papers-ico-green-line"),
            vec![
                Tick::new("papers-ico-dry", processing.green == GreenProcessing::Dry),
                Tick::new("papers-ico-wet", processing.green == GreenProcessing::Wet),
            ],
        )
        .ticks(
            None,
            vec![
                Tick::new("papers-ico-decaffeinated", processing.decaffeinated),
                Tick::new("papers-ico-organic", processing.organic),
            ],
        )
        .ticks(
            Some("papers-ico-soluble-line"),
            vec![Tick::new("papers-ico-spray", false), Tick::new("papers-ico-freeze", false)],
        )
}
