//! The papers of the commercial set on their sheets: one form, with other boxes, another table and other signatures
//! for each (domain 4.5).

mod deal;
mod transport;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{BoxView, DayView, Line, SignatureView};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::commercial::figures::{Load, metric_tons, totals};
use crate::certificates::commercial::snapshot::{CommercialBody, CommercialSnapshot, ReceiversPart, SellerPart};
use crate::certificates::snapshot::Port;
use crate::i18n::Lang;
use crate::quantities::{grouped, grouped_fixed};

/// A paper of the set on its sheet.
#[derive(Serialize)]
pub(super) struct CommercialSheet {
    pub(super) is_dense: bool,
    pub(super) title: Bilingual,
    pub(super) seller: SellerPart,
    pub(super) issued: DayView,
    pub(super) replaces: Option<String>,
    pub(super) head: Vec<BoxView>,
    pub(super) table: Table,
    pub(super) foot: Vec<BoxView>,
    pub(super) conditions: Vec<Bilingual>,
    pub(super) declaration: Option<(Bilingual, Bilingual)>,
    pub(super) signature: SignatureView,
    /// Who signs beside the seller, by caption and name; with them there is no room for a seal.
    pub(super) others: Option<Vec<(Bilingual, String)>>,
}

/// The table of a paper.
#[derive(Serialize)]
pub(super) struct Table {
    pub(super) caption: Bilingual,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) total: Vec<String>,
}

/// A column of it.
#[derive(Serialize)]
pub(super) struct Column {
    pub(super) caption: Bilingual,
    pub(super) is_figure: bool,
}

impl Column {
    fn text(caption_id: &str) -> Self {
        Self { caption: Bilingual::t(caption_id), is_figure: false }
    }

    fn figure(caption_id: &str) -> Self {
        Self { caption: Bilingual::t(caption_id), is_figure: true }
    }
}

/// What one paper has and the others have not.
struct Parts {
    title_id: &'static str,
    head: Vec<BoxView>,
    table: Table,
    foot: Vec<BoxView>,
    conditions: Vec<Bilingual>,
    declaration: Option<(Bilingual, Bilingual)>,
    others: Option<Vec<(Bilingual, String)>>,
}

pub(super) fn sheet(paper: &CommercialSnapshot) -> CommercialSheet {
    let parts = match &paper.body {
        CommercialBody::Proforma(body) => deal::proforma(paper, body),
        CommercialBody::Invoice(body) => deal::invoice(paper, body),
        CommercialBody::PackingList(body) => deal::packing_list(paper, body),
        CommercialBody::ShippingInstruction(body) => transport::instruction(paper, body),
        CommercialBody::WeightCertificate(body) => deal::weight_certificate(paper, body),
        CommercialBody::WayBill(body) => transport::way_bill(paper, body),
    };
    CommercialSheet {
        is_dense: is_dense(&paper.body, &parts),
        title: Bilingual::t(parts.title_id),
        seller: paper.seller.clone(),
        issued: DayView::of(paper.issued_on),
        replaces: paper.replaces.clone(),
        head: parts.head,
        table: parts.table,
        foot: parts.foot,
        conditions: parts.conditions,
        declaration: parts.declaration,
        signature: SignatureView {
            name: paper.signatory.name.clone(),
            title: paper.signatory.title.clone(),
            organization: paper.signatory.organization.clone(),
            place: None,
            day: DayView::of(paper.issued_on),
        },
        others: parts.others,
    }
}

/// Whether it needs smaller letters to stay on one page: invoices and way bills have so many boxes that they always do,
/// the others when addresses and containers are many.
fn is_dense(body: &CommercialBody, parts: &Parts) -> bool {
    if matches!(body, CommercialBody::Proforma(_) | CommercialBody::Invoice(_) | CommercialBody::WayBill(_)) {
        return true;
    }
    let lines = parts.head.iter().chain(&parts.foot).flat_map(|b| &b.lines);
    let letters: usize = lines.map(|line| line.text.en.chars().count() + 20 * line.text.en.matches('\n').count()).sum();
    parts.table.rows.len() > 6 || letters > 1_300
}

// What several papers have.

/// The seller, who ships.
fn seller(caption_id: &str, paper: &CommercialSnapshot) -> BoxView {
    BoxView::new("", caption_id, 6)
        .text(&paper.seller.name)
        .line(Line::plain(&paper.seller.address).small())
        .line(Line::plain(&paper.seller.tin).label("papers-tin").small())
}

fn contract(paper: &CommercialSnapshot) -> BoxView {
    BoxView::new("", "papers-contract", 3)
        .text(&paper.contract.number)
        .line(DayView::line(paper.contract.registered_on).small())
}

/// Consignee and whom to notify, each `columns` wide.
fn receivers(receivers: &ReceiversPart, columns: u8) -> Vec<BoxView> {
    let notify = receivers.notify.clone().unwrap_or_default();
    vec![
        BoxView::new("", "papers-consignee", columns).line(Line::plain(&receivers.consignee).small()),
        BoxView::new("", "papers-notify", columns).line(Line::plain(notify).small()),
    ]
}

fn port(caption_id: &str, port: &Port, columns: u8) -> BoxView {
    BoxView::new("", caption_id, columns)
        .text(format!("{} ({})", port.name, port.code))
        .line(Line::both(port.country.name.clone()).small())
}

fn vessel(paper: &CommercialSnapshot, columns: u8) -> BoxView {
    let parts = [paper.route.vessel.as_deref(), paper.route.voyage.as_deref()];
    BoxView::new("", "papers-vessel-voyage", columns).text(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// A box of a number that may not be known yet.
fn reference(caption_id: &str, number: Option<&String>, columns: u8) -> BoxView {
    BoxView::new("", caption_id, columns).text(number.cloned().unwrap_or_default())
}

fn day(caption_id: &str, date: Option<NaiveDate>, columns: u8) -> BoxView {
    let day = BoxView::new("", caption_id, columns);
    match date {
        Some(date) => day.line(DayView::line(date)),
        None => day,
    }
}

/// What stands on the bags, as it does: a line a line.
fn marks(paper: &CommercialSnapshot) -> BoxView {
    BoxView::new("", "papers-marks", 6).line(Line::plain(paper.goods.marks.join("\n")).small())
}

/// The goods, how they are packed, and the certificates of their quality.
fn goods(paper: &CommercialSnapshot) -> BoxView {
    BoxView::new("", "papers-goods", 6)
        .text(&paper.goods.description)
        .line(Line::both(paper.goods.origin.clone()).label("papers-origin").small())
        .line(Line::plain(&paper.goods.packaging).label("papers-packaging").small())
        .line(Line::plain(paper.goods.quality_certificates.join(", ")).label("papers-quality-certificate").small())
}

fn kg(value: Decimal) -> String {
    grouped(value.normalize())
}

/// Metric tons, with three decimals as they are weighed.
fn tons(kg: Decimal) -> String {
    grouped_fixed(metric_tons(kg), 3)
}

/// Net and gross in kilograms and tons, and the bags.
fn totals_box(loads: &[Load]) -> BoxView {
    let sum = totals(loads);
    BoxView::new("", "papers-totals", 12)
        .line(Line::plain(format!("{} kg = {} MT", kg(sum.net_kg), tons(sum.net_kg))).label("papers-net-weight"))
        .line(Line::plain(format!("{} kg = {} MT", kg(sum.gross_kg), tons(sum.gross_kg))).label("papers-gross-weight"))
        .line(Line::plain(grouped(sum.packages.into())).label("papers-bag-count"))
}

/// A container's number, or that there is none.
fn container(load: &Load) -> String {
    if load.container.is_empty() { Lang::EN.t("papers-loose") } else { load.container.clone() }
}

fn text_or_dash(text: &str) -> String {
    if text.is_empty() { "–".to_owned() } else { text.to_owned() }
}
