//! Whether somebody may do an act, and why not. Pure: the page asks to draw its buttons, the service asks again under
//! the lock. What an area demands beyond this stands in its own rules and joins the list.

use chrono::{DateTime, Utc};

use super::acts::{Act, Answer, Workflow};
use super::model::{Standing, SubjectKind};
use crate::auth::{Actor, OrganizationKind};
use crate::workflow::FieldProblems;

/// Why an act is refused. Each has its sentence in both languages.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// Somebody changed it since the form was shown.
    Stale {
        /// Who, by name; empty where time did.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It does not stand where this act begins (any more).
    WrongState {
        /// The family of its states' names.
        states: &'static str,
        /// Where it stands.
        state: String,
        /// Who changed it last.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Another organisation's act, or one that the person's role does not include.
    NotYours,
    /// Four eyes: who handed it in does not decide on it.
    OwnSubmission,
    /// Papers that have to be handed in first.
    MissingFiles {
        /// Codes of their kinds.
        kinds: Vec<&'static str>,
    },
    /// A rule of the area.
    Rule {
        /// The id of its sentence.
        text_id: &'static str,
        /// The values in it, by name; one called `date` is a day as `2026-11-28`.
        arguments: Vec<(&'static str, String)>,
        /// What the answer to the browser is.
        kind: RefusalKind,
    },
    /// Something about the form.
    Invalid(FieldProblems),
}

/// What the answer to the browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 409.
    Conflict,
    /// 422: the page again, with what stands against it.
    Invalid,
}

impl Refusal {
    /// A rule of the area that the applicant or the desk can do something about.
    #[must_use]
    pub const fn rule(text_id: &'static str, arguments: Vec<(&'static str, String)>) -> Self {
        Self::Rule { text_id, arguments, kind: RefusalKind::Invalid }
    }

    /// A rule about who acts, such as four eyes.
    #[must_use]
    pub const fn forbidden(text_id: &'static str, arguments: Vec<(&'static str, String)>) -> Self {
        Self::Rule { text_id, arguments, kind: RefusalKind::Forbidden }
    }

    /// What the answer to the browser is.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::Stale { .. } | Self::WrongState { .. } => RefusalKind::Conflict,
            Self::NotYours | Self::OwnSubmission => RefusalKind::Forbidden,
            Self::MissingFiles { .. } | Self::Invalid(_) => RefusalKind::Invalid,
            Self::Rule { kind, .. } => *kind,
        }
    }

    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::Stale { .. } => "review-refusal-stale",
            Self::WrongState { .. } => "review-refusal-wrong-state",
            Self::NotYours => "review-refusal-not-yours",
            Self::OwnSubmission => "review-refusal-own-submission",
            Self::MissingFiles { .. } => "review-refusal-missing-files",
            Self::Rule { text_id, .. } => text_id,
            Self::Invalid(_) => "refusal-invalid",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}

/// What stands against `actor` doing `act`, from the table alone: whose act it is, where the subject stands, four
/// eyes. Who may not act at all learns nothing else.
#[must_use]
pub fn against(workflow: &Workflow, standing: &Standing, act: &Act, actor: &Actor) -> Vec<Refusal> {
    if !is_whose(standing, act, actor) {
        return vec![Refusal::NotYours];
    }
    if !act.is_open_in(&standing.state) {
        return vec![Refusal::WrongState {
            states: workflow.states,
            state: standing.state.clone(),
            by: standing.changed_by.clone(),
            at: standing.changed_at,
        }];
    }
    let is_decision = actor.organization.id != standing.owner;
    if is_decision && standing.submitted_by == Some(actor.user_id) {
        return vec![Refusal::OwnSubmission];
    }
    Vec::new()
}

/// Whether `actor` may read what was handed in, decided and said: whose application it is, the authorities and the
/// auditor, and the exchange of lots. The policies on `review_history`, `review_messages` and
/// `preregistration_documents` say the same.
#[must_use]
pub fn reads_file(subject: SubjectKind, standing: &Standing, actor: &Actor) -> bool {
    match actor.organization.kind {
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Customs
        | OrganizationKind::Auditor => true,
        OrganizationKind::Ecx if subject == SubjectKind::Lot => true,
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::ShippingLine
        | OrganizationKind::Ecx
        | OrganizationKind::Administration => actor.organization.id == standing.owner,
    }
}

/// The acts that `actor` may do where the subject stands, in the order of the table.
pub fn open_acts<'a>(
    workflow: &'a Workflow,
    standing: &'a Standing,
    actor: &'a Actor,
) -> impl Iterator<Item = &'static Act> + 'a {
    workflow.acts.iter().filter(|act| is_whose(standing, act, actor) && act.is_open_in(&standing.state))
}

/// Whether it is `actor`'s act: their organisation's kind, their role; and an applicant's own application only.
fn is_whose(standing: &Standing, act: &Act, actor: &Actor) -> bool {
    act.answer != Answer::ByTime
        && act.by.contains(&actor.organization.kind)
        && actor.may(act.needs)
        && (actor.organization.kind != crate::auth::OrganizationKind::Exporter
            || actor.organization.id == standing.owner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Severity;
    use crate::auth::permission::permissions_of;
    use crate::auth::{ActorOrganization, OrganizationKind, Origin, Permission, Role};
    use crate::ids::{OrganizationId, UserId};
    use crate::workflow::Limit;

    const TABLE: Workflow = Workflow {
        subject: SubjectKind::Laboratory,
        states: "laboratory-state",
        waiting: &[("PENDING", Limit { warn_days: 3, late_days: 5 })],
        acts: &[
            act("resubmit", &["RETURNED"], Some("PENDING"), OrganizationKind::Exporter, Answer::Submit),
            act("approve", &["PENDING"], Some("ACTIVE"), OrganizationKind::Ecta, Answer::Approve),
            act("note", &["PENDING", "ACTIVE"], None, OrganizationKind::Ecta, Answer::Other),
            act("expire", &["ACTIVE"], Some("EXPIRED"), OrganizationKind::Ecta, Answer::ByTime),
        ],
    };

    #[test]
    fn a_case_is_open_while_it_waits_and_while_it_may_be_handed_in_again() {
        let open = |state: &&str| TABLE.is_open_in(state);
        let states = ["PENDING", "RETURNED", "ACTIVE", "EXPIRED"];
        assert_eq!(states.iter().filter(|state| open(state)).collect::<Vec<_>>(), [&"PENDING", &"RETURNED"]);
    }

    const fn act(
        code: &'static str,
        from: &'static [&'static str],
        to: Option<&'static str>,
        by: OrganizationKind,
        answer: Answer,
    ) -> Act {
        let (by, needs): (&'static [OrganizationKind], _) = match by {
            OrganizationKind::Exporter => (&[OrganizationKind::Exporter], Permission::ApplyToExport),
            _ => (&[OrganizationKind::Ecta], Permission::CertifyLaboratories),
        };
        Act { code, from, to, by, needs, answer, event: "TEST", severity: Severity::High }
    }

    fn actor(kind: OrganizationKind, role: Role) -> Actor {
        Actor {
            user_id: UserId::new(),
            username: "somebody".into(),
            display_name: "Somebody".into(),
            organization: ActorOrganization {
                id: OrganizationId::new(),
                kind,
                code: "X".into(),
                name_en: "X".into(),
                name_am: "X".into(),
            },
            roles: vec![role],
            permissions: permissions_of(kind, role),
            delegations: Vec::new(),
            origin: Origin::default(),
        }
    }

    fn standing(state: &str) -> Standing {
        Standing {
            id: uuid::Uuid::nil(),
            reference: "LAB-2026-000001".into(),
            state: state.into(),
            version: 1,
            owner: OrganizationId::new(),
            submitted_by: None,
            changed_by: "Hanna Girma".into(),
            changed_at: DateTime::UNIX_EPOCH,
        }
    }

    fn codes(standing: &Standing, actor: &Actor) -> Vec<&'static str> {
        open_acts(&TABLE, standing, actor).map(|act| act.code).collect()
    }

    #[test]
    fn each_sees_its_own_acts_where_the_subject_stands() {
        let officer = actor(OrganizationKind::Ecta, Role::Officer);
        assert_eq!(codes(&standing("PENDING"), &officer), ["approve", "note"]);
        assert_eq!(codes(&standing("ACTIVE"), &officer), ["note"], "time's act is nobody's button");
        assert_eq!(codes(&standing("RETURNED"), &officer), [""; 0]);
        let owner = actor(OrganizationKind::Exporter, Role::Owner);
        let mut returned = standing("RETURNED");
        assert_eq!(codes(&returned, &owner), [""; 0], "another firm's application");
        returned.owner = owner.organization.id;
        assert_eq!(codes(&returned, &owner), ["resubmit"]);
        assert_eq!(codes(&returned, &actor(OrganizationKind::Auditor, Role::Auditor)), [""; 0]);
    }

    #[test]
    fn who_handed_it_in_does_not_decide_and_who_may_not_learns_no_more() {
        let officer = actor(OrganizationKind::Ecta, Role::Officer);
        let approve = TABLE.act("approve").unwrap();
        let mut pending = standing("PENDING");
        assert_eq!(against(&TABLE, &pending, approve, &officer), []);
        pending.submitted_by = Some(officer.user_id);
        assert_eq!(against(&TABLE, &pending, approve, &officer), [Refusal::OwnSubmission]);
        let refused = against(&TABLE, &standing("ACTIVE"), approve, &officer);
        assert!(matches!(refused[..], [Refusal::WrongState { .. }]), "{refused:?}");
        for stranger in [(OrganizationKind::Customs, Role::Officer), (OrganizationKind::Ecta, Role::OrgAdmin)] {
            let stranger = actor(stranger.0, stranger.1);
            assert_eq!(against(&TABLE, &standing("ACTIVE"), approve, &stranger), [Refusal::NotYours]);
        }
    }

    #[test]
    fn the_moves_are_those_of_the_table() {
        let moves = super::super::legal_moves(&TABLE);
        let shown: Vec<_> = moves.iter().map(|(a, b, c)| format!("{a} {b} {c}")).collect();
        assert_eq!(
            shown,
            [
                "ACTIVE expire EXPIRED",
                "ACTIVE note ACTIVE",
                "PENDING approve ACTIVE",
                "PENDING note PENDING",
                "RETURNED resubmit PENDING"
            ]
        );
    }
}
