//! Inspections in words. No rule is here.

use rust_decimal::Decimal;

use crate::i18n::Lang;
use crate::quantities::MoistureVerdict;
use crate::sourcing::inspections::findings::Findings;
use crate::sourcing::inspections::store::grade_code;
use crate::sourcing::inspections::verdict::{Failing, Verdict};
use crate::web::components::{Check, Fact, Tone};

/// `33 / 40`.
pub(super) fn of(points: Decimal, most: u32) -> String {
    format!("{} / {most}", points.normalize())
}

/// The verdict as facts.
pub(super) fn verdict(findings: &Findings, verdict: &Verdict, lang: Lang) -> Vec<Fact> {
    let grade = verdict.grade.map_or_else(|| "–".to_owned(), grade_code);
    let mut facts = vec![
        Fact::new(lang.t("inspection-total"), of(verdict.total, 100))
            .note(lang.fill("inspection-total-note", [("raw", of(verdict.raw, 40)), ("cup", of(verdict.cup, 60))])),
        Fact::new(lang.t("inspection-grade"), lang.fill("coffee-grade", [("grade", grade)]))
            .note(lang.fill("inspection-defect-grade-note", [("grade", grade_code(verdict.defect_grade))])),
        Fact::new(lang.t("inspection-panel"), findings.panel.cups.len().to_string())
            .note(lang.fill("inspection-spread-note", [("spread", verdict.spread.normalize().to_string())])),
        Fact::new(lang.t("inspection-moisture"), findings.moisture.to_string()),
        Fact::new(lang.t("inspection-ico-code"), verdict.ico_code.code()),
    ];
    if let Some(panel) = &findings.specialty
        && let Some(mean) = panel.mean()
    {
        facts.push(Fact::new(lang.name_of("cup-form", panel.form.code()), of(mean, 100)));
    }
    facts
}

/// What stands out, red first.
pub(super) fn checks(verdict: &Verdict, lang: Lang) -> Vec<Check> {
    let check = |tone, text| Check { tone, text, href: None };
    let mut checks: Vec<Check> =
        verdict.failing.iter().map(|failing| check(Tone::Bad, self::failing(failing, lang))).collect();
    if verdict.grades_disagree {
        checks.push(check(Tone::Warn, lang.t("inspection-check-grades-disagree")));
    }
    if verdict.spread_is_wide {
        checks.push(check(Tone::Warn, lang.t("inspection-check-spread")));
    }
    match verdict.moisture {
        MoistureVerdict::Dry => checks.push(check(Tone::Warn, lang.t("inspection-check-dry"))),
        MoistureVerdict::Moist => checks.push(check(Tone::Warn, lang.t("inspection-check-moist"))),
        MoistureVerdict::Sound | MoistureVerdict::Refused => {}
    }
    if verdict.passes() {
        checks.push(check(Tone::Good, lang.t("inspection-check-passes")));
    }
    checks
}

fn failing(failing: &Failing, lang: Lang) -> String {
    match failing {
        Failing::Moist { found, most } => lang.fill(
            "inspection-failing-moist",
            [("found", found.normalize().to_string()), ("most", most.normalize().to_string())],
        ),
        Failing::BelowExportGrade => lang.t("inspection-failing-grade"),
        Failing::Other(because) => because.clone(),
    }
}
