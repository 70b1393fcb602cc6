//! The boxes of a certificate of quality: the lot, the raw coffee of 40 points, the cup of 60.

use rust_decimal::Decimal;

use super::{BoxView, DayView, GrantedSheet, Line, SignatureView};
use crate::calendar::eat_date;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::QualitySnapshot;
use crate::quantities::grouped;

pub(super) fn sheet(certificate: &QualitySnapshot) -> GrantedSheet {
    let mut boxes = lot(certificate);
    boxes.extend(raw(certificate));
    boxes.extend(cup(certificate));
    boxes.push(
        BoxView::new("", "papers-remarks", 12)
            .line(Line::plain(certificate.remarks.clone().unwrap_or_default()).small()),
    );
    let remarks = certificate.remarks.as_ref().map_or(0, |text| text.chars().count());
    GrantedSheet {
        is_dense: remarks > 300,
        title: Bilingual::t("papers-quality-title"),
        validity: None,
        boxes,
        statement: Bilingual::t("papers-quality-statement"),
        terms_caption: Bilingual::default(),
        terms: Vec::new(),
        signature: SignatureView {
            name: certificate.signatory.name.clone(),
            title: certificate.signatory.title.clone(),
            organization: certificate.signatory.organization.clone(),
            place: None,
            day: DayView::of(eat_date(certificate.issued_at)),
        },
    }
}

fn lot(certificate: &QualitySnapshot) -> Vec<BoxView> {
    let lot = &certificate.lot;
    let mut weight = BoxView::new("", "papers-net-weight", 3).text(format!("{} kg", grouped(lot.net_kg)));
    if let Some(bags) = lot.bags {
        weight = weight.line(Line::plain(bags.to_string()).label("papers-bags-count").small());
    }
    vec![
        BoxView::new("", "papers-exporter", 6)
            .text(&certificate.exporter)
            .line(Line::plain(&certificate.tin).label("papers-tin").small()),
        BoxView::new("", "papers-inspected-on", 3).line(DayView::line(certificate.inspected_on)),
        BoxView::new("", "papers-fresh-until", 3).line(DayView::line(certificate.fresh_until)),
        BoxView::new("", "papers-lot", 3)
            .text(&lot.number)
            .line(Line::plain(&lot.receipt).label("papers-receipt").small()),
        weight,
        BoxView::new("", "papers-centre", 3).text(&certificate.centre),
        BoxView::new("", "papers-sample", 3).text(certificate.sample_code.clone().unwrap_or_default()),
        BoxView::new("", "papers-coffee", 3).line(Line::both(lot.coffee.clone())),
        BoxView::new("", "papers-origin", 3).line(Line::both(lot.origin.clone())),
        BoxView::new("", "papers-processing", 3).line(Line::both(lot.processing.clone())),
        BoxView::new("", "papers-crop-year", 3).text(lot.crop_year.clone().unwrap_or_default()),
    ]
}

fn raw(certificate: &QualitySnapshot) -> Vec<BoxView> {
    let raw = &certificate.raw;
    let screen = if raw.screens.is_empty() {
        Line::plain(raw.screen_15.map(|percent| format!("{} %", grouped(percent))).unwrap_or_default())
            .label("papers-screen-15")
    } else {
        let shares = raw.screens.iter().map(|(screen, percent)| format!("{screen}: {} %", grouped(*percent)));
        Line::plain(shares.collect::<Vec<_>>().join(", ")).label("papers-screens")
    };
    let defects = raw.defects.map(|count| count.to_string()).unwrap_or_default();
    vec![
        score("papers-raw-score", raw.score, 40),
        BoxView::new("", "papers-moisture", 3).text(format!("{} %", grouped(raw.moisture))),
        BoxView::new("", "papers-defects", 3)
            .line(Line::plain(raw.primary_defects.to_string()).label("papers-defects-primary"))
            .line(Line::plain(raw.secondary_defects.to_string()).label("papers-defects-secondary"))
            .line(Line::plain(defects).label("papers-defects-counted").small()),
        BoxView::new("", "papers-beans", 3)
            .text(raw.bean_size.clone().unwrap_or_default())
            .line(screen.small())
            .line(optional(raw.foreign_matter, " g").label("papers-foreign-matter").small())
            .line(optional(raw.odour, " / 10").label("papers-odour").small()),
    ]
}

fn cup(certificate: &QualitySnapshot) -> Vec<BoxView> {
    let cup = &certificate.cup;
    let mut attributes = BoxView::new("", "papers-cup-attributes", 6);
    for (name, points) in &cup.attributes {
        attributes = attributes.line(Line { label: Some(name.clone()), ..Line::plain(grouped(*points)) });
    }
    let mut profile = BoxView::new("", "papers-cup-profile", 3)
        .text(cup.flavour.clone().unwrap_or_default())
        .line(Line::plain(cup.panel.join(", ")).label("papers-panel").small());
    if let Some(spread) = cup.spread {
        profile = profile.line(Line::plain(grouped(spread)).label("papers-spread").small());
    }
    for (form, points) in &cup.specialty {
        profile = profile.line(Line::plain(format!("{form}: {} / 100", grouped(*points))).small());
    }
    let mut grade = BoxView::new("", "papers-grade", 3).text(&certificate.grade);
    if let Some(code) = &certificate.ico_quality {
        grade = grade.line(Line::plain(code).label("papers-ico-quality").small());
    }
    vec![
        score("papers-cup-score", cup.score, 60),
        attributes,
        profile,
        score("papers-total-score", certificate.total_score, 100),
        grade,
        BoxView::new("", "papers-result", 6).line(Line::both(certificate.result())),
    ]
}

fn score(caption_id: &str, points: Decimal, of: u8) -> BoxView {
    BoxView::new("", caption_id, 3).text(format!("{} / {of}", grouped(points)))
}

fn optional(value: Option<Decimal>, unit: &str) -> Line {
    Line::plain(value.map(|value| format!("{}{unit}", grouped(value))).unwrap_or_default())
}
