//! What reads otherwise after an amendment, each with its subject and in words that the history keeps.

use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::exports::FieldChange;
use crate::exports::revisions::Subject;
use crate::exports::rules::Difference;
use crate::exports::store::amend::Trade;
use crate::exports::store::request::{self, LotChoice};
use crate::ids::{LotId, OrganizationId};
use crate::quantities::{grouped, grouped_fixed};

/// Lots, each with the share that an export has of it.
pub(super) type Shares = [(LotId, Decimal)];

/// The differences of two versions of an export's trade.
#[derive(Debug, Default)]
pub(super) struct Differences(Vec<Difference>);

impl Differences {
    fn note(&mut self, subject: Subject, label: &str, old: String, new: String) {
        if old != new {
            self.0.push(Difference { subject, change: FieldChange { label: label.to_owned(), old, new } });
        }
    }

    /// All of them, but for the names of bank and carrier.
    pub(super) fn of(old: &Trade, new: &Trade, shares: (&Shares, &Shares), lots: &[LotChoice]) -> Self {
        let mut found = Self::default();
        found.coffee(old, new, shares, lots);
        found.terms(old, new);
        found.note(Subject::Ports, "field-port-of-loading", old.port_of_loading.clone(), new.port_of_loading.clone());
        found.note(
            Subject::Ports,
            "field-port-of-discharge",
            old.port_of_discharge.clone(),
            new.port_of_discharge.clone(),
        );
        found.note(
            Subject::NotifyAddress,
            "field-notify-address",
            text(old.notify_address.as_ref()),
            text(new.notify_address.as_ref()),
        );
        found.note(
            Subject::Reference,
            "field-exporter-reference",
            text(old.exporter_reference.as_ref()),
            text(new.exporter_reference.as_ref()),
        );
        found
    }

    fn coffee(&mut self, old: &Trade, new: &Trade, (before, after): (&Shares, &Shares), lots: &[LotChoice]) {
        let kg = |quantity: Decimal| format!("{} kg", grouped(quantity));
        self.note(Subject::Quantity, "fact-quantity", kg(old.quantity), kg(new.quantity));
        let ids = |shares: &Shares| shares.iter().map(|(lot, _)| *lot).collect::<Vec<_>>();
        // The same lots in other parts are the same coffee; the permit lists the parts.
        let subject = if ids(before) == ids(after) { Subject::Packing } else { Subject::Lots };
        let in_words = |shares: &Shares| {
            let number = |id: LotId| lots.iter().find(|lot| lot.lot_id == id).map(|lot| lot.lot_number.clone());
            let parts: Vec<String> = shares
                .iter()
                .map(|(lot, part)| format!("{} {}", number(*lot).unwrap_or_default(), kg(*part)))
                .collect();
            parts.join(", ")
        };
        self.note(subject, "fact-lot", in_words(before), in_words(after));
        let bag = |kg: Decimal| format!("{} kg", kg.normalize());
        self.note(Subject::Packing, "field-bag-kg", bag(old.bag_kg), bag(new.bag_kg));
    }

    fn terms(&mut self, old: &Trade, new: &Trade) {
        let buyer = |trade: &Trade| {
            let parts = [Some(trade.buyer_name.as_str()), trade.buyer_address.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let price = |trade: &Trade| format!("{} {}", trade.currency, trade.price_per_kg.normalize());
        let value = |trade: &Trade| format!("{} {}", trade.currency, grouped_fixed(trade.estimated_value, 2));
        for (label, old, new) in [
            ("fact-buyer", buyer(old), buyer(new)),
            ("fact-destination", old.buyer_country.clone(), new.buyer_country.clone()),
            ("field-price", price(old), price(new)),
            ("field-payment-method", old.payment_method.clone(), new.payment_method.clone()),
            ("field-incoterm", old.incoterm.clone(), new.incoterm.clone()),
            ("field-transport-mode", old.transport_mode.clone(), new.transport_mode.clone()),
        ] {
            self.note(Subject::Terms, label, old, new);
        }
        self.note(Subject::Grade, "field-grade", old.grade.clone(), new.grade.clone());
        let papers = |trade: &Trade| text(Some(&trade.requested_documents.join(", ")));
        self.note(Subject::PapersAsked, "field-papers-asked", papers(old), papers(new));
        // It follows from weight and price, whichever of them changed.
        let subject = if price(old) == price(new) { Subject::Quantity } else { Subject::Terms };
        self.note(subject, "fact-value", value(old), value(new));
    }

    /// Bank and carrier, by the names under which the history keeps them.
    pub(super) async fn and_parties(
        mut self,
        connection: &mut PgConnection,
        old: &Trade,
        new: &Trade,
    ) -> sqlx::Result<Vec<Difference>> {
        for (subject, label, kind, old, new) in [
            (Subject::Bank, "field-bank-id", "COMMERCIAL_BANK", old.bank, new.bank),
            (Subject::Carrier, "field-shipping-line-id", "SHIPPING_LINE", old.carrier, new.carrier),
        ] {
            if old != new {
                let named = request::list_organizations(connection, kind).await?;
                let name = |id: OrganizationId| {
                    let id = id.to_string();
                    named.iter().find(|one| one.value == id).map_or(id, |one| one.label.clone())
                };
                self.note(subject, label, name(old), name(new));
            }
        }
        Ok(self.0)
    }
}

/// What a field says that may be empty.
fn text(value: Option<&String>) -> String {
    value.filter(|value| !value.is_empty()).cloned().unwrap_or_else(|| "–".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec;

    fn trade() -> Trade {
        Trade {
            bank: OrganizationId::new(),
            carrier: OrganizationId::new(),
            port_of_loading: "DJJIB".to_owned(),
            port_of_discharge: "DEHAM".to_owned(),
            notify_address: None,
            exporter_reference: None,
            quantity: dec!(600),
            bags: 10,
            bag_kg: dec!(60),
            currency: "USD".to_owned(),
            price_per_kg: dec!(7.5),
            estimated_value: dec!(4500),
            origin_region: "Sidama".to_owned(),
            processing_method: "WASHED".to_owned(),
            crop_year: None,
            grade: "2".to_owned(),
            incoterm: "FOB".to_owned(),
            payment_method: "CAD".to_owned(),
            transport_mode: "SEA".to_owned(),
            buyer_name: "Sample buyer".to_owned(),
            buyer_country: "DE".to_owned(),
            buyer_address: None,
            buyer_email: None,
            requested_documents: Vec::new(),
        }
    }

    fn subjects(old: &Trade, new: &Trade, shares: (&Shares, &Shares)) -> Vec<Subject> {
        Differences::of(old, new, shares, &[]).0.into_iter().map(|one| one.subject).collect()
    }

    #[test]
    fn the_same_coffee_in_other_parts_is_not_another_coffee() {
        let old = trade();
        let (one, other) = (LotId::new(), LotId::new());
        let before = [(one, dec!(300)), (other, dec!(300))];
        assert_eq!(subjects(&old, &old, (&before, &before)), []);
        let parted = [(one, dec!(200)), (other, dec!(400))];
        assert_eq!(subjects(&old, &old, (&before, &parted)), [Subject::Packing]);
        let fewer = [(one, dec!(600))];
        assert_eq!(subjects(&old, &old, (&before, &fewer)), [Subject::Lots]);
        let less = Trade { quantity: dec!(500), estimated_value: dec!(3750), ..old.clone() };
        let parted = [(one, dec!(200)), (other, dec!(300))];
        assert_eq!(subjects(&old, &less, (&before, &parted)), [Subject::Quantity, Subject::Packing, Subject::Quantity]);
    }

    #[test]
    fn each_field_has_its_subject() {
        let old = trade();
        let price = Trade { price_per_kg: dec!(8), estimated_value: dec!(4800), ..old.clone() };
        assert_eq!(subjects(&old, &price, (&[], &[])), [Subject::Terms, Subject::Terms]);
        for (new, subject) in [
            (Trade { port_of_discharge: "BEANR".to_owned(), ..old.clone() }, Subject::Ports),
            (Trade { notify_address: Some("Scheldt Coffee BV".to_owned()), ..old.clone() }, Subject::NotifyAddress),
            (Trade { exporter_reference: Some("REF-7".to_owned()), ..old.clone() }, Subject::Reference),
            (Trade { bag_kg: dec!(30), bags: 20, ..old.clone() }, Subject::Packing),
            (Trade { grade: "3".to_owned(), ..old.clone() }, Subject::Grade),
            (Trade { incoterm: "CIF".to_owned(), ..old.clone() }, Subject::Terms),
            (Trade { payment_method: "LC".to_owned(), ..old.clone() }, Subject::Terms),
            (Trade { requested_documents: vec!["PHYTOSANITARY".to_owned()], ..old.clone() }, Subject::PapersAsked),
        ] {
            assert_eq!(subjects(&old, &new, (&[], &[])), [subject]);
        }
    }
}
