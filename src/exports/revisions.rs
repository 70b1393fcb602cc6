//! What of an export may change while it runs, and which approvals no longer hold then. Pure: one table, from which the
//! page says beforehand who has to agree again and by which the service takes the approvals out of force.
//!
//! An approval is undone when what it was given for is no longer so: the bank compared parties, amount, Incoterm and
//! description, the National Bank approved an amount through a bank, the permit names coffee, lots, ports and weight,
//! the booking is one carrier's, and the customs declaration lists permits, weight and containers.

use super::model::ApprovalKind as K;
use crate::codes::coded_enum;

coded_enum! {
    /// What of an export can change.
    Subject {
        /// The net weight, and with it the value.
        Quantity = "quantity",
        /// Which lots, or how much of each.
        Lots = "lots",
        /// The weight of a bag, and with it their number.
        Packing = "packing",
        /// What the contract says of buyer, destination, price, payment, delivery and transport.
        Terms = "terms",
        /// The grade that the contract asks for.
        Grade = "grade",
        /// The exporter's bank.
        Bank = "bank",
        /// The shipping line.
        Carrier = "carrier",
        /// Port of loading or of discharge.
        Ports = "ports",
        /// Vessel, voyage, booking and dates, by the same carrier.
        Vessel = "vessel",
        /// Which containers.
        Containers = "containers",
        /// Their seals.
        Seals = "seals",
        /// Papers that the buyer asks for beyond the rule.
        PapersAsked = "papers-asked",
        /// Who is to be told of the arrival (box 2 of the ICO form).
        NotifyAddress = "notify-address",
        /// The exporter's own reference.
        Reference = "reference",
    }
}

/// Each subject with the approvals that a change of it undoes, in the order of the walk; the others are only told.
///
/// What rests on an approval goes with it, so that each list is whole by itself; a test holds it to that.
#[rustfmt::skip]
pub const UNDOES: &[(Subject, &[K])] = &[
    (Subject::Quantity,      &[K::BankCheck, K::Fx, K::Permit, K::Shipment, K::Customs]),
    (Subject::Lots,          &[K::Quality, K::Permit, K::Shipment, K::Customs]),
    (Subject::Packing,       &[K::Permit, K::Shipment, K::Customs]),
    (Subject::Terms,         &[K::BankCheck, K::Fx, K::Permit, K::Shipment, K::Customs]),
    (Subject::Grade,         &[K::BankCheck, K::Fx, K::Quality, K::Permit, K::Shipment, K::Customs]),
    (Subject::Bank,          &[K::BankCheck, K::Fx, K::Customs]),
    (Subject::Carrier,       &[K::Shipment, K::Customs, K::Loading]),
    (Subject::Ports,         &[K::Permit, K::Shipment, K::Customs]),
    // The clearance is of containers and their weight, whichever vessel takes them.
    (Subject::Vessel,        &[]),
    (Subject::Containers,    &[K::Customs]),
    (Subject::Seals,         &[]),
    (Subject::PapersAsked,   &[]),
    (Subject::NotifyAddress, &[]),
    (Subject::Reference,     &[]),
];

/// The approvals that go when the permit's time is over before it was used: booking and clearance rest on it.
pub const WITH_PERMIT: &[K] = &[K::Permit, K::Shipment, K::Customs];

/// The approvals that a change of `subject` undoes.
#[must_use]
pub fn undone_by(subject: Subject) -> &'static [K] {
    UNDOES.iter().find(|(listed, _)| *listed == subject).map_or(&[], |(_, kinds)| *kinds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an approval was given for, among other approvals.
    const RESTS_ON: &[(K, &[K])] = &[
        // The National Bank goes by the bank's check.
        (K::Fx, &[K::BankCheck]),
        // The permit names the grade that was certified.
        (K::Permit, &[K::Quality]),
        (K::Shipment, &[K::Permit]),
        // The declaration lists the bank's permit, the export permit and the containers.
        (K::Customs, &[K::BankCheck, K::Permit, K::Shipment]),
    ];

    #[test]
    fn the_table_has_each_subject_once_and_each_list_in_the_order_of_the_walk() {
        let subjects: Vec<Subject> = UNDOES.iter().map(|(subject, _)| *subject).collect();
        assert_eq!(subjects, Subject::ALL);
        for (subject, kinds) in UNDOES {
            let places: Vec<_> = kinds.iter().map(|kind| K::ALL.iter().position(|one| one == kind)).collect();
            assert!(places.is_sorted(), "{subject}");
            assert_eq!(undone_by(*subject), *kinds);
        }
    }

    #[test]
    fn what_rests_on_an_approval_goes_with_it() {
        for kinds in UNDOES.iter().map(|(_, kinds)| *kinds).chain([WITH_PERMIT]) {
            for (resting, grounds) in RESTS_ON {
                if grounds.iter().any(|ground| kinds.contains(ground)) {
                    assert!(kinds.contains(resting), "{kinds:?} leaves {resting} without its ground");
                }
            }
        }
    }

    /// A cancellation by the exporter ends with the clearance: nothing that is undone may leave a clearance behind it.
    #[test]
    fn no_clearance_outlives_an_approval_before_it() {
        for (subject, kinds) in UNDOES {
            assert!(kinds.is_empty() || kinds.contains(&K::Customs), "{subject}");
        }
    }
}
