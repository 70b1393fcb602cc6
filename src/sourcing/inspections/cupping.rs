//! The cup: each taster's form, the panel's mean and its spread. Pure.
//!
//! Three forms: the cup value of 60 points by which coffee is graded in Ethiopia (ECX coffee contracts 2015), and the two
//! forms of the specialty trade, which stand beside the grade and never make it: SCA 2004 and the affective form of the
//! Coffee Value Assessment (2023).

use rust_decimal::Decimal;

use crate::codes::coded_enum;
use crate::dec;

coded_enum! {
    /// A form of the cup.
    CupForm {
        /// Cleanliness, acidity, body, flavour, 15 points each.
        Cup60 = "CUP_60",
        /// The Specialty Coffee Association's form of 2004, of 100 points.
        Sca2004 = "SCA_2004",
        /// The affective form of the Coffee Value Assessment, 58 to 100 points.
        Cva = "CVA",
    }
}

/// One thing that a form asks of a taster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Its name in forms and in the record.
    pub name: &'static str,
    /// The least.
    pub least: Decimal,
    /// The most.
    pub most: Decimal,
    /// Scores go by this step.
    pub step: Decimal,
}

const fn item(name: &'static str, least: Decimal, most: Decimal, step: Decimal) -> Item {
    Item { name, least, most, step }
}

const QUARTER: Decimal = dec!(0.25);

const CUP_60: &[Item] = &[
    item("cleanliness", dec!(0), dec!(15), QUARTER),
    item("acidity", dec!(0), dec!(15), QUARTER),
    item("body", dec!(0), dec!(15), QUARTER),
    item("flavour", dec!(0), dec!(15), QUARTER),
];

/// Seven attributes of 6 to 10, three of five cups with two points each, and the cups with a taint or a fault.
const SCA_2004: &[Item] = &[
    item("fragrance", dec!(6), dec!(10), QUARTER),
    item("flavour", dec!(6), dec!(10), QUARTER),
    item("aftertaste", dec!(6), dec!(10), QUARTER),
    item("acidity", dec!(6), dec!(10), QUARTER),
    item("body", dec!(6), dec!(10), QUARTER),
    item("balance", dec!(6), dec!(10), QUARTER),
    item("overall", dec!(6), dec!(10), QUARTER),
    item("uniformity", dec!(0), dec!(10), dec!(2)),
    item("clean_cup", dec!(0), dec!(10), dec!(2)),
    item("sweetness", dec!(0), dec!(10), dec!(2)),
    item("taint_cups", dec!(0), dec!(5), dec!(1)),
    item("fault_cups", dec!(0), dec!(5), dec!(1)),
];

/// Eight sections, impression 1 to 9; cups that are not uniform, and defective ones.
const CVA: &[Item] = &[
    item("fragrance", dec!(1), dec!(9), dec!(1)),
    item("aroma", dec!(1), dec!(9), dec!(1)),
    item("flavour", dec!(1), dec!(9), dec!(1)),
    item("aftertaste", dec!(1), dec!(9), dec!(1)),
    item("acidity", dec!(1), dec!(9), dec!(1)),
    item("sweetness", dec!(1), dec!(9), dec!(1)),
    item("mouthfeel", dec!(1), dec!(9), dec!(1)),
    item("overall", dec!(1), dec!(9), dec!(1)),
    item("non_uniform_cups", dec!(0), dec!(5), dec!(1)),
    item("defective_cups", dec!(0), dec!(5), dec!(1)),
];

impl CupForm {
    /// What it asks, in the order of the form.
    #[must_use]
    pub const fn items(self) -> &'static [Item] {
        match self {
            Self::Cup60 => CUP_60,
            Self::Sca2004 => SCA_2004,
            Self::Cva => CVA,
        }
    }

    /// The total of one taster's `scores`, which are in the order of [`CupForm::items`].
    #[must_use]
    pub fn total(self, scores: &[Decimal]) -> Decimal {
        let attributes = |count: usize| -> Decimal { scores.iter().take(count).sum() };
        let at = |position: usize| scores.get(position).copied().unwrap_or_default();
        match self {
            Self::Cup60 => attributes(CUP_60.len()),
            Self::Sca2004 => attributes(10) - dec!(2) * at(10) - dec!(4) * at(11),
            Self::Cva => {
                let raw = dec!(0.65625) * attributes(8) + dec!(52.75) - dec!(2) * at(8) - dec!(4) * at(9);
                // To the nearest quarter.
                (raw * dec!(4)).round() / dec!(4)
            }
        }
    }
}

/// One taster's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cup {
    /// Who tasted: a name or initials.
    pub taster: String,
    /// In the order of the form's items.
    pub scores: Vec<Decimal>,
    /// Their total.
    pub total: Decimal,
}

/// What a panel found by one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// The form.
    pub form: CupForm,
    /// One for each taster.
    pub cups: Vec<Cup>,
}

impl Panel {
    /// The panel's score: the mean of its tasters, to a hundredth; nothing without a taster.
    #[must_use]
    pub fn mean(&self) -> Option<Decimal> {
        if self.cups.is_empty() {
            return None;
        }
        let sum: Decimal = self.cups.iter().map(|cup| cup.total).sum();
        Some((sum / Decimal::from(self.cups.len())).round_dp(2))
    }

    /// Between the highest and the lowest taster.
    #[must_use]
    pub fn spread(&self) -> Decimal {
        let totals = || self.cups.iter().map(|cup| cup.total);
        match (totals().max(), totals().min()) {
            (Some(highest), Some(lowest)) => highest - lowest,
            _ => Decimal::ZERO,
        }
    }

    /// The panel's mean of each item, in the order of the form.
    #[must_use]
    pub fn item_means(&self) -> Vec<Decimal> {
        let count = Decimal::from(self.cups.len().max(1));
        (0..self.form.items().len())
            .map(|position| {
                let sum: Decimal = self.cups.iter().filter_map(|cup| cup.scores.get(position)).sum();
                (sum / count).round_dp(2)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cup(form: CupForm, scores: &[Decimal]) -> Cup {
        Cup { taster: "AB".into(), scores: scores.to_vec(), total: form.total(scores) }
    }

    #[test]
    fn the_cup_of_60_is_the_sum_of_its_four_items() {
        // The sample inspection of domain 8.
        assert_eq!(CupForm::Cup60.total(&[dec!(12), dec!(11.5), dec!(11), dec!(11)]), dec!(45.5));
    }

    #[test]
    fn the_form_of_2004_takes_two_points_for_a_taint_and_four_for_a_fault() {
        let mut scores = vec![dec!(8); 7];
        scores.extend([dec!(10), dec!(10), dec!(10), dec!(0), dec!(0)]);
        assert_eq!(CupForm::Sca2004.total(&scores), dec!(86));
        scores[10] = dec!(2);
        scores[11] = dec!(1);
        assert_eq!(CupForm::Sca2004.total(&scores), dec!(78));
        let best: Vec<Decimal> = CupForm::Sca2004.items().iter().take(10).map(|item| item.most).collect();
        assert_eq!(CupForm::Sca2004.total(&best), dec!(100));
    }

    #[test]
    fn the_affective_form_gives_the_published_totals() {
        for (impression, total) in [(dec!(9), dec!(100)), (dec!(1), dec!(58)), (dec!(6), dec!(84.25))] {
            let mut scores = vec![impression; 8];
            scores.extend([Decimal::ZERO, Decimal::ZERO]);
            assert_eq!(CupForm::Cva.total(&scores), total);
        }
        let mut scores = vec![dec!(6); 8];
        scores.extend([dec!(1), dec!(1)]);
        assert_eq!(CupForm::Cva.total(&scores), dec!(78.25));
        scores[0] = dec!(7);
        assert_eq!(CupForm::Cva.total(&scores), dec!(79), "84.90625 - 6 goes to the nearest quarter");
    }

    #[test]
    fn a_panel_has_a_mean_and_a_spread() {
        let form = CupForm::Cup60;
        let cups = vec![
            cup(form, &[dec!(12), dec!(11), dec!(11), dec!(11)]),
            cup(form, &[dec!(12), dec!(12), dec!(12), dec!(12)]),
            cup(form, &[dec!(11), dec!(11), dec!(11), dec!(11)]),
        ];
        let panel = Panel { form, cups };
        assert_eq!((panel.mean(), panel.spread()), (Some(dec!(45.67)), dec!(4)));
        assert_eq!(panel.item_means()[0], dec!(11.67));
        let nobody = Panel { form, cups: Vec::new() };
        assert_eq!((nobody.mean(), nobody.spread()), (None, Decimal::ZERO));
    }
}
