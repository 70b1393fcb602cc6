use chrono::DateTime;

use super::samples::{actor, consignment, lot, origin, share, statement};
use super::*;
use crate::auth::{OrganizationKind, Role};
use crate::dec;
use crate::eudr::origins::lines;
use crate::eudr::origins::model::{StatementState, traces};
use crate::ids::OrganizationId;

#[test]
fn a_lot_without_a_plot_is_named_with_how_it_was_come_by() {
    assert_eq!(gaps(&[]), [Gap::NoLot]);
    let mut bought = origin("L-1", Vec::new());
    bought.source = Source::Ecx;
    let traced = origin("L-2", vec![share("A-1", None)]);
    let expected = Gap::Untraced { lot: bought.lot, number: "L-1".to_owned(), source: Source::Ecx };
    assert_eq!(gaps(&[bought, traced]), [expected], "one that is traced does not stand for one that is not");
}

#[test]
fn plots_have_to_account_for_all_of_a_lot_where_their_shares_are_known() {
    let of = |shares: Vec<Share>| gaps(&[origin("L-1", shares)]);
    assert_eq!(of(vec![share("A-1", Some(dec!(60))), share("A-2", Some(dec!(40)))]), []);
    assert_eq!(of(vec![share("A-1", Some(dec!(60))), share("A-2", None)]), [], "one unknown share may be all the rest");
    let lacking = of(vec![share("A-1", Some(dec!(60))), share("A-2", Some(dec!(39.999)))]);
    assert!(matches!(&lacking[..], [Gap::PartUntraced { kg, .. }] if *kg == dec!(0.001)), "{lacking:?}");
}

#[test]
fn a_plot_without_a_statement_is_named_once_however_many_lots_come_from_it() {
    let plot = Share { is_stated: false, ..share("A-1", None) };
    let origins = [origin("L-1", vec![plot.clone(), share("A-2", None)]), origin("L-2", vec![plot.clone()])];
    assert_eq!(gaps(&origins), [Gap::Unstated { plot: plot.plot, number: "A-1".to_owned() }]);
    assert_eq!(distinct(&origins).len(), 2);
}

#[test]
fn a_file_takes_so_many_plots_and_no_more() {
    let many = |count: usize| {
        let like = share("A-1", None);
        let shares =
            (0..count).map(|n| Share { plot: crate::ids::PlotId::new(), number: n.to_string(), ..like.clone() });
        gaps(&[origin("L-1", shares.collect())])
    };
    assert_eq!(many(MOST_FEATURES), []);
    assert_eq!(many(MOST_FEATURES + 1), [Gap::TooManyPlots { count: MOST_FEATURES + 1 }]);
}

#[test]
fn nothing_is_ready_while_something_is_lacking_and_nothing_is_clear() {
    let gap = [Gap::NoLot];
    assert_eq!(state_of(true, None, &gap), EudrState::Incomplete);
    assert_eq!(state_of(true, None, &[]), EudrState::Ready);
    assert_eq!(state_of(false, None, &gap), EudrState::NotApplicable);
    assert_eq!(state_of(false, None, &[]), EudrState::NotApplicable);
    // What was told goes first, also where the goods go elsewhere first.
    for is_eu in [true, false] {
        assert_eq!(state_of(is_eu, Some(&statement(None)), &gap), EudrState::Declared);
    }
    for &told in StatementState::ALL {
        let counts = !matches!(
            told,
            StatementState::Rejected | StatementState::Withdrawn | StatementState::Suspended | StatementState::Obsolete
        );
        let expected = if counts { EudrState::Declared } else { EudrState::Incomplete };
        assert_eq!(state_of(true, Some(&statement(Some(told))), &gap), expected, "{told}");
    }
}

#[test]
fn plots_are_linked_by_the_owner_to_lots_that_grew_somewhere_and_are_here() {
    use OrganizationKind as O;
    let bought = lot();
    let clerk = actor(O::Exporter, Role::Clerk, bought.owner);
    assert_eq!(against_linking(&bought, &clerk), None);
    for status in [LotStatus::InWarehouse, LotStatus::Inspected, LotStatus::ReservedForExport] {
        assert_eq!(against_linking(&TracedLot { status, ..bought.clone() }, &clerk), None, "{status}");
    }
    let gone = TracedLot { status: LotStatus::Exported, ..bought.clone() };
    assert_eq!(against_linking(&gone, &clerk), Some(OriginRefusal::LotGone));
    for verification in [Verification::Pending, Verification::Verified, Verification::Returned] {
        assert_eq!(against_linking(&TracedLot { verification, ..bought.clone() }, &clerk), None, "{verification}");
    }
    let refused = TracedLot { verification: Verification::Rejected, ..bought.clone() };
    assert_eq!(against_linking(&refused, &clerk), Some(OriginRefusal::LotRejected));
    let made = TracedLot { generation: 1, ..bought.clone() };
    assert_eq!(against_linking(&made, &clerk), Some(OriginRefusal::MadeOfOthers));
    let other = actor(O::Exporter, Role::Clerk, OrganizationId::new());
    assert_eq!(against_linking(&bought, &other), Some(OriginRefusal::NotYours));
    // Who may look at plots does not link them, not even in an organisation that owned the lot.
    let officer = actor(O::Ecta, Role::Officer, bought.owner);
    assert_eq!(against_linking(&bought, &officer), Some(OriginRefusal::NotYours));
}

#[test]
fn plots_give_no_more_than_the_lot_weighs() {
    let lot = lot();
    let new = lines::read("A-1 60\nA-2\nA-3 30").unwrap();
    assert_eq!(against_weights(&lot, dec!(10), &new), None);
    let refused = against_weights(&lot, dec!(10.001), &new);
    assert_eq!(refused, Some(OriginRefusal::TooHeavy { lot: dec!(100), plots: dec!(100.001) }));
    assert_eq!(
        against_weights(&lot, dec!(100), &lines::read("A-2").unwrap()),
        None,
        "an unknown share weighs nothing yet"
    );
}

#[test]
fn an_origin_is_taken_anew_while_it_matters_and_when_it_has_changed() {
    let sent = consignment();
    let owner = actor(OrganizationKind::Exporter, Role::Owner, sent.owner);
    let taking = |consignment: &Consignment, statement: Option<&Statement>, changed| {
        against_taking(consignment, statement, changed, &owner)
    };
    assert_eq!(taking(&sent, None, true), None);
    assert_eq!(taking(&sent, None, false), Some(OriginRefusal::Unchanged));
    assert_eq!(taking(&sent, Some(&statement(None)), true), Some(OriginRefusal::Declared));
    assert_eq!(taking(&sent, Some(&statement(Some(StatementState::Withdrawn))), true), None);
    let preparing = Consignment { origin_at: None, ..sent.clone() };
    assert_eq!(taking(&preparing, None, true), Some(OriginRefusal::Preparing));
    let closed = Consignment { is_open: false, ..sent.clone() };
    assert_eq!(taking(&closed, None, true), Some(OriginRefusal::Closed));
    let other = actor(OrganizationKind::Exporter, Role::Owner, OrganizationId::new());
    assert_eq!(against_taking(&sent, None, true, &other), Some(OriginRefusal::NotYours));
}

#[test]
fn what_a_buyer_tells_is_put_on_record_by_the_exporter_also_after_the_end() {
    let sent = consignment();
    let owner = actor(OrganizationKind::Exporter, Role::Clerk, sent.owner);
    assert_eq!(against_recording(&sent, &owner), None);
    assert_eq!(against_recording(&Consignment { is_open: false, ..sent.clone() }, &owner), None);
    let given_up = Consignment { is_open: false, is_cancelled: true, ..sent.clone() };
    assert_eq!(against_recording(&given_up, &owner), Some(OriginRefusal::Cancelled));
    let bank = actor(OrganizationKind::CommercialBank, Role::Officer, OrganizationId::new());
    assert_eq!(against_recording(&sent, &bank), Some(OriginRefusal::NotYours));
}

#[test]
fn origins_differ_when_a_plot_its_revision_or_its_share_does() {
    let shares = vec![share("A-1", Some(dec!(60.000))), share("A-2", None)];
    let before = origin("L-1", shares.clone());
    let with = |shares: Vec<Share>| traces(&[Origin { shares, ..before.clone() }]);
    assert_eq!(with(shares.clone()), with(shares.iter().rev().cloned().collect()));
    let finer = Share { kg: Some(dec!(60)), ..shares[0].clone() };
    assert_eq!(with(vec![finer, shares[1].clone()]), with(shares.clone()));
    let revised = Share { plot: crate::ids::PlotId::new(), ..shares[0].clone() };
    assert_ne!(with(vec![revised, shares[1].clone()]), with(shares.clone()));
    let known = Share { kg: Some(dec!(40)), ..shares[1].clone() };
    assert_ne!(with(vec![shares[0].clone(), known]), with(shares.clone()));
    assert_ne!(with(Vec::new()), with(shares.clone()));
    assert_ne!(with(Vec::new()), traces(&[]), "a lot that is traced to nothing is there all the same");
    // Since when a plot is stated, and by whom, is no matter of the origin.
    let stated = Share { is_stated: false, ..shares[0].clone() };
    assert_eq!(with(vec![stated, shares[1].clone()]), with(shares));
}

#[test]
fn every_refusal_and_gap_is_a_sentence_in_both_languages() {
    use crate::eudr::origins::pages::words;
    use crate::i18n::Lang;
    let by = By { name: "Almaz".to_owned(), at: DateTime::UNIX_EPOCH };
    let refusals = [
        OriginRefusal::NotFound,
        OriginRefusal::NotYours,
        OriginRefusal::MadeOfOthers,
        OriginRefusal::LotGone,
        OriginRefusal::LotRejected,
        OriginRefusal::TooHeavy { lot: dec!(1), plots: dec!(2) },
        OriginRefusal::Unlinked(by),
        OriginRefusal::Cancelled,
        OriginRefusal::Preparing,
        OriginRefusal::Closed,
        OriginRefusal::Unchanged,
        OriginRefusal::Declared,
        OriginRefusal::Stale,
    ];
    let (lot, number) = (crate::ids::LotId::new(), "L-1".to_owned());
    let found = [
        Gap::NoLot,
        Gap::Untraced { lot, number: number.clone(), source: Source::Ecx },
        Gap::Untraced { lot, number: number.clone(), source: Source::Union },
        Gap::PartUntraced { lot, number: number.clone(), kg: dec!(2) },
        Gap::Unstated { plot: crate::ids::PlotId::new(), number: number.clone() },
        Gap::TooManyPlots { count: 10_001 },
    ];
    let faults = [
        lines::LineFaultKind::NotAWeight { found: "x".to_owned() },
        lines::LineFaultKind::Twice { number: number.clone(), before: 1 },
        lines::LineFaultKind::Unknown { number: number.clone() },
        lines::LineFaultKind::Retired { number: number.clone() },
        lines::LineFaultKind::Linked { number },
    ];
    for &lang in Lang::ALL {
        let sentences = refusals.iter().map(|refusal| words::refusal(refusal, lang));
        let sentences = sentences.chain(found.iter().map(|gap| words::gap(gap, lang)));
        let faults = faults.iter().map(|kind| words::line_fault(&LineFault { line: 3, kind: kind.clone() }, lang));
        for sentence in sentences.chain(faults) {
            assert!(sentence.chars().count() > 5 && !sentence.contains('{'), "{sentence}");
        }
        for state in EudrState::ALL {
            assert!(!words::state_tag(*state, lang).text.is_empty());
        }
        for told in StatementState::ALL {
            assert!(!lang.name_of("statement-state", told.code()).is_empty());
        }
    }
}
