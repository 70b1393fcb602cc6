//! Making lots from lots: one into several, several into one. Pure: what may be done, and what comes of it.

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::balance::Balance;
use super::model::{Derivation, Lot, LotStatus, Processing, Source, Verification};
use crate::ids::{InspectionId, LotId};
use crate::quantities::{Grade, grouped};
use crate::workflow::{FieldProblems, Problem};

/// Parts of one lot at most, and lots that go into one.
pub const MOST_PARTS: usize = 8;
/// What is made of what was made, and so on: the bound of every walk through a genealogy.
pub const MOST_GENERATIONS: i16 = 20;
/// The coffee type of a blend of several.
pub const BLEND: &str = "Blend";
/// The region of a blend of several.
pub const SEVERAL_REGIONS: &str = "Several regions";

/// A row of the form: a lot, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share<'a> {
    /// In which row.
    pub row: usize,
    /// The lot; none where the viewer has no such lot.
    pub lot: Option<&'a Lot>,
    /// Kilograms.
    pub kg: Decimal,
}

/// A lot about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// From what, and how much of each.
    pub parents: Vec<(LotId, i16, Decimal)>,
    /// How.
    pub derivation: Derivation,
    /// One more than the highest of its parents.
    pub generation: i16,
    /// What its parents have given.
    pub quantity: Decimal,
    /// How its owner came by it.
    pub source: Source,
    /// Designation.
    pub coffee_type: String,
    /// Region.
    pub origin_region: String,
    /// Processing.
    pub processing: Processing,
    /// Harvest, where its parents have the same.
    pub crop_year: Option<String>,
    /// The worst of its parents'.
    pub preliminary_grade: Option<String>,
    /// Bags, as large as its parents'.
    pub bags: Option<i32>,
    /// The latest of its parents'.
    pub purchase_date: NaiveDate,
    /// Birr for a kilogram, weighed.
    pub purchase_price: Option<Decimal>,
    /// The first of its parents' receipts to run out.
    pub receipt_expires_on: Option<NaiveDate>,
    /// Where it stands.
    pub status: LotStatus,
    /// The inspection that holds for it: a part keeps that of the whole.
    pub inspection: Option<InspectionId>,
}

/// The parts of `parent`, which takes what is asked from what is free and keeps the rest.
///
/// # Errors
/// Every field that asks for what is not there.
pub fn split(parent: &Lot, asked: &[(usize, Decimal)]) -> Result<Vec<Made>, FieldProblems> {
    let mut problems = FieldProblems::default();
    if let Some(problem) = unfit(parent) {
        problems.add("quantity_1", problem);
    }
    let mut balance = parent.balance();
    for (row, kg) in asked {
        match balance.pass_on(*kg) {
            Ok(after) => balance = after,
            Err(short) => problems.add(format!("quantity_{row}"), left(short.left)),
        }
    }
    // The whole of an untouched lot as one part would be the same lot under another number.
    if problems.is_empty()
        && asked.len() == 1
        && balance == (Balance { passed_on: parent.quantity, ..parent.balance() })
    {
        problems.add("quantity_1", refused("lots-problem-no-split"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let is_inspected = parent.inspection.is_some_and(|(_, passed)| passed);
    Ok(asked
        .iter()
        .map(|(_, kg)| Made {
            status: if is_inspected { LotStatus::Inspected } else { LotStatus::InWarehouse },
            inspection: parent.inspection.map(|(id, _)| id),
            ..made(Derivation::Split, &[(parent, *kg)])
        })
        .collect())
}

/// The lot that comes of several: a merge of what is alike keeps its name, a blend of what differs says that it is one.
///
/// # Errors
/// Every field that stands against it.
pub fn combine(derivation: Derivation, shares: &[Share<'_>]) -> Result<Made, FieldProblems> {
    let mut problems = FieldProblems::default();
    let mut parents: Vec<(&Lot, Decimal)> = Vec::new();
    for share in shares {
        let field = format!("lot_id_{}", share.row);
        let Some(lot) = share.lot else {
            problems.add(field, Problem::NotAChoice);
            continue;
        };
        if let Some(problem) = unfit(lot) {
            problems.add(field.clone(), problem);
        }
        if parents.iter().any(|(other, _)| other.id == lot.id) {
            problems.add(field.clone(), refused("lots-problem-twice"));
        }
        if let Some((first, _)) = parents.first() {
            let problem = match derivation {
                Derivation::Merge if !are_alike(first, lot) => Some("lots-problem-not-alike"),
                // The papers name one processing method.
                Derivation::Blend if first.processing != lot.processing => Some("problem-lots-differ"),
                _ => None,
            };
            if let Some(text_id) = problem {
                problems.add(field, refused(text_id));
            }
        }
        if let Err(short) = lot.balance().pass_on(share.kg) {
            problems.add(format!("quantity_{}", share.row), left(short.left));
        }
        parents.push((lot, share.kg));
    }
    if shares.len() < 2 {
        problems.add("lot_id_2", Problem::Missing);
    }
    if problems.is_empty()
        && derivation == Derivation::Blend
        && parents.iter().all(|(lot, _)| parents.first().is_some_and(|(first, _)| are_alike(first, lot)))
    {
        problems.add("derivation", refused("lots-problem-alike"));
    }
    if problems.is_empty() { Ok(made(derivation, &parents)) } else { Err(problems) }
}

/// Whether coffee of both is the same coffee: what a merge may put together under one name.
#[must_use]
pub fn are_alike(one: &Lot, other: &Lot) -> bool {
    one.coffee_type == other.coffee_type
        && one.origin_region == other.origin_region
        && one.processing == other.processing
        && one.crop_year == other.crop_year
        && one.source == other.source
}

/// What stands against making anything of a lot.
fn unfit(lot: &Lot) -> Option<Problem> {
    if lot.verification != Verification::Verified {
        Some(refused("lots-problem-unverified"))
    } else if lot.generation >= MOST_GENERATIONS {
        Some(refused("lots-problem-too-deep"))
    } else {
        None
    }
}

fn refused(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}

fn left(kg: Decimal) -> Problem {
    Problem::Refused { text_id: "problem-lot-left", arguments: vec![("kg", grouped(kg.max(Decimal::ZERO)))] }
}

/// The value that all have, if they have the same.
fn common<T: PartialEq>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values = values.into_iter();
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

fn made(derivation: Derivation, parents: &[(&Lot, Decimal)]) -> Made {
    let lots = || parents.iter().map(|(lot, _)| *lot);
    let quantity: Decimal = parents.iter().map(|(_, kg)| *kg).sum();
    let paid = parents.iter().map(|(lot, kg)| lot.purchase_price.map(|price| price * kg)).sum::<Option<Decimal>>();
    let bags = parents.iter().map(|(lot, kg)| bags_of(lot, *kg)).sum::<Option<i32>>();
    let first = lots().next();
    let worst = lots().map(|lot| lot.preliminary_grade.as_deref().and_then(|grade| grade.parse::<Grade>().ok()));
    Made {
        parents: parents.iter().map(|(lot, kg)| (lot.id, lot.generation, *kg)).collect(),
        derivation,
        generation: lots().map(|lot| lot.generation).max().unwrap_or_default() + 1,
        quantity,
        source: common(lots().map(|lot| lot.source)).unwrap_or(Source::Mixed),
        coffee_type: common(lots().map(|lot| lot.coffee_type.as_str())).unwrap_or(BLEND).to_owned(),
        origin_region: common(lots().map(|lot| lot.origin_region.as_str())).unwrap_or(SEVERAL_REGIONS).to_owned(),
        processing: first.map_or(Processing::Washed, |lot| lot.processing),
        crop_year: common(lots().map(|lot| lot.crop_year.clone())).flatten(),
        preliminary_grade: worst
            .collect::<Option<Vec<Grade>>>()
            .and_then(|grades| grades.into_iter().max())
            .map(|grade| grade.number().map_or_else(|| "UG".to_owned(), |number| number.to_string())),
        bags,
        purchase_date: lots().map(|lot| lot.purchase_date).max().unwrap_or_default(),
        purchase_price: paid
            .filter(|_| !quantity.is_zero())
            .map(|paid| (paid / quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
            .filter(|price| !price.is_zero()),
        receipt_expires_on: lots().filter_map(|lot| lot.receipt_expires_on).min(),
        status: LotStatus::InWarehouse,
        inspection: None,
    }
}

/// How many bags `kg` of the lot are, the last one perhaps not full.
fn bags_of(lot: &Lot, kg: Decimal) -> Option<i32> {
    let bags = Decimal::from(lot.bags?);
    (kg * bags / lot.quantity).ceil().to_i32()
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::lot;
    use super::*;
    use crate::dec;

    fn verified() -> Lot {
        let id = InspectionId::new();
        Lot {
            verification: Verification::Verified,
            status: LotStatus::Inspected,
            inspection: Some((id, true)),
            ..lot()
        }
    }

    fn texts(found: Result<impl std::fmt::Debug, FieldProblems>) -> Vec<(String, &'static str)> {
        found.unwrap_err().0.into_iter().map(|(field, problem)| (field, problem.text_id())).collect()
    }

    fn shares<'a>(lots: &'a [Lot], kg: &[Decimal]) -> Vec<Share<'a>> {
        lots.iter().zip(kg).zip(1..).map(|((lot, kg), row)| Share { row, lot: Some(lot), kg: *kg }).collect()
    }

    #[test]
    fn parts_weigh_what_they_take_and_keep_the_inspection_of_the_whole() {
        let parent = verified();
        let parts = split(&parent, &[(1, dec!(9_600)), (2, dec!(60.5))]).unwrap();
        assert_eq!(parts.iter().map(|part| part.quantity).collect::<Vec<_>>(), [dec!(9_600), dec!(60.5)]);
        assert_eq!(parts.iter().map(|part| part.bags).collect::<Vec<_>>(), [Some(160), Some(2)]);
        for part in &parts {
            assert_eq!((part.inspection, part.status), (parent.inspection.map(|(id, _)| id), LotStatus::Inspected));
            assert_eq!((part.generation, part.derivation, part.source), (1, Derivation::Split, Source::Ecx));
            assert_eq!(part.purchase_price, Some(dec!(900)));
        }
        let failed = Lot { inspection: parent.inspection.map(|(id, _)| (id, false)), ..verified() };
        let part = split(&failed, &[(1, dec!(60))]).unwrap().remove(0);
        assert_eq!((part.status, part.inspection.is_some()), (LotStatus::InWarehouse, true), "a part has failed too");
    }

    #[test]
    fn no_more_is_split_off_than_is_free_and_the_whole_is_no_part() {
        let parent = verified();
        let over = texts(split(&parent, &[(1, dec!(12_000)), (2, dec!(8_000))]));
        assert_eq!(over, [("quantity_2".to_owned(), "problem-lot-left")]);
        assert_eq!(texts(split(&parent, &[(1, dec!(19_200))])), [("quantity_1".to_owned(), "lots-problem-no-split")]);
        let partly = Lot { reserved_kg: dec!(10_000), free_kg: dec!(9_200), ..verified() };
        assert_eq!(split(&partly, &[(1, dec!(9_200))]).unwrap().len(), 1, "the rest is reserved");
        assert_eq!(split(&parent, &[(1, dec!(19_199.999)), (2, dec!(0.001))]).unwrap().len(), 2);
    }

    #[test]
    fn what_is_alike_is_merged_and_what_differs_is_blended() {
        let lots = [verified(), verified()];
        let merged = combine(Derivation::Merge, &shares(&lots, &[dec!(1_000), dec!(200)])).unwrap();
        assert_eq!((merged.quantity, merged.coffee_type.as_str()), (dec!(1_200), "Sidama"));
        assert_eq!((merged.status, merged.inspection), (LotStatus::InWarehouse, None), "it is inspected anew");
        let alike = texts(combine(Derivation::Blend, &shares(&lots, &[dec!(1_000), dec!(200)])));
        assert_eq!(alike, [("derivation".to_owned(), "lots-problem-alike")]);
        for other in [
            Lot { coffee_type: "Guji".to_owned(), ..verified() },
            Lot { origin_region: "Oromia".to_owned(), ..verified() },
            Lot { crop_year: None, ..verified() },
            Lot { source: Source::Union, ..verified() },
        ] {
            let lots = [verified(), other];
            let shares = shares(&lots, &[dec!(600), dec!(600)]);
            let refused = texts(combine(Derivation::Merge, &shares));
            assert_eq!(refused, [("lot_id_2".to_owned(), "lots-problem-not-alike")]);
            assert_eq!(combine(Derivation::Blend, &shares).unwrap().quantity, dec!(1_200));
        }
    }

    #[test]
    fn a_blend_takes_no_name_that_is_not_wholly_its_own() {
        let other = Lot {
            coffee_type: "Guji".to_owned(),
            origin_region: "Oromia".to_owned(),
            crop_year: Some("2024/25".to_owned()),
            source: Source::Union,
            preliminary_grade: Some("4".to_owned()),
            purchase_price: Some(dec!(600)),
            receipt_expires_on: None,
            generation: 3,
            ..verified()
        };
        let lots = [verified(), other];
        let blend = combine(Derivation::Blend, &shares(&lots, &[dec!(600), dec!(1_200)])).unwrap();
        assert_eq!((blend.coffee_type.as_str(), blend.origin_region.as_str()), (BLEND, SEVERAL_REGIONS));
        assert_eq!((blend.crop_year, blend.source, blend.generation), (None, Source::Mixed, 4));
        assert_eq!((blend.preliminary_grade.as_deref(), blend.purchase_price), (Some("4"), Some(dec!(700))));
        assert_eq!(blend.receipt_expires_on, verified().receipt_expires_on);
        let washed = verified();
        let natural = Lot { processing: Processing::Natural, ..verified() };
        let lots = [washed, natural];
        let refused = texts(combine(Derivation::Blend, &shares(&lots, &[dec!(1), dec!(1)])));
        assert_eq!(refused, [("lot_id_2".to_owned(), "problem-lots-differ")]);
    }

    #[test]
    fn what_is_unverified_repeated_or_too_deep_makes_nothing() {
        let deep = Lot { generation: MOST_GENERATIONS, ..verified() };
        for (lot, text) in [(lot(), "lots-problem-unverified"), (deep, "lots-problem-too-deep")] {
            assert_eq!(texts(split(&lot, &[(1, dec!(60))])), [("quantity_1".to_owned(), text)]);
            let lots = [verified(), lot];
            let found = texts(combine(Derivation::Merge, &shares(&lots, &[dec!(1), dec!(1)])));
            assert_eq!(found, [("lot_id_2".to_owned(), text)]);
        }
        let one = verified();
        let twice = [one.clone(), one.clone()];
        let found = texts(combine(Derivation::Merge, &shares(&twice, &[dec!(1), dec!(1)])));
        assert_eq!(found, [("lot_id_2".to_owned(), "lots-problem-twice")]);
        let alone = [one];
        assert_eq!(texts(combine(Derivation::Merge, &shares(&alone, &[dec!(1)])))[0].0, "lot_id_2");
        let stranger = [Share { row: 1, lot: None, kg: dec!(1) }, Share { row: 2, lot: None, kg: dec!(1) }];
        assert_eq!(texts(combine(Derivation::Merge, &stranger)).len(), 2);
    }
}
