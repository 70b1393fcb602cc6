//! The ways that the demo's exports have gone so far, walked over the product's own step table: a move that
//! the product would refuse cannot be written down here.

use crate::auth::OrganizationKind;
use crate::exports::transitions::{self, CANCELLED, REQUESTED, SUBMITTED};
use crate::exports::{ApprovalKind, Stage, State};
use crate::workflow::Decision;

/// Who of an organisation does it. Staff are numbered: officer 0, supervisor 1, second officer 2; at an exporter
/// clerk 0, owner 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Desk {
    /// Each export has its own turn of the three people; a step takes the turn's person plus this.
    Turn(i32),
    /// Always this one.
    Person(i32),
}

/// One move of a walk; its version is its place, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct WalkMove {
    pub(super) action: String,
    pub(super) from: Option<State>,
    pub(super) to: State,
    pub(super) organization: OrganizationKind,
    pub(super) desk: Desk,
    /// Working days that it waited before: fewest and most.
    pub(super) days: (i32, i32),
    pub(super) event_type: &'static str,
    pub(super) severity: &'static str,
    pub(super) approval: Option<Approval>,
}

/// What a move leaves in the table of approvals.
#[derive(Debug, Clone)]
pub(super) struct Approval {
    pub(super) kind: ApprovalKind,
    pub(super) status: &'static str,
    /// The move of the first officer, where two are needed.
    pub(super) first: Option<usize>,
    /// The move whose decision took this one's place.
    pub(super) superseded_by: Option<usize>,
}

/// A walk, and how many exports have gone it.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) name: String,
    /// Its share among the open or among the closed ones.
    pub(super) weight: usize,
    /// A value that needs a second officer.
    pub(super) large: bool,
    /// Working days since the last move, of those that are open: fewest and most.
    pub(super) age: (i32, i32),
    /// Which turn lets the officer decide next, for the queues of a demo are looked at by officers first.
    pub(super) turn: Option<i32>,
    /// A case of its own (`EXPIRED_PERMIT`, `OVERDUE`).
    pub(super) special: &'static str,
    pub(super) moves: Vec<WalkMove>,
    pub(super) state: State,
    pub(super) resume: Option<Stage>,
}

impl Walk {
    /// A request that has just been opened.
    pub(super) fn begin() -> Self {
        let mut walk = Self {
            name: String::new(),
            weight: 1,
            large: false,
            age: (0, 0),
            turn: None,
            special: "",
            moves: Vec::new(),
            state: REQUESTED,
            resume: None,
        };
        walk.push(
            "request".to_owned(),
            None,
            REQUESTED,
            (K::Exporter, Desk::Person(0), (0, 0)),
            ("EXPORT_CREATED", "MEDIUM"),
        );
        walk
    }

    fn push(
        &mut self,
        action: String,
        from: Option<State>,
        to: State,
        (organization, desk, days): (OrganizationKind, Desk, (i32, i32)),
        (event_type, severity): (&'static str, &'static str),
    ) {
        self.moves.push(WalkMove { action, from, to, organization, desk, days, event_type, severity, approval: None });
        self.state = to;
    }

    fn submit(mut self) -> Self {
        let from = self.state;
        self.push(
            "submit".to_owned(),
            Some(from),
            SUBMITTED,
            (K::Exporter, Desk::Turn(0), (0, 2)),
            ("EXPORT_SUBMITTED", "MEDIUM"),
        );
        self
    }

    fn decide(mut self, kind: ApprovalKind, decision: Decision, first_of_two: bool) -> Self {
        let step = transitions::step_of(kind);
        let (action, to, status) = match decision {
            Decision::Approve if first_of_two => (format!("{kind}:first-approve"), step.from, "PENDING"),
            Decision::Approve => (format!("{kind}:approve"), step.approved, "APPROVED"),
            Decision::Reject => (format!("{kind}:reject"), step.rejected, "REJECTED"),
            Decision::Return => (format!("{kind}:return"), step.returned, "RETURNED"),
        };
        let version = self.moves.len() + 1;
        let mut first = None;
        for (position, earlier) in self.moves.iter_mut().enumerate() {
            if let Some(approval) = earlier.approval.as_mut().filter(|a| a.kind == kind && a.superseded_by.is_none()) {
                approval.superseded_by = Some(version);
                first = (approval.status == "PENDING").then_some(position + 1);
            }
        }
        // The second officer is the turn's next person, and has it soon.
        let desk = Desk::Turn(desk_of(kind) + i32::from(first.is_some()));
        let days = if first.is_some() { (0, 2) } else { days_of(kind) };
        let (approved, refused) = kind.event_types();
        let event = if decision == Decision::Approve { approved } else { refused };
        self.push(action, Some(step.from), to, (step.organization, desk, days), (event, "HIGH"));
        if let Some(moved) = self.moves.last_mut() {
            moved.approval = Some(Approval { kind, status, first, superseded_by: None });
        }
        self.resume = (decision != Decision::Approve).then_some(step.from.stage);
        self
    }

    /// What is written down about an export and moves nothing.
    fn note(
        mut self,
        action: &str,
        who: (OrganizationKind, Desk, (i32, i32)),
        event: (&'static str, &'static str),
    ) -> Self {
        let from = self.state;
        self.push(action.to_owned(), Some(from), from, who, event);
        self
    }

    /// The bank records a receipt of the proceeds, or takes the last one back.
    fn enter(self, action: &str, event_type: &'static str, days: (i32, i32)) -> Self {
        let desk = Desk::Turn(desk_of(ApprovalKind::Settlement));
        self.note(action, (K::CommercialBank, desk, days), (event_type, "HIGH"))
    }

    fn ask_extension(self) -> Self {
        self.note("ask-extension", (K::Exporter, Desk::Person(1), (5, 15)), ("EXTENSION_REQUESTED", "MEDIUM"))
    }

    fn extend(self) -> Self {
        self.note("extend", (K::NationalBank, Desk::Person(1), (5, 15)), ("SETTLEMENT_EXTENDED", "HIGH"))
    }

    fn receive(self, days: (i32, i32)) -> Self {
        self.enter(transitions::RECEIVE, "PROCEEDS_RECEIVED", days)
    }

    fn take_back(self) -> Self {
        self.enter(transitions::TAKE_BACK, "RECEIPT_TAKEN_BACK", (0, 1))
    }

    fn approve(self, kind: ApprovalKind) -> Self {
        let two = self.large && transitions::step_of(kind).second_officer;
        // Nothing is completed before something has come.
        let has_come = self.moves.iter().any(|moved| moved.action == transitions::RECEIVE);
        let ready = if kind == ApprovalKind::Settlement && !has_come { self.receive(RECEIPT_DAYS) } else { self };
        let walk = if two { ready.decide(kind, Decision::Approve, true) } else { ready };
        walk.decide(kind, Decision::Approve, false)
    }

    /// Approvals up to the state in which step `kind` is open.
    fn until(mut self, kind: ApprovalKind) -> Self {
        while let Some(step) = transitions::open_step(self.state).filter(|step| step.kind != kind) {
            self = self.approve(step.kind);
        }
        self
    }

    fn resubmit(mut self) -> Self {
        let (from, back) = (self.state, self.resume.take().and_then(transitions::resumed));
        if let Some(back) = back {
            let event = ("EXPORT_RESUBMITTED", "MEDIUM");
            self.push("resubmit".to_owned(), Some(from), back, (K::Exporter, Desk::Person(0), (1, 5)), event);
        }
        self
    }

    fn cancel(mut self, organization: OrganizationKind) -> Self {
        let from = self.state;
        let who = (organization, Desk::Person(1), (1, 4));
        self.push("cancel".to_owned(), Some(from), CANCELLED, who, ("EXPORT_CANCELLED", "HIGH"));
        self.resume = None;
        self
    }

    fn complete(mut self) -> Self {
        while let Some(step) = transitions::open_step(self.state) {
            self = self.approve(step.kind);
        }
        self
    }

    fn named(mut self, name: impl Into<String>, weight: usize) -> Self {
        (self.name, self.weight) = (name.into(), weight);
        self
    }

    fn waiting(mut self, age: (i32, i32)) -> Self {
        self.age = age;
        let half_done = self.moves.last().and_then(|m| m.approval.as_ref()).is_some_and(|a| a.status == "PENDING");
        self.turn = transitions::open_step(self.state)
            .map(|step| (3 - desk_of(step.kind) - i32::from(half_done)).rem_euclid(3));
        self
    }

    const fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// The stage whose documents are there: the one it waits for, or had reached when it was given up.
    pub(super) fn documents_stage(&self) -> Stage {
        match (self.state.stage, self.resume) {
            (Stage::Returned, Some(resume)) => resume,
            (Stage::Closed, _) if self.state == CANCELLED => self
                .moves
                .iter()
                .rev()
                .filter_map(|m| m.from)
                .find_map(|from| match from.stage {
                    Stage::Returned | Stage::Closed => None,
                    stage => Some(stage),
                })
                .unwrap_or(Stage::Preparation),
            (Stage::Closed, _) => Stage::Settlement,
            (stage, _) => stage,
        }
    }

    /// The version of the move that approved `kind` in the end.
    pub(super) fn approved_at(&self, kind: ApprovalKind) -> Option<i32> {
        self.version_of(|m| m.approval.as_ref().is_some_and(|a| a.kind == kind && a.status == "APPROVED"))
    }

    /// The version of the last move that `wanted` picks.
    pub(super) fn version_of(&self, wanted: impl Fn(&WalkMove) -> bool) -> Option<i32> {
        let position = self.moves.iter().rposition(wanted)?;
        i32::try_from(position + 1).ok()
    }

    /// The version that entered the stage in which it stands now.
    pub(super) fn entered(&self) -> i32 {
        self.version_of(|m| m.from.is_none_or(|from| from.stage != m.to.stage)).unwrap_or(1)
    }
}

use OrganizationKind as K;

/// Working days until a receipt arrives.
const RECEIPT_DAYS: (i32, i32) = (8, 26);

/// The names of walks whose receipts `sql/exports.sql` lays out in a way of their own: a first instalment, two of them, a
/// receipt that was recorded wrongly, one so short that two officers closed it.
const INSTALMENT: &str = "settlement-instalment";
const INSTALMENTS: &str = "completed-instalments";
const CORRECTED: &str = "completed-corrected";
const SHORT: &str = "completed-short";

/// Which person of the turn decides a step. No organisation has the same number twice, so nobody meets an
/// export at two of its steps.
const fn desk_of(kind: ApprovalKind) -> i32 {
    match kind {
        ApprovalKind::BankCheck
        | ApprovalKind::Fx
        | ApprovalKind::Quality
        | ApprovalKind::Shipment
        | ApprovalKind::Customs => 0,
        ApprovalKind::Permit | ApprovalKind::Loading | ApprovalKind::OriginSignature | ApprovalKind::Settlement => 1,
        ApprovalKind::Origin => 2,
    }
}

const fn days_of(kind: ApprovalKind) -> (i32, i32) {
    match kind {
        ApprovalKind::BankCheck
        | ApprovalKind::Fx
        | ApprovalKind::Permit
        | ApprovalKind::OriginSignature
        | ApprovalKind::Origin => (0, 2),
        ApprovalKind::Quality => (1, 5),
        ApprovalKind::Shipment => (1, 4),
        ApprovalKind::Customs => (2, 6),
        ApprovalKind::Loading => (1, 4),
        // The money has come by then.
        ApprovalKind::Settlement => (0, 3),
    }
}

/// At which stage which person of the turn decides.
pub(super) fn open_desks() -> impl Iterator<Item = (&'static str, i32)> {
    transitions::STEPS.iter().map(|step| (step.from.stage.code(), desk_of(step.kind)))
}

/// The walks of exports that are still open, the plain ones first: every queue has some, every way back too.
pub(super) fn open() -> Vec<Walk> {
    use ApprovalKind as A;
    use Decision::{Reject, Return};
    let mut walks = vec![
        Walk::begin().waiting((0, 6)).named("preparation", 10),
        // Both special cases first, so that even a handful of exports has them.
        special("OVERDUE", Walk::begin().submit().until(A::Settlement), (47, 47)),
        special("EXPIRED_PERMIT", Walk::begin().submit().until(A::Shipment), (20, 20)),
    ];
    for (kind, weight, age) in [
        (A::BankCheck, 16, (0, 4)),
        (A::Fx, 18, (0, 4)),
        (A::Quality, 16, (0, 10)),
        (A::Permit, 12, (0, 4)),
        (A::Shipment, 14, (0, 9)),
        (A::Customs, 12, (0, 6)),
        (A::Loading, 10, (0, 9)),
        (A::OriginSignature, 8, (0, 6)),
        (A::Origin, 8, (0, 6)),
        (A::Settlement, 20, (1, 50)),
    ] {
        walks.push(Walk::begin().submit().until(kind).waiting(age).named(kind.code(), weight));
    }
    walks.push(
        Walk::begin()
            .large()
            .submit()
            .until(A::Fx)
            .decide(A::Fx, Decision::Approve, true)
            .waiting((0, 2))
            .named("fx-second", 3),
    );
    let at_settlement = || Walk::begin().submit().until(A::Settlement);
    walks.push(at_settlement().receive(RECEIPT_DAYS).waiting((0, 12)).named(INSTALMENT, 3));
    walks.push(at_settlement().ask_extension().waiting((0, 4)).named("settlement-asked", 2));
    walks.push(at_settlement().extend().waiting((5, 30)).named("settlement-extended", 2));
    let settled_once = Walk::begin().large().submit().until(A::Settlement).receive(RECEIPT_DAYS);
    let settled_once = settled_once.decide(A::Settlement, Decision::Approve, true);
    walks.push(settled_once.waiting((0, 5)).named("settlement-second", 2));
    walks.push(Walk::begin().large().submit().until(A::Quality).waiting((0, 3)).named("quality-large", 2));
    for kind in A::ALL {
        for decision in [Reject, Return] {
            let weight = if matches!(
                (kind, decision),
                (A::BankCheck | A::Quality, Return) | (A::Fx | A::Quality | A::Customs, Reject)
            ) {
                4
            } else {
                1
            };
            let walk = Walk::begin().submit().until(*kind).decide(*kind, decision, false);
            walks.push(walk.clone().waiting((0, 8)).named(format!("{kind}-{decision}"), weight));
            let again = walk.resubmit();
            let age = transitions::limit_of(again.state)
                .map_or((0, 4), |limit| (0, i32::try_from(limit.late_days).unwrap_or(4).min(9)));
            walks.push(again.waiting(age).named(format!("{kind}-{decision}-again"), 1));
        }
    }
    walks
}

fn special(name: &'static str, walk: Walk, age: (i32, i32)) -> Walk {
    let mut walk = walk.waiting(age).named(name.to_lowercase(), 0);
    walk.special = name;
    walk
}

/// The walks of exports that are closed.
pub(super) fn closed() -> Vec<Walk> {
    use ApprovalKind as A;
    use Decision::{Reject, Return};
    let to = |kind: A| Walk::begin().submit().until(kind);
    vec![
        Walk::begin().submit().complete().named("completed", 70),
        to(A::BankCheck).decide(A::BankCheck, Return, false).resubmit().complete().named("completed-after-query", 6),
        to(A::Fx).decide(A::Fx, Reject, false).resubmit().complete().named("completed-after-fx", 4),
        to(A::Quality).decide(A::Quality, Reject, false).resubmit().complete().named("completed-after-quality", 3),
        to(A::Customs).decide(A::Customs, Reject, false).resubmit().complete().named("completed-after-customs", 3),
        Walk::begin().large().submit().complete().named("completed-large", 4),
        to(A::Settlement).receive(RECEIPT_DAYS).receive((4, 12)).complete().named(INSTALMENTS, 3),
        to(A::Settlement).receive(RECEIPT_DAYS).take_back().receive((0, 1)).complete().named(CORRECTED, 1),
        to(A::Settlement)
            .receive(RECEIPT_DAYS)
            .decide(A::Settlement, Decision::Approve, true)
            .complete()
            .named(SHORT, 0),
        Walk::begin().cancel(K::Exporter).named("cancelled-unsubmitted", 1),
        to(A::BankCheck).cancel(K::Exporter).named("cancelled-bank", 2),
        to(A::Fx).decide(A::Fx, Reject, false).cancel(K::Exporter).named("cancelled-fx", 3),
        to(A::Quality).cancel(K::Exporter).named("cancelled-quality", 1),
        to(A::Shipment).cancel(K::Exporter).named("cancelled-permit", 2),
        to(A::Loading).cancel(K::Ecta).named("cancelled-authority", 1),
    ]
}

/// How many of `total` go each walk: at least one each while they last, in order, then by weight.
pub(super) fn shares(walks: &[Walk], total: u64) -> Vec<u64> {
    let mut shares: Vec<u64> = (0..walks.len() as u64).map(|position| u64::from(position < total)).collect();
    let rest = total.saturating_sub(walks.len() as u64);
    let weights: u64 = walks.iter().map(|walk| walk.weight as u64).sum();
    let mut given = 0;
    let mut heaviest = 0;
    for (position, walk) in walks.iter().enumerate() {
        let share = rest * walk.weight as u64 / weights.max(1);
        shares[position] += share;
        given += share;
        if walk.weight > walks[heaviest].weight {
            heaviest = position;
        }
    }
    shares[heaviest] += rest - given;
    shares
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::exports::ExportStatus;

    #[test]
    fn every_walk_takes_legal_moves_only_and_without_a_gap() {
        let legal: BTreeSet<(String, String, String)> = transitions::legal_moves().into_iter().collect();
        for walk in open().into_iter().chain(closed()) {
            let mut state = None;
            for moved in &walk.moves {
                assert_eq!(moved.from, state, "{}", walk.name);
                let from = moved.from.map(State::code).unwrap_or_default();
                assert!(
                    legal.contains(&(from, moved.action.clone(), moved.to.code())),
                    "{} {}",
                    walk.name,
                    moved.action
                );
                state = Some(moved.to);
            }
            assert_eq!(state, Some(walk.state), "{}", walk.name);
            assert_eq!(walk.state.stage == Stage::Returned, walk.resume.is_some(), "{}", walk.name);
        }
    }

    #[test]
    fn every_status_stage_and_queue_is_seeded() {
        let walks: Vec<Walk> = open().into_iter().chain(closed()).collect();
        for status in ExportStatus::ALL {
            assert!(walks.iter().any(|walk| walk.state.status == *status), "{status}");
        }
        for stage in Stage::ALL {
            assert!(walks.iter().any(|walk| walk.state.stage == *stage), "{stage}");
        }
    }

    #[test]
    fn nobody_decides_two_steps_of_one_export() {
        for walk in open().into_iter().chain(closed()) {
            let mut deciders = Vec::new();
            for moved in &walk.moves {
                let Some(approval) =
                    moved.approval.as_ref().filter(|a| a.status == "APPROVED" || a.status == "PENDING")
                else {
                    continue;
                };
                let Desk::Turn(turn) = moved.desk else { panic!("a decision has a turn") };
                deciders.push((moved.organization, turn % 3, approval.kind, approval.status));
            }
            for (position, one) in deciders.iter().enumerate() {
                for other in &deciders[position + 1..] {
                    assert!((one.0, one.1) != (other.0, other.1), "{}: {one:?} and {other:?}", walk.name);
                }
            }
        }
    }

    #[test]
    fn shares_add_up() {
        for total in [0, 1, 7, 60, 300, 1_000_000] {
            let walks = open();
            assert_eq!(shares(&walks, total).iter().sum::<u64>(), total);
        }
    }
}
