//! `GET /inspections/{id}`: a signed inspection, with each taster's scores.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use rust_decimal::Decimal;

use super::words::of;
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::InspectionId;
use crate::sourcing::inspections::cupping::CupForm;
use crate::sourcing::inspections::model::{Inspection, PanelLine};
use crate::sourcing::inspections::service;
use crate::web::chrome::Chrome;
use crate::web::components::{Fact, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::html;

#[derive(Template)]
#[template(path = "sourcing/inspection.html")]
struct InspectionPage {
    chrome: Chrome,
    verdict: Tag,
    superseded: Option<String>,
    groups: Vec<(String, Vec<Fact>)>,
    panels: Vec<PanelTable>,
    /// Screen and share.
    screens: Vec<(String, String)>,
    again: Option<String>,
}

/// The scores of a panel by one form.
struct PanelTable {
    id: String,
    title: String,
    items: Vec<String>,
    /// Taster, scores, total.
    rows: Vec<(String, Vec<String>, String)>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: InspectionId = id.parse().map_err(|_| AppError::NotFound)?;
    let found = service::find_inspection(&state.db, &actor, id).await?.ok_or(AppError::NotFound)?;
    let (inspection, panel, screens) = found;
    let lang = exchange.lang();
    let (verdict, tone) =
        if inspection.passed { ("inspection-passed", Tone::Good) } else { ("inspection-failed", Tone::Bad) };
    html(&InspectionPage {
        chrome: exchange
            .chrome(lang.fill("inspection-title", [("number", inspection.certificate_number.clone())]))
            .wide(),
        verdict: Tag::new(lang.t(verdict), tone),
        superseded: inspection.superseded_by.map(|newer| format!("/inspections/{newer}")),
        groups: groups(&inspection, lang),
        panels: CupForm::ALL.iter().filter_map(|form| table(*form, &panel, lang)).collect(),
        screens: screens
            .into_iter()
            .map(|(screen, share)| {
                (lang.fill("inspection-screen", [("screen", screen.to_string())]), format!("{} %", share.normalize()))
            })
            .collect(),
        again: (actor.may(Permission::InspectLots) && inspection.superseded_by.is_none())
            .then(|| format!("/lots/{}/samples/new", inspection.lot_id)),
    })
}

fn groups(inspection: &Inspection, lang: Lang) -> Vec<(String, Vec<Fact>)> {
    let optional = |label: &str, value: Option<String>| value.map(|value| Fact::new(lang.t(label), value));
    let grade = |code: &str| lang.fill("coffee-grade", [("grade", code)]);
    let percent = |value: Decimal| format!("{} %", value.normalize());
    let mut what = vec![
        Fact::new(lang.t("inspection-lot"), &inspection.lot_number).note(&inspection.owner_name),
        Fact::new(lang.t("inspection-center"), &inspection.center)
            .note(Moment::legal_day(lang, inspection.inspected_on).text),
        Fact::new(lang.t("inspection-signed-by"), &inspection.signed_by)
            .note(Moment::at(lang, inspection.signed_at).text),
    ];
    what.extend(optional("inspection-code", inspection.sample_code.clone()));
    let mut found = vec![
        Fact::new(lang.t("inspection-total"), of(inspection.total_score, 100)).note(lang.fill(
            "inspection-total-note",
            [("raw", of(inspection.raw_score, 40)), ("cup", of(inspection.cup_score, 60))],
        )),
        Fact::new(lang.t("inspection-grade"), grade(&inspection.grade)),
        Fact::new(lang.t("inspection-moisture"), percent(inspection.moisture)),
        Fact::new(lang.t("inspection-primary-defects"), inspection.primary_defects.to_string()),
        Fact::new(lang.t("inspection-secondary-defects"), inspection.secondary_defects.to_string()),
    ];
    found.extend(optional("inspection-defect-grade", inspection.defect_grade.as_deref().map(grade)));
    found.extend(optional(
        "inspection-foreign-matter",
        inspection.foreign_matter.map(|grams| format!("{} g", grams.normalize())),
    ));
    found.extend(optional("inspection-ico-code", inspection.ico_code.clone()));
    found.extend(inspection.sca_score.map(|score| Fact::new(lang.name_of("cup-form", "SCA_2004"), of(score, 100))));
    found.extend(inspection.cva_score.map(|score| Fact::new(lang.name_of("cup-form", "CVA"), of(score, 100))));
    found.extend(optional("inspection-spread", inspection.panel_spread.map(|spread| spread.normalize().to_string())));
    found.extend(optional("inspection-spread-reason", inspection.spread_reason.clone()));
    found.extend(optional("inspection-flavour-notes", inspection.flavour_notes.clone()));
    found.extend(optional("inspection-failed-because", inspection.failed_because.clone()));
    found.extend(optional("inspection-remarks", inspection.remarks.clone()));
    vec![(lang.t("inspection-group-what"), what), (lang.t("inspection-group-result"), found)]
}

fn table(form: CupForm, panel: &[PanelLine], lang: Lang) -> Option<PanelTable> {
    let score = |line: &PanelLine, item: &str| match &line.scores[item] {
        serde_json::Value::String(score) => score.clone(),
        other => other.to_string(),
    };
    let rows: Vec<_> = panel
        .iter()
        .filter(|line| line.form == form.code())
        .map(|line| {
            let scores = form.items().iter().map(|item| score(line, item.name)).collect();
            (line.taster.clone(), scores, line.total.normalize().to_string())
        })
        .collect();
    (!rows.is_empty()).then(|| PanelTable {
        id: format!("panel-{}", form.code().to_ascii_lowercase().replace('_', "-")),
        title: lang.name_of("cup-form", form.code()),
        items: form.items().iter().map(|item| lang.name_of("cup-item", item.name)).collect(),
        rows,
    })
}
