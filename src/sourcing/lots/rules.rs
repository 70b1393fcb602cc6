//! What stands against an act on a lot beyond the table of acts. Pure: the page asks for its buttons, the service asks
//! again under the lock.

use chrono::NaiveDate;

use super::model::Lot;
use crate::review::{Act, Answer, Refusal};

/// What stands against `act` on `lot` as of `today`: a receipt that has run out is not verified, whatever else is right
/// (domain 2.6).
#[must_use]
pub fn against(lot: &Lot, act: &Act, today: NaiveDate) -> Vec<Refusal> {
    match (act.answer, lot.receipt_expires_on) {
        (Answer::Approve, Some(last)) if !lot.is_receipt_good_on(today) => {
            vec![Refusal::rule("lots-refusal-receipt-expired", vec![("date", last.to_string())])]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::lot;
    use super::super::transitions::OF_THE_EXCHANGE;
    use super::*;

    #[test]
    fn a_receipt_that_ran_out_stands_against_verifying_and_against_nothing_else() {
        let lot = lot();
        let last = lot.receipt_expires_on.unwrap();
        let of = |code: &str, day| against(&lot, OF_THE_EXCHANGE.act(code).unwrap(), day).len();
        assert_eq!(of("approve", last), 0);
        assert_eq!(of("approve", last.succ_opt().unwrap()), 1);
        for code in ["return", "reject", "resubmit"] {
            assert_eq!(of(code, NaiveDate::MAX), 0, "{code}");
        }
        let without = Lot { receipt_expires_on: None, ..lot };
        assert_eq!(against(&without, OF_THE_EXCHANGE.act("approve").unwrap(), NaiveDate::MAX), []);
    }
}
