//! The boxes of the four papers of a registration.

use super::{BoxView, DayView, GrantedSheet, Line, SignatureView, Tick};
use crate::calendar::eat_date;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{
    CompetenceSnapshot, GrantPart, HolderPart, LaboratorySnapshot, LicenseSnapshot, TasterSnapshot, in_one_line,
};
use crate::quantities::grouped;

pub(super) fn competence(certificate: &CompetenceSnapshot) -> GrantedSheet {
    let mut boxes = holder("papers-exporter", &certificate.holder);
    if let Some(laboratory) = &certificate.laboratory {
        boxes.push(
            BoxView::new("", "papers-laboratory", 6)
                .text(&laboratory.name)
                .line(Line::plain(&laboratory.number).label("papers-certificate-number").small())
                .line(Line::plain(&laboratory.address).small()),
        );
    }
    if let Some(taster) = &certificate.taster {
        boxes.push(
            BoxView::new("", "papers-taster", 6)
                .text(&taster.name)
                .line(Line::plain(&taster.number).label("papers-certificate-number").small())
                .line(Line::both(taster.qualification.clone()).label("papers-qualification").small()),
        );
    }
    let storage = certificate.storage_kg.map(|kg| format!("{} kg", grouped(kg))).unwrap_or_default();
    let conditions = certificate.storage_conditions.clone().unwrap_or_default();
    boxes.extend([
        inspected(certificate.inspected_on, 4)
            .line(Line::both(Bilingual::t("papers-passed")).label("papers-result").small()),
        BoxView::new("", "papers-quality-management", 4).ticks(None, yes_or_no(certificate.has_quality_management)),
        BoxView::new("", "papers-storage", 4).text(storage).line(Line::plain(conditions).small()),
    ]);
    sheet("papers-competence-title", &certificate.grant, boxes, "papers-duties")
}

pub(super) fn license(license: &LicenseSnapshot) -> GrantedSheet {
    let quota = match license.annual_quota_kg {
        Some(kg) => Line::plain(format!("{} kg", grouped(kg))),
        None => Line::both(Bilingual::t("papers-no-quota")),
    };
    let mut boxes = holder("papers-exporter", &license.holder);
    boxes.extend([
        BoxView::new("", "papers-eic", 4).text(&license.eic_number),
        BoxView::new("", "papers-competence", 4).text(&license.competence_number),
        BoxView::new("", "papers-quota", 4).line(quota),
        BoxView::new("", "papers-coffee-types", 12)
            .line(Line::both(in_one_line(&license.coffee_types, "papers-all-coffees"))),
        BoxView::new("", "papers-origins", 12).line(Line::both(in_one_line(&license.origins, "papers-all-regions"))),
    ]);
    sheet("papers-license-title", &license.grant, boxes, "papers-conditions")
}

pub(super) fn laboratory(certificate: &LaboratorySnapshot) -> GrantedSheet {
    let mut boxes = vec![
        BoxView::new("", "papers-laboratory", 6)
            .text(&certificate.name)
            .line(Line::plain(&certificate.address).small()),
        inspected(certificate.inspected_on, 6)
            .line(Line::plain(certificate.inspector.clone().unwrap_or_default()).label("papers-inspector").small()),
        BoxView::new("", "papers-facilities", 12).ticks(
            None,
            vec![
                Tick::new("papers-facility-roasting", certificate.has_roasting),
                Tick::new("papers-facility-cupping", certificate.has_cupping_room),
                Tick::new("papers-facility-samples", certificate.has_sample_storage),
            ],
        ),
    ];
    if !certificate.equipment.is_empty() {
        let equipment = Line::plain(certificate.equipment.join(", ")).small();
        boxes.push(BoxView::new("", "papers-equipment", 12).line(equipment));
    }
    boxes.extend(holder("papers-owner", &certificate.holder));
    sheet("papers-laboratory-title", &certificate.grant, boxes, "papers-duties")
}

pub(super) fn taster(certificate: &TasterSnapshot) -> GrantedSheet {
    let born = certificate.born_on.map(DayView::line).unwrap_or_default();
    let mut boxes = vec![
        BoxView::new("", "papers-taster", 6)
            .text(&certificate.name)
            .line(Line::both(certificate.qualification.clone()).label("papers-qualification").small())
            .line(Line::plain(&certificate.proficiency_number).label("papers-proficiency-number").small()),
        BoxView::new("", "papers-born", 3).line(born),
        BoxView::new("", "papers-national-id", 3).text(certificate.national_id.clone().unwrap_or_default()),
        BoxView::new("", "papers-employed-since", 6).line(DayView::line(certificate.employed_since)),
        BoxView::new("", "papers-exclusive", 6).ticks(None, yes_or_no(certificate.is_exclusive)),
    ];
    boxes.extend(holder("papers-employer", &certificate.holder));
    sheet("papers-taster-title", &certificate.grant, boxes, "papers-duties")
}

fn sheet(title_id: &str, grant: &GrantPart, boxes: Vec<BoxView>, terms_id: &str) -> GrantedSheet {
    let written = boxes.iter().flat_map(|b| &b.lines).map(|line| line.text.en.chars().count()).sum::<usize>();
    GrantedSheet {
        is_dense: grant.terms.len() > 8 || written > 700,
        title: Bilingual::t(title_id),
        validity: Some((DayView::of(grant.valid_from), DayView::of(grant.valid_until))),
        boxes,
        statement: grant.statement.clone(),
        terms_caption: Bilingual::t(terms_id),
        terms: grant.terms.clone(),
        signature: SignatureView {
            name: grant.signatory.name.clone(),
            title: grant.signatory.title.clone(),
            organization: grant.signatory.organization.clone(),
            place: None,
            day: DayView::of(eat_date(grant.issued_at)),
        },
    }
}

/// The firm, and how to reach it.
fn holder(caption_id: &str, holder: &HolderPart) -> Vec<BoxView> {
    vec![
        BoxView::new("", caption_id, 6)
            .text(&holder.name)
            .line(Line::both(holder.business_type.clone()).label("papers-business-type").small())
            .line(Line::plain(&holder.tin).label("papers-tin").small())
            .line(Line::plain(&holder.registration_number).label("papers-registration").small()),
        BoxView::new("", "papers-office", 6)
            .line(Line::plain(&holder.address).small())
            .line(Line::plain(&holder.contact_person).label("papers-contact").small())
            .line(Line::plain(&holder.phone).label("papers-phone").small())
            .line(Line::plain(&holder.email).label("papers-email").small()),
    ]
}

fn inspected(on: Option<chrono::NaiveDate>, columns: u8) -> BoxView {
    BoxView::new("", "papers-inspected-on", columns).line(on.map(DayView::line).unwrap_or_default())
}

fn yes_or_no(yes: bool) -> Vec<Tick> {
    vec![Tick::new("papers-yes", yes), Tick::new("papers-no", !yes)]
}
