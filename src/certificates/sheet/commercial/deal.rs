//! Proforma and invoice, packing list, weight certificate.

use super::{
    Column, Parts, Table, container, contract, day, goods, kg, marks, port, receivers, reference, seller, text_or_dash,
    totals_box, vessel,
};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::commercial::figures::{Load, PriceBasis, pounds, totals};
use crate::certificates::commercial::snapshot::{CommercialSnapshot, InvoiceBody, PackingBody, WeighingBody};
use crate::certificates::sheet::{BoxView, DayView, Line};
use crate::exports::place_of_delivery;
use crate::i18n::Lang;
use crate::quantities::{grouped, grouped_fixed};

pub(super) fn proforma(paper: &CommercialSnapshot, body: &InvoiceBody) -> Parts {
    let mut head = vec![
        seller("papers-seller", paper),
        contract(paper),
        reference("papers-export-request", Some(&paper.export_number), 3),
    ];
    head.extend(applicant_and_receivers(body));
    head.extend(way(paper, body));
    invoice_parts("papers-proforma-title", paper, body, head)
}

pub(super) fn invoice(paper: &CommercialSnapshot, body: &InvoiceBody) -> Parts {
    let references = &paper.references;
    let mut head = vec![
        seller("papers-seller", paper).rows(2),
        contract(paper),
        reference("papers-bank-permit", references.bank_permit.as_ref(), 3),
        reference("papers-bill-of-lading", references.bill_of_lading.as_ref(), 3),
        reference("papers-chamber-certificate", body.chamber_certificate.as_ref(), 3),
    ];
    head.extend(applicant_and_receivers(body));
    head.push(BoxView::new("", "papers-dispatch", 3).line(Line::both(paper.route.transport.clone())));
    head.push(vessel(paper, 3));
    head.push(day("papers-on-board", paper.route.on_board, 3));
    head.push(reference("papers-export-request", Some(&paper.export_number), 3));
    head.extend(way(paper, body));
    invoice_parts("papers-invoice-title", paper, body, head)
}

fn applicant_and_receivers(body: &InvoiceBody) -> Vec<BoxView> {
    let mut boxes = vec![BoxView::new("", "papers-applicant", 4).line(Line::plain(&body.applicant).small())];
    boxes.extend(receivers(&body.receivers, 4));
    boxes
}

fn way(paper: &CommercialSnapshot, body: &InvoiceBody) -> Vec<BoxView> {
    let country = &paper.route.destination;
    vec![
        BoxView::new("", "papers-origin", 3)
            .line(Line::both(Bilingual::t("papers-ethiopia")))
            .line(Line::both(paper.goods.origin.clone()).small()),
        port("papers-port-of-loading", &paper.route.port_of_loading, 3),
        port("papers-port-of-discharge", &paper.route.port_of_discharge, 3),
        BoxView::new("", "papers-final-destination", 3)
            .text(&body.final_destination)
            .line(Line::both(country.name.clone()).small()),
    ]
}

/// How it is paid; by a letter of credit, with what names the letter.
fn payment(body: &InvoiceBody) -> BoxView {
    let view = BoxView::new("", "papers-payment", 3).line(Line::both(body.payment.clone()));
    let Some(letter) = &body.letter else { return view };
    view.line(Line::plain(&letter.number).label("papers-number-short").small())
        .line(Line::plain(&letter.issuing_bank).small())
        .line(DayView::line(letter.issued_on).small())
}

fn invoice_parts(title_id: &'static str, paper: &CommercialSnapshot, body: &InvoiceBody, head: Vec<BoxView>) -> Parts {
    let (price, account) = (&body.price, &body.account);
    let total = grouped_fixed(price.total, 2);
    let in_words = capitalized(&price.total_in_words);
    let named = |bank: &str, swift: Option<&str>| swift.map_or_else(|| bank.to_owned(), |s| format!("{bank}, {s}"));
    let correspondent =
        account.correspondent.as_deref().map(|bank| named(bank, account.correspondent_swift.as_deref()));
    let foot = vec![
        BoxView::new("", "papers-in-words", 8).text(in_words),
        BoxView::new("", "papers-total", 4).text(format!("{} {total}", price.currency)),
        BoxView::new("", "papers-incoterm", 3)
            .text(format!("{} {}", paper.route.incoterm, place_of(paper)))
            .line(Line::both(Bilingual::t("papers-incoterms-2020")).small()),
        payment(body),
        BoxView::new("", "papers-shipment-type", 3).line(Line::both(named_by_code(body.shipment_type.code()))),
        BoxView::new("", "papers-ico-mark-short", 3).text(paper.goods.ico_mark.clone().unwrap_or_default()),
        BoxView::new("", "papers-beneficiary-bank", 6)
            .text(&account.bank)
            .line(Line::plain(&account.branch).small())
            .line(Line::plain(&account.swift).label("papers-swift"))
            .line(Line::plain(correspondent.unwrap_or_default()).label("papers-correspondent").small()),
        BoxView::new("", "papers-beneficiary-account", 6)
            .text(&account.number)
            .line(Line::plain(&account.holder).label("papers-beneficiary").small()),
        BoxView::new("", "papers-packaging", 6)
            .text(&paper.goods.packaging)
            .line(Line::plain(paper.goods.quality_certificates.join(", ")).label("papers-quality-certificate").small()),
        marks(paper),
    ];
    Parts {
        title_id,
        head,
        table: Table {
            caption: Bilingual::t("papers-goods-and-price"),
            columns: vec![
                Column::text("papers-description"),
                Column::text("papers-hs-code"),
                Column::figure("papers-net-lb"),
                Column::figure("papers-net-kg"),
                Column::figure("papers-gross-kg"),
                Column::figure("papers-bag-count"),
                Column { caption: unit_price_caption(price.basis, &price.currency), is_figure: true },
                Column { caption: with_currency("papers-total-in", &price.currency), is_figure: true },
            ],
            rows: vec![vec![
                paper.goods.description.clone(),
                body.hs_code.clone(),
                grouped_fixed(pounds(paper.weights.net_kg), 2),
                kg(paper.weights.net_kg),
                kg(paper.weights.gross_kg),
                grouped(paper.weights.bags.into()),
                price.unit_price_text(),
                total,
            ]],
            total: Vec::new(),
        },
        foot,
        conditions: Vec::new(),
        declaration: Some((Bilingual::t("papers-declaration"), body.declaration.clone())),
        others: None,
    }
}

/// The place that stands behind the Incoterm.
fn place_of(paper: &CommercialSnapshot) -> &str {
    let route = &paper.route;
    place_of_delivery(&route.incoterm, &route.port_of_loading.name, &route.port_of_discharge.name)
}

fn named_by_code(code: &str) -> Bilingual {
    Bilingual::new(Lang::EN.name_of("shipment-type", code), Lang::AM.name_of("shipment-type", code))
}

fn unit_price_caption(basis: PriceBasis, currency: &str) -> Bilingual {
    match basis {
        PriceBasis::CentsPerPound => Bilingual::t("papers-unit-price-cents"),
        PriceBasis::PerKilogram => with_currency("papers-unit-price-kg", currency),
    }
}

fn with_currency(id: &str, currency: &str) -> Bilingual {
    let sentence = |lang: Lang| lang.fill(id, [("currency", currency.to_owned())]);
    Bilingual::new(sentence(Lang::EN), sentence(Lang::AM))
}

fn capitalized(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

pub(super) fn packing_list(paper: &CommercialSnapshot, body: &PackingBody) -> Parts {
    let mut head = vec![
        seller("papers-seller", paper),
        contract(paper),
        reference("papers-invoice", paper.references.invoice.as_ref(), 3),
        BoxView::new("", "papers-buyer", 4)
            .text(&paper.buyer)
            .line(Line::both(paper.buyer_country.name.clone()).small()),
    ];
    head.extend(receivers(&body.receivers, 4));
    head.extend([
        vessel(paper, 3),
        port("papers-port-of-loading", &paper.route.port_of_loading, 3),
        port("papers-port-of-discharge", &paper.route.port_of_discharge, 3),
        reference("papers-bill-of-lading", paper.references.bill_of_lading.as_ref(), 3),
    ]);
    Parts {
        title_id: "papers-packing-list-title",
        head,
        table: loads_table(&body.loads, None),
        foot: vec![
            totals_box(&body.loads),
            goods(paper),
            marks(paper),
            BoxView::new("", "papers-packed", 12).text(&body.packed_at).line(DayView::line(body.packed_on)),
        ],
        conditions: Vec::new(),
        declaration: None,
        others: None,
    }
}

/// A line a container, with the ticket of the weighbridge where there is one, and the totals.
fn loads_table(loads: &[Load], tickets: Option<&[String]>) -> Table {
    let sum = totals(loads);
    let mut columns = vec![
        Column::text("papers-container"),
        Column::text("papers-container-type"),
        Column::text("papers-seal-number"),
        Column::figure("papers-bag-count"),
        Column::figure("papers-net-kg"),
        Column::figure("papers-gross-kg"),
    ];
    let mut total = vec![
        Lang::EN.t("papers-total"),
        String::new(),
        String::new(),
        grouped(sum.packages.into()),
        kg(sum.net_kg),
        kg(sum.gross_kg),
    ];
    if tickets.is_some() {
        columns.push(Column::text("papers-weighbridge"));
        total.push(String::new());
    }
    let rows = loads.iter().enumerate().map(|(position, load)| {
        let mut row = vec![
            container(load),
            text_or_dash(&load.container_type),
            text_or_dash(&load.seal),
            grouped(load.packages.into()),
            kg(load.net_kg),
            kg(load.gross_kg),
        ];
        row.extend(tickets.and_then(|tickets| tickets.get(position)).cloned());
        row
    });
    Table { caption: Bilingual::t("papers-containers"), columns, rows: rows.collect(), total }
}

pub(super) fn weight_certificate(paper: &CommercialSnapshot, body: &WeighingBody) -> Parts {
    Parts {
        title_id: "papers-weight-title",
        head: vec![
            seller("papers-shipper", paper),
            BoxView::new("", "papers-buyer", 6)
                .text(&paper.buyer)
                .line(Line::both(paper.buyer_country.name.clone()).small()),
            contract(paper),
            reference("papers-invoice", paper.references.invoice.as_ref(), 3),
            reference("papers-bill-of-lading", paper.references.bill_of_lading.as_ref(), 3),
            BoxView::new("", "papers-ico-mark-short", 3).text(paper.goods.ico_mark.clone().unwrap_or_default()),
            vessel(paper, 4),
            port("papers-port-of-loading", &paper.route.port_of_loading, 4),
            port("papers-port-of-discharge", &paper.route.port_of_discharge, 4),
        ],
        table: loads_table(&body.loads, Some(&body.weighbridge)),
        foot: vec![
            totals_box(&body.loads),
            goods(paper),
            marks(paper),
            BoxView::new("", "papers-weighed", 12).text(&body.weighed_at).line(DayView::line(body.weighed_on)),
        ],
        conditions: Vec::new(),
        declaration: Some((Bilingual::t("papers-ico-certification"), body.declaration.clone())),
        others: None,
    }
}
