//! What may be changed of a running export, by whom, and what follows from it: the exporter's amendments, the carrier's
//! changes of the booking, and the National Bank's extension of the time for the proceeds.

use chrono::{Days, Duration, NaiveDate};

use super::{Context, Refusal, is_exporter_of, stands_at};
use crate::auth::{Actor, Permission};
use crate::exports::FieldChange;
use crate::exports::model::{ApprovalKind, Export, Proceeds, Stage, State};
use crate::exports::revisions::{Subject, undone_by};
use crate::exports::transitions;

/// So many days may be granted at once.
pub const LONGEST_EXTENSION_DAYS: u64 = 365;

/// Something that reads otherwise after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What of the export it is.
    pub subject: Subject,
    /// In words that the history keeps.
    pub change: FieldChange,
}

/// What a change leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What reads otherwise.
    pub changes: Vec<FieldChange>,
    /// Approvals that were given and no longer hold, in the order of the walk.
    pub undone: Vec<ApprovalKind>,
    /// Every step that the change is about, agreed to or not: no decision on them stays in force.
    pub concerned: Vec<ApprovalKind>,
    /// The number of the unused permit that is cancelled with its approval.
    pub permit: Option<String>,
    /// Where the export stands then.
    pub to: State,
    /// Where it goes on, when it is with its exporter.
    pub resume: Option<Stage>,
}

impl Revision {
    /// The name of the box that says that one knows what is undone: another set has another name, so that nobody
    /// agrees to what was not told.
    #[must_use]
    pub fn agreement(&self) -> String {
        let kinds: Vec<&str> = self.undone.iter().map(|kind| kind.code()).collect();
        format!("{AGREEMENT}{}", kinds.join("_"))
    }

    /// As in the table of legal moves: an amendment undoes approvals, a correction leaves them all standing.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        if self.undone.is_empty() { "correct" } else { "amend" }
    }
}

/// How the name of that box begins.
pub const AGREEMENT: &str = "undoes_";
/// That box, whatever is undone, as a form declares it.
pub const ANY_AGREEMENT: &str = "undoes_*";

/// What follows from `differences`.
#[must_use]
pub fn revise(export: &Export, context: &Context, differences: Vec<Difference>) -> Revision {
    let is_concerned = |kind: ApprovalKind| differences.iter().any(|one| undone_by(one.subject).contains(&kind));
    let concerned: Vec<ApprovalKind> = ApprovalKind::ALL.iter().copied().filter(|kind| is_concerned(*kind)).collect();
    // Half of an approval is one too: the first officer agreed to something else.
    let half = context.first_approval.as_ref().and(transitions::open_step(export.state)).map(|step| step.kind);
    let is_given = |kind: &ApprovalKind| half == Some(*kind) || context.prior.iter().any(|prior| prior.kind == *kind);
    let undone: Vec<ApprovalKind> = concerned.iter().copied().filter(is_given).collect();
    let (to, resume) = transitions::back_to(export.state, export.resume_stage, &undone);
    let permit = context.permit.as_ref().filter(|permit| permit.status == "ISSUED");
    Revision {
        changes: differences.into_iter().map(|one| one.change).collect(),
        permit: permit.filter(|_| undone.contains(&ApprovalKind::Permit)).map(|permit| permit.number.clone()),
        undone,
        concerned,
        to,
        resume,
    }
}

/// Whether a change has to say why: always, but for what its exporter still has in hand and nobody has agreed to.
#[must_use]
pub fn needs_reason(export: &Export, revision: &Revision) -> bool {
    !revision.undone.is_empty() || !is_with_exporter(export)
}

/// Whether it is the exporter's turn.
#[must_use]
pub const fn is_with_exporter(export: &Export) -> bool {
    matches!(export.state.stage, Stage::Preparation | Stage::Returned)
}

/// What stands against the exporter's changing an export.
#[must_use]
pub fn against_amending(export: &Export, actor: &Actor) -> Vec<Refusal> {
    if !is_exporter_of(export, actor, Permission::RequestExport) {
        return vec![Refusal::NotYourStep];
    }
    if !transitions::may_change(export.state) {
        return vec![Refusal::TooLateToChange];
    }
    Vec::new()
}

/// What stands against the carrier's changing the booking: it has to be theirs, between scheduling and loading, and in no
/// colleague's hands.
#[must_use]
pub fn against_rebooking(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !stands_at(export, transitions::step_of(ApprovalKind::Shipment), actor) {
        return vec![Refusal::NotYourStep];
    }
    if !transitions::is_booked(export.state) {
        let is_early = transitions::may_change(export.state);
        return vec![if is_early { wrong_stage(export, context) } else { Refusal::TooLateToChange }];
    }
    match (export.claimed_by, export.claimed_at) {
        (Some(by), Some(at)) if by != actor.user_id && export.queue_organization_id == Some(actor.organization.id) => {
            vec![Refusal::Claimed { by: context.claimed_by_name.clone().unwrap_or_default(), at }]
        }
        _ => Vec::new(),
    }
}

/// As [`against_rebooking`], of the containers, which there are none of by air.
#[must_use]
pub fn against_changing_containers(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    let refusals = against_rebooking(export, actor, context);
    if refusals.is_empty() && export.transport_mode == "AIR" { vec![Refusal::NotFound] } else { refusals }
}

/// What stands against putting the due date of the proceeds off.
#[must_use]
pub fn against_extending(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !actor.may(Permission::ExtendSettlement) {
        return vec![Refusal::NotYourStep];
    }
    // Before the bank's permit there is no date, and after the settlement no use for one.
    if export.settlement_due_date.is_none() || !export.state.is_open() {
        return vec![wrong_stage(export, context)];
    }
    Vec::new()
}

/// What stands against the exporter's asking the National Bank to put the due date off: nothing is due any more, or it has
/// asked already.
#[must_use]
pub fn against_asking_extension(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !is_exporter_of(export, actor, Permission::RequestExport) {
        return vec![Refusal::NotYourStep];
    }
    let is_due = export.settlement_due_date.is_some() && export.state.is_open();
    if !is_due || export.proceeds != Proceeds::Outstanding {
        return vec![wrong_stage(export, context)];
    }
    context.asked_extension.as_ref().map(|asked| Refusal::ExtensionAsked { at: asked.at }).into_iter().collect()
}

/// What stands against refusing what the exporter asks for: nothing is asked.
#[must_use]
pub fn against_refusing_extension(export: &Export, actor: &Actor, context: &Context) -> Vec<Refusal> {
    if !actor.may(Permission::ExtendSettlement) {
        return vec![Refusal::NotYourStep];
    }
    if context.asked_extension.is_none() || export.settlement_due_date.is_none() || !export.state.is_open() {
        return vec![wrong_stage(export, context)];
    }
    Vec::new()
}

/// When the proceeds are due by a permit of the bank of `permitted`: `days` later, or on the day to which the National
/// Bank has put it off, whichever is later. A second look at the documents takes nothing back that was granted.
#[must_use]
pub fn due_date(permitted: NaiveDate, days: i64, extended_to: Option<NaiveDate>) -> NaiveDate {
    let lawful = permitted + Duration::days(days);
    extended_to.map_or(lawful, |granted| granted.max(lawful))
}

/// First and last day to which a due date may be put off.
#[must_use]
pub fn extension_range(due: NaiveDate, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let earliest = due.max(today) + Days::new(1);
    (earliest, due.max(today) + Days::new(LONGEST_EXTENSION_DAYS))
}

pub(super) fn wrong_stage(export: &Export, context: &Context) -> Refusal {
    Refusal::WrongStage { stage: export.state.stage, by: context.changed_by_name.clone(), at: export.changed_at }
}
