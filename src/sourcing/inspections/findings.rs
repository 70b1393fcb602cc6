//! What the laboratory has found in a sample: the form, read into typed values with every problem at its field. Pure.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::cupping::{Cup, CupForm, Panel};
use crate::dec;
use crate::quantities::{Grade, Moisture};
use crate::workflow::{FieldProblems, FieldReader, Problem, Reason};

/// Rows of tasters on the form.
pub const TASTERS: usize = 5;
/// Screens of the size analysis, in 64ths of an inch (ISO 4150).
pub const SCREENS: std::ops::RangeInclusive<u8> = 12..=20;
/// The field that says by which form of the specialty trade the sample was cupped as well.
pub const SPECIALTY_FIELD: &str = "specialty_form";

/// The names of the form: single findings, and the items of each form of the cup by its row.
pub const FIELDS: &[&str] = &[
    "raw_*",
    "primary_defects",
    "secondary_defects",
    "moisture",
    "foreign_matter",
    "cup_60_*",
    "screen_*",
    SPECIALTY_FIELD,
    "sca_2004_*",
    "cva_*",
    "flavour_notes",
    "remarks",
    "low_grade",
    "spread_reason",
    "failed_because",
];

/// An item of the raw form with the most that it may score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawItem {
    /// Its name in forms and in the record.
    pub item: String,
    /// Its name in English and in Amharic.
    pub names: (String, String),
    /// The most.
    pub max_points: Decimal,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Points of the raw form, item by item.
    pub raw_items: Vec<(String, Decimal)>,
    /// Primary defects in the sample of 300 g.
    pub primary_defects: u32,
    /// Secondary defects in it.
    pub secondary_defects: u32,
    /// Foreign matter in it, in grams.
    pub foreign_matter: Option<Decimal>,
    /// Percent.
    pub moisture: Moisture,
    /// Percent of the beans on each screen.
    pub screens: Vec<(u8, Decimal)>,
    /// The cup of 60 points.
    pub panel: Panel,
    /// The same sample by a form of the specialty trade.
    pub specialty: Option<Panel>,
    /// Notes of flavour.
    pub flavour_notes: Option<String>,
    /// What the laboratory adds.
    pub remarks: Option<String>,
    /// The grade below the fifth, which the laboratory decides (6 to 9, or under grade).
    pub low_grade: Option<Grade>,
    /// Why it does not pass although its figures would.
    pub failed_because: Option<String>,
    /// Why it is signed although the tasters are far apart.
    pub spread_reason: Option<String>,
}

impl Findings {
    /// Reads the form.
    ///
    /// # Errors
    /// Every problem, by field.
    pub fn parse(values: &BTreeMap<String, String>, raw_form: &[RawItem]) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let raw_items = raw_form
            .iter()
            .map(|raw| {
                let points = f.decimal(&format!("raw_{}", raw.item), Decimal::ZERO, raw.max_points, 2);
                (raw.item.clone(), points)
            })
            .collect();
        let count = |f: &mut FieldReader<'_>, name: &str| {
            f.decimal(name, Decimal::ZERO, dec!(2000), 0).to_u32().unwrap_or_default()
        };
        let primary_defects = count(&mut f, "primary_defects");
        let secondary_defects = count(&mut f, "secondary_defects");
        let foreign_matter = f.optional_decimal("foreign_matter", Decimal::ZERO, dec!(300), 2);
        let percent = f.decimal("moisture", Decimal::ZERO, Decimal::ONE_HUNDRED, 2);
        let screens = screens(&mut f);
        let panel = panel(&mut f, CupForm::Cup60);
        let specialty = match f.raw(SPECIALTY_FIELD) {
            "" => None,
            code => match CupForm::from_code(code) {
                Some(form @ (CupForm::Sca2004 | CupForm::Cva)) => Some(panel_of(&mut f, form)),
                Some(CupForm::Cup60) | None => {
                    f.problems.add(SPECIALTY_FIELD, Problem::NotAChoice);
                    None
                }
            },
        };
        let flavour_notes = f.optional_text("flavour_notes", 200);
        let remarks = f.optional_text("remarks", 500);
        let low_grade = match f.raw("low_grade") {
            "" => None,
            text => {
                let grade = text.parse::<Grade>().ok().filter(|grade| grade.number().is_none_or(|number| number > 5));
                if grade.is_none() {
                    f.problems.add("low_grade", Problem::NotAChoice);
                }
                grade
            }
        };
        let failed_because = optional_reason(&mut f, "failed_because");
        let spread_reason = optional_reason(&mut f, "spread_reason");
        let moisture = Moisture::try_from(percent);
        let problems = std::mem::take(&mut f.problems);
        match moisture {
            Ok(moisture) if problems.is_empty() => Ok(Self {
                raw_items,
                primary_defects,
                secondary_defects,
                foreign_matter,
                moisture,
                screens,
                panel,
                specialty,
                flavour_notes,
                remarks,
                low_grade,
                failed_because,
                spread_reason,
            }),
            Ok(_) => Err(problems),
            Err(_) => {
                let mut problems = problems;
                problems.add("moisture", Problem::NotANumber);
                Err(problems)
            }
        }
    }

    /// Percent of the beans on screen 15 and above; nothing where no screens were used.
    #[must_use]
    pub fn screen_15_pct(&self) -> Option<Decimal> {
        (!self.screens.is_empty())
            .then(|| self.screens.iter().filter(|(screen, _)| *screen >= 15).map(|(_, share)| *share).sum())
    }
}

/// A reason that may be missing, of 10 to 500 characters where it is given.
fn optional_reason(f: &mut FieldReader<'_>, field: &str) -> Option<String> {
    let typed = f.raw(field);
    if typed.is_empty() {
        return None;
    }
    match Reason::parse(typed) {
        Ok(reason) => Some(reason.as_str().to_owned()),
        Err(problem) => {
            f.problems.add(field, problem);
            None
        }
    }
}

/// The shares on the screens, of which at most the whole lies on all together.
fn screens(f: &mut FieldReader<'_>) -> Vec<(u8, Decimal)> {
    let screens: Vec<(u8, Decimal)> = SCREENS
        .filter_map(|screen| {
            let share = f.optional_decimal(&format!("screen_{screen}"), Decimal::ZERO, Decimal::ONE_HUNDRED, 2)?;
            Some((screen, share))
        })
        .collect();
    let sum: Decimal = screens.iter().map(|(_, share)| *share).sum();
    if sum > Decimal::ONE_HUNDRED {
        f.problems.add(
            format!("screen_{}", SCREENS.start()),
            Problem::Refused {
                text_id: "inspection-problem-screens",
                arguments: vec![("sum", sum.normalize().to_string())],
            },
        );
    }
    screens
}

/// The panel of the cup of 60 points: at least one taster.
fn panel(f: &mut FieldReader<'_>, form: CupForm) -> Panel {
    let panel = panel_of(f, form);
    if panel.cups.is_empty() && f.raw(&field_of(form, "taster", 1)).is_empty() {
        f.problems.add(field_of(form, "taster", 1), Problem::Missing);
    }
    panel
}

/// The rows that name a taster. One that has scores and no name is a problem, not nothing.
fn panel_of(f: &mut FieldReader<'_>, form: CupForm) -> Panel {
    let mut cups = Vec::new();
    for row in 1..=TASTERS {
        let fields: Vec<String> = form.items().iter().map(|item| field_of(form, item.name, row)).collect();
        let name = field_of(form, "taster", row);
        if f.raw(&name).is_empty() && fields.iter().all(|field| f.raw(field).is_empty()) {
            continue;
        }
        let taster = f.text(&name, 2..=80);
        let scores: Vec<Decimal> = form
            .items()
            .iter()
            .zip(&fields)
            .map(|(item, field)| {
                let score = f.decimal(field, item.least, item.most, 2);
                if f.problems.of(field).is_none() && !(score % item.step).is_zero() {
                    let step = item.step.normalize().to_string();
                    let arguments = vec![("step", step)];
                    f.problems.add(field, Problem::Refused { text_id: "inspection-problem-step", arguments });
                }
                score
            })
            .collect();
        let total = form.total(&scores);
        cups.push(Cup { taster, scores, total });
    }
    Panel { form, cups }
}

/// The field of an item in a taster's row.
#[must_use]
pub fn field_of(form: CupForm, item: &str, row: usize) -> String {
    format!("{}_{item}_{row}", form.code().to_ascii_lowercase())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn raw_form() -> Vec<RawItem> {
        [("primary", 15), ("secondary", 15), ("odour", 10)]
            .map(|(item, most)| RawItem {
                item: item.into(),
                names: (item.into(), item.into()),
                max_points: Decimal::from(most),
            })
            .into()
    }

    /// The sample inspection of domain 8.
    pub fn sidama_form() -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = [
            ("raw_primary", "13"),
            ("raw_secondary", "11"),
            ("raw_odour", "9"),
            ("primary_defects", "2"),
            ("secondary_defects", "6"),
            ("moisture", "11.2"),
            ("screen_15", "50"),
            ("screen_16", "38"),
            ("flavour_notes", "floral, citrus"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (row, taster) in [(1, "HG"), (2, "MT"), (3, "AB")] {
            values.insert(field_of(CupForm::Cup60, "taster", row), taster.into());
            for (item, score) in [("cleanliness", "12"), ("acidity", "11.5"), ("body", "11"), ("flavour", "11")] {
                values.insert(field_of(CupForm::Cup60, item, row), score.into());
            }
        }
        values
    }

    pub fn sidama() -> Findings {
        Findings::parse(&sidama_form(), &raw_form()).unwrap()
    }

    fn problem_of(changed: &[(&str, &str)], field: &str) -> Option<Problem> {
        let mut values = sidama_form();
        for (name, value) in changed {
            values.insert((*name).to_owned(), (*value).to_owned());
        }
        Findings::parse(&values, &raw_form()).err().and_then(|problems| problems.of(field).cloned())
    }

    #[test]
    fn the_sample_inspection_is_read() {
        let findings = sidama();
        assert_eq!(findings.panel.mean(), Some(dec!(45.5)));
        assert_eq!(findings.screen_15_pct(), Some(dec!(88)));
        assert_eq!(findings.raw_items[2], ("odour".into(), dec!(9)));
        assert_eq!(findings.specialty, None);
    }

    #[test]
    fn what_is_above_its_item_or_between_its_steps_is_refused() {
        assert!(matches!(problem_of(&[("raw_odour", "10.5")], "raw_odour"), Some(Problem::OutOfRange { .. })));
        let field = "cup_60_body_2";
        assert!(matches!(problem_of(&[(field, "15.25")], field), Some(Problem::OutOfRange { .. })));
        assert!(matches!(problem_of(&[(field, "11.1")], field), Some(Problem::Refused { .. })));
        assert_eq!(problem_of(&[(field, "11.25")], field), None);
        assert!(matches!(problem_of(&[("moisture", "")], "moisture"), Some(Problem::Missing)));
        assert!(matches!(problem_of(&[("primary_defects", "2.5")], "primary_defects"), Some(Problem::TooFine { .. })));
    }

    #[test]
    fn scores_without_a_taster_are_not_forgotten() {
        assert_eq!(problem_of(&[("cup_60_body_4", "11")], "cup_60_taster_4"), Some(Problem::Missing));
        assert_eq!(problem_of(&[("cup_60_taster_4", "DD")], "cup_60_body_4"), Some(Problem::Missing));
    }

    #[test]
    fn more_than_the_whole_does_not_lie_on_the_screens() {
        assert!(matches!(problem_of(&[("screen_17", "12.01")], "screen_12"), Some(Problem::Refused { .. })));
        assert_eq!(problem_of(&[("screen_17", "12")], "screen_12"), None);
    }

    #[test]
    fn a_form_of_the_specialty_trade_is_read_when_it_is_named() {
        let mut values = sidama_form();
        values.insert(SPECIALTY_FIELD.into(), "CVA".into());
        values.insert(field_of(CupForm::Cva, "taster", 1), "HG".into());
        for item in CupForm::Cva.items() {
            let score = if item.name.ends_with("cups") { "0" } else { "6" };
            values.insert(field_of(CupForm::Cva, item.name, 1), score.into());
        }
        let findings = Findings::parse(&values, &raw_form()).unwrap();
        assert_eq!(findings.specialty.and_then(|panel| panel.mean()), Some(dec!(84.25)));
        values.insert(SPECIALTY_FIELD.into(), "CUP_60".into());
        assert!(Findings::parse(&values, &raw_form()).is_err());
    }

    #[test]
    fn a_grade_that_the_points_decide_is_not_the_laboratorys_to_say() {
        assert_eq!(problem_of(&[("low_grade", "5")], "low_grade"), Some(Problem::NotAChoice));
        assert_eq!(problem_of(&[("low_grade", "UG")], "low_grade"), None);
        assert!(matches!(
            problem_of(&[("failed_because", "mouldy")], "failed_because"),
            Some(Problem::TooShort { .. })
        ));
    }
}
