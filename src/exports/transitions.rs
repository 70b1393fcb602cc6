//! The only place that says what may happen to an export. Pure: no clock, no SQL.
//!
//! The table follows domain 2.9 with the readings that stand: clearance and loading are serial, the
//! certificate of origin is signed by customs and issued by the authority before the settlement, and what is
//! refused goes back to the exporter and returns to the same step.
//!
//! A change of a running export undoes approvals ([`revisions`](super::revisions)); it goes back to the earliest step
//! that has to agree again, and on its way forward it passes the steps whose approval holds.

use chrono::{Days, NaiveDate};

use super::model::{ApprovalKind as K, ExportStatus as S, Stage as G, State};
use super::revisions::{Subject, UNDOES, undone_by};
use crate::auth::{OrganizationKind as O, Permission as P};
use crate::workflow::ageing::Age;
use crate::workflow::{Decision, Limit, Step};

/// A step of the walk.
pub type ExportStep = Step<K, State>;

const fn step(
    kind: K,
    organization: O,
    needs: P,
    from: State,
    approved: State,
    rejected: S,
    days: (u32, u32),
) -> ExportStep {
    Step {
        kind,
        from,
        approved,
        rejected: State::new(rejected, G::Returned),
        returned: State::new(from.status, G::Returned),
        organization,
        needs,
        limit: Limit { warn_days: days.0, late_days: days.1 },
        second_officer: matches!(kind, K::Fx | K::Settlement),
    }
}

const fn at(status: S, stage: G) -> State {
    State::new(status, stage)
}

/// Every step, in the order of the walk. A settlement ages by its due date ([`age_of`]); its days here are those
/// of the law's ninety at which one is warned.
#[rustfmt::skip]
pub const STEPS: &[ExportStep] = &[
    step(K::BankCheck,       O::CommercialBank, P::CheckBankDocuments, at(S::Pending, G::BankCheck),            at(S::Pending, G::Fx),                    S::Pending,           (1, 2)),
    step(K::Fx,              O::NationalBank,   P::ApproveFx,          at(S::Pending, G::Fx),                   at(S::FxApproved, G::Quality),            S::FxRejected,        (1, 2)),
    step(K::Quality,         O::Ecta,           P::CertifyQuality,     at(S::FxApproved, G::Quality),           at(S::QualityCertified, G::Permit),       S::QualityRejected,   (3, 7)),
    step(K::Permit,          O::Ecta,           P::IssuePermit,        at(S::QualityCertified, G::Permit),      at(S::QualityCertified, G::Scheduling),   S::QualityCertified,  (1, 3)),
    step(K::Shipment,        O::ShippingLine,   P::ScheduleShipment,   at(S::QualityCertified, G::Scheduling),  at(S::ShipmentScheduled, G::Clearance),   S::QualityCertified,  (3, 7)),
    step(K::Customs,         O::Customs,        P::ClearCustoms,       at(S::ShipmentScheduled, G::Clearance),  at(S::ShipmentScheduled, G::Loading),     S::ShipmentScheduled, (2, 4)),
    step(K::Loading,         O::ShippingLine,   P::ConfirmLoading,     at(S::ShipmentScheduled, G::Loading),    at(S::Shipped, G::OriginSignature),       S::ShipmentScheduled, (3, 7)),
    step(K::OriginSignature, O::Customs,        P::SignOrigin,         at(S::Shipped, G::OriginSignature),      at(S::Shipped, G::Origin),                S::Shipped,           (2, 4)),
    step(K::Origin,          O::Ecta,           P::IssueOrigin,        at(S::Shipped, G::Origin),               at(S::Shipped, G::Settlement),            S::Shipped,           (2, 4)),
    step(K::Settlement,      O::CommercialBank, P::SettleExport,       at(S::Shipped, G::Settlement),           at(S::Completed, G::Closed),              S::Shipped,           (60, 90)),
];

/// The limit of the exporter's own stages: a request that lies, or a question without an answer.
pub const EXPORTER_LIMIT: Limit = Limit { warn_days: 5, late_days: 10 };

/// The step of this kind.
#[must_use]
pub fn step_of(kind: K) -> &'static ExportStep {
    // The table has each kind once; a test counts them.
    STEPS.iter().find(|step| step.kind == kind).unwrap_or(&STEPS[0])
}

/// The step for which an export in `state` waits, if it waits for a decision.
#[must_use]
pub fn open_step(state: State) -> Option<&'static ExportStep> {
    STEPS.iter().find(|step| step.from == state)
}

/// Whether an export that waits at `stage` has come to `earlier` on its way, or past it.
#[must_use]
pub fn reaches(stage: G, earlier: G) -> bool {
    let position = |wanted: G| STEPS.iter().position(|step| step.from.stage == wanted);
    position(stage).zip(position(earlier)).is_some_and(|(stage, earlier)| earlier <= stage)
}

/// Where the approval of `kind` leads when the approvals of `held` are in force: to the next step that has still to
/// agree.
#[must_use]
pub fn onward(kind: K, held: &[K]) -> State {
    let later = STEPS.iter().skip_while(|step| step.kind != kind).skip(1);
    let mut last = step_of(kind).approved;
    for step in later {
        if !held.contains(&step.kind) {
            return step.from;
        }
        last = step.approved;
    }
    last
}

/// Whether the export may still be changed: until it is shipped, since what is on board is what it is.
#[must_use]
pub const fn may_change(state: State) -> bool {
    state.is_open() && !matches!(state.status, S::Shipped | S::Completed | S::Cancelled)
}

/// Where a change leads by which the approvals of `undone` no longer hold: back to the earliest of them, if the export
/// has come past it. With it the stage at which a returned one goes on.
#[must_use]
pub fn back_to(state: State, resume: Option<G>, undone: &[K]) -> (State, Option<G>) {
    let waits_at = resume.unwrap_or(state.stage);
    let earliest = STEPS.iter().find(|step| undone.contains(&step.kind));
    match earliest {
        Some(step) if step.from.stage != waits_at && reaches(waits_at, step.from.stage) => match state.stage {
            G::Returned => (step.returned, Some(step.from.stage)),
            _ => (step.from, None),
        },
        _ => (state, resume),
    }
}

/// Whose queue `state` belongs to; `None` once it is closed.
#[must_use]
pub fn queue_of(state: State) -> Option<O> {
    match state.stage {
        G::Closed => None,
        G::Preparation | G::Returned => Some(O::Exporter),
        G::BankCheck
        | G::Fx
        | G::Quality
        | G::Permit
        | G::Scheduling
        | G::Clearance
        | G::Loading
        | G::OriginSignature
        | G::Origin
        | G::Settlement => open_step(state).map(|step| step.organization),
    }
}

/// How long `state` may last.
#[must_use]
pub fn limit_of(state: State) -> Option<Limit> {
    match open_step(state) {
        Some(step) => Some(step.limit),
        None if state.is_open() => Some(EXPORTER_LIMIT),
        None => None,
    }
}

/// In so many last days before its due date, a settlement is due.
pub const SETTLEMENT_WARN_DAYS: u64 = 30;

/// How a case in `state` stands that has waited `working_days`; a settlement goes by its due date, which the
/// National Bank may put off.
#[must_use]
pub fn age_of(state: State, working_days: u32, due: Option<NaiveDate>, today: NaiveDate) -> Option<Age> {
    match due {
        Some(due) if state.stage == G::Settlement => Some(if due < today {
            Age::Late
        } else if due <= today + Days::new(SETTLEMENT_WARN_DAYS) {
            Age::Due
        } else {
            Age::Fresh
        }),
        _ => limit_of(state).map(|limit| limit.age(working_days)),
    }
}

/// Where a returned export goes on when it is resubmitted: the step that sent it back.
#[must_use]
pub fn resumed(resume: G) -> Option<State> {
    STEPS.iter().map(|step| step.from).find(|from| from.stage == resume)
}

/// Whether the step at `stage` may only be approved while the export permit is in force.
#[must_use]
pub const fn needs_permit(stage: G) -> bool {
    matches!(stage, G::Scheduling | G::Clearance | G::Loading)
}

/// Where a returned export goes on whose permit's time is over before it was used: to the authority, for
/// another one. Booking and clearance are done again then, because they rest on the permit.
pub const PERMIT_AGAIN: State = at(S::QualityCertified, G::Permit);

/// The action by which the authority cancels an unused permit.
pub const CANCEL_PERMIT: &str = "cancel-permit";

/// The actions by which the bank records a receipt of the proceeds, and takes one back.
pub const RECEIVE: &str = "receive";
/// As [`RECEIVE`].
pub const TAKE_BACK: &str = "take-back";

/// Where an export stands once its unused permit has been cancelled, and where it goes on from there: one that needs
/// the permit now is with its exporter, and asks the authority for another; one that has not come to it stays.
#[must_use]
pub fn without_permit(state: State, resume: Option<G>) -> (State, Option<G>) {
    let waits_at = resume.unwrap_or(state.stage);
    if needs_permit(waits_at) { (step_of(K::Permit).returned, Some(G::Permit)) } else { (state, resume) }
}

/// The state of a new request.
pub const REQUESTED: State = at(S::Pending, G::Preparation);
/// Where the first submission leads.
pub const SUBMITTED: State = at(S::Pending, G::BankCheck);
/// Where a cancellation leads.
pub const CANCELLED: State = at(S::Cancelled, G::Closed);

/// Whether the exporter may still cancel: until customs has cleared it (reading 5).
#[must_use]
pub const fn exporter_may_cancel(state: State, resume: Option<G>) -> bool {
    match state.stage {
        G::Preparation | G::BankCheck | G::Fx | G::Quality | G::Permit | G::Scheduling | G::Clearance => true,
        G::Returned => match resume {
            Some(stage) => {
                matches!(stage, G::BankCheck | G::Fx | G::Quality | G::Permit | G::Scheduling | G::Clearance)
            }
            None => false,
        },
        G::Loading | G::OriginSignature | G::Origin | G::Settlement | G::Closed => false,
    }
}

/// Whether a supervisor of the authority may still cancel: until it is shipped.
#[must_use]
pub const fn authority_may_cancel(state: State) -> bool {
    state.is_open()
        && !matches!(state.status, S::Shipped | S::Completed | S::Cancelled)
        && !matches!(state.stage, G::Preparation)
}

/// Every move that the table allows, as `(from, action, to)`; `from` is empty for a new request. The rows of
/// `legal_moves` are exactly these.
#[must_use]
pub fn legal_moves() -> Vec<(String, String, String)> {
    let mut moves = vec![
        (String::new(), "request".to_owned(), REQUESTED.code()),
        // What stayed behind at a loading.
        (String::new(), "split".to_owned(), REQUESTED.code()),
        (REQUESTED.code(), "submit".to_owned(), SUBMITTED.code()),
        (REQUESTED.code(), "cancel".to_owned(), CANCELLED.code()),
        (REQUESTED.code(), "correct".to_owned(), REQUESTED.code()),
    ];
    for step in STEPS {
        for from in [step.from, step.rejected, step.returned] {
            if may_change(from) {
                let resume = (from.stage == G::Returned).then_some(step.from.stage);
                moves.push((from.code(), CANCEL_PERMIT.to_owned(), without_permit(from, resume).0.code()));
            }
            // The bank's permit sets the due date that the National Bank may put off.
            if step.kind != K::BankCheck {
                let acts = ["extend", "ask-extension", "refuse-extension"];
                moves.extend(acts.map(|act| (from.code(), act.to_owned(), from.code())));
            }
            moves.extend(changes_of(from, step));
            moves.extend(rebookings_of(from, step));
        }
        for decision in Decision::ALL {
            let to = step.target(*decision);
            moves.push((step.from.code(), format!("{}:{decision}", step.kind), to.code()));
            if *decision != Decision::Approve {
                moves.push((to.code(), "resubmit".to_owned(), step.from.code()));
                if needs_permit(step.from.stage) {
                    moves.push((to.code(), "resubmit".to_owned(), PERMIT_AGAIN.code()));
                }
            }
        }
        for (_, undone) in UNDOES.iter().filter(|(_, undone)| undone.contains(&step.kind)) {
            // What lies between may hold, as far as the export had come when it was changed.
            let later = STEPS.iter().skip_while(|other| other.kind != step.kind).skip(1);
            for other in later {
                moves.push((step.from.code(), format!("{}:approve", step.kind), other.from.code()));
                if undone.contains(&other.kind) || !may_change(other.approved) {
                    break;
                }
            }
        }
        if step.kind == K::Settlement {
            moves.extend([RECEIVE, TAKE_BACK].map(|entry| (step.from.code(), entry.to_owned(), step.from.code())));
        }
        if step.second_officer {
            moves.push((step.from.code(), format!("{}:first-approve", step.kind), step.from.code()));
        }
        if authority_may_cancel(step.from) {
            for from in [step.from, step.rejected, step.returned] {
                moves.push((from.code(), "cancel".to_owned(), CANCELLED.code()));
            }
        }
    }
    moves.sort();
    moves.dedup();
    moves
}

/// The changes of an export that waits for `step` in the state `from`: those that leave every approval standing, and
/// those that undo some.
fn changes_of(from: State, step: &ExportStep) -> Vec<(String, String, String)> {
    if !may_change(from) {
        return Vec::new();
    }
    let resume = (from.stage == G::Returned).then_some(step.from.stage);
    let undoing = UNDOES.iter().filter(|(_, undone)| !undone.is_empty());
    let mut moves = vec![(from.code(), "correct".to_owned(), from.code())];
    moves.extend(undoing.map(|(_, undone)| (from.code(), "amend".to_owned(), back_to(from, resume, undone).0.code())));
    // What is undone may all lie ahead, where it was agreed to before an earlier change.
    moves.push((from.code(), "amend".to_owned(), from.code()));
    moves
}

/// Whether vessel and containers are booked and the coffee is not on board: the carrier may change them.
#[must_use]
pub const fn is_booked(state: State) -> bool {
    matches!(state.status, S::ShipmentScheduled)
}

/// What the carrier changes of a booking: another vessel, which leaves the clearance standing, and other containers
/// or seals.
fn rebookings_of(from: State, step: &ExportStep) -> Vec<(String, String, String)> {
    if !is_booked(from) {
        return Vec::new();
    }
    let resume = (from.stage == G::Returned).then_some(step.from.stage);
    let cleared_again = back_to(from, resume, undone_by(Subject::Containers)).0;
    vec![
        (from.code(), "roll-over".to_owned(), from.code()),
        (from.code(), "containers".to_owned(), from.code()),
        (from.code(), "containers".to_owned(), cleared_again.code()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_kind_once_and_in_the_order_of_the_walk() {
        let kinds: Vec<K> = STEPS.iter().map(|step| step.kind).collect();
        assert_eq!(kinds, K::ALL);
        let mut state = SUBMITTED;
        for step in STEPS {
            assert_eq!(step.from, state, "{:?} does not follow", step.kind);
            state = step.approved;
        }
        assert_eq!(state, at(S::Completed, G::Closed));
    }

    #[test]
    fn every_open_state_stands_in_exactly_one_queue() {
        for status in S::ALL {
            for stage in G::ALL {
                let state = at(*status, *stage);
                let waiting = STEPS.iter().filter(|step| step.from == state).count();
                let reachable = state == REQUESTED
                    || STEPS.iter().any(|s| [s.from, s.approved, s.rejected, s.returned].contains(&state))
                    || state == CANCELLED;
                if !reachable {
                    continue;
                }
                match stage {
                    G::Closed => assert_eq!(queue_of(state), None, "{state:?}"),
                    G::Preparation | G::Returned => {
                        assert_eq!(queue_of(state), Some(O::Exporter), "{state:?}");
                        assert_eq!(waiting, 0, "{state:?} waits for the exporter and for a decision");
                    }
                    _ => {
                        assert_eq!(waiting, 1, "{state:?}");
                        assert!(queue_of(state).is_some(), "{state:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_sent_back_returns_to_the_step_that_sent_it() {
        for step in STEPS {
            assert_eq!(resumed(step.from.stage), Some(step.from));
            assert_eq!(step.rejected.stage, G::Returned);
            assert_eq!(step.returned, at(step.from.status, G::Returned));
        }
    }

    #[test]
    fn a_settlement_ages_by_its_due_date_however_long_it_has_waited() {
        let today: NaiveDate = "2026-11-20".parse().unwrap();
        let state = at(S::Shipped, G::Settlement);
        for (due, age) in
            [("2026-11-19", Age::Late), ("2026-11-20", Age::Due), ("2026-12-20", Age::Due), ("2026-12-21", Age::Fresh)]
        {
            for waited in [0, 50, 500] {
                assert_eq!(age_of(state, waited, due.parse().ok(), today), Some(age), "{due}, {waited} waited");
            }
        }
        let fx = at(S::Pending, G::Fx);
        assert_eq!(age_of(fx, 2, "2027-01-01".parse().ok(), today), Some(Age::Late), "other steps go by their limit");
        assert_eq!(age_of(at(S::Completed, G::Closed), 2, None, today), None);
    }

    #[test]
    fn nothing_is_cancelled_once_it_is_shipped() {
        for step in STEPS.iter().filter(|step| step.from.status == S::Shipped) {
            assert!(!exporter_may_cancel(step.from, None));
            assert!(!exporter_may_cancel(step.returned, Some(step.from.stage)));
            assert!(!authority_may_cancel(step.from));
        }
        assert!(!exporter_may_cancel(at(S::ShipmentScheduled, G::Loading), None), "customs has cleared it");
        assert!(authority_may_cancel(at(S::ShipmentScheduled, G::Loading)));
    }

    #[test]
    fn an_approval_leads_to_the_next_step_that_has_still_to_agree() {
        for step in STEPS {
            assert_eq!(onward(step.kind, &[]), step.approved, "{}", step.kind);
            assert_eq!(onward(step.kind, &[step.kind]), step.approved, "its own approval is the one being given");
        }
        let held = [K::Quality, K::Permit, K::Shipment];
        assert_eq!(onward(K::Fx, &held), at(S::ShipmentScheduled, G::Clearance));
        assert_eq!(onward(K::Fx, &[K::Quality]), at(S::QualityCertified, G::Permit));
        assert_eq!(onward(K::BankCheck, &held), at(S::Pending, G::Fx), "the next step has not agreed");
    }

    #[test]
    fn a_change_leads_back_to_the_earliest_step_that_has_to_agree_again() {
        let loading = at(S::ShipmentScheduled, G::Loading);
        for (undone, to) in [
            (&[K::BankCheck, K::Fx, K::Customs][..], at(S::Pending, G::BankCheck)),
            (&[K::Quality, K::Permit][..], at(S::FxApproved, G::Quality)),
            (&[K::Customs][..], at(S::ShipmentScheduled, G::Clearance)),
            (&[K::Loading][..], loading),
            (&[][..], loading),
        ] {
            assert_eq!(back_to(loading, None, undone), (to, None), "{undone:?}");
            let step = STEPS.iter().find(|step| step.from == to).unwrap();
            let returned = at(S::ShipmentScheduled, G::Returned);
            let expected = (step.returned, Some(step.from.stage));
            assert_eq!(back_to(returned, Some(G::Loading), undone), expected, "{undone:?} of a returned one");
        }
        assert_eq!(back_to(SUBMITTED, None, &[K::BankCheck, K::Fx]), (SUBMITTED, None), "it waits there already");
        assert_eq!(back_to(SUBMITTED, None, &[K::Permit]), (SUBMITTED, None), "that lies ahead");
        assert_eq!(back_to(REQUESTED, None, &[K::BankCheck]), (REQUESTED, None));
    }

    /// Whatever is undone wherever an export stands, and whatever holds then: each way back and forward is legal.
    #[test]
    fn every_way_of_a_changed_export_is_a_legal_move() {
        let legal = legal_moves();
        let is_legal = |from: State, action: String, to: State| {
            assert!(
                legal.contains(&(from.code(), action.clone(), to.code())),
                "{} {action} {}",
                from.code(),
                to.code()
            );
        };
        let passed = |stage: G| STEPS.iter().take_while(move |step| step.from.stage != stage).map(|step| step.kind);
        let open: Vec<(State, G)> = STEPS
            .iter()
            .flat_map(|step| [step.from, step.rejected, step.returned].map(|state| (state, step.from.stage)))
            .filter(|(state, _)| may_change(*state))
            .collect();
        for (state, waits_at) in open {
            for (_, first) in UNDOES {
                let resume = (state.stage == G::Returned).then_some(waits_at);
                let held: Vec<K> = passed(waits_at).filter(|kind| !first.contains(kind)).collect();
                let (changed, resume) = back_to(state, resume, first);
                is_legal(state, if first.is_empty() { "correct" } else { "amend" }.to_owned(), changed);
                for (_, second) in UNDOES {
                    let held: Vec<K> = held.iter().copied().filter(|kind| !second.contains(kind)).collect();
                    let (changed_again, resume) = back_to(changed, resume, second);
                    is_legal(changed, if second.is_empty() { "correct" } else { "amend" }.to_owned(), changed_again);
                    let stage = resume.unwrap_or(changed_again.stage);
                    if resume.is_some() {
                        is_legal(changed_again, "resubmit".to_owned(), resumed(stage).unwrap());
                    }
                    let mut state = resumed(stage).unwrap();
                    while let Some(step) = open_step(state) {
                        let to = onward(step.kind, &held);
                        is_legal(step.from, format!("{}:approve", step.kind), to);
                        state = to;
                    }
                    assert_eq!(state, at(S::Completed, G::Closed));
                }
            }
        }
        assert!(!legal.iter().any(|(from, action, _)| from.starts_with("SHIPPED") && ["correct", "amend"].contains(&action.as_str())));
    }

    #[test]
    fn a_booking_is_changed_between_scheduling_and_loading() {
        let moves = legal_moves();
        let of = |action: &str| -> Vec<(&str, &str)> {
            moves.iter().filter(|m| m.1 == action).map(|m| (m.0.as_str(), m.2.as_str())).collect()
        };
        let (clearance, loading) = ("SHIPMENT_SCHEDULED:CLEARANCE", "SHIPMENT_SCHEDULED:LOADING");
        let returned = "SHIPMENT_SCHEDULED:RETURNED";
        assert_eq!(of("roll-over"), [(clearance, clearance), (loading, loading), (returned, returned)]);
        let containers = [(clearance, clearance), (loading, clearance), (loading, loading), (returned, returned)];
        assert_eq!(of("containers"), containers);
    }
}
