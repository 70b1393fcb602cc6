//! Who may prepare which paper of the set, and when. Pure; the page and the service ask the same.

use rust_decimal::Decimal;

use super::model::CommercialKind;
use super::record::Record;
use crate::auth::Actor;
use crate::exports::rules::checklist::is_seller;
use crate::workflow::FieldProblems;

/// Why a paper is not prepared.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// There is no such export or paper, or not for this viewer.
    NotFound,
    /// Another firm sells this coffee, or the viewer's role does not include it.
    NotTheSeller,
    /// The export is closed.
    Closed,
    /// What the paper has to say is not on record yet.
    TooEarly(CommercialKind),
    /// The invoice has taken the proforma's place.
    InvoiceIsThere {
        /// Its number.
        number: String,
    },
    /// The contract's price is not the export's any more.
    PriceDiffers {
        /// The contract's.
        contract: String,
        /// The export's.
        export: String,
    },
    /// The seller has named no account at the export's bank.
    NoAccount,
    /// All coffee of the export is on the way.
    AllOnTheWay,
    /// The paper was issued or corrected while the form was open.
    Stale {
        /// The number in force; empty when there is none.
        number: String,
    },
    /// The number was taken a moment ago.
    NumberInUse,
    /// What was typed is not right.
    Invalid(FieldProblems),
}

impl Refusal {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::NotTheSeller => "commercial-not-the-seller",
            Self::Closed => "commercial-closed",
            Self::TooEarly(kind) => match kind {
                CommercialKind::Proforma => "commercial-closed",
                CommercialKind::Invoice => "commercial-early-invoice",
                CommercialKind::PackingList | CommercialKind::WeightCertificate => "commercial-early-containers",
                CommercialKind::ShippingInstruction | CommercialKind::WayBill => "commercial-early-permit",
            },
            Self::InvoiceIsThere { .. } => "commercial-invoice-is-there",
            Self::PriceDiffers { .. } => "commercial-price-differs",
            Self::NoAccount => "commercial-no-account",
            Self::AllOnTheWay => "commercial-all-on-the-way",
            Self::Stale { .. } => "commercial-stale",
            Self::NumberInUse => "refusal-number-in-use",
            Self::Invalid(_) => "commercial-invalid",
        }
    }

    /// The values in its sentence, by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::InvoiceIsThere { number } | Self::Stale { number } => vec![("number", number.clone())],
            Self::PriceDiffers { contract, export } => {
                vec![("contract", contract.clone()), ("export", export.clone())]
            }
            Self::NotFound
            | Self::NotTheSeller
            | Self::Closed
            | Self::TooEarly(_)
            | Self::NoAccount
            | Self::AllOnTheWay
            | Self::NumberInUse
            | Self::Invalid(_) => Vec::new(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

/// What stands against `actor` withdrawing a paper of the export.
#[must_use]
pub fn against_withdrawing(record: &Record, actor: &Actor) -> Option<Refusal> {
    if !is_seller(&record.export, actor) {
        return Some(Refusal::NotTheSeller);
    }
    (!record.export.state.is_open()).then_some(Refusal::Closed)
}

/// What stands against `actor` preparing or correcting the paper of `kind`, the weightiest first.
#[must_use]
pub fn against_preparing(kind: CommercialKind, record: &Record, actor: &Actor) -> Option<Refusal> {
    if let Some(refusal) = against_withdrawing(record, actor) {
        return Some(refusal);
    }
    let has_containers = !record.containers.is_empty() || (!record.is_by_sea() && record.permit.is_some());
    let is_time = match kind {
        CommercialKind::Proforma => true,
        // It names the bank's permit.
        CommercialKind::Invoice => record.bank_permit.is_some(),
        CommercialKind::PackingList | CommercialKind::WeightCertificate => has_containers,
        // Nothing is sent on its way without the authority's permit.
        CommercialKind::ShippingInstruction | CommercialKind::WayBill => record.permit.is_some(),
    };
    if !is_time {
        return Some(Refusal::TooEarly(kind));
    }
    match kind {
        CommercialKind::Proforma => {
            if let Some(invoice) = record.single(CommercialKind::Invoice) {
                return Some(Refusal::InvoiceIsThere { number: invoice.number() });
            }
            against_charging(record)
        }
        CommercialKind::Invoice => against_charging(record),
        CommercialKind::PackingList
        | CommercialKind::ShippingInstruction
        | CommercialKind::WeightCertificate
        | CommercialKind::WayBill => None,
    }
}

/// An invoice charges what the contract says, and says where to pay it.
fn against_charging(record: &Record) -> Option<Refusal> {
    let export = &record.export;
    if record.contract_price_per_kg != export.price_per_kg || record.contract_currency != export.currency {
        let price = |currency: &str, per_kg: Decimal| format!("{currency} {}", per_kg.normalize());
        return Some(Refusal::PriceDiffers {
            contract: price(&record.contract_currency, record.contract_price_per_kg),
            export: price(&export.currency, export.price_per_kg),
        });
    }
    record.accounts.is_empty().then_some(Refusal::NoAccount)
}

/// What of the export no truck carries yet, `besides` the way bill that is being corrected: bags and kilograms of
/// coffee.
#[must_use]
pub fn left_to_carry(record: &Record, besides: Option<crate::ids::PaperId>) -> (i32, Decimal) {
    let carried = record.in_force.iter().filter(|p| p.kind == CommercialKind::WayBill && Some(p.id) != besides);
    carried.fold((record.export.bags, record.export.quantity), |(bags, kg), bill| (bags - bill.bags, kg - bill.net_kg))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{OrganizationKind, Role};
    use crate::certificates::commercial::samples;
    use crate::dec;
    use crate::exports::model::{ExportStatus, Stage, State};
    use crate::ids::OrganizationId;

    fn seller(record: &Record) -> Actor {
        samples::actor(record.export.exporter_organization_id, OrganizationKind::Exporter, Role::Clerk)
    }

    #[test]
    fn only_the_seller_prepares() {
        let record = samples::record();
        for kind in CommercialKind::ALL {
            let other = samples::actor(OrganizationId::new(), OrganizationKind::Exporter, Role::Clerk);
            assert_eq!(against_preparing(*kind, &record, &other), Some(Refusal::NotTheSeller));
            let bank =
                samples::actor(record.export.bank_organization_id, OrganizationKind::CommercialBank, Role::Officer);
            assert_eq!(against_preparing(*kind, &record, &bank), Some(Refusal::NotTheSeller));
            let admin =
                samples::actor(record.export.exporter_organization_id, OrganizationKind::Exporter, Role::OrgAdmin);
            assert_eq!(against_preparing(*kind, &record, &admin), Some(Refusal::NotTheSeller));
        }
    }

    #[test]
    fn each_waits_for_what_it_has_to_say() {
        let mut record = samples::record();
        record.in_force.clear();
        let actor = seller(&record);
        let early = |record: &Record| -> Vec<CommercialKind> {
            let is_early =
                |kind: &&CommercialKind| against_preparing(**kind, record, &actor) == Some(Refusal::TooEarly(**kind));
            CommercialKind::ALL.iter().filter(is_early).copied().collect()
        };
        use CommercialKind as K;
        assert_eq!(early(&record), []);
        record.containers.clear();
        assert_eq!(early(&record), [K::PackingList, K::WeightCertificate]);
        record.export.transport_mode = "AIR".to_owned();
        assert_eq!(early(&record), [], "by air there are none");
        record.permit = None;
        assert_eq!(early(&record), [K::PackingList, K::ShippingInstruction, K::WeightCertificate, K::WayBill]);
        record.bank_permit = None;
        assert_eq!(
            early(&record),
            [K::Invoice, K::PackingList, K::ShippingInstruction, K::WeightCertificate, K::WayBill]
        );
    }

    #[test]
    fn nothing_is_prepared_of_a_closed_export() {
        let mut record = samples::record();
        record.export.state = State::new(ExportStatus::Completed, Stage::Closed);
        for kind in CommercialKind::ALL {
            assert_eq!(against_preparing(*kind, &record, &seller(&record)), Some(Refusal::Closed));
        }
        assert_eq!(against_withdrawing(&record, &seller(&record)), Some(Refusal::Closed));
    }

    #[test]
    fn an_invoice_charges_what_the_contract_says_and_names_an_account() {
        let mut record = samples::record();
        record.in_force.clear();
        let actor = seller(&record);
        assert_eq!(against_preparing(CommercialKind::Invoice, &record, &actor), None);
        record.accounts.clear();
        assert_eq!(against_preparing(CommercialKind::Invoice, &record, &actor), Some(Refusal::NoAccount));
        assert_eq!(against_preparing(CommercialKind::PackingList, &record, &actor), None);
        record.contract_price_per_kg += dec!(0.000001);
        for kind in [CommercialKind::Proforma, CommercialKind::Invoice] {
            let refusal = against_preparing(kind, &record, &actor).unwrap();
            assert_eq!(refusal.text_id(), "commercial-price-differs");
            assert_eq!(refusal.arguments()[0].1, "USD 11.3979");
        }
    }

    #[test]
    fn the_invoice_takes_the_proformas_place() {
        let mut record = samples::record();
        record.in_force = vec![samples::in_force(CommercialKind::Invoice, 2)];
        let refusal = against_preparing(CommercialKind::Proforma, &record, &seller(&record)).unwrap();
        assert_eq!(refusal, Refusal::InvoiceIsThere { number: "INV-1402-2026-0007-R2".to_owned() });
        assert_eq!(against_preparing(CommercialKind::Invoice, &record, &seller(&record)), None, "to correct it");
    }

    #[test]
    fn trucks_carry_what_others_do_not() {
        let mut record = samples::record();
        let (first, second) =
            (samples::in_force(CommercialKind::WayBill, 1), samples::in_force(CommercialKind::WayBill, 1));
        record.in_force = vec![first.clone(), samples::in_force(CommercialKind::PackingList, 1), second];
        assert_eq!(left_to_carry(&record, None), (120, dec!(7200)));
        assert_eq!(left_to_carry(&record, Some(first.id)), (220, dec!(13200)));
    }
}
