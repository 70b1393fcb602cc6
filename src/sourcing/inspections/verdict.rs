//! What the figures of an inspection mean: points, grade, the cross-check by defects, moisture, the ICO's code, whether it
//! passes. Pure; the page that is checked before signing and the signature ask the same function.

use rust_decimal::Decimal;

use super::findings::Findings;
use crate::codes::coded_enum;
use crate::dec;
use crate::quantities::{Grade, Moisture, MoistureLimits, MoistureVerdict};

/// Green arabica may have so many defects in 300 g (ICO Resolution 420).
const ICO_DEFECTS: u32 = 86;
/// Between these percentages of moisture coffee meets the ICO's target (Resolution 420).
const ICO_MOISTURE: (Decimal, Decimal) = (dec!(8), dec!(12.5));

coded_enum! {
    /// The quality code of ICO Resolution 420.
    IcoQualityCode {
        /// Meets both targets.
        Meets = "S",
        /// Too many defects.
        Defects = "XD",
        /// Moisture outside the target.
        Moisture = "XM",
        /// Both.
        Both = "XDM",
    }
}

/// Figures that the authority sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fewer tasters are no panel.
    pub panel_minimum: usize,
    /// A wider spread between tasters asks for another cupping, in points.
    pub spread: Decimal,
    /// Of moisture.
    pub moisture: MoistureLimits,
}

/// Why coffee does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failing {
    /// Too moist to ship.
    Moist {
        /// Percent found.
        found: Decimal,
        /// Percent allowed.
        most: Decimal,
    },
    /// A grade that is not exported: below the fifth.
    BelowExportGrade,
    /// What the laboratory has found beside the figures.
    Other(String),
}

/// What the figures mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Points of 40.
    pub raw: Decimal,
    /// Points of 60.
    pub cup: Decimal,
    /// Points of 100.
    pub total: Decimal,
    /// By points; at 30 and below as the laboratory says. Nothing when it has to say and has not.
    pub grade: Option<Grade>,
    /// What the count of defects suggests.
    pub defect_grade: Grade,
    /// Whether the two are more than one grade apart.
    pub grades_disagree: bool,
    /// Between the tasters, in points.
    pub spread: Decimal,
    /// Whether that asks for another cupping.
    pub spread_is_wide: bool,
    /// What the moisture means.
    pub moisture: MoistureVerdict,
    /// The ICO's code.
    pub ico_code: IcoQualityCode,
    /// Why it does not pass; empty when it does.
    pub failing: Vec<Failing>,
}

impl Verdict {
    /// Of `findings`, under the figures of the day.
    #[must_use]
    pub fn of(findings: &Findings, limits: &Limits) -> Self {
        let raw: Decimal = findings.raw_items.iter().map(|(_, points)| *points).sum();
        let cup = findings.panel.mean().unwrap_or_default();
        let total = raw + cup;
        let grade = Grade::from_points(total).or(findings.low_grade);
        let defects = findings.primary_defects + findings.secondary_defects;
        let defect_grade = Grade::from_defects(defects);
        let spread = findings.panel.spread();
        let moisture = findings.moisture.judge(&limits.moisture);
        let mut failing = Vec::new();
        if moisture == MoistureVerdict::Refused {
            failing.push(Failing::Moist { found: findings.moisture.value(), most: limits.moisture.refused_above });
        }
        if grade.is_some_and(|grade| grade.number().is_none_or(|number| number > 5)) {
            failing.push(Failing::BelowExportGrade);
        }
        failing.extend(findings.failed_because.clone().map(Failing::Other));
        Self {
            raw,
            cup,
            total,
            grade,
            defect_grade,
            grades_disagree: grade.is_some_and(|grade| grade.disagrees_with(defect_grade)),
            spread,
            spread_is_wide: spread > limits.spread,
            moisture,
            ico_code: ico_code(defects, findings.moisture),
            failing,
        }
    }

    /// Whether it passes.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.failing.is_empty()
    }
}

/// The code of ICO Resolution 420 for arabica.
fn ico_code(defects: u32, moisture: Moisture) -> IcoQualityCode {
    let too_many = defects > ICO_DEFECTS;
    let outside = moisture.value() < ICO_MOISTURE.0 || moisture.value() > ICO_MOISTURE.1;
    match (too_many, outside) {
        (false, false) => IcoQualityCode::Meets,
        (true, false) => IcoQualityCode::Defects,
        (false, true) => IcoQualityCode::Moisture,
        (true, true) => IcoQualityCode::Both,
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::tests::sidama;
    use super::*;

    pub(super) const LIMITS: Limits = Limits { panel_minimum: 3, spread: dec!(3), moisture: MoistureLimits::USUAL };

    #[test]
    fn the_sample_inspection_of_sidama_is_grade_two() {
        let verdict = Verdict::of(&sidama(), &LIMITS);
        assert_eq!((verdict.raw, verdict.cup, verdict.total), (dec!(33), dec!(45.5), dec!(78.5)));
        assert_eq!(verdict.grade.map(|grade| grade.to_string()).as_deref(), Some("G2"));
        assert_eq!(verdict.defect_grade.to_string(), "G2");
        assert!(!verdict.grades_disagree && !verdict.spread_is_wide && verdict.passes());
        assert_eq!(verdict.ico_code, IcoQualityCode::Meets);
    }

    #[test]
    fn what_is_too_moist_does_not_pass_and_what_is_at_the_limit_does() {
        for (moisture, passes, code) in [("12.5", true, "S"), ("12.51", false, "XM"), ("7.9", true, "XM")] {
            let findings = Findings { moisture: moisture.parse().unwrap(), ..sidama() };
            let verdict = Verdict::of(&findings, &LIMITS);
            assert_eq!((verdict.passes(), verdict.ico_code.code()), (passes, code), "{moisture}");
        }
    }

    #[test]
    fn below_the_fifth_grade_the_laboratory_says_which_and_it_is_not_exported() {
        let mut findings = sidama();
        findings.raw_items =
            vec![("primary".into(), dec!(0)), ("secondary".into(), dec!(0)), ("odour".into(), dec!(0))];
        for cup in &mut findings.panel.cups {
            cup.total = dec!(30);
        }
        assert_eq!(Verdict::of(&findings, &LIMITS).grade, None, "30 points: nobody has said which grade");
        findings.low_grade = Some("7".parse().unwrap());
        let verdict = Verdict::of(&findings, &LIMITS);
        assert_eq!(verdict.failing, [Failing::BelowExportGrade]);
        for cup in &mut findings.panel.cups {
            cup.total = dec!(31);
        }
        let verdict = Verdict::of(&findings, &LIMITS);
        assert_eq!(verdict.grade, "5".parse().ok(), "the points decide where they say something");
        assert!(verdict.passes());
    }

    #[test]
    fn defects_cross_check_and_do_not_decide() {
        let findings = Findings { primary_defects: 60, secondary_defects: 27, ..sidama() };
        let verdict = Verdict::of(&findings, &LIMITS);
        assert!(verdict.grades_disagree, "grade 2 by points, 5 by defects");
        assert_eq!((verdict.grade, verdict.ico_code), ("2".parse().ok(), IcoQualityCode::Defects));
        assert!(verdict.passes());
    }

    #[test]
    fn tasters_too_far_apart_ask_for_another_cupping() {
        let mut findings = sidama();
        findings.panel.cups[0].total = dec!(43.5);
        findings.panel.cups[1].total = dec!(46.5);
        assert!(!Verdict::of(&findings, &LIMITS).spread_is_wide, "three points are not more than three");
        findings.panel.cups[1].total = dec!(46.75);
        assert!(Verdict::of(&findings, &LIMITS).spread_is_wide);
    }
}
