//! What of a contract may change, who has to agree again, and what the exports that run under it take over. Pure: one
//! table, from which the page says beforehand what follows and by which the service takes the approval out of force.
//!
//! The authority approves price, coffee, quantity and terms; exports keep what they were requested with until their
//! exporter takes the contract's present terms over, with the consequences of `exports::revisions`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::model::{Contract, Terms};
use crate::codes::coded_enum;
use crate::review::Refusal;

coded_enum! {
    /// What of a contract can change.
    Subject {
        /// Who buys.
        Buyer = "buyer",
        /// Which coffee: type, processing, origin.
        Coffee = "coffee",
        /// The grade.
        Grade = "grade",
        /// The weight and its tolerance.
        Quantity = "quantity",
        /// Price, currency, value.
        Price = "price",
        /// How and when it is paid.
        Payment = "payment",
        /// Term of delivery, place, transport.
        Delivery = "delivery",
        /// Where it is shipped from and to.
        Ports = "ports",
        /// When it is shipped and delivered.
        Shipment = "shipment",
        /// Harvest, packaging, standard of quality.
        Quality = "quality",
        /// Papers that the buyer asks for.
        PapersAsked = "papers-asked",
        /// Day of the deal, conditions, arbitration, commission, mark.
        Conditions = "conditions",
    }
}

/// Each subject with whether the authority has to agree again, and whether running exports take it over when their exporter
/// says so.
#[rustfmt::skip]
pub const FOLLOWS: &[(Subject, bool, bool)] = &[
    // subject            agreed again  exports follow
    (Subject::Buyer,       true,         true),
    (Subject::Coffee,      true,         false),
    (Subject::Grade,       true,         true),
    (Subject::Quantity,    true,         false),
    (Subject::Price,       true,         true),
    (Subject::Payment,     true,         true),
    (Subject::Delivery,    true,         true),
    // An export has ports of its own.
    (Subject::Ports,       false,        false),
    (Subject::Shipment,    true,         false),
    (Subject::Quality,     false,        false),
    (Subject::PapersAsked, false,        true),
    (Subject::Conditions,  false,        false),
];

/// Whether the authority has to agree again when `subject` changes.
#[must_use]
pub fn is_agreed_again(subject: Subject) -> bool {
    FOLLOWS.iter().any(|(listed, again, _)| *listed == subject && *again)
}

/// Whether running exports take a change of `subject` over when their exporter says so.
#[must_use]
pub fn do_exports_follow(subject: Subject) -> bool {
    FOLLOWS.iter().any(|(listed, _, follow)| *listed == subject && *follow)
}

/// A change: old and new, under the label of its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// The field: `quantity`.
    pub field: String,
    /// What stood there.
    pub old: String,
    /// What stands there now.
    pub new: String,
}

/// What a contract says, field by field.
fn lines(terms: &Terms) -> Vec<(Subject, &'static str, String)> {
    let figure = |value: Decimal| value.normalize().to_string();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<chrono::NaiveDate>| value.map(|day| day.to_string()).unwrap_or_default();
    use Subject as S;
    vec![
        (S::Buyer, "buyer", format!("{}, {}", terms.buyer.name, terms.buyer.country)),
        (S::Buyer, "buyer_address", text(&terms.buyer.address)),
        (S::Buyer, "buyer_email", text(&terms.buyer.email)),
        (S::Coffee, "coffee_type", terms.coffee_type.clone()),
        (S::Coffee, "origin_region", text(&terms.origin_region)),
        (S::Coffee, "processing_method", text(&terms.processing_method)),
        (S::Grade, "grade", terms.grade.clone()),
        (S::Quantity, "quantity", figure(terms.quantity)),
        (S::Quantity, "tolerance_pct", figure(terms.tolerance_pct)),
        (S::Price, "currency", terms.currency.clone()),
        (S::Price, "price_unit", terms.price_unit.code().to_owned()),
        (S::Price, "price_quoted", figure(terms.price_quoted)),
        (S::Price, "price_basis", terms.price_basis.code().to_owned()),
        (S::Price, "differential", terms.differential.map(figure).unwrap_or_default()),
        (S::Price, "basis_month", text(&terms.basis_month)),
        (S::Price, "contract_value", figure(terms.contract_value)),
        (S::Payment, "payment_method", terms.payment_method.clone()),
        (S::Payment, "payment_terms", text(&terms.payment_terms)),
        (S::Delivery, "incoterm", terms.incoterm.clone()),
        (S::Delivery, "named_place", text(&terms.named_place)),
        (S::Delivery, "transport_mode", terms.transport_mode.clone()),
        (S::Ports, "port_of_loading", text(&terms.port_of_loading)),
        (S::Ports, "port_of_discharge", text(&terms.port_of_discharge)),
        (S::Shipment, "shipment_month", day(terms.shipment_month)),
        (S::Shipment, "delivery_date", day(terms.delivery_date)),
        (S::Quality, "crop_year", text(&terms.crop_year)),
        (S::Quality, "packaging", text(&terms.packaging)),
        (S::Quality, "quality_standard", text(&terms.quality_standard)),
        (S::PapersAsked, "requested_documents", terms.requested_documents.join(", ")),
        (S::Conditions, "deal_date", day(terms.deal_date)),
        (S::Conditions, "ico_mark_requested", if terms.ico_mark_requested { "+".to_owned() } else { "–".to_owned() }),
        (S::Conditions, "governing_rules", text(&terms.governing_rules)),
        (S::Conditions, "arbitration", text(&terms.arbitration)),
        (S::Conditions, "commission_pct", terms.commission_pct.map(figure).unwrap_or_default()),
    ]
}

/// How two versions of a contract differ, in the order of the form.
#[must_use]
pub fn differences(old: &Terms, new: &Terms) -> Vec<Change> {
    lines(old)
        .into_iter()
        .zip(lines(new))
        .filter(|((_, _, old), (_, _, new))| old != new)
        .map(|((subject, field, old), (_, _, new))| Change { subject, field: field.to_owned(), old, new })
        .collect()
}

/// The act that the changes are: something that has to be agreed to again, or a correction.
#[must_use]
pub fn act_of(changes: &[Change]) -> &'static str {
    if changes.iter().any(|change| is_agreed_again(change.subject)) { "amend" } else { "correct" }
}

/// Whether the changes put the price to the test of another week.
#[must_use]
pub fn is_priced_anew(changes: &[Change]) -> bool {
    changes.iter().any(|change| matches!(change.subject, Subject::Price | Subject::Coffee | Subject::Grade))
}

/// What stands against changing `contract` into `new`: less than exports have taken of it, another coffee than they are.
#[must_use]
pub fn against_change(contract: &Contract, new: &Terms, changes: &[Change]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if changes.is_empty() {
        refusals.push(Refusal::rule("contract-refusal-no-change", Vec::new()));
    }
    let limit = new.quantity * (Decimal::ONE + new.tolerance_pct / Decimal::ONE_HUNDRED);
    if contract.reserved_kg > limit {
        let kg = crate::quantities::grouped(contract.reserved_kg.normalize());
        refusals.push(Refusal::rule("contract-refusal-reserved", vec![("kg", kg)]));
    }
    let is_another_coffee =
        changes.iter().any(|change| matches!(change.field.as_str(), "coffee_type" | "processing_method"));
    if is_another_coffee && contract.reserved_kg > Decimal::ZERO {
        refusals.push(Refusal::rule("contract-refusal-coffee-taken", Vec::new()));
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::super::form::tests::usual;
    use super::*;
    use crate::dec;

    #[test]
    fn every_subject_is_in_the_table_once() {
        let listed: Vec<Subject> = FOLLOWS.iter().map(|(subject, _, _)| *subject).collect();
        assert_eq!(listed, Subject::ALL);
    }

    #[test]
    fn a_lower_price_has_to_be_agreed_to_again_and_a_commission_has_not() {
        let old = usual();
        let cheaper = Terms { price_quoted: dec!(400), price_per_kg: dec!(8.818490), ..old.clone() };
        let changes = differences(&old, &cheaper);
        assert_eq!(changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>(), ["price_quoted"]);
        assert_eq!((act_of(&changes), is_priced_anew(&changes)), ("amend", true));
        let paid = Terms { commission_pct: Some(dec!(1.5)), ..old.clone() };
        let changes = differences(&old, &paid);
        assert_eq!((changes[0].old.as_str(), changes[0].new.as_str()), ("", "1.5"));
        assert_eq!((act_of(&changes), is_priced_anew(&changes)), ("correct", false));
        assert_eq!(differences(&old, &old), []);
    }

    #[test]
    fn every_field_of_a_contract_is_compared() {
        let old = usual();
        let other = Terms {
            buyer: super::super::model::BuyerTerms {
                name: "X".into(),
                country: "BE".into(),
                address: Some("A".into()),
                email: Some("E".into()),
                ..Default::default()
            },
            deal_date: None,
            coffee_type: "Guji".into(),
            origin_region: Some("Oromia".into()),
            processing_method: Some("HONEY".into()),
            grade: "1".into(),
            crop_year: None,
            quantity: dec!(1),
            tolerance_pct: dec!(0),
            currency: "EUR".into(),
            price_unit: super::super::model::PriceUnit::Kilogram,
            price_quoted: dec!(1),
            price_per_kg: dec!(1),
            price_basis: super::super::model::PriceBasis::Differential,
            differential: Some(dec!(1)),
            basis_month: Some("KCZ26".into()),
            contract_value: dec!(1),
            payment_method: "CAD".into(),
            payment_terms: Some("30 days".into()),
            incoterm: "FCA".into(),
            named_place: Some("Addis Ababa".into()),
            transport_mode: "AIR".into(),
            port_of_loading: Some("ETADD".into()),
            port_of_discharge: Some("DEHAM".into()),
            shipment_month: None,
            delivery_date: Some("2027-01-01".parse().unwrap()),
            packaging: Some("BULK".into()),
            quality_standard: Some("Screen 15".into()),
            requested_documents: Vec::new(),
            ico_mark_requested: true,
            governing_rules: Some("GCA".into()),
            arbitration: Some("London".into()),
            commission_pct: Some(dec!(1)),
        };
        assert_eq!(differences(&old, &other).len(), lines(&old).len());
    }
}
