//! Shipping instruction and way bill.

use super::{
    Column, Parts, Table, contract, day, goods, kg, marks, port, receivers, reference, seller, text_or_dash, vessel,
};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::commercial::snapshot::{
    CommercialSnapshot, InstructedContainer, InstructionBody, WayBillBody,
};
use crate::certificates::sheet::{BoxView, DayView, Line};
use crate::i18n::Lang;
use crate::quantities::{grouped, grouped_fixed};

/// A code of one of the families in both languages.
fn named(family: &str, code: &str) -> Bilingual {
    Bilingual::new(Lang::EN.name_of(family, code), Lang::AM.name_of(family, code))
}

pub(super) fn instruction(paper: &CommercialSnapshot, body: &InstructionBody) -> Parts {
    let second = body.receivers.second_notify.clone().unwrap_or_default();
    let count = match &body.container_type {
        Some(container_type) => format!("{} × {container_type}", body.container_count),
        None => String::new(),
    };
    let originals = if body.originals > 0 { body.originals.to_string() } else { String::new() };
    let mut head = vec![
        seller("papers-shipper", paper).rows(2),
        BoxView::new("", "papers-carrier", 3).line(Line::both(paper.route.carrier.clone())),
        reference("papers-booking", paper.references.booking.as_ref(), 3),
        reference("papers-service-contract", body.service_contract.as_ref(), 3),
        contract(paper),
    ];
    head.extend(receivers(&body.receivers, 4));
    head.push(BoxView::new("", "papers-second-notify", 4).line(Line::plain(second).small()));
    head.extend([
        BoxView::new("", "papers-bill-type", 3)
            .line(Line::both(named("bill-type", body.bill_type.code())))
            .line(Line::plain(originals).label("papers-originals").small()),
        BoxView::new("", "papers-freight", 3).line(Line::both(named("freight", body.freight.code()))),
        vessel(paper, 3),
        day("papers-departure", Some(body.departure), 3),
        BoxView::new("", "papers-place-of-receipt", 3).text(&body.place_of_receipt),
        port("papers-port-of-loading", &paper.route.port_of_loading, 3),
        port("papers-port-of-discharge", &paper.route.port_of_discharge, 3),
        BoxView::new("", "papers-place-of-delivery", 3).text(&body.place_of_delivery),
    ]);
    let partial = if body.partial_shipment { "papers-partial-allowed" } else { "papers-partial-not-allowed" };
    let weights = &paper.weights;
    Parts {
        title_id: "papers-instruction-title",
        head,
        table: containers_table(paper, &body.containers),
        foot: vec![
            goods(paper).rows(2),
            BoxView::new("", "papers-hs-code", 3).text(&body.hs_code),
            BoxView::new("", "papers-container-count", 3).text(count),
            BoxView::new("", "papers-weights", 3)
                .line(Line::plain(format!("{} kg", kg(weights.net_kg))).label("papers-net-weight"))
                .line(Line::plain(format!("{} kg", kg(weights.gross_kg))).label("papers-gross-weight"))
                .line(Line::plain(grouped(weights.bags.into())).label("papers-bag-count")),
            BoxView::new("", "papers-partial-shipment", 3).line(Line::both(Bilingual::t(partial))),
            marks(paper),
            BoxView::new("", "papers-permits", 6)
                .line(Line::plain(paper.references.permit.clone().unwrap_or_default()).label("papers-ico-permit"))
                .line(Line::plain(paper.references.bank_permit.clone().unwrap_or_default()).label("papers-bank-permit"))
                .line(Line::plain(&paper.export_number).label("papers-export-request").small()),
        ],
        conditions: Vec::new(),
        declaration: None,
        others: None,
    }
}

/// A line a container; before they are booked or loaded what is known of them.
fn containers_table(paper: &CommercialSnapshot, containers: &[InstructedContainer]) -> Table {
    let dash = || "–".to_owned();
    let row = |container: &InstructedContainer| {
        let load = container.load.as_ref();
        vec![
            container.number.clone(),
            load.map_or_else(dash, |load| text_or_dash(&load.seal)),
            load.map_or_else(dash, |load| grouped(load.packages.into())),
            load.map_or_else(dash, |load| kg(load.net_kg)),
            load.map_or_else(dash, |load| kg(load.gross_kg)),
            container.verified_kg.map_or_else(dash, kg),
        ]
    };
    let mut rows: Vec<Vec<String>> = containers.iter().map(row).collect();
    if rows.is_empty() {
        let (weights, none) = (&paper.weights, Lang::EN.t("papers-not-booked"));
        let bags = grouped(weights.bags.into());
        rows.push(vec![none, dash(), bags, kg(weights.net_kg), kg(weights.gross_kg), dash()]);
    }
    Table {
        caption: Bilingual::t("papers-containers"),
        columns: vec![
            Column::text("papers-container"),
            Column::text("papers-seal-number"),
            Column::figure("papers-bag-count"),
            Column::figure("papers-net-kg"),
            Column::figure("papers-gross-kg"),
            Column::figure("papers-vgm"),
        ],
        rows,
        total: Vec::new(),
    }
}

pub(super) fn way_bill(paper: &CommercialSnapshot, body: &WayBillBody) -> Parts {
    let weights = &paper.weights;
    let rows = if body.containers.is_empty() {
        vec![vec![Lang::EN.t("papers-loose"), "–".to_owned()]]
    } else {
        body.containers.iter().map(|(number, seal)| vec![number.clone(), text_or_dash(seal)]).collect()
    };
    let mut conditions = body.conditions.clone();
    conditions.extend(body.special_conditions.iter().map(|text| Bilingual::new(text, "")));
    Parts {
        // The first edition spelt its title in two words.
        title_id: if paper.edition == 1 { "papers-way-bill-title-first" } else { "papers-way-bill-title" },
        head: vec![
            seller("papers-shipper", paper),
            BoxView::new("", "papers-transporter", 6).text(&body.transporter),
            BoxView::new("", "papers-truck", 3).text(&body.truck_plate),
            BoxView::new("", "papers-trailer", 3).text(body.trailer_plate.clone().unwrap_or_default()),
            BoxView::new("", "papers-driver", 6)
                .text(&body.driver)
                .line(Line::plain(&body.driver_phone).label("papers-phone").small())
                .line(Line::plain(&body.driver_license).label("papers-driving-license").small()),
            BoxView::new("", "papers-loaded", 4).text(&body.loaded_at).line(DayView::line(body.loaded_on)),
            BoxView::new("", "papers-truck-destination", 4).text(&body.destination),
            BoxView::new("", "papers-ico-permit", 4)
                .text(paper.references.permit.clone().unwrap_or_default())
                .line(Line::plain(&paper.export_number).label("papers-export-request").small()),
        ],
        table: Table {
            caption: Bilingual::t("papers-containers"),
            columns: vec![Column::text("papers-container"), Column::text("papers-seal-number")],
            rows,
            total: Vec::new(),
        },
        foot: vec![
            BoxView::new("", "papers-on-truck", 6)
                .line(Line::plain(grouped(weights.bags.into())).label("papers-bag-count"))
                .line(Line::plain(format!("{} kg", kg(weights.net_kg))).label("papers-net-weight"))
                .line(Line::plain(format!("{} kg", kg(weights.gross_kg))).label("papers-gross-weight")),
            BoxView::new("", "papers-truck-freight", 6)
                .text(format!("ETB {}", grouped_fixed(body.freight_birr, 2)))
                .line(
                    Line::plain(format!("ETB {}", grouped_fixed(body.birr_per_quintal, 2)))
                        .label("papers-per-quintal")
                        .small(),
                ),
            goods(paper),
            marks(paper),
        ],
        conditions,
        declaration: Some((Bilingual::t("papers-driver-declaration"), body.declaration.clone())),
        others: Some(vec![
            (Bilingual::t("papers-driver"), body.driver.clone()),
            (Bilingual::t("papers-received-at-port"), String::new()),
        ]),
    }
}
