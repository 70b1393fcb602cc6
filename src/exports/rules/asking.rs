//! What stands against the coffee that an exporter asks to export: each problem at the field of the form that
//! causes it, with the figure that is left. Pure; under the rows' locks the database holds the balances again,
//! for the case that somebody was quicker.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::Refusal;
use crate::exports::{Applicant, ContractChoice, LotChoice};
use crate::ids::LotId;
use crate::quantities::{Grade, grouped};
use crate::workflow::{FieldProblems, Problem};

/// A lot in the form, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedLot {
    /// In which row of the form.
    pub row: usize,
    /// Which lot.
    pub lot: LotId,
    /// Kilograms of it.
    pub kg: Decimal,
}

/// What is asked for, together.
#[must_use]
pub fn asked_kg(asked: &[AskedLot]) -> Decimal {
    asked.iter().map(|lot| lot.kg).sum()
}

/// What stands against exporting `asked` under `contract`. The lots and the balances are as they would be
/// without this export.
#[must_use]
pub fn against_asking(
    asked: &[AskedLot],
    applicant: &Applicant,
    contract: &ContractChoice,
    lots: &[LotChoice],
) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !applicant.qualified || applicant.license_id.is_none() {
        refusals.push(Refusal::NotQualified);
    }
    let mut problems = FieldProblems::default();
    if contract.status != "APPROVED" {
        problems.add("contract_id", said(&Refusal::ContractNotApproved));
    } else if !applicant.coffee_types.contains(&contract.coffee_type) {
        problems.add("contract_id", said(&Refusal::NotLicensed));
    }
    let mut first: Option<&LotChoice> = None;
    for part in asked {
        let (lot_field, quantity_field) = (format!("lot_id_{}", part.row), format!("quantity_{}", part.row));
        let Some(lot) = lots.iter().find(|lot| lot.lot_id == part.lot) else {
            problems.add(lot_field, Problem::NotAChoice);
            continue;
        };
        if let Some(problem) = against_lot(lot, first.get_or_insert(lot), applicant, contract) {
            problems.add(lot_field, problem);
        }
        if part.kg > lot.free_kg {
            problems.add(quantity_field, left("problem-lot-left", lot.free_kg));
        }
    }
    // A balance that all rows draw on is told at the row that exceeds it.
    for (text_id, limit) in
        [("problem-contract-left", Some(contract.limit_kg)), ("problem-quota-left", applicant.quota_left_kg)]
    {
        let Some(limit) = limit else { continue };
        let mut sum = Decimal::ZERO;
        let exceeding = asked.iter().find(|part| {
            sum += part.kg;
            sum > limit
        });
        if let Some(part) = exceeding {
            let field = format!("quantity_{}", part.row);
            if problems.of(&field).is_none() {
                problems.add(field, left(text_id, limit));
            }
        }
    }
    if !problems.is_empty() {
        refusals.push(Refusal::Invalid(problems));
    }
    refusals
}

fn against_lot(
    lot: &LotChoice,
    first: &LotChoice,
    applicant: &Applicant,
    contract: &ContractChoice,
) -> Option<Problem> {
    let Some(found) = &lot.final_grade else { return Some(said(&Refusal::NotInspected)) };
    if let (Ok(found), Ok(asked)) = (found.parse::<Grade>(), contract.grade.parse::<Grade>())
        && found > asked
    {
        let (found, asked) = (found.to_string(), asked.to_string());
        return Some(said(&Refusal::GradeBelowContract { found, asked }));
    }
    let processed = contract.processing_method.as_ref().is_none_or(|method| *method == lot.processing_method);
    if lot.coffee_type != contract.coffee_type || !processed {
        return Some(said(&Refusal::LotDoesNotMatch));
    }
    // The papers name one processing method for the whole export.
    if lot.processing_method != first.processing_method {
        return Some(Problem::Refused { text_id: "problem-lots-differ", arguments: Vec::new() });
    }
    if !applicant.origins.is_empty() && !applicant.origins.contains(&lot.origin_region) {
        return Some(said(&Refusal::NotLicensed));
    }
    None
}

fn said(refusal: &Refusal) -> Problem {
    Problem::Refused { text_id: refusal.text_id(), arguments: refusal.arguments() }
}

fn left(text_id: &'static str, kg: Decimal) -> Problem {
    Problem::Refused { text_id, arguments: vec![("kg", grouped(kg.max(Decimal::ZERO)))] }
}

/// What so many kilograms are worth at a price for one, in the currency of the price.
#[must_use]
pub fn value_of(price_per_kg: Decimal, kg: Decimal) -> Decimal {
    (price_per_kg * kg).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Bags of `bag_kg` kilograms net that so many kilograms fill, the last perhaps not to the top.
#[must_use]
pub fn bags_of(kg: Decimal, bag_kg: Decimal) -> i32 {
    (kg / bag_kg.max(Decimal::ONE)).ceil().to_i32().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec;
    use crate::ids::{ContractId, ExporterId};

    fn applicant() -> Applicant {
        Applicant {
            exporter_id: ExporterId::new(),
            business_name: "Sample exporter".to_owned(),
            qualified: true,
            license_id: Some(uuid::Uuid::nil()),
            coffee_types: vec!["Sidama".to_owned()],
            origins: Vec::new(),
            bank: None,
            quota_left_kg: Some(dec!(5_000)),
        }
    }

    fn contract() -> ContractChoice {
        ContractChoice {
            contract_id: ContractId::new(),
            contract_number: "SC-2026-000001".to_owned(),
            status: "APPROVED".to_owned(),
            buyer_name: "Sample buyer".to_owned(),
            buyer_country: "DE".to_owned(),
            buyer_address: None,
            buyer_email: None,
            coffee_type: "Sidama".to_owned(),
            processing_method: None,
            grade: "2".to_owned(),
            free_kg: dec!(3_000),
            limit_kg: dec!(3_000),
            currency: "USD".to_owned(),
            price_per_kg: dec!(7.5),
            payment_method: "CAD".to_owned(),
            incoterm: "FOB".to_owned(),
            transport_mode: "SEA".to_owned(),
            port_of_loading: None,
            port_of_discharge: None,
            requested_documents: Vec::new(),
        }
    }

    fn lot(free_kg: Decimal) -> LotChoice {
        LotChoice {
            lot_id: LotId::new(),
            lot_number: "LOT-1".to_owned(),
            status: "INSPECTED".to_owned(),
            coffee_type: "Sidama".to_owned(),
            origin_region: "Sidama".to_owned(),
            processing_method: "WASHED".to_owned(),
            crop_year: None,
            final_grade: Some("2".to_owned()),
            free_kg,
        }
    }

    fn asked(lots: &[LotChoice], kg: &[Decimal]) -> Vec<AskedLot> {
        lots.iter().zip(kg).zip(1..).map(|((lot, kg), row)| AskedLot { row, lot: lot.lot_id, kg: *kg }).collect()
    }

    /// The fields with a problem, and the text of each.
    fn problems(refusals: &[Refusal]) -> Vec<(String, &'static str)> {
        match refusals {
            [] => Vec::new(),
            [Refusal::Invalid(problems)] => problems.0.iter().map(|(f, p)| (f.clone(), p.text_id())).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_there_may_be_asked_for_to_the_last_kilogram() {
        let lots = [lot(dec!(2_000)), lot(dec!(1_000))];
        let asked = asked(&lots, &[dec!(2_000), dec!(1_000)]);
        assert_eq!(against_asking(&asked, &applicant(), &contract(), &lots), []);
    }

    #[test]
    fn too_much_of_a_lot_is_told_at_its_quantity_with_what_is_left() {
        let lots = [lot(dec!(2_000)), lot(dec!(400.5))];
        let asked = asked(&lots, &[dec!(100), dec!(401)]);
        let refusals = against_asking(&asked, &applicant(), &contract(), &lots);
        let Some(Refusal::Invalid(found)) = refusals.first() else { panic!("{refusals:?}") };
        let problem = found.of("quantity_2").unwrap();
        assert_eq!(problem.text_id(), "problem-lot-left");
        assert_eq!(problem.arguments(), [("kg", "400.5".to_owned())]);
        assert_eq!(found.0.len(), 1);
    }

    #[test]
    fn contract_and_quota_are_told_at_the_row_that_exceeds_them() {
        let lots = [lot(dec!(9_000)), lot(dec!(9_000)), lot(dec!(9_000))];
        let asked = asked(&lots, &[dec!(2_000), dec!(2_000), dec!(2_000)]);
        let found = against_asking(&asked, &applicant(), &contract(), &lots);
        let expected =
            [("quantity_2".to_owned(), "problem-contract-left"), ("quantity_3".to_owned(), "problem-quota-left")];
        assert_eq!(problems(&found), expected);
        let unlimited = Applicant { quota_left_kg: None, ..applicant() };
        let wide = ContractChoice { limit_kg: dec!(6_000), ..contract() };
        assert_eq!(against_asking(&asked, &unlimited, &wide, &lots), []);
    }

    #[test]
    fn lots_of_two_processing_methods_make_no_export() {
        let lots = [lot(dec!(900)), LotChoice { processing_method: "NATURAL".to_owned(), ..lot(dec!(900)) }];
        let asked = asked(&lots, &[dec!(600), dec!(600)]);
        let found = against_asking(&asked, &applicant(), &contract(), &lots);
        assert_eq!(problems(&found), [("lot_id_2".to_owned(), "problem-lots-differ")]);
        let natural = ContractChoice { processing_method: Some("NATURAL".to_owned()), ..contract() };
        let found = against_asking(&asked, &applicant(), &natural, &lots);
        assert_eq!(problems(&found)[0], ("lot_id_1".to_owned(), "refusal-lot-does-not-match"));
    }

    #[test]
    fn each_fault_of_a_lot_or_contract_is_told_at_its_field() {
        let plain = lot(dec!(900));
        for (faulty, text) in [
            (LotChoice { final_grade: None, ..plain.clone() }, "refusal-not-inspected"),
            (LotChoice { final_grade: Some("3".to_owned()), ..plain.clone() }, "refusal-grade-below-contract"),
            (LotChoice { coffee_type: "Guji".to_owned(), ..plain.clone() }, "refusal-lot-does-not-match"),
        ] {
            let lots = [faulty];
            let found = against_asking(&asked(&lots, &[dec!(600)]), &applicant(), &contract(), &lots);
            assert_eq!(problems(&found), [("lot_id_1".to_owned(), text)]);
        }
        let lots = [plain];
        let asked = asked(&lots, &[dec!(600)]);
        let closed = ContractChoice { status: "CANCELLED".to_owned(), ..contract() };
        let found = against_asking(&asked, &applicant(), &closed, &lots);
        assert_eq!(problems(&found), [("contract_id".to_owned(), "refusal-contract-not-approved")]);
        let elsewhere = Applicant { origins: vec!["Guji".to_owned()], ..applicant() };
        let found = against_asking(&asked, &elsewhere, &contract(), &lots);
        assert_eq!(problems(&found), [("lot_id_1".to_owned(), "refusal-not-licensed")]);
        let lapsed = Applicant { qualified: false, ..applicant() };
        assert_eq!(against_asking(&asked, &lapsed, &contract(), &lots), [Refusal::NotQualified]);
    }
}
